"""Scales: round gains and ticks, and the map from measured numbers to pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


def round_step(span: float, divisions: int) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that covers `span` in `divisions`.

    Examples
    --------
    >>> round_step(13.0, 8), round_step(0.9, 8)
    (2.0, 0.2)
    """
    if not math.isfinite(span) or span <= 0:
        return 1.0
    raw = span / divisions
    decade = math.floor(math.log10(raw) + 1e-9)
    for factor in (1, 2, 5, 10):
        step = float(f"{factor}e{decade}")  # text, so that 0.2 is 0.2 and not 0.2000000001
        if step >= raw * (1 - 1e-9):
            return step
    return float(f"1e{decade + 1}")


def ticks(low: float, high: float, *, about: int = 5) -> list[float]:
    """Return round numbers inside [low, high].

    Examples
    --------
    >>> ticks(-3.0, 41.0)
    [0.0, 10.0, 20.0, 30.0, 40.0]
    """
    step = round_step(high - low, about)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 10) + 0.0 for k in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of the drawing that shows [x0, x1] by [y0, y1], y upwards.

    Examples
    --------
    >>> window = Window(left=0, top=0, width=100, height=50, x0=0, x1=10, y0=0, y1=5)
    >>> float(window.x(5)), float(window.y(5))
    (50.0, 0.0)
    """

    left: float
    top: float
    width: float
    height: float
    x0: float
    x1: float
    y0: float
    y1: float

    def x(self, value: Column | float) -> Column:
        """Return pixels for numbers along x."""
        return self.left + (np.asarray(value, dtype=np.float64) - self.x0) * (self.width / (self.x1 - self.x0))

    def y(self, value: Column | float) -> Column:
        """Return pixels for numbers along y."""
        return self.top + (self.y1 - np.asarray(value, dtype=np.float64)) * (self.height / (self.y1 - self.y0))

    @property
    def right(self) -> float:
        """Right edge. [px]"""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Lower edge. [px]"""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Gain:
    """How traces are shown: sweep speed and gain per division, and the range they cover.

    Panels that are compared by eye share one of these.
    """

    ms_per_div: float
    mv_per_div: float
    start_ms: float
    end_ms: float
    low_mv: float
    high_mv: float

    def words(self) -> str:
        """Return the sentence below a trace.

        Examples
        --------
        >>> Gain(5, 0.5, 0, 30, -1, 2).words()
        '5 ms/div · 0.5 mV/div · negative up'
        """
        if self.mv_per_div < 0.1:
            return f"{self.ms_per_div:g} ms/div · {self.mv_per_div * 1000:g} µV/div · negative up"
        return f"{self.ms_per_div:g} ms/div · {self.mv_per_div:g} mV/div · negative up"

    def fits(self, left: float, top: float, width: float, height: float) -> Window:
        """Return the window of this gain in a rectangle of the drawing."""
        return Window(left, top, width, height, self.start_ms, self.end_ms, self.low_mv, self.high_mv)
