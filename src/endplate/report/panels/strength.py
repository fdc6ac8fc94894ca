"""Force during one voluntary effort, and how many fibres followed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from endplate.report.drawing import Canvas, Drawing
from endplate.report.panels.graph import graph
from endplate.report.words import number, percent

if TYPE_CHECKING:
    from endplate.exam.examination.types import Effort

WIDTH, HEIGHT = 440.0, 300.0


def force(effort: Effort, *, key: str, simulated: bool) -> Drawing:
    """Draw force against time, and below it the fraction of fibres that followed their nerve impulse."""
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    end = float(effort.time_s[-1]) if effort.time_s.size else 1.0
    good = effort.force_newton[np.isfinite(effort.force_newton)]
    peak = float(good.max()) if good.size else math.nan
    top = 1.1 * peak if math.isfinite(peak) and peak > 0 else 1.0
    window = graph(canvas, x=(0.0, end), y=(0.0, top), x_name="", y_name="force, N", bottom=176.0, x_ticks=[])
    canvas.stroke(window.x(effort.time_s), window.y(effort.force_newton), "ink", width=1.8)
    lower = graph(canvas, x=(0.0, end), y=(0.0, 105.0), x_name="time, s", y_name="fibres that followed, %", top=204.0)
    canvas.stroke(lower.x(effort.time_s), lower.y(100 * effort.fired_fraction), "after", width=1.8)
    words = f"peak {number(peak, 1)} N, mean {number(float(good.mean()) if good.size else math.nan, 1)} N"
    canvas.label(window.right, window.top - 7, words, "ink", size=11.5, anchor="end", bold=True)
    following = effort.fired_fraction[np.isfinite(effort.fired_fraction)]
    spoken = percent(100 * float(following[-1]), signed=False) if following.size else "unknown"
    return canvas.finish(
        key=key,
        title=f"Strength: {effort.name}",
        alt=f"Force during {end:.0f} s of effort: {words}. Fibres that followed at the end: {spoken}.",
    )
