"""Head of a rule kept as data: who says it, since when, how it was checked, and who approved the wording."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from endplate.clinic.result import Result, Support
from endplate.foundation.errors import DataError
from endplate.foundation.parameters import CHECKED

SUPPORTS: Final = ("published", "unverified", "proposal")
_NEEDED: Final = ("title", "version", "valid_from", "sources", "where", "checked", "support", "rows")
_OPTIONAL: Final = ("safety_class", "reviewers", "jurisdiction", "limits", "other_views")


@dataclass(frozen=True, slots=True)
class Head:
    """What every rule of the clinic says about itself; the same fields as a `Result` carries."""

    id: str
    title: str
    version: str
    valid_from: date
    sources: tuple[str, ...]
    where: str
    checked: str
    support: Support
    rows: tuple[str, ...]
    safety_class: Literal["A", "B", "C"] = "C"
    reviewers: tuple[str, ...] = ()
    jurisdiction: str = "international"
    limits: tuple[str, ...] = ()
    other_views: tuple[str, ...] = ()

    def result(self, *, verdict: str, statement: str, **more: Any) -> Result:
        """Return a result under this head; `more` are fields of `Result` and stand above the head's own."""
        fields: dict[str, Any] = {
            "support": self.support, "sources": self.sources, "rows": self.rows, "safety_class": self.safety_class,
            "reviewers": self.reviewers, "jurisdiction": self.jurisdiction, "limits": self.limits,
            "other_views": self.other_views, "title": self.title,
        }  # fmt: skip
        return Result(rule=self.id, version=self.version, verdict=verdict, statement=statement, **{**fields, **more})


def read_tables(file: Path) -> dict[str, Any]:
    """Read a TOML file of rules.

    Raises
    ------
    DataError
        If it is not TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{file.name}: not valid TOML: {error}.") from error


def known_sources(file: Path) -> frozenset[str]:
    """Return the ids of the references that stand beside a file of rules."""
    return frozenset(str(item["id"]) for item in json.loads(file.with_name("references.json").read_text("utf-8")))


def head_of(name: str, table: Mapping[str, Any], *, known: frozenset[str], where: str) -> Head:
    """Read the head of one rule and refuse it without a source.

    Raises
    ------
    DataError
        If a field is missing, a source is not among the references, or a word is not allowed.

    Examples
    --------
    >>> table = dict(title="A", version="1", valid_from=None, sources=[], checked="none", support="proposal", rows=[])
    >>> head_of("a", table, known=frozenset(), where="rules.toml")
    Traceback (most recent call last):
    endplate.foundation.errors.DataError: rules.toml: rule 'a': missing where.
    """
    here = f"{where}: rule {name!r}"
    missing = [key for key in _NEEDED if key not in table]
    if missing:
        raise DataError(f"{here}: missing {', '.join(missing)}.")
    sources = tuple(table["sources"])
    unknown = [source for source in sources if source not in known]
    if unknown or (not sources and table["support"] != "proposal"):
        raise DataError(f"{here}: source {unknown or 'missing'}; only a proposal of ours may stand without one.")
    if table["support"] not in SUPPORTS or table["checked"] not in CHECKED:
        raise DataError(
            f"{here}: support is one of {', '.join(SUPPORTS)} and checked one of {', '.join(CHECKED)}, "
            f"got {table['support']!r} and {table['checked']!r}."
        )
    return Head(
        id=name, title=table["title"], version=str(table["version"]), valid_from=table["valid_from"],
        sources=sources, where=table["where"], checked=table["checked"], support=table["support"],
        rows=tuple(table["rows"]), safety_class=table.get("safety_class", "C"),
        reviewers=tuple(table.get("reviewers", ())), jurisdiction=table.get("jurisdiction", "international"),
        limits=tuple(table.get("limits", ())), other_views=tuple(table.get("other_views", ())),
    )  # fmt: skip


def check_keys(table: Mapping[str, Any], own: tuple[str, ...], where: str) -> None:
    """Refuse a key that neither a head nor the rule itself has.

    Raises
    ------
    DataError
        Naming the key.
    """
    extra = set(table) - {*_NEEDED, *_OPTIONAL, *own}
    if extra:
        raise DataError(f"{where}: unknown key {sorted(extra)}; allowed: {', '.join((*_NEEDED, *_OPTIONAL, *own))}.")
