"""Amplitude, area, duration and latency against shapes whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endplate.exam.measure import measure, measure_all
from endplate.foundation.errors import InputError, UnknownNameError

COLUMNS = ("amplitude_mv", "peak_to_peak_mv", "area_mvms", "duration_ms", "latency_ms", "peak_ms", "end_ms")
EASY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("sampling_hz", [10_000.0, 20_000.0, 48_000.0])
def test_a_half_sine_measures_as_its_closed_form(make, sampling_hz):
    m = measure(make([8.0], latency_ms=3.33, width_ms=5.0, sampling_hz=sampling_hz))
    step = 1000 / sampling_hz
    assert m.amplitude_mv[0] == pytest.approx(8.0, rel=1e-4)
    assert m.area_mvms[0] == pytest.approx(8.0 * 5.0 * 2 / np.pi, rel=(np.pi * step / 5.0) ** 2)
    assert m.latency_ms[0] == pytest.approx(3.33, abs=step / 2)
    assert m.end_ms[0] == pytest.approx(8.33, abs=step / 2)
    assert m.duration_ms[0] == pytest.approx(5.0, abs=step)
    assert m.peak_ms[0] == pytest.approx(5.83, abs=step / 20)
    assert m.trough_ms[0] == pytest.approx(8.33 + 3.75, abs=step / 20)


def test_the_peak_is_interpolated_between_samples(make):
    latencies = 3.0 + np.linspace(0, 0.4, 21)  # at 5 kHz a peak may lie 0.1 ms from a sample
    m = measure(make(np.full(21, 8.0), latency_ms=latencies, sampling_hz=5000.0))
    raw_loss = 8.0 * (1 - np.cos(np.pi * 0.1 / 5.0))
    assert np.abs(m.amplitude_mv - 8.0).max() < raw_loss / 20


def test_peak_to_peak_is_the_difference_of_two_samples(make):
    recording = make([8.0, 5.0], noise_mv=0.01)
    inside = (recording.time_ms >= 2.0) & (recording.time_ms <= 20.0)
    m = measure(recording, window_ms=(2.0, 20.0))
    np.testing.assert_array_equal(m.peak_to_peak_mv, np.ptp(-recording.signal_mv[:, 0, inside], axis=1))


@given(st.floats(0.05, 20.0))
@EASY
def test_scaling_the_signal_scales_what_is_in_millivolt_and_leaves_times(make, factor):
    recording = make([4.0, 6.0], noise_mv=0.01)
    one, other = measure(recording), measure(replace(recording, signal_mv=factor * recording.signal_mv))
    for name in ("amplitude_mv", "peak_to_peak_mv", "area_mvms", "noise_mv"):
        np.testing.assert_allclose(getattr(other, name), factor * getattr(one, name), rtol=1e-9)
    for name in ("latency_ms", "duration_ms", "peak_ms"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=1e-9)


@given(st.integers(0, 200))
@EASY
def test_a_later_response_has_a_later_latency_and_nothing_else(make, samples):
    shift_ms = samples / 20.0
    one, other = measure(make([6.0])), measure(make([6.0], latency_ms=3.3 + shift_ms))
    for name in ("latency_ms", "peak_ms", "end_ms"):
        np.testing.assert_allclose(getattr(other, name) - shift_ms, getattr(one, name), atol=1e-3)
    for name in ("amplitude_mv", "area_mvms", "duration_ms"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), atol=1e-3)


@given(st.floats(-50.0, 50.0))
@EASY
def test_a_constant_offset_changes_only_the_baseline(make, offset_mv):
    one, other = measure(make([6.0])), measure(make([6.0], baseline_mv=offset_mv))
    assert other.baseline_mv[0] == pytest.approx(offset_mv, abs=1e-9)
    for name in COLUMNS:
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), atol=1e-4)


def test_a_file_that_stores_negative_as_positive_measures_the_same(make):
    one, other = measure(make([6.0], noise_mv=0.02)), measure(make([6.0], noise_mv=0.02, negative_up=True))
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_the_wrong_polarity_measures_the_other_phase(make):
    turned = replace(make([6.0]), negative_up=True)
    assert measure(turned).amplitude_mv[0] == pytest.approx(0.4 * 6.0, rel=1e-3)


def test_simulated_or_real_is_not_looked_at(make):
    recording = make([6.0], noise_mv=0.02)
    one, other = measure(recording), measure(replace(recording, simulated=True, seed=3))
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.flags == other.flags


def test_noise_moves_amplitude_and_latency_within_its_own_size(make):
    noise, n = 0.05, 400
    m = measure(make(np.full(n, 5.0), noise_mv=noise))
    # the largest of some correlated samples near the peak is at most a few noise SD above it
    assert 5.0 - noise < m.amplitude_mv.mean() < 5.0 + 3 * noise
    assert m.amplitude_mv.std() < noise
    assert m.noise_mv.mean() == pytest.approx(noise, rel=0.05)
    slope = 5.0 * np.pi / 5.0  # mV/ms at onset
    assert abs(m.latency_ms.mean() - 3.3) < 2 * noise / slope + 0.05
    assert m.latency_ms.std() < 3 * noise / slope
    assert abs(m.area_mvms.mean() - 5.0 * 5.0 * 2 / np.pi) < 0.02 * 5.0 * 5.0 * 2 / np.pi


def test_without_a_response_there_is_no_amplitude_but_a_peak_to_peak(make):
    m = measure(make([0.0, 5.0], noise_mv=0.02))
    assert np.isnan(m.amplitude_mv[0])
    assert np.isnan(m.latency_ms[0])
    assert m.row_flags[0][0] == "no response"
    assert m.peak_to_peak_mv[0] > 0
    assert m.amplitude_mv[1] > 4.9


def test_a_silent_channel_measures_nothing_and_raises_nothing(make):
    m = measure(make([0.0, 0.0]))
    assert np.isnan(m.amplitude_mv).all()
    assert all("no response" in row for row in m.row_flags)


def test_noise_alone_is_never_called_a_response(make):
    m = measure(make(np.zeros(500), noise_mv=0.02, end_ms=25.0))
    assert np.isnan(m.amplitude_mv).mean() > 0.97


@pytest.mark.parametrize("artefact_mv", [-60.0, 60.0])
def test_a_stimulus_artefact_is_blanked(make, artefact_mv):
    clean, spoiled = measure(make([5.0, 3.0])), measure(make([5.0, 3.0], artefact_mv=artefact_mv))
    np.testing.assert_allclose(spoiled.amplitude_mv, clean.amplitude_mv, atol=0.01)
    np.testing.assert_allclose(spoiled.latency_ms, clean.latency_ms, atol=0.05)


def test_without_time_before_the_stimulus_the_quiet_span_is_the_baseline(make):
    m = measure(make([5.0, 2.0], start_ms=0.0, latency_ms=4.0, baseline_mv=[0.7, -0.4], artefact_mv=20.0))
    np.testing.assert_allclose(m.baseline_mv, [0.7, -0.4], atol=0.02)
    np.testing.assert_allclose(m.amplitude_mv, [5.0, 2.0], atol=0.03)


def test_a_sweep_that_begins_after_the_artefact_can_be_measured(make):
    m = measure(make([5.0], start_ms=1.5, latency_ms=4.0))
    assert m.amplitude_mv[0] == pytest.approx(5.0, rel=1e-3)


def test_an_early_positive_deflection_does_not_start_the_latency(make):
    recording = make([6.0], latency_ms=6.0)
    dip = 1.5 * np.exp(-(((recording.time_ms - 4.5) / 0.5) ** 2))
    m = measure(replace(recording, signal_mv=recording.signal_mv + dip))
    assert m.latency_ms[0] == pytest.approx(6.0, abs=0.1)
    assert "initial positivity" in m.row_flags[0]


def test_a_response_without_a_crossing_ends_where_it_has_settled(make):
    recording = make([0.0])
    wave = -4.0 * np.exp(-(((recording.time_ms - 9.0) / 2.0) ** 2))
    m = measure(replace(recording, signal_mv=recording.signal_mv + wave))
    assert m.area_mvms[0] == pytest.approx(4.0 * 2.0 * np.sqrt(np.pi), rel=0.02)


def test_a_response_cut_off_by_the_end_of_the_sweep_has_no_area(make):
    m = measure(make([6.0], end_ms=7.0))
    assert np.isnan(m.area_mvms[0])
    assert "no return to baseline" in m.row_flags[0]
    assert m.amplitude_mv[0] == pytest.approx(6.0, rel=1e-3)


def test_magnetic_responses_are_looked_for_late(make):
    recording = make([2.0], latency_ms=22.0, start_ms=-100.0, end_ms=100.0, sampling_hz=5000.0, artefact_mv=30.0)
    m = measure(replace(recording, stimulation="magnetic"))
    assert m.latency_ms[0] == pytest.approx(22.0, abs=0.05)
    assert m.peak_to_peak_mv[0] == pytest.approx(2.8, rel=0.01)


def test_a_window_chooses_between_two_responses(make):
    early, late = make([5.0], end_ms=60.0), make([2.0], latency_ms=35.0, end_ms=60.0)
    both = replace(early, signal_mv=early.signal_mv + late.signal_mv)
    assert measure(both).amplitude_mv[0] == pytest.approx(5.0, rel=1e-3)
    assert measure(both, window_ms=(30.0, 50.0)).amplitude_mv[0] == pytest.approx(2.0, rel=1e-3)


@pytest.mark.parametrize("window", [(10.0, 5.0), (-20.0, 10.0), (5.0, 90.0), (float("nan"), 5.0)])
def test_a_window_outside_the_sweep_is_refused(make, window):
    with pytest.raises(InputError, match="must rise and lie within the sweep"):
        measure(make([5.0]), window_ms=window)


def test_a_window_of_a_few_samples_is_refused(make):
    with pytest.raises(InputError, match="only 3 samples"):
        measure(make([5.0]), window_ms=(5.0, 5.1))


def test_a_sweep_that_ends_too_early_is_refused(make):
    with pytest.raises(InputError, match="Give window_ms"):
        measure(make([5.0], end_ms=1.1))


def test_below_two_kilohertz_is_refused_and_says_what_it_must_be(make):
    assert "coarse sampling" in measure(make([5.0], sampling_hz=2000.0)).flags
    with pytest.raises(InputError, match="at least 2000 Hz"):
        measure(make([5.0], sampling_hz=1999.0))


def test_a_sample_that_is_not_a_number_names_its_sweep(make):
    recording = make([5.0, 5.0])
    recording.signal_mv[1, 0, 40] = np.nan
    with pytest.raises(InputError, match="sweep 2 holds"):
        measure(recording)


def test_an_empty_recording_is_refused(make):
    recording = make([5.0])
    with pytest.raises(InputError, match="at least one sweep"):
        measure(replace(recording, signal_mv=recording.signal_mv[:, :, :4]))


def test_several_channels_are_measured_by_name(make):
    recording = make([5.0])
    two = replace(
        recording, signal_mv=np.repeat(recording.signal_mv, 2, axis=1) * [[[1.0], [0.5]]], channels=("a", "b")
    )
    assert measure(two, channel="b").amplitude_mv[0] == pytest.approx(2.5, rel=1e-3)
    assert [m.channel for m in measure_all(two)] == ["a", "b"]
    with pytest.raises(InputError, match="2 channels"):
        measure(two)
    with pytest.raises(UnknownNameError, match="no channel 'c'"):
        measure(two, channel="c")
