"""Measurements leave the program as rows, CSV, JSON and a labelled dataset without losing a number."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from endplate.exam.measure import (
    measure,
    measurement_rows,
    measurements_to_dict,
    measurements_to_xarray,
    write_measurements,
)
from endplate.foundation.errors import OutputError


def test_a_dictionary_is_valid_json_and_nan_becomes_null(make):
    m = measure(make([0.0, 5.0], noise_mv=0.02))
    plain = json.loads(json.dumps(measurements_to_dict(m), allow_nan=False))
    assert plain["rows"][0]["amplitude_mv"] is None
    assert plain["rows"][1]["amplitude_mv"] == m.amplitude_mv[1]
    assert plain["rows"][0]["flags"] == ["no response"]
    assert plain["flags"] == list(m.flags)


def test_rows_of_the_csv_are_those_measured(make, tmp_path):
    m = measure(make([0.0, 5.0, 3.0], noise_mv=0.02))
    with write_measurements(tmp_path / "rows.csv", m).open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["sweep"] for row in rows] == ["0", "1", "2"]
    assert rows[0]["amplitude_mv"] == ""
    np.testing.assert_allclose([float(row["area_mvms"]) for row in rows[1:]], m.area_mvms[1:], rtol=1e-5)


def test_the_dataset_carries_units(make):
    ds = measurements_to_xarray(measure(make([5.0, 3.0])))
    assert ds.amplitude.attrs["units"] == "mV"
    assert ds.sizes["sweep"] == 2
    assert ds.attrs["channel"] == "1"


def test_a_row_says_whether_it_was_moved_by_hand(make):
    assert [row["moved_by_hand"] for row in measurement_rows(measure(make([5.0])))] == [False]


def test_a_csv_that_cannot_be_written_says_so(make, tmp_path):
    with pytest.raises(OutputError, match="could not be written"):
        write_measurements(tmp_path / "none" / "rows.csv", measure(make([5.0])))
