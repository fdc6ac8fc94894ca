"""The compound potential: against the direct sum, across chunks and threads, and as a clinic would see it."""

import numpy as np
import pytest

from endplate.body.muscle import _kernels as k
from endplate.body.muscle import (
    arrival_at,
    build_anatomy,
    build_basis,
    compound_potential,
    describe,
    direct_sum,
    fit_amplitude_scale,
    healthy_amplitude,
    stretch_factor,
    velocity_factor,
)
from endplate.body.muscle.basis import ALLOWED_ERROR
from endplate.body.muscle.compound import BLOCK
from endplate.body.muscle.wave import wave_at
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import overridden

SYNAPSE_MS = np.float32(0.7)


def everyone(anatomy, temperature_degc=34.0):
    arrival = (arrival_at(anatomy, temperature_degc=temperature_degc) + SYNAPSE_MS)[None, :]
    return np.ones(arrival.shape, dtype=np.uint8), arrival


def shape_of(time_ms, sweep):
    """Return amplitude, positive over negative peak, onset, duration and rise of the negative phase."""
    peak = int(sweep.argmin())
    onset = int(np.nonzero(-sweep[:peak] < 0.02 * -sweep[peak])[0][-1])
    end = peak + int(np.nonzero(sweep[peak:] > 0)[0][0])
    ratio = float(sweep.max() / -sweep[peak])
    return -sweep[peak], ratio, time_ms[onset], time_ms[end] - time_ms[onset], time_ms[peak] - time_ms[onset]


@pytest.mark.parametrize("temperature", [34.0, 27.0])
def test_the_low_rank_sum_is_the_direct_sum(temperature):
    """Independent reference: exact arrivals, fine midpoints along the fibre; error below 1e-3 of the peak."""
    hand = build_anatomy("adm", seed=3, n_fibres=200)
    basis = build_basis(hand, temperature_degc=temperature, sampling_hz=10_000.0, window_ms=40.0)
    rng = np.random.default_rng(1)
    fired, arrival = everyone(hand, temperature)
    arrival = arrival + rng.normal(0.0, 0.05, arrival.shape).astype(np.float32)
    found = compound_potential(basis, fired, arrival)[0]
    looked = slice(20, 250, 3)
    exact = direct_sum(hand, fired, arrival, time_ms=basis.time_ms[looked], temperature_degc=temperature)[0]
    assert basis.error < ALLOWED_ERROR
    # 200 fibres: what rank and deposit leave averages less than in a muscle, by sqrt(4096 / 200) at most
    assert np.abs(found[looked] - exact).max() < 4.5 * ALLOWED_ERROR * np.abs(exact).max()


def test_the_direct_sum_converges_with_the_second_order():
    hand = build_anatomy("adm", seed=3, n_fibres=180)
    fired, arrival = everyone(hand)
    time = np.arange(3.0, 14.0, 0.5)
    fired[0, 6:] = 0
    sums = [direct_sum(hand, fired, arrival, time_ms=time, step_mm=step)[0] for step in (0.4, 0.2, 0.0125)]
    coarse, fine = (np.abs(s - sums[-1]).max() for s in sums[:-1])
    assert 3.0 < coarse / fine < 6.0  # midpoints: a factor of four for half the step


def test_the_sum_is_bit_equal_in_any_chunks_and_threads():
    hand = build_anatomy("adm", seed=1, n_fibres=3 * BLOCK + 100)
    basis = build_basis(hand)
    rng = np.random.default_rng(2)
    fired = (rng.random((7, hand.n_fibres)) < 0.6).astype(np.uint8)
    arrival = (hand.arrival_ms + rng.exponential(0.4, fired.shape)).astype(np.float32)
    whole = compound_potential(basis, fired, arrival)
    pieces = np.concatenate([compound_potential(basis, fired[a:b], arrival[a:b]) for a, b in ((0, 1), (1, 5), (5, 7))])
    np.testing.assert_array_equal(whole, pieces)
    out = np.empty_like(whole)
    assert compound_potential(basis, fired, arrival, out, n_threads=2) is out
    np.testing.assert_array_equal(whole, out)


def test_blocks_of_fibres_are_summed_in_order():
    rng = np.random.default_rng(3)
    n = 2 * BLOCK + 17
    coefficients, fired = rng.normal(size=(n, 4)).astype(np.float32), np.ones(n, dtype=np.uint8)
    arrival = rng.uniform(1.0, 3.0, n).astype(np.float32)
    part, total, one = np.empty((60, 4), dtype=np.float32), np.empty((60, 4)), np.empty((60, 4))
    k.deposit(coefficients, fired, arrival, 0.1, BLOCK, part, total)
    by_hand = np.zeros((60, 4))
    for first in range(0, n, BLOCK):
        rows = slice(first, first + BLOCK)
        k.deposit(coefficients[rows], fired[rows], arrival[rows], 0.1, BLOCK, part, one)
        by_hand += one
    np.testing.assert_array_equal(total, by_hand)


def test_nobody_fires_and_nothing_is_seen():
    hand = build_anatomy("adm", seed=1, n_fibres=500)
    fired, arrival = everyone(hand)
    silent = compound_potential(build_basis(hand), np.zeros_like(fired), np.full_like(arrival, np.nan))
    np.testing.assert_array_equal(silent, 0.0)


