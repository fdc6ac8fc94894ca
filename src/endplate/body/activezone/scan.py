"""Scans: the same case over values of what can be varied, and what an ensemble says about release."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import Case
from endplate.body.activezone.ensemble import Ensemble
from endplate.body.activezone.fusion import EnergyFusion, FusionRule, active_sensors, fusion_times, impulse_window
from endplate.body.activezone.simulate import simulate
from endplate.foundation.errors import InputError, require_between, unknown_name
from endplate.foundation.random import stream

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

MOST_POINTS: Final = 400
_ARRANGEMENTS: Final = 16  # random places of scattered channels, over which a point of a scan is the mean


@dataclass(frozen=True, slots=True)
class Variable:
    """What a scan may vary: its range, its unit, what it means, and how a case takes it."""

    low: float
    high: float
    unit: str
    meaning: str
    apply: Callable[[Case, float], Case] | None = None
    is_whole: bool = False


VARIABLES: Final[Mapping[str, Variable]] = {
    "channels": Variable(0, 100, "1", "channels that each zone keeps, mean over which ones", is_whole=True),
    "broadening": Variable(0.1, 10, "1", "width of the action potential after its peak", Case.broadened),
    "calcium": Variable(0, 100, "mM", "calcium outside", Case.with_external_calcium),
    "magnesium": Variable(0, 100, "mM", "magnesium outside", Case.with_magnesium),
    "disorganisation": Variable(0, 1, "1", "how far channels are scattered, mean over where to"),
    "closing": Variable(0.01, 100, "1", "speed at which channels close", Case.with_closing),
    "buffer": Variable(0, 1e5, "uM", "immobile buffer", lambda case, value: case.with_buffer(umolar=value)),
    "resting": Variable(0, 100, "uM", "resting calcium", Case.with_resting_calcium),
    "clearance": Variable(0, 1e3, "1/ms", "removal of calcium", Case.with_clearance),
    "rate": Variable(0.1, 500, "Hz", "rate of two impulses", lambda case, value: case.with_train(value, 2)),
}


def arrangements(case: Case, settings: Mapping[str, float], *, seed: int) -> list[Case]:
    """Return the cases that stand for one setting: one, or as many as there are ways to lose or scatter channels.

    Parameters
    ----------
    case
        The case to vary.
    settings
        Values by the names of `VARIABLES`.
    seed
        Decides where scattered channels go.

    Raises
    ------
    UnknownNameError
        If a name is not in `VARIABLES`.
    InputError
        If a value leaves its range.

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> [one.n_channels for one in arrangements(read_case("az4"), {"channels": 2}, seed=1)]
    [2, 2, 2, 2, 2, 2]
    """
    for name, value in settings.items():
        require_setting(name, value)
        step = VARIABLES[name].apply
        if step is not None:
            case = step(case, float(value))
    cases = _with_channels(case, int(settings["channels"])) if "channels" in settings else [case]
    share = float(settings.get("disorganisation", 0.0))
    if not share:
        return cases
    keys = [stream(seed, "activezone/places", number) for number in range(_ARRANGEMENTS)]
    return [cases[number % len(cases)].displaced(share, key) for number, key in enumerate(keys)]


def require_setting(name: str, value: float) -> None:
    """Refuse a name or value that no scan can take."""
    if name not in VARIABLES:
        raise unknown_name("variable", name, VARIABLES)
    variable = VARIABLES[name]
    unit = "a ratio or a count" if variable.unit == "1" else f"in {variable.unit}"
    require_between(name, value, variable.low, variable.high, f"It is {variable.meaning}, {unit}.")
    if variable.is_whole and value != int(value):
        raise InputError(f"{name} must be a whole number, got {value:g}.")


def _with_channels(case: Case, keep: int) -> list[Case]:
    """Return the case once for every choice of channels to keep, the same in each zone."""
    zones = [np.flatnonzero(case.zone_of_channel == zone) for zone in np.unique(case.zone_of_channel)]
    fewest = min((zone.size for zone in zones), default=0)
    if keep > fewest:
        raise InputError(f"a zone of {case.name} has {fewest} channels; it cannot keep {keep}.")
    choices = itertools.combinations(range(fewest), keep)
    return [case.with_channels([int(zone[i]) for zone in zones for i in choice]) for choice in choices]


@dataclass(frozen=True, slots=True)
class Point:
    """Release at one setting.

    Attributes
    ----------
    settings
        Values by name.
    trials, vesicles
        Trials, and vesicles of a trial.
    probability, error
        Chance that a vesicle fuses in the run, and its standard error over trials; nan without vesicles.
    ions, ions_error, empty_share
        Ions that entered in a trial; trials without any.
    latency_ms, latency_sd_ms
        Time of fusion after the first onset, of the vesicles that fused; nan if none did. [ms]
    paired_ratio, paired_error
        Release by the second impulse over release by the first; nan without a train or release.
    """

    settings: Mapping[str, float]
    trials: int
    vesicles: int
    probability: float
    error: float
    ions: float
    ions_error: float
    empty_share: float
    latency_ms: float
    latency_sd_ms: float
    paired_ratio: float = math.nan
    paired_error: float = math.nan


def scan(
    case: Case,
    over: Mapping[str, Sequence[float]],
    *,
    trials: int,
    seed: int,
    rule: FusionRule,
    engine: str = "particles",
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Point]:
    """Return release at every combination of values.

    Parameters
    ----------
    case
        The case to vary.
    over
        Values by the names of `VARIABLES`, each once.
    trials
        Trials of each point; shared out evenly where a point is a mean over arrangements of channels.
    seed, engine, threads
        As in `simulate`.
    rule
        When a vesicle fuses.
    progress
        Called with what is being run and the share that is done.

    Raises
    ------
    InputError
        If there are no values or no vesicles, more than 400 points, or a value leaves its range.
    """
    if case.n_vesicles == 0:
        raise InputError(f"{case.name} has no vesicle, so there is no release to scan: run it, or take another case.")
    settings = [dict(zip(over, values, strict=True)) for values in itertools.product(*over.values())]
    if not over or not settings:
        raise InputError("a scan needs at least one variable with at least one value, such as channels=0..4.")
    if len(settings) > MOST_POINTS:
        raise InputError(f"the scan has {len(settings)} points, at most {MOST_POINTS}: take fewer values.")
    prepared = [arrangements(case, one, seed=seed) for one in settings]  # refuses before anything is run
    points = []
    for number, (one, cases) in enumerate(zip(settings, prepared, strict=True)):
        if progress is not None:
            progress(", ".join(f"{name} {value:g}" for name, value in one.items()), number / len(settings))
        chosen = cases[:trials]
        ensembles = [
            simulate(part, trials=share, seed=seed + place, engine=engine, threads=threads)
            for place, (part, share) in enumerate(zip(chosen, _shares(trials, len(chosen)), strict=True))
        ]
        points.append(summarise(ensembles, rule, one))
    return points


def _shares(total: int, parts: int) -> list[int]:
    return [total // parts + (part < total % parts) for part in range(parts)]


def summarise(ensembles: Sequence[Ensemble], rule: FusionRule, settings: Mapping[str, float]) -> Point:
    """Return what ensembles of one setting, taken together, say about release."""
    fused = [fusion_times(one, rule) for one in ensembles]
    per_trial = np.concatenate([_chance(one, rule, times) for one, times in zip(ensembles, fused, strict=True)])
    ions = np.concatenate([one.ions_entered.sum(axis=(1, 2)) for one in ensembles]).astype(np.float64)
    times = np.concatenate([one[np.isfinite(one)] for one in fused]) - ensembles[0].case.train[0]
    ratio, ratio_error = paired_ratio(ensembles, rule)
    return Point(
        settings=dict(settings),
        trials=per_trial.size,
        vesicles=ensembles[0].case.n_vesicles,
        probability=float(per_trial.mean()),
        error=_error(per_trial),
        ions=float(ions.mean()),
        ions_error=_error(ions),
        empty_share=float((ions == 0).mean()),
        latency_ms=float(times.mean()) if times.size else math.nan,
        latency_sd_ms=float(times.std(ddof=1)) if times.size > 1 else math.nan,
        paired_ratio=ratio,
        paired_error=ratio_error,
    )


def _error(values: Floats) -> float:
    return float(values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else math.nan


def _chance(ensemble: Ensemble, rule: FusionRule, fused: Floats) -> Floats:
    """Return the share of its vesicles that each trial loses; the chance itself where the rule knows it.

    Without a vesicle there is nothing to lose: nan.
    """
    if ensemble.case.n_vesicles == 0:
        return np.full(ensemble.trials, np.nan)
    if isinstance(rule, EnergyFusion):
        return np.asarray(rule.chance(active_sensors(ensemble), ensemble).mean(axis=1))
    return np.asarray(np.isfinite(fused).mean(axis=1))


def release_by_impulse(ensembles: Sequence[Ensemble], rule: FusionRule) -> Floats:
    """Return the share of vesicles that each impulse of the train releases, (trial, impulse), as if all were docked."""
    parts = []
    for one in ensembles:
        shares = []
        active = active_sensors(one)
        for impulse in range(one.case.n_impulses):
            window = active.within(*impulse_window(one.case, impulse))
            if isinstance(rule, EnergyFusion):
                shares.append(rule.chance(window, one).mean(axis=1))
            else:
                shares.append(np.isfinite(rule.fusion_ms(window, one)).mean(axis=1))
        parts.append(np.column_stack(shares))
    return np.concatenate(parts)


def paired_ratio(ensembles: Sequence[Ensemble], rule: FusionRule) -> tuple[float, float]:
    """Return release by the second impulse over the first, and its standard error; nan where there is none."""
    if ensembles[0].case.n_impulses < 2 or ensembles[0].case.n_vesicles == 0:
        return math.nan, math.nan
    first, second = release_by_impulse(ensembles, rule)[:, :2].T
    if not first.mean() > 0 or first.size < 2:
        return math.nan, math.nan
    ratio = float(second.mean() / first.mean())
    # delta method: both impulses are of the same trials
    return ratio, float((second - ratio * first).std(ddof=1) / math.sqrt(first.size) / first.mean())
