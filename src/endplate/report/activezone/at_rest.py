"""Release at rest against resting calcium, and release by each impulse of a train."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from endplate.report.activezone.axes import roomy
from endplate.report.drawing import HEADER_PX, Canvas, Drawing
from endplate.report.panels.graph import graph
from endplate.report.scale import Window
from endplate.report.words import number

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case

WIDTH, HEIGHT = 440.0, 268.0
_LOW_UMOLAR, _HIGH_UMOLAR, _USUAL_UMOLAR = 0.03, 3.0, 0.1
_TICKS: Final = (0.03, 0.1, 0.3, 1.0, 3.0)


def release_at_rest(case: Case) -> Drawing:
    """Draw how often a docked vesicle fuses without an impulse, against resting calcium (energy rule, closed form)."""
    from endplate.body.activezone.rest import resting_release_hz

    calcium = np.geomspace(_LOW_UMOLAR, _HIGH_UMOLAR, 61)
    rate = np.log10(resting_release_hz(case, calcium))
    canvas = Canvas(WIDTH, HEIGHT, simulated=True)
    low, high = math.floor(rate.min()), math.ceil(rate.max())
    top = HEADER_PX + 36
    x0, x1 = math.log10(_LOW_UMOLAR), math.log10(_HIGH_UMOLAR)
    window = Window(58.0, top, WIDTH - 68.0, HEIGHT - 40.0 - top, x0, x1, low, high + 0.1 * (high - low))
    for power in range(low, high + 1, max(1, (high - low + 5) // 6)):
        level = float(window.y(power))
        canvas.segment((window.left, level), (window.right, level), "grid")
        canvas.label(window.left - 7, level + 4, _power(power), size=11, anchor="end")
    for value in _TICKS:
        at = float(window.x(math.log10(value)))
        canvas.segment((at, window.bottom), (at, window.bottom + 4), "axis")
        canvas.label(at, window.bottom + 17, f"{value:g}", size=11, anchor="middle")
    canvas.segment((window.left, window.bottom), (window.right, window.bottom), "axis")
    canvas.stroke(window.x(np.log10(calcium)), window.y(rate), "before", width=1.8)
    usual = float(resting_release_hz(case, _USUAL_UMOLAR)[0])
    canvas.mark(float(window.x(math.log10(_USUAL_UMOLAR))), float(window.y(math.log10(usual))), "dot", "before", size=4)
    canvas.label(2, HEADER_PX + 8, "steady calcium, no channel opens · energy rule, closed form", size=11)
    canvas.label(2, window.top - 7, "fusions of a docked vesicle per second", size=11)
    canvas.label(window.right, window.bottom + 33, "resting calcium, µM", size=11, anchor="end")
    alt = (
        f"Release without an impulse rises steeply with resting calcium: {usual:.1e} per second and vesicle at "
        f"{_USUAL_UMOLAR:g} µM, {10.0 ** rate[-1]:.1e} at {_HIGH_UMOLAR:g} µM."
    )
    return canvas.finish(key="at-rest", title="Release at rest", alt=alt)


def _power(power: int) -> str:
    raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if not -2 <= power <= 3 else f"{10.0**power:g}"


def release_by_impulse_picture(shares: NDArray[np.float64], *, rule: str) -> Drawing:
    """Draw release by each impulse of a train, as if every vesicle were docked again.

    Parameters
    ----------
    shares
        (trial, impulse), share of its vesicles that each trial loses to each impulse.
    rule
        The rule of fusion in words.
    """
    mean = 100.0 * shares.mean(axis=0)
    error = 100.0 * shares.std(axis=0, ddof=1) / math.sqrt(len(shares)) if len(shares) > 1 else np.zeros(mean.size)
    canvas = Canvas(WIDTH, HEIGHT, simulated=True)
    places = np.arange(1, mean.size + 1)
    marks = [(float(place), str(place)) for place in places[:: max(1, mean.size // 12)]]
    top = float((mean + error).max()) or 1.0
    window = graph(
        canvas, x=(0.4, mean.size + 0.6), y=(0.0, roomy(top)), x_name="impulse of the train", top=HEADER_PX + 52,
        y_name="chance that a docked vesicle fuses, %", x_ticks=marks,
    )  # fmt: skip
    for place, middle, half in zip(places, mean, error, strict=True):
        x = float(window.x(float(place)))
        low, high = (float(window.y(max(middle + sign * half, 0.0))) for sign in (-1, 1))
        canvas.segment((x, high), (x, low), "after")
        canvas.mark(x, float(window.y(middle)), "dot", "after", size=4)
    ratio = mean[1] / mean[0] if mean.size > 1 and mean[0] > 0 else math.nan
    told = (
        f"second over first: {number(float(ratio), 2)}" if math.isfinite(ratio) else "no release by the first impulse"
    )
    canvas.label(2, HEADER_PX + 8, told, size=11)
    canvas.label(2, HEADER_PX + 24, f"bars: one standard error · {rule}", size=11)
    listed = ", ".join(number(float(value), 2) for value in mean)
    return canvas.finish(
        key="by-impulse", title="Release by each impulse", alt=f"Chance of fusion in percent: {listed}; {told}."
    )
