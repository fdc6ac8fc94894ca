"""Scans, snapshots and release at rest."""

import math

import numpy as np
import pytest

from endplate.body.activezone import read_case
from endplate.body.activezone.fusion import DeterministicFusion, EnergyFusion
from endplate.body.activezone.rest import resting_release_hz
from endplate.body.activezone.scan import VARIABLES, arrangements, scan, summarise
from endplate.body.activezone.simulate import simulate
from endplate.body.activezone.snapshot import watch
from endplate.foundation.errors import InputError, UnknownNameError

AZ4 = read_case("az4")


@pytest.fixture(scope="module")
def ensemble():
    return simulate(AZ4, trials=40, seed=3)


def test_a_snapshot_agrees_with_the_ensemble_of_the_same_trial(ensemble):
    entered = ensemble.ions_entered.sum(axis=(1, 2))
    trial = int(np.argmax(entered))
    shots = watch(AZ4, times_ms=[0.7, 1.0, 3.0], seed=3, trial=trial)
    sampled = [int(np.argmin(abs(ensemble.time_ms - shot.time_ms))) for shot in shots]
    assert shots[-1].ions_entered == entered[trial]
    assert [int(shot.open_channels.sum()) for shot in shots] == ensemble.open_count()[trial, sampled].tolist()
    for shot in shots:
        assert len(shot.ions_nm) + sum(int(sites.sum()) for sites in shot.bound_sites) <= shot.ions_entered
        assert set(shot.ion_channel) <= {0, 1, 2, 3}


def test_ions_of_a_snapshot_are_in_the_box_and_in_no_vesicle():
    shots = watch(AZ4, times_ms=[0.8, 1.2], seed=3, trial=4)
    for shot in shots:
        low, high = np.array(AZ4.box_nm).T
        assert ((shot.ions_nm >= low) & (shot.ions_nm <= high)).all()
        for centre in AZ4.vesicle_centres_nm:
            assert (np.linalg.norm(shot.ions_nm - centre, axis=1) >= AZ4.vesicle_radius_nm - 1e-9).all()


@pytest.mark.parametrize("times_ms", [[], [0.5, 0.5], [1.0, 0.5], [-0.1], [3.5], [math.nan]])
def test_times_to_look_at_must_rise_and_lie_in_the_run(times_ms):
    with pytest.raises(InputError, match="must rise and lie within 0 to 3 ms"):
        watch(AZ4, times_ms=times_ms, seed=1)


def test_losing_two_of_four_channels_has_six_ways():
    cases = arrangements(AZ4, {"channels": 2}, seed=1)
    layouts = {tuple(map(tuple, case.channel_positions_nm)) for case in cases}
    assert len(layouts) == 6


def test_scattered_channels_go_to_the_same_places_for_the_same_seed():
    one, other = (arrangements(AZ4, {"disorganisation": 0.5}, seed=4) for _ in range(2))
    np.testing.assert_array_equal(one[3].channel_positions_nm, other[3].channel_positions_nm)
    assert len({case.channel_positions_nm.tobytes() for case in one}) == len(one)


def test_every_variable_can_be_set():
    usual = {"channels": 2, "disorganisation": 0.2, "buffer": 50, "resting": 0.1}
    for name in VARIABLES:
        assert arrangements(AZ4, {name: usual.get(name, 1.0)}, seed=1)


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"channels": 5}, "has 4 channels; it cannot keep 5"),
        ({"channels": 1.5}, "whole number"),
        ({"broadening": 50}, r"\[0.1, 10\]"),
        ({"calcium": -1}, r"\[0, 100\]"),
        ({"disorganisation": 50}, r"\[0, 1\]"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(settings, part):
    with pytest.raises(InputError, match=part):
        arrangements(AZ4, settings, seed=1)


def test_an_unknown_variable_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean broadening"):
        arrangements(AZ4, {"broadning": 1.5}, seed=1)


def test_a_scan_refuses_before_it_runs_anything():
    with pytest.raises(InputError, match="cannot keep 5"):
        scan(AZ4, {"channels": [0, 5]}, trials=10**9, seed=1, rule=DeterministicFusion())
    with pytest.raises(InputError, match="at most 400"):
        scan(AZ4, {"broadening": np.linspace(1, 3, 500)}, trials=1, seed=1, rule=DeterministicFusion())
    with pytest.raises(InputError, match="at least one variable"):
        scan(AZ4, {}, trials=1, seed=1, rule=DeterministicFusion())


def test_no_channel_releases_nothing_and_trials_are_shared_out():
    told = []
    points = scan(
        AZ4, {"channels": [0, 2]}, trials=14, seed=1, rule=DeterministicFusion(1), progress=lambda *w: told.append(w)
    )
    assert [point.settings["channels"] for point in points] == [0, 2]
    assert [point.trials for point in points] == [14, 14]
    assert points[0].probability == points[0].ions == 0.0
    assert points[1].ions > 0.0
    assert told == [("channels 0", 0.0), ("channels 2", 0.5)]


def test_the_error_of_a_point_is_that_of_trials_and_not_of_vesicles(ensemble):
    point = summarise([ensemble], DeterministicFusion(1), {})
    assert point.vesicles == 2
    assert 0.0 < point.probability < 1.0
    # two vesicles of a trial share its openings: the error is above that of independent vesicles
    independent = math.sqrt(point.probability * (1 - point.probability) / (2 * point.trials))
    assert point.error > 0.9 * independent


def test_paired_pulses_give_a_ratio_with_an_error():
    (point,) = scan(AZ4, {"rate": [100.0]}, trials=40, seed=2, rule=DeterministicFusion(1))
    assert point.paired_ratio > 0.0
    assert point.paired_error > 0.0


def test_release_at_rest_is_the_mean_hazard_of_drawn_sensors():
    """Against draws of every site, at a level where active sensors are common."""
    calcium, n = 20.0, 200_000
    bound = calcium / (calcium + 910 / 22.0)
    sites = np.random.default_rng(1).random((n, 6, 5)) < bound
    active = (sites.sum(axis=2) >= 2).sum(axis=1)

    class Stub:
        case = AZ4

    hazard = EnergyFusion().hazard_per_ms(active[:, None], Stub())
    expected = 1e3 * hazard.mean()
    error = 1e3 * hazard.std() / math.sqrt(n)
    assert abs(resting_release_hz(AZ4, calcium)[0] - expected) < 4.5 * error


def test_release_at_rest_needs_calcium():
    rates = resting_release_hz(AZ4, [1e-6, 0.1])
    assert rates[0] < 1e-8 < rates[1]  # what is left is the barrier alone
