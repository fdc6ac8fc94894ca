"""Jitter of latencies with known scatter, and of single-fibre potentials with known times."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.exam.measure import endplate_jitter, jitter_of, measure, measure_all
from endplate.foundation.errors import InputError
from endplate.foundation.records import Recording


def spikes(latency_ms, *, sampling_hz=50_000.0, noise_mv=0.002, seed=4, height_mv=1.0):
    """Sweeps of one potential: a narrow negative spike at each latency, nothing where it is nan."""
    latency = np.asarray(latency_ms, dtype=float)
    time = np.arange(round(0.008 * sampling_hz)) * (1000 / sampling_hz)
    lag = (time[None, :] - np.nan_to_num(latency, nan=1e9)[:, None]) / 0.15
    wave = height_mv * (np.exp(-(lag**2)) - 0.5 * np.exp(-(((lag - 2.2) / 1.2) ** 2)))
    return wave + np.random.default_rng(seed).normal(0, noise_mv, wave.shape)


def needle(*channels, names=None, stimulation="electrical", sampling_hz=50_000.0, rate_hz=10.0, **about):
    signal = -np.stack(channels, axis=1)
    return Recording(
        signal, sampling_hz, 0.0, np.arange(signal.shape[0]) / rate_hz,
        channels=names or tuple(str(k + 1) for k in range(signal.shape[1])),
        electrode="concentric needle", stimulation=stimulation, **about,
    )  # fmt: skip


def test_normal_scatter_gives_a_mean_consecutive_difference_of_1128_sigma():
    sigma_us, n = 30.0, 40_000
    latency = 3.0 + np.random.default_rng(2).normal(0, sigma_us / 1000, n)
    one = jitter_of(latency, np.arange(n) * 0.1)
    # |difference| has SD 0.853 sigma; neighbours share a draw, so the mean's error is below 2 of those over sqrt(n)
    assert one.mcd_us == pytest.approx(1.12838 * sigma_us, abs=4.5 * 2 * 0.853 * sigma_us / np.sqrt(n))
    assert one.jitter_us == one.mcd_us


def test_a_constant_rate_keeps_the_order_of_discharges():
    latency = 3.0 + np.random.default_rng(3).normal(0, 0.02, 200)
    one = jitter_of(latency, np.arange(200) * 0.1 + 7.3)  # intervals differ in their last bits
    steps = np.abs(np.diff(latency[1:]))
    assert one.msd_us == pytest.approx(1000 * steps.mean(), rel=1e-12)
    assert not one.sorted_used


def test_a_latency_that_follows_the_interval_is_measured_sorted():
    rng = np.random.default_rng(5)
    interval = rng.uniform(0.06, 0.14, 400)
    latency = 3.0 + 2.0 * interval + rng.normal(0, 0.005, 400)  # 2 ms per s of preceding interval
    discharge = np.cumsum(interval)
    one = jitter_of(latency, discharge)
    assert one.sorted_used
    assert one.mcd_us / one.msd_us > 1.25
    assert one.jitter_us == one.msd_us < 10.0


def test_blocked_discharges_are_counted_and_left_out_of_the_differences():
    latency = np.array([3.0, np.nan, 3.1, 3.2, np.nan, np.nan, 3.0, 3.05])
    one = jitter_of(latency, np.arange(8) * 0.1)
    assert one.blocking_percent == 37.5
    assert one.n_differences == 2
    assert one.mcd_us == pytest.approx(75.0)


@given(st.lists(st.floats(1.0, 9.0), min_size=2, max_size=40), st.floats(-3.0, 3.0))
def test_jitter_does_not_depend_on_the_mean_latency(latency, shift):
    discharge = np.arange(len(latency)) * 0.1
    one, other = jitter_of(np.array(latency), discharge), jitter_of(np.array(latency) + shift, discharge)
    assert one.mcd_us == pytest.approx(other.mcd_us, abs=1e-6)


def test_everything_blocked_has_no_jitter():
    one = jitter_of(np.full(60, np.nan), np.arange(60) * 0.1)
    assert np.isnan(one.jitter_us)
    assert one.blocking_percent == 100.0


def test_lengths_that_differ_and_infinite_latencies_are_refused():
    with pytest.raises(InputError, match="as many discharge times"):
        jitter_of(np.zeros(3), np.zeros(2))
    with pytest.raises(InputError, match="blocked discharge is nan"):
        jitter_of(np.array([3.0, np.inf]), np.zeros(2))


def test_sampling_alone_makes_less_than_a_microsecond_of_jitter():
    latency = 3.0 + np.random.default_rng(6).uniform(0, 0.2, 300)  # any place between samples
    m = measure(needle(spikes(latency, noise_mv=0.0)))
    assert np.std(m.latency_ms - latency) * 1000 < 1.0


def test_known_scatter_is_measured_from_the_potentials():
    latency = 3.0 + np.random.default_rng(7).normal(0, 0.03, 600)
    measured = measure(needle(spikes(latency)))
    truth = jitter_of(latency, measured.stimulus_s)
    assert jitter_of(measured.latency_ms, measured.stimulus_s).mcd_us == pytest.approx(truth.mcd_us, rel=0.03)


def test_a_blocked_sweep_has_no_latency():
    latency = np.where(np.arange(100) % 4 == 3, np.nan, 3.0 + np.random.default_rng(8).normal(0, 0.05, 100))
    m = measure(needle(spikes(latency)))
    np.testing.assert_array_equal(np.isnan(m.latency_ms), np.isnan(latency))
    assert m.row_flags[3] == ("blocked",)
    assert jitter_of(m.latency_ms, m.stimulus_s).blocking_percent == 25.0


def test_a_distant_fibre_in_a_blocked_sweep_is_not_the_potential():
    latency = np.full(80, 3.0)
    latency[::4] = np.nan
    distant = spikes(np.full(80, 4.0), height_mv=0.1, noise_mv=0.0)
    m = measure(needle(spikes(latency) + distant))
    np.testing.assert_array_equal(np.isnan(m.latency_ms), np.isnan(latency))


def test_a_fibre_stimulated_directly_is_flagged():
    direct = spikes(2.0 + np.random.default_rng(9).normal(0, 0.001, 100), noise_mv=0.0)
    through = spikes(3.0 + np.random.default_rng(9).normal(0, 0.020, 100), noise_mv=0.0)
    one, other = measure_all(needle(direct, through))
    assert "direct stimulation" in one.flags
    assert "direct stimulation" not in other.flags


def test_a_voluntary_pair_counts_from_its_trigger():
    rng = np.random.default_rng(10)
    trigger = 1.0 + rng.normal(0, 0.10, 200)  # the sweep itself starts at an uncertain time
    interval = 1.8 + rng.normal(0, 0.025, 200)
    recording = needle(
        spikes(trigger), spikes(trigger + interval, seed=5), names=("trigger", "1"), stimulation="voluntary"
    )
    (m,) = measure_all(recording)
    assert m.channel == "1"
    np.testing.assert_allclose(m.latency_ms, interval, atol=0.005)
    truth = jitter_of(interval, m.stimulus_s)
    assert jitter_of(m.latency_ms, m.stimulus_s).mcd_us == pytest.approx(truth.mcd_us, rel=0.05)


def test_a_discharge_without_its_trigger_is_neither_arrived_nor_blocked():
    trigger, second = np.full(80, 1.0), np.full(80, 2.5)
    trigger[:10] = np.nan  # the triggering fibre failed
    second[5:20] = np.nan  # the other failed; of 5-9 nobody would have known
    recording = needle(spikes(trigger), spikes(second), names=("trigger", "1"), stimulation="voluntary")
    (m,) = measure_all(recording)
    one = endplate_jitter(m)
    assert [m.row_flags[row] for row in (0, 7, 12, 30)] == [
        ("trigger missing",),
        ("trigger missing",),
        ("blocked",),
        (),
    ]
    assert one.n_discharges == 70
    assert one.blocking_percent == pytest.approx(100 * 10 / 70)


def test_a_sweep_aligned_on_its_trigger_holds_the_interval():
    interval = 1.6 + np.random.default_rng(11).normal(0, 0.03, 120)
    both = spikes(np.full(120, 1.0), height_mv=2.0, noise_mv=0.0) + spikes(1.0 + interval)
    recording = replace(needle(both, stimulation="voluntary"), start_ms=-1.0)  # the first potential is at 0
    m = measure(recording)
    truth = jitter_of(interval, m.stimulus_s)
    assert np.nanmedian(m.latency_ms) == pytest.approx(1.6 - 0.125, abs=0.02)  # half-way up, 0.125 ms before the peak
    assert jitter_of(m.latency_ms, m.stimulus_s).mcd_us == pytest.approx(truth.mcd_us, rel=0.05)


def test_each_pair_may_have_a_trigger_of_its_own():
    one, two = np.full(60, 1.0), np.full(60, 1.3)
    recording = needle(
        spikes(one), spikes(one + 1.0), spikes(two), spikes(two + 1.5),
        names=("trigger a", "a", "Trigger b", "b"), stimulation="voluntary",
    )  # fmt: skip
    a, b = measure_all(recording)
    assert np.median(a.latency_ms) == pytest.approx(1.0, abs=0.005)
    assert np.median(b.latency_ms) == pytest.approx(1.5, abs=0.005)
