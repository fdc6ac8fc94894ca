"""Derived: what follows from the facts of a record, and stays unknown where it does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from endplate.clinic.logic import any_of
from endplate.foundation.records.clinical import Known, Record

BULBAR_PARTS: Final = ("dysarthria", "dysphagia", "chewing_weakness", "neck_weakness")
AUTONOMIC_PARTS: Final = (
    "dry_mouth", "dry_eyes", "constipation", "erectile_dysfunction", "orthostatic_dizziness", "sweating_reduced",
    "sluggish_pupils",
)  # fmt: skip
PROXIMAL_PARTS: Final = ("leg_weakness", "arm_weakness")


def _whole(record: Record, whole: str, parts: tuple[str, ...]) -> Known:
    """Return the answer for the whole; a yes of one part makes it yes, a known whole needs no parts."""
    answers = [record.known(part) for part in parts]
    said = record.known(whole)
    return "yes" if "yes" in answers else said if said != "unknown" else any_of(answers)


def bulbar_involvement(record: Record) -> Known:
    """Return whether speech, swallowing, chewing or the neck is affected.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> bulbar_involvement(record_of({"dysphagia": "yes"})), bulbar_involvement(record_of({"dysphagia": "no"}))
    ('yes', 'unknown')
    """
    return _whole(record, "bulbar_involvement", BULBAR_PARTS)


def autonomic_signs(record: Record) -> Known:
    """Return whether there is any autonomic sign or complaint; more sweating is none of LEMS."""
    parts: tuple[str, ...] = AUTONOMIC_PARTS
    if record.word("sex") == "female":
        parts = tuple(part for part in parts if part != "erectile_dysfunction")
    return _whole(record, "autonomic_signs", parts)


def proximal_weakness(record: Record) -> Known:
    """Return whether there is proximal weakness, of legs or arms."""
    return _whole(record, "proximal_weakness", PROXIMAL_PARTS)


def completed_years(birth: date, on: date) -> int:
    """Return the age in completed years on one day; a birthday of 29 February counts from 1 March in other years.

    Examples
    --------
    >>> completed_years(date(1976, 5, 2), date(2026, 5, 1)), completed_years(date(1976, 5, 2), date(2026, 5, 2))
    (49, 50)
    """
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def age_years(record: Record, on: date) -> Decimal | None:
    """Return the age on one day, from the date of birth or as it was given."""
    birth = record.day("birth_date")
    return Decimal(completed_years(birth, on)) if birth is not None and birth <= on else record.number("age_years")


def age_at_onset_years(record: Record) -> Decimal | None:
    """Return the age at first weakness, from two dates or as it was given.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> age_at_onset_years(record_of({"birth_date": "1950-06-01", "onset_date": "2010-05-31"}))
    Decimal('59')
    """
    birth, onset = record.day("birth_date"), record.day("onset_date")
    if birth is not None and onset is not None and birth <= onset:
        return Decimal(completed_years(birth, onset))
    return record.number("age_at_onset_years")
