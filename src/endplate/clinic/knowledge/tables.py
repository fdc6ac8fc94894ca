"""Tables: TOML data of the clinic, read with the same refusals everywhere."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from endplate.foundation.errors import DataError, unknown_name


def read_tables(path: Path) -> dict[str, Any]:
    """Return the tables of one TOML file of ours.

    Raises
    ------
    DataError
        If the file is no TOML in UTF-8.
    """
    try:
        return parse_tables(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: not UTF-8 at byte {error.start}.") from error


def parse_tables(text: str, where: str) -> dict[str, Any]:
    """Return the tables of one TOML text.

    Raises
    ------
    DataError
        If the text is no TOML.

    Examples
    --------
    >>> parse_tables("a = {", "claims")
    Traceback (most recent call last):
    endplate.foundation.errors.DataError: claims: not valid TOML: Invalid initial character for a key part \
(at end of document).
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{where}: not valid TOML: {error}.") from error


def check_table(table: object, needed: Iterable[str], optional: Iterable[str], where: str) -> Mapping[str, Any]:
    """Return a table whose keys are all known and none of the needed ones is missing or empty.

    Raises
    ------
    DataError
        That names the key, with the nearest known one.

    Examples
    --------
    >>> check_table({"lable": "x"}, ["label"], [], "symptom cough")
    Traceback (most recent call last):
    endplate.foundation.errors.DataError: symptom cough: no key 'lable'; did you mean label? Known: label.
    """
    if not isinstance(table, dict):
        raise DataError(f"{where}: must be a table of keys, got {table!r}.")
    needed = list(needed)
    known = [*needed, *optional]
    for key in table:
        if key not in known:
            raise DataError(f"{where}: {unknown_name('key', key, known)}")
    missing = [key for key in needed if table.get(key) in (None, "", [], {})]
    if missing:
        raise DataError(f"{where}: missing or empty: {', '.join(missing)}.")
    return table


def text_of(table: Mapping[str, Any], key: str, where: str, *, default: str = "") -> str:
    """Return one text without spaces around it."""
    value = table.get(key, default)
    if not isinstance(value, str):
        raise DataError(f"{where}: {key} must be text, got {value!r}.")
    return " ".join(value.split())


def texts_of(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """Return a list of texts; an absent one is empty."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise DataError(f"{where}: {key} must be a list of texts, got {value!r}.")
    if len(set(value)) < len(value):
        raise DataError(f"{where}: {key} names one of its texts twice: {value!r}.")
    return tuple(value)


def word_of(table: Mapping[str, Any], key: str, allowed: Iterable[str], where: str, *, default: str = "") -> str:
    """Return one word out of a list of allowed ones."""
    value = text_of(table, key, where, default=default)
    options = list(allowed)
    if value not in options:
        raise DataError(f"{where}: {unknown_name(key, value, options)}")
    return value


def day_of(table: Mapping[str, Any], key: str, where: str) -> date:
    """Return one date, written as TOML writes it: 2026-11-21."""
    value = table.get(key)
    if type(value) is not date:
        raise DataError(f"{where}: {key} must be a date such as 2026-11-21, got {value!r}.")
    return value
