"""Rows: one per stimulus, one per finding; the same for the page and for the CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from endplate.foundation.records import Finding, Measurements, Train
from endplate.report.reading import change_percent

if TYPE_CHECKING:
    from endplate.exam.examination.types import Examination, Study

MEASURED_COLUMNS: Final = (
    "stimulus_s",
    "amplitude_mv",
    "peak_to_peak_mv",
    "area_mvms",
    "duration_ms",
    "latency_ms",
    "baseline_mv",
    "noise_mv",
    "onset_ms",
    "peak_ms",
    "end_ms",
    "trough_ms",
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class StimulusRow:
    """One line of the table beside a train; changes are against the first of the train."""

    number: int
    sweep: int
    amplitude_mv: float
    amplitude_change: float
    area_mvms: float
    area_change: float
    duration_ms: float
    latency_ms: float
    flags: tuple[str, ...]
    by_hand: bool


def stimulus_rows(measured: Measurements, sweeps: Sequence[int]) -> list[StimulusRow]:
    """Return one row per stimulus of a train."""
    chosen = list(sweeps)
    amplitude, area = measured.amplitude_mv[chosen], measured.area_mvms[chosen]
    changes, area_changes = change_percent(amplitude), change_percent(area)
    return [
        StimulusRow(
            place + 1,
            sweep,
            float(amplitude[place]),
            float(changes[place]),
            float(area[place]),
            float(area_changes[place]),
            float(measured.duration_ms[sweep]),
            float(measured.latency_ms[sweep]),
            measured.row_flags[sweep],
            sweep in measured.moved_by_hand,
        )
        for place, sweep in enumerate(chosen)
    ]


def groups(study: Study) -> list[Train | None]:
    """Return the trains of a study; None stands for sweeps that belong to none."""
    named = {sweep for train in study.recording.trains for sweep in train.sweeps}
    rest = [] if len(named) == study.recording.n_sweeps else [None]
    return [*study.recording.trains, *rest]


def sweeps_of(study: Study, train: Train | None) -> list[int]:
    """Return the sweeps of a train, or those that belong to no train."""
    if train is not None:
        return list(train.sweeps)
    named = {sweep for one in study.recording.trains for sweep in one.sweeps}
    return [sweep for sweep in range(study.recording.n_sweeps) if sweep not in named]


def measurements_csv(examinations: Sequence[Examination]) -> str:
    """Return every measurement of every examination as CSV with units in its headings."""
    head = ["examination", "person", "muscle", "simulated", "study", "channel", "train", "role", "stimulus", "sweep"]
    head += [*MEASURED_COLUMNS, "amplitude_change_percent", "area_change_percent", "flags", "set_by_hand"]
    return _csv(head, _measurement_rows(examinations))


def _measurement_rows(examinations: Sequence[Examination]) -> Iterable[list[object]]:
    for place, examination in enumerate(examinations, start=1):
        for study in examination.studies:
            for measured in study.measurements:
                for train in groups(study):
                    name = (train.name, train.role) if train is not None else ("", "")
                    for row in stimulus_rows(measured, sweeps_of(study, train)):
                        yield [
                            place,
                            examination.person,
                            examination.muscle,
                            "yes" if examination.simulated else "no",
                            study.title,
                            measured.channel,
                            *name,
                            row.number,
                            row.sweep,
                            *(_plain(getattr(measured, column)[row.sweep]) for column in MEASURED_COLUMNS),
                            _plain(row.amplitude_change),
                            _plain(row.area_change),
                            "; ".join((*measured.flags, *row.flags)),
                            "yes" if row.by_hand else "no",
                        ]


def findings_csv(examinations: Sequence[Examination]) -> str:
    """Return every finding of every examination as CSV."""
    head = ["examination", "person", "muscle", "simulated", "study", "kind", "name", "value", "unit", "low", "high"]
    head += ["verdict", "because", "rule", "source", "reference_set", "missing", "flags", "sweeps"]
    return _csv(head, _finding_rows(examinations))


def _finding_rows(examinations: Sequence[Examination]) -> Iterable[list[object]]:
    for place, examination in enumerate(examinations, start=1):
        for study in examination.studies:
            for finding in study.findings.findings:
                low, high = finding.interval if finding.interval is not None else (None, None)
                yield [
                    place,
                    examination.person,
                    examination.muscle,
                    "yes" if examination.simulated else "no",
                    study.title,
                    finding.kind,
                    finding.name,
                    _plain(finding.value),
                    finding.unit,
                    _plain(low),
                    _plain(high),
                    finding.verdict,
                    finding.because,
                    finding.rule,
                    finding.source,
                    finding.reference_set,
                    "; ".join(finding.missing),
                    "; ".join(finding.flags),
                    " ".join(str(sweep) for sweep in finding.sweeps),
                ]


def shared_findings(first: Examination, other: Examination) -> list[tuple[Finding, Finding]]:
    """Return the findings with a number that both examinations have, paired by kind and name."""
    mine = _numbered(first)
    theirs = _numbered(other)
    return [(finding, theirs[key]) for key, finding in mine.items() if key in theirs]


def _numbered(examination: Examination) -> Mapping[tuple[str, str, str, str], Finding]:
    found: dict[tuple[str, str, str, str], Finding] = {}
    for study in examination.studies:
        for finding in study.findings.findings:
            if finding.value is not None:
                found.setdefault((study.title, finding.kind, finding.name, finding.unit), finding)
    return found


def _plain(value: float | None) -> str:
    if value is None or not np.isfinite(value):
        return ""
    return f"{float(value):.9g}"


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_guarded(cell) for cell in row])
    return page.getvalue()


def _guarded(cell: object) -> object:
    # a name from a file that starts like a formula would be run by a spreadsheet; our numbers are not names
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) and not _is_number(cell):
        return f"'{cell}"
    return cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
