"""Level of a drug over time after a dose: one oral and one intravenous course, relative to the peak."""

from __future__ import annotations

import functools
import math


@functools.lru_cache(maxsize=64)
def absorption_per_h(time_to_peak_h: float, half_life_h: float) -> float:
    """Return the rate of absorption that puts the peak of a one-compartment course at the given time. [1/h]

    The peak is at ``ln(ka/ke) / (ka - ke)``, which falls as ka rises, so halving the interval finds it.
    """
    elimination = math.log(2.0) / half_life_h

    def peak_at(ratio: float) -> float:
        if abs(ratio - 1.0) < 1e-9:  # the limit of ln(r) / (r - 1)
            return 1.0 / elimination
        return math.log(ratio) / (elimination * (ratio - 1.0))

    low, high = 1e-4, 1e6
    for _ in range(100):
        middle = math.sqrt(low * high)
        if peak_at(middle) > time_to_peak_h:
            low = middle
        else:
            high = middle
    return elimination * math.sqrt(low * high)


def oral_course(
    *, hours_since_dose: float, time_to_peak_h: float, half_life_h: float, interval_h: float = math.inf
) -> float:
    """Return the plasma level over the peak of a single dose.

    One compartment, first-order absorption and elimination. With an `interval_h` the same dose
    was taken at every interval before, for ever (steady state).

    Examples
    --------
    >>> round(oral_course(hours_since_dose=0.75, time_to_peak_h=0.75, half_life_h=2.0), 6)
    1.0
    >>> oral_course(hours_since_dose=0.0, time_to_peak_h=0.75, half_life_h=2.0)
    0.0
    """
    ke = math.log(2.0) / half_life_h
    ka = absorption_per_h(time_to_peak_h, half_life_h)

    def level(hours: float, interval: float) -> float:
        gone = math.exp(-ke * hours) / -math.expm1(-ke * interval)
        waiting = math.exp(-ka * hours) / -math.expm1(-ka * interval)
        return gone - waiting

    return level(hours_since_dose, interval_h) / level(time_to_peak_h, math.inf)


def decay(*, hours_since_dose: float, half_life_h: float) -> float:
    """Return the level after an intravenous dose over that at the dose.

    Examples
    --------
    >>> decay(hours_since_dose=2.0, half_life_h=1.0)
    0.25
    """
    return float(0.5 ** (hours_since_dose / half_life_h))


def occupied(level: float, half_level: float) -> float:
    """Return the share of sites that are occupied, level / (level + half_level).

    Examples
    --------
    >>> occupied(3.0, 1.0)
    0.75
    """
    return level / (level + half_level)
