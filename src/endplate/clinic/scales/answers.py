"""Answers: what was given for one item, as the points that it can mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from endplate.clinic.reading import plain
from endplate.clinic.scales.catalogue import Item
from endplate.foundation.errors import InputError, UnitError, unknown_name

_POINTS: Final = re.compile(r"^(\d+)\s*(?:p|pt|pts|point|points)$", re.I)
_NUMBER: Final = re.compile(r"^(-?\d+(?:[.,]\d+)?)\s*(\S*)$")
_UNKNOWN: Final = ("", "unknown", "?")


@dataclass(frozen=True, slots=True)
class Answer:
    """The lowest and the highest points that an answer can mean, equal where it is known."""

    item: Item
    shown: str
    low: Decimal
    high: Decimal

    @property
    def is_known(self) -> bool:
        """Whether it means one number of points."""
        return self.low == self.high


def _span(item: Item, shown: str = "unknown") -> Answer:
    if item.kind == "number":
        return Answer(item, shown, item.low, item.high)
    points = item.points()
    return Answer(item, shown, Decimal(points[0]), Decimal(points[-1]))


def _exact(item: Item, shown: str, points: int | Decimal) -> Answer:
    return Answer(item, shown, Decimal(points), Decimal(points))


def read_answer(item: Item, text: str, *, sex: str | None = None) -> Answer:
    """Read what was given for one item.

    Parameters
    ----------
    item
        Of a scale.
    text
        An option, a measurement with or without its unit, yes or no; "2 points" gives points directly;
        "unknown" or nothing leaves the whole span.
    sex
        "male" or "female" where cut-offs differ; unknown gives the span of both.

    Raises
    ------
    InputError
        If the answer is none that the item has.
    UnitError
        If the unit is another than the item's.

    Examples
    --------
    >>> from endplate.clinic.scales.catalogue import scale_named
    >>> grip = next(one for one in scale_named("qmg").items if one.id == "right_grip")
    >>> read_answer(grip, "20 kg").low, read_answer(grip, "20 kg", sex="male").high
    (Decimal('1'), Decimal('1'))
    """
    given = " ".join(text.split())
    if item.only and sex in ("male", "female") and sex != item.only:
        if given.lower() in ("yes", "1 point"):
            raise InputError(f"{item.id} applies to one sex only ({item.only}), got {given!r} for {sex}.")
        return _exact(item, f"does not apply ({sex})", 0)
    if given.lower() in _UNKNOWN:
        return _span(item)
    points = _POINTS.match(given)
    if points:
        return _directly(item, given, int(points[1]))
    if item.kind == "choice":
        return _chosen(item, given)
    if item.kind == "yes-no":
        if given.lower() not in ("yes", "no"):
            raise InputError(f"{item.id} is yes, no or unknown, got {given!r}.")
        return _exact(item, given.lower(), 1 if given.lower() == "yes" else 0)
    return _measured(item, given, _number(item, given), sex)


def _directly(item: Item, given: str, points: int) -> Answer:
    allowed = item.points()
    if points not in allowed:
        raise InputError(f"{item.id} has {', '.join(map(str, allowed))} points, got {given!r}.")
    return _exact(item, given, points)


def _chosen(item: Item, given: str) -> Answer:
    for words, points in item.options:
        if words.lower() == given.lower():
            return _exact(item, words, points)
    if given.isdigit():
        return _directly(item, given, int(given))
    raise unknown_name(f"answer to {item.id}", given, [words for words, _ in item.options])


def _number(item: Item, given: str) -> Decimal:
    found = _NUMBER.match(given)
    if not found:
        raise InputError(
            f"{item.id} is a number{f' of {item.unit}' if item.unit not in ('', '1') else ''}, got {given!r}."
        )
    if found[2] and found[2].lower() != item.unit.lower():
        raise UnitError(f"{item.id} is in {item.unit or 'points'}, got {found[2]!r} in {given!r}.")
    try:
        number = Decimal(found[1].replace(",", "."))
    except InvalidOperation as error:
        raise InputError(f"{item.id}: {given!r} is not a number.") from error
    if number < 0:
        raise InputError(f"{item.id} cannot be below 0, got {given!r}.")
    return number


def _measured(item: Item, given: str, number: Decimal, sex: str | None) -> Answer:
    if item.kind == "measured":
        tables = item.cuts or {}
        chosen = tables.get("any") or tables.get(sex or "")
        each = [chosen] if chosen else list(tables.values())
        points = [next(points for limit, points in cuts if number >= limit) for cuts in each]
        return Answer(item, given, Decimal(min(points)), Decimal(max(points)))
    is_off = item.kind == "count" and ((number - item.low) % item.step or number != int(number))
    if not item.low <= number <= item.high or is_off:
        steps = f" in steps of {item.step}" if item.kind == "count" else f" {item.unit}"
        raise InputError(f"{item.id} must be in [{plain(item.low)}, {plain(item.high)}]{steps}, got {given!r}.")
    return _exact(item, given, number)
