"""The whole chain of one muscle: pairing, independence of cutting, what disease and use do to it."""

import numpy as np
import pytest

from endplate.body.person import Person
from endplate.body.person import preparation as module
from endplate.body.person.preparation import Preparation
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import overridden
from endplate.foundation.records import Levers

N = 3000


def muscle(seed=1, **levers):
    return Preparation(Person(seed=seed, levers=Levers(**levers)), "adm", n_fibres=N)


def test_a_healthy_muscle_fires_every_fibre_and_stays_steady():
    fired = muscle().stimulate(np.arange(10) * 333.0).fired_fraction
    assert fired[0] > 0.98
    assert fired.min() > 0.95


def test_two_persons_with_one_seed_share_their_anatomy_whatever_their_levers():
    one, other = muscle(), muscle(pq_channel_fraction=0.4, receptor_fraction=0.5)
    assert one.anatomy is other.anatomy
    np.testing.assert_array_equal(one.fibres.threshold_mv, other.fibres.threshold_mv)
    assert muscle(seed=2).anatomy is not one.anatomy


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not():
    one, again, other = (muscle(seed, pq_channel_fraction=0.5).stimulate(np.arange(3) * 333.0) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.firing.arrival_ms, again.firing.arrival_ms)
    assert not np.array_equal(one.firing.fired, other.firing.fired)


def test_results_do_not_depend_on_threads_or_on_how_many_reads_are_held_at_once(monkeypatch):
    times = np.arange(9) * 50.0
    whole = Preparation(Person(levers=Levers(pq_channel_fraction=0.5)), "adm", n_fibres=9000)
    one_thread = whole.stimulate(times, threads=1)
    monkeypatch.setattr(module, "READS_AT_ONCE", 4)
    again = Preparation(Person(levers=Levers(pq_channel_fraction=0.5)), "adm", n_fibres=9000)
    cut = again.stimulate(times, threads=2)
    np.testing.assert_array_equal(one_thread.firing.fired, cut.firing.fired)
    np.testing.assert_array_equal(one_thread.firing.arrival_ms, cut.firing.arrival_ms)
    np.testing.assert_array_equal(one_thread.quantal_content, cut.quantal_content)


def test_channel_loss_lowers_release_and_an_effort_restores_it_for_a_while():
    hand = muscle(pq_channel_fraction=0.46)
    before = hand.stimulate(np.array([0.0])).fired_fraction[0]
    hand.effort(start_ms=60_000.0, duration_s=10.0)
    after = hand.stimulate(np.array([71_500.0])).fired_fraction[0]
    later = hand.stimulate(np.array([191_500.0])).fired_fraction[0]
    assert after > 1.6 * before
    assert later < 0.7 * after


def test_receptor_loss_shrinks_the_potential_and_not_the_quantal_content():
    normal, weak = (muscle(receptor_fraction=share).stimulate(np.array([0.0])) for share in (1.0, 0.3))
    assert weak.endplate_potential_mv[0] < 0.5 * normal.endplate_potential_mv[0]
    assert weak.quantal_content[0] == pytest.approx(normal.quantal_content[0], rel=1e-6)


def test_a_submaximal_stimulus_leaves_motor_units_out_and_the_rest_unchanged():
    full, part = muscle(), muscle()
    every = full.stimulate(np.array([0.0]))
    some = part.stimulate(np.array([0.0]), intensity=0.7)
    assert 0.3 < some.fired_fraction[0] / every.fired_fraction[0] < 0.7
    shown = some.firing.fired[0] == 1
    np.testing.assert_array_equal(some.firing.arrival_ms[0, shown], every.firing.arrival_ms[0, shown])
    assert part.stimulated_units(1.0).all()
    assert not part.stimulated_units(0.39).any()


def test_an_effort_keeps_no_arrays_but_changes_the_state():
    hand = muscle(pq_channel_fraction=0.5)
    assert hand.effort(start_ms=0.0, duration_s=10.0) is None
    assert hand.stimulate(np.array([11_000.0])).quantal_content[0] > hand.terminal.rest_quantal_content


def test_a_read_effort_gives_force_and_the_share_of_fibres_that_follow():
    healthy = muscle().effort(start_ms=0.0, duration_s=3.0, read=True)
    sick = muscle(pq_channel_fraction=0.3).effort(start_ms=0.0, duration_s=3.0, read=True)
    assert healthy.force_newton.max() > sick.force_newton.max() > 0
    assert healthy.fired_fraction[5:].mean() > 0.9
    assert sick.fired_fraction[5:].mean() < 0.9
    early, late = (sick.force_newton[(sick.time_s > a) & (sick.time_s < b)].mean() for a, b in ((0.2, 0.6), (2.4, 3)))
    assert late > early  # release builds up during the effort


def test_reading_an_effort_or_not_leaves_the_same_mean_state():
    read, unread = muscle(pq_channel_fraction=0.5), muscle(pq_channel_fraction=0.5)
    read.effort(start_ms=0.0, duration_s=2.0, read=True)
    unread.effort(start_ms=0.0, duration_s=2.0)
    np.testing.assert_allclose(read._terminal_state.plasticity[:, :7], unread._terminal_state.plasticity[:, :7])
    one, other = (hand.stimulate(np.array([3500.0])).quantal_content[0] for hand in (read, unread))
    assert one == pytest.approx(other, rel=0.03)


