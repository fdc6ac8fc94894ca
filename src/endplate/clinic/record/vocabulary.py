"""Vocabulary: every fact that a record can hold, with its unit, its limits and its names."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, cast

from endplate.foundation.errors import DataError, unknown_name

Kind = Literal["yes-no", "number", "date", "choice", "text"]
KINDS: Final = ("yes-no", "number", "date", "choice", "text")
STUDY: Final = "study"
SCAN: Final = "scan"
_FILE: Final = Path(__file__).with_name("vocabulary.toml")
_TEXTS: Final = ("label", "plain", "unit", "hpo", "loinc", "help", "hint")
_KEYS: Final = frozenset({*_TEXTS, "kind", "low", "high", "choices"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact: what it is called, how it is written, and what is possible.

    `low` and `high` bound what is possible, not what is normal; both are None where `kind` is not "number".
    `label` is for clinicians, `plain` for the person concerned; `hpo` and `loinc` are empty where no code was
    looked up; `hint` names the likely mistake behind an impossible number.
    """

    id: str
    group: str
    kind: Kind
    label: str
    plain: str
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[str, ...] = ()
    hpo: str = ""
    loinc: str = ""
    help: str = ""
    hint: str = ""


def _entry(name: str, group: str, table: dict[str, Any]) -> Entry:
    here = f"{_FILE.name}: {group}.{name}"
    extra = set(table) - _KEYS
    if extra:
        raise DataError(f"{here}: {unknown_name('key', sorted(extra)[0], _KEYS)}")
    kind = table.get("kind", "yes-no")
    if kind not in KINDS:
        raise DataError(f"{here}: {unknown_name('kind', str(kind), KINDS)}")
    needed = {"number": ("unit", "low", "high"), "choice": ("choices",)}.get(kind, ())
    missing = [key for key in ("label", "plain", *needed) if key not in table]
    if missing:
        raise DataError(f"{here}: missing {', '.join(missing)}.")
    return Entry(
        id=name,
        group=group,
        kind=cast(Kind, kind),
        low=Decimal(table["low"]) if "low" in table else None,
        high=Decimal(table["high"]) if "high" in table else None,
        choices=tuple(table.get("choices", ())),
        **{key: str(table.get(key, "")) for key in _TEXTS},
    )


@functools.cache
def groups() -> dict[str, dict[str, Entry]]:
    """Return the entries of each group, in the order of the form; `study` and `scan` are lists in a record.

    Examples
    --------
    >>> list(groups())[:3]
    ['person', 'onset', 'clinical']
    """
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        group: {name: _entry(name, group, table) for name, table in entries.items()}
        for group, entries in tables.items()
    }


@functools.cache
def vocabulary() -> dict[str, Entry]:
    """Return every entry by its name; no name stands in two groups.

    Raises
    ------
    DataError
        If the file breaks its schema.

    Examples
    --------
    >>> vocabulary()["weight_kg"].unit, vocabulary()["dry_mouth"].hpo
    ('kg', 'HP:0000217')
    """
    found: dict[str, Entry] = {}
    for entries in groups().values():
        for name, one in entries.items():
            if name in found:
                raise DataError(f"{_FILE.name}: {name!r} stands in {found[name].group} and in {one.group}.")
            found[name] = one
    return found


def entry(name: str) -> Entry:
    """Return one entry.

    Raises
    ------
    UnknownNameError
        With the nearest name, if the vocabulary does not hold it.

    Examples
    --------
    >>> entry("dry_mouth").label
    'Dry mouth'
    """
    known = vocabulary()
    if name not in known:
        raise unknown_name("fact", name, known)
    return known[name]
