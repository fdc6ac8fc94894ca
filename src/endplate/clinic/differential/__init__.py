"""Differential: LEMS against myasthenia gravis, what else it could be, and the audit of persons with MG."""

from __future__ import annotations

from endplate.clinic.differential.audit import mg_that_may_be_lems, pointers
from endplate.clinic.differential.lists import AuditCounts, audit_list
from endplate.clinic.differential.others import other_diagnoses, others
from endplate.clinic.differential.table import Row, mg_or_lems, rows
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Record

__all__ = [
    "AuditCounts",
    "Row",
    "audit_list",
    "differential_results",
    "mg_or_lems",
    "mg_that_may_be_lems",
    "other_diagnoses",
    "others",
    "pointers",
    "rows",
]


def differential_results(record: Record) -> tuple[Result, ...]:
    """Return the table against myasthenia gravis, the audit of this person, and every other explanation.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> [one.verdict for one in differential_results(example("mg-that-is-lems"))][:2]
    ['see the table', 'look again']
    """
    return (mg_or_lems(record), mg_that_may_be_lems(record), *other_diagnoses(record))
