"""A high-rate train as a row of spikes in true time, with its envelope."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from endplate.foundation.records import Train
from endplate.report.drawing import HEADER_PX, Canvas, Drawing
from endplate.report.reading import upward
from endplate.report.scale import Gain, Window, ticks
from endplate.report.words import millivolt, percent, train_title

if TYPE_CHECKING:
    from endplate.exam.examination.types import Study

WIDTH, HEIGHT = 440.0, 250.0


def spikes(study: Study, train: Train, gain: Gain, *, key: str, simulated: bool) -> Drawing:
    """Draw every response at its own time; the envelope joins the negative peaks."""
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    sweeps = list(train.sweeps)
    at_s = study.recording.stimulus_s[sweeps] - study.recording.stimulus_s[sweeps[0]]
    interval_s = float(np.median(np.diff(at_s))) if len(sweeps) > 1 else 0.05
    end_s = float(at_s[-1]) + interval_s
    window = Window(0, HEADER_PX, WIDTH, HEIGHT - HEADER_PX - 40, -0.4 * interval_s, end_s, gain.low_mv, gain.high_mv)
    for k in range(math.ceil(gain.low_mv / gain.mv_per_div), math.floor(gain.high_mv / gain.mv_per_div) + 1):
        level = float(window.y(k * gain.mv_per_div))
        canvas.segment((0, level), (WIDTH, level), "axis" if k == 0 else "grid", width=0.7 if k == 0 else 1.0)
    measured, time = study.measurements[0], study.recording.time_ms
    inside = (time >= 1.0) & (time <= min(gain.end_ms, 1000 * interval_s))
    for start_s, sweep in zip(at_s, sweeps, strict=True):
        shown = np.clip(upward(study.recording, measured, sweep)[inside], gain.low_mv, gain.high_mv)
        canvas.stroke(window.x(start_s + time[inside] / 1000), window.y(shown), "sweep", width=0.8)
    amplitude = measured.amplitude_mv[sweeps]
    peak_s = at_s + measured.peak_ms[sweeps] / 1000
    canvas.stroke(window.x(peak_s), window.y(amplitude), "after", width=1.6)
    for value in ticks(0.0, end_s):
        x = float(window.x(value))
        canvas.segment((x, window.bottom), (x, window.bottom + 4), "axis")
        if x < WIDTH - 16:
            canvas.label(max(x, 5), window.bottom + 16, f"{value:g} s", size=11, anchor="middle" if x > 9 else "start")
    gain_words = gain.words().split(" · ", 1)[1]
    canvas.label(2, HEIGHT - 5, f"{gain_words} · line: envelope of the negative peaks")
    first, high = float(amplitude[0]), float(np.nanmax(amplitude)) if np.isfinite(amplitude).any() else math.nan
    rise = 100 * (high - first) / first if first > 0 else math.nan
    words = f"{millivolt(first)} → {millivolt(high)}  {percent(rise)}"
    canvas.label(WIDTH - 6, window.top + 14, words, "ink", size=12.5, anchor="end", bold=True)
    return canvas.finish(
        key=key,
        title=f"High rate: {train_title(train)}",
        alt=f"Row of {len(sweeps)} responses with envelope: first {millivolt(first)}, highest {millivolt(high)}, "
        f"last {millivolt(float(amplitude[-1]))}; first to highest {percent(rise)}.",
    )