def test_cold_delays_the_response_and_older_persons_have_fewer_motor_units():
    warm, cold = muscle(), muscle(temperature_degc=26.0)
    first = [hand.stimulate(np.array([0.0])).firing for hand in (warm, cold)]
    both = (first[0].fired[0] == 1) & (first[1].fired[0] == 1)
    assert first[1].arrival_ms[0, both].mean() > first[0].arrival_ms[0, both].mean() + 0.5
    assert Preparation(Person(age_y=80), "adm", n_fibres=N).n_units < warm.n_units


def test_time_cannot_run_backwards():
    hand = muscle()
    hand.stimulate(np.array([1000.0]))
    with pytest.raises(InputError, match="ascend"):
        hand.stimulate(np.array([500.0]))


def test_a_train_without_stimuli_or_with_other_marks_is_refused():
    hand = muscle()
    with pytest.raises(InputError, match="at least one stimulus"):
        hand.stimulate(np.empty(0))
    with pytest.raises(InputError, match=r"one entry per stimulus \(3\), got 2"):
        hand.stimulate(np.arange(3) * 100.0, is_read=np.ones(2, np.uint8))


def test_a_read_effort_does_not_depend_on_how_many_reads_are_held_at_once(monkeypatch):
    courses = []
    for at_once in (3, 7, 10_000):
        monkeypatch.setattr(module, "READS_AT_ONCE", at_once)
        hand = Preparation(Person(levers=Levers(pq_channel_fraction=0.5)), "adm", n_fibres=5000)
        force = hand.effort(start_ms=0.0, duration_s=1.0, fraction=0.4, read=True)
        after = hand.stimulate(np.array([1500.0, 1600.0])).firing
        courses.append((force.force_newton, force.fired_fraction, after.fired, after.arrival_ms))
    for other in courses[1:]:
        for one, two in zip(courses[0], other, strict=True):
            np.testing.assert_array_equal(one, two)


def test_a_muscle_of_one_motor_unit_counts_all_its_fibres():
    with overridden({"body/muscle": {"adm.units": 1.0}}):
        healthy = Preparation(Person(), "adm", n_fibres=1500)
        assert healthy.n_units == 1
        force = healthy.effort(start_ms=0.0, duration_s=0.5, read=True)
        assert np.nanmin(force.fired_fraction) > 0.8
        assert healthy.stimulate(np.array([1000.0]), intensity=0.9).fired_fraction[0] > 0.8
        assert healthy.stimulate(np.array([2000.0]), intensity=0.3).quantal_content[0] == 0.0


def test_a_muscle_with_one_fibre_a_unit_works():
    n = muscle().n_units
    few = Preparation(Person(), "adm", n_fibres=n)
    assert few.stimulate(np.array([0.0])).fired_fraction[0] > 0.9
    assert few.effort(start_ms=1000.0, duration_s=0.5, read=True).force_newton.max() > 0


@pytest.mark.parametrize("duration_s", [0.0, 0.005, 0.05])
def test_an_effort_too_short_for_an_impulse_has_a_course_without_numbers(duration_s):
    with overridden({"body/muscle": {"adm.units": 1.0}}):
        force = Preparation(Person(), "adm", n_fibres=300).effort(start_ms=0.0, duration_s=duration_s, read=True)
    assert force.force_newton.size == force.fired_fraction.size == round(200 * duration_s)


def test_a_weak_effort_leaves_most_units_as_they_were_and_a_train_may_follow_at_once():
    hand, rested = muscle(pq_channel_fraction=0.46), muscle(pq_channel_fraction=0.46)
    hand.effort(start_ms=60_000.0, duration_s=10.0, fraction=0.05)
    after, before = (one.stimulate(70_000.0 + np.arange(3) * 333.0).firing.fired[0] for one in (hand, rested))
    busy = hand._terminal_state.docked.shape[0]
    assert busy == hand.n_units
    quiet = np.repeat(hand._terminal_state.plasticity[:, 2], np.diff(hand.anatomy.unit_start))  # augmentation
    idle = quiet <= np.median(quiet)
    np.testing.assert_array_equal(after[idle], before[idle])
    assert after[~idle].mean() > before[~idle].mean()


def test_a_minute_at_100_hz_stays_finite_and_at_20_degrees_too():
    for levers in (Levers(), Levers(temperature_degc=20.0), Levers(pq_channel_fraction=0.3, temperature_degc=20.0)):
        hand = Preparation(Person(levers=levers), "adm", n_fibres=300)
        read = np.zeros(6000, np.uint8)
        read[-1] = 1
        response = hand.stimulate(np.arange(6000) * 10.0, is_read=read)
        assert 0.0 <= response.fired_fraction[0] <= 1.0
        assert 0.0 < response.quantal_content[0] < 400.0
        assert np.isfinite(response.firing.arrival_ms).all()


@pytest.mark.parametrize("levers", [{"release_machinery": 0.0}, {"docked_vesicles": 0.0}, {"pq_channel_fraction": 0.0}])
def test_a_muscle_that_can_release_nothing_is_silent_and_without_force(levers):
    hand = muscle(**levers)
    assert hand.stimulate(np.arange(3) * 100.0).quantal_content.max() == 0.0
    force = hand.effort(start_ms=1000.0, duration_s=0.5, read=True)
    assert force.force_newton.max() == 0.0
    assert hand.stimulate(np.array([2000.0]), intensity=0.7).fired_fraction[0] == 0.0
