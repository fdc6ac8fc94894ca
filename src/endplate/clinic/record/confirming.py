"""Confirming: a named person accepts numbers one by one; what nobody accepted stays unknown to every rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Fact, Record


@dataclass(frozen=True, slots=True)
class Pending:
    """One fact that waits; `study` is its number from 1, or None for a fact of the person."""

    study: int | None
    fact: Fact


def pending(record: Record) -> tuple[Pending, ...]:
    """Return every fact that nobody confirmed, in the order of the form.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> waiting = pending(record_of({"mip_cmh2o": {"value": 28, "confirmed": False}}))
    >>> [one.fact.name for one in waiting]
    ['mip_cmh2o']
    """
    of_person = [Pending(None, fact) for fact in record.facts.values() if not fact.is_confirmed]
    of_studies = [
        Pending(number, fact)
        for number, study in enumerate(record.studies, start=1)
        for fact in study.values()
        if not fact.is_confirmed
    ]
    return (*of_person, *of_studies)


def named(by: str) -> str:
    """Return the name of the person who answers for the numbers.

    Raises
    ------
    InputError
        If there is none, or it is no name.
    """
    name = " ".join(by.split())
    if not re.search(r"[^\W\d_]{2}", name) or len(name) > 100:
        raise InputError(f'--by must be the name of the person who confirms, such as --by "NAME", got {by!r}.')
    return name


def confirmed(record: Record, one: Pending, *, by: str, on: date) -> Record:
    """Return the record with one fact accepted; who and when stand in its note.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> record = record_of({"mip_cmh2o": {"value": 28, "confirmed": False}})
    >>> confirmed(record, pending(record)[0], by="A. Reader", on=date(2026, 1, 31)).facts["mip_cmh2o"].note
    'confirmed by A. Reader on 2026-01-31'
    """
    words = f"confirmed by {named(by)} on {on.isoformat()}"
    note = f"{one.fact.note}; {words}" if one.fact.note else words
    return _with(record, one, replace(one.fact, is_confirmed=True, note=note))


def _with(record: Record, one: Pending, fact: Fact) -> Record:
    if one.study is None:
        return replace(record, facts={**record.facts, fact.name: fact})
    studies: list[Mapping[str, Fact]] = list(record.studies)
    studies[one.study - 1] = {**studies[one.study - 1], fact.name: fact}
    return replace(record, studies=tuple(studies))
