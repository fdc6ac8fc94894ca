"""The chance that a docked vesicle fuses, and when: trials that compute nothing else."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import Case
from endplate.body.activezone.fast import _kernels
from endplate.body.activezone.fast.prepare import Prepared, prepare
from endplate.body.activezone.fast.trial import _kernels as trial_kernels
from endplate.body.activezone.fast.validity import never_opens
from endplate.body.activezone.fusion import DeterministicFusion, EnergyFusion
from endplate.body.activezone.gating import Schedule
from endplate.foundation.errors import InputError, require_between, unknown_name
from endplate.foundation.parameters import values_of
from endplate.foundation.random import stream

Floats = NDArray[np.float64]

_BLOCK = 512  # trials summed together; blocks are added in order, whatever the number of threads
_BIN_US = 20.0
_LARGEST_ROOM = 1 << 20
_QUIET_SHARE = 0.1  # of the trials, for runs in which no channel opens
_SELDOM = 1e-3  # chance of an opening below which runs are drawn as they come


Rule = DeterministicFusion | EnergyFusion


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """Fusion of every vesicle under every rule.

    Attributes
    ----------
    probability, standard_error
        (rule, vesicle) chance to fuse within the run, and its standard error. [1]
    bin_ms
        (bin + 1,) edges of the histogram, from the start of the run. [ms]
    density
        (rule, vesicle, bin) chance to fuse within each bin. [1]
    trials
        Trials behind it.
    p_opening
        Chance that any channel opens. [1]
    ions
        Mean number of ions that enter the zone. [1]
    buffer_full
        Largest share of the buffer that was taken in any trial. [1]
    """

    probability: Floats
    standard_error: Floats
    bin_ms: Floats
    density: Floats
    trials: int
    p_opening: float
    ions: float
    buffer_full: float

    @property
    def mean_latency_ms(self) -> Floats:
        """(rule, vesicle) mean time of fusion from the start of the run; nan where none fused. [ms]"""
        middle = 0.5 * (self.bin_ms[1:] + self.bin_ms[:-1])
        total = self.density.sum(axis=2)
        summed = (self.density * middle).sum(axis=2)
        return np.where(total > 0.0, summed / np.where(total > 0.0, total, 1.0), np.nan)

    @property
    def relative_error(self) -> Floats:
        """(rule, vesicle) standard error over the probability; inf where none fused. [1]"""
        safe = np.where(self.probability > 0.0, self.probability, 1.0)
        return np.where(self.probability > 0.0, self.standard_error / safe, np.inf)


def p_all_shut(schedule: Schedule) -> float:
    """Return the exact chance that no channel opens during the run."""
    by_kind = [never_opens(schedule, kind) for kind in range(len(schedule.is_stochastic))]
    return float(np.prod([by_kind[kind] for kind in schedule.kind]))


def _rules(rules: Sequence[Rule], case: Case) -> _kernels.Rules:
    constants = values_of("body/activezone")
    names = [sensor.name for sensor in case.sensors]
    needed = np.zeros(len(rules), dtype=np.int64)
    energy, barrier = np.zeros((len(rules), len(names))), np.zeros(len(rules))
    for row, rule in enumerate(rules):
        if isinstance(rule, DeterministicFusion):
            needed[row] = rule.n_active
            if rule.n_active < 1:
                raise InputError(f"n_active must be at least 1 active Syt1, got {rule.n_active}.")
        else:
            given = {"syt1": rule.syt1_kt, "second": rule.second_kt}
            for column, name in enumerate(names):
                own = given[name]
                energy[row, column] = constants[f"energy_{name}_kt"] if own is None else own
            barrier[row] = constants["energy_barrier_kt"] if rule.barrier_kt is None else rule.barrier_kt
    if needed.any() and "syt1" not in names:
        raise unknown_name(f"sensor in {case.name}", "syt1", names)
    return _kernels.Rules(
        needed=needed,
        counted=names.index("syt1") if "syt1" in names else 0,
        energy_kt=energy,
        barrier_kt=barrier,
        attempts_per_us=constants["energy_attempts_per_ms"] * 1e-3,
        bin_us=_BIN_US,
    )


def _started(prepared: Prepared, start_bound: float | Mapping[str, float] | None) -> _kernels.Sites:
    """Return the sites with the chance of each to be bound at the start."""
    if start_bound is None:
        return prepared.sites
    case = prepared.case
    names = [sensor.name for sensor in case.sensors]
    wanted = start_bound if isinstance(start_bound, Mapping) else {names[0]: start_bound}
    chance = prepared.sites.start_bound.copy()
    for name, number in wanted.items():
        if name not in names:
            raise unknown_name(f"sensor in {case.name}", name, names)
        index = names.index(name)
        most = case.sensors[index].sites_per_vesicle
        hint = f"It is a mean number of bound sites of {name} on each vesicle."
        chance[prepared.sites.sensor == index] = require_between("start_bound", number, 0.0, most, hint) / most
    return prepared.sites._replace(start_bound=chance)


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums over the trials of one kind: of chances, of their squares, of the histogram and of ions."""

    value: Floats  # (vesicle, rule)
    square: Floats
    histogram: Floats
    ions: float
    trials: int
    fullest: float

    @property
    def mean(self) -> Floats:
        return self.value / self.trials

    @property
    def variance_of_mean(self) -> Floats:
        return np.maximum(self.square / self.trials - self.mean**2, 0.0) / max(self.trials - 1, 1)


