"""The particle engine: its kernels against their source, its queue, provenance, extensions, trains and fusion."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body.activezone import (
    DeterministicFusion,
    EnergyFusion,
    active_sensors,
    fusion_times,
    impulse_window,
    read_case,
    simulate,
)
from endplate.body.activezone.ensemble import Bindings
from endplate.body.activezone.fusion import sensor_of_site
from endplate.body.activezone.particles import Trial, prepare
from endplate.body.activezone.particles import _kernels as k
from endplate.body.activezone.particles.prepared import reaction_volume_nm3
from endplate.body.activezone.particles.resting import _kernels as resting
from endplate.body.activezone.particles.trial import _kernels as queue
from endplate.foundation.random import normal_quantiles, stream

TRIAL = 3  # channels open in it
coordinate = st.floats(-5000.0, 5000.0)


def flights(fly, case, n=12):
    prepared = prepare(case)
    return [
        fly(
            stream(5, "twin"), ion, 0, 0.0, 19.0, 16.0, 0.0, 40.0, False, prepared.numbers, prepared.is_absorbing,
            bool(case.absorbing_faces), prepared.centres, prepared.sites.per_vesicle, prepared.sites.place_nm,
            normal_quantiles(),
        )
        for ion in range(n)
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["az4", "mouse_zone"])
def test_compiled_flights_equal_their_python_source(name):
    case = read_case(name).with_clearance(20.0)
    assert flights(k.fly, case) == flights(k.fly.py_func, case)


def trial_arrays(work):
    n = int(work.count[0])
    ions = int(work.count[2:7].sum())
    return (
        work.count.copy(), work.position[:ions].copy(), work.state[:ions].copy(), work.event_time[:n].copy(),
        work.event_site[:n].copy(), work.event_sign[:n].copy(), work.event_ion[:n].copy(), work.occupied.copy(),
    )  # fmt: skip


def test_a_compiled_trial_equals_its_python_source(monkeypatch):
    case = read_case("mouse_zone").with_duration(0.9).with_resting_calcium(0.5)
    prepared, seed = prepare(case), 3
    numbers = prepared.numbers.copy()
    numbers[k.SAMPLE_US] = 20.0
    openings = prepared.schedule.openings(seed, TRIAL)
    entry_ms, channel, _ = prepared.schedule.entries(seed, TRIAL, openings)
    assert entry_ms.size > 10
    seen = []
    for source in ("compiled", "python"):
        if source == "python":
            for room, names in (
                (queue, ("run_trial", "push", "drop_first", "sample_after", "choose_site")),
                (resting, ("place_free", "place_on_buffer", "place_on_sensors", "put")),
            ):
                for name in names:
                    monkeypatch.setattr(room, name, getattr(room, name).py_func)
        work, free = Trial(prepared, case, snapshot_ms=np.array([0.7, 0.8])), np.zeros(46, np.int64)
        work.run(seed=seed, trial=TRIAL, entry_ms=entry_ms, channel=channel, numbers=numbers, free_change=free)
        seen.append((*trial_arrays(work), free, work.snapshot_row[: int(work.count[7])].copy()))
    for fast, slow in zip(*seen, strict=True):
        np.testing.assert_array_equal(fast, slow)


@given(x=coordinate, low=st.floats(-400, 0), length=st.floats(1, 800))
@settings(deadline=None)
def test_folding_stays_in_the_box_and_equals_its_source(x, low, length):
    folded = k.fold(x, low, low + length)
    assert folded == k.fold.py_func(x, low, low + length)
    assert low - 1e-9 <= folded <= low + length + 1e-9


@given(
    start=st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.floats(0.01, 150)),
    step=st.tuples(st.floats(-30, 30), st.floats(-30, 30), st.floats(-30, 30)),
)
@settings(deadline=None, max_examples=200)
def test_a_bounce_never_ends_inside_a_vesicle_or_beyond_the_membrane(start, step):
    prepared = prepare(read_case("az4"))
    if not k.is_outside(*start, 25.0, prepared.centres):
        return
    arguments = (*start, *step, 25.0, prepared.centres, prepared.numbers, prepared.is_absorbing)
    end = k.bounce(*arguments)
    assert end == k.bounce.py_func(*arguments)
    assert k.is_outside(*end, 25.0 - 1e-6, prepared.centres)
    assert end[2] >= -1e-9
    assert math.dist(start, end) <= math.hypot(*step) * (1 + 1e-9) + 1e-9


def test_mirrors_keep_a_uniform_cloud_uniform():
    # 20 steps of the reference length around one vesicle: shells keep their share of ions
    case = read_case("az4").with_vesicles([0])
    prepared, rng = prepare(case), np.random.default_rng(1)
    cloud = rng.uniform((-60.0, -34.0, 0.0), (60.0, 86.0, 95.0), size=(4000, 3))
    cloud = cloud[np.linalg.norm(cloud - prepared.centres[0], axis=1) > 25.0]
    numbers = prepared.numbers.copy()
    numbers[k.X_LOW : k.X_LOW + 3], numbers[k.X_HIGH : k.X_HIGH + 3] = (-60.0, -34.0, 0.0), (60.0, 86.0, 95.0)
    edges = np.array([25.0, 27.0, 30.0, 35.0, 200.0])
    before = np.histogram(np.linalg.norm(cloud - prepared.centres[0], axis=1), edges)[0]
    for _ in range(20):
        for row in cloud:
            row[:] = k.bounce(*row, *rng.normal(0.0, 3.46, 3), 25.0, prepared.centres, numbers, prepared.is_absorbing)
    after = np.histogram(np.linalg.norm(cloud - prepared.centres[0], axis=1), edges)[0]
    assert after.sum() == before.sum()
    assert abs((after - before) / np.sqrt(before + after)).max() < 4.5


@given(times=st.lists(st.floats(0, 100), min_size=1, max_size=60))
@settings(deadline=None)
def test_the_queue_gives_back_in_order_of_time(times):
    heap_time, heap_ion = np.empty(64), np.empty(64, np.int64)
    size = 0
    for ion, time in enumerate(times):
        size = queue.push(heap_time, heap_ion, size, time, ion)
    taken = []
    while size:
        assert times[heap_ion[0]] == heap_time[0]
        taken.append(heap_time[0])
        size = queue.drop_first(heap_time, heap_ion, size)
    assert taken == sorted(times)


@given(mean=st.floats(0.001, 50), voxels=st.integers(1, 500))
@settings(deadline=None)
def test_voxels_hold_whole_sites_that_add_up_to_the_total(mean, voxels):
    sites = [k.capacity(voxel, mean) for voxel in range(voxels)]
    assert sites == [k.capacity.py_func(voxel, mean) for voxel in range(voxels)]
    assert abs(sum(sites) - mean * voxels) <= 1.0
    assert 0 <= min(sites) <= max(sites) <= math.ceil(mean)


def test_small_kernels_equal_their_source():
    prepared = prepare(read_case("mouse_zone"))
    sites = prepared.sites
    rng = np.random.default_rng(2)
    for x, y, z in rng.uniform((-60, -60, 0), (60, 60, 90), (200, 3)):
        place = (x, y, z, prepared.numbers, prepared.voxels, prepared.voxels_per_nm)
        assert k.voxel_of(*place) == k.voxel_of.py_func(*place)
        near = (x, y, z, 5.0, 25.0, prepared.centres, sites.per_vesicle, sites.place_nm)
        assert k.touches_site(*near) == k.touches_site.py_func(*near)
        outside = (x, y, z, 25.0, prepared.centres)
        assert k.is_outside(*outside) == k.is_outside.py_func(*outside)
        crossing = (x, y, 30.0, 400.0, 0.3)
        assert k.crosses(*crossing) == k.crosses.py_func(*crossing)
    word = np.uint64(123456789)
    assert k.between(word, -1.0, 3.0) == k.between.py_func(word, -1.0, 3.0)


def test_the_reaction_volume_is_a_ball_without_the_vesicle_and_what_else_cuts_it():
    case = read_case("az4")
    for radius in (2.0, 5.0, 8.0):
        site = case.site_positions_nm[0][0][0]
        exact = reaction_volume_nm3(site, 0, case, radius)
        points = np.random.default_rng(3).uniform(-radius, radius, (100_000, 3))
        inside = (points**2).sum(axis=1) < radius**2
        free = inside & (np.linalg.norm(points + site - case.vesicle_centres_nm[0], axis=1) > 25.0)
        assert abs(free.mean() * (2 * radius) ** 3 / exact - 1) < 0.02
    low = replace(case, vesicle_centres_nm=case.vesicle_centres_nm - np.array([0.0, 0.0, 9.0]),
                  site_positions_nm=tuple(s - np.array([0.0, 0.0, 9.0]) for s in case.site_positions_nm))  # fmt: skip
    cut = reaction_volume_nm3(low.site_positions_nm[0][0][0], 0, low, 5.0)
    whole = reaction_volume_nm3(case.site_positions_nm[0][0][0], 0, case, 5.0)
    assert 0.2 * whole < cut < 0.9 * whole  # the membrane takes a part


def test_every_bound_ion_remembers_its_channel_and_its_impulse():
    case = read_case("az4").with_train(100.0, 2)
    result = simulate(case, trials=40, seed=4)
    events = result.bindings
    entered = result.ions_entered[events.trial, events.channel, events.impulse]
    assert (entered > 0).all()
    assert (events.time_ms >= np.asarray(case.train)[events.impulse]).all()
    alone = simulate(case.with_channels([2]), trials=40, seed=4).bindings
    assert set(alone.channel) == {0}
    near = simulate(read_case("az4").with_channels([0]), trials=150, seed=4)
    ups = near.bindings.vesicle[near.bindings.change == 1]
    assert (ups == 0).sum() > 1.5 * (ups == 1).sum()  # the channel stands beside the first vesicle


def test_a_zone_without_channels_stays_silent():
    result = simulate(read_case("mouse_zone").with_channels(0), trials=3, seed=1)
    assert result.ions_entered.size == 0
    assert result.bindings.time_ms.size == 0
    assert np.isnan(fusion_times(result)).all()
    assert not result.free_count.any()


def test_clearance_takes_free_ions_with_its_rate():
    case = read_case("sc1").with_buffer(umolar=0.0).with_clearance(4.0)
    result = simulate(case, trials=60, seed=2, record_step_us=50.0)
    t = result.time_ms
    expected = np.where(t <= 0.5, 125.0 * (1 - np.exp(-4 * t)), 125.0 * (1 - math.exp(-2)) * np.exp(-4 * (t - 0.5)))
    error = np.sqrt(np.maximum(expected, 1.0) / 60)
    assert (abs(result.free_count.mean(axis=0) - expected) < 4.5 * error).all()


def test_ions_of_the_resting_level_are_told_apart_and_never_leave():
    case = read_case("mouse_zone").with_channels(0).with_resting_calcium(1.0).with_clearance(5.0).with_duration(0.3)
    result = simulate(case, trials=6, seed=3, record_step_us=100.0)
    assert result.fate[:, 3:].sum() == 0
    assert set(result.bindings.channel) <= {-1}
    assert set(result.bindings.impulse) <= {-1}
    bound = result.bound_sites("second")[:, :, 0].mean() / 18
    share = 10.0 / (10.0 + 15.0)  # 1 umol/l times 1e7 /M/s against 15 /s
    assert abs(bound - share) < 4.5 * math.sqrt(share * (1 - share) / (6 * 2 * 18))


def test_a_train_of_ten_impulses_leaves_residual_calcium_on_the_sensors():
    case = read_case("mouse_zone").with_train(100.0, 10)
    result = simulate(case, trials=24, seed=5, record_step_us=1000.0)
    per_impulse = result.ions_entered.sum(axis=1)
    assert per_impulse.shape == (24, 10)
    assert abs(per_impulse.mean() - 249.0) < 4.5 * per_impulse.std() / math.sqrt(per_impulse.size)
    slow = result.bound_sites("second").mean(axis=(0, 1))
    assert slow[93] > 3 * slow[8] > 0  # 15 /s lets go slowly: impulses add up
    late = result.bindings.impulse[result.bindings.time_ms > 90.0]
    assert (late < 9).any()


def test_a_larger_train_holds_its_ions_and_events_without_losing_any():
    case = read_case("az4").with_train(200.0, 10)
    result = simulate(case, trials=1, seed=3, record_step_us=5000.0)
    assert result.bindings.time_ms.size > 100
    assert result.fate.sum() == result.ions_entered.sum() > 1000


def scripted(case, rows):
    """Return an ensemble of one trial whose sensor events are given: (time, site, change), all of vesicle 0."""
    empty = simulate(case.with_duration(3.0), trials=1, seed=1)
    time, site, change = (np.array([row[i] for row in rows]) for i in range(3))
    zero = np.zeros(len(rows), np.int64)
    events = Bindings(zero, zero, zero, site.astype(np.int64), time.astype(float), change.astype(np.int64), zero, zero)
    return replace(empty, bindings=events)


def test_a_synaptotagmin_is_active_with_two_of_its_five_sites():
    case = read_case("az4")
    member = sensor_of_site(case)[0][0]
    one, other = (np.flatnonzero(member == syt) for syt in (0, 3))
    rows = [(0.5, one[0], 1), (0.6, other[0], 1), (0.7, one[1], 1), (0.8, one[2], 1), (0.9, one[0], -1),
            (1.0, one[1], -1), (1.1, other[1], 1), (1.2, one[4], 1)]  # fmt: skip
    result = scripted(case, rows)
    active = active_sensors(result)
    assert active.active[:, 0].tolist() == [0, 0, 1, 1, 1, 0, 1, 2]
    assert active.end_ms[-1] == 3.0
    assert fusion_times(result, DeterministicFusion(n_active=1))[0].tolist()[0] == 0.7
    assert fusion_times(result, DeterministicFusion(n_active=2))[0, 0] == 1.2
    assert np.isnan(fusion_times(result, DeterministicFusion(n_active=3))).all()


def test_sites_of_a_sensor_are_neighbours_in_azimuth():
    case = read_case("mouse_zone")
    syt, second = sensor_of_site(case)
    offset = case.site_positions_nm[0] - case.vesicle_centres_nm[:, None]
    azimuth = np.arctan2(offset[:, :, 1], offset[:, :, 0])
    for v in range(2):
        order = np.argsort(azimuth[v])
        assert (np.diff(syt[v][order]) >= 0).all()
        assert sorted(second[v]) == list(range(18))


def test_the_energy_rule_has_the_hazard_of_its_energy():
    case = read_case("az4")
    one = np.flatnonzero(sensor_of_site(case)[0][0] == 2)
    result = scripted(case, [(1.0, one[0], 1), (1.0, one[1], 1)])
    rule = EnergyFusion(syt1_kt=33.0)
    active = active_sensors(result)
    hazard = 2000.0 * math.exp(33.0 - 40.0)
    assert abs(rule.chance(active, result)[0, 0] - (1.0 - math.exp(-hazard * 2.0))) < 1e-12
    drawn = np.array([rule.fusion_ms(active, replace(result, seed=seed))[0, 0] for seed in range(3000)])
    share = 1.0 - math.exp(-hazard * 2.0)
    assert abs((~np.isnan(drawn)).mean() - share) < 4.5 * math.sqrt(share * (1 - share) / 3000)
    early = 1.0 - math.exp(-hazard * 0.2)
    assert abs((drawn < 1.2).mean() - early) < 4.5 * math.sqrt(early * (1 - early) / 3000)
    assert np.nanmin(drawn) >= 1.0
    # more energy than the barrier: at most one attempt each 0.5 us
    assert EnergyFusion(syt1_kt=60.0).hazard_per_ms(np.array([[1]]), result)[0] == 2000.0


def test_drawn_fusions_have_the_mean_of_their_chances():
    result = simulate(read_case("mouse_zone"), trials=150, seed=9)
    rule = EnergyFusion(syt1_kt=13.0, second_kt=3.0)
    chance = rule.chance(active_sensors(result), result)
    drawn = ~np.isnan(fusion_times(result, rule))
    assert abs(drawn.mean() - chance.mean()) < 4.5 * math.sqrt((chance * (1 - chance)).sum()) / chance.size + 1e-12


def test_fusion_can_be_asked_of_one_impulse_of_a_train():
    case = read_case("az4").with_train(100.0, 2)
    result = simulate(case, trials=60, seed=6)
    first, second = (fusion_times(result, DeterministicFusion(2), impulse=i) for i in (0, 1))
    low, high = impulse_window(case, 1)
    assert ((second >= low) & (second < high))[~np.isnan(second)].all()
    assert (first < low)[~np.isnan(first)].all()
    whole = fusion_times(result, DeterministicFusion(2))
    np.testing.assert_array_equal(whole, np.where(np.isnan(first), second, first))
