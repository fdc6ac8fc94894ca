"""Cards of examinations without a compound potential: single end-plates, force alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from endplate.report.drawing import Canvas, Drawing
from endplate.report.panels import single_fibre
from endplate.report.panels.graph import graph
from endplate.report.panels.overview import HEIGHT, WIDTH, cut, numbers, subtitle
from endplate.report.reading import is_single_fibre
from endplate.report.words import NOT_MEASURED, muscle_side, number, percent

if TYPE_CHECKING:
    from endplate.exam.examination.types import Examination, Study


def other_card(examination: Examination, *, key: str, heading: str) -> Drawing:
    """Draw what there is of an examination that has no compound potential."""
    canvas = Canvas(WIDTH, HEIGHT, examination.simulated)
    subtitle(canvas, examination)
    needle = [study for study in examination.studies if study.measurements and is_single_fibre(study)]
    spoken = f"Protocol {examination.protocol}: no compound potential."
    if needle:
        spoken = _single_fibre(canvas, needle[0])
    else:
        canvas.label(2, 76, cut(f"protocol {examination.protocol}", 30), "ink", size=13, bold=True)
        canvas.label(2, 94, "no compound potential: see below", size=11)
    alt = f"{heading}, {muscle_side(examination)}. {spoken}"
    return canvas.finish(key=key, title=cut(heading, 20), alt=alt, small=len(heading) > 14)


def _single_fibre(canvas: Canvas, study: Study) -> str:
    found = single_fibre.endplates(study)
    jitter = np.array([one.jitter.jitter_us for one in found])
    good = jitter[np.isfinite(jitter)]
    blocked = [one.jitter.blocking_percent for one in found if math.isfinite(one.jitter.blocking_percent)]
    mean = f"{number(float(good.mean()), 0)} µs" if good.size else NOT_MEASURED
    blocking = percent(float(np.mean(blocked)), signed=False) if blocked else NOT_MEASURED
    numbers(canvas, [(mean, "mean jitter"), (blocking, "blocked"), (str(len(found)), "end-plates")])
    if good.size:
        ranked = sorted((one for one in found if math.isfinite(one.jitter.jitter_us)), key=lambda e: e.jitter.jitter_us)
        middle = single_fibre.discharges(study, ranked[len(ranked) // 2], key="middle", simulated=False, small=True)
        canvas.label(2, 109, "the end-plate with the median jitter", size=10.5)
        # the small panel's own title and foot stay behind: the card says the same
        canvas.items.extend(item for item in middle.moved(32, 92) if not hasattr(item, "text"))
        window = graph(
            canvas,
            x=(0.0, jitter.size + 1.0),
            y=(0.0, 1.1 * float(good.max())),
            x_name="end-plate",
            y_name="jitter of each end-plate, µs (triangle: blocks)",
            top=286.0,
        )
        for place, one in enumerate(found, start=1):
            blocks = one.jitter.blocking_percent > 0
            x, y = float(window.x(place)), one.jitter.jitter_us
            if math.isfinite(y):
                canvas.mark(x, float(window.y(y)), "up" if blocks else "dot", "after" if blocks else "sweep", size=3.2)
    return f"{len(found)} end-plates: mean jitter {mean}, {blocking} of impulses blocked."
