"""Ranges of axes that leave room for the name above the highest tick."""

from __future__ import annotations

from typing import Final

from endplate.report.scale import ticks

_FULL: Final = 0.93  # a tick above this share of the axis would touch the name


def roomy(top: float, *, least: float = 0.0) -> float:
    """Return an upper end for an axis from 0 that shows `top` and has no tick close below its end.

    Examples
    --------
    >>> round(roomy(9.0), 1), roomy(100.0)
    (10.8, 112.0)
    """
    high = max(1.12 * top, least)
    while ticks(0.0, high)[-1] > _FULL * high:
        high *= 1.01
    return round(high, 6) if high > 1e-3 else high
