"""The one judge: a number and a rule in, one of three verdicts out, with the reason in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from endplate.foundation.errors import InputError, UnitError
from endplate.foundation.records.findings import Verdict
from endplate.foundation.rules.rule import Rule, RuleVersion
from endplate.foundation.rules.rule import rule as rule_named

Number = int | float | Decimal | Fraction
_HINTS: Final = {("%", "1"): " Multiply a fraction by 100.", ("us", "ms"): " 1 ms is 1000 us."}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule says of one number; never a diagnosis."""

    verdict: Verdict
    because: str
    rule: str
    version: str
    source: str
    claim: str


def exact(value: Number) -> Fraction:
    """Return the number as it is written, not as its binary neighbour.

    Examples
    --------
    >>> exact(0.1) == Fraction(1, 10)
    True
    """
    if isinstance(value, (int, Fraction, Decimal)):
        return Fraction(value)
    return Fraction(Decimal(repr(float(value))))


def _shown(value: Fraction, limits: tuple[Decimal, ...]) -> str:
    """Write a number with one decimal, or as many as it takes to differ from the limits it was compared with."""
    text = ""
    for digits in range(1, 7):
        text = f"{float(value):.{digits}f}".rstrip("0").rstrip(".")
        text = "0" if text == "-0" else text
        if all((Fraction(Decimal(text)) == Fraction(limit)) == (value == limit) for limit in limits):
            break
    return text


def _compare(value: Fraction, version: RuleVersion, unit: str) -> tuple[bool, str]:
    threshold, upper = version.threshold, version.upper
    limits = (threshold,) if upper is None else (threshold, upper)
    shown, limit = f"{_shown(value, limits)} {unit}", f"{threshold} {unit}"
    if upper is not None:
        inside = Fraction(threshold) <= value <= Fraction(upper)
        return inside, f"{shown} is {'within' if inside else 'outside'} {limit} to {upper} {unit}"
    bound = Fraction(threshold)
    holds, yes, no = {
        ">=": (value >= bound, "at least", "below"),
        ">": (value > bound, "above", "not above"),
        "<=": (value <= bound, "at most", "above"),
        "<": (value < bound, "below", "not below"),
    }[version.operator]
    return holds, f"{shown} is {yes if holds else no} {limit}"


def judge(rule: Rule | str, value: Number | None, unit: str, *, on: date | None = None) -> Judgement:
    """Read one number by one rule as it stood on one day.

    Parameters
    ----------
    rule
        A rule or its id.
    value
        The number, in `unit`; None or nan when it could not be measured. Decimals and fractions
        are compared exactly, floats as they are written.
    unit
        Must be the rule's own unit.
    on
        The day; None means the newest version.

    Returns
    -------
    Judgement
        "cannot tell" when there is no number or no version was in force.

    Raises
    ------
    UnitError
        If the unit is not the rule's.
    InputError
        If the value is infinite, a truth value or text.

    Examples
    --------
    >>> judge("increment-kohler", 72.0, "%", on=date(2020, 1, 1)).because
    '72 % is at least 60 %'
    >>> judge("increment-oh", 60, "%").verdict
    'does not support'
    """
    named = rule_named(rule) if isinstance(rule, str) else rule
    if unit != named.unit:
        hint = _HINTS.get((named.unit, unit), "")
        raise UnitError(f"rule {named.id!r} reads {named.unit}, got {unit!r}.{hint}")
    if isinstance(value, (bool, str)):
        raise InputError(f"rule {named.id!r} reads a number, got {value!r}.")
    version = named.in_force(on)
    if version is None:
        first = named.versions[0]
        because = f"{named.id} was not in force on {on}; its first version is of {first.valid_from}"
        return Judgement("cannot tell", because, named.id, "", first.source, named.claim)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Judgement(
            "cannot tell", "nothing could be measured", named.id, version.version, version.source, named.claim
        )
    if isinstance(value, float) and math.isinf(value):
        raise InputError(f"rule {named.id!r} reads a finite number, got {value}.")
    holds, because = _compare(exact(value), version, unit)
    verdict: Verdict = "supports" if holds else "does not support"
    return Judgement(verdict, because, named.id, version.version, version.source, named.claim)
