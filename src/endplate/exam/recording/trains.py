"""Trains: groups of sweeps, as the sidecar names them or as the stimulus times show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.settings import numbers_of
from endplate.foundation.errors import InputError, nearest, require_between
from endplate.foundation.parameters import values_of
from endplate.foundation.records.recording import ROLES, Role, Train

_RANGES = {
    "rate_hz": (0.01, 1000.0), "after_effort_s": (0.0, 86_400.0), "effort_s": (0.0, 3600.0),
    "effort_fraction": (0.0, 1.0), "rest_before_s": (0.0, 86_400.0), "intensity": (0.0, 10.0),
}  # fmt: skip


def role_of_rate(rate_hz: float) -> Role:
    """Name a regular train by its rate; what is between the usual bands stays unknown.

    Examples
    --------
    >>> role_of_rate(3.0), role_of_rate(10.0), role_of_rate(30.0)
    ('low rate', 'unknown', 'high rate')
    """
    limits = values_of("exam/recording")
    slack = 1.02  # times rounded to a sample or a millisecond move a rate by up to 2 %
    if limits["low_rate_lowest_hz"] / slack <= rate_hz <= limits["low_rate_highest_hz"] * slack:
        return "low rate"
    if limits["high_rate_lowest_hz"] / slack <= rate_hz <= limits["high_rate_highest_hz"] * slack:
        return "high rate"
    return "unknown"


def _runs(times_s: NDArray[np.float64]) -> list[list[int]]:
    """Split stimuli, in order of time, into runs of equal intervals."""
    limits = values_of("exam/recording")
    order = [int(index) for index in np.argsort(times_s, kind="stable")]
    runs, current = [], order[:1]
    for index in order[1:]:
        interval = float(times_s[index] - times_s[current[-1]])
        first = float(times_s[current[1]] - times_s[current[0]]) if len(current) > 1 else interval
        regular = abs(interval - first) <= limits["interval_tolerance"] * first
        if interval <= limits["longest_train_interval_s"] and regular:
            current.append(index)
        else:
            runs.append(current)
            current = [index]
    runs.append(current)
    return runs


def inferred_trains(stimulus_s: NDArray[np.float64], intensity: float | None = None) -> tuple[Train, ...]:
    """Group stimuli into trains by their times alone.

    Three or more stimuli at equal intervals are a train, with the role that its rate allows;
    a single stimulus has the role 'unknown', because times cannot tell rest from after effort.
    Without times everything is one group of unknown role.

    Examples
    --------
    >>> [(t.name, t.role) for t in inferred_trains(np.array([0.0, 60.0, 60.333, 60.667, 61.0]))]
    [('stimulus 1', 'unknown'), ('3 Hz, 4 stimuli', 'low rate')]
    """
    n_sweeps = stimulus_s.size
    if not np.isfinite(stimulus_s).all():
        name = "all sweeps, times unknown" if n_sweeps > 1 else "stimulus 1"
        return (Train(name, "unknown", tuple(range(n_sweeps)), intensity=intensity),)
    trains: list[Train] = []
    for run in _runs(stimulus_s):
        if len(run) < 3:  # two stimuli have one interval: nothing shows that it is regular
            trains.extend(Train(f"stimulus {i + 1}", "unknown", (i,), intensity=intensity) for i in run)
            continue
        rate_hz = (len(run) - 1) / float(stimulus_s[run[-1]] - stimulus_s[run[0]])
        name = f"{rate_hz:.3g} Hz, {len(run)} stimuli"
        trains.append(Train(name, role_of_rate(rate_hz), tuple(run), rate_hz=rate_hz, intensity=intensity))
    return _with_unique_names(trains)


def _with_unique_names(trains: Sequence[Train]) -> tuple[Train, ...]:
    from dataclasses import replace

    seen: dict[str, int] = {}
    named = []
    for train in trains:
        seen[train.name] = seen.get(train.name, 0) + 1
        count = seen[train.name]
        named.append(replace(train, name=f"{train.name} ({count})") if count > 1 else train)
    return tuple(named)


def stated_trains(tables: Sequence[Mapping[str, Any]], n_sweeps: int, intensity: float | None) -> tuple[Train, ...]:
    """Build the trains that a sidecar states; sweeps are numbered from 1 there.

    Raises
    ------
    InputError
        If a role is unknown, a sweep is not in the recording, or a number is impossible.
    """
    trains = []
    for index, table in enumerate(tables, start=1):
        where = f"[[trains]] number {index}"
        role = str(table.get("role", "unknown"))
        if role not in ROLES:
            hit = nearest(role, ROLES)
            guess = f"; did you mean {hit!r}?" if hit else "."
            raise InputError(f"{where}: no role {role!r}{guess} Known: {', '.join(ROLES)}.")
        if "sweeps" not in table:
            raise InputError(f'{where} does not say its sweeps; write sweeps = "1-10".')
        sweeps = numbers_of(table["sweeps"], f"{where}: sweeps")
        outside = [sweep for sweep in sweeps if not 1 <= sweep <= n_sweeps]
        if outside or not sweeps:
            raise InputError(
                f"{where}: sweep {outside[:1] or 'none'} is not in the recording, which has 1 to {n_sweeps}."
            )
        numbers = {
            name: require_between(f"{where}: {name}", table[name], low, high)
            for name, (low, high) in _RANGES.items()
            if name in table
        }
        numbers.setdefault("intensity", intensity)  # type: ignore[arg-type]  # None: nobody said
        name = str(table.get("name", f"train {index}"))
        trains.append(Train(name, role, tuple(sweep - 1 for sweep in sweeps), **numbers))  # type: ignore[arg-type]
    return _with_unique_names(trains)
