"""A plain graph: two axes with round ticks and their names in words."""

from __future__ import annotations

from collections.abc import Sequence

from endplate.report.drawing import HEADER_PX, Canvas
from endplate.report.scale import Window, ticks
from endplate.report.words import number

LEFT_PX, BOTTOM_PX = 50.0, 40.0


def graph(
    canvas: Canvas,
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    x_name: str,
    y_name: str,
    top: float = HEADER_PX + 18,
    bottom: float | None = None,
    x_ticks: Sequence[tuple[float, str]] | None = None,
) -> Window:
    """Draw axes into the canvas and return the window inside them.

    `x_ticks` replaces the round numbers below by (place, words). The name of the upright axis
    stands above it, level, so that nobody has to turn the head.
    """
    low = canvas.height - BOTTOM_PX if bottom is None else bottom
    window = Window(LEFT_PX, top, canvas.width - LEFT_PX - 10, low - top, *x, *y)
    for value in ticks(*y):
        level = float(window.y(value))
        canvas.segment((window.left, level), (window.right, level), "grid")
        canvas.label(window.left - 7, level + 4, _short(value), size=11, anchor="end")
    places = x_ticks if x_ticks is not None else [(value, _short(value)) for value in ticks(*x)]
    for value, words in places:
        at = float(window.x(value))
        canvas.segment((at, window.bottom), (at, window.bottom + 4), "axis")
        canvas.label(at, window.bottom + 17, words, size=11, anchor="middle")
    canvas.segment((window.left, window.bottom), (window.right, window.bottom), "axis")
    canvas.label(2, window.top - 7, y_name, size=11)
    canvas.label(window.right, window.bottom + 33, x_name, size=11, anchor="end")
    return window


def _short(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else (1 if abs(value * 10 - round(value * 10)) < 1e-9 else 2))
