"""Numbers and records as words: one place, so that table, picture and file never disagree."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from endplate import __version__
from endplate.foundation.records import Train

if TYPE_CHECKING:
    from endplate.exam.examination.types import Examination

NOT_MEASURED: Final = "–"


def number(value: float | None, digits: int = 2) -> str:
    """Return a number with a true minus sign, or a dash where there is none.

    Examples
    --------
    >>> number(-3.14159, 1), number(float("nan"))
    ('−3.1', '–')
    """
    if value is None or not math.isfinite(value):
        return NOT_MEASURED
    shown = f"{value:.{digits}f}"
    if float(shown) == 0:
        shown = shown.lstrip("-")
    return shown.replace("-", "−")


def percent(value: float | None, *, signed: bool = True, digits: int = 0) -> str:
    """Return a percentage, with its sign where the direction matters.

    Examples
    --------
    >>> percent(243.2), percent(-12.0), percent(0.2), percent(12.0, signed=False)
    ('+243 %', '−12 %', '0 %', '12 %')
    """
    shown = number(value, digits)
    if shown == NOT_MEASURED:
        return shown
    assert value is not None
    plus = "+" if signed and value > 0 and float(shown.replace("−", "-")) != 0 else ""
    return f"{plus}{shown} %"


def millivolt(value: float | None) -> str:
    """Return an amplitude with its unit, two digits below 10 mV.

    Examples
    --------
    >>> millivolt(9.871), millivolt(11.24), millivolt(0.043)
    ('9.9 mV', '11.2 mV', '0.04 mV')
    """
    if value is None or not math.isfinite(value):
        return NOT_MEASURED
    return f"{number(value, 2 if abs(value) < 1 else 1)} mV"


def muscle_side(examination: Examination) -> str:
    """Return muscle and side as one phrase."""
    side = next((s.recording.side for s in examination.studies if s.recording.side), None)
    muscle = muscle_name(examination)
    return f"{muscle}, {side}" if side and side not in muscle else muscle


def muscle_name(examination: Examination) -> str:
    """Return the muscle as the header names it, else by its key."""
    return examination.conditions.get("Muscle", examination.muscle)


def drug_line(examination: Examination) -> str:
    """Return drug and time since dose, empty when nobody named one."""
    for study in examination.studies:
        recording = study.recording
        if recording.drug and recording.drug.lower() != "none":
            hours = recording.hours_since_dose
            return recording.drug if hours is None else f"{recording.drug}, {hours:g} h after dose"
    return ""


def train_title(train: Train) -> str:
    """Return what a train was: rate, number of stimuli, when.

    Examples
    --------
    >>> from endplate.foundation.records import Train
    >>> train_title(Train("t", "low rate", tuple(range(10)), rate_hz=3.0, after_effort_s=60.0))
    '3 Hz × 10, 1 min after effort'
    """
    from endplate.report.reading import when

    rate = f"{train.rate_hz:g} Hz × {len(train.sweeps)}" if train.rate_hz else f"{len(train.sweeps)} stimuli"
    moment = when(train)
    if moment == "rest":
        return f"{rate}, at rest" if train.role == "low rate" else rate
    return f"{rate}, {moment} after effort"


def provenance_line(examination: Examination) -> str:
    """Return the small print below an exported picture."""
    parts = [examination.person, muscle_side(examination)]
    parts += [
        f"{key} {value}" for key, value in examination.provenance.items() if key in ("seed", "checksum") and value
    ]
    parts.append(f"Endplate {examination.provenance.get('endplate', __version__)}")
    return " · ".join(p if len(p) <= 48 else p[:47] + "…" for p in parts)
