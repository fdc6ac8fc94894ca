"""CSV and JSON: complete, in the published schema, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

import jsonschema
import pytest

from endplate.report import as_json, schema
from endplate.report.tables import findings_csv, measurements_csv


def rows_of(page: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page)))


def test_the_schema_is_itself_valid():
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_examination_fits_the_published_schema(everyone):
    result = json.loads(json.dumps(as_json(everyone), allow_nan=False))
    jsonschema.Draft202012Validator(schema()).validate(result)
    assert [one["simulated"] for one in result["examinations"]] == [True, True, True, True, False, True]


def test_what_could_not_be_measured_is_null(build):
    latency = as_json([build.single_fibre()])["examinations"][0]["studies"][0]["measurements"][19]["latency_ms"]
    assert None in latency


@pytest.mark.parametrize("key", ["because", "rule", "verdict"])
def test_a_finding_without_its_basis_breaks_the_schema(build, key):
    result = as_json([build.lems()])
    del result["examinations"][0]["studies"][0]["findings"][0][key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(result, schema())


def test_there_is_one_row_per_stimulus_and_channel(build):
    rows = rows_of(measurements_csv([build.lems(), build.real()]))
    assert len(rows) == 1 + 10 + 1 + 6 * 10 + 60 + 30
    fourth = next(r for r in rows if r["train"] == "3 Hz rest" and r["stimulus"] == "4")
    assert float(fourth["amplitude_mv"]) == pytest.approx(1.9 * 0.72)
    assert float(fourth["amplitude_change_percent"]) == pytest.approx(-28)
    assert {r["simulated"] for r in rows} == {"yes", "no"}
    assert [r["sweep"] for r in rows if r["set_by_hand"] == "yes"] == ["4"]


def test_findings_keep_rule_source_and_what_is_missing(build):
    rows = rows_of(findings_csv([build.lems()]))
    assert [r["verdict"] for r in rows] == ["supports", "supports", "cannot tell"]
    assert rows[2]["missing"] == "lower limit of the laboratory"
    assert float(rows[0]["low"]) < float(rows[0]["value"]) < float(rows[0]["high"])


def test_a_name_that_looks_like_a_formula_is_not_run_by_a_spreadsheet(build):
    one = dataclasses.replace(build.lems(), person="=HYPERLINK(1)")
    assert {r["person"] for r in rows_of(measurements_csv([one]))} == {"'=HYPERLINK(1)"}
    change = [r["amplitude_change_percent"] for r in rows_of(measurements_csv([one]))]
    assert "-28" in change  # a negative number stays a number