def _block(
    prepared: Prepared, sites: _kernels.Sites, rules: _kernels.Rules, key: np.uint64, first: int, count: int,
    which: int,
) -> _Sums:  # fmt: skip
    case, n_rule = prepared.case, rules.needed.size
    n_bin = math.ceil(prepared.end_us / rules.bin_us - 1e-9)
    fullest = np.zeros(count)
    ions = np.zeros((count, case.n_channels, case.n_impulses), dtype=np.int64)
    integral = np.zeros((count, case.n_vesicles, n_rule))
    nothing = _kernels.Log(np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64))
    room = 2048
    while True:
        histogram = np.zeros((case.n_vesicles, n_rule, n_bin))
        status = trial_kernels.run_trials(
            key, first, which, prepared.gates, prepared.paths, sites, rules,
            prepared.work(n_rule=n_rule, room=room), nothing, fullest, ions, integral, histogram,
        )  # fmt: skip
        if status == trial_kernels.DONE:
            break
        room *= 8
        if status == trial_kernels.TOO_MANY_OPENINGS or room > _LARGEST_ROOM:
            raise InputError(
                f"a trial of {case.name} holds too many openings or bindings for the fast engine. "
                'Shorten the train, or use engine="particles".'
            )
    value = -np.expm1(-integral)
    return _Sums(value.sum(axis=0), (value**2).sum(axis=0), histogram, float(ions.sum()), count, float(fullest.max()))


def _run(
    prepared: Prepared, sites: _kernels.Sites, rules: _kernels.Rules, key: np.uint64, trials: int, which: int,
    threads: int | None,
) -> _Sums:  # fmt: skip
    starts = range(0, trials, _BLOCK)

    def block(first: int) -> _Sums:
        return _block(prepared, sites, rules, key, first, min(_BLOCK, trials - first), which)

    with ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1) as pool:
        parts = list(pool.map(block, starts))
    total = parts[0]
    for part in parts[1:]:
        total = _Sums(
            total.value + part.value, total.square + part.square, total.histogram + part.histogram,
            total.ions + part.ions, total.trials + part.trials, max(total.fullest, part.fullest),
        )  # fmt: skip
    return total


def release(
    case: Case | Prepared,
    *,
    trials: int,
    seed: int,
    rules: Rule | Sequence[Rule] | None = None,
    start_bound: float | Mapping[str, float] | None = None,
    threads: int | None = None,
) -> Release:
    """Return the chance that each vesicle of a case fuses, under one rule or several at once.

    Parameters
    ----------
    case
        A case, or what `prepare` returned for one.
    trials, seed
        Runs in which at least one channel opens; where a vesicle can fuse without, a tenth more without openings.
    rules
        `DeterministicFusion` (if not given) or `EnergyFusion`, one or several, read from the same trials. Under an
        energy rule a trial counts with its expected chance, 1 - exp(-integral of the hazard), not with a draw.
    start_bound
        Sites bound at the start, left from earlier impulses: the mean number on a vesicle of the first sensor,
        or by name of the sensor; each site is bound independently. None: what resting calcium binds.
    threads
        Threads to use; all cores if not given. The result does not depend on it.

    Raises
    ------
    InputError
        If a number is impossible, or the case leaves the range of the fast engine.

    Notes
    -----
    The chance that no channel opens is exact (master equation), and only the rest is sampled.

    Examples
    --------
    >>> from endplate.body.activezone import DeterministicFusion, EnergyFusion, read_case
    >>> result = release(read_case("az4"), trials=500, seed=1, rules=[DeterministicFusion(1), EnergyFusion()])
    >>> result.probability.shape, round(result.p_opening, 3)
    ((2, 2), 0.667)
    >>> bool((result.probability[0] > result.probability[1]).all())
    True
    """
    prepared = case if isinstance(case, Prepared) else prepare(case)
    if isinstance(trials, bool) or not isinstance(trials, (int, np.integer)) or trials < 2:
        raise InputError(f"trials must be a whole number of at least 2, got {trials!r}.")
    asked = list(rules) if isinstance(rules, Sequence) else [rules or DeterministicFusion()]
    arrays = _rules(asked, prepared.case)
    sites = _started(prepared, start_bound)
    p_opening = 1.0 - p_all_shut(prepared.schedule)
    ions, fullest = 0.0, 0.0
    strata = [(1.0, trial_kernels.AS_IT_COMES, trials)]
    if p_opening >= _SELDOM:  # else too many draws of gating would be thrown away
        strata = [(p_opening, trial_kernels.ONE_OPENS, trials)]
        if p_opening < 1.0 and (sites.start_bound.any() or sites.rest_per_us.any()):
            strata.append((1.0 - p_opening, trial_kernels.NONE_OPENS, max(round(_QUIET_SHARE * trials), 2)))
    shape = (prepared.case.n_vesicles, len(asked))
    mean, variance = np.zeros(shape), np.zeros(shape)
    histogram = np.zeros((*shape, math.ceil(prepared.end_us / _BIN_US - 1e-9)))
    for share, which, count in strata:
        key = stream(seed, "activezone/fast/release", which)
        sums = _run(prepared, sites, arrays, key, count, which, threads)
        mean += share * sums.mean
        variance += share**2 * sums.variance_of_mean
        histogram += share / sums.trials * sums.histogram
        ions += share * sums.ions / sums.trials
        fullest = max(fullest, sums.fullest)
    return Release(
        probability=mean.T,
        standard_error=np.sqrt(variance).T,
        bin_ms=np.minimum(np.arange(histogram.shape[2] + 1) * _BIN_US * 1e-3, prepared.case.duration_ms),
        density=histogram.transpose(1, 0, 2),
        trials=sum(count for _, _, count in strata),
        p_opening=p_opening,
        ions=ions,
        buffer_full=fullest,
    )
