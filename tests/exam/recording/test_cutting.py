"""Cutting continuous records: every response, at its true time, to the sample."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.exam.recording import load_recording
from endplate.exam.recording.cut import cut_sweeps
from endplate.exam.recording.raw import Channel, Piece
from endplate.foundation.errors import FileFormatError


def clock(duration_s, rate_hz=10_000.0, start_s=0.0):
    """A channel whose samples are their own times."""
    return Channel("t", "mV", rate_hz, (Piece(start_s, start_s + np.arange(round(duration_s * rate_hz)) / rate_hz),))


def test_a_sweep_lies_where_its_times_say():
    sweeps = cut_sweeps([clock(2.0)], np.array([0.5, 1.0]))
    n = sweeps.signal.shape[2]
    expected = sweeps.stimulus_s[:, None] + sweeps.start_ms / 1000 + np.arange(n) / 10_000
    np.testing.assert_allclose(sweeps.signal[:, 0], expected, atol=1e-9)
    assert (sweeps.start_ms, n) == (pytest.approx(-5.0), 551)


@given(st.lists(st.floats(0.1, 1.8), min_size=1, max_size=6, unique=True), st.floats(-20, 0), st.floats(5, 60))
def test_no_stimulus_is_more_than_half_a_sample_from_its_place(times, first_ms, last_ms):
    times = np.sort(times)
    sweeps = cut_sweeps([clock(2.0)], times, sweep_ms=(first_ms, last_ms))
    expected = times[:, None] + sweeps.start_ms / 1000 + np.arange(sweeps.signal.shape[2]) / 10_000
    assert np.abs(sweeps.signal[:, 0] - expected).max() <= 1.001 / 10_000  # offsets spread over at most one sample
    assert first_ms - 1e-6 <= sweeps.start_ms < first_ms + 0.1001


def test_sweeps_of_a_fast_train_do_not_hold_the_next_stimulus():
    sweeps = cut_sweeps([clock(2.0)], 0.5 + np.arange(20) / 50)
    assert sweeps.signal.shape[0] == 20
    assert sweeps.start_ms == pytest.approx(-2.0)
    assert sweeps.start_ms + (sweeps.signal.shape[2] - 1) / 10 < 18.0


def test_a_response_at_the_very_beginning_is_kept_with_less_before_it():
    sweeps = cut_sweeps([clock(2.0)], np.array([0.001, 1.0]))
    assert sweeps.signal.shape[0] == 2
    assert sweeps.start_ms == pytest.approx(-1.0)


def test_a_response_cut_off_by_the_end_is_left_out_and_named():
    sweeps = cut_sweeps([clock(2.0)], np.array([0.5, 1.0, 1.995]))
    assert sweeps.signal.shape[0] == 2
    assert any("stimulus 3 at 1.995 s left out" in note for note in sweeps.notes)


def test_stimuli_outside_the_data_are_refused():
    with pytest.raises(FileFormatError, match="none of the 2 stimuli"):
        cut_sweeps([clock(2.0)], np.array([5.0, 6.0]))


def test_a_window_longer_than_the_data_is_refused():
    with pytest.raises(FileFormatError, match="shorter sweeps"):
        cut_sweeps([clock(2.0)], np.array([1.0]), sweep_ms=(-5.0, 5000.0))


def test_times_and_window_can_be_given_for_a_record_without_any_mark(tmp_path, files):
    trace = files.continuous(files.train_s, 3.6)
    path = tmp_path / "long.csv"
    path.write_text("\n".join(f"{value:.6f}" for value in trace))
    known = {"unit": "mV", "sampling_hz": files.rate_hz, "stimulus_times_s": list(files.train_s)}
    recording = load_recording(path, sidecar=known, sweep_ms=(-10.0, 100.0))
    assert recording.signal_mv.shape == (10, 1, 1101)
    assert recording.start_ms == pytest.approx(-10.0, abs=0.1)
    with pytest.raises(FileFormatError, match="no stimulus found"):
        load_recording(path, sidecar={k: v for k, v in known.items() if k != "stimulus_times_s"})


def test_sweeps_can_be_read_as_one_continuous_record_and_back(csv, two_sweeps):
    path = csv(two_sweeps)
    assert load_recording(path, layout="sweeps").n_sweeps == 2
    with pytest.raises(FileFormatError, match="no stimulus found"):
        load_recording(path, layout="continuous")
