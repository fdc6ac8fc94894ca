"""Force: twitch, tetanus, partial units, recruitment and the literature."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body.muscle import (
    Impulses,
    build_anatomy,
    force_of,
    highest_force,
    rates_for,
    rested_units,
    stimulated_impulses,
    voluntary_impulses,
)
from endplate.body.muscle import _kernels as k
from endplate.body.muscle.recruitment import steady_force
from endplate.foundation.errors import InputError
from endplate.foundation.random import stream

HAND = build_anatomy("adm", seed=1, n_fibres=500)


def train(rate_hz, duration_s):
    return stimulated_impulses(HAND, stimulus_ms=np.arange(0.0, 1000.0 * duration_s, 1000.0 / rate_hz))


def test_one_impulse_is_the_closed_form_twitch():
    found = force_of(HAND, stimulated_impulses(HAND, stimulus_ms=np.array([0.0])), duration_s=0.4)
    x = np.arange(1.0, 401.0)[:, None] / HAND.contraction_ms[None, :]
    expected = (HAND.twitch_newton * x * np.exp(1.0 - x)).sum(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_a_fast_train_fuses_to_the_highest_force_and_a_twitch_is_a_ninth_of_it():
    fused = force_of(HAND, train(200.0, 1.5), duration_s=1.5)[-200:]
    assert np.ptp(fused) / fused.mean() < 5e-3  # ripple of the fastest units
    assert fused.mean() == pytest.approx(highest_force(HAND), rel=1e-3)
    twitch = force_of(HAND, stimulated_impulses(HAND, stimulus_ms=np.array([0.0])), duration_s=0.3).max()
    # per unit the law gives (1 - exp(-2 * 0.4^3)) / 0.4 / e = 0.11; peaks of units do not fall together
    assert 0.09 < twitch / highest_force(HAND) < 0.111


def test_mean_force_at_a_steady_rate_is_the_area_of_the_twitches():
    rates = np.full(HAND.n_units, 12.5)
    mean = force_of(HAND, train(12.5, 4.0), duration_s=4.0)[-800:].mean()
    assert mean == pytest.approx(steady_force(HAND, rates).sum(), rel=2e-3)


def test_half_of_the_tetanic_force_comes_at_the_rate_of_human_thenar_units():
    """Thomas1991: 12 +/- 4 (SD) Hz over 30 units; highest force between 30 and 100 Hz."""
    thenar = build_anatomy("apb", seed=1, n_fibres=500)
    rates = np.arange(3.0, 120.0, 0.25)
    curves = np.array([steady_force(thenar, np.full(thenar.n_units, rate)) for rate in rates])
    half = np.array([np.interp(0.5, curve, rates) for curve in (curves / curves[-1]).T])
    assert abs(half.mean() - 12.0) < 4.0
    assert steady_force(thenar, np.full(thenar.n_units, 30.0)).sum() > 0.9 * curves[-1].sum()


def test_nothing_fires_and_there_is_no_force():
    np.testing.assert_array_equal(force_of(HAND, train(30.0, 0.5), 0.0, duration_s=0.5), 0.0)
    idle = voluntary_impulses(HAND, effort=0.0, duration_s=1.0, key=stream(1, "idle"))
    assert idle.time_ms.size == 0
    np.testing.assert_array_equal(force_of(HAND, idle, duration_s=0.5), 0.0)


@given(share=st.floats(0.0, 1.0))
@settings(max_examples=15, deadline=None)
def test_force_is_linear_in_the_fired_fraction(share):
    impulses = train(20.0, 0.2)
    whole = force_of(HAND, impulses, duration_s=0.3, sampling_hz=200.0)
    np.testing.assert_allclose(
        force_of(HAND, impulses, share, duration_s=0.3, sampling_hz=200.0), share * whole, rtol=1e-9, atol=1e-15
    )


def test_a_unit_that_fails_halfway_gives_half_of_its_own_force():
    impulses = train(25.0, 0.5)
    share = np.ones(impulses.time_ms.size)
    share[impulses.unit == HAND.n_units - 1] = 0.5
    whole, less = (force_of(HAND, impulses, s, duration_s=0.5) for s in (1.0, share))
    alone = np.where(impulses.unit == HAND.n_units - 1, 1.0, 0.0)
    np.testing.assert_allclose(whole - less, 0.5 * force_of(HAND, impulses, alone, duration_s=0.5), atol=1e-10)


def test_a_long_effort_may_be_cut_anywhere():
    times = np.sort(np.random.default_rng(1).uniform(0.0, 1000.0, 30))
    whole = force_of(HAND, stimulated_impulses(HAND, stimulus_ms=times), duration_s=1.0)
    state = rested_units(HAND)
    first = force_of(HAND, stimulated_impulses(HAND, stimulus_ms=times[times <= 400]), duration_s=0.4, state=state)
    rest = stimulated_impulses(HAND, stimulus_ms=times[times > 400] - 400.0)
    second = force_of(HAND, rest, duration_s=0.6, state=state)
    np.testing.assert_allclose(np.concatenate([first, second]), whole, rtol=1e-9, atol=1e-12)


def test_small_units_are_slow_and_recruited_first():
    assert (np.diff(HAND.twitch_newton) > 0).all()
    assert (np.diff(HAND.contraction_ms) < 0).all()
    assert (np.diff(HAND.threshold) > 0).all()
    active = [int((rates_for(HAND, effort=effort) > 0).sum()) for effort in (0.02, 0.1, 0.5, 1.0)]
    assert active == sorted(active)
    assert active[-1] == HAND.n_units
    for effort in (0.1, 0.5):
        rates = rates_for(HAND, effort=effort)
        assert (np.diff((rates > 0).astype(int)) <= 0).all()  # never a large one before a small one


def test_an_effort_of_a_fraction_gives_that_fraction_of_force():
    full = steady_force(HAND, rates_for(HAND, effort=1.0)).sum()
    assert 0.7 < full / highest_force(HAND) < 1.0  # voluntary rates do not quite fuse the fastest units
    for effort in (0.05, 0.3, 0.8):
        assert steady_force(HAND, rates_for(HAND, effort=effort)).sum() == pytest.approx(effort * full, rel=0.02)


def test_voluntary_intervals_have_the_rate_and_scatter_asked_for():
    effort = voluntary_impulses(HAND, effort=1.0, duration_s=30.0, key=stream(3, "effort"))
    again = voluntary_impulses(HAND, effort=1.0, duration_s=30.0, key=stream(3, "effort"))
    np.testing.assert_array_equal(effort.time_ms, again.time_ms)
    for unit in (0, HAND.n_units - 1):
        intervals = np.diff(effort.time_ms[effort.start[unit] : effort.start[unit + 1]])
        mean = 1000.0 / effort.rate_hz[unit]
        assert intervals.mean() == pytest.approx(mean, abs=4.5 * 0.2 * mean / np.sqrt(intervals.size))
        assert intervals.std() / mean == pytest.approx(0.2, abs=4.5 * 0.2 / np.sqrt(2 * intervals.size))
        assert intervals.min() >= 0.4 * mean - 1e-9
    shorter = voluntary_impulses(HAND, effort=1.0, duration_s=10.0, key=stream(3, "effort"))
    first = effort.time_ms[: effort.start[1]]
    np.testing.assert_array_equal(shorter.time_ms[: shorter.start[1]], first[first < 10_000.0])


def test_a_sustained_effort_holds_its_force():
    effort = voluntary_impulses(HAND, effort=1.0, duration_s=4.0, key=stream(5, "hold"))
    force = force_of(HAND, effort, duration_s=4.0, sampling_hz=200.0)
    assert force[200:].mean() == pytest.approx(steady_force(HAND, effort.rate_hz).sum(), rel=0.05)
    assert force[200:].std() / force[200:].mean() < 0.03


def test_cold_muscle_twitches_slower():
    one = stimulated_impulses(HAND, stimulus_ms=np.array([0.0]))
    warm, cold = (force_of(HAND, one, duration_s=0.6, temperature_degc=degrees) for degrees in (34.0, 24.0))
    assert cold.argmax() > 1.5 * warm.argmax()


def test_the_gain_is_one_at_low_rates_and_falls_without_a_jump():
    x = np.linspace(0.01, 5.0, 2000)
    gain = np.array([k.gain_of(float(v), 0.4) for v in x])
    assert (gain[x <= 0.4] == 1.0).all()
    assert np.abs(np.diff(gain)).max() < 0.02
    assert (np.diff(x * gain) > -1e-12).all()  # more impulses never give less force


def test_bad_force_requests_are_refused():
    impulses = train(20.0, 0.2)
    with pytest.raises(InputError, match=r"50 % is 0\.5"):
        force_of(HAND, impulses, 50.0, duration_s=0.2)
    with pytest.raises(InputError, match="one number per impulse"):
        force_of(HAND, impulses, np.ones(3), duration_s=0.2)
    with pytest.raises(InputError, match="units"):
        force_of(HAND, Impulses(np.zeros(3, np.int64), np.empty(0), np.zeros(2)), duration_s=0.2)
    with pytest.raises(InputError, match=r"80 % is 0\.8"):
        rates_for(HAND, effort=80.0)
