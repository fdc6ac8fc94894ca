"""The fast engine against its references: MCell3, particles, and equations."""

import math

import numpy as np
import pytest

from endplate.body.activezone import (
    DeterministicFusion,
    EnergyFusion,
    active_sensors,
    channel_kind,
    fusion_times,
    master_equation,
    read_case,
    simulate,
)
from endplate.body.activezone.fast import prepare, release
from endplate.body.activezone.fast.chemistry import loss_modes
from endplate.body.activezone.fast.diffusion import between_walls
from endplate.body.activezone.fast.release import p_all_shut
from endplate.body.activezone.fast.shadow import plane_field, shadow_of
from endplate.body.activezone.gating import build_schedule
from studies.activezone_agreement import az4_rows, given_rows, sc1_rows
from studies.activezone_grid import ALLOWED, GRID, compare

# standard errors that a row may be off: about 100 rows, most of them correlated, of one seed that stays
LARGEST_Z = 4.5


@pytest.mark.parametrize(
    ("case", "trials", "sections"), [("az4", 4000, (az4_rows, given_rows)), ("sc1", 400, (sc1_rows,))]
)
def test_every_quantity_of_the_reference_cases_agrees_with_mcell3(case, trials, sections):
    step_us = 20.0 if case == "az4" else 10.0
    ensemble = simulate(read_case(case), trials=trials, seed=21, engine="fast", record_step_us=step_us)
    z = {row.quantity: row.z for section in sections for row in section(ensemble)}
    worst = max(z, key=lambda quantity: abs(z[quantity]))
    assert abs(z[worst]) < LARGEST_Z, (worst, z[worst])
    assert np.sqrt(np.mean(np.square(list(z.values())))) < 1.8


@pytest.mark.parametrize(
    ("name", "trials"),
    [("AZ4", 250), ("disorganised 0.3", 250), ("calcium 5 mM", 80), ("no buffer", 150)],
)
def test_every_quantity_is_within_a_tenth_or_the_error_of_particles(name, trials):
    condition = next(one for one in GRID if one.name == name)
    for row in compare(condition, trials=trials, seed=31):
        apart = abs(row.fast - row.particles)
        # the allowance of the study is two errors; here about 25 quantities, looked at together
        assert apart <= max(ALLOWED * abs(row.particles), 4.0 * row.standard_error), row


def test_a_single_sphere_far_from_the_membrane_shadows_as_its_series_says():
    # source at distance d from a reflecting sphere, field on the sphere: sum of (2l+1)/(l+1) R^l / d^(l+1) P_l(cos)
    radius, distance, height = 25.0, 60.0, 1e5
    centre = np.array([[0.0, 0.0, height]])
    cosine = np.array([1.0, 0.5, 0.0, -1.0])
    places = centre + radius * np.column_stack([np.sqrt(1.0 - cosine**2), 0.0 * cosine, cosine])
    field = shadow_of(centres_nm=centre, radius_nm=radius, sites_nm=places).field(
        centre + np.array([0.0, 0.0, distance])
    )
    order = np.arange(60)
    series = [
        sum((2 * n + 1) / (n + 1) * radius**n / distance ** (n + 1) * np.polynomial.legendre.Legendre.basis(n)(c)
            for n in order)
        for c in cosine
    ]  # fmt: skip
    np.testing.assert_allclose(field[:, 0], np.array(series) + 0.5 / height, rtol=5e-3)


def test_vesicles_change_nothing_far_away():
    centre = np.array([[0.0, 26.0, 35.1], [0.0, -26.0, 35.1]])
    far, source = np.array([[900.0, 0.0, 40.0]]), np.array([[10.0, 0.0, 0.0]])
    field = shadow_of(centres_nm=centre, radius_nm=25.0, sites_nm=far).field(source)
    np.testing.assert_allclose(field, plane_field(far, source), rtol=0.01)


@pytest.mark.parametrize("absorbing", [(False, False), (True, True), (False, True), (True, False)])
def test_images_and_modes_agree_where_they_meet_and_keep_the_ion_between_its_walls(absorbing):
    width = 300.0
    x = np.linspace(-100.0, 200.0, 601)
    # the series change over at 2 * 0.12 width^2
    spread = np.array([0.2399, 0.2401]) * width**2
    density = between_walls(
        place_nm=x, source_nm=np.array(40.0), walls_nm=(-100.0, 200.0), absorbing=absorbing, spread_nm2=spread
    )
    np.testing.assert_allclose(density[:, 0], density[:, 1], rtol=3e-3, atol=2e-6)
    kept = np.trapezoid(density, x, axis=0)
    assert (kept <= 1.0 + 1e-6).all()
    assert (abs(kept - 1.0) < 1e-6).all() == (not any(absorbing))


