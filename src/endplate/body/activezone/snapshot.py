"""Snapshots: everything that one trial holds at chosen times, for pictures and for viewers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import Case
from endplate.body.activezone.particles import Prepared, Trial, prepare
from endplate.foundation.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Snapshot:
    """One trial at one time.

    Attributes
    ----------
    time_ms, voltage_mv
        When, and the membrane potential then. [ms, mV]
    open_channels
        (channel,) bool.
    ions_nm
        (ion, 3), free calcium ions only. [nm]
    ion_channel
        (ion,), the channel through which each ion came; -1 for an ion of the resting level.
    bound_sites
        For each kind of sensor of the case (vesicle, site) bool.
    ions_entered
        Since the beginning, through all channels. [1]
    """

    time_ms: float
    voltage_mv: float
    open_channels: NDArray[np.bool_]
    ions_nm: NDArray[np.float64]
    ion_channel: NDArray[np.int64]
    bound_sites: tuple[NDArray[np.bool_], ...]
    ions_entered: int


def watch(
    case: Case, *, times_ms: Sequence[float], seed: int, trial: int = 0, prepared: Prepared | None = None
) -> list[Snapshot]:
    """Run one trial of the particle engine and return what it holds at chosen times.

    Parameters
    ----------
    case
        The case.
    times_ms
        When to look, rising, within the run. [ms]
    seed, trial
        Which trial; openings and entries are those of `simulate` with this seed, paths differ from it because
        every look cuts the flights of the free ions.
    prepared
        What trials of the case share, where several are watched.

    Raises
    ------
    InputError
        If the times do not rise or leave the run.

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> shots = watch(read_case("sc1"), times_ms=[0.1, 0.2], seed=1)
    >>> shots[0].time_ms, len(shots[0].ions_nm) <= shots[0].ions_entered
    (0.1, True)
    """
    times = np.asarray(times_ms, dtype=np.float64)
    if times.size == 0 or (np.diff(times) <= 0.0).any() or not (times >= 0.0).all() or times[-1] > case.duration_ms:
        shown = ", ".join(f"{time:g}" for time in times[:8])
        raise InputError(
            f"the times to look at must rise and lie within 0 to {case.duration_ms:g} ms, got {shown or 'none'}."
        )
    shared = prepare(case) if prepared is None else prepared
    work = Trial(shared, case, snapshot_ms=times)
    openings = shared.schedule.openings(seed, trial)
    entry_ms, channel, _ = shared.schedule.entries(seed, trial, openings)
    work.run(
        seed=seed, trial=trial, entry_ms=entry_ms, channel=channel, numbers=shared.numbers,
        free_change=np.zeros(2, dtype=np.int64),
    )  # fmt: skip
    rows = work.snapshot_row[: int(work.count[7])]
    onsets = np.asarray(case.train)
    shots = []
    for number, time_ms in enumerate(times):
        mine = rows[rows[:, 0] == number]
        ion = mine[:, 1].astype(np.int64)
        since_ms = time_ms - onsets[max(0, int(np.searchsorted(onsets, time_ms, side="right")) - 1)]
        shots.append(
            Snapshot(
                time_ms=float(time_ms),
                voltage_mv=float(case.action_potential.at(max(since_ms, 0.0))),
                open_channels=_open_at(float(time_ms), openings, case.n_channels),
                ions_nm=mine[:, 2:5].copy(),
                ion_channel=np.array([channel[i] if i < channel.size else -1 for i in ion], dtype=np.int64),
                bound_sites=_bound_at(float(time_ms), work, case),
                ions_entered=int(np.searchsorted(np.sort(entry_ms), time_ms, side="right")),
            )
        )
    return shots


def _open_at(time_ms: float, openings: tuple[NDArray[np.int64], Floats, Floats], n_channels: int) -> NDArray[np.bool_]:
    channel, start_ms, end_ms = openings
    is_open = np.zeros(n_channels, dtype=np.bool_)
    is_open[channel[(start_ms <= time_ms) & (end_ms > time_ms)]] = True
    return is_open


def _bound_at(time_ms: float, work: Trial, case: Case) -> tuple[NDArray[np.bool_], ...]:
    happened = slice(0, int(np.searchsorted(1e-3 * work.event_time[: int(work.count[0])], time_ms, side="right")))
    sites = work.event_site[happened]
    total = np.bincount(sites, weights=work.event_sign[happened], minlength=work.prepared.sites.vesicle.size) > 0.5
    bound = []
    for number, kind in enumerate(case.sensors):
        mine = work.prepared.sites.sensor == number
        bound.append(total[mine].reshape(case.n_vesicles, kind.sites_per_vesicle))
    return tuple(bound)
