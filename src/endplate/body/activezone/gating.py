"""Gating: rates of every channel along the impulses, the exact master equation, and stochastic channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone import _kernels
from endplate.body.activezone.action_potential import ActionPotential
from endplate.body.activezone.case import Case
from endplate.body.activezone.kinds import STATES, ChannelKind
from endplate.foundation.random import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """Rates and fluxes of every kind of channel of a case, row by row of the whole run.

    Attributes
    ----------
    row_ms
        Length of a row, constant rates within. [ms]
    impulse
        (row,) impulse that a row belongs to.
    kind
        (channel,) index of its kind.
    forward_per_ms, back_per_ms
        (kind, row, link). [1/ms]
    flux_per_ms
        (kind, row) ions per open ms. [1/ms]
    is_open, is_stochastic, window_ms
        (kind, state), (kind,), (kind, 2): see `ChannelKind`.
    """

    row_ms: float
    duration_ms: float
    impulse: Ints
    kind: Ints
    forward_per_ms: Floats
    back_per_ms: Floats
    flux_per_ms: Floats
    is_open: NDArray[np.uint8]
    is_stochastic: NDArray[np.uint8]
    window_ms: Floats

    def openings(self, seed: int, trial: int) -> tuple[Ints, Floats, Floats]:
        """Return channel, start and end of every opening of one trial, the same for every engine. [ms]"""
        key = stream(seed, "activezone/gating", trial)
        size = 16 + 4 * self.kind.size
        while True:
            channel, start, end = np.empty(size, np.int64), np.empty(size), np.empty(size)
            n = _kernels.gate_channels(
                key, self.row_ms, self.duration_ms, self.kind, self.is_stochastic, self.window_ms,
                self.forward_per_ms, self.back_per_ms, self.is_open, channel, start, end,
            )  # fmt: skip
            if n >= 0:
                return channel[:n], start[:n], end[:n]
            size *= 4

    def entries(self, seed: int, trial: int, openings: tuple[Ints, Floats, Floats]) -> tuple[Floats, Ints, Ints]:
        """Return when every ion enters [ms], its channel and its impulse, the same for every engine."""
        key = stream(seed, "activezone/entry", trial)
        channel, start, end = openings
        # the largest flux bounds the mean; eight deviations above it
        most = float(self.flux_per_ms.max(initial=0.0)) * float((end - start).sum())
        size = int(most + 8.0 * most**0.5) + 16
        while True:
            entry, through = np.empty(size), np.empty(size, np.int64)
            n = _kernels.enter_ions(
                key, self.row_ms, self.kind, self.flux_per_ms, channel.size, channel, start, end, entry, through
            )
            if n >= 0:
                break
            size *= 2
        row = np.minimum((entry[:n] / self.row_ms).astype(np.int64), self.impulse.size - 1)
        return entry[:n], through[:n], self.impulse[row]


def build_schedule(case: Case) -> Schedule:
    """Return the rates of a case along its impulses.

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> schedule = build_schedule(read_case("az4"))
    >>> schedule.forward_per_ms.shape, round(float(schedule.flux_per_ms[0, 58]))
    ((1, 300, 4), 201)
    """
    _, voltage, impulse = case.action_potential.train(case.train, duration_ms=case.duration_ms)
    names = sorted(set(case.channel_kinds))
    kinds = [case.kinds[name] for name in names]
    rates = [kind.rates_per_ms(voltage) for kind in kinds]
    shape = (len(kinds), voltage.size, len(STATES) - 1)
    is_open = np.zeros((len(kinds), len(STATES)), dtype=np.uint8)
    for i, kind in enumerate(kinds):
        is_open[i, list(kind.open_states)] = 1
    return Schedule(
        row_ms=case.action_potential.row_ms,
        duration_ms=case.duration_ms,
        impulse=impulse,
        kind=np.array([names.index(name) for name in case.channel_kinds], dtype=np.int64),
        forward_per_ms=np.array([forward for forward, _ in rates]).reshape(shape),
        back_per_ms=np.array([back for _, back in rates]).reshape(shape),
        flux_per_ms=np.array([_flux(kind, voltage, case) for kind in kinds]).reshape(shape[:2]),
        is_open=is_open,
        is_stochastic=np.array([kind.is_stochastic for kind in kinds], dtype=np.uint8),
        window_ms=np.array([(kind.open_from_ms, kind.open_until_ms) for kind in kinds]).reshape(-1, 2),
    )


def _flux(kind: ChannelKind, voltage_mv: Floats, case: Case) -> Floats:
    return kind.ions_per_open_ms(
        voltage_mv, external_calcium_mmolar=case.external_calcium_mmolar, magnesium_mmolar=case.magnesium_mmolar
    )


@dataclass(frozen=True, slots=True, eq=False)
class MasterEquation:
    """Exact means of one channel along one impulse, at the start of every row and at the end.

    Attributes
    ----------
    time_ms, p_open, ions
        (row + 1,) instants [ms], chance that the channel is open, ions let in so far.
    open_ms
        Mean time open over the run. [ms]
    p_opened
        Chance that it opened at least once.
    """

    time_ms: Floats
    p_open: Floats
    ions: Floats
    open_ms: float
    p_opened: float


def master_equation(
    kind: ChannelKind,
    action_potential: ActionPotential,
    *,
    duration_ms: float,
    external_calcium_mmolar: float = 2.0,
    magnesium_mmolar: float = 0.0,
) -> MasterEquation:
    """Solve the gating of one channel exactly: a matrix exponential per row, all in C1 at the start.

    Examples
    --------
    >>> from endplate.body.activezone import channel_kind, reference_action_potential
    >>> exact = master_equation(channel_kind("pq"), reference_action_potential(), duration_ms=3.0)
    >>> round(exact.p_opened, 4), round(float(exact.ions[-1]), 2)
    (0.2403, 62.28)
    """
    from scipy.linalg import expm

    time, voltage, _ = action_potential.train((0.0,), duration_ms=duration_ms)
    forward, back = kind.rates_per_ms(voltage)
    flux = kind.ions_per_open_ms(
        voltage, external_calcium_mmolar=external_calcium_mmolar, magnesium_mmolar=magnesium_mmolar
    )
    n, row_ms = len(STATES), action_potential.row_ms
    conducts = [float(state in kind.open_states) for state in range(n)]
    # two sums run along: of time open, and of the chance that the first opening has come
    p, trapped = np.zeros(n + 1), np.zeros(n + 1)
    p[0] = trapped[0] = 1.0
    p_open, ions = np.zeros(time.size + 1), np.zeros(time.size + 1)
    for row in range(time.size):
        rate = _generator(forward[row], back[row])
        summing, trap = np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1))
        summing[:n, :n], trap[:n, :n] = rate, rate
        summing[n, :n] = conducts
        for state in kind.open_states:
            trap[:, state] = 0.0
        before = p[n]
        p = expm(row_ms * summing) @ p
        trapped = expm(row_ms * trap) @ trapped
        p_open[row + 1] = float(np.dot(conducts, p[:n]))
        ions[row + 1] = ions[row] + flux[row] * (p[n] - before)
    opened = float(sum(trapped[state] for state in kind.open_states))
    return MasterEquation(np.append(time, time[-1] + row_ms), p_open, ions, float(p[n]), opened)


def _generator(forward: Floats, back: Floats) -> Floats:
    """Return the matrix of rates of a linear scheme, columns summing to zero. [1/ms]"""
    rate = np.diag(forward, -1) + np.diag(back, 1)
    return np.asarray(rate - np.diag(rate.sum(axis=0)))
