"""Particles against closed forms: diffusion, steady profile, equilibria, master equations, orders of convergence."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.linalg import expm

from endplate.body.activezone import SensorKind, read_case, simulate
from endplate.body.activezone.particles import _kernels as k
from endplate.body.activezone.particles import prepare, run_trials
from endplate.body.activezone.particles.prepared import nm3_per_us, per_nm3
from endplate.body.activezone.simulate import sample_times
from endplate.body.activezone.snapshot import watch
from endplate.foundation.random import normal_quantiles, stream


def flown(case, start_nm, until_us, n, *, key, step_ns=None):
    """Return where n free ions are after a time, (n, 3); sensors are deaf."""
    prepared = prepare(case)
    numbers = prepared.numbers.copy()
    numbers[k.SENSOR_BOUND] = 0.0
    if step_ns is not None:
        numbers[k.STEP_US] = step_ns * 1e-3
    out = np.empty((n, 3))
    for ion in range(n):
        out[ion] = k.fly(
            key, ion, 0, 0.0, *start_nm, until_us, False, numbers, prepared.is_absorbing, False, prepared.centres,
            prepared.sites.per_vesicle, prepared.sites.place_nm, normal_quantiles(),
        )[2:5]  # fmt: skip
    return out


def box(case, *sides_nm):
    (x, y, z) = sides_nm
    return replace(case, box_nm=((-x / 2, x / 2), (-y / 2, y / 2), (0.0, z)))


def source(case, *, ions_per_ms, until_ms):
    kind = replace(case.kinds["source"], flux_per_ms=ions_per_ms, open_until_ms=until_ms)
    return replace(case, kinds={"source": kind})


def test_free_ions_diffuse_as_a_gaussian_in_three_dimensions():
    # a speck of a vesicle nearby, so that the flight is made of many steps of all lengths
    case = read_case("az4").with_vesicles([0]).with_buffer(umolar=0.0)
    case = replace(case, sensors=(), site_positions_nm=())
    case = replace(
        box(case, 2e4, 2e4, 2e4), vesicle_centres_nm=np.array([[60.0, 0.0, 1e4]]), vesicle_radius_nm=1.0, step_ns=0.01
    )
    n, t_us = 6000, 20.0
    moved = flown(case, (0.0, 0.0, 1e4), t_us, n, key=stream(1, "free")) - np.array([0.0, 0.0, 1e4])
    scaled = moved / math.sqrt(2.0 * 600.0 * t_us)
    assert abs(scaled.mean(axis=0)).max() < 4.5 / math.sqrt(n)
    assert abs(scaled.var(axis=0) - 1.0).max() < 4.5 * math.sqrt(2.0 / n)
    assert abs(np.cov(scaled.T) - np.diag(scaled.var(axis=0))).max() < 4.5 / math.sqrt(n) * 1.1
    assert stats.kstest((scaled**2).sum(axis=1), "chi2", args=(3,)).pvalue > 1e-5


def test_reflecting_walls_fold_a_long_step_into_the_exact_law():
    case = box(read_case("sc1").with_buffer(umolar=0.0), 100.0, 100.0, 100.0)
    z = flown(case, (10.0, 0.0, 20.0), 1.0, 8000, key=stream(2, "fold"))[:, 2]
    # cosine series of diffusion between two reflecting walls
    u = np.linspace(0.0, 100.0, 401)
    mode = np.arange(1, 60)
    decay = np.exp(-600.0 * (mode * math.pi / 100.0) ** 2)
    shape = np.cos(np.outer(u, mode) * math.pi / 100.0) * np.cos(mode * math.pi * 0.2)
    density = (1.0 + 2.0 * (shape * decay).sum(axis=1)) / 100.0
    cumulative = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(u))])
    assert stats.kstest(z, lambda x: np.interp(x, u, cumulative)).pvalue > 1e-5


def test_an_absorbing_face_takes_the_share_that_first_passage_says():
    case = source(read_case("sc1").with_buffer(umolar=0.0), ions_per_ms=4e5, until_ms=1e-3)
    case = replace(box(case, 2e4, 600.0, 2e4), absorbing_faces=frozenset({"y+"})).with_duration(0.041)
    result = simulate(case, trials=12, seed=3)
    absorbed, entered = result.fate[:, 3].sum(), result.ions_entered.sum()
    # one absorbing wall at distance 300 nm, one reflecting at 300 nm the other way: sine series, mean entry at 0.5 us
    mode = np.arange(60) + 0.5
    t_us, length = 40.5, 600.0
    weight = 2.0 / (math.pi * mode) * np.sin(math.pi * mode) * np.cos(math.pi * mode * 300.0 / length)
    left = float((weight * np.exp(-600.0 * (math.pi * mode / length) ** 2 * t_us)).sum())
    assert 0.2 < left < 0.95
    assert abs(absorbed / entered - (1.0 - left)) < 4.5 * math.sqrt(left * (1.0 - left) / entered)


def test_the_steady_profile_around_an_open_channel_is_that_of_a_point_source_with_a_sink():
    # a buffer that never lets go and is far from full is a sink: C = F / (2 pi D r) exp(-r / length)
    case = read_case("sc1").with_buffer(umolar=1e5, k_on_per_molar_s=2e6, k_off_per_s=0.0)
    rate = 1e5 * 1e-6 * 2e6 * 1e-6
    length, flux = math.sqrt(600.0 / rate), 0.5
    edges = np.array([0.0, 10.0, 20.0, 30.0, 45.0, 60.0, 90.0, 130.0, 180.0, 250.0])
    primitive = -length * (edges + length) * np.exp(-edges / length)  # of r exp(-r / length)
    expected = flux / 600.0 * np.diff(primitive)
    times = np.arange(0.05, 0.5, 0.01)
    prepared, counts, trials = prepare(case), np.zeros(edges.size - 1), 40
    for trial in range(trials):
        for shot in watch(case, times_ms=times, seed=4, trial=trial, prepared=prepared):
            counts += np.histogram(np.linalg.norm(shot.ions_nm, axis=1), edges)[0]
    mean = expected * trials * times.size
    # ions live 5 us and are looked at every 10: neighbours in time share exp(-2) of their number
    z = (counts - mean) / np.sqrt(mean * (1 + 2 * math.exp(-2)))
    assert mean.min() > 50
    assert abs(z).max() < 4.5, z


def closed_box():
    case = read_case("sc1").with_buffer(umolar=100.0, k_on_per_molar_s=1e8, k_off_per_s=1e4)
    return source(box(case, 100.0, 100.0, 100.0), ions_per_ms=2e5, until_ms=1e-4).with_duration(0.5)


def exchange(n, sites, t_us):
    """Return the chances of 0 ... n ions bound after a time, in a well-mixed closed box: exact."""
    bound = np.arange(n + 1)
    up = nm3_per_us(1e8) / 1e6 * (n - bound) * np.maximum(sites - bound, 0)
    down = 0.01 * bound
    rate = np.diag(up[:-1], -1) + np.diag(down[1:], 1)
    rate -= np.diag(rate.sum(axis=0))
    return expm(rate * t_us)[:, 0]


def test_exchange_with_the_buffer_in_a_closed_box_has_the_exact_mean_and_variance():
    case, sites = closed_box(), 60
    assert case.n_buffer_sites == sites
    result = simulate(case, trials=1500, seed=5, record_step_us=25.0)
    entered = result.ions_entered.sum(axis=(1, 2))
    for sample in (2, 4, 20):  # 50, 100, 500 us: on the way, and in equilibrium
        off, spread, fourth = 0.0, 0.0, 0.0
        squared = 0.0
        for n in np.unique(entered[entered > 0]):
            chance = exchange(int(n), sites, float(result.time_ms[sample]) * 1e3)
            free = n - np.arange(n + 1)
            mean = chance @ free
            mine = result.free_count[entered == n, sample].astype(float)
            variance = chance @ (free - mean) ** 2
            off += (mine - mean).sum()
            squared += ((mine - mean) ** 2).sum()
            spread += mine.size * variance
            fourth += mine.size * (chance @ (free - mean) ** 4 - variance**2)
        assert abs(off) < 4.5 * math.sqrt(spread)
        assert abs(squared - spread) < 4.5 * math.sqrt(fourth)


def test_the_resting_level_stays_in_equilibrium_with_the_buffer():
    case = box(read_case("az4"), 300.0, 300.0, 300.0).with_channels(0).with_duration(0.3)
    case = case.with_buffer(umolar=500.0, k_on_per_molar_s=1e8, k_off_per_s=1e4).with_resting_calcium(10.0)
    result = simulate(case, trials=60, seed=6, record_step_us=100.0)
    expected = per_nm3(1e-5) * case.free_volume_nm3
    bound = case.n_buffer_sites * 10.0 / 110.0
    assert abs(result.free_count.mean(axis=0) - expected).max() < 4.5 * math.sqrt(expected / 60)
    assert abs(result.fate[:, 1].mean() - bound) < 4.5 * math.sqrt(bound / 60) + 0.01 * bound


@pytest.mark.parametrize(("step_ns", "reach_nm"), [(10.0, 5.0), (20.0, 5.0), (10.0, 3.0), (10.0, 7.0)])
def test_a_well_mixed_box_binds_sensors_at_the_mass_action_rate_whatever_step_and_reaction_volume(step_ns, reach_nm):
    kind = SensorKind("syt1", 30, 5, k_on_per_molar_s=1e8, k_off_per_s=1e4)
    case = box(read_case("az4").with_vesicles([0]), 200.0, 200.0, 200.0).with_channels(0).with_buffer(umolar=0.0)
    case = replace(case, sensors=(kind,), step_ns=step_ns, duration_ms=0.2).with_resting_calcium(20.0)
    result = run_trials(
        prepare(case, reaction_radius_nm=reach_nm), case, seed=7, first=0, count=80, time_ms=sample_times(case, 50.0)
    )
    binds = ((result.bindings.change == 1) & (result.bindings.time_ms > 0.0)).sum()
    share = 20.0 / (20.0 + 100.0)
    expected = 80 * 30 * 1e8 * 20e-6 * 1e-3 * case.duration_ms * (1.0 - share)
    # a site that lets go and binds again alternates: its counts scatter less than Poisson
    assert abs(binds - expected) < 4.5 * math.sqrt(expected)
    bound = result.bindings.change.sum() / (80 * 30)
    assert abs(bound - share) < 4.5 * math.sqrt(share * (1 - share) / 2400)


def test_halving_the_step_changes_nothing_beyond_the_error():
    case = read_case("az4")
    coarse, fine = (simulate(case.with_step(step), trials=250, seed=8) for step in (10.0, 5.0))
    np.testing.assert_array_equal(coarse.ions_entered, fine.ions_entered)  # the same openings: only paths differ
    for measure in (lambda e: e.largest_bound().mean(axis=1), lambda e: e.bound_sites()[:, :, 60].mean(axis=1)):
        difference = measure(coarse) - measure(fine)
        assert abs(difference.mean()) < 4.5 * difference.std() / math.sqrt(250)
        assert difference.std() / math.sqrt(250) < 0.06 * measure(fine).mean()


def test_the_error_of_the_step_is_of_first_order():
    # ions that start below a vesicle, in the gap to the membrane, where the step errs most
    case = read_case("az4").with_vesicles([0]).with_buffer(umolar=0.0)
    start = case.vesicle_centres_nm[0] + 25.0 * np.array([0.0, -0.5, -math.sqrt(0.75)])
    n, height, error = 25_000, {}, {}
    for step in (320.0, 160.0, 80.0, 5.0):
        z = flown(case, start, 0.64, n, key=stream(9, "order", int(step)), step_ns=step)[:, 2]
        height[step], error[step] = z.mean(), z.std() / math.sqrt(n)
    off = {step: height[5.0] - height[step] for step in (320.0, 160.0, 80.0)}
    order = math.log2(off[320.0] / off[80.0]) / 2.0
    assert off[80.0] > 2.0 * error[80.0]  # the errors can be told apart
    assert 0.7 < order < 1.4


def test_the_error_of_the_buffer_grid_vanishes_with_its_edge():
    # sparse and fast: the sites around the source fill up, and a coarse voxel spreads that over too many
    case = read_case("sc1").with_buffer(umolar=20.0, k_on_per_molar_s=1e9, k_off_per_s=1e2).with_duration(0.51)
    time_ms, free, error = sample_times(case, 500.0), {}, {}
    for edge in (400.0, 100.0, 25.0, 12.5):
        result = run_trials(prepare(case, voxel_nm=edge), case, seed=10, first=0, count=250, time_ms=time_ms)
        free[edge] = result.free_count[:, 1].mean()
        error[edge] = result.free_count[:, 1].std() / math.sqrt(250)
    joint = 4.5 * math.hypot(error[25.0], error[12.5])
    assert abs(free[25.0] - free[12.5]) < joint
    assert free[12.5] - free[400.0] > 2.5 * error[400.0]
    assert abs(free[100.0] - free[12.5]) < abs(free[400.0] - free[12.5])


@pytest.mark.parametrize("name", ["az4", "sc1", "mouse_zone", "human_zone"])
def test_no_ion_is_lost_or_made(name):
    case = read_case(name)
    if name == "human_zone":
        case = case.with_clearance(2.0)
    result = simulate(case, trials=12, seed=12)
    entered = result.ions_entered.sum(axis=(1, 2))
    np.testing.assert_array_equal(result.fate.sum(axis=1), entered)
    np.testing.assert_array_equal(result.free_count[:, -1], result.fate[:, 0])
    on_sensors = np.bincount(result.bindings.trial, weights=result.bindings.change, minlength=12)
    np.testing.assert_array_equal(on_sensors, result.fate[:, 2])
    assert (result.fate[:, 3].sum() > 0) == bool(case.absorbing_faces)
    assert (result.fate[:, 4].sum() > 0) == (case.clearance_per_ms > 0)
