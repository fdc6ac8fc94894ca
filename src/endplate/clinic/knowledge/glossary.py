"""Glossary: terms of the clinic in plain words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from endplate.clinic.knowledge.tables import check_table, read_tables, text_of, texts_of
from endplate.foundation.errors import DataError

_FILE: Final = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True, slots=True)
class Term:
    """One term: `plain` says what it means to a patient; `also` are other names of it."""

    id: str
    term: str
    plain: str
    also: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


def parse_glossary(tables: Mapping[str, object], where: str) -> dict[str, Term]:
    """Read the terms of TOML tables.

    Raises
    ------
    DataError
        If a key is unknown or missing, or `see` names a term that is not there.

    Examples
    --------
    >>> parse_glossary({"a": {"term": "A", "plain": "A thing.", "see": ["b"]}}, "glossary")
    Traceback (most recent call last):
    endplate.foundation.errors.DataError: glossary: a: 'see' names b, which is no term of the glossary.
    """
    found = {}
    for name, table in tables.items():
        here = f"{where}: {name}"
        known = check_table(table, ("term", "plain"), ("also", "see"), here)
        found[name] = Term(
            name,
            text_of(known, "term", here),
            text_of(known, "plain", here),
            texts_of(known, "also", here),
            texts_of(known, "see", here),
        )
    for name, term in found.items():
        for other in term.see:
            if other not in found:
                raise DataError(f"{where}: {name}: 'see' names {other}, which is no term of the glossary.")
    return found


@functools.cache
def glossary() -> Mapping[str, Term]:
    """Return every term by its id.

    Examples
    --------
    >>> glossary()["vgcc"].term
    'VGCC'
    """
    return parse_glossary(read_tables(_FILE), _FILE.name)
