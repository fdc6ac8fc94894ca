"""Words: the patterns of the checker, kept as data and compiled once."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from endplate.clinic.knowledge.tables import check_table, read_tables, text_of, texts_of
from endplate.foundation.errors import DataError

_FOLDER: Final = Path(__file__).with_name("words")
Pattern = re.Pattern[str]
# a sentence with one of these denies, warns or hedges: what it names is not advised
_DENIAL: Final = (
    r"\b(?:not|no|none|never|cannot|can't|don't|doesn't|isn't|aren't|won't|unlike|without|instead of|rather than|"
    r"wrong\w*|false|myths?|refuted?|refutes|contested|untrue|unknown|nobody|hardly|rarely|seldom|little)\b"
)


@dataclass(frozen=True, slots=True)
class Warned:
    """One pattern with what it means; where `guard` is found in the same sentence or its headings, nothing is wrong."""

    id: str
    pattern: Pattern
    why: str
    guard: Pattern | None = None
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Another condition: `strong` words belong to it alone, of the `weak` ones two are needed in one section."""

    id: str
    name: str
    strong: Pattern
    weak: Pattern | None


def compiled(text: str, where: str) -> Pattern:
    """Return a pattern that minds no case.

    Raises
    ------
    DataError
        If the pattern is none.
    """
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise DataError(f"{where}: {text!r} is no pattern: {error}.") from error


DENIAL: Final = compiled(_DENIAL, "denial")


def any_of_words(texts: tuple[str, ...], where: str) -> Pattern | None:
    """Return one pattern for whole words out of several, or None without any."""
    return compiled(r"\b(?:" + "|".join(texts) + r")\b", where) if texts else None


def _tables(name: str) -> dict[str, Any]:
    return read_tables(_FOLDER / f"{name}.toml")


def _guard(table: dict[str, Any], where: str) -> Pattern | None:
    """Return the guard of an entry: its own words besides those of denial, or its own alone with ``denial = false``."""
    own = text_of(table, "guard", where)
    uses_denial = table.get("denial", True)
    parts = [*([_DENIAL] if uses_denial else []), *([own] if own else [])]
    return compiled("|".join(parts), where) if parts else None


@functools.cache
def warned(name: str) -> tuple[Warned, ...]:
    """Return the patterns of one file: contradictions, advice, leaks or markup."""
    found = []
    for key, table in _tables(name).items():
        where = f"{name}.toml: {key}"
        known = dict(check_table(table, ("pattern", "why"), ("guard", "denial", "claim"), where))
        guard = _guard(known, where)
        pattern = compiled(text_of(known, "pattern", where), where)
        found.append(Warned(key, pattern, text_of(known, "why", where), guard, text_of(known, "claim", where)))
    return tuple(found)


@functools.cache
def topics() -> tuple[Topic, ...]:
    """Return the other conditions whose words must not turn up."""
    found = []
    for key, table in _tables("topics").items():
        where = f"topics.toml: {key}"
        known = check_table(table, ("name", "strong"), ("weak",), where)
        strong = any_of_words(texts_of(known, "strong", where), where)
        assert strong is not None  # "strong" is needed, and not empty
        found.append(
            Topic(key, text_of(known, "name", where), strong, any_of_words(texts_of(known, "weak", where), where))
        )
    return tuple(found)


@functools.cache
def lists(name: str) -> dict[str, tuple[str, ...]]:
    """Return the named lists of words of one file."""
    tables = _tables(name)
    return {key: texts_of(tables, key, f"{name}.toml") for key in tables}
