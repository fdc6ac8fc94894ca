"""Views: an examination taken apart into the sections of the page, each with its pictures."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from endplate.exam.measure.flags import FLAGS
from endplate.foundation.records import Finding, Train
from endplate.report.drawing import Drawing, compose
from endplate.report.gathering import Gathered, leading
from endplate.report.panels import high_rate, increment, recruitment, single_fibre, strength, train, trend
from endplate.report.reading import effort_pairs, headings, is_rested, is_single_fibre, one_gain, trains, when
from endplate.report.tables import StimulusRow, stimulus_rows
from endplate.report.words import train_title

if TYPE_CHECKING:
    from endplate.exam.examination.types import Examination, Study


@dataclass(frozen=True, eq=False)
class Panel:
    """A picture with the drawing that goes to its files, where that is a larger one."""

    drawing: Drawing
    in_files: bool = True


@dataclass(frozen=True, eq=False)
class TrainView:
    """One train: two ways to look at it, and its table."""

    train: Train
    title: str
    superimposed: Panel
    staggered: Panel
    rows: tuple[StimulusRow, ...]
    physiology: tuple[tuple[float, float, float], ...]  # fired %, quanta, mV; empty for real recordings


@dataclass(frozen=True, eq=False)
class TableView:
    """A table without pictures, folded on the page."""

    title: str
    rows: tuple[StimulusRow, ...]


@dataclass(frozen=True, eq=False)
class StudyView:
    """All that the page shows of one study."""

    study: Study
    key: str
    findings: tuple[Finding, ...]
    flags: tuple[tuple[str, str], ...]  # name and meaning
    leading: tuple[Gathered, ...] = ()
    main: tuple[TrainView, ...] = ()
    series: tuple[Panel, ...] = ()
    trends: tuple[Panel, ...] = ()
    efforts: tuple[Panel, ...] = ()
    high: tuple[Panel, ...] = ()
    others: tuple[Panel, ...] = ()
    strength: tuple[Panel, ...] = ()
    endplates: tuple[single_fibre.Endplate, ...] = ()
    endplate_panels: tuple[Panel, ...] = ()
    featured: tuple[Panel, ...] = ()
    tables: tuple[TableView, ...] = ()
    extra_files: tuple[Drawing, ...] = ()

    def drawings(self) -> list[Drawing]:
        """Return what goes into files, in page order."""
        panels = [p for view in self.main for p in (view.superimposed, view.staggered)]
        for group in (self.series, self.trends, self.efforts, self.high, self.others, self.strength):
            panels += group
        panels += [*self.featured, *self.endplate_panels]
        return [p.drawing for p in panels if p.in_files] + list(self.extra_files)


@dataclass(frozen=True, eq=False)
class ExaminationView:
    """All that the page shows of one examination."""

    examination: Examination
    key: str
    heading: str
    studies: tuple[StudyView, ...] = field(default=())


def slug(words: str) -> str:
    """Return words as a file name that is safe on every system.

    Examples
    --------
    >>> slug("LEMS, 1 h after <3,4-DAP>"), slug("../..")
    ('lems-1-h-after-3-4-dap', 'unnamed')
    """
    ascii_only = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:40].strip("-") or "unnamed"


def examination_views(examinations: Sequence[Examination]) -> list[ExaminationView]:
    """Return a view of each examination, with keys that no two share."""
    views = []
    for place, (one, heading) in enumerate(zip(examinations, headings(examinations), strict=True), start=1):
        key = f"{place}-{slug(one.person)}"
        several = len(one.studies) > 1
        studies = tuple(
            study_view(
                study, f"{key}-{number}" if several else key, simulated=one.simulated or study.recording.simulated
            )
            for number, study in enumerate(one.studies, start=1)
        )
        views.append(ExaminationView(one, key, heading, studies))
    return views


def study_view(study: Study, key: str, *, simulated: bool) -> StudyView:
    """Take one study apart."""
    names = dict.fromkeys(flag for measured in study.measurements for flag in measured.flags)
    flags = tuple((name, FLAGS[name].meaning if name in FLAGS else "") for name in names)
    findings = study.findings.findings
    shown = tuple(leading(study))
    efforts = tuple(
        Panel(strength.force(effort, key=f"{key}-strength-{number}", simulated=simulated))
        for number, effort in enumerate(study.efforts, start=1)
    )
    if not study.measurements:
        return StudyView(study, key, findings, flags, shown, strength=efforts)
    if is_single_fibre(study):
        return _single_fibre(study, key, findings, flags, shown, efforts, simulated=simulated)
    return _surface(study, key, findings, flags, shown, efforts, simulated=simulated)


def _surface(
    study: Study,
    key: str,
    findings: tuple[Finding, ...],
    flags: tuple[tuple[str, str], ...],
    shown: tuple[Gathered, ...],
    efforts: tuple[Panel, ...],
    *,
    simulated: bool,
) -> StudyView:
    low = trains(study, "low rate")
    rested = next((t for t in low if is_rested(t)), low[0] if low else None)
    series = _series(study, low, key, simulated=simulated) if len(low) > 1 else ((), ())
    singles = () if low or effort_pairs(study) else ("rest",)
    named = trains(study, "recruitment", "unknown", *singles)
    loose = [sweep for one in named for sweep in one.sweeps] or ([] if study.recording.trains else _all(study))
    return StudyView(
        study,
        key,
        findings,
        flags,
        shown,
        main=(_train_view(study, rested, key, simulated=simulated),) if rested else (),
        series=series[0],
        extra_files=series[1],
        trends=_trends(study, low, key, simulated=simulated),
        efforts=_effort_panels(study, key, simulated=simulated),
        high=_high_rate(study, key, simulated=simulated),
        others=_loose(study, loose, key, simulated=simulated) if loose else (),
        strength=efforts,
        tables=_tables(study, rested, loose),
    )


def _train_view(study: Study, one: Train, key: str, *, simulated: bool) -> TrainView:
    gain = one_gain([(study, one.sweeps)])
    known = study.physiology
    hidden: tuple[tuple[float, float, float], ...] = ()
    if known is not None:
        columns = (100 * known.fired_fraction, known.quantal_content, known.endplate_potential_mv)
        hidden = tuple((float(columns[0][s]), float(columns[1][s]), float(columns[2][s])) for s in one.sweeps)
    return TrainView(
        one,
        train_title(one),
        Panel(train.superimposed(study, one, gain, key=f"{key}-train", simulated=simulated)),
        Panel(train.staggered(study, one, gain, key=f"{key}-train-staggered", simulated=simulated)),
        tuple(stimulus_rows(study.measurements[0], one.sweeps)),
        hidden,
    )


def _series(
    study: Study, low: list[Train], key: str, *, simulated: bool
) -> tuple[tuple[Panel, ...], tuple[Drawing, ...]]:
    gain = one_gain([(study, one.sweeps) for one in low], divisions=6)
    drawings = [
        train.time_point(study, one, gain, key=f"{key}-series-{number}", simulated=simulated)
        for number, one in enumerate(low, start=1)
    ]
    together = compose(
        drawings,
        columns=min(4, len(drawings)),
        key=f"{key}-series",
        title=f"Trains over time, one gain: {gain.words()}",
        alt="One panel per time point: " + "; ".join(when(one) for one in low),
        simulated=simulated,
    )
    return tuple(Panel(d, in_files=False) for d in drawings), (together,)


def _trends(study: Study, low: list[Train], key: str, *, simulated: bool) -> tuple[Panel, ...]:
    panels = []
    if len(low) > 1:
        panels.append(Panel(trend.decrement_trend(study, low, key=f"{key}-decrement", simulated=simulated)))
    course = _course(study)
    if len(course) > 2:
        panels.append(Panel(trend.amplitude_trend(study, course, key=f"{key}-amplitude", simulated=simulated)))
    return tuple(panels)


def _course(study: Study) -> list[Train]:
    """Return rest, then one response or train per moment after effort, in order of time."""
    everything = trains(study, "rest", "immediate", "late", "low rate")
    rested = [one for one in everything if is_rested(one)][:1]
    after = sorted((one for one in everything if not is_rested(one)), key=lambda one: one.after_effort_s or 0.0)
    apart: list[Train] = []
    for one in after:
        if not apart or (one.after_effort_s or 0.0) - (apart[-1].after_effort_s or 0.0) > 15.0:
            apart.append(one)
    return rested + apart


def _effort_panels(study: Study, key: str, *, simulated: bool) -> tuple[Panel, ...]:
    pairs = effort_pairs(study)
    gain = one_gain([(study, (a.sweeps[-1], b.sweeps[0])) for a, b in pairs])
    return tuple(
        Panel(increment.before_after(study, a, b, gain, key=f"{key}-effort-{number}", simulated=simulated))
        for number, (a, b) in enumerate(pairs, start=1)
    )


def _high_rate(study: Study, key: str, *, simulated: bool) -> tuple[Panel, ...]:
    return tuple(
        Panel(
            high_rate.spikes(
                study, one, one_gain([(study, one.sweeps)]), key=f"{key}-high-rate-{number}", simulated=simulated
            )
        )
        for number, one in enumerate(trains(study, "high rate"), start=1)
    )


def _loose(study: Study, sweeps: list[int], key: str, *, simulated: bool) -> tuple[Panel, ...]:
    gain = one_gain([(study, sweeps)])
    curve = recruitment.against_level(study, sweeps, key=f"{key}-recruitment", simulated=simulated)
    panels = [Panel(recruitment.all_sweeps(study, sweeps, gain, key=f"{key}-sweeps", simulated=simulated))]
    return (*panels, Panel(curve)) if curve is not None else tuple(panels)


def _tables(study: Study, rested: Train | None, loose: list[int]) -> tuple[TableView, ...]:
    measured = study.measurements[0]
    views = [
        TableView(_table_title(one), tuple(stimulus_rows(measured, one.sweeps)))
        for one in study.recording.trains
        if one is not rested and one.sweeps and one.role not in ("recruitment", "unknown")
    ]
    if loose:
        views.append(TableView("All responses", tuple(stimulus_rows(measured, loose))))
    return tuple(views)


def _table_title(one: Train) -> str:
    if len(one.sweeps) > 1:
        return train_title(one)
    moment = when(one)
    return "Single response, at rest" if moment == "rest" else f"Single response, {moment} after effort"


def _all(study: Study) -> list[int]:
    return list(range(study.recording.n_sweeps))


def _single_fibre(
    study: Study,
    key: str,
    findings: tuple[Finding, ...],
    flags: tuple[tuple[str, str], ...],
    shown: tuple[Gathered, ...],
    efforts: tuple[Panel, ...],
    *,
    simulated: bool,
) -> StudyView:
    found = single_fibre.endplates(study)
    ranked = sorted(found, key=lambda e: -e.jitter.jitter_us if math.isfinite(e.jitter.jitter_us) else math.inf)
    featured: list[Panel] = []
    if ranked:
        worst = ranked[0]
        whole = single_fibre.discharges(study, worst, key=f"{key}-end-plate", simulated=simulated, small=False)
        steps = single_fibre.interval_sequence(study, worst, key=f"{key}-intervals", simulated=simulated)
        featured = [Panel(whole), Panel(steps)]
    small = [
        single_fibre.discharges(study, one, key=f"{key}-end-plate-{number}", simulated=simulated, small=True)
        for number, one in enumerate(found, start=1)
    ]
    together = (
        compose(
            small,
            columns=min(5, len(small)),
            key=f"{key}-end-plates",
            title="End-plates: jitter and blocking",
            alt=f"{len(small)} end-plates, each with its discharges on one another.",
            simulated=simulated,
        )
        if small
        else None
    )
    return StudyView(
        study,
        key,
        findings,
        flags,
        shown,
        strength=efforts,
        endplates=tuple(found),
        endplate_panels=tuple(Panel(d, in_files=False) for d in small),
        featured=tuple(featured),
        extra_files=(together,) if together else (),
    )
