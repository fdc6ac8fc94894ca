"""Two or more examinations on one another: response at rest, after effort, and along the train."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from endplate.report.drawing import HEADER_PX, Canvas, Drawing, Shape
from endplate.report.palette import Tone
from endplate.report.panels.graph import graph
from endplate.report.panels.overview import Summary, cut
from endplate.report.panels.trace import graticule, trace
from endplate.report.reading import one_gain
from endplate.report.words import millivolt, percent

WIDTH, HEIGHT = 440.0, 330.0
_STYLES: tuple[tuple[Tone, Shape], ...] = (
    ("ink", "square"),
    ("after", "dot"),
    ("before", "up"),
    ("cursor", "diamond"),
    ("limit", "down"),
)


def comparison(summaries: Sequence[Summary], names: Sequence[str]) -> list[Drawing]:
    """Return the overlays that these examinations allow, up to five on one another."""
    chosen = list(zip(summaries, names, strict=True))[: len(_STYLES)]
    drawings = []
    for moment, title in (("rest", "At rest"), ("effort", "At once after effort")):
        shown = [(s, name, sweep) for s, name in chosen if (sweep := _sweep(s, moment)) is not None]
        if len(shown) > 1:
            drawings.append(_overlay(shown, key=f"compare-{moment}", title=title))
    profiles = [(s, name) for s, name in chosen if s.train is not None]
    if len(profiles) > 1:
        drawings.append(_profile(profiles))
    return drawings


def _sweep(summary: Summary, moment: str) -> int | None:
    if moment == "effort":
        return summary.pair[1].sweeps[0] if summary.pair else None
    if summary.pair:
        return summary.pair[0].sweeps[-1]
    return summary.train.sweeps[0] if summary.train else None


def _overlay(shown: Sequence[tuple[Summary, str, int]], *, key: str, title: str) -> Drawing:
    simulated = any(summary.examination.simulated for summary, _, _ in shown)
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    gain = one_gain([(summary.study, [sweep]) for summary, _, sweep in shown])
    window = gain.fits(0, HEADER_PX, WIDTH, HEIGHT - HEADER_PX - 22)
    graticule(canvas, window, gain)
    spoken = []
    for place, ((summary, name, sweep), (tone, shape)) in enumerate(zip(shown, _STYLES, strict=False)):
        trace(canvas, window, summary.study, sweep, tone, width=1.8)
        measured = summary.study.measurements[0]
        words = f"{cut(name, 26)} {millivolt(float(measured.amplitude_mv[sweep]))}"
        canvas.label(WIDTH - 22, HEADER_PX + 18 + 18 * place, words, tone, size=12, anchor="end", bold=True)
        canvas.mark(WIDTH - 10, HEADER_PX + 14 + 18 * place, shape, tone, size=4)
        peak_x = float(window.x(measured.peak_ms[sweep]))
        canvas.mark(peak_x, float(window.y(measured.amplitude_mv[sweep])) - 6, shape, tone, size=3.5)
        spoken.append(words)
    canvas.label(2, HEIGHT - 6, f"{gain.words()} · one gain")
    return canvas.finish(key=key, title=title, alt=f"{title}, drawn on one another: {'; '.join(spoken)}.")


def _profile(profiles: Sequence[tuple[Summary, str]]) -> Drawing:
    simulated = any(summary.examination.simulated for summary, _ in profiles)
    canvas = Canvas(WIDTH, HEIGHT, simulated)
    relative = []
    for summary, _ in profiles:
        assert summary.train is not None
        amplitude = summary.study.measurements[0].amplitude_mv[list(summary.train.sweeps)]
        relative.append(100 * amplitude / amplitude[0] if amplitude[0] > 0 else np.full(amplitude.size, math.nan))
    top = max(110.0, 1.05 * max((float(np.nanmax(r)) for r in relative if np.isfinite(r).any()), default=100.0))
    lowest = min((float(np.nanmin(r)) for r in relative if np.isfinite(r).any()), default=0.0)
    low = 10.0 * math.floor(min(lowest, 80.0) / 10.0) - 5.0
    longest = max(r.size for r in relative)
    window = graph(
        canvas,
        x=(0.5, longest + 0.5),
        y=(low, top),
        x_name="stimulus",
        y_name="amplitude, % of the first",
        bottom=HEIGHT - 40 - 18 * ((len(profiles) + 1) // 2),
    )
    spoken = []
    for place, ((summary, full_name), values, (tone, shape)) in enumerate(
        zip(profiles, relative, _STYLES, strict=False)
    ):
        order = np.arange(1.0, values.size + 1)
        canvas.stroke(window.x(order), window.y(values), tone, width=1.4)
        for x, y in zip(order, values, strict=True):
            canvas.mark(float(window.x(x)), float(window.y(y)) if math.isfinite(y) else math.nan, shape, tone, size=3.2)
        name = cut(full_name, 26)
        row, column = divmod(place, 2)
        left, level = 10 + column * WIDTH / 2, HEIGHT - 6 - 18 * row
        canvas.mark(left, level - 4, shape, tone, size=4)
        canvas.label(left + 12, level, name, tone, size=12, bold=True)
        spoken.append(f"{name} {percent(-summary.decrement)}")
    return canvas.finish(
        key="compare-train", title="Along the train", alt=f"Amplitude against stimulus number: {'; '.join(spoken)}."
    )
