"""Published: each rule set by itself, as its source has it; none borrows from another."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from endplate.clinic.diagnosis.legs import Leg, leg
from endplate.clinic.heads import Head, check_keys, head_of, known_sources, read_tables
from endplate.clinic.logic import all_of, any_of
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Input, Result
from endplate.foundation.errors import DataError, unknown_name
from endplate.foundation.records.clinical import Known, Record

MET: Final[Mapping[Known, str]] = {"yes": "met", "no": "not met", "unknown": "cannot tell"}
_FILE: Final = Path(__file__).with_name("sets.toml")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One published set: its head, and the tree of its legs."""

    head: Head
    needs: Mapping[str, Any]
    is_of_one_study: bool


@functools.cache
def rule_sets() -> dict[str, RuleSet]:
    """Return every published set by id.

    Raises
    ------
    DataError
        If a set is incomplete, or names a source or a leg that does not exist.

    Examples
    --------
    >>> list(rule_sets())
    ['triad-2017', 'oh-2009', 'zambelis-2020', 'kohler-2018', 'dutch-cohort']
    """
    known, found = known_sources(_FILE), {}
    for name, table in read_tables(_FILE).items():
        check_keys(table, ("needs", "same_study"), f"{_FILE.name}: {name}")
        head = head_of(name, table, known=known, where=_FILE.name)
        legs_of(table["needs"], Record())  # a leg that does not exist is found here, not at a person's bedside
        found[name] = RuleSet(head, table["needs"], bool(table.get("same_study", False)))
    return found


def legs_of(needs: Mapping[str, Any], record: Record) -> tuple[Known, list[Leg]]:
    """Answer a tree of legs, and return its legs in order."""
    (way,) = needs
    if way not in ("all", "any"):
        raise DataError(f"{_FILE.name}: a tree of legs begins with all or any, got {way!r}.")
    answers: list[Known] = []
    legs: list[Leg] = []
    for part in needs[way]:
        if isinstance(part, str):
            one = leg(part, record)
            answers.append(one.answer)
            legs.append(one)
        else:
            answer, inside = legs_of(part, record)
            answers.append(answer)
            legs += inside
    return (all_of(answers) if way == "all" else any_of(answers)), legs


def published_set(name: str, record: Record) -> Result:
    """Answer one published set.

    Parameters
    ----------
    name
        Id of the set.
    record
        The person.

    Returns
    -------
    Result
        "met", "not met" or "cannot tell".

    Raises
    ------
    UnknownNameError
        With the nearest name, if there is no such set.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> published_set("oh-2009", example("mg-that-is-lems")).verdict
    'met'
    """
    known = rule_sets()
    if name not in known:
        raise unknown_name("rule set", name, known)
    one = known[name]
    if one.is_of_one_study and record.studies:
        tried = [legs_of(one.needs, replace(record, studies=(study,))) for study in record.studies]
        answer = any_of(said for said, _ in tried)
        _, legs = next((pair for pair in tried if pair[0] == answer), tried[0])
    else:
        answer, legs = legs_of(one.needs, record)
    return one.head.result(
        verdict=MET[answer],
        statement=f"{one.head.title}: {MET[answer]}{_unverified(one.head)}{_decisive(answer, legs)}.",
        because=tuple(item.because for item in legs),
        inputs=inputs_read(legs, record),
        missing=missing_of(legs, record) if answer == "unknown" else (),
        values={"legs": [{"leg": item.label, "answer": item.answer} for item in legs]},
    )


def missing_of(legs: list[Leg], record: Record) -> tuple[str, ...]:
    """Return the facts behind the unknown legs that the record does not hold, or holds unconfirmed, in order."""
    held = {
        name for facts in (record.facts, *record.studies) for name, fact in facts.items()
        if fact.is_confirmed and fact.value is not None
    }  # fmt: skip
    wanted = [fact for one in legs if one.answer == "unknown" for fact in one.facts]
    return tuple(fact for fact in dict.fromkeys(wanted) if fact not in held)


def inputs_read(legs: list[Leg], record: Record) -> tuple[Input, ...]:
    """Return what the legs read: facts of the person, and those of each study under its number."""
    asked = tuple(dict.fromkeys(fact for one in legs for fact in one.facts))
    found = list(inputs_of(record, *(name for name in asked if name in record.facts)))
    for number, study in enumerate(record.studies, start=1):
        of_study = inputs_of(Record(facts=study), *(name for name in asked if name in study))
        found += [replace(one, name=f"studies {number}: {one.name}") for one in of_study]
    return tuple(found)


def _decisive(answer: Known, legs: list[Leg]) -> str:
    """Name the legs that stand in the way, in the words of the legs."""
    if answer == "yes":
        return ""
    labels = [one.label for one in legs if one.answer == answer]
    return f"; {answer}: {', '.join(labels)}" if labels else ""


def _unverified(head: Head) -> str:
    return " (unverified)" if head.support == "unverified" else ""
