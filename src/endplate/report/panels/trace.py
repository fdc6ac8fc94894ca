"""The graticule of an EMG screen, and traces on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from endplate.report.drawing import Canvas
from endplate.report.palette import Tone
from endplate.report.reading import upward
from endplate.report.scale import Gain, Window

if TYPE_CHECKING:
    from endplate.exam.examination.types import Study


def graticule(canvas: Canvas, window: Window, gain: Gain, *, columns: bool = True) -> None:
    """Draw the divisions, the baseline and the outer frame."""
    if columns:
        first = math.ceil(gain.start_ms / gain.ms_per_div - 1e-9)
        last = math.floor(gain.end_ms / gain.ms_per_div + 1e-9)
        for k in range(first, last + 1):
            x = float(window.x(k * gain.ms_per_div))
            canvas.segment((x, window.top), (x, window.bottom), "grid")
    for k in range(math.ceil(gain.low_mv / gain.mv_per_div), math.floor(gain.high_mv / gain.mv_per_div) + 1):
        y = float(window.y(k * gain.mv_per_div))
        canvas.segment((window.left, y), (window.right, y), "axis" if k == 0 else "grid", width=0.7 if k == 0 else 1.0)


def trace(
    canvas: Canvas,
    window: Window,
    study: Study,
    sweep: int,
    tone: Tone,
    *,
    width: float = 1.3,
    channel: int = 0,
    opacity: float = 1.0,
) -> None:
    """Draw one sweep, negative up; what leaves the window stops at its edge."""
    time = study.recording.time_ms
    inside = (time >= window.x0) & (time <= window.x1)
    measured = study.measurements[channel] if channel < len(study.measurements) else None
    shown = np.clip(upward(study.recording, measured, sweep, channel)[inside], window.y0, window.y1)
    canvas.stroke(window.x(time[inside]), window.y(shown), tone, width=width, opacity=opacity)


def cursors(canvas: Canvas, window: Window, study: Study, sweep: int, tone: Tone = "cursor") -> None:
    """Mark onset, negative peak and end as the instrument (or a hand) set them."""
    measured = study.measurements[0]
    time = study.recording.time_ms
    shape = upward(study.recording, measured, sweep)
    if not np.isfinite(shape).all():
        return
    for at_ms in (float(measured.onset_ms[sweep]), float(measured.end_ms[sweep])):
        if math.isfinite(at_ms) and window.x0 <= at_ms <= window.x1:
            level = float(np.interp(at_ms, time, shape))
            canvas.mark(float(window.x(at_ms)), float(window.y(level)), "tick", tone, size=6)
    peak = measured.peak_ms[sweep]
    if math.isfinite(peak) and window.x0 <= peak <= window.x1:
        level = float(np.interp(peak, time, shape))
        canvas.mark(float(window.x(peak)), float(window.y(level)) - 5, "down", tone, size=3.2)


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Move label positions apart to at least `gap`, in order, inside [low, high] where they fit.

    Examples
    --------
    >>> spread([10.0, 11.0, 40.0], 12.0, 0.0, 100.0)
    [4.5, 16.5, 40.0]
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    groups: list[list[int]] = []
    centres: list[float] = []
    for k in order:
        groups.append([k])
        centres.append(min(max(wanted[k], low), high))
        while len(groups) > 1 and centres[-1] - centres[-2] < gap * (len(groups[-1]) + len(groups[-2])) / 2:
            merged = groups[-2] + groups[-1]
            groups[-2:] = [merged]
            half = gap * (len(merged) - 1) / 2
            centre = sum(wanted[i] for i in merged) / len(merged)
            centres[-2:] = [min(max(centre, low + half), high - half)]
    placed = [0.0] * len(wanted)
    for group, centre in zip(groups, centres, strict=True):
        for rank, k in enumerate(group):
            placed[k] = centre + gap * (rank - (len(group) - 1) / 2)
    return placed


def number_list(numbers: list[int]) -> str:
    """Return stimulus numbers with runs joined.

    Examples
    --------
    >>> number_list([1, 4, 5, 6, 9])
    '1, 4–6, 9'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
