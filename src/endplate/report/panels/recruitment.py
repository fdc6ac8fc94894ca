"""Sweeps without a train: all on one another, and amplitude against stimulus where levels differ."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from endplate.report.drawing import HEADER_PX, Canvas, Drawing
from endplate.report.panels.graph import graph
from endplate.report.panels.trace import cursors, graticule, trace
from endplate.report.scale import Gain
from endplate.report.words import millivolt, number

if TYPE_CHECKING:
    from endplate.exam.examination.types import Study

WIDTH, HEIGHT = 440.0, 330.0
DRAWN_SWEEPS = 60


def all_sweeps(study: Study, sweeps: list[int], gain: Gain, *, key: str, simulated: bool) -> Drawing:
    """Draw sweeps on one another, the largest in ink with its cursors."""
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    window = gain.fits(0, HEADER_PX, WIDTH, HEIGHT - HEADER_PX - 22)
    graticule(canvas, window, gain)
    step = max(1, len(sweeps) // DRAWN_SWEEPS)
    for sweep in sweeps[::step]:
        trace(canvas, window, study, sweep, "sweep", width=0.9, opacity=0.6)
    amplitude = study.measurements[0].amplitude_mv[sweeps]
    if np.isfinite(amplitude).any():
        largest = sweeps[int(np.nanargmax(amplitude))]
        trace(canvas, window, study, largest, "ink", width=1.8)
        cursors(canvas, window, study, largest)
        words = f"largest {millivolt(float(np.nanmax(amplitude)))}"
        canvas.label(WIDTH - 6, HEADER_PX + 18, words, "ink", size=13, anchor="end", bold=True)
    canvas.label(2, HEIGHT - 6, gain.words())
    return canvas.finish(
        key=key,
        title=f"{len(sweeps)} responses, superimposed",
        alt=f"{len(sweeps)} responses drawn on one another; median amplitude "
        f"{millivolt(float(np.nanmedian(amplitude)) if np.isfinite(amplitude).any() else math.nan)}.",
    )


def against_level(study: Study, sweeps: list[int], *, key: str, simulated: bool) -> Drawing | None:
    """Draw amplitude against stimulus level; None where the level was not recorded or never changed."""
    levels = study.recording.stimulus_level
    if levels is None or np.unique(levels[sweeps]).size < 2:
        return None
    level, amplitude = levels[sweeps], study.measurements[0].amplitude_mv[sweeps]
    if not np.isfinite(amplitude).any():
        return None
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    margin = 0.06 * float(np.ptp(level))
    window = graph(
        canvas,
        x=(float(level.min()) - margin, float(level.max()) + margin),
        y=(0.0, 1.1 * float(np.nanmax(amplitude))),
        x_name="stimulus, units of the stimulator",
        y_name="amplitude, mV",
    )
    middles = [(one, _median(amplitude[level == one])) for one in np.unique(level)]
    canvas.stroke(window.x(np.array([m[0] for m in middles])), window.y(np.array([m[1] for m in middles])), "ink")
    for x, y in zip(level, amplitude, strict=True):
        canvas.mark(float(window.x(x)), float(window.y(y)) if math.isfinite(y) else math.nan, "ring", "sweep", size=3)
    canvas.label(window.right, window.top - 7, "line: median at each level", size=11, anchor="end")
    listed = ", ".join(f"{number(x, 1)}: {millivolt(y)}" for x, y in middles)
    return canvas.finish(key=key, title="Recruitment", alt=f"Median amplitude at each stimulus level: {listed}.")


def _median(values: np.ndarray) -> float:
    good = values[np.isfinite(values)]
    return float(np.median(good)) if good.size else math.nan
