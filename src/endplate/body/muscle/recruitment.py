"""Voluntary effort: which units fire, how fast, and at what moments.

Fuglevand's pool: thresholds rise exponentially with order, rates rise with drive from a lowest to a
highest one. An effort is given as a fraction of the highest force, as a clinician would ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle import _kernels as k
from endplate.body.muscle.anatomy import Anatomy
from endplate.foundation.errors import require_between
from endplate.foundation.parameters import values_of


@dataclass(frozen=True, eq=False, slots=True)
class Impulses:
    """Nerve impulses of every unit: those of unit u are ``start[u]`` to ``start[u + 1]`` of `time_ms`.

    `time_ms` (impulse,), float64, counts from the start of the effort or train and grows within a
    unit; `rate_hz` (unit,) is the mean rate. [ms, Hz]
    """

    start: NDArray[np.int64]
    time_ms: NDArray[np.float64]
    rate_hz: NDArray[np.float64]

    @property
    def unit(self) -> NDArray[np.int32]:
        """(impulse,), the unit of each impulse."""
        return np.repeat(np.arange(self.start.size - 1, dtype=np.int32), np.diff(self.start))


def steady_force(anatomy: Anatomy, rate_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean force of every unit at a steady rate when all its fibres follow. [N]

    A twitch has the area ``P T e``; its gain depends on contraction time over interval.
    """
    knee = values_of("body/muscle")["force.fusion_knee"]
    ratio = anatomy.contraction_ms * rate_hz / 1000.0
    gain = np.array([k.gain_of(max(float(x), 1e-9), knee) for x in ratio])
    return np.asarray(anatomy.twitch_newton * np.e * ratio * gain)


def _rates_at(anatomy: Anatomy, drive: float) -> NDArray[np.float64]:
    c = values_of("body/muscle")
    threshold = anatomy.threshold * c["force.recruitment_range"]
    order = (np.arange(anatomy.n_units) + 0.5) / anatomy.n_units
    highest = c["force.rate_highest_first"] + order * (c["force.rate_highest_last"] - c["force.rate_highest_first"])
    rate = np.minimum(c["force.rate_lowest"] + c["force.rate_gain"] * (drive - threshold), highest)
    return np.where(drive >= threshold, rate, 0.0)


def rates_for(anatomy: Anatomy, *, effort: float) -> NDArray[np.float64]:
    """Return the mean rate of every unit for an effort. [Hz]

    Parameters
    ----------
    effort
        Force over the highest voluntary force, when every fibre follows its nerve. In [0, 1].

    Examples
    --------
    >>> from endplate.body.muscle import build_anatomy
    >>> hand = build_anatomy("adm", seed=1, n_fibres=500)
    >>> weak, strong = rates_for(hand, effort=0.1), rates_for(hand, effort=1.0)
    >>> bool((weak > 0).sum() < (strong > 0).sum()), bool(strong.min() >= 20.0)
    (True, True)
    """
    require_between("effort", effort, 0.0, 1.0, "It is a fraction of the highest effort: 80 % is 0.8.")
    if effort == 0.0:
        return np.zeros(anatomy.n_units)
    c = values_of("body/muscle")
    span_hz = c["force.rate_highest_first"] - c["force.rate_lowest"]
    highest = c["force.recruitment_range"] + span_hz / c["force.rate_gain"]
    goal = effort * float(steady_force(anatomy, _rates_at(anatomy, highest)).sum())
    low, high = 0.0, highest
    for _ in range(50):  # force grows with drive: halve until the doubles meet
        middle = 0.5 * (low + high)
        if float(steady_force(anatomy, _rates_at(anatomy, middle)).sum()) < goal:
            low = middle
        else:
            high = middle
    return _rates_at(anatomy, high)


def voluntary_impulses(anatomy: Anatomy, *, effort: float, duration_s: float, key: np.uint64) -> Impulses:
    """Draw the impulses of a steady voluntary effort.

    Parameters
    ----------
    effort
        Force over the highest voluntary force, in [0, 1]. [1]
    duration_s
        Length of the effort, up to 600 s. [s]
    key
        From :func:`endplate.foundation.random.stream`; draws are counted by unit and impulse.

    Returns
    -------
    Impulses
        Intervals are normal with the parameter ``force.interval_cv``, never below 0.4 of their mean.

    Notes
    -----
    Leaves out fatigue of the drive, doublets, synchrony between units, and rate adaptation.

    Examples
    --------
    >>> from endplate.body.muscle import build_anatomy
    >>> from endplate.foundation.random import stream
    >>> hand = build_anatomy("adm", seed=1, n_fibres=500)
    >>> effort = voluntary_impulses(hand, effort=1.0, duration_s=2.0, key=stream(1, "doc"))
    >>> bool(effort.time_ms.max() < 2000.0)
    True
    """
    duration = 1000.0 * require_between("duration_s", duration_s, 0.0, 600.0, "It is in seconds.")
    rates = rates_for(anatomy, effort=effort)
    cv = values_of("body/muscle")["force.interval_cv"]
    room = np.empty(int(duration * rates.max(initial=0.0) / 1000.0 * 2.6) + 2)  # intervals reach down to 0.4
    parts, counts = [], []
    for unit, rate in enumerate(rates):
        count = k.spike_times(key, unit, 1000.0 / rate, cv, duration, room) if rate > 0.0 else 0
        parts.append(room[:count].copy())
        counts.append(count)
    return Impulses(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), np.concatenate(parts), rates)


def stimulated_impulses(anatomy: Anatomy, *, stimulus_ms: NDArray[np.float64]) -> Impulses:
    """Return the impulses of a supramaximal train: every unit answers every stimulus.

    Examples
    --------
    >>> from endplate.body.muscle import build_anatomy
    >>> hand = build_anatomy("adm", seed=1, n_fibres=500)
    >>> stimulated_impulses(hand, stimulus_ms=np.array([0.0, 333.0])).time_ms.size == 2 * hand.n_units
    True
    """
    times = np.ascontiguousarray(stimulus_ms, dtype=np.float64)
    span = float(times[-1] - times[0]) if times.size > 1 else 0.0
    rate = 1000.0 * (times.size - 1) / span if span > 0.0 else 0.0
    start = times.size * np.arange(anatomy.n_units + 1, dtype=np.int64)
    return Impulses(start, np.tile(times, anatomy.n_units), np.full(anatomy.n_units, rate))
