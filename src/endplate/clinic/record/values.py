"""Values: what was written for one fact, as the kind that the vocabulary says, or one sentence why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from endplate.clinic.record.vocabulary import Entry
from endplate.foundation.errors import InputError, UnitError, nearest
from endplate.foundation.records.clinical import Fact, Value

UNKNOWN: Final = "unknown"
LONGEST_TEXT: Final = 300
EARLIEST: Final = date(1900, 1, 1)
_FACT_KEYS: Final = ("value", "on", "source", "note", "confirmed", "simulated")
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMBER: Final = re.compile(r"([+-]?\d{1,30}(?:\.\d{1,30})?)\s*([^\W\d_].*|[%°].*)?")
# what people write instead of the unit of the form, and what a number in it is worth there
_OTHER_UNITS: Final = {
    ("kg", "lb"): "0.4536", ("kg", "lbs"): "0.4536", ("kg", "pounds"): "0.4536", ("kg", "g"): "0.001",
    ("cm", "m"): "100", ("cm", "in"): "2.54", ("mV", "uV"): "0.001", ("mV", "µV"): "0.001", ("ms", "s"): "1000",
    ("s", "ms"): "0.001", ("L", "mL"): "0.001", ("cmH2O", "kPa"): "10.2", ("mmHg", "kPa"): "7.5",
}  # fmt: skip


def text_of(raw: object, where: str, *, longest: int = LONGEST_TEXT) -> str:
    r"""Return plain text of one line, or say what in it cannot stand in a record.

    Raises
    ------
    InputError
        If it is not text, too long, or holds control or direction-changing characters.

    Examples
    --------
    >>> text_of("  letter of 3 May ", "source")
    'letter of 3 May'
    """
    if not isinstance(raw, str):
        raise InputError(f"{where} must be text in quotes, got {shown(raw)}.")
    if len(raw) > longest:
        raise InputError(
            f"{where} holds {len(raw)} characters, at most {longest} are allowed. Keep the long text aside."
        )
    for character in raw:
        # Cc: control, Cf: invisible format characters that can reverse what is read, Cs: half a letter, Cn: no letter
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} and character not in "\u200c\u200d":
            raise InputError(f"{where} holds the invisible character U+{ord(character):04X}. Type the text anew.")
    return raw.strip()


def shown(raw: object) -> str:
    """Return what was written, short enough for one sentence.

    Examples
    --------
    >>> shown("x" * 80)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."
    """
    words = str(raw) if isinstance(raw, (date, Decimal)) else repr(raw)
    return words if len(words) <= 40 else f"{words[:38]}..."


def day_of(raw: object, where: str) -> date:
    """Return a day written as year-month-day.

    Raises
    ------
    InputError
        If it is not a day of the calendar, is before 1900, or could be read in two ways.

    Examples
    --------
    >>> day_of("2026-01-10", "scan_date")
    datetime.date(2026, 1, 10)
    """
    if isinstance(raw, datetime):
        raw = raw.date()
    if not isinstance(raw, date):
        match = _DAY.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if match is None:
            raise InputError(f"{where} must be a day written year-month-day, such as 2026-01-10, got {shown(raw)}.")
        try:
            raw = date(*(int(part) for part in match.groups()))
        except ValueError:
            raise InputError(f"{where}: {shown(raw)} is not a day of the calendar. Check month and day.") from None
    if raw < EARLIEST:
        raise InputError(f"{where}: {raw} is before 1900. Check the year.")
    return raw


def number_of(raw: object, where: str, unit: str) -> Decimal:
    """Return a decimal number, from a number or from text that may end in the unit of the form.

    Raises
    ------
    UnitError
        If the text names another unit; the message gives the number in the right one where it is known.
    InputError
        If it is not a finite number.

    Examples
    --------
    >>> number_of("70.5 kg", "weight_kg", "kg")
    Decimal('70.5')
    """
    if isinstance(raw, str):
        match = _NUMBER.fullmatch(raw.strip())
        if match is None:
            raise InputError(f"{where} must be a number in {unit}, got {shown(raw)}. Write a point, not a comma.")
        if match[2] and match[2].strip() != unit:
            raise _other_unit(Decimal(match[1]), match[2].strip(), where, unit)
        return Decimal(match[1])
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        raise InputError(f"{where} must be a number in {unit}, got {shown(raw)}.")
    try:
        number = raw if isinstance(raw, Decimal) else Decimal(repr(raw))
    except (InvalidOperation, ValueError):
        raise InputError(f"{where} must be a number in {unit}, got something too long to be one.") from None
    if not number.is_finite():
        raise InputError(f"{where} must be a finite number in {unit}, got {raw}.")
    return number


def _other_unit(number: Decimal, given: str, where: str, unit: str) -> UnitError:
    given = given[:20]
    if given.endswith("/kg") and not unit.endswith("/kg"):
        return UnitError(f"{where} is in {unit}, got {number} {given}. Multiply by the weight in kg first.")
    factor = _OTHER_UNITS.get((unit, given))
    way_out = f" That is {number * Decimal(factor):.4g} {unit}." if factor else f" Convert it to {unit} first."
    return UnitError(f"{where} is in {unit}, got {number} {given!r}.{way_out}")


def value_of(entry: Entry, raw: object, where: str) -> Value:
    """Return one value as its kind; None for "unknown" and for nothing.

    Raises
    ------
    InputError
        If the value is of another kind or outside what is possible.

    Examples
    --------
    >>> from endplate.clinic.record.vocabulary import entry
    >>> value_of(entry("dry_mouth"), "yes", "dry_mouth"), value_of(entry("ptosis"), "unknown", "ptosis")
    ('yes', None)
    """
    if raw is None or (isinstance(raw, str) and raw.strip().lower() in {"", UNKNOWN}):
        return None
    if entry.kind == "yes-no":
        return _yes_no(raw, where)
    if entry.kind == "date":
        return day_of(raw, where)
    if entry.kind == "number":
        return _bounded(entry, number_of(raw, where, entry.unit), where)
    text = text_of(raw, where)
    if entry.kind == "choice" and text not in entry.choices:
        hit = nearest(text, entry.choices)
        guess = f" Did you mean {hit}?" if hit else ""
        raise InputError(f"{where} must be one of {', '.join(entry.choices)} or unknown, got {shown(raw)}.{guess}")
    return text


def _yes_no(raw: object, where: str) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, str) and raw.strip().lower() in {"yes", "no"}:
        return raw.strip().lower()
    raise InputError(f'{where} must be "yes", "no" or "unknown", got {shown(raw)}.')


def _bounded(entry: Entry, number: Decimal, where: str) -> Decimal:
    if entry.low is None or entry.high is None or entry.low <= number <= entry.high:
        return number
    hint = f" {entry.hint}" if entry.hint else ""
    raise InputError(f"{where} must be between {entry.low} and {entry.high} {entry.unit}, got {number}.{hint}")


def fact_of(entry: Entry, raw: object, where: str) -> Fact:
    """Return one fact from a bare value, or from a table that also says when, from where, and whether it is confirmed.

    Raises
    ------
    InputError
        If a key is unknown, or a value is of another kind or impossible.

    Examples
    --------
    >>> from endplate.clinic.record.vocabulary import entry
    >>> fact_of(entry("weight_kg"), {"value": 70, "source": "letter"}, "weight_kg").source
    'letter'
    """
    if not isinstance(raw, Mapping):
        return Fact(entry.id, value_of(entry, raw, where))
    if "value" not in raw:
        raise InputError(
            f"{where} is a table without a value. Write {{ value = ..., on = 2026-01-10, source = '...' }}."
        )
    for key in raw:
        if key not in _FACT_KEYS:
            hit = nearest(str(key), _FACT_KEYS)
            guess = f"; did you mean {hit}?" if hit else "."
            raise InputError(f"{where}: no key {shown(key)}{guess} Allowed: {', '.join(_FACT_KEYS)}.")
    return Fact(
        entry.id,
        value_of(entry, raw["value"], where),
        on=day_of(raw["on"], f"{where}.on") if raw.get("on") is not None else None,
        source=text_of(raw.get("source", ""), f"{where}.source"),
        note=text_of(raw.get("note", ""), f"{where}.note"),
        is_confirmed=_flag(raw, "confirmed", where, default=True),
        is_simulated=_flag(raw, "simulated", where, default=False),
    )


def _flag(raw: Mapping[str, Any], key: str, where: str, *, default: bool) -> bool:
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise InputError(f"{where}.{key} must be true or false, got {shown(value)}.")
    return value
