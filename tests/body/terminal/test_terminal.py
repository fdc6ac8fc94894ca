"""The terminal against exact mean-field recursions, the exact class-by-class scheme, and physiology."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body import terminal as room
from endplate.body.terminal import _kernels as k
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.random import normal_quantiles, stream
from endplate.foundation.records import Levers, ReleaseTable
from endplate.foundation.records.release import CHANNELS_PER_ZONE


def build(n=3000, levers=None, seed=1, units=1):
    edges = np.linspace(0, n, units + 1).astype(np.int64)
    return room.build_terminal(
        levers=levers or Levers(), unit_start=edges, junction_size=np.ones(n, np.float32), seed=seed, muscle="adm"
    )


def respond(terminal, state, times_ms, reads=None):
    times = [np.asarray(times_ms, float)] * state.n_groups
    mask = [np.ones(times[0].size, np.uint8) if reads is None else np.asarray(reads, np.uint8)] * state.n_groups
    course = room.follow(terminal, state, times, mask)
    quanta = np.empty((course.chance.shape[1], terminal.n_junctions), np.float32)
    spare = np.empty_like(quanta)
    for low in range(0, terminal.n_junctions, room.BLOCK):
        block = slice(low, min(low + room.BLOCK, terminal.n_junctions))
        part, rest = np.empty((2, quanta.shape[0], block.stop - low), np.float32)
        room.draw_quanta(terminal, state, course, block, part, rest)
        quanta[:, block], spare[:, block] = part, rest
    room.finish(state, course)
    return quanta, spare


def exact(terminal, times_ms, key):
    """Return quanta by the reference scheme: two binomial draws per class and impulse."""
    state = room.rested(terminal)
    times = np.asarray(times_ms, float)
    course = room.follow(terminal, state, [times], [np.ones(times.size, np.uint8)])
    plastic = np.zeros(k.N_STATE)
    factor, refill = np.empty((2, times.size))
    for i, time in enumerate(times):
        refill[i] = k.relax(plastic, terminal.constants, time - plastic[k.LAST_MS])
        factor[i] = k.plasticity(plastic, terminal.constants)
        plastic[k.LAST_MS] = time
        k.stimulate(plastic, terminal.constants, course.mean_quanta[0][i] / terminal.constants[k.REST_RELEASE])
    sites = np.ascontiguousarray(terminal.sites.T).astype(np.int64)
    quanta = np.empty((times.size, terminal.n_junctions), np.float32)
    k.exact_release(key, 0, 0, sites, terminal.hazard, factor, refill, sites.copy(), quanta)
    return quanta, course


def test_a_rested_healthy_terminal_releases_its_mean_quantal_content():
    terminal = build(20_000)
    quanta, _ = respond(terminal, room.rested(terminal), [0.0])
    error = quanta[0].std() / math.sqrt(quanta.shape[1])
    assert abs(quanta[0].mean() - terminal.rest_quantal_content) < 4.5 * error


@pytest.mark.parametrize("share", [1.0, 0.46])
@pytest.mark.parametrize(("rate", "count"), [(3.0, 10), (30.0, 25)])
def test_the_fast_scheme_equals_the_exact_one_in_mean_variance_and_covariance(share, rate, count):
    terminal = build(40_000, Levers(pq_channel_fraction=share))
    # one composition for all, so that scatter between junctions does not hide scatter within them
    terminal.sites[:] = np.round(terminal.sites.mean(axis=1, keepdims=True))
    terminal.mean_sites[:] = terminal.sites[:, 0]
    times = np.arange(count) * 1000.0 / rate
    reference, course = exact(terminal, times, stream(5, "exact"))
    quanta, _ = respond(terminal, room.rested(terminal), times)
    n = terminal.n_junctions
    np.testing.assert_allclose(quanta.mean(axis=1), reference.mean(axis=1), rtol=0.01)
    np.testing.assert_allclose(reference.mean(axis=1), course.mean_quanta[0], atol=5 * quanta.std() / math.sqrt(n))
    np.testing.assert_allclose(quanta.var(axis=1), reference.var(axis=1), rtol=0.05)
    # covariance: 5 % of the variance, and 4.5 standard errors of a covariance of n pairs
    allowed = 0.05 * reference.var(axis=1).mean() + 4.5 * reference.var(axis=1).mean() * math.sqrt(2.0 / n)
    difference = np.cov(quanta) - np.cov(reference)
    np.fill_diagonal(difference, 0.0)
    assert np.abs(difference).max() < allowed
    for lag in (1, 2, 3):  # the mean over a diagonal is known much better: depression must show in it
        fast, slow = (np.diag(np.cov(x), lag).mean() for x in (quanta, reference))
        assert abs(fast - slow) < 0.15 * abs(slow) + 0.006 * reference.var(axis=1).mean()


@pytest.mark.parametrize("threshold", [2.0, 5.0, 9.0])
def test_the_chance_to_exceed_a_threshold_is_that_of_the_exact_scheme(threshold):
    terminal = build(40_000, Levers(pq_channel_fraction=0.46))
    times = np.arange(4) * 333.0
    quanta, _ = respond(terminal, room.rested(terminal), times)
    reference, _ = exact(terminal, times, stream(6, "exact"))
    for fast, slow in zip(quanta, reference, strict=True):
        assert abs((fast > threshold).mean() - (slow > threshold).mean()) < 0.01


def test_impulses_that_nobody_reads_change_the_state_as_read_ones_do():
    terminal = build(20_000, Levers(pq_channel_fraction=0.5))
    times = np.append(np.arange(20) * 50.0, 1500.0)
    silent = np.zeros(21, np.uint8)
    silent[[0, -1]] = 1
    quiet, loud = room.rested(terminal), room.rested(terminal)
    few, _ = respond(terminal, quiet, times, silent)
    all_, _ = respond(terminal, loud, times)
    np.testing.assert_allclose(quiet.plasticity, loud.plasticity)
    np.testing.assert_allclose(quiet.docked, loud.docked)
    spread = all_[-1].std() / math.sqrt(terminal.n_junctions)
    assert abs(few[-1].mean() - all_[-1].mean()) < 6 * spread
    assert few[-1].var() == pytest.approx(all_[-1].var(), rel=0.06)


def test_results_do_not_depend_on_how_a_train_is_cut_into_calls():
    terminal = build(2000, Levers(pq_channel_fraction=0.5))
    times = np.arange(10) * 40.0
    whole, _ = respond(terminal, room.rested(terminal), times)
    state = room.rested(terminal)
    parts = [respond(terminal, state, piece)[0] for piece in (times[:3], times[3:4], times[4:])]
    np.testing.assert_array_equal(whole, np.concatenate(parts))


def test_results_do_not_depend_on_how_junctions_are_cut_into_groups():
    one = build(900, Levers(pq_channel_fraction=0.5), units=7)
    state, split = room.rested(one), room.rested(one)
    room.split_by_unit(split, one.n_units)
    times = np.arange(6) * 100.0
    np.testing.assert_array_equal(respond(one, state, times)[0], respond(one, split, times)[0])


def test_compiled_kernels_equal_their_python_source():
    terminal = build(60, Levers(pq_channel_fraction=0.5))
    state = room.rested(terminal)
    times = np.arange(4) * 30.0
    course = room.follow(terminal, state, [times], [np.ones(4, np.uint8)])
    fast, slow = np.zeros((2, 2, 4, 60), np.float32)
    arguments = (terminal.key, 0, np.array([0, 25, 60]), np.zeros(2, np.int64), course.reads, terminal.sites,
                 course.chance, course.link, normal_quantiles())  # fmt: skip
    left, right = np.zeros((2, 3, 60))
    k.release(*arguments, left, np.empty((4, 35)), np.empty((4, 35), np.uint32), *fast)
    k.release.py_func(*arguments, right, np.empty((4, 35)), np.empty((4, 35), np.uint32), *slow)
    np.testing.assert_array_equal(fast, slow)
    np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("name", ["relax", "stimulate", "plasticity"])
def test_compiled_plasticity_equals_its_python_source(name):
    constants = build(10).constants
    pair = [np.linspace(0.1, 0.8, k.N_STATE), np.linspace(0.1, 0.8, k.N_STATE)]
    rest = {"relax": (constants, 12.5), "stimulate": (constants, 0.7), "plasticity": (constants,)}[name]
    kernel = getattr(k, name)
    assert kernel(pair[0], *rest) == kernel.py_func(pair[1], *rest)
    np.testing.assert_array_equal(*pair)


def test_compiled_composition_and_course_equal_their_python_source():
    shares = np.array([0.1, 0.2, 0.3, 0.3, 0.1])
    fast, slow = np.zeros((2, 10, 30), np.float32)
    k.compose(stream(1, "c"), np.full(30, 200.0), 0.2, shares, 2.0, 0.1, fast)
    k.compose.py_func(stream(1, "c"), np.full(30, 200.0), 0.2, shares, 2.0, 0.1, slow)
    np.testing.assert_array_equal(fast, slow)
    terminal = build(50, Levers(pq_channel_fraction=0.5))
    results = []
    for function in (k.group_course, k.group_course.py_func):
        state = room.rested(terminal)
        chance, link, mean = np.zeros((3, terminal.hazard.size)), np.zeros((3, k.N_LINK)), np.zeros(5)
        function(np.arange(5) * 80.0, np.array([1, 0, 1, 1, 0], np.uint8), terminal.hazard, terminal.mean_sites,
                 terminal.mode, terminal.constants, state.plasticity[0], state.docked[0], state.memory[0],
                 chance, link, mean)  # fmt: skip
        results.append((chance, link, mean, state.docked))
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


def test_docked_sites_follow_the_two_state_recursion_without_plasticity():
    terminal = build(10)
    constants = terminal.constants.copy()
    for index in (k.STEP_FAST, k.STEP_SLOW, k.STEP_AUGMENTATION, k.STEP_POTENTIATION, k.STEP_REFILL, k.STEP_FATIGUE):
        constants[index] = 0.0
    state = room.rested(terminal)
    mean = np.zeros(8)
    k.group_course(np.arange(8) * 333.0, np.zeros(8, np.uint8), terminal.hazard, terminal.mean_sites, terminal.mode,
                   constants, state.plasticity[0], state.docked[0], state.memory[0], np.zeros((0, 2)),
                   np.zeros((0, k.N_LINK)), mean)  # fmt: skip
    p = 1.0 - np.exp(-terminal.hazard)
    refilled = 1.0 - math.exp(-333.0 / constants[k.TAU_DOCKING])
    full = np.ones_like(p)
    for quanta in mean:
        assert quanta == pytest.approx(float(terminal.mean_sites @ (full * p)), rel=1e-12)
        full = full * (1.0 - p) + refilled * (1.0 - full * (1.0 - p))


def test_long_rest_brings_everything_back():
    terminal = build(4000, Levers(pq_channel_fraction=0.5))
    state = room.rested(terminal)
    respond(terminal, state, np.arange(100) * 20.0)
    quanta, _ = respond(terminal, state, [4_000_000.0])
    error = quanta[0].std() / math.sqrt(terminal.n_junctions)
    assert abs(quanta[0].mean() - terminal.rest_quantal_content) < 4.5 * error


@given(
    share=st.floats(0, 1), broadening=st.floats(0.5, 3), calcium=st.floats(0.5, 5), magnesium=st.floats(0, 10),
    disorganisation=st.floats(0, 1), rate=st.floats(0.1, 100),
)  # fmt: skip
@settings(deadline=None, max_examples=40)
def test_a_terminal_never_releases_more_than_it_holds(share, broadening, calcium, magnesium, disorganisation, rate):
    levers = Levers(
        pq_channel_fraction=share, broadening=broadening, external_calcium_mmolar=calcium,
        magnesium_mmolar=magnesium, zone_disorganisation=disorganisation,
    )  # fmt: skip
    terminal = build(40, levers)
    quanta, _ = respond(terminal, room.rested(terminal), np.arange(12) * 1000.0 / rate)
    assert quanta.min() >= 0
    assert (quanta <= terminal.sites.sum(axis=0) + 8).all()  # the normal approximation may overshoot by a few
    assert np.isfinite(quanta).all()


@pytest.mark.parametrize("rate", [0.1, 1.0, 5.0, 20.0, 50.0, 100.0])
def test_release_stays_finite_and_positive_for_a_minute_at_any_rate(rate):
    terminal = build(50)
    times = np.arange(max(int(60 * rate), 2)) * 1000.0 / rate
    course = room.follow(terminal, room.rested(terminal), [times], [np.zeros(times.size, np.uint8)])
    assert course.mean_quanta[0].min() > 1.0
    assert course.mean_quanta[0].max() < values_of("body/terminal")["zones_per_junction"] * 2


def test_fewer_channels_release_less_at_rest_and_every_terminal_releases_more_after_an_effort():
    gains, rests = {}, []
    for share in (1.0, 0.7, 0.5, 0.3):
        terminal = build(200, Levers(pq_channel_fraction=share))
        times = np.append(np.arange(250) * 40.0, 11_500.0)
        mean = room.follow(terminal, room.rested(terminal), [times], [np.zeros(251, np.uint8)]).mean_quanta[0]
        rests.append(mean[0])
        gains[share] = mean[-1] / mean[0]
    assert rests == sorted(rests, reverse=True)
    assert min(gains.values()) > 1.0


def test_external_calcium_and_channels_are_two_levers():
    table = room.reduced_release_table()
    assert isinstance(table, ReleaseTable)
    base = {"broadening": 1.0, "magnesium_mmolar": 0.55, "disorganisation": 0.0, "substitute_channels": 0.0}
    low, high = (table.hazard(external_calcium_mmolar=c, **base)[4] for c in (0.2, 0.3))
    entry = [room.calcium_entry(external_calcium_mmolar=c, magnesium_mmolar=0.55, broadening=1.0) for c in (0.2, 0.3)]
    assert math.log(high / low) / math.log(entry[1] / entry[0]) == pytest.approx(table.calcium_exponent)
    rest = table.hazard(external_calcium_mmolar=1.2, **base)
    assert rest[4] == pytest.approx(1.0)
    assert math.log(rest[2] / rest[4]) / math.log(0.5) == pytest.approx(table.channel_exponent)


def test_magnesium_and_disorganisation_lower_release_and_substitutes_raise_it():
    def content(**moved):
        return build(500, Levers(pq_channel_fraction=0.5).moved(**moved)).rest_quantal_content

    plain = content()
    assert content(magnesium_mmolar=4.0) < plain
    assert content(zone_disorganisation=0.5) < plain
    assert content(l_type_fraction=0.3) > plain
    assert content(n_type_fraction=0.3) > plain
    assert content(broadening=1.3) > plain
    assert content(release_machinery=0.2) < plain
    assert content(docked_vesicles=1.4) > plain


def test_a_terminal_without_channels_releases_nothing():
    terminal = build(100, Levers(pq_channel_fraction=0.0))
    quanta, _ = respond(terminal, room.rested(terminal), np.arange(5) * 100.0)
    assert quanta.max() == 0.0


def test_impulses_out_of_order_or_too_fast_are_refused():
    terminal = build(10)
    state = room.rested(terminal)
    mask = [np.zeros(2, np.uint8)]
    with pytest.raises(InputError, match="ascend"):
        room.follow(terminal, state, [np.array([5.0, 1.0])], mask)
    with pytest.raises(InputError, match="faster than 200 Hz"):
        room.follow(terminal, state, [np.array([5.0, 6.0])], mask)
    with pytest.raises(InputError, match="groups"):
        room.follow(terminal, state, [np.array([5.0])] * 2, [np.zeros(1, np.uint8)] * 2)


def test_marks_of_what_is_read_must_match_the_impulses():
    terminal = build(10)
    with pytest.raises(InputError, match="one entry per impulse"):
        room.follow(terminal, room.rested(terminal), [np.array([5.0, 50.0])], [np.ones(1, np.uint8)])


@pytest.mark.parametrize("mean", [1.0, 4.0, 7.0])
def test_where_every_site_releases_the_count_is_the_number_of_sites(mean):
    n = 50
    word = np.linspace(0, 2**32 - 1, n).astype(np.uint32)
    count = np.zeros(n)
    k.count_small(np.full(n, mean), 0.0, word, np.empty(n), np.empty(n), count)
    np.testing.assert_array_equal(count[1:-1], mean)


def test_a_terminal_of_few_sites_empties_them_all_when_calcium_is_extreme():
    terminal = build(2000, Levers(release_machinery=0.01, broadening=3.0, external_calcium_mmolar=5.0))
    quanta, _ = respond(terminal, room.rested(terminal), [0.0])
    np.testing.assert_allclose(quanta[0], terminal.sites.sum(axis=0), atol=1)


def test_the_documented_channels_per_zone_are_those_of_the_release_table():
    assert values_of("body/terminal")["channels_per_zone"] == CHANNELS_PER_ZONE
