"""Trials of the fast engine as an `Ensemble`: the openings and ions of the particles, bindings by event."""

from __future__ import annotations

import numpy as np

from endplate.body.activezone.case import Case
from endplate.body.activezone.ensemble import Bindings, Ensemble, Floats, Openings
from endplate.body.activezone.fast import _kernels
from endplate.body.activezone.fast.chemistry import resting_ions
from endplate.body.activezone.fast.prepare import Prepared
from endplate.body.activezone.fast.trial import _kernels as trial_kernels
from endplate.foundation.random import stream


def no_rules(n_sensor: int) -> _kernels.Rules:
    """Return an empty set of rules of fusion."""
    return _kernels.Rules(
        needed=np.zeros(0, dtype=np.int64),
        counted=0,
        energy_kt=np.zeros((0, n_sensor)),
        barrier_kt=np.zeros(0),
        attempts_per_us=0.0,
        bin_us=1.0,
    )


def run_trials(prepared: Prepared, case: Case, *, seed: int, first: int, count: int, time_ms: Floats) -> Ensemble:
    """Return trials first, first + 1, ... of a case, numbered from 0; see `Ensemble`.

    Notes
    -----
    Channels and entering ions are those of the particles for the same seed and trial: the engines differ
    by what ions do afterwards only, so that a comparison needs few trials.
    """
    key = stream(seed, "activezone/fast")
    n_vesicle, n_sensor = case.n_vesicles, len(case.sensors)
    rules = no_rules(n_sensor)
    room = 1024
    work, log = prepared.work(n_rule=0, room=room), _log(room)
    integral, histogram = np.zeros((n_vesicle, 0)), np.zeros((n_vesicle, 0, 1))
    sample_us = time_ms * 1e3
    ions = np.zeros((count, case.n_channels, case.n_impulses), dtype=np.int64)
    free = np.zeros((count, time_ms.size), dtype=np.float32)
    opened: list[tuple[np.ndarray, ...]] = []
    changes: list[tuple[np.ndarray, np.ndarray]] = []
    for number in range(count):
        trial = first + number
        openings = prepared.schedule.openings(seed, trial)
        entry_ms, channel, impulse = prepared.schedule.entries(seed, trial, openings)
        np.add.at(ions[number], (channel, impulse), 1)
        origin = 1 + channel + case.n_channels * impulse
        while True:
            log.used[0] = 0
            status = trial_kernels.run_given(
                key, trial, case.n_channels, prepared.end_us, entry_ms * 1e3, origin, prepared.paths, prepared.sites,
                rules, work, log, sample_us, integral, free[number], histogram,
            )  # fmt: skip
            if status == trial_kernels.DONE:
                break
            room *= 4
            work, log = prepared.work(n_rule=0, room=room), _log(room)
        opened.append(openings)
        changes.append((log.change_us[: log.used[0]].copy(), log.change_code[: log.used[0]].copy()))
    return Ensemble(
        case=case,
        engine="fast",
        seed=seed,
        trials=count,
        time_ms=time_ms,
        ions_entered=ions,
        free_count=free + np.float32(resting_ions(case)),
        openings=Openings(
            trial=np.repeat(np.arange(count), [len(one[0]) for one in opened]),
            channel=np.concatenate([one[0] for one in opened]),
            start_ms=np.concatenate([one[1] for one in opened]),
            end_ms=np.concatenate([one[2] for one in opened]),
        ),
        bindings=_bindings(prepared, changes),
        fate=np.full((count, 5), -1, dtype=np.int64),
        moves=np.zeros(count, dtype=np.int64),
    )


def _log(room: int) -> _kernels.Log:
    return _kernels.Log(
        change_us=np.zeros(2 * room), change_code=np.zeros(2 * room, dtype=np.int64), used=np.zeros(1, dtype=np.int64)
    )


def _bindings(prepared: Prepared, changes: list[tuple[np.ndarray, np.ndarray]]) -> Bindings:
    code = np.concatenate([codes for _, codes in changes])
    n_site = max(prepared.sites.vesicle.size, 1)
    n_channel = max(prepared.case.n_channels, 1)
    place, is_release, origin = code % n_site, (code // n_site) % 2 == 1, code // (2 * n_site) - 1
    within = np.concatenate(
        [
            np.arange(sites.shape[1])
            for _ in range(prepared.case.n_vesicles)
            for sites in prepared.case.site_positions_nm
        ]
        or [np.zeros(1, dtype=np.int64)]
    )
    has_entered = origin >= 0
    return Bindings(
        trial=np.repeat(np.arange(len(changes)), [len(codes) for _, codes in changes]),
        vesicle=prepared.sites.vesicle[place],
        sensor=prepared.sites.sensor[place],
        site=within[place],
        time_ms=np.concatenate([times for times, _ in changes]) * 1e-3,
        change=np.where(is_release, -1, 1),
        channel=np.where(has_entered, origin % n_channel, -1),
        impulse=np.where(has_entered, origin // n_channel, -1),
    )
