"""Assemble: ask every room of the clinic, in the order a clinician reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import endplate
from endplate.clinic.result import Result
from endplate.clinic.review.review import Review, Section, Settings
from endplate.foundation.records.clinical import Record

Answers = Callable[[Record, Settings], Iterable[Result]]


def _risk(record: Record, settings: Settings) -> Iterable[Result]:  # noqa: ARG001  (every section has these two)
    from endplate.clinic.risk import risk_results

    return risk_results(record)


_SECTIONS: Final[tuple[tuple[str, str, str, Answers], ...]] = (
    ("tumour", "Tumour risk", "How likely is a tumour, by which cohort?", _risk),
)


def review_of(record: Record, settings: Settings) -> Review:
    """Return what every rule says of one record.

    Examples
    --------
    >>> from datetime import date
    >>> from endplate.clinic.record import example
    >>> review = review_of(example("antibody-only"), Settings(on=date(2026, 11, 21)))
    >>> review.section("tumour").results[0].rule
    'deltap'
    """
    sections = tuple(
        Section(name, title, question, tuple(answers(record, settings))) for name, title, question, answers in _SECTIONS
    )
    return Review(record, settings, sections, endplate.__version__)
