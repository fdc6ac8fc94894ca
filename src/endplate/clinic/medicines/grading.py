"""Grading: which grade a substance has for one person, and which others it could have while facts are unknown."""

from __future__ import annotations

from dataclasses import dataclass

from endplate.clinic.conditions import Situation, holds
from endplate.clinic.medicines.catalogue import GRADES, Grade, Grading, Group
from endplate.clinic.result import Support


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade of a group in one situation.

    Parameters
    ----------
    grade
        The grade that is shown. Where facts are missing it is the worst that a published condition leaves
        possible; a condition of ours (a proposal) that cannot be answered only shows in `possible`.
    possible
        Every grade that stays possible, the worst first; one grade when nothing is missing.
    because
        The reason of the grade, then those of the conditions that could not be answered.
    missing
        Names of the facts that would decide.
    """

    grade: Grade
    possible: tuple[Grade, ...]
    because: tuple[str, ...]
    missing: tuple[str, ...]
    support: Support
    action: str


def grade_of(group: Group, situation: Situation) -> Graded:
    """Answer the conditions of a group in their order; the first that holds decides.

    Examples
    --------
    >>> from endplate.clinic.medicines.naming import find_substance
    >>> from endplate.foundation.records.clinical import Medicine, Record
    >>> magnesium = find_substance("magnesium sulfate").group
    >>> grade_of(magnesium, Situation(Record(), Medicine("magnesium sulfate", route="iv"))).grade
    'A'
    """
    open_ones: list[Grading] = []
    held = None
    for one in group.gradings:
        answer = holds(one.when, situation)
        if answer == "yes":
            held = one
            break
        if answer == "unknown":
            open_ones.append(one)
    settled: Grade = held.grade if held is not None else group.grade
    published = [one.grade for one in open_ones if one.support != "proposal"]
    # while nothing holds, the grade of the group stands for what is not known
    shown = _worst([settled, *published])
    possible = _in_order([settled, shown, *(one.grade for one in open_ones)])
    decided = held is not None and held.grade == shown
    reasons = [held.reason] if decided and held is not None else [group.grade_reason] if group.grade_reason else []
    reasons += [f"{one.grade} if {one.reason}: cannot tell" for one in open_ones]
    facts = dict.fromkeys(
        name for one in open_ones for name in one.when.facts() if _is_unknown(name, situation) and name != "status"
    )
    support = held.support if decided and held is not None else group.support
    action = held.action if decided and held is not None and held.action else group.action
    return Graded(shown, possible, tuple(reasons), tuple(facts), support, action)


def _is_unknown(name: str, situation: Situation) -> bool:
    if name == "medicines":
        return not situation.is_list_known
    if name in ("route", "indication"):
        return not getattr(situation.medicine, name, "")
    fact = situation.record.facts.get(name)
    return fact is None or not fact.is_confirmed or fact.value is None


def _worst(grades: list[Grade]) -> Grade:
    return min(grades, key=GRADES.index)


def _in_order(grades: list[Grade]) -> tuple[Grade, ...]:
    return tuple(grade for grade in GRADES if grade in grades)
