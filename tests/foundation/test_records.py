"""Recording, Measurements and Findings: shapes must agree before anybody reads them."""

import dataclasses

import numpy as np
import pytest

from endplate.foundation.errors import InputError, UnknownNameError
from endplate.foundation.records import Finding, Findings, Measurements, Recording, ReleaseTable, Train


def _recording(**changes):
    made = {"signal_mv": np.zeros((3, 1, 20)), "sampling_hz": 10_000.0, "start_ms": -0.5, "stimulus_s": np.arange(3.0)}
    return Recording(**{**made, **changes})


def test_the_time_axis_starts_before_the_stimulus_and_steps_by_the_sampling_rate():
    time_ms = _recording().time_ms
    assert time_ms[0] == -0.5
    np.testing.assert_allclose(np.diff(time_ms), 0.1)


def test_signals_become_contiguous_doubles():
    signal_mv = _recording(signal_mv=np.zeros((20, 1, 3), dtype=np.int16).T).signal_mv
    assert signal_mv.dtype == np.float64
    assert signal_mv.flags.c_contiguous


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"signal_mv": np.zeros((3, 20))}, r"needs dimensions \(sweep, channel, time\), got shape \(3, 20\)"),
        ({"channels": ("1", "2")}, "1 channels of data, but 2 channel names"),
        ({"stimulus_s": np.arange(4.0)}, "3 sweeps, but 4 stimulus times"),
        ({"sampling_hz": 0.0}, "sampling_hz must be above 0, got 0"),
        ({"sampling_hz": float("nan")}, "sampling_hz must be above 0, got nan"),
        ({"stimulus_level": np.ones(2)}, "3 sweeps, but 2 stimulus levels"),
        ({"trains": (Train("late", "rest", (3,)),)}, r"train 'late' names a sweep outside 0\.\.2"),
        ({"trains": (Train("early", "rest", (-1,)),)}, "train 'early' names a sweep outside"),
    ],
    ids=str,
)
def test_a_recording_whose_parts_disagree_is_refused(changes, says):
    with pytest.raises(InputError, match=says):
        _recording(**changes)


def test_a_train_is_found_by_its_name_or_the_nearest_is_offered():
    recording = _recording(trains=(Train("3 Hz at rest", "low rate", (0, 1, 2)),))
    assert recording.train("3 Hz at rest").role == "low rate"
    with pytest.raises(UnknownNameError, match="did you mean 3 Hz at rest"):
        recording.train("3 Hz at rst")


def test_an_unknown_role_is_refused():
    with pytest.raises(UnknownNameError, match="no role of a train 'low_rate'; did you mean low rate"):
        Train("3 Hz", "low_rate", (0,))


def _measurements(rows, **changes):
    columns = {
        item.name: np.zeros(rows) for item in dataclasses.fields(Measurements) if item.name.endswith(("_s", "_ms"))
    }
    levels = {
        name: np.zeros(rows) for name in ("amplitude_mv", "peak_to_peak_mv", "area_mvms", "baseline_mv", "noise_mv")
    }
    return Measurements(**{"channel": "1", "row_flags": ((),) * rows, **columns, **levels, **changes})


def test_measurements_have_one_row_per_stimulus():
    assert _measurements(4).n_sweeps == 4


@pytest.mark.parametrize("name", ["amplitude_mv", "area_mvms", "latency_ms", "trough_ms", "row_flags"])
def test_a_column_of_another_length_is_refused(name):
    wrong = ((),) * 3 if name == "row_flags" else np.zeros(3)
    with pytest.raises(InputError, match=f"4 stimuli, but 3 entries of {name}"):
        _measurements(4, **{name: wrong})


def test_findings_of_one_kind_keep_the_order_of_the_recording():
    def finding(kind, name):
        return Finding(kind, name, 10.0, "%", "cannot tell", "said so", "rule, 1", "Example2000")

    made = (finding("decrement", "first"), finding("increment", "gain"), finding("decrement", "second"))
    assert [each.name for each in Findings(made).of("decrement")] == ["first", "second"]
    assert Findings(made).of("jitter") == ()


def test_a_release_table_is_whatever_answers_for_hazards():
    class Flat:
        name = "flat"
        version = "1"

        def hazard(self, **conditions):
            return np.ones(5)

    assert isinstance(Flat(), ReleaseTable)
    assert not isinstance(object(), ReleaseTable)
