"""The first screen: one card per examination, all at one gain, to be compared at a glance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from endplate.exam.examination.types import Examination, Study
from endplate.foundation.records import Train
from endplate.report.drawing import Canvas, Drawing
from endplate.report.panels.trace import graticule, trace
from endplate.report.reading import (
    decrement_percent,
    effort_pairs,
    increment_percent,
    label,
    one_gain,
    resting_amplitude_mv,
    surface_studies,
    trains,
)
from endplate.report.scale import Gain
from endplate.report.words import NOT_MEASURED, drug_line, millivolt, muscle_side, percent

WIDTH, HEIGHT = 280.0, 428.0
_TRACE_PX = 132.0


@dataclass(frozen=True, eq=False)
class Summary:
    """The three numbers of a card and the sweeps behind them; None or nan where not examined."""

    examination: Examination
    study: Study
    resting_mv: float
    decrement: float
    increment: float
    train: Train | None
    pair: tuple[Train, Train] | None

    @property
    def is_clinical(self) -> bool:
        """Whether there is a rested train or an effort, rather than sweeps alone."""
        return self.train is not None or self.pair is not None


def summarise(examination: Examination) -> Summary | None:
    """Return the summary of an examination from its first surface study; None where there is none."""
    studies = surface_studies(examination)
    if not studies:
        return None
    study = studies[0]
    rested = [train for train in trains(study, "low rate") if train.after_effort_s is None and len(train.sweeps) > 3]
    train = next(iter(rested), None)
    pair = next(iter(effort_pairs(study)), None)
    return Summary(
        examination,
        study,
        resting_amplitude_mv(study),
        decrement_percent(study, train) if train else math.nan,
        increment_percent(study, *pair) if pair else math.nan,
        train,
        pair,
    )


def shared_gain(summaries: Sequence[Summary]) -> Gain:
    """Return the one gain of every clinical card."""
    parts = []
    for one in summaries:
        if one.is_clinical:
            parts.append((one.study, _sweeps(one)))
    return one_gain(parts, divisions=6)


def card(summary: Summary, gain: Gain, *, key: str) -> Drawing:
    """Draw one examination: three numbers, the response before and after effort, the train."""
    examination = summary.examination
    canvas = Canvas(WIDTH, HEIGHT, examination.simulated)
    where = muscle_side(examination)
    canvas.label(2, 32, where[:44], size=11)
    canvas.label(2, 47, drug_line(examination) or " ", "after", size=11, bold=True)
    if summary.is_clinical:
        spoken = _clinical(canvas, summary, gain)
    else:
        spoken = _plain(canvas, summary)
    return canvas.finish(key=key, title=label(examination.person), alt=f"{label(examination.person)}, {where}. {spoken}")


def _clinical(canvas: Canvas, summary: Summary, gain: Gain) -> str:
    rate = f"{summary.train.rate_hz:g} Hz train" if summary.train and summary.train.rate_hz else "train"
    effort = summary.pair[1].effort_s if summary.pair else None
    after = f"after {effort:g} s effort" if effort else "after effort"
    _numbers(
        canvas,
        [
            (millivolt(summary.resting_mv), "at rest"),
            (percent(-summary.decrement), rate),
            (percent(summary.increment), after),
        ],
    )
    window = gain.fits(0, 116, WIDTH, _TRACE_PX)
    canvas.label(2, 111, "before and after effort" if summary.pair else "at rest (no effort recorded)", size=10.5)
    graticule(canvas, window, gain)
    if summary.pair:
        trace(canvas, window, summary.study, summary.pair[0].sweeps[-1], "before", width=1.7)
        trace(canvas, window, summary.study, summary.pair[1].sweeps[0], "after", width=1.7)
        canvas.label(WIDTH - 4, 128, "— before", "before", size=11, anchor="end", bold=True)
        canvas.label(WIDTH - 4, 142, "— after", "after", size=11, anchor="end", bold=True)
    elif summary.train:
        trace(canvas, window, summary.study, summary.train.sweeps[0], "ink", width=1.7)
    lower = gain.fits(0, 272, WIDTH, _TRACE_PX)
    graticule(canvas, lower, gain)
    canvas.label(2, 267, f"{rate}, superimposed" if summary.train else "no rested train recorded", size=10.5)
    if summary.train:
        for sweep in summary.train.sweeps[:0:-1]:
            trace(canvas, lower, summary.study, sweep, "sweep", width=1.0)
        trace(canvas, lower, summary.study, summary.train.sweeps[0], "ink", width=1.7)
    canvas.label(2, HEIGHT - 8, gain.words(), size=10.5)
    return (
        f"At rest {millivolt(summary.resting_mv)}; {rate}: {percent(-summary.decrement)}; "
        f"{after}: {percent(summary.increment)}."
    )


def _plain(canvas: Canvas, summary: Summary) -> str:
    """Show sweeps that belong to no clinical train: a recruitment curve, evoked potentials."""
    study = summary.study
    sweeps = list(range(study.recording.n_sweeps))
    gain = one_gain([(study, sweeps)], divisions=9)
    amplitude = study.measurements[0].amplitude_mv
    good = amplitude[np.isfinite(amplitude)]
    middle = float(np.median(good)) if good.size else math.nan
    largest = float(good.max()) if good.size else math.nan
    _numbers(canvas, [(str(len(sweeps)), "responses"), (millivolt(middle), "median"), (millivolt(largest), "largest")])
    canvas.label(2, 111, "all responses, superimposed", size=10.5)
    window = gain.fits(0, 116, WIDTH, 288)
    graticule(canvas, window, gain)
    for sweep in sweeps[:: max(1, len(sweeps) // 40)]:
        trace(canvas, window, study, sweep, "sweep", width=0.9, opacity=0.7)
    if good.size:
        trace(canvas, window, study, int(np.nanargmax(amplitude)), "ink", width=1.6)
    canvas.label(2, HEIGHT - 8, f"{gain.words()} · own gain", size=10.5)
    return f"{len(sweeps)} responses, median {millivolt(middle)}, largest {millivolt(largest)}."


def _numbers(canvas: Canvas, columns: list[tuple[str, str]]) -> None:
    for place, (value, words) in enumerate(columns):
        x = 2 + place * (WIDTH / 3)
        quiet = value == NOT_MEASURED
        canvas.label(x, 76, value, "muted" if quiet else "ink", size=20, bold=not quiet)
        canvas.label(x, 92, "not tested" if quiet else words, size=10.5)


def _sweeps(summary: Summary) -> list[int]:
    sweeps = list(summary.train.sweeps) if summary.train else []
    if summary.pair:
        sweeps += [summary.pair[0].sweeps[-1], summary.pair[1].sweeps[0]]
    return sweeps
