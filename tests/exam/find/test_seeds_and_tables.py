"""Intervals over seeds for simulated findings, and findings as plain values."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from endplate.exam.find import find, findings_to_dict, with_intervals
from endplate.foundation.errors import InputError


@pytest.fixture
def seeds(effort):
    """Build simulated findings whose increments are given."""

    def build(increments):
        return [find(*effort(1.0, 1.0 + rise / 100, simulated=True)) for rise in increments]

    return build


def test_a_simulated_finding_carries_the_interval_over_seeds(seeds):
    rises = np.arange(100.0, 141.0)
    joined = with_intervals(seeds(rises))
    first = joined.of("increment")[0]
    assert first.value == pytest.approx(100.0)
    assert first.interval == pytest.approx(tuple(np.quantile(rises, (0.025, 0.975))))
    assert joined.provenance["interval"] == "central 95 % over 41 seeds"


def test_one_seed_has_no_interval_and_a_missing_number_none(seeds, effort):
    assert all(one.interval is None for one in with_intervals(seeds([100.0])).findings)
    empty = [find(*effort(np.nan, 1.0, simulated=True)) for _ in range(3)]
    assert with_intervals(empty).of("increment")[0].interval is None


def test_real_findings_have_no_seeds(seeds):
    simulated = seeds([100.0, 110.0])
    with pytest.raises(InputError, match="simulated findings only"):
        with_intervals([simulated[0], replace(simulated[1], simulated=False)])
    with pytest.raises(InputError, match="at least one seed"):
        with_intervals([])


def test_findings_become_valid_json(seeds):
    joined = with_intervals(seeds([100.0, 120.0]))
    plain = json.loads(json.dumps(findings_to_dict(joined), allow_nan=False))
    assert plain["simulated"] is True
    assert plain["muscle"] == "adm"
    first = next(one for one in plain["findings"] if one["kind"] == "increment")
    assert first["rule"] == "increment-kohler, 2018"
    assert len(first["interval"]) == 2
    assert first["sweeps"] == [0, 1]


def test_a_number_that_is_not_finite_becomes_null(seeds):
    (one,) = seeds([100.0])
    broken = replace(one, findings=(replace(one.findings[0], value=float("nan")),))
    assert findings_to_dict(broken)["findings"][0]["value"] is None
