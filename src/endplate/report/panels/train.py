"""A train: superimposed, or one response beside the other; and small panels per time point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from endplate.foundation.records import Train
from endplate.report.drawing import HEADER_PX, Canvas, Drawing
from endplate.report.panels.trace import cursors, graticule, number_list, spread, trace
from endplate.report.reading import decrement_percent, when
from endplate.report.scale import Gain, Window
from endplate.report.words import millivolt, percent, train_title

if TYPE_CHECKING:
    from endplate.exam.examination.types import Study

WIDTH, HEIGHT = 440.0, 330.0


def superimposed(study: Study, train: Train, gain: Gain, *, key: str, simulated: bool) -> Drawing:
    """Draw the responses of a train on one another, the first in ink, numbered at their peaks."""
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    window = gain.fits(0, HEADER_PX, WIDTH, HEIGHT - HEADER_PX - 22)
    graticule(canvas, window, gain)
    for sweep in train.sweeps[:0:-1]:
        trace(canvas, window, study, sweep, "sweep", width=1.1)
    trace(canvas, window, study, train.sweeps[0], "ink", width=1.9)
    cursors(canvas, window, study, train.sweeps[0])
    _numbers(canvas, window, study, train)
    canvas.label(2, HEIGHT - 6, gain.words())
    return canvas.finish(
        key=key,
        title=f"Superimposed: {train_title(train)}",
        alt=f"{_alt(study, train)} Responses drawn on one another, the first in the darkest line.",
    )


def staggered(study: Study, train: Train, gain: Gain, *, key: str, simulated: bool) -> Drawing:
    """Draw the responses of a train beside one another at the same gain, numbered below."""
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    start, end = _response_range(study, train, gain)
    slot = WIDTH / len(train.sweeps)
    top, height = HEADER_PX, HEIGHT - HEADER_PX - 42
    frame = gain.fits(0, top, WIDTH, height)
    graticule(canvas, frame, gain, columns=False)
    first_mv = study.measurements[0].amplitude_mv[train.sweeps[0]]
    if math.isfinite(first_mv):
        level = float(frame.y(first_mv))
        canvas.segment((0, level), (WIDTH, level), "limit", dashed=True)
    for place, sweep in enumerate(train.sweeps):
        window = Window(place * slot, top, slot * 0.94, height, start, end, gain.low_mv, gain.high_mv)
        trace(canvas, window, study, sweep, "ink" if place == 0 else "sweep", width=1.5 if place == 0 else 1.2)
        if len(train.sweeps) <= 20 or place % 5 == 0:
            canvas.label((place + 0.5) * slot, HEIGHT - 28, str(place + 1), anchor="middle", size=11)
    bar = slot * 0.94 * 5.0 / (end - start)
    canvas.segment((2, HEIGHT - 12), (2 + bar, HEIGHT - 12), "ink", width=2)
    words = gain.words().split(" · ")[1]
    canvas.label(bar + 8, HEIGHT - 8, f"5 ms · {words} · negative up · dashed: amplitude of the 1st")
    return canvas.finish(
        key=key,
        title=f"Staggered: {train_title(train)}",
        alt=f"{_alt(study, train)} Responses drawn beside one another; a dashed line marks the first amplitude.",
    )


def time_point(study: Study, train: Train, gain: Gain, *, key: str, simulated: bool) -> Drawing:
    """Draw one train of a series small, at the gain of the whole series."""
    width, height = 176.0, 168.0
    canvas = Canvas(width, height, simulated)
    window = gain.fits(0, HEADER_PX, width, height - HEADER_PX - 22)
    graticule(canvas, window, gain)
    for sweep in train.sweeps[:0:-1]:
        trace(canvas, window, study, sweep, "sweep", width=0.9)
    trace(canvas, window, study, train.sweeps[0], "ink", width=1.5)
    drop = decrement_percent(study, train)
    first = millivolt(float(study.measurements[0].amplitude_mv[train.sweeps[0]]))
    canvas.label(2, height - 6, first, size=11)
    canvas.label(width - 2, height - 6, percent(-drop), "ink", size=11.5, anchor="end", bold=True)
    title = when(train) if len(train.sweeps) > 1 else f"{when(train)}, single"
    alt = f"{_alt(study, train)} Change in the train {percent(-drop)}."
    return canvas.finish(key=key, title=title[:1].upper() + title[1:], alt=alt, small=True)


def _numbers(canvas: Canvas, window: Window, study: Study, train: Train) -> None:
    """Number each peak; peaks too close to tell apart share a label."""
    measured = study.measurements[0]
    chosen = [k for k, sweep in enumerate(train.sweeps) if math.isfinite(measured.peak_ms[sweep])]
    if not chosen:
        return
    levels = {k: float(window.y(measured.amplitude_mv[train.sweeps[k]])) for k in chosen}
    groups: list[list[int]] = []
    for k in sorted(chosen, key=lambda i: levels[i]):
        if groups and levels[k] - levels[groups[-1][0]] < 7:
            groups[-1].append(k)
        else:
            groups.append([k])
    wanted = [sum(levels[k] for k in group) / len(group) for group in groups]
    placed = spread(wanted, 13.0, window.top + 8, window.bottom - 8)
    peak_x = float(window.x(np.nanmedian(measured.peak_ms[list(train.sweeps)])))
    for group, level, y in zip(groups, wanted, placed, strict=True):
        words = number_list([k + 1 for k in group])
        column = window.right - 6 if peak_x < window.left + 0.55 * window.width else window.left + 60
        canvas.segment((peak_x + 8, level), (column - 7 * len(words) - 6, y), "axis", width=0.6)
        canvas.label(column, y + 4, words, "ink", size=11.5, anchor="end", bold=group[0] == 0)


def _response_range(study: Study, train: Train, gain: Gain) -> tuple[float, float]:
    measured, sweeps = study.measurements[0], list(train.sweeps)
    onset, end, trough = (c[sweeps] for c in (measured.onset_ms, measured.end_ms, measured.trough_ms))
    late = np.concatenate([end, trough])
    if not (np.isfinite(onset).any() and np.isfinite(late).any()):
        return gain.start_ms, gain.end_ms
    return float(np.nanmin(onset)) - 1.5, min(float(np.nanmax(late)) + 3.0, gain.end_ms)


def _alt(study: Study, train: Train) -> str:
    amplitude = study.measurements[0].amplitude_mv[list(train.sweeps)]
    listed = ", ".join(millivolt(float(a)) for a in amplitude[:10])
    more = f" and {len(amplitude) - 10} more" if len(amplitude) > 10 else ""
    return f"{train_title(train)}. Amplitudes in order: {listed}{more}."
