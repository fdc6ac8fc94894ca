"""When vesicles fuse: two rules read the bound sites of an ensemble. Fusion does not act back on the ions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import Case
from endplate.body.activezone.ensemble import Ensemble, running_sum
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.random import _kernels as random_kernels
from endplate.foundation.random import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ActiveSensors:
    """Active sensors of every vesicle: intervals between two changes.

    Attributes
    ----------
    owner
        (interval,) trial times vesicles plus vesicle, rising; within a vesicle in order of time.
    start_ms, end_ms
        (interval,) from when to when; the last one of a vesicle ends with the run. [ms]
    active
        (interval, sensor kind) number of active sensors.
    """

    owner: Ints
    start_ms: Floats
    end_ms: Floats
    active: Ints

    def within(self, from_ms: float, until_ms: float) -> ActiveSensors:
        """Return the intervals cut to a window; a state that was reached before it stands at its start."""
        start, end = np.maximum(self.start_ms, from_ms), np.minimum(self.end_ms, until_ms)
        kept = end > start
        return ActiveSensors(self.owner[kept], start[kept], end[kept], self.active[kept])


class FusionRule(Protocol):
    """A rule that turns active sensors over time into a time of fusion."""

    def fusion_ms(self, active: ActiveSensors, ensemble: Ensemble) -> Floats:
        """Return when each vesicle fuses, (trial, vesicle); nan where it does not. [ms]"""
        ...


def sensor_of_site(case: Case) -> tuple[Ints, ...]:
    """Return for every kind of sensor which sensor each site belongs to, (vesicle, site): in a row by azimuth.

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> member = sensor_of_site(read_case("az4"))[0]
    >>> member.shape, np.bincount(member[0]).tolist()
    ((2, 30), [5, 5, 5, 5, 5, 5])
    """
    found = []
    for kind, sites in zip(case.sensors, case.site_positions_nm, strict=True):
        offset = sites - case.vesicle_centres_nm[:, None, :]
        azimuth = np.arctan2(offset[:, :, 1], offset[:, :, 0])
        rank = np.argsort(np.argsort(azimuth, axis=1, kind="stable"), axis=1, kind="stable")
        found.append((rank // kind.sites_per_sensor).astype(np.int64))
    return tuple(found)


def active_sensors(ensemble: Ensemble) -> ActiveSensors:
    """Count active sensors of every vesicle through time.

    A Syt1 is active while at least ``active_sites`` of its sites are bound; a sensor of one site while it is bound.
    """
    case, events = ensemble.case, ensemble.bindings
    owner = events.trial * case.n_vesicles + events.vesicle
    order = np.argsort(owner, kind="stable")
    owner, start_ms = owner[order], events.time_ms[order]
    sensor, site, change = events.sensor[order], events.site[order], events.change[order]
    active = np.zeros((owner.size, len(case.sensors)), dtype=np.int64)
    for s, (kind, members) in enumerate(zip(case.sensors, sensor_of_site(case), strict=True)):
        mine = np.flatnonzero(sensor == s)
        needed = min(round(values_of("body/activezone")["active_sites"]), kind.sites_per_sensor)
        member = members[owner[mine] % case.n_vesicles, site[mine]]
        bound = running_sum(owner[mine] * kind.sites_per_vesicle + member, change[mine])
        rises = (change[mine] == 1) & (bound == needed)
        falls = (change[mine] == -1) & (bound == needed - 1)
        active[mine, s] = rises.astype(np.int64) - falls
        active[:, s] = running_sum(owner, active[:, s])
    end_ms = np.append(start_ms[1:], case.duration_ms)
    end_ms[np.append(owner[1:] != owner[:-1], True)[: owner.size]] = case.duration_ms
    return ActiveSensors(owner, start_ms, end_ms[: owner.size], active)


def require_active(n_active: int, case: Case) -> None:
    """Refuse a number of active Syt1 that no vesicle of a case can have.

    Raises
    ------
    InputError
        If it is below 1, or above the number of Syt1 of a vesicle; a case without vesicles takes any.
    """
    if n_active < 1:
        raise InputError(f"n_active must be at least 1 active Syt1, got {n_active}.")
    most = sum(kind.sites_per_vesicle // kind.sites_per_sensor for kind in case.sensors if kind.name == "syt1")
    if case.n_vesicles and n_active > most:
        way_out = f"Ask for 1 to {most}." if most else "Give them the sensor syt1, or use the rule of energy."
        raise InputError(
            f"a vesicle of {case.name} has {most} synaptotagmins; {n_active} can never be active together. {way_out}"
        )


@dataclass(frozen=True, slots=True)
class DeterministicFusion:
    """A vesicle fuses at the first instant when `n_active` Syt1 are active together.

    Examples
    --------
    >>> DeterministicFusion().n_active
    3
    """

    n_active: int = 3

    def fusion_ms(self, active: ActiveSensors, ensemble: Ensemble) -> Floats:
        """Return when each vesicle fuses, (trial, vesicle); nan where it does not. [ms]"""
        require_active(self.n_active, ensemble.case)
        if ensemble.case.n_vesicles == 0:
            return np.empty((ensemble.trials, 0))
        reached = active.active[:, ensemble.sensor_index("syt1")] >= self.n_active
        return _first(active.owner[reached], active.start_ms[reached], ensemble)


@dataclass(frozen=True, slots=True)
class EnergyFusion:
    r"""A vesicle fuses with the hazard :math:`r\,\exp(E - E_b)`, E summed over active sensors (Ma 2015).

    The rate r is one attempt each 0.5 us, and no attempt is more than certain. Without an active sensor the
    hazard is below 1e-14 /ms and taken as none.

    Attributes
    ----------
    syt1_kt, second_kt, barrier_kt
        Energy of one active Syt1, of one active second sensor, and the barrier; of the parameters if not given. [kT]

    Examples
    --------
    >>> EnergyFusion(syt1_kt=13.0).syt1_kt
    13.0
    """

    syt1_kt: float | None = None
    second_kt: float | None = None
    barrier_kt: float | None = None

    def hazard_per_ms(self, active: Ints, ensemble: Ensemble) -> Floats:
        """Return the hazard for counts of active sensors, (interval, sensor kind). [1/ms]"""
        constants = values_of("body/activezone")
        size = {
            "syt1": constants["energy_syt1_kt"] if self.syt1_kt is None else self.syt1_kt,
            "second": constants["energy_second_kt"] if self.second_kt is None else self.second_kt,
        }
        barrier = constants["energy_barrier_kt"] if self.barrier_kt is None else self.barrier_kt
        energy = active @ np.array([size[kind.name] for kind in ensemble.case.sensors])
        return np.asarray(constants["energy_attempts_per_ms"] * np.exp(np.minimum(energy - barrier, 0.0)))

    def chance(self, active: ActiveSensors, ensemble: Ensemble) -> Floats:
        """Return the chance that each vesicle fuses given what its sensors did, (trial, vesicle).

        Its mean over an ensemble is the release probability, with less scatter than drawn fusions.
        """
        spent = self.hazard_per_ms(active.active, ensemble) * (active.end_ms - active.start_ms)
        total = np.bincount(active.owner, weights=spent, minlength=ensemble.trials * ensemble.case.n_vesicles)
        return np.asarray(-np.expm1(-total)).reshape(ensemble.trials, ensemble.case.n_vesicles)

    def fusion_ms(self, active: ActiveSensors, ensemble: Ensemble) -> Floats:
        """Return when each vesicle fuses, (trial, vesicle); nan where it does not. [ms]"""
        hazard = self.hazard_per_ms(active.active, ensemble)
        spent = hazard * (active.end_ms - active.start_ms)
        key = stream(ensemble.seed, "activezone/fusion")
        owners, which = np.unique(active.owner, return_inverse=True)
        level = np.array([-math.log(random_kernels.uniform(key, int(owner), 0)) for owner in owners])[which]
        before = running_sum(active.owner, spent) - spent
        fuses = (before < level) & (before + spent >= level)
        at = active.start_ms[fuses] + (level - before)[fuses] / hazard[fuses]
        return _first(active.owner[fuses], at, ensemble)


def _first(owner: Ints, time_ms: Floats, ensemble: Ensemble) -> Floats:
    first = np.full(ensemble.trials * ensemble.case.n_vesicles, np.inf)
    np.minimum.at(first, owner, time_ms)
    first[np.isinf(first)] = np.nan
    return first.reshape(ensemble.trials, ensemble.case.n_vesicles)


def fusion_times(ensemble: Ensemble, rule: FusionRule | None = None, *, impulse: int | None = None) -> Floats:
    """Return when each vesicle fuses, (trial, vesicle); nan where it does not. [ms]

    Parameters
    ----------
    ensemble
        Trials of either engine.
    rule
        `DeterministicFusion` (with three Syt1) if not given, or `EnergyFusion`.
    impulse
        Look only from this impulse of a train to the next, as if every vesicle were there again: calcium left by
        earlier impulses counts, vesicles lost to them do not. The whole run if not given.

    Raises
    ------
    InputError
        If the train has no such impulse.

    Examples
    --------
    >>> from endplate.body.activezone import read_case, simulate
    >>> fusion_times(simulate(read_case("az4").with_duration(0.4), trials=2, seed=1)).shape
    (2, 2)
    """
    active = active_sensors(ensemble)
    if impulse is not None:
        active = active.within(*impulse_window(ensemble.case, impulse))
    return (rule or DeterministicFusion(round(values_of("body/activezone")["active_syt1_to_fuse"]))).fusion_ms(
        active, ensemble
    )


def impulse_window(case: Case, impulse: int) -> tuple[float, float]:
    """Return from when to when an impulse of the train reaches: its onset, and the next or the end. [ms]

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> impulse_window(read_case("az4").with_train(50.0, 2), 0)
    (0.0, 20.0)
    """
    if not 0 <= impulse < case.n_impulses:
        raise InputError(f"no impulse {impulse}: the train of {case.name} has impulses 0 to {case.n_impulses - 1}.")
    following = case.train[impulse + 1] if impulse + 1 < case.n_impulses else case.duration_ms
    return case.train[impulse], following
