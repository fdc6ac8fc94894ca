"""Others: what else it could be, when to think of it, and what decides."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from endplate.clinic.conditions import Condition, Situation, holds, parse_condition
from endplate.clinic.differential.table import heads
from endplate.clinic.heads import read_tables
from endplate.clinic.reading import inputs_of, words_of
from endplate.clinic.record.derived import age_at_onset_years
from endplate.clinic.record.vocabulary import vocabulary
from endplate.clinic.result import Result
from endplate.foundation.errors import DataError
from endplate.foundation.records.clinical import Fact, Known, Record

_FILE: Final = Path(__file__).with_name("others.toml")
_WORDS: Final = {"yes": "pointer found", "no": "no pointer found", "unknown": "cannot tell"}


@dataclass(frozen=True, slots=True)
class Other:
    """One other explanation: when to think of it, what rules it out, and its pivot."""

    id: str
    title: str
    think: Condition
    ruled_out: Condition | None
    pivot: str
    rows: tuple[str, ...]


@functools.cache
def others() -> dict[str, Other]:
    """Return every other explanation by id.

    Raises
    ------
    DataError
        If a condition is malformed or names a fact that is not in the vocabulary.

    Examples
    --------
    >>> others()["myositis"].title
    'Inflammatory myopathy'
    """
    found = {}
    for name, table in read_tables(_FILE).items():
        where = f"{_FILE.name}: {name}"
        think = parse_condition(table["think"], where=where)
        ruled_out = parse_condition(table["ruled_out"], where=where) if "ruled_out" in table else None
        for fact in (*think.facts(), *(ruled_out.facts() if ruled_out is not None else ())):
            if fact not in vocabulary():
                raise DataError(f"{where}: {fact!r} is not in the vocabulary.")
        found[name] = Other(name, table["title"], think, ruled_out, table["pivot"], tuple(table["rows"]))
    return found


def other_diagnoses(record: Record) -> tuple[Result, ...]:
    """Say for every other explanation whether the record holds a pointer to it.

    Returns
    -------
    tuple of Result
        Those with a pointer first, then those that cannot be told, then the rest, in the order of the data.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> other_diagnoses(example("cerebellar-degeneration"))[0].values["id"]
    'cerebellar-degeneration'
    """
    record = _with_age_at_onset(record)
    found = [(holds(one.think, Situation(record)), one) for one in others().values()]
    order = ("yes", "unknown", "no")
    return tuple(_result(one, answer, record) for answer, one in sorted(found, key=lambda pair: order.index(pair[0])))


def _with_age_at_onset(record: Record) -> Record:
    """Add the age at onset where it follows from two dates."""
    age = age_at_onset_years(record)
    if age is None or record.number("age_at_onset_years") is not None:
        return record
    follows = Fact("age_at_onset_years", age, source="from birth_date and onset_date")
    return replace(record, facts={**record.facts, follows.name: follows})


def _result(one: Other, answer: Known, record: Record) -> Result:
    """Say whether there is a pointer; that it was ruled out is told beside it, because a pointer stays one."""
    facts = one.think.facts()
    words = verdict = _WORDS[answer]
    is_ruled_out = one.ruled_out is not None and holds(one.ruled_out, Situation(record)) == "yes"
    if is_ruled_out:
        words = f"{words}; ruled out by what was given" if answer == "yes" else "ruled out by what was given"
        verdict = verdict if answer == "yes" else "ruled out"
    return heads()["other-diagnoses"].result(
        verdict=verdict,
        title=one.title,
        statement=f"{one.title}: {words}. {one.pivot} (unverified)",
        because=tuple(f"{words_of(name)}: {record.word(name) or record.number(name) or 'unknown'}" for name in facts),
        inputs=inputs_of(record, *(name for name in facts if name in record.facts)),
        missing=tuple(name for name in facts if name not in record.facts) if verdict == "cannot tell" else (),
        rows=one.rows,
        values={"id": one.id, "pivot": one.pivot, "ruled_out": is_ruled_out},
    )
