"""Every quality flag is set when it should be, and only then; unknown is not no."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.exam.measure import FLAGS, effort_pairs, measure
from endplate.foundation.records import Train

REST = Train("rest", "rest", (0,), intensity=1.3, rest_before_s=180.0)
AFTER = Train("after 10 s", "immediate", (1,), intensity=1.3, after_effort_s=1.0, effort_s=10.0, effort_fraction=1.0)
KNOWN = {"temperature_degc": 33.0, "drug": "none"}


@pytest.fixture
def lems(make):
    """A response at rest and one after effort, with everything known and nothing wrong."""

    def build(*, before=1.0, after=3.0, rest=REST, effort=AFTER, **about):
        return make([before, after], trains=(rest, effort), **{**KNOWN, **about})

    return build


def flags_of_row(recording, row):
    return set(measure(recording).row_flags[row])


def test_a_clean_recording_has_no_flags(lems):
    m = measure(lems())
    assert m.flags == ()
    assert m.row_flags == ((), ())


@pytest.mark.parametrize(
    ("about", "flag"),
    [
        ({"temperature_degc": 31.9}, "cold skin"),
        ({"temperature_degc": None}, "temperature unknown"),
        ({"drug": "amifampridine"}, "drug on board"),
        ({"drug": None}, "drug unknown"),
        ({"sampling_hz": 9999.0}, "coarse sampling"),
    ],
)
def test_what_holds_for_the_whole_recording(lems, about, flag):
    assert measure(lems(**about)).flags == (flag,)


@pytest.mark.parametrize("about", [{"temperature_degc": 32.0}, {"drug": "None"}, {"sampling_hz": 10_000.0}])
def test_a_limit_that_is_met_is_no_flag(lems, about):
    assert measure(lems(**about)).flags == ()


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"intensity": 1.19}, "submaximal intensity"),
        ({"intensity": None}, "intensity unknown"),
        ({"intensity": 1.5}, "unequal intensity"),
        ({"effort_fraction": 0.89}, "effort not maximal"),
        ({"effort_fraction": None}, "effort unknown"),
        ({"effort_s": None}, "effort unknown"),
        ({"effort_s": 60.0}, "wrong effort length"),
        ({"effort_s": 4.9}, "wrong effort length"),
        ({"after_effort_s": 5.1}, "read late"),
        ({"after_effort_s": None}, "reading time unknown"),
    ],
)
def test_what_is_wrong_with_the_response_after_effort(lems, changes, flag):
    found = flags_of_row(lems(effort=replace(AFTER, **changes)), 1)
    assert flag in found
    assert found <= {flag, "unequal intensity"}


@pytest.mark.parametrize(
    "changes", [{"effort_fraction": 0.9}, {"effort_s": 5.0}, {"effort_s": 15.0}, {"after_effort_s": 5.0}]
)
def test_an_effort_at_its_limit_is_valid(lems, changes):
    assert flags_of_row(lems(effort=replace(AFTER, **changes)), 1) == set()


@pytest.mark.parametrize(
    ("rest_before_s", "expected"), [(119.0, {"not rested"}), (120.0, set()), (None, {"rest unknown"})]
)
def test_the_response_before_needs_two_minutes_of_rest(lems, rest_before_s, expected):
    assert flags_of_row(lems(rest=replace(REST, rest_before_s=rest_before_s)), 0) == expected


def test_a_response_just_after_a_train_is_not_rested_whatever_was_written(make):
    train = Train("3 Hz", "low rate", (0, 1, 2), rate_hz=3.0, intensity=1.3, rest_before_s=300.0)
    rest, after = replace(REST, sweeps=(3,)), replace(AFTER, sweeps=(4,))
    times = np.array([0.0, 0.33, 0.67, 60.0, 75.0])
    recording = make([5.0] * 5, trains=(train, rest, after), stimulus_s=times, **KNOWN)
    assert flags_of_row(recording, 3) == {"not rested"}
    rested = replace(recording, stimulus_s=times + np.array([0, 0, 0, 120.0, 120.0]))
    assert flags_of_row(rested, 3) == set()


def test_a_stimulator_level_that_differs_is_unequal_intensity(lems):
    assert flags_of_row(lems(stimulus_level=np.array([40.0, 44.0])), 1) == {"unequal intensity"}
    assert flags_of_row(lems(stimulus_level=np.array([40.0, 40.5])), 1) == set()


def test_below_three_tenths_of_a_millivolt_a_percentage_is_flagged(lems):
    assert flags_of_row(lems(before=0.29), 0) == {"below 0.3 mV"}
    assert flags_of_row(lems(before=0.3), 0) == set()


@pytest.mark.parametrize("role", ["low rate", "high rate"])
def test_a_train_that_begins_below_three_tenths_of_a_millivolt_is_flagged(make, role):
    train = Train("t", role, (0, 1), rate_hz=3.0, intensity=1.3, rest_before_s=180.0)
    m = measure(make([0.2, 0.2], trains=(train,), **KNOWN))
    assert m.row_flags == (("below 0.3 mV",), ())


def test_a_taller_narrower_response_is_pseudo_facilitation(lems):
    squeezed = lems(before=5.0, after=6.0, effort=AFTER)
    narrow = replace(squeezed, signal_mv=squeezed.signal_mv.copy())
    narrow.signal_mv[1] = 1.2 * np.interp(3.3 + (narrow.time_ms - 3.3) * 1.1, narrow.time_ms, squeezed.signal_mv[0, 0])
    assert flags_of_row(narrow, 1) == {"pseudo-facilitation"}
    assert flags_of_row(squeezed, 1) == set()  # taller alone: its area grows with it


def test_recruitment_is_not_asked_for_a_supramaximal_stimulus(make):
    ramp = Train("ramp", "recruitment", (0, 1, 2))
    assert measure(make([1.0, 2.0, 3.0], trains=(ramp,), **KNOWN)).row_flags == ((), (), ())


def test_a_noisy_sweep_is_flagged(make):
    assert "too noisy" in measure(make([1.0], noise_mv=0.08)).row_flags[0]
    assert "too noisy" not in measure(make([1.0], noise_mv=0.04)).row_flags[0]


def test_a_clipped_sweep_is_flagged_and_a_flat_baseline_is_not(make):
    recording = make([5.0, 2.0])
    clipped = replace(recording, signal_mv=np.clip(recording.signal_mv, -4.0, 4.0))
    m = measure(clipped)
    assert m.row_flags == (("clipped",), ())


def test_a_baseline_that_jumps_between_sweeps_is_flagged(make):
    m = measure(make([5.0] * 5, baseline_mv=[0.0, 0.0, 0.6, 0.0, 0.0], noise_mv=0.01))
    assert [("moving baseline" in row) for row in m.row_flags] == [False, False, True, False, False]


def test_a_baseline_that_drifts_within_the_sweep_is_flagged(make):
    recording = make([5.0, 5.0], noise_mv=0.005)
    drift = np.zeros_like(recording.signal_mv)
    drift[1, 0] = 0.15 * recording.time_ms
    m = measure(replace(recording, signal_mv=recording.signal_mv + drift))
    assert "moving baseline" not in m.row_flags[0]
    assert "moving baseline" in m.row_flags[1]


def test_a_response_at_the_edge_of_the_window_is_flagged(make):
    m = measure(make([5.0]), window_ms=(2.0, 4.5))
    assert "peak at window edge" in m.row_flags[0]


def test_every_flag_says_what_it_means_and_one_that_spoils_says_what_would_help():
    for flag in FLAGS.values():
        assert flag.meaning
        assert flag.rule
        assert bool(flag.spoils) == bool(flag.needed)


def test_pairs_take_the_latest_rest_and_fall_back_to_trains(make):
    rest, again = replace(REST, sweeps=(0,)), replace(REST, name="again", sweeps=(2,))
    first, second = replace(AFTER, sweeps=(1,)), replace(AFTER, sweeps=(3,))
    pairs = effort_pairs(make([1.0] * 4, trains=(rest, first, again, second)))
    assert [(pair.before_sweep, pair.after_sweep) for pair in pairs] == [(0, 1), (2, 3)]
    at_rest = Train("rest", "low rate", (0, 1), rate_hz=3.0)
    late = Train("1 min", "low rate", (2, 3), rate_hz=3.0, after_effort_s=60.0, effort_s=60.0)
    soon = replace(late, name="0 min", after_effort_s=2.0)
    assert effort_pairs(make([1.0] * 4, trains=(at_rest, late))) == ()
    (pair,) = effort_pairs(make([1.0] * 4, trains=(at_rest, soon)))
    assert (pair.before.name, pair.after.name) == ("rest", "0 min")
    assert effort_pairs(make([1.0] * 4, trains=(soon,))) == ()


@pytest.mark.parametrize(("rest_before_s", "rested"), [(119.0, False), (120.0, True), (None, False)])
def test_long_after_an_effort_a_train_is_of_the_rested_muscle_again(make, rest_before_s, rested):
    train = Train("3 Hz", "low rate", (0,), after_effort_s=200.0, effort_s=10.0, rest_before_s=rest_before_s)
    after = replace(AFTER, sweeps=(1,))
    assert bool(effort_pairs(make([1.0, 1.0], trains=(train, after)))) == rested
