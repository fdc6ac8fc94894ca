"""The first screen: one card per examination, all at one gain, to be compared at a glance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from endplate.foundation.records import Train
from endplate.foundation.records.findings import Verdict
from endplate.report.drawing import Canvas, Drawing
from endplate.report.panels.graph import graph
from endplate.report.panels.trace import graticule, trace
from endplate.report.reading import (
    decrement_percent,
    effort_pairs,
    finding_of,
    increment_percent,
    is_rested,
    one_gain,
    resting_amplitude_mv,
    surface_studies,
    trains,
)
from endplate.report.scale import Gain, Window
from endplate.report.words import NOT_MEASURED, drug_line, millivolt, muscle_side, number, percent

if TYPE_CHECKING:
    from endplate.exam.examination.types import Examination, Study

WIDTH, HEIGHT = 240.0, 478.0
LIMIT_PERCENT = 90.0  # of the first response: the 10 % band of the page layout
_TRACE_PX = 120.0


@dataclass(frozen=True, eq=False)
class Summary:
    """The three numbers of a study and the sweeps behind them; None or nan where not examined."""

    examination: Examination
    study: Study
    resting_mv: float
    decrement: float
    increment: float
    train: Train | None
    pair: tuple[Train, Train] | None
    decrement_verdict: Verdict | None
    increment_verdict: Verdict | None

    @property
    def is_clinical(self) -> bool:
        """Whether there is a rested train or an effort, rather than sweeps alone."""
        return self.train is not None or self.pair is not None


def summarise(examination: Examination) -> Summary | None:
    """Return the summary of an examination from its first surface study; None where there is none."""
    studies = surface_studies(examination)
    return summarise_study(examination, studies[0]) if studies else None


def summarise_study(examination: Examination, study: Study) -> Summary:
    """Return the summary of one surface study."""
    rested = [train for train in trains(study, "low rate") if is_rested(train) and len(train.sweeps) > 3]
    train = next(iter(rested), None)
    pair = next(iter(effort_pairs(study)), None)
    decrement = finding_of(study, "decrement", train) if train else None
    increment = finding_of(study, "increment", pair[1]) if pair else None
    return Summary(
        examination,
        study,
        resting_amplitude_mv(study),
        decrement_percent(study, train) if train else math.nan,
        increment_percent(study, *pair) if pair else math.nan,
        train,
        pair,
        decrement.verdict if decrement else None,
        increment.verdict if increment else None,
    )


def shared_gain(summaries: Sequence[Summary]) -> Gain:
    """Return the one gain of every clinical card."""
    return one_gain([(one.study, _sweeps(one)) for one in summaries if one.is_clinical], divisions=8)


def card(summary: Summary, gain: Gain, *, key: str, heading: str) -> Drawing:
    """Draw one examination: three numbers, the response before and after effort, the train."""
    examination = summary.examination
    canvas = Canvas(WIDTH, HEIGHT, examination.simulated)
    subtitle(canvas, examination)
    spoken = _clinical(canvas, summary, gain) if summary.is_clinical else _plain(canvas, summary)
    alt = f"{heading}, {muscle_side(examination)}. {spoken}"
    return canvas.finish(key=key, title=cut(heading, 20), alt=alt, small=len(heading) > 14)


def subtitle(canvas: Canvas, examination: Examination) -> None:
    """Name muscle and drug below the title."""
    canvas.label(2, 32, cut(muscle_side(examination), 36), size=11)
    canvas.label(2, 47, cut(drug_line(examination), 40), "ink", size=10.5)


def cut(words: str, most: int) -> str:
    """Return words that fit a card; the page beside it has them in full.

    Examples
    --------
    >>> cut("amifampridine", 8)
    'amifamp…'
    """
    return words if len(words) <= most else f"{words[: most - 1]}…"


def numbers(canvas: Canvas, columns: Sequence[tuple[str, str]]) -> None:
    """Write up to three large numbers with a word below each."""
    # long values (0.05 mV) would run into one another at full size
    size = 13.5 if any(len(value) > 6 for value, _ in columns[1:]) else 16.0
    for (value, words), x in zip(columns, (2.0, 90.0, 163.0), strict=False):
        quiet = value == NOT_MEASURED
        canvas.label(x, 76, value, "muted" if quiet else "ink", size=size, bold=not quiet)
        canvas.label(x, 91, "not tested" if quiet else words, size=10)


def _clinical(canvas: Canvas, summary: Summary, gain: Gain) -> str:
    rate = f"{summary.train.rate_hz:g} Hz train" if summary.train and summary.train.rate_hz else "train"
    effort = summary.pair[1].effort_s if summary.pair else None
    after = f"{effort:g} s effort" if effort else "effort"
    shown = [
        (millivolt(summary.resting_mv), "at rest"),
        (percent(-summary.decrement), rate),
        (percent(summary.increment), f"after {after}"),
    ]
    numbers(canvas, shown)
    _effort(canvas, summary, gain, after)
    if summary.train:
        lower = gain.fits(0, 256, WIDTH, _TRACE_PX)
        graticule(canvas, lower, gain)
        canvas.label(2, 251, f"{rate}, superimposed", size=10.5)
        for sweep in summary.train.sweeps[:0:-1]:
            trace(canvas, lower, summary.study, sweep, "sweep", width=1.0)
        trace(canvas, lower, summary.study, summary.train.sweeps[0], "ink", width=1.7)
        _profile(canvas, summary.study, summary.train)
    elif summary.study.efforts:
        _force(canvas, summary.study)
    canvas.label(2, HEIGHT - 4, gain.words(), size=10)
    return (
        f"At rest {millivolt(summary.resting_mv)}; {rate}: {percent(-summary.decrement)}; "
        f"after {after}: {percent(summary.increment)}."
    )


def _effort(canvas: Canvas, summary: Summary, gain: Gain, after: str) -> None:
    window = gain.fits(0, 114, WIDTH, _TRACE_PX)
    graticule(canvas, window, gain)
    if summary.pair:
        canvas.label(2, 109, f"before and after {after}", size=10.5)
        trace(canvas, window, summary.study, summary.pair[0].sweeps[-1], "before", width=1.7)
        trace(canvas, window, summary.study, summary.pair[1].sweeps[0], "after", width=1.7)
        canvas.label(WIDTH - 4, 127, "after", "after", size=11, anchor="end", bold=True)
        canvas.label(WIDTH - 4, 141, "before", "before", size=11, anchor="end", bold=True)
    elif summary.train:
        canvas.label(2, 109, "at rest; no effort tested", size=10.5)
        trace(canvas, window, summary.study, summary.train.sweeps[0], "ink", width=1.7)


def _force(canvas: Canvas, study: Study) -> None:
    """Draw the course of force during the first effort that was read."""
    effort = study.efforts[0]
    time, force = np.asarray(effort.time_s), np.asarray(effort.force_newton)
    reach = 1.1 * float(np.nanmax(force)) if np.isfinite(force).any() else 1.0
    window = graph(
        canvas, x=(0.0, float(time[-1])), y=(0.0, reach or 1.0), x_name="s", y_name=f"force of the {effort.name}, N",
        top=286.0,
    )  # fmt: skip
    canvas.stroke(window.x(time), window.y(force), "ink", width=1.4)


def _profile(canvas: Canvas, study: Study, train: Train) -> None:
    """Draw the course of the train against its first response: it turns, or keeps falling."""
    amplitude = study.measurements[0].amplitude_mv[list(train.sweeps)]
    if not amplitude[0] > 0:
        return
    relative = 100 * amplitude / amplitude[0]
    canvas.label(2, 392, "train, % of the 1st (dashed: 90 %)", size=10.5)
    window = Window(6, 398, WIDTH - 12, 62, 1.0, float(max(relative.size, 2)), 50.0, 108.0)
    limit = float(window.y(LIMIT_PERCENT))
    canvas.segment((0, limit), (WIDTH, limit), "limit", dashed=True)
    shown = np.clip(relative, window.y0, window.y1)
    order = np.arange(1.0, relative.size + 1)
    canvas.stroke(window.x(order), window.y(shown), "ink", width=1.3)
    for x, y in zip(order, shown, strict=True):
        if math.isfinite(y):
            canvas.mark(float(window.x(x)), float(window.y(y)), "dot", "ink", size=2.6)


def _response(summary: Summary) -> list[tuple[str, str]]:
    """Return what a nerve conduction study reads of the rested response; empty where none is marked as such."""
    rested = trains(summary.study, "rest")
    if not rested or not math.isfinite(summary.resting_mv):
        return []
    measured, sweep = summary.study.measurements[0], rested[0].sweeps[0]
    latency, duration = float(measured.latency_ms[sweep]), float(measured.duration_ms[sweep])
    return [
        (millivolt(summary.resting_mv), "at rest"),
        (f"{number(latency, 1)} ms", "latency"),
        (f"{number(duration, 1)} ms", "duration"),
    ]


def _plain(canvas: Canvas, summary: Summary) -> str:
    """Show sweeps that belong to no clinical train: a recruitment curve, evoked potentials."""
    study = summary.study
    sweeps = list(range(study.recording.n_sweeps))
    gain = one_gain([(study, sweeps)], divisions=9)
    amplitude = study.measurements[0].amplitude_mv
    good = amplitude[np.isfinite(amplitude)]
    middle = float(np.median(good)) if good.size else math.nan
    largest = float(good.max()) if good.size else math.nan
    numbers(canvas, _response(summary) or [
        (str(len(sweeps)), "responses"), (millivolt(middle), "median"), (millivolt(largest), "largest"),
    ])  # fmt: skip
    canvas.label(2, 109, "all responses, superimposed", size=10.5)
    window = gain.fits(0, 114, WIDTH, 344)
    graticule(canvas, window, gain)
    for sweep in sweeps[:: max(1, len(sweeps) // 40)]:
        trace(canvas, window, study, sweep, "sweep", width=0.9, opacity=0.7)
    if good.size:
        trace(canvas, window, study, int(np.nanargmax(amplitude)), "ink", width=1.6)
    canvas.label(2, HEIGHT - 4, f"{gain.words()} · own gain", size=10)
    return f"{len(sweeps)} responses, median {millivolt(middle)}, largest {millivolt(largest)}."


def _sweeps(summary: Summary) -> list[int]:
    sweeps = list(summary.train.sweeps) if summary.train else []
    if summary.pair:
        sweeps += [summary.pair[0].sweeps[-1], summary.pair[1].sweeps[0]]
    return sweeps
