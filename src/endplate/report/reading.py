"""What the page needs from a study: which sweeps belong where, and traces with negative up."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.records import Finding, Measurements, Recording, Train
from endplate.report.scale import Gain, round_step

if TYPE_CHECKING:
    from endplate.exam.examination.types import Examination, Study

Column = NDArray[np.float64]

ARTEFACT_MS: Final = 1.0  # traces are scaled without this much after the stimulus
LONGEST_MS: Final = 100.0  # a response that lasts longer is shown to here


def label(name: str) -> str:
    """Return a name as a heading: first letter large, abbreviations in capitals.

    Examples
    --------
    >>> label("lems, mild"), label("healthy"), label("mg-severe")
    ('LEMS, mild', 'Healthy', 'MG-severe')
    """
    if "_" in name or re.search(r"\.\w{1,5}$", name):
        return name  # a file keeps its spelling
    shown = re.sub(r"\b(lems|mg)\b", lambda hit: hit[0].upper(), name)
    shown = re.sub(r"(\d )MG\b", r"\1mg", shown)  # a dose, not a disease
    return shown[:1].upper() + shown[1:]


def headings(examinations: Sequence[Examination]) -> list[str]:
    """Return a heading for each examination that tells it from the others.

    The drug joins the name where one was given; protocol, muscle and number join only where
    two would read the same.
    """
    names = [label(one.person) for one in examinations]
    drugs = [_drug_to_name(one) for one in examinations]
    shown = [f"{name}, {_names(drug)}" if drug else name for name, drug in zip(names, drugs, strict=True)]
    for extra in (drugs, [f"{one.protocol} protocol" for one in examinations], [one.muscle for one in examinations]):
        shown = [
            f"{words}, {more}" if more and shown.count(words) > 1 else words
            for words, more in zip(shown, extra, strict=True)
        ]
    return [f"{words} ({place})" if shown.count(words) > 1 else words for place, words in enumerate(shown, start=1)]


def _drug_to_name(examination: Examination) -> str:
    """Return the drug of an examination unless its name says it already."""
    drug = next((s.recording.drug for s in examination.studies if s.recording.drug), None) or "none"
    given = [one.split(",")[0] for one in drug.split("; ")]  # dose and time of each stand in the header
    known = drug.lower() == "none" or all(_names(one).lower() in examination.person.lower() for one in given)
    return "" if known else "; ".join(given)


def _names(drugs: str) -> str:
    """Return the names of drugs without their doses."""
    return " + ".join(one.split(" ")[0] for one in drugs.split("; "))


def trains(study: Study, *roles: str) -> list[Train]:
    """Return the trains with one of these roles, in the order of the recording."""
    return [train for train in study.recording.trains if train.role in roles and train.sweeps]


def effort_pairs(study: Study) -> list[tuple[Train, Train]]:
    """Return each response right after an effort with the rested response it is compared to."""
    pairs = []
    before: Train | None = None
    for train in study.recording.trains:
        if train.role == "rest" and train.sweeps:
            before = train
        elif train.role == "immediate" and train.sweeps and before is not None:
            pairs.append((before, train))
    return pairs


def is_rested(train: Train) -> bool:
    """Whether a train shows the rested muscle: no effort came before, or its role or name says so.

    Examples
    --------
    >>> from endplate.foundation.records import Train
    >>> is_rested(Train("3 Hz, rest", "low rate", (0,), after_effort_s=180.0))
    True
    """
    return train.after_effort_s is None or train.role == "rest" or bool(re.search(r"\brest\b", train.name.lower()))


def when(train: Train) -> str:
    """Return a time point as the clinic names it: rest, at once, 2 min.

    Examples
    --------
    >>> from endplate.foundation.records import Train
    >>> when(Train("t", "low rate", (0,), after_effort_s=120.0)), when(Train("t", "rest", (0,)))
    ('2 min', 'rest')
    """
    if train.after_effort_s is None or is_rested(train):
        return "rest"
    if train.after_effort_s < 20:
        return "at once"
    minutes = train.after_effort_s / 60
    return f"{train.after_effort_s:.0f} s" if minutes < 0.9 else f"{minutes:.0f} min"


def finding_of(study: Study, kind: str, train: Train | None = None) -> Finding | None:
    """Return the first finding of a kind, of one train if given, with a value before one without."""
    hits = [
        finding
        for finding in study.findings.of(kind)
        if train is None or (finding.sweeps and set(finding.sweeps) & set(train.sweeps))
    ]
    with_value = [finding for finding in hits if finding.value is not None]
    return next(iter(with_value or hits), None)


def decrement_percent(study: Study, train: Train) -> float:
    """Return the decrement of a train: as found, or 1st to 4th amplitude where nobody judged it. [%]"""
    finding = finding_of(study, "decrement", train)
    if finding is not None and finding.value is not None and finding.unit == "%":
        return finding.value
    amplitude = study.measurements[0].amplitude_mv[list(train.sweeps)]
    if amplitude.size < 4 or not amplitude[0] > 0:
        return math.nan
    return float(100 * (amplitude[0] - amplitude[3]) / amplitude[0])


def resting_amplitude_mv(study: Study) -> float:
    """Return the first rested amplitude: of a single response, or of the first train. [mV]"""
    for role in ("rest", "low rate"):
        for train in trains(study, role):
            if is_rested(train):
                return float(study.measurements[0].amplitude_mv[train.sweeps[0]])
    return math.nan


def increment_percent(study: Study, before: Train, after: Train) -> float:
    """Return the increment of a pair: as found, else from the two amplitudes. [%]"""
    finding = finding_of(study, "increment", after)
    if finding is not None and finding.value is not None and finding.unit == "%":
        return finding.value
    amplitude = study.measurements[0].amplitude_mv
    pre, post = amplitude[before.sweeps[-1]], amplitude[after.sweeps[0]]
    return float(100 * (post - pre) / pre) if pre > 0 else math.nan


def change_percent(values: Column) -> Column:
    """Return the change of each value against the first; nan where there is none. [%]"""
    if not values.size or not values[0] > 0:
        return np.full(values.shape, np.nan)
    change: Column = 100.0 * (values - values[0]) / values[0]
    return change


def upward(recording: Recording, measured: Measurements | None, sweep: int, channel: int = 0) -> Column:
    """Return one sweep from its baseline with the negative phase as positive numbers. [mV]"""
    sign = 1.0 if recording.negative_up else -1.0
    signal = recording.signal_mv[sweep, channel]
    # the instruments turn the sweep first and read its level then
    baseline = float(measured.baseline_mv[sweep]) if measured is not None else math.nan
    if not math.isfinite(baseline):
        before = sign * signal[recording.time_ms < 0]
        baseline = float(np.median(before)) if before.size > 4 and np.isfinite(before).all() else 0.0
    turned: Column = sign * signal - baseline
    return turned


def surface_studies(examination: Examination) -> list[Study]:
    """Return the studies that hold compound potentials."""
    return [s for s in examination.studies if s.measurements and not is_single_fibre(s)]


def is_single_fibre(study: Study) -> bool:
    """Whether the recording shows single end-plates."""
    return study.recording.electrode != "surface" or bool(trains(study, "single fibre"))


def one_gain(parts: Iterable[tuple[Study, Sequence[int]]], *, divisions: int = 7) -> Gain:
    """Return the gain and sweep speed at which all these sweeps fit, to show them side by side."""
    chosen = [(study, list(sweeps)) for study, sweeps in parts if len(sweeps)]
    starts, ends, low, high = [], [], 0.0, 0.0
    for study, sweeps in chosen:
        start, end = _time_range(study, sweeps)
        starts.append(start)
        ends.append(end)
        time = study.recording.time_ms
        inside = (time >= max(start, ARTEFACT_MS)) & (time <= end)
        for sweep in sweeps:
            trace = upward(study.recording, study.measurements[0], sweep)[inside]
            trace = trace[np.isfinite(trace)]
            if trace.size:
                low, high = min(low, float(trace.min())), max(high, float(trace.max()))
    start, end = min(starts, default=0.0), max(ends, default=25.0)
    speed = 5.0 if end - start <= 60 else round_step(end - start, 10)
    step = round_step(high - low, divisions) if high > low else 1.0
    # half a division of air above and below keeps peaks off the frame
    return Gain(
        speed, step, start, end, step * (math.floor(low / step) - 0.3), step * (math.ceil(high / step + 0.25) + 0.3)
    )


def _time_range(study: Study, sweeps: Sequence[int]) -> tuple[float, float]:
    measured, time = study.measurements[0], study.recording.time_ms
    start = max(float(time[0]), -2.0)
    cursors = np.concatenate([measured.end_ms[list(sweeps)], measured.trough_ms[list(sweeps)]])
    cursors = cursors[np.isfinite(cursors)]
    wanted = max(float(cursors.max()) + 8.0, _settled_ms(study, sweeps)) if cursors.size else 50.0
    end = min(max(25.0, 5.0 * math.ceil(wanted / 5.0)), float(time[-1]))
    return (start, end) if end > start else (float(time[0]), float(time[-1]))


def _settled_ms(study: Study, sweeps: Sequence[int]) -> float:
    """Return when the last of the traces has come back to a tenth of the largest deflection."""
    time = study.recording.time_ms
    late = (time >= ARTEFACT_MS) & (time <= LONGEST_MS)
    traces = [np.abs(upward(study.recording, study.measurements[0], sweep)[late]) for sweep in sweeps]
    envelope = np.nan_to_num(np.max(traces, axis=0))
    above = np.flatnonzero(envelope > 0.1 * envelope.max(initial=0.0))
    return float(time[late][above[-1]]) + 2.0 if above.size else 0.0
