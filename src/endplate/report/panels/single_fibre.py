"""Single-fibre recordings: discharges on one another, and latency from one to the next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from endplate.exam.measure.jitter import Jitter, jitter_of
from endplate.exam.measure.spikes import trigger_of
from endplate.foundation.records import Finding
from endplate.report.drawing import HEADER_PX, Canvas, Drawing
from endplate.report.panels.graph import graph
from endplate.report.reading import upward
from endplate.report.scale import Gain, round_step
from endplate.report.words import number, percent

if TYPE_CHECKING:
    from endplate.exam.examination.types import Study

SHOWN_SWEEPS = 40
WIDTH, HEIGHT = 440.0, 270.0


@dataclass(frozen=True, slots=True)
class Endplate:
    """One end-plate of a recording: its channel, its jitter and what was found of it."""

    channel: int
    name: str
    latency_ms: float
    jitter: Jitter
    findings: tuple[Finding, ...]


def endplates(study: Study) -> list[Endplate]:
    """Return the end-plates of a single-fibre study in the order of its channels."""
    names = {m.channel: m for m in study.measurements}
    found = []
    for channel, name in enumerate(study.recording.channels):
        if name not in names:
            continue
        measured = names[name]
        latency = measured.latency_ms
        middle = float(np.nanmedian(latency)) if np.isfinite(latency).any() else math.nan
        jitter = jitter_of(latency, study.recording.stimulus_s)
        its = tuple(f for f in study.findings.findings if f.name.startswith(f"end-plate {name}:"))
        found.append(Endplate(channel, name, middle, jitter, its))
    return found


def discharges(study: Study, endplate: Endplate, *, key: str, simulated: bool, small: bool) -> Drawing:
    """Draw the discharges of one end-plate on one another, on the stimulus or the first potential."""
    width, height = (176.0, 150.0) if small else (WIDTH, HEIGHT)
    canvas = Canvas(width, height, simulated)
    start, end = _time_range(study, endplate)
    time = np.arange(start, end, 1000.0 / study.recording.sampling_hz)
    traces = _traces(study, endplate, time)
    low, high = _range(traces)
    top, tall = HEADER_PX, height - HEADER_PX - (20 if small else 22)
    speed, step = round_step(end - start, 6), round_step(high - low, 5)
    gain = Gain(speed, step, start, end, low - 0.1 * (high - low), high + 0.15 * (high - low))
    window = gain.fits(0, top, width, tall)
    for k in range(math.ceil(start / speed), math.floor(end / speed) + 1):
        x = float(window.x(k * speed))
        canvas.segment((x, window.top), (x, window.bottom), "grid")
    for trace in traces:
        canvas.stroke(window.x(time), window.y(trace), "sweep", width=0.8, opacity=0.55)
    jitter, blocked = endplate.jitter.jitter_us, endplate.jitter.blocking_percent
    numbers = f"{number(jitter, 0)} µs · {percent(blocked, signed=False)}"
    if small:
        canvas.label(2, height - 5, numbers, "ink", size=11.5, bold=True)
        canvas.label(width - 2, height - 5, f"{speed:g} ms/div", size=9.5, anchor="end")
    else:
        canvas.label(2, height - 6, f"{gain.words()} · aligned on {_aligned(study)}")
        canvas.label(width - 4, top + 30, f"{number(jitter, 0)} µs", "ink", size=30, anchor="end", bold=True)
        blocks = f"jitter · {percent(blocked, signed=False)} blocked"
        canvas.label(width - 4, top + 48, blocks, size=12, anchor="end")
    return canvas.finish(
        key=key,
        title=f"End-plate {endplate.name}" if not small else endplate.name,
        alt=f"End-plate {endplate.name}: {endplate.jitter.n_discharges} discharges on one another, aligned on "
        f"{_aligned(study)}. Jitter {number(jitter, 0)} µs, {percent(blocked, signed=False)} blocked.",
        small=small,
    )


def interval_sequence(study: Study, endplate: Endplate, *, key: str, simulated: bool) -> Drawing:
    """Draw latency against discharge number; a blocked discharge is a cross-line at the foot."""
    latency = 1000 * (study.measurements[_row(study, endplate)].latency_ms - endplate.latency_ms)
    good = latency[np.isfinite(latency)]
    reach = max(50.0, 1.15 * float(np.abs(good).max())) if good.size else 50.0
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    window = graph(
        canvas,
        x=(0.0, latency.size + 1.0),
        y=(-reach, reach),
        x_name="discharge",
        y_name=f"{'interval' if _is_pair(study) else 'latency'} against its median, µs",
    )
    order = np.arange(1.0, latency.size + 1)
    canvas.stroke(window.x(order), window.y(latency), "sweep", width=1.0, opacity=0.6)
    for at, value in zip(order, latency, strict=True):
        if math.isfinite(value):
            canvas.mark(float(window.x(at)), float(window.y(value)), "dot", "sweep", size=2.0)
        else:
            canvas.mark(float(window.x(at)), window.bottom - 7, "tick", "after", size=5)
    blocked = int(np.isnan(latency).sum())
    if blocked:
        words = f"| blocked: {blocked} of {latency.size}"
        canvas.label(window.right - 2, window.top + 10, words, "after", size=11.5, anchor="end", bold=True)
    return canvas.finish(
        key=key,
        title=f"Interval sequence, end-plate {endplate.name}",
        alt=f"Latency of each of {latency.size} discharges against the median; {blocked} blocked.",
    )


def _row(study: Study, endplate: Endplate) -> int:
    return next(k for k, m in enumerate(study.measurements) if m.channel == endplate.name)


def _is_pair(study: Study) -> bool:
    return study.recording.stimulation == "voluntary"


def _aligned(study: Study) -> str:
    return "the first potential" if _is_pair(study) else "the stimulus"


def _time_range(study: Study, endplate: Endplate) -> tuple[float, float]:
    """Return the stretch to show: about the potential, in a pair about both, counted from the first."""
    time, latency = study.recording.time_ms, endplate.latency_ms
    if not math.isfinite(latency):
        return float(time[0]), float(time[-1])
    if _is_pair(study):
        return min(latency, 0.0) - 1.0, max(latency, 0.0) + 2.0
    return max(float(time[0]), latency - 1.0), min(float(time[-1]), latency + 2.0)


def _traces(study: Study, endplate: Endplate, time: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return some of the sweeps at these times; a pair stands on its first potential, and shows it."""
    recording = study.recording
    measured = study.measurements[_row(study, endplate)]
    trigger = trigger_of(recording, endplate.name)
    first_ms = np.zeros(recording.n_sweeps)
    if _is_pair(study):
        first_ms = measured.peak_ms - measured.latency_ms
        # where the second potential is blocked, the first stands about where it usually does
        usual = float(np.nanmedian(first_ms)) if np.isfinite(first_ms).any() else 0.0
        first_ms = np.where(np.isfinite(first_ms), first_ms, usual)
    shown = []
    for sweep in range(0, recording.n_sweeps, max(1, recording.n_sweeps // SHOWN_SWEEPS)):
        up = upward(recording, measured, sweep, endplate.channel)
        if trigger is not None and math.isfinite(measured.latency_ms[sweep]):
            up = up + upward(recording, None, sweep, recording.channels.index(trigger))
        outside = math.nan
        shown.append(np.interp(time + first_ms[sweep], recording.time_ms, up, left=outside, right=outside))
    return shown


def _range(traces: list[NDArray[np.float64]]) -> tuple[float, float]:
    values = np.concatenate(traces) if traces else np.zeros(1)
    values = values[np.isfinite(values)]
    if not values.size or values.max() <= values.min():
        return -1.0, 1.0
    return float(values.min()), float(values.max())
