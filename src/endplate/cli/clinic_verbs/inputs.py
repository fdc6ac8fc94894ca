"""Inputs: what the verbs of the clinic take, read once and refused with a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from endplate.foundation.records.clinical import Record

PACKS: Final = ("us", "eu")


def record_given(facts: str, *, today: date, is_teaching: bool = False) -> Record:
    """Return the record of a form, or of a synthetic person by name.

    Raises
    ------
    EndplateError
        If it is neither; the nearest synthetic person is offered.
    """
    from endplate.clinic.record import example, examples, read_record
    from endplate.foundation.errors import InputError, unknown_name

    if facts in examples():
        return example(facts)
    path = Path(facts)
    if path.suffix.lower() in (".toml", ".json") or path.exists() or "/" in facts:
        if not path.is_file():
            raise InputError(f"there is no file {facts}. Write an empty form with: endplate clinic form --out {facts}")
        return read_record(path, today=today, is_teaching=is_teaching)
    raise unknown_name("form or synthetic person", facts, examples())


def day_given(text: str | None) -> date:
    """Return the day of an option, today when it is not given.

    Raises
    ------
    InputError
        If it is no date of the calendar.

    Examples
    --------
    >>> day_given("2026-02-28")
    datetime.date(2026, 2, 28)
    """
    from endplate.foundation.errors import InputError

    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--date must be a day as YYYY-MM-DD, got {text!r}: {error}.") from error


def pack_given(text: str) -> str:
    """Return the label pack in lower case.

    Raises
    ------
    UnknownNameError
        If there is no such pack.

    Examples
    --------
    >>> pack_given("US")
    'us'
    """
    from endplate.foundation.errors import unknown_name

    name = {"uk": "eu", "eu/uk": "eu"}.get(text.lower(), text.lower())
    if name not in PACKS:
        raise unknown_name("label pack", text, PACKS)
    return name