def test_potentials_add():
    hand = build_anatomy("adm", seed=1, n_fibres=2000)
    basis = build_basis(hand)
    fired, arrival = everyone(hand)
    half = fired.copy()
    half[0, ::2] = 0
    parts = compound_potential(basis, np.concatenate([half, 1 - half]), np.repeat(arrival, 2, 0)).sum(axis=0)
    whole = compound_potential(basis, fired, arrival)[0]
    np.testing.assert_allclose(parts, whole, atol=2e-6 * np.abs(whole).max())


def test_a_later_impulse_is_the_same_potential_later():
    hand = build_anatomy("adm", seed=1, n_fibres=2000)
    basis = build_basis(hand)
    fired, arrival = everyone(hand)
    first, later = (compound_potential(basis, fired, arrival + np.float32(shift))[0] for shift in (0.0, 2.0))
    samples = round(2.0 * basis.sampling_hz / 1000.0)
    np.testing.assert_allclose(later[samples:], first[:-samples], atol=2e-4 * np.abs(first).max())


@pytest.mark.parametrize("muscle", ["adm", "apb", "fdi", "edb", "abductor_hallucis"])
def test_a_healthy_potential_looks_like_one(muscle):
    person = build_anatomy(muscle, seed=1, n_fibres=5000)
    basis = build_basis(person)
    amplitude, positive, latency, duration, rise = shape_of(
        basis.time_ms, compound_potential(basis, *everyone(person))[0]
    )
    assert amplitude == pytest.approx(describe(muscle).cmap, rel=0.15)  # the scale is fitted over several persons
    assert 0.2 < positive < 0.6  # an unbounded medium gives about 0.76
    assert 2.2 < latency < 5.0
    assert 4.5 < duration < 7.5
    assert 1.5 < rise < 3.0


def test_the_scale_of_every_muscle_stays_near_the_physics():
    for muscle, seed in (("orbicularis_oculi", 1), ("nasalis", 2)):
        assert 0.1 < describe(muscle).amplitude_scale < 10.0
        assert healthy_amplitude(muscle, seed=seed) == pytest.approx(describe(muscle).cmap, rel=0.2)
    usual = fit_amplitude_scale("nasalis", 3.0, seeds=(1,))
    with overridden({"body/muscle": {"nasalis.amplitude_scale": 0.5}}):
        assert fit_amplitude_scale("nasalis", 3.0, seeds=(1,)) == pytest.approx(usual, rel=1e-6)


def test_cold_makes_the_potential_larger_longer_and_later():
    """Direction as in cooled adductor pollicis (AdductorCooling1990)."""
    hand = build_anatomy("adm", seed=1, n_fibres=4000)
    warm, cold = (
        shape_of(basis.time_ms, compound_potential(basis, *everyone(hand, degrees))[0])
        for degrees in (34.0, 26.0)
        for basis in (build_basis(hand, temperature_degc=degrees),)
    )
    assert 1.02 < cold[0] / warm[0] < 1.5
    assert cold[2] > warm[2]
    assert cold[3] > 1.2 * warm[3]
    assert velocity_factor(24.0) == pytest.approx(1 / 1.5)
    assert stretch_factor(24.0) == pytest.approx(1.8 / 1.5)


def test_the_wave_and_its_slope_belong_together_and_return_to_rest():
    wave = wave_at(34.0)
    s = np.linspace(0.0, 60.0, 600_001)
    integral = np.concatenate(
        [[0.0], np.cumsum(0.5 * (np.diff(s)) * (lambda v: v[1:] + v[:-1])(wave.slope_mv_per_mm(s)))]
    )
    np.testing.assert_allclose(integral, wave.potential_mv(s), atol=1e-6)
    assert wave.potential_mv(np.array([-1.0, 0.0, 1e4])).tolist() == pytest.approx([0.0, 0.0, 0.0])
    assert 110.0 < wave.potential_mv(s).max() < 145.0


def test_finer_sampling_is_the_same_potential():
    hand = build_anatomy("adm", seed=1, n_fibres=1000)
    coarse, fine = build_basis(hand, sampling_hz=10_000.0), build_basis(hand, sampling_hz=40_000.0)
    a, b = (compound_potential(basis, *everyone(hand))[0] for basis in (coarse, fine))
    np.testing.assert_allclose(b[::4], a, atol=1e-9 * np.abs(a).max())
    assert fine.time_ms[4] == pytest.approx(coarse.time_ms[1])


def test_bad_arrivals_and_shapes_are_refused():
    hand = build_anatomy("adm", seed=1, n_fibres=300)
    basis = build_basis(hand)
    fired, arrival = everyone(hand)
    with pytest.raises(InputError, match="one column per fibre"):
        compound_potential(basis, fired[:, :-1], arrival)
    with pytest.raises(InputError, match="shape of fired"):
        compound_potential(basis, fired, arrival[:, :-1])
    with pytest.raises(InputError, match="2 fired fibres"):
        compound_potential(basis, fired, np.where(np.arange(300) < 2, np.float32(np.nan), arrival))
    with pytest.raises(InputError, match="float64"):
        compound_potential(basis, fired, arrival, np.empty((1, 3)))
    with pytest.raises(InputError, match="10 kHz is 10000"):
        build_basis(hand, sampling_hz=10.0)
    with pytest.raises(InputError, match="Celsius"):
        build_basis(hand, temperature_degc=307.0)
    with pytest.raises(InputError, match="before the waves reach"):
        build_basis(build_anatomy("biceps", seed=1, n_fibres=300), window_ms=10.0, temperature_degc=15.0)
