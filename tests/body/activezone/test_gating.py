"""Gating: the exact master equation, stochastic channels and the ions they let in."""

import json
from pathlib import Path

import numpy as np
import pytest

from endplate.body.activezone import (
    ActionPotential,
    build_schedule,
    channel_kind,
    master_equation,
    read_case,
    reference_action_potential,
)
from endplate.body.activezone import _kernels as k
from endplate.foundation.random import stream

REFERENCE = json.loads((Path(__file__).parent / "reference" / "gating.json").read_text())


def drawn(case, trials, seed=1):
    """Return time open, number of openings, ions and whether it opened, each (trial, channel)."""
    schedule = build_schedule(case)
    open_ms, count, ions = np.zeros((3, trials, case.n_channels))
    for trial in range(trials):
        channel, start, end = openings = schedule.openings(seed, trial)
        np.add.at(open_ms[trial], channel, end - start)
        np.add.at(count[trial], channel, 1)
        np.add.at(ions[trial], schedule.entries(seed, trial, openings)[1], 1)
    return open_ms, count, ions


def test_the_master_equation_is_the_reference():
    exact = master_equation(channel_kind("pq"), reference_action_potential(), duration_ms=3.0)
    row = np.round(np.array(REFERENCE["t_ms"]) / 0.01).astype(int)
    np.testing.assert_allclose(exact.p_open[row], REFERENCE["p_open"], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(exact.ions[row], REFERENCE["ions_cum"], rtol=1e-9, atol=1e-12)
    assert abs(exact.p_opened / REFERENCE["P_open_at_least_once"] - 1) < 1e-9
    # the reference sums open probability over rows: a rectangle rule, half a row late
    assert abs(exact.open_ms / REFERENCE["integral_open_ms"] - 1) < 1e-3


@pytest.mark.parametrize("variant", ["health", "broad", "slow closing", "l"])
def test_stochastic_channels_follow_the_master_equation(variant):
    case = read_case("az4")
    case = {
        "health": case,
        "broad": case.broadened(2.0),
        "slow closing": case.with_closing(0.4),
        "l": case.with_kind("l", range(4)),
    }[variant]
    kind = case.kinds[case.channel_kinds[0]]
    exact = master_equation(kind, case.action_potential, duration_ms=3.0)
    open_ms, count, ions = drawn(case, 1500)
    for values, expected in ((open_ms, exact.open_ms), (count > 0, exact.p_opened), (ions, exact.ions[-1])):
        per_trial = values.mean(axis=1)
        assert abs(per_trial.mean() - expected) < 4.5 * per_trial.std() / np.sqrt(1500)


def test_given_its_openings_ions_enter_as_a_poisson_process():
    case = read_case("sc1")
    schedule = build_schedule(case)
    openings = schedule.openings(1, 0)
    counts = np.array([schedule.entries(1, trial, openings)[0].size for trial in range(2000)])
    expected = 250.0
    assert abs(counts.mean() - expected) < 4.5 * np.sqrt(expected / 2000)
    assert abs(counts.var() / expected - 1) < 4.5 * np.sqrt(2 / 2000)
    times = np.concatenate([schedule.entries(1, trial, openings)[0] for trial in range(100)])
    assert abs(times.mean() - 0.25) < 4.5 * 0.5 / np.sqrt(12 * times.size)


def test_a_constant_potential_leads_to_the_stationary_open_probability():
    kind = channel_kind("pq")
    exact = master_equation(kind, ActionPotential(np.arange(3) * 100.0, np.full(3, -20.0)), duration_ms=200.0)
    forward, back = (rate[0] for rate in kind.rates_per_ms(np.array([-20.0])))
    weight = np.cumprod(np.concatenate([[1.0], forward / back]))  # detailed balance of a linear scheme
    assert abs(exact.p_open[-1] - weight[3:].sum() / weight.sum()) < 1e-6


def test_every_entry_lies_in_an_opening_of_its_channel_and_belongs_to_its_impulse():
    case = read_case("az4").with_train(100.0, 3)
    schedule = build_schedule(case)
    for trial in range(20):
        channel, start, end = openings = schedule.openings(5, trial)
        entry, through, impulse = schedule.entries(5, trial, openings)
        assert (np.diff(start)[np.diff(channel) == 0] > 0).all()
        inside = (entry[:, None] >= start) & (entry[:, None] <= end) & (through[:, None] == channel)
        assert inside.any(axis=1).all()
        np.testing.assert_array_equal(impulse, np.minimum((entry / 10.0 + 1e-9).astype(int), 2))


def test_the_three_impulses_of_a_slow_train_let_in_the_same():
    case = read_case("az4").with_train(20.0, 3)
    schedule, entered = build_schedule(case), np.zeros((600, 3))
    for trial in range(600):
        np.add.at(entered[trial], schedule.entries(2, trial, schedule.openings(2, trial))[2], 1)
    spread = entered.std(axis=0) / np.sqrt(600)
    assert abs(entered[:, 1:].mean(axis=0) - 249.1).max() < 4.5 * spread.max()


def test_compiled_gating_equals_its_python_source():
    case = read_case("az4").with_kind("l", [1])
    schedule = build_schedule(case)
    results = []
    for gate, enter in (
        (k.gate_channels, k.enter_ions),
        (k.gate_channels.py_func, k.enter_ions.py_func),
    ):
        channel, start, end = np.zeros(64, np.int64), np.zeros(64), np.zeros(64)
        n = gate(
            stream(3, "twin"), schedule.row_ms, 3.0, schedule.kind, schedule.is_stochastic, schedule.window_ms,
            schedule.forward_per_ms, schedule.back_per_ms, schedule.is_open, channel, start, end,
        )  # fmt: skip
        entry, through = np.zeros(4096), np.zeros(4096, np.int64)
        m = enter(
            stream(4, "twin"), schedule.row_ms, schedule.kind, schedule.flux_per_ms, n, channel, start, end, entry,
            through,
        )  # fmt: skip
        assert n > 0
        assert m > 0
        results.append((n, m, channel, start, end, entry, through))
    for fast, slow in zip(*results, strict=True):
        np.testing.assert_array_equal(fast, slow)
    schedule_one = (schedule.forward_per_ms[0], schedule.back_per_ms[0], schedule.is_open[0])
    one, other = ((np.zeros(9), np.zeros(9)) for _ in range(2))
    assert k.gate_channel(stream(3, "twin"), 2, 0.01, 3.0, *schedule_one, 0, *one) == k.gate_channel.py_func(
        stream(3, "twin"), 2, 0.01, 3.0, *schedule_one, 0, *other
    )
    np.testing.assert_array_equal(one, other)


def test_a_channel_that_has_no_room_for_its_openings_says_so():
    schedule = build_schedule(read_case("az4"))
    none = np.zeros(0)
    codes = {
        k.gate_channels(
            stream(i, "room"), schedule.row_ms, 3.0, schedule.kind, schedule.is_stochastic, schedule.window_ms,
            schedule.forward_per_ms, schedule.back_per_ms, schedule.is_open, np.zeros(0, np.int64), none, none.copy(),
        )
        for i in range(20)
    }  # fmt: skip
    assert codes == {0, -1}
