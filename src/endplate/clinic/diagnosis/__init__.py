"""Diagnosis: every published rule set by itself and side by side, then the graded proposal, marked as ours."""

from __future__ import annotations

from datetime import date

from endplate.clinic.diagnosis.grade import Grading, endplate_grade, grading
from endplate.clinic.diagnosis.published import published_set, rule_sets
from endplate.clinic.diagnosis.scored import aaem_2001, pns_care_2021
from endplate.clinic.diagnosis.serology import overlap, pq_antibody
from endplate.clinic.logic import any_of
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Known, Record

__all__ = [
    "Grading",
    "aaem_2001",
    "diagnosis_results",
    "endplate_grade",
    "grading",
    "is_lems",
    "overlap",
    "pns_care_2021",
    "pq_antibody",
    "published_set",
    "rule_sets",
]


def is_lems(record: Record) -> Known:
    """Return yes where LEMS was diagnosed, or is definite or probable by our grade; no only where both say no."""
    return any_of([record.known("lems_diagnosis"), grading(record).is_lems])


def diagnosis_results(record: Record, *, today: date | None = None) -> tuple[Result, ...]:
    """Answer every published set, then our grade, then what the antibodies say by themselves.

    Parameters
    ----------
    record
        The person.
    today
        The day up to which follow-up is counted; None is the day of this machine.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> found = diagnosis_results(example("mg-that-is-lems"), today=date(2026, 6, 1))
    >>> {one.rule: one.verdict for one in found}["endplate-grade"]
    'definite'
    """
    return (
        *(published_set(name, record) for name in rule_sets()),
        aaem_2001(record),
        pns_care_2021(record, is_lems=is_lems(record), today=today),
        endplate_grade(record),
        pq_antibody(record),
        overlap(record),
    )
