"""The header of an examination: what a reader must know before the first trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from endplate.foundation.records import Recording

if TYPE_CHECKING:
    from endplate.exam.examination.types import Examination

NOT_STATED: Final = "not stated"


def conditions(examination: Examination) -> dict[str, str]:
    """Return the header in reading order: what the examination says, completed from its recordings.

    What nobody stated stands there as "not stated": a missing temperature is part of the finding.
    """
    header = _from_recordings(examination)
    by_start = {key.lower().split(" ")[0]: key for key in header}
    for key, value in examination.conditions.items():
        known = by_start.get(key.lower().replace("_", " ").split(" ")[0])
        header[known or key[:1].upper() + key[1:]] = value
    return header


def _from_recordings(examination: Examination) -> dict[str, str]:
    recordings = [study.recording for study in examination.studies]
    return {
        "Muscle": examination.muscle,
        "Side": _same([r.side or "" for r in recordings]),
        "Temperature": _same(
            [f"{r.temperature_degc:g} °C" if r.temperature_degc is not None else "" for r in recordings]
        ),
        "Filters": _same([_filters(r) for r in recordings]),
        "Rate": _same([_rates(r) for r in recordings]),
        "Exercise": _same([_exercise(r) for r in recordings]),
        "Drug": _same([_drug(r) for r in recordings]),
        "Reference set": _same([s.findings.reference_set for s in examination.studies]),
        "Electrode": _same([", ".join(filter(None, (r.electrode, r.montage))) for r in recordings]),
        "Sampling": _same([f"{r.sampling_hz / 1000:g} kHz" for r in recordings]),
    }


def _same(values: list[str]) -> str:
    """Return what all recordings share, or each value once in their order."""
    return "; ".join(dict.fromkeys(value for value in values if value)) or NOT_STATED


def _filters(one: Recording) -> str:
    if one.highpass_hz is None and one.lowpass_hz is None:
        return ""
    low = f"{one.highpass_hz:g} Hz" if one.highpass_hz is not None else NOT_STATED
    high = f"{one.lowpass_hz / 1000:g} kHz" if one.lowpass_hz is not None else NOT_STATED
    return f"{low} to {high}"


def _rates(one: Recording) -> str:
    rates = dict.fromkeys(train.rate_hz for train in one.trains if train.rate_hz is not None)
    if one.simulated and not rates:
        return "single stimuli"
    return ", ".join(f"{rate:g} Hz" for rate in rates)


def _exercise(one: Recording) -> str:
    efforts = dict.fromkeys(train.effort_s for train in one.trains if train.effort_s)
    if efforts:
        return ", ".join(f"{seconds:g} s effort" for seconds in efforts)
    return "none" if one.simulated else ""


def _drug(one: Recording) -> str:
    if one.drug:
        return one.drug if one.hours_since_dose is None else f"{one.drug}, {one.hours_since_dose:g} h since dose"
    return "none" if one.simulated else ""
