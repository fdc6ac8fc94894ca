"""Decrement and amplitude against time after effort."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from endplate.foundation.records import Train
from endplate.report.drawing import Area, Canvas, Drawing, Points
from endplate.report.panels.graph import graph
from endplate.report.reading import decrement_percent, is_rested, when
from endplate.report.scale import Window
from endplate.report.words import millivolt, percent

if TYPE_CHECKING:
    from endplate.exam.examination.types import Study

WIDTH, HEIGHT = 440.0, 270.0
LIMIT_PERCENT = 10.0  # the band of the page layout; what a rule makes of it stands in the findings


def decrement_trend(study: Study, series: Sequence[Train], *, key: str, simulated: bool) -> Drawing:
    """Draw the decrement of each train against time, with the band up to 10 %."""
    drops = [decrement_percent(study, train) for train in series]
    good = [d for d in drops if math.isfinite(d)]
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    low = min(-5.0, *[d - 3 for d in good]) if good else -5.0
    high = max(25.0, *[d * 1.12 for d in good]) if good else 25.0
    places, names = _places(series)
    window = graph(
        canvas,
        x=(min(places) - 0.35, max(places) + 0.35),
        y=(low, high),
        x_name="time after effort, min",
        y_name="decrement 1st to 4th, %",
        x_ticks=names,
    )
    top, zero = float(window.y(LIMIT_PERCENT)), float(window.y(0))
    canvas.items.insert(0, Area(_corners(window.left, top, window.width, zero - top), "band"))  # below the grid
    canvas.segment((window.left, top), (window.right, top), "limit", dashed=True)
    canvas.label(window.right - 2, top - 5, "10 %", "limit", size=11, anchor="end")
    _points(canvas, window, places, drops, [percent(d, signed=False) for d in drops])
    listed = "; ".join(f"{when(t)} {percent(d, signed=False)}" for t, d in zip(series, drops, strict=True))
    return canvas.finish(key=key, title="Decrement against time", alt=f"Decrement of each train: {listed}.")


def amplitude_trend(study: Study, series: Sequence[Train], *, key: str, simulated: bool) -> Drawing:
    """Draw the first amplitude at each time point: how long a rise after effort lasts."""
    values = [float(study.measurements[0].amplitude_mv[train.sweeps[0]]) for train in series]
    good = [v for v in values if math.isfinite(v)]
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    places, names = _places(series)
    window = graph(
        canvas,
        x=(min(places) - 0.35, max(places) + 0.35),
        y=(0.0, 1.18 * max(good, default=1.0)),
        x_name="time after effort, min",
        y_name="amplitude of the first response, mV",
        x_ticks=names,
    )
    _points(canvas, window, places, values, [millivolt(v) for v in values])
    listed = "; ".join(f"{when(t)} {millivolt(v)}" for t, v in zip(series, values, strict=True))
    return canvas.finish(key=key, title="Amplitude against time", alt=f"First amplitude at each time: {listed}.")


def _corners(left: float, top: float, width: float, height: float) -> Points:
    return np.array([(left, top), (left + width, top), (left + width, top + height), (left, top + height)])


def _places(series: Sequence[Train]) -> tuple[list[float], list[tuple[float, str]]]:
    """Place each train at its minute; what came before the effort stands one minute left of 0."""
    places = [
        -1.0 if is_rested(train) or train.after_effort_s is None else train.after_effort_s / 60 for train in series
    ]
    names: list[tuple[float, str]] = []
    for place in places:
        word = "rest" if place < 0 else f"{place:.0f}"
        at = place if place < 0 else round(place)
        if (at, word) not in names:
            names.append((at, word))
    return places, names


def _points(
    canvas: Canvas, window: Window, places: Sequence[float], values: Sequence[float], words: Sequence[str]
) -> None:
    after = [(p, v) for p, v in zip(places, values, strict=True) if p >= 0]
    if len(after) > 1:
        minutes, heights = np.array(after).T
        canvas.stroke(window.x(minutes), window.y(heights), "sweep", width=1.6)
    for k, (place, value, word) in enumerate(zip(places, values, words, strict=True)):
        if not math.isfinite(value):
            continue
        falls = k > 0 and places[k - 1] >= 0 and values[k - 1] > 1.1 * value  # the line comes from above: step aside
        x, y = float(window.x(place)), float(window.y(value))
        canvas.mark(x, y, "square" if place < 0 else "dot", "ink" if place < 0 else "sweep", size=3.6)
        canvas.label(x + 14 * falls, y - 9, word, "ink", size=11, anchor="middle")
