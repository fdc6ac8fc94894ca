"""The response before and right after effort at one gain, with the increment as a large number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from endplate.foundation.records import Train
from endplate.report.drawing import HEADER_PX, Canvas, Drawing
from endplate.report.palette import Tone
from endplate.report.panels.trace import cursors, graticule, spread, trace
from endplate.report.reading import increment_percent, when
from endplate.report.scale import Gain, Window
from endplate.report.words import millivolt, percent

if TYPE_CHECKING:
    from endplate.exam.examination.types import Study

WIDTH, HEIGHT = 440.0, 330.0


def before_after(study: Study, before: Train, after: Train, gain: Gain, *, key: str, simulated: bool) -> Drawing:
    """Draw the rested response and the first one after effort on one another."""
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    window = gain.fits(0, HEADER_PX, WIDTH, HEIGHT - HEADER_PX - 22)
    graticule(canvas, window, gain)
    measured = study.measurements[0]
    first, second = before.sweeps[-1], after.sweeps[0]
    trace(canvas, window, study, first, "before", width=1.9)
    trace(canvas, window, study, second, "after", width=1.9)
    cursors(canvas, window, study, first)
    cursors(canvas, window, study, second)
    pre, post = float(measured.amplitude_mv[first]), float(measured.amplitude_mv[second])
    change = increment_percent(study, before, after)
    effort = f"{after.effort_s:g} s effort" if after.effort_s else "effort"
    _legend(canvas, study, (first, second), (pre, post), window)
    canvas.label(WIDTH - 10, HEADER_PX + 52, percent(change), "ink", size=42, anchor="end", bold=True)
    late = after.after_effort_s is not None and after.after_effort_s >= 20
    read = f"after {effort}, read {when(after)} later" if late else f"after {effort}"
    canvas.label(WIDTH - 10, HEADER_PX + 72, read, size=12.5, anchor="end")
    canvas.label(2, HEIGHT - 6, f"{gain.words()} · both at one gain")
    return canvas.finish(
        key=key,
        title=f"Before and after {effort}",
        alt=f"Response before effort {millivolt(pre)}, at once after {effort} {millivolt(post)}: "
        f"change {percent(change)}. Both drawn on one another at one gain.",
    )


def _legend(
    canvas: Canvas, study: Study, sweeps: tuple[int, int], amplitudes: tuple[float, float], window: Window
) -> None:
    """Name each trace beside its peak, in words, so that colour is not needed."""
    peaks = study.measurements[0].peak_ms
    wanted = [float(window.y(a)) if math.isfinite(a) else window.bottom - 10 for a in amplitudes]
    placed = spread(wanted, 16.0, window.top + 104, window.bottom - 12)
    column = window.right - 116
    tones: tuple[tuple[str, Tone], ...] = (("before", "before"), ("after", "after"))
    for sweep, amplitude, level, y, (words, tone) in zip(sweeps, amplitudes, wanted, placed, tones, strict=True):
        x = float(window.x(peaks[sweep])) if math.isfinite(peaks[sweep]) else math.nan
        if x + 17 < column:
            canvas.segment((x + 9, level), (column - 6, y - 4), "axis", width=0.6)
        canvas.label(column, y, f"{words} {millivolt(amplitude)}", tone, size=12.5, bold=True)
