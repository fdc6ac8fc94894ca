"""Rules: published respiratory criteria as data, each answered with yes, no or unknown."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from endplate.clinic.heads import Head, check_keys, head_of, known_sources, read_tables
from endplate.clinic.logic import all_of, any_of, known_of
from endplate.clinic.respiratory.measures import Measure, measure
from endplate.foundation.errors import DataError, unknown_name
from endplate.foundation.records.clinical import Known, Record

SYMPTOM: Final = "respiratory_weakness"
_FILE: Final = Path(__file__).with_name("rules.toml")
_CRITERION: Final = {"label", "measure", "operator", "threshold", "threshold_female", "unit", "with_symptoms"}
_OPERATORS: Final[dict[str, tuple[Callable[[Decimal, Decimal], bool], str, str]]] = {
    "<": (lambda value, limit: value < limit, "below", "not below"),
    "<=": (lambda value, limit: value <= limit, "at most", "above"),
    ">": (lambda value, limit: value > limit, "above", "not above"),
    ">=": (lambda value, limit: value >= limit, "at least", "below"),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion; `threshold_female` where women have another limit."""

    label: str
    measure: str
    operator: str
    threshold: Decimal
    threshold_female: Decimal | None
    unit: str
    with_symptoms: bool


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One published set: it flags when any criterion is met."""

    head: Head
    criteria: tuple[Criterion, ...]
    normal_from: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one criterion says of one person."""

    criterion: Criterion
    met: Known
    because: str
    asks: tuple[str, ...]


def _criterion(table: Mapping[str, Any], where: str) -> Criterion:
    if set(table) - _CRITERION or table["operator"] not in _OPERATORS:
        raise DataError(f"{where}: a criterion has {', '.join(sorted(_CRITERION))}; got {dict(table)}.")
    female = table.get("threshold_female")
    return Criterion(
        table["label"], table["measure"], table["operator"], Decimal(table["threshold"]),
        None if female is None else Decimal(female), table["unit"], bool(table.get("with_symptoms", False)),
    )  # fmt: skip


@functools.cache
def rule_sets() -> Mapping[str, RuleSet]:
    """Return every set by its id.

    Examples
    --------
    >>> list(rule_sets())
    ['rule-20-30-40', 'ventilation-bmj', 'niv-chest-2023', 'single-breath-count']
    """
    known, sets = known_sources(_FILE), {}
    for name, table in read_tables(_FILE).items():
        where = f"{_FILE.name}: {name}"
        check_keys(table, ("criteria", "normal_from"), where)
        normal = table.get("normal_from")
        sets[name] = RuleSet(
            head_of(name, table, known=known, where=_FILE.name),
            tuple(_criterion(one, where) for one in table["criteria"]),
            None if normal is None else Decimal(normal),
        )
    return sets


def rule_set(name: str) -> RuleSet:
    """Return one set.

    Raises
    ------
    UnknownNameError
        With the nearest name.
    """
    sets = rule_sets()
    if name not in sets:
        raise unknown_name("respiratory rule", name, sets)
    return sets[name]


def answer(record: Record, criterion: Criterion, *, today: date) -> Answer:
    """Answer one criterion; a number that is not known is unknown, and so is a normal one on an unsure weight."""
    found = measure(record, criterion.measure, today=today)
    if found.value is None:
        return Answer(criterion, "unknown", f"{criterion.label}: not known", found.names)
    met = _met(found, criterion, record.word("sex"))
    _, holds, fails = _OPERATORS[criterion.operator]
    limit = _limit_words(criterion, record.word("sex"))
    asks: tuple[str, ...] = ()
    if met == "unknown" and not found.reassures:
        words, asks = f"{fails} {limit}, which on this weight reassures nobody", ("height_cm", "sex", "birth_date")
    elif met == "unknown":
        words, asks = f"between the limits of men and women, {limit}", ("sex",)
    else:
        words = f"{holds if met == 'yes' else fails} {limit}"
    if criterion.with_symptoms and met != "no":
        symptoms = record.known(SYMPTOM)
        words += f"; breathing symptoms: {symptoms}"
        asks = (*asks, *((SYMPTOM,) if symptoms == "unknown" else ()))
        met = all_of([met, symptoms])
    return Answer(criterion, met, f"{criterion.label} {found.shown}: {words}", asks)


def _met(found: Measure, criterion: Criterion, sex: str | None) -> Known:
    """Compare with the limit; where the sex decides and is not known, only agreement of both limits counts."""
    assert found.value is not None
    compare = _OPERATORS[criterion.operator][0]
    limits = {criterion.threshold}
    if criterion.threshold_female is not None:
        other = criterion.threshold_female
        limits = {other} if sex == "female" else limits if sex == "male" else limits | {other}
    answers = {compare(found.value, limit) for limit in limits}
    met = known_of(answers.pop() if len(answers) == 1 else None)
    return "unknown" if met == "no" and not found.reassures else met


def _limit_words(criterion: Criterion, sex: str | None) -> str:
    female = criterion.threshold_female
    if female is None or sex == "male":
        return f"{criterion.threshold} {criterion.unit}".rstrip()
    if sex == "female":
        return f"{female} {criterion.unit}"
    return f"{criterion.threshold} (men) or {female} {criterion.unit} (women)"


def flagged(answers: tuple[Answer, ...]) -> Known:
    """Return yes if any criterion is met, no only if all are known not to be."""
    return any_of(one.met for one in answers)
