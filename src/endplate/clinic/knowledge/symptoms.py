"""Symptoms: what a person notices and what an examiner finds, with HPO codes and plain names."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from endplate.clinic.knowledge.codes import refuse_trap
from endplate.clinic.knowledge.tables import check_table, read_tables, text_of, texts_of
from endplate.foundation.errors import DataError

_FILE: Final = Path(__file__).with_name("symptoms.toml")


@dataclass(frozen=True, slots=True)
class Symptom:
    """One symptom or sign.

    `hpo` are its codes, the closest first; `fact` is its name in the vocabulary of the record where
    it has one; `rows` are the rows that speak of it.
    """

    id: str
    label: str
    plain: str
    hpo: tuple[str, ...]
    fact: str = ""
    rows: tuple[str, ...] = ()
    note: str = ""


def _symptom(name: str, table: object) -> Symptom:
    here = f"{_FILE.name}: {name}"
    known = check_table(table, ("label", "plain"), ("hpo", "fact", "rows", "note"), here)
    hpo = texts_of(known, "hpo", here)
    for code in hpo:
        if not code.startswith("HP:") or len(code) != len("HP:0000000"):
            raise DataError(f"{here}: {code!r} is no HPO code; they look like HP:0003701.")
        refuse_trap(code)
    return Symptom(
        id=name,
        label=text_of(known, "label", here),
        plain=text_of(known, "plain", here),
        hpo=hpo,
        fact=text_of(known, "fact", here),
        rows=texts_of(known, "rows", here),
        note=text_of(known, "note", here),
    )


@functools.cache
def symptoms() -> Mapping[str, Symptom]:
    """Return every symptom and sign by its id.

    Examples
    --------
    >>> symptoms()["dry-mouth"].hpo
    ('HP:0000217',)
    """
    return {name: _symptom(name, table) for name, table in read_tables(_FILE).items()}
