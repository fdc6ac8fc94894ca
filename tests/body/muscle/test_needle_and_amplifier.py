"""The needle's view of one fibre, and what the amplifier does."""

import numpy as np
import pytest

from endplate.body.muscle import add_noise_and_filters, single_fibre_potential
from endplate.foundation.errors import InputError
from endplate.foundation.random import stream

USUAL = {"diameter_um": 50.0, "velocity_m_per_s": 4.0}


def test_a_near_fibre_is_sharp_and_large_as_single_fibre_work_demands():
    near = single_fibre_potential(distance_mm=0.1, **USUAL)
    v, t = near.potential_mv, near.time_ms
    low = int(v.argmin())
    assert 0.2 < np.ptp(v) < 20.0  # accepted above 0.2 mV
    before = v[:low]
    assert before.max() > 0.05 * -v[low]  # first a small positive phase
    top = int(before.argmax())
    assert t[low] - t[top] < 0.6
    assert abs(t[low]) < 1.0


def test_potentials_shrink_and_widen_with_distance():
    sweeps = [single_fibre_potential(distance_mm=d, **USUAL) for d in (0.05, 0.2, 0.8, 3.0)]
    size = [np.ptp(s.potential_mv) for s in sweeps]
    width = [
        s.time_ms[s.potential_mv.argmin()] - s.time_ms[s.potential_mv[: s.potential_mv.argmin()].argmax()]
        for s in sweeps
    ]
    assert size == sorted(size, reverse=True)
    assert width == sorted(width)


def test_far_away_the_source_is_a_higher_pole():
    """Two dipoles back to back: amplitude falls at least as the inverse square beyond a few mm."""
    a, b = (np.ptp(single_fibre_potential(distance_mm=d, window_ms=15.0, **USUAL).potential_mv) for d in (2.0, 4.0))
    assert np.log(a / b) / np.log(2.0) > 2.0


def test_current_and_time_scale_as_they_must():
    base = single_fibre_potential(distance_mm=0.3, **USUAL)
    thick = single_fibre_potential(diameter_um=100.0, velocity_m_per_s=4.0, distance_mm=0.3)
    np.testing.assert_allclose(thick.potential_mv, 4.0 * base.potential_mv, rtol=1e-9)
    slow = single_fibre_potential(
        diameter_um=50.0, velocity_m_per_s=2.0, distance_mm=0.3, sampling_hz=25_000.0, window_ms=12.0
    )
    np.testing.assert_allclose(slow.potential_mv, base.potential_mv, atol=2e-3 * np.abs(base.potential_mv).max())
    # closed fibre, no net current: the potential integrates to almost nothing along it
    wide = single_fibre_potential(distance_mm=0.3, window_ms=30.0, **USUAL)
    assert abs(wide.potential_mv.sum()) < 0.02 * np.abs(wide.potential_mv).sum()


def test_a_concentric_needle_sees_less_and_rounder():
    sharp = single_fibre_potential(distance_mm=0.1, **USUAL)
    blunt = single_fibre_potential(distance_mm=0.1, electrode="concentric needle", **USUAL)
    assert np.ptp(blunt.potential_mv) < 0.6 * np.ptp(sharp.potential_mv)


def test_bad_needle_requests_are_refused():
    with pytest.raises(InputError, match="concentric needle"):
        single_fibre_potential(distance_mm=0.1, electrode="surface", **USUAL)
    with pytest.raises(InputError, match="millimetres"):
        single_fibre_potential(distance_mm=100.0, **USUAL)


def test_noise_has_its_size_and_is_counted_by_sweep():
    flat, key = np.zeros((4, 3000)), stream(1, "noise")
    options = {"sampling_hz": 20_000.0, "key": key, "noise_mv": 0.01, "highpass_hz": 0.0, "lowpass_hz": 0.0}
    noisy = add_noise_and_filters(flat, **options)
    assert noisy.std() == pytest.approx(0.01, rel=4.5 / np.sqrt(2 * noisy.size))
    later = add_noise_and_filters(flat[2:], first_sweep=2, **options)
    np.testing.assert_array_equal(noisy[2:], later)
    assert abs(np.corrcoef(noisy[0], noisy[1])[0, 1]) < 4.5 / np.sqrt(3000)
    assert not flat.any()


def test_filters_pass_and_stop_what_their_corners_say():
    rate = 20_000.0
    time = np.arange(40_000) / rate
    options = {"sampling_hz": rate, "key": stream(1, "none"), "noise_mv": 0.0}
    for hertz, highpass, lowpass, expected in (
        (100.0, 3.0, 5000.0, 1.0),
        (20.0, 20.0, 5000.0, np.sqrt(0.5)),
        (2000.0, 3.0, 2000.0, np.sqrt(0.5)),
        (2.0, 20.0, 5000.0, 0.01),
    ):
        tone = np.sin(2 * np.pi * hertz * time)[None, :]
        out = add_noise_and_filters(tone, highpass_hz=highpass, lowpass_hz=lowpass, **options)
        assert np.abs(out[0, 20_000:]).max() == pytest.approx(expected, rel=0.02)
    pulse = np.zeros((1, 200))
    pulse[0, 50] = 1.0
    assert not add_noise_and_filters(pulse, **options)[0, :50].any()  # causal


def test_swapped_corners_and_wrong_shapes_are_refused():
    options = {"sampling_hz": 20_000.0, "key": stream(1, "none")}
    with pytest.raises(InputError, match="swapped"):
        add_noise_and_filters(np.zeros((1, 50)), highpass_hz=5000.0, lowpass_hz=10.0, **options)
    with pytest.raises(InputError, match=r"\(sweep, time\)"):
        add_noise_and_filters(np.zeros(50), **options)
    with pytest.raises(InputError, match="half the sampling rate"):
        add_noise_and_filters(np.zeros((1, 50)), highpass_hz=15_000.0, **options)
