"""The release table: what it covers, how sure it is, and that the terminal rests on it."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body.activezone import read_case
from endplate.body.activezone.fast import release
from endplate.body.activezone.fusion import EnergyFusion
from endplate.body.activezone.release_table import (
    FILE,
    calcium_without_magnesium,
    nanoscale_release_table,
    read_release_table,
)
from endplate.body.terminal import reduced_release_table
from endplate.foundation.errors import DataError, InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.records import ReleaseTable

RAW = json.loads(FILE.read_text(encoding="utf-8"))
REST = {
    "broadening": 1.0, "external_calcium_mmolar": 1.2, "magnesium_mmolar": 0.55, "disorganisation": 0.0,
    "substitute_channels": 0.0,
}  # fmt: skip
TABLE = nanoscale_release_table()


def at(**moved):
    return TABLE.hazard(**{**REST, **moved})


def test_it_is_a_release_table_and_health_is_one():
    assert isinstance(TABLE, ReleaseTable)
    assert at()[4] == pytest.approx(1.0)


def test_a_zone_without_channels_releases_nothing_unless_others_stand_in():
    assert at()[0] == 0.0
    assert at(substitute_channels=0.4)[0] > 0.0


def test_it_says_how_it_was_made():
    assert {"study", "seed", "code", "case", "engine", "rule", "date", "held_out"} <= set(TABLE.made)
    rule = TABLE.made["rule"]
    assert rule["syt1_kt"] == values_of("body/activezone")["energy_syt1_kt"]


def test_counted_points_are_known_to_a_tenth_and_the_rest_is_marked():
    chance, error = (
        np.array([np.nan if v is None else v for v in RAW[n]]) for n in ("sampled_probability", "sampled_error")
    )
    marked = np.array(RAW["is_extrapolated"], bool)
    ordered = np.zeros(TABLE.log_hazard.shape, bool)
    ordered[:, :, :, 0] = True
    counted = ordered.ravel() & ~marked
    assert counted.sum() > 100
    assert (error[counted] <= 0.10 * chance[counted]).all()
    assert (chance[counted] >= 1e-3).all()


def test_residuals_of_the_smooth_surface_are_those_of_the_sampling():
    assert TABLE.made["residuals_over_errors"] < 1.6


def test_between_its_points_it_agrees_with_new_samples():
    for row in TABLE.made["held_out"]:
        allowed = 3.0 * row["standard_error"] / row["sampled"] + 0.06  # the stated error of the interpolation
        assert abs(np.log(row["table"] / row["sampled"])) < allowed, row


def test_a_point_sampled_now_agrees_with_the_table():
    rule = EnergyFusion(**TABLE.made["rule"])
    case = read_case(TABLE.made["case"]).broadened(2.0).with_external_calcium(2.0)
    run = release(case, trials=1500, seed=99, rules=rule)
    chance, error = run.probability.mean(), run.standard_error.mean()
    table = -np.expm1(-np.exp(TABLE.log_hazard_at(broadening=2.0, calcium_mmolar=2.0)[3]))
    assert abs(chance - table) < 4.0 * error + 0.06 * table


@settings(deadline=None, max_examples=60)
@given(b=st.floats(0.5, 2.9), c=st.floats(0.3, 4.5), d=st.floats(0.0, 0.9), s=st.floats(0.0, 2.0))
def test_more_calcium_channels_time_or_order_never_lower_release(b, c, d, s):
    here = at(broadening=b, external_calcium_mmolar=c, disorganisation=d, substitute_channels=s)
    slack = 1.0 + 1e-9
    assert (np.diff(here) >= -1e-12).all()
    assert (
        at(broadening=b * 1.03, external_calcium_mmolar=c, disorganisation=d, substitute_channels=s) * slack >= here
    ).all()
    assert (
        at(broadening=b, external_calcium_mmolar=c * 1.03, disorganisation=d, substitute_channels=s) * slack >= here
    ).all()
    assert (
        at(broadening=b, external_calcium_mmolar=c, disorganisation=d + 0.1, substitute_channels=s) <= here * slack
    ).all()
    assert (
        at(broadening=b, external_calcium_mmolar=c, disorganisation=d, substitute_channels=s, magnesium_mmolar=0.9)
        <= here * slack
    ).all()


def test_outside_its_range_it_refuses_and_names_the_range():
    with pytest.raises(InputError, match=r"covers broadening of the action potential from 0\.5 to 3, got 3\.2"):
        at(broadening=3.2)
    with pytest.raises(InputError, match=r"covers calcium outside, .* from 0\.005 to 5, got 6"):
        at(external_calcium_mmolar=6.0, magnesium_mmolar=0.0)


def test_magnesium_acts_as_less_calcium():
    less = calcium_without_magnesium(external_calcium_mmolar=1.2, magnesium_mmolar=3.0)
    assert less < 1.2
    np.testing.assert_allclose(at(magnesium_mmolar=3.0), at(external_calcium_mmolar=less, magnesium_mmolar=0.0))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda raw: raw.pop("log_hazard"), "log_hazard"),
        (lambda raw: raw["log_hazard"].pop(), "reshape"),
        (lambda raw: raw["axes"]["broadening"].reverse(), "every axis must rise"),
        (lambda raw: raw["log_hazard"].__setitem__(3, None), "every hazard be a number"),
    ],
)
def test_a_broken_table_is_refused(tmp_path, spoil, says):
    raw = json.loads(json.dumps(RAW))
    spoil(raw)
    path = tmp_path / "table.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(DataError, match=says):
        read_release_table(path)


def test_a_truncated_file_is_refused(tmp_path):
    path = tmp_path / "table.json"
    path.write_text(FILE.read_text(encoding="utf-8")[:1000], encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        read_release_table(path)


def test_the_closed_form_follows_the_table_near_health():
    closed = reduced_release_table()
    for broadening in (1.0, 1.25, 1.5):
        for calcium in (1.0, 1.2, 1.4):
            where = {**REST, "broadening": broadening, "external_calcium_mmolar": calcium}
            ratio = closed.hazard(**where)[1:] / TABLE.hazard(**where)[1:]
            assert (abs(np.log(ratio)) < np.log(1.4)).all(), (broadening, calcium, ratio)
