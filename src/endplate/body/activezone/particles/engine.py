"""The particle engine: trials of single ions, and pictures of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import Case
from endplate.body.activezone.ensemble import BINDING_FIELDS, Bindings, Ensemble, Openings
from endplate.body.activezone.particles import _kernels as k
from endplate.body.activezone.particles.prepared import Prepared
from endplate.body.activezone.particles.resting import _kernels as resting_kernels
from endplate.body.activezone.particles.trial import _kernels as trial_kernels
from endplate.foundation.random import _kernels as random_kernels
from endplate.foundation.random import normal_quantiles, stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Trial:
    """Arrays of one thread, grown when a trial needs more, and one trial after another in them."""

    def __init__(self, prepared: Prepared, case: Case, snapshot_ms: Floats | None = None) -> None:
        self.prepared = prepared
        self.case = case
        self.snapshot_us = np.empty(0) if snapshot_ms is None else np.asarray(snapshot_ms, np.float64) * 1e3
        self.occupied = np.zeros(int(prepared.voxels.prod()), dtype=np.int32)
        self.site_ion = np.empty(prepared.sites.binding_per_us.size, dtype=np.int64)
        self.count = np.zeros(8, dtype=np.int64)
        self.normals = normal_quantiles()
        self._grow_ions(256)
        self._grow_events(1024)
        self._grow_snapshots(256 if self.snapshot_us.size else 0)

    def _grow_ions(self, size: int) -> None:
        self.position = np.empty((size, 3))
        self.time, self.heap_time = np.empty(size), np.empty(size)
        self.state, self.home, self.draw, self.heap_ion = np.empty((4, size), dtype=np.int64)

    def _grow_events(self, size: int) -> None:
        self.event_time = np.empty(size)
        self.event_site, self.event_sign, self.event_ion = np.empty((3, size), dtype=np.int64)

    def _grow_snapshots(self, size: int) -> None:
        self.snapshot_row = np.empty((size, 5))

    def run(
        self, *, seed: int, trial: int, entry_ms: Floats, channel: Ints, numbers: Floats, free_change: Ints
    ) -> None:
        """Run one trial; results stand in the arrays, counts in ``count``."""
        prepared = self.prepared
        key = stream(seed, "activezone/particles", trial)
        status = -1
        while status != trial_kernels.DONE:
            # the same draws again with more room: a trial is a function of its keys
            if status == trial_kernels.TOO_MANY_EVENTS:
                self._grow_events(4 * self.event_time.size)
            elif status == trial_kernels.TOO_MANY_SNAPSHOTS:
                self._grow_snapshots(4 * self.snapshot_row.shape[0])
            n_ions = self._place(seed, trial, entry_ms, channel, numbers)
            status = trial_kernels.run_trial(
                key, numbers, prepared.is_absorbing, prepared.centres, prepared.sites.per_vesicle,
                prepared.sites.place_nm, prepared.sites.binding_per_us, prepared.sites.release_per_us, prepared.voxels,
                prepared.voxels_per_nm, self.normals, entry_ms.size, n_ions, self.position, self.time, self.state,
                self.home, self.draw, self.occupied, self.site_ion, self.heap_time, self.heap_ion,
                self.snapshot_us, self.snapshot_row, free_change, self.event_time, self.event_site,
                self.event_sign, self.event_ion, self.count,
            )  # fmt: skip

    def _place(self, seed: int, trial: int, entry_ms: Floats, channel: Ints, numbers: Floats) -> int:
        """Put every ion where it starts, those that enter first; return their number."""
        n = entry_ms.size
        key = stream(seed, "activezone/resting", trial)
        while True:
            if n > self.time.size:
                self._grow_ions(2 * n)
            self.occupied[:] = 0
            self.site_ion[:] = -1
            self.draw[:] = 0
            self.time[:n] = entry_ms * 1e3
            self.state[:n] = k.FREE_END
            self.position[:n, :2] = self.case.channel_positions_nm[channel]
            self.position[:n, 2] = 0.0
            placed = self._rest(key, n, numbers) if self.case.resting_calcium_umolar > 0.0 else n
            if placed >= 0:
                return placed
            self._grow_ions(4 * self.time.size)

    def _rest(self, key: np.uint64, first: int, numbers: Floats) -> int:
        """Put the ions of the resting level in place; return the number of all ions, or -1 if they do not fit."""
        p = self.prepared
        n_free = int(random_kernels.poisson(key, 0, 0, numbers[k.REST_FREE]))
        if first + n_free > self.time.size:
            return -1
        n: int = resting_kernels.place_free(
            key, first, n_free, numbers, p.centres, self.position, self.time, self.state
        )
        n = resting_kernels.place_on_buffer(
            key, n, numbers, p.voxels, p.voxels_per_nm, p.centres,
            self.position, self.time, self.state, self.home, self.occupied,
        )  # fmt: skip
        if n < 0:
            return n
        return resting_kernels.place_on_sensors(
            key, n, numbers, p.centres, p.sites.place_nm, p.sites.release_per_us, p.sites.at_rest,
            self.position, self.time, self.state, self.home, self.site_ion,
        )  # fmt: skip


def run_trials(prepared: Prepared, case: Case, *, seed: int, first: int, count: int, time_ms: Floats) -> Ensemble:
    """Run trials first, first + 1, ... of a case with single ions; they are numbered from 0 in the result."""
    work = Trial(prepared, case)
    numbers = prepared.numbers.copy()
    step_ms = float(time_ms[1] - time_ms[0]) if time_ms.size > 1 else case.duration_ms
    numbers[k.SAMPLE_US] = step_ms * 1e3
    free_change = np.zeros(time_ms.size + 1, dtype=np.int64)
    free = np.zeros((count, time_ms.size), dtype=np.float32)
    fate, moves = np.zeros((count, 5), dtype=np.int64), np.zeros(count, dtype=np.int64)
    entered = np.zeros((count, case.n_channels, case.n_impulses), dtype=np.int64)
    opened: dict[str, list[np.ndarray]] = {"trial": [], "channel": [], "start_ms": [], "end_ms": []}
    changed: dict[str, list[np.ndarray]] = {name: [] for name in BINDING_FIELDS}
    for i in range(count):
        openings = prepared.schedule.openings(seed, first + i)
        entry_ms, channel, impulse = prepared.schedule.entries(seed, first + i, openings)
        work.run(
            seed=seed, trial=first + i, entry_ms=entry_ms, channel=channel, numbers=numbers, free_change=free_change
        )
        np.add.at(entered[i], (channel, impulse), 1)
        free[i] = np.cumsum(free_change[:-1])
        moves[i] = work.count[1]
        fate[i] = work.count[2:7]
        for name, array in zip(("channel", "start_ms", "end_ms"), openings, strict=True):
            opened[name].append(array)
        opened["trial"].append(np.full(openings[0].size, i, dtype=np.int64))
        _keep_events(changed, work, i, channel, impulse)
    return Ensemble(
        case=case,
        engine="particles",
        seed=seed,
        trials=count,
        time_ms=time_ms,
        ions_entered=entered,
        free_count=free,
        openings=Openings(**{name: np.concatenate(arrays) for name, arrays in opened.items()}),
        bindings=Bindings(**{name: np.concatenate(arrays) for name, arrays in changed.items()}),
        fate=fate,
        moves=moves,
        record_step_us=step_ms * 1e3,
    )


def _keep_events(changed: dict[str, list[np.ndarray]], work: Trial, trial: int, channel: Ints, impulse: Ints) -> None:
    """Copy the changes of sensor sites of one trial, with the channel and the impulse of each ion."""
    n = int(work.count[0])
    site, ion = work.event_site[:n], work.event_ion[:n]
    resting = ion >= channel.size
    source = np.where(resting, 0, ion)
    changed["trial"].append(np.full(n, trial, dtype=np.int64))
    changed["vesicle"].append(work.prepared.sites.vesicle[site])
    changed["sensor"].append(work.prepared.sites.sensor[site])
    changed["site"].append(work.prepared.sites.number[site])
    changed["time_ms"].append(work.event_time[:n] * 1e-3)
    changed["change"].append(work.event_sign[:n].copy())
    for name, origin in (("channel", channel), ("impulse", impulse)):
        changed[name].append(np.where(resting, -1, origin[source] if origin.size else -1).astype(np.int64))
