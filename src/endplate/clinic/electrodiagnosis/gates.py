"""Gates: whether a number of a study may be read at all, and whether a normal one may."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from endplate.clinic.logic import all_of, any_of, known_of, negation
from endplate.clinic.reading import plain, words_of
from endplate.clinic.result import Support
from endplate.foundation.records.clinical import Fact, Known, Record

Reads = Literal["increment", "high-rate increment", "decrement", "amplitude"]
Guards = Literal["any result", "a normal result", "an abnormal result"]
HOLD_HOURS: Final = Decimal(12)  # usual pause of amifampridine before a study, if the treating neurologist agrees
LEAST_AREA_RISE_PERCENT: Final = Decimal(20)  # a proposal: below it a taller, shorter response is no more muscle
MARKS: Final = {"published": "", "unverified": " (unverified)", "proposal": " (our proposal)"}
_FILE: Final = Path(__file__).with_name("technique.toml")


@dataclass(frozen=True, slots=True)
class Gate:
    """One requirement of technique, and whether this study met it.

    `guards` says which results need it: an abnormal one counts even after a weak effort, and a normal one
    cannot be pseudo-facilitation.
    """

    name: str
    label: str
    is_met: Known
    because: str
    facts: tuple[str, ...]
    guards: Guards
    support: Support
    sources: tuple[str, ...] = ()


@functools.cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def gates(study: Mapping[str, Fact], reads: Reads) -> tuple[Gate, ...]:
    """Return every gate of one kind of reading, as this study met it.

    Parameters
    ----------
    study
        Facts of the vocabulary's group `study`.
    reads
        Which number is to be read.

    Examples
    --------
    >>> met = gates({"skin_degc": Fact("skin_degc", Decimal("31"))}, "amplitude")
    >>> next(gate.because for gate in met if gate.name == "skin")
    'skin temperature over the muscle: 31 degC; cold hides a decrement and enlarges the response (unverified)'
    """
    row = Record(facts=study)
    found = [_read(name, table, row) for name, table in _tables().items() if reads in table["for"]]
    found.append(_amifampridine(row))
    if reads == "increment":
        found.append(_pseudo_facilitation(row))
    return tuple(found)


def _read(name: str, table: Mapping[str, Any], row: Record) -> Gate:
    fact = table["fact"]
    if "is" in table:
        said = row.known(fact)
        met = known_of(None if said == "unknown" else said == table["is"])
        shown: str = said
    else:
        number = row.number(fact)
        met = known_of(None if number is None else _holds(number, table))
        shown = "unknown" if number is None else f"{plain(number)} {table['unit']}"
    because = table["label"] if met == "yes" else f"{words_of(fact)}: {shown}; {table['why']}{MARKS[table['support']]}"
    return Gate(
        name, table["label"], met, because, (fact,), table["needed_for"],
        table["support"], tuple(table.get("sources", ())),
    )  # fmt: skip


def _holds(number: Decimal, table: Mapping[str, Any]) -> bool:
    threshold = Decimal(table["threshold"])
    if table["operator"] == "between":
        return threshold <= number <= Decimal(table["upper"])
    return number >= threshold if table["operator"] == ">=" else number <= threshold


def _amifampridine(row: Record) -> Gate:
    """A normal result on amifampridine cannot exclude, unless it was paused long enough."""
    hours = row.number("amifampridine_hours_since")
    paused = known_of(None if hours is None else hours >= HOLD_HOURS)
    met = any_of([negation(row.known("on_amifampridine")), paused])
    label = "no amifampridine in the 12 h before the study"
    because = (
        label
        if met == "yes"
        else f"amifampridine within {HOLD_HOURS} h, or not recorded: a normal result cannot exclude"
    )
    facts = ("on_amifampridine", "amifampridine_hours_since")
    return Gate("amifampridine", label, met, because, facts, "a normal result", "unverified")


def _pseudo_facilitation(row: Record) -> Gate:
    """Taller and shorter with hardly more area: the same fibres in better step, not more of them."""
    taller = _rises(row, "before_mv", "after_mv", least_percent=Decimal(0))
    shorter = _rises(row, "after_duration_ms", "before_duration_ms", least_percent=Decimal(0))
    area = _rises(row, "before_area_mvms", "after_area_mvms", least_percent=LEAST_AREA_RISE_PERCENT, is_reached=True)
    met = negation(all_of([taller, shorter, negation(area)]))
    label = "no pseudo-facilitation (taller and shorter, area up by less than 20 %)"
    because = {
        "yes": label,
        "no": "the response is taller and shorter and its area rose by less than 20 %: pseudo-facilitation "
        "(our proposal)",
        "unknown": "neither areas nor durations before and after are known: pseudo-facilitation is not ruled out",
    }[met]
    facts = ("before_duration_ms", "after_duration_ms", "before_area_mvms", "after_area_mvms")
    return Gate("pseudo-facilitation", label, met, because, facts, "an abnormal result", "proposal")


def _rises(row: Record, first: str, second: str, *, least_percent: Decimal, is_reached: bool = False) -> Known:
    a, b = row.number(first), row.number(second)
    if a is None or b is None or a <= 0:
        return "unknown"
    rise, needed = 100 * (b - a), least_percent * a
    return known_of(rise >= needed if is_reached else rise > needed)


def settled(is_abnormal: Known, met: tuple[Gate, ...]) -> Known:
    """Return what a number says once its technique is looked at; unknown where a gate it needs is not met.

    Examples
    --------
    >>> weak = Gate("effort", "", "no", "", (), "a normal result", "unverified")
    >>> settled("yes", (weak,)), settled("no", (weak,))
    ('yes', 'unknown')
    """
    if is_abnormal == "unknown" or in_the_way(is_abnormal, met):
        return "unknown"
    return is_abnormal


def in_the_way(is_abnormal: Known, met: tuple[Gate, ...]) -> list[Gate]:
    """Return the gates that are not met, or not known, and that this result needs."""
    guards = ("any result", "an abnormal result" if is_abnormal == "yes" else "a normal result")
    return [gate for gate in met if gate.guards in guards and gate.is_met != "yes"]
