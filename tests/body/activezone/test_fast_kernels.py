"""Kernels of the fast engine: compiled equals interpreted, order of events, same seed, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body.activezone import DeterministicFusion, EnergyFusion, read_case, simulate
from endplate.body.activezone.ensemble import BINDING_FIELDS
from endplate.body.activezone.fast import _kernels, prepare, release
from endplate.body.activezone.fast.trial import _kernels as trial_kernels
from endplate.foundation.errors import InputError, UnknownNameError
from endplate.foundation.random import stream

EVERYTHING = (
    read_case("mouse_zone").with_resting_calcium(1.0).with_train(200.0, 2).with_duration(7.0).with_clearance(0.1)
)


@pytest.fixture
def interpreted(monkeypatch):
    """Every kernel of the engine as Python, down to the draws of the foundation."""
    for module in (_kernels, trial_kernels):
        for name in dir(module):
            function = getattr(module, name)
            inner = getattr(function, "py_func", None)
            if inner is not None and inner.__module__ in (_kernels.__name__, trial_kernels.__name__):
                monkeypatch.setattr(module, name, inner)


def whole_trials():
    return simulate(EVERYTHING, trials=3, seed=4, engine="fast", threads=1)


def release_alone():
    return release(EVERYTHING, trials=4, seed=4, rules=[DeterministicFusion(1), EnergyFusion(14.0, 5.0)], threads=1)


@pytest.fixture(scope="module")
def compiled():
    return whole_trials(), release_alone()


def test_compiled_trials_equal_their_python_source(compiled, interpreted):
    assert not hasattr(trial_kernels.run_given, "py_func")
    slow = whole_trials()
    for name in BINDING_FIELDS:
        np.testing.assert_array_equal(getattr(slow.bindings, name), getattr(compiled[0].bindings, name))
    np.testing.assert_allclose(slow.free_count, compiled[0].free_count, rtol=1e-6, atol=1e-6)
    assert slow.bindings.trial.size > 20


def test_compiled_release_equals_its_python_source(compiled, interpreted):
    slow = release_alone()
    np.testing.assert_array_equal(slow.probability, compiled[1].probability)
    np.testing.assert_array_equal(slow.density, compiled[1].density)


@given(rises=st.lists(st.floats(0, 5), min_size=1, max_size=200), share=st.floats(0, 1))
@settings(deadline=None, max_examples=100)
def test_the_row_of_a_hazard_is_the_one_in_which_it_is_reached(rises, share):
    cumulated = np.concatenate([[0.0], np.cumsum(rises)])
    target = share * cumulated[-1]
    row = _kernels.next_row(cumulated, target, 0)
    assert row == min(int(np.searchsorted(cumulated, target, side="right")) - 1, len(rises))


def test_stays_in_the_buffer_have_the_mean_and_variance_of_their_sum():
    # Poisson(m) stays of mean 1/k: mean m/k, variance 2 m/k^2; small and large m draw in different ways
    for mean_stays in (0.3, 6.0, 18.0, 60.0):
        drawn = np.array([_kernels.bound_time(stream(1, "stays"), i, 0, mean_stays, 0.01)[0] for i in range(4000)])
        error = np.sqrt(2.0 * mean_stays) / 0.01 / np.sqrt(drawn.size)
        assert abs(drawn.mean() - mean_stays / 0.01) < 4.5 * error
        assert abs(drawn.var() / (2.0 * mean_stays / 0.01**2) - 1.0) < 0.25


def test_the_pool_settles_at_buffer_equilibrium_and_keeps_every_ion():
    paths = prepare(read_case("az4")).paths
    entered = np.zeros((1, 400))
    entered[0, :10] = 100.0
    free, full = np.zeros(401), np.zeros(401)
    _kernels.fill_pool(paths, entered, free, full)
    on_buffer = full[-1] * paths.buffer_sites
    assert abs(free[-1] + on_buffer - 1000.0) < 1e-6
    wanted = paths.capture_per_us * (1.0 - full[-1]) * free[-1]
    np.testing.assert_allclose(paths.release_per_us * on_buffer, wanted, rtol=1e-3)


def test_results_do_not_depend_on_threads_or_on_the_number_of_trials():
    case = read_case("mouse_zone")
    one, two = (simulate(case, trials=70, seed=3, engine="fast", threads=n) for n in (1, 2))
    part = simulate(case, trials=40, seed=3, engine="fast", threads=2)
    for name in BINDING_FIELDS:
        np.testing.assert_array_equal(getattr(one.bindings, name), getattr(two.bindings, name))
        np.testing.assert_array_equal(getattr(one.first_trials(40).bindings, name), getattr(part.bindings, name))
    alone, together = (release(case, trials=1100, seed=3, threads=n) for n in (1, 2))
    np.testing.assert_array_equal(alone.probability, together.probability)
    assert release(case, trials=1100, seed=4).probability.tolist() != alone.probability.tolist()


def test_openings_and_ions_are_those_of_the_particles():
    case = read_case("az4").with_duration(1.0)
    fast, particles = (simulate(case, trials=20, seed=5, engine=engine) for engine in ("fast", "particles"))
    np.testing.assert_array_equal(fast.ions_entered, particles.ions_entered)
    np.testing.assert_array_equal(fast.openings.start_ms, particles.openings.start_ms)


def test_an_interrupted_ensemble_goes_on_where_it_was(tmp_path):
    case, file = read_case("mouse_zone"), tmp_path / "trials.npz"
    simulate(case, trials=20, seed=6, engine="fast", file=file)
    resumed = simulate(case, trials=50, seed=6, engine="fast", file=file)
    whole = simulate(case, trials=50, seed=6, engine="fast")
    np.testing.assert_array_equal(resumed.bindings.time_ms, whole.bindings.time_ms)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (read_case("az4").with_train(100.0, 40), "fills .* of the buffer"),
        (read_case("mouse_zone").with_buffer(umolar=8000.0, k_off_per_s=100.0), "between channels and sensors"),
    ],
)
def test_a_case_outside_the_range_is_refused_with_the_way_out(case, words):
    with pytest.raises(InputError, match=words) as error:
        prepare(case)
    assert 'engine="particles"' in str(error.value)
    with pytest.raises(InputError):
        simulate(case, trials=1, seed=1, engine="fast")


def test_sensors_that_catch_most_ions_and_channels_at_a_site_are_refused():
    case = read_case("az4")
    greedy = replace(case.sensors[0], k_on_per_molar_s=20.0 * case.sensors[0].k_on_per_molar_s)
    with pytest.raises(InputError, match="hardly an ion binds twice"):
        prepare(replace(case, sensors=(greedy,), step_ns=1.0))
    sites = case.site_positions_nm[0].copy()
    sites[0, 0] = [19.0, 16.0, 2.0]
    with pytest.raises(InputError, match="inside its reaction volume"):
        prepare(replace(case, site_positions_nm=(sites,)))


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"trials": 1}, InputError, "at least 2"),
        ({"trials": 10.0}, InputError, "whole number"),
        ({"start_bound": 31.0}, InputError, "mean number of bound sites"),
        ({"start_bound": {"syt2": 1.0}}, UnknownNameError, "syt1"),
        ({"rules": DeterministicFusion(0)}, InputError, "n_active"),
    ],
)
def test_impossible_arguments_of_release_are_refused(wrong, error, words):
    with pytest.raises(error, match=words):
        release(read_case("az4"), **{"trials": 10, "seed": 1, **wrong})


def test_too_little_room_for_events_is_made_larger_and_changes_nothing(monkeypatch):
    case = read_case("az4").with_external_calcium(5.0)
    usual = release(case, trials=20, seed=2)
    small = type(prepare(case)).work
    monkeypatch.setattr(
        type(prepare(case)), "work", lambda self, *, n_rule, room: small(self, n_rule=n_rule, room=max(room // 512, 4))
    )
    np.testing.assert_array_equal(release(case, trials=20, seed=2).probability, usual.probability)
