"""Anatomy: counts, dispersions, order, sharing by seed, and the literature."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body.muscle import arrival_at, build_anatomy, describe, muscles, unit_shares
from endplate.body.muscle.anatomy import LARGEST_SAMPLE, _unit_sizes
from endplate.foundation.errors import InputError, UnknownNameError
from endplate.foundation.parameters import overridden, parameters_of


def test_every_muscle_of_the_list_can_be_built():
    wanted = (
        "adm apb fdi extensor_digitorum anconeus biceps deltoid trapezius vastus_lateralis tibialis_anterior edb "
        "abductor_hallucis nasalis orbicularis_oculi frontalis diaphragm"
    )
    assert muscles() == tuple(wanted.split())
    for muscle in muscles():
        anatomy = build_anatomy(muscle, seed=1, n_fibres=600)
        assert anatomy.n_fibres == 600
        assert anatomy.represented * 600 == pytest.approx(describe(muscle).total_fibres, abs=0.5)
        assert describe(muscle).label
        assert describe(muscle).nerve


def test_units_and_fibres_are_those_of_the_sources():
    hand = build_anatomy("adm", seed=1)
    assert abs(hand.n_units - 179) <= 39  # Cao2020, one SD
    fdi = build_anatomy("fdi", seed=1)
    assert (fdi.n_units, fdi.n_fibres) == (119, 40_460)  # Feinstein1955: about 40,500
    assert hand.represented == fdi.represented == 1.0


def test_a_large_muscle_is_sampled_evenly_and_says_so():
    leg = build_anatomy("tibialis_anterior", seed=1)
    assert leg.n_fibres == LARGEST_SAMPLE
    assert leg.represented == pytest.approx(445 * 562 / LARGEST_SAMPLE)
    assert np.diff(leg.unit_start).min() >= 1


def test_velocity_lies_in_the_band_of_the_sources_and_grows_with_diameter():
    hand = build_anatomy("adm", seed=2)
    assert 3.7 <= hand.velocity_m_per_s.mean() <= 4.2
    assert 0.3 <= hand.velocity_m_per_s.std() <= 0.5
    slope = np.polyfit(hand.diameter_um, hand.velocity_m_per_s, 1)[0]
    assert slope == pytest.approx(0.05, abs=4 * 0.2 / (8.0 * np.sqrt(hand.n_fibres)))  # Blijham2006; residual SD 0.2
    leg = build_anatomy("tibialis_anterior", seed=2)
    assert leg.velocity_m_per_s.mean() == pytest.approx(3.7, abs=0.02)  # Andreassen1987


def test_units_with_fast_fibres_pull_harder():
    """Andreassen1987 found r = 0.87 between unit velocity and twitch torque in tibialis anterior."""
    leg = build_anatomy("tibialis_anterior", seed=3)
    speed = np.add.reduceat(leg.velocity_m_per_s.astype(float), leg.unit_start[:-1]) / np.diff(leg.unit_start)
    assert 0.7 < np.corrcoef(speed, leg.twitch_newton)[0, 1] < 1.0


def test_diameters_junctions_and_endplates_scatter_as_the_parameters_say():
    d = describe("adm")
    a = build_anatomy("adm", seed=4)
    n = a.n_fibres
    assert a.diameter_um.mean() == pytest.approx(d.diameter, abs=5 * d.diameter_sd / np.sqrt(n))
    assert a.diameter_um.std() == pytest.approx(d.diameter_sd, rel=0.03)
    assert a.junction_size.mean() == pytest.approx(1.0, abs=1e-5)
    assert np.corrcoef(a.junction_size, a.diameter_um)[0, 1] > 0.5
    # fibres of a unit share part of their scatter: the mean wanders with the number of units, weighed by size
    sizes = np.diff(a.unit_start) / n
    wander = d.endplate_sd * np.sqrt(d.endplate_unit_share * (sizes**2).sum() + 1 / n)
    assert abs(a.endplate_mm.mean()) < 4.5 * wander
    assert a.endplate_mm.std() == pytest.approx(d.endplate_sd, rel=0.15)
    assert min(a.proximal_mm.min(), a.distal_mm.min()) >= 3.0
    assert a.depth_mm.min() >= d.depth_first
    assert a.depth_mm.max() <= d.depth_first + d.thickness + 1e-5
    assert abs(a.lateral_mm).max() <= d.half_width + 1e-5


def test_arrival_is_nerve_and_branch_and_spreads_by_unit():
    a = build_anatomy("adm", seed=1)
    assert 1.8 < a.arrival_ms.mean() < 2.8  # with the synapse a distal latency of about 3 ms
    firsts = a.arrival_ms[a.unit_start[:-1]]
    assert 0.5 < np.ptp(firsts) < 3.0
    longer = build_anatomy("adm", seed=1, nerve_length_scale=1.2)
    np.testing.assert_array_less(a.arrival_ms, longer.arrival_ms)
    np.testing.assert_array_equal(a.velocity_m_per_s, longer.velocity_m_per_s)
    warm = arrival_at(a, temperature_degc=34.0)
    np.testing.assert_array_equal(warm, a.arrival_ms)


def test_one_seed_is_one_person_and_two_seeds_are_two():
    first = build_anatomy("edb", seed=7, n_fibres=3000)
    build_anatomy.__globals__["_draw"].cache_clear()
    again, other = build_anatomy("edb", seed=7, n_fibres=3000), build_anatomy("edb", seed=8, n_fibres=3000)
    assert again is not first
    for name in ("diameter_um", "velocity_m_per_s", "endplate_mm", "arrival_ms", "depth_mm", "junction_size"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
        assert (getattr(first, name) != getattr(other, name)).mean() > 0.99
    assert build_anatomy("edb", seed=7, n_fibres=3000) is again
    with pytest.raises(ValueError, match="read-only"):
        again.diameter_um[0] = 1.0


def test_lost_units_leave_larger_ones():
    """Piasecki2016: 40 % fewer units, survivors about 50 % larger."""
    young, old = build_anatomy("adm", seed=1), build_anatomy("adm", seed=1, unit_fraction=0.6)
    assert old.n_units == round(0.6 * 179)
    assert old.n_fibres / old.n_units / (young.n_fibres / young.n_units) == pytest.approx(1.5, abs=0.01)
    assert old.twitch_newton.sum() == pytest.approx(0.9 * young.twitch_newton.sum(), rel=1e-9)


def test_other_parameters_give_another_anatomy_in_spite_of_the_cache():
    usual = build_anatomy("adm", seed=1, n_fibres=500)
    with overridden({"body/muscle": {"default.diameter": 60.0}}):
        assert build_anatomy("adm", seed=1, n_fibres=500).diameter_um.mean() > usual.diameter_um.mean() + 9
    assert build_anatomy("adm", seed=1, n_fibres=500) is usual


@given(units=st.integers(1, 400), more=st.integers(0, 20_000), span=st.floats(1.0, 200.0))
@settings(max_examples=40, deadline=None)
def test_units_share_out_every_fibre_and_none_is_empty(units, more, span):
    sizes = _unit_sizes(units, units + more, span)
    assert sizes.sum() == units + more
    assert sizes.min() >= 1
    assert (np.diff(sizes) >= -1).all()


def test_the_share_of_a_unit_is_weighed_by_area():
    a = build_anatomy("nasalis", seed=1)
    fired = np.zeros((2, a.n_fibres), dtype=np.uint8)
    fired[1] = 1
    shares = unit_shares(a, fired)
    np.testing.assert_array_equal(shares[0], 0.0)
    np.testing.assert_allclose(shares[1], 1.0, rtol=1e-12)
    fired[0, a.unit_start[5]] = 1
    part = a.area_um2[a.unit_start[5]] / a.area_um2[a.unit_start[5] : a.unit_start[6]].sum()
    assert unit_shares(a, fired)[0, 5] == pytest.approx(part, rel=1e-5)


def test_bad_requests_say_what_is_allowed():
    with pytest.raises(UnknownNameError, match="did you mean adm"):
        build_anatomy("amd", seed=1)
    with pytest.raises(InputError, match="Every unit"):
        build_anatomy("adm", seed=1, n_fibres=20)
    with pytest.raises(InputError, match=r"60 % is 0\.6"):
        build_anatomy("adm", seed=1, unit_fraction=60)
    with pytest.raises(InputError, match="Celsius"):
        arrival_at(build_anatomy("adm", seed=1, n_fibres=200), temperature_degc=93.0)
    with pytest.raises(InputError, match="shape"):
        unit_shares(build_anatomy("adm", seed=1, n_fibres=200), np.zeros((1, 3), np.uint8))


def test_every_parameter_of_a_muscle_has_a_default_or_is_one():
    names = parameters_of("body/muscle")
    for name in names:
        group, _, item = name.partition(".")
        if group in muscles():
            assert f"default.{item}" in names, name
