"""Conditions: what a table of rules asks of one record, as data, answered with yes, no or unknown.

A condition in TOML is one of::

    { fact = "respiratory_weakness", is = "yes" }      a yes-no fact or a choice
    { fact = "egfr_ml_min", below = "30" }             also at_most, above, at_least; numbers are text
    { route = "iv" }, { indication = "deficiency" }, { status = "proposed" }   of the medicine asked about
    { takes = "immunosuppressant" }                    a tag of any medicine taken or proposed
    { all = [...] }, { any = [...] }, { not = {...} }
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from endplate.clinic.logic import all_of, any_of, known_of, negation
from endplate.foundation.errors import DataError
from endplate.foundation.records.clinical import Known, Medicine, Record

Operator = Literal["below", "at_most", "above", "at_least"]
_OPERATORS: Final[tuple[Operator, ...]] = ("below", "at_most", "above", "at_least")
_OF_MEDICINE: Final = ("route", "indication", "status")
_ROUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "iv": ("iv", "i.v.", "intravenous", "intravenously", "infusion", "injection", "im", "i.m.", "intramuscular"),
    "oral": ("oral", "orally", "po", "p.o.", "by mouth", "tablet", "enteral"),
    "eye": ("eye", "ophthalmic", "eye drops", "conjunctival"),
    "inhaled": ("inhaled", "inhalation", "nebulised", "nebulized"),
    "topical": ("topical", "skin", "cutaneous", "transdermal"),
    "intranasal": ("intranasal", "nasal"),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """Whom and what a condition is asked about.

    Parameters
    ----------
    record
        The person.
    medicine
        The medicine that a condition on route, indication or status means.
    tags
        Tags and names of every medicine taken or proposed.
    is_list_known
        Whether every medicine of the list was recognised; where not, a tag that was not found is
        unknown and not absent.
    """

    record: Record
    medicine: Medicine | None = None
    tags: frozenset[str] = field(default_factory=frozenset)
    is_list_known: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, checked when it was read."""

    kind: Literal["all", "any", "not", "is", "number", "medicine", "takes"]
    name: str = ""
    word: str = ""
    operator: Operator = "below"
    threshold: Decimal = Decimal(0)
    parts: tuple[Condition, ...] = ()

    def facts(self) -> tuple[str, ...]:
        """Return the names that it reads, each once, in order.

        Examples
        --------
        >>> parse_condition({"any": [{"fact": "ptosis", "is": "yes"}, {"route": "iv"}]}, where="doc").facts()
        ('ptosis', 'route')
        """
        own = (self.name,) if self.name else ()
        return tuple(dict.fromkeys([*own, *(name for part in self.parts for name in part.facts())]))


def parse_condition(table: Mapping[str, Any], *, where: str) -> Condition:
    """Read one condition from its table.

    Raises
    ------
    DataError
        If the table is none of the forms of this module; `where` names its place.

    Examples
    --------
    >>> parse_condition({"fact": "egfr_ml_min", "below": "30"}, where="doc").threshold
    Decimal('30')
    """
    keys = set(table)
    for kind in ("all", "any"):
        if keys == {kind}:
            return Condition(kind, parts=tuple(parse_condition(part, where=where) for part in table[kind]))
    if keys == {"not"}:
        return Condition("not", parts=(parse_condition(table["not"], where=where),))
    if keys == {"fact", "is"}:
        return Condition("is", name=str(table["fact"]), word=str(table["is"]))
    if keys == {"takes"}:
        return Condition("takes", name="medicines", word=str(table["takes"]))
    if len(keys) == 1 and keys <= set(_OF_MEDICINE):
        (name,) = keys
        return Condition("medicine", name=name, word=str(table[name]))
    return _number(table, where)


def _number(table: Mapping[str, Any], where: str) -> Condition:
    operators = [operator for operator in _OPERATORS if operator in table]
    if len(operators) != 1 or set(table) != {"fact", operators[0]}:
        raise DataError(f"{where}: {dict(table)} is no condition; see endplate.clinic.conditions for the forms.")
    text = table[operators[0]]
    try:
        threshold = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        threshold = None
    if threshold is None:
        raise DataError(f"{where}: thresholds are written as text, such as '30', got {text!r}.")
    return Condition("number", name=str(table["fact"]), operator=operators[0], threshold=threshold)


def holds(condition: Condition, situation: Situation) -> Known:
    """Answer a condition; what is not known makes the answer unknown, unless the rest decides it.

    Examples
    --------
    >>> from endplate.foundation.records.clinical import Fact
    >>> low = parse_condition({"fact": "egfr_ml_min", "below": "30"}, where="doc")
    >>> holds(low, Situation(Record()))
    'unknown'
    >>> holds(low, Situation(Record(facts={"egfr_ml_min": Fact("egfr_ml_min", Decimal("29.9"))})))
    'yes'
    """
    if condition.kind in ("all", "any", "not"):
        answers = [holds(part, situation) for part in condition.parts]
        if condition.kind == "not":
            return negation(answers[0])
        return all_of(answers) if condition.kind == "all" else any_of(answers)
    if condition.kind == "is":
        word = situation.record.word(condition.name)
        return known_of(None if word in (None, "unknown") else word == condition.word)
    if condition.kind == "takes":
        if condition.word in situation.tags:
            return "yes"
        return "no" if situation.is_list_known else "unknown"
    if condition.kind == "medicine":
        return _of_medicine(condition, situation.medicine)
    return _compared(condition, situation.record.number(condition.name))


def _of_medicine(condition: Condition, medicine: Medicine | None) -> Known:
    given = getattr(medicine, condition.name, "").strip().lower()
    if not given:
        return "unknown"
    if condition.name == "route":
        return known_of(route_of(given) == condition.word)
    return known_of(condition.word in given)


def route_of(words: str) -> str:
    """Return the one word of a route for which several are in use; other words as they are.

    Examples
    --------
    >>> route_of("Intravenous"), route_of("po"), route_of("rectal")
    ('iv', 'oral', 'rectal')
    """
    given = words.strip().lower()
    return next((route for route, also in _ROUTES.items() if given in also), given)


def _compared(condition: Condition, value: Decimal | None) -> Known:
    if value is None:
        return "unknown"
    return known_of(
        {
            "below": value < condition.threshold,
            "at_most": value <= condition.threshold,
            "above": value > condition.threshold,
            "at_least": value >= condition.threshold,
        }[condition.operator]
    )