def test_modes_of_loss_sum_to_the_ions_that_stay_in_the_box():
    case = read_case("mouse_zone")
    loss, share = loss_modes(case)
    free_us = np.array([5.0, 20.0, 60.0])
    y = np.linspace(-300.0, 300.0, 2001)
    density = between_walls(
        place_nm=y, source_nm=np.array(16.0), walls_nm=(-300.0, 300.0), absorbing=(True, True),
        spread_nm2=2.0 * case.diffusion_um2_per_s * free_us,
    )  # fmt: skip
    stays = np.trapezoid(density, y, axis=0)
    np.testing.assert_allclose((share[0] * np.exp(-loss * free_us[:, None])).sum(axis=1), stays, atol=0.01)


def test_the_chance_that_no_channel_opens_is_that_of_the_master_equation():
    case = read_case("az4")
    exact = master_equation(channel_kind("pq"), case.action_potential, duration_ms=3.0)
    np.testing.assert_allclose(p_all_shut(build_schedule(case)), (1.0 - exact.p_opened) ** 4, rtol=1e-6)


def test_release_alone_equals_the_rules_applied_to_whole_trials():
    case = read_case("mouse_zone").broadened(1.5)
    rules = [DeterministicFusion(2), EnergyFusion(syt1_kt=13.0, second_kt=1.0)]
    alone = release(case, trials=6000, seed=5, rules=rules)
    ensemble = simulate(case, trials=4000, seed=6, engine="fast")
    whole = [
        (~np.isnan(fusion_times(ensemble, rules[0]))).astype(float),
        rules[1].chance(active_sensors(ensemble), ensemble),
    ]
    for row, chance in enumerate(whole):
        per_trial = chance.mean(axis=1)
        error = math.hypot(per_trial.std() / math.sqrt(per_trial.size), alone.standard_error[row].mean())
        assert abs(per_trial.mean() - alone.probability[row].mean()) < 4.0 * error
    first = fusion_times(ensemble, rules[0])
    fused = first[~np.isnan(first)]
    error = fused.std() / math.sqrt(fused.size) * 1.5
    assert abs(fused.mean() - alone.mean_latency_ms[0].mean()) < 4.0 * error + 0.01
    np.testing.assert_allclose(alone.density.sum(axis=2), alone.probability, atol=1e-9)


def test_ions_that_enter_are_those_of_the_master_equation():
    case = read_case("az4")
    exact = master_equation(channel_kind("pq"), case.action_potential, duration_ms=3.0)
    found = release(case, trials=20_000, seed=8, rules=DeterministicFusion(1))
    assert abs(found.ions - 4 * exact.ions[-1]) < 4.0 * 314.0 / math.sqrt(20_000 / found.p_opening)


def test_sites_bound_at_the_start_make_fusion_likelier_and_need_no_opening():
    case = read_case("mouse_zone")
    fresh, left = (release(case, trials=2000, seed=9, start_bound=start) for start in (None, 4.0))
    assert (left.probability > fresh.probability + 4.0 * left.standard_error).all()
    shut = release(case.with_external_calcium(0.0), trials=2000, seed=9, start_bound={"syt1": 8.0})
    assert (shut.probability > 0.0).all()


def test_resting_calcium_binds_as_in_equilibrium():
    case = read_case("az4").with_channels(0).with_resting_calcium(2.0)
    ensemble = simulate(case, trials=300, seed=10, engine="fast")
    bound = ensemble.bound_sites().mean(axis=(1, 2))
    half_umolar = 910.0 / 2.2e7 * 1e6
    expected = 30 * 2.0 / (2.0 + half_umolar)
    assert abs(bound.mean() - expected) < 4.0 * bound.std() / math.sqrt(bound.size)


def test_calcium_left_by_earlier_impulses_counts():
    case = read_case("az4").with_train(100.0, 3)
    ensemble = simulate(case, trials=300, seed=12, engine="fast")
    free, bound = ensemble.free_count.mean(axis=0), ensemble.bound_sites().mean(axis=(0, 1))
    peaks = [int(np.argmin(abs(ensemble.time_ms - onset - 9.9))) for onset in case.train[:2]]
    assert free[peaks[1]] > 1.7 * free[peaks[0]]
    assert bound[peaks[1]] > bound[peaks[0]]


def test_a_prepared_case_says_how_far_from_its_limits_it_is():
    validity = prepare(read_case("az4")).validity
    assert 0.015 < validity.buffer_full < 0.025  # 249 ions on 11,555 sites
    assert validity.near < 0.05
    assert 16.0 < validity.closest_nm < 17.0


def test_a_zone_that_hardly_ever_opens_is_sampled_as_it_comes():
    case = read_case("az4").with_duration(0.45)
    shut = release(case, trials=200, seed=13, rules=DeterministicFusion(1))
    assert 0.0 < shut.p_opening < 1e-3
    assert shut.probability.max() < 0.01
    assert shut.trials == 200
