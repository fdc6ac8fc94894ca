"""Release against what was varied, with error bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from endplate.report.activezone.axes import roomy
from endplate.report.drawing import HEADER_PX, Canvas, Drawing, Shape
from endplate.report.palette import Tone
from endplate.report.panels.graph import graph
from endplate.report.scale import Window
from endplate.report.words import number

if TYPE_CHECKING:
    from endplate.body.activezone.scan import Point

WIDTH, HEIGHT = 440.0, 290.0
NAMES: Final[Mapping[str, str]] = {
    "channels": "channels left in each zone",
    "broadening": "action potential, times its usual width",
    "calcium": "external calcium, mM",
    "magnesium": "external magnesium, mM",
    "disorganisation": "disorganisation of the channels",
    "closing": "speed of closing, times the usual",
    "buffer": "buffer, µM",
    "resting": "resting calcium, µM",
    "rate": "rate of two impulses, Hz",
}
_LOOKS: Final[tuple[tuple[Shape, Tone], ...]] = (
    ("dot", "before"),
    ("square", "after"),
    ("diamond", "cursor"),
    ("up", "limit"),
    ("down", "ink"),
)
_NEAR_TICK: Final = 0.2
_LOG_SPAN: Final = 30.0  # beyond this ratio a straight scale hides the small ones


def scan_pictures(points: Sequence[Point], *, rule: str) -> list[Drawing]:
    """Draw the chance of fusion against the first variable, one line for each value of the second.

    Further variables give one picture for each of their combinations.
    """
    names = list(points[0].settings)
    groups: dict[tuple[float, ...], list[Point]] = {}
    for point in points:
        groups.setdefault(tuple(point.settings[name] for name in names[2:]), []).append(point)
    drawn = []
    for number_of, (values, group) in enumerate(groups.items()):
        about = ", ".join(f"{name} {value:g}" for name, value in zip(names[2:], values, strict=True))
        drawn.append(_picture(group, names[:2], about, key=f"release-{number_of}", rule=rule))
    return drawn


def _picture(points: Sequence[Point], names: Sequence[str], about: str, *, key: str, rule: str) -> Drawing:
    along = names[0]
    series: dict[float | None, list[Point]] = {}
    for point in points:
        series.setdefault(point.settings[names[1]] if len(names) > 1 else None, []).append(point)
    canvas = Canvas(WIDTH, HEIGHT + 16.0 * ((len(series) + 2) // 3 if len(series) > 1 else 0), simulated=True)
    xs = sorted({point.settings[along] for point in points})
    is_log = _is_log(points)
    window = _axes(canvas, points, xs, along, is_log=is_log, rows=(len(series) + 2) // 3 if len(series) > 1 else 0)
    for place, (value, line) in enumerate(series.items()):
        shape, tone = _LOOKS[place % len(_LOOKS)]
        _line(canvas, window, line, along, shape, tone, is_log=is_log)
        if value is not None:
            x, y = 8 + (place % 3) * 142, HEADER_PX + 24 + 16 * (place // 3)
            canvas.mark(x, y - 4, shape, tone, size=4)
            canvas.label(x + 9, y, f"{names[1]} {value:g}", size=11)
    canvas.label(2, HEADER_PX + 6, f"bars: one standard error · {rule}", size=11)
    title = "Release" + (f", {about}" if about else "")
    return canvas.finish(key=key, title=title, alt=_alt(series, along, names))


def _is_log(points: Sequence[Point]) -> bool:
    good = [point.probability for point in points if point.probability > 0]
    return len(good) > 1 and max(good) > _LOG_SPAN * min(good)


def _axes(
    canvas: Canvas, points: Sequence[Point], xs: Sequence[float], along: str, *, is_log: bool, rows: int
) -> Window:
    top = HEADER_PX + 40 + 16 * rows
    margin = 0.06 * (xs[-1] - xs[0]) or 0.5
    x = (xs[0] - margin, xs[-1] + margin)
    marks = [(value, f"{value:g}") for value in xs] if len(xs) <= 8 else None
    highest = max((point.probability + point.error for point in points), default=0.0)
    if not is_log:
        return graph(
            canvas, x=x, y=(0.0, roomy(100.0 * highest) or 1.0), x_name=NAMES.get(along, along), top=top,
            y_name="chance that a vesicle fuses, %", x_ticks=marks,
        )  # fmt: skip
    good = [point.probability for point in points if point.probability > 0]
    low, high = math.floor(math.log10(100 * min(good)) - 0.15), math.log10(100 * highest) + 0.08
    if high - math.floor(high) < _NEAR_TICK:
        high += _NEAR_TICK  # the name of the axis stands above the highest tick
    window = Window(50.0, top, canvas.width - 60.0, canvas.height - 40.0 - top, *x, low, high)
    for power in range(low, math.floor(high) + 1):
        level = float(window.y(power))
        canvas.segment((window.left, level), (window.right, level), "grid")
        canvas.label(window.left - 7, level + 4, f"{10.0**power:g}", size=11, anchor="end")
    for value, words in marks or [(value, f"{value:g}") for value in xs[:: max(1, len(xs) // 6)]]:
        canvas.label(float(window.x(value)), window.bottom + 17, words, size=11, anchor="middle")
    canvas.segment((window.left, window.bottom), (window.right, window.bottom), "axis")
    canvas.label(2, window.top - 7, "chance that a vesicle fuses, % (log)", size=11)
    canvas.label(window.right, window.bottom + 33, NAMES.get(along, along), size=11, anchor="end")
    return window


def _line(
    canvas: Canvas, window: Window, line: Sequence[Point], along: str, shape: Shape, tone: Tone, *, is_log: bool
) -> None:
    ordered = sorted(line, key=lambda point: point.settings[along])
    x = window.x(np.array([point.settings[along] for point in ordered]))

    def height(share: float) -> float:
        if is_log:
            return float(window.y(math.log10(100 * share))) if share > 0 else math.nan
        return float(window.y(100 * share))

    y = np.array([height(point.probability) for point in ordered])
    canvas.stroke(x, y, tone, width=1.4)
    for place, at, point in zip(x, y, ordered, strict=True):
        if not math.isfinite(at):
            canvas.label(float(place), window.bottom - 5, "0", tone, size=11, anchor="middle", bold=True)
            continue
        low = max(point.probability - point.error, 0.0)
        down = height(low) if low > 0 or not is_log else window.bottom
        canvas.segment(
            (float(place), height(point.probability + point.error)), (float(place), min(down, window.bottom)), tone
        )
        canvas.mark(float(place), float(at), shape, tone, size=4)


def _alt(series: Mapping[float | None, Sequence[Point]], along: str, names: Sequence[str]) -> str:
    told = []
    for value, line in series.items():
        listed = ", ".join(
            f"{point.settings[along]:g}: {number(100 * point.probability, 2)} % ± {number(100 * point.error, 2)}"
            for point in sorted(line, key=lambda point: point.settings[along])
        )
        told.append(f"{names[1]} {value:g}: {listed}" if value is not None else listed)
    return f"Chance that a vesicle fuses against {NAMES.get(along, along)}. {'; '.join(told)}."
