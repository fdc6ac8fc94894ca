"""Catalogue: options, what speaks against them, checks before start, evidence and monitoring, as data."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from endplate.clinic.conditions import Condition, parse_condition
from endplate.clinic.heads import Head, head_of, known_sources, read_tables
from endplate.clinic.result import Support
from endplate.foundation.errors import DataError
from endplate.foundation.parameters import CHECKED

Bars = Literal["option", "part", "care"]
_HERE: Final = Path(__file__).parent
SIGNALS: Final = ("respiratory_emergency", "tumour_found")


@dataclass(frozen=True, slots=True)
class Option:
    """One option. It is to be considered now where `condition` or `signal` holds; without either, as its text says.

    `is_for_lems` holds it back until LEMS is established or probable; `is_later` says that it is thought of only
    where earlier steps did not suffice, which no fact of a record tells; `substances` are its medicines by name.
    """

    id: str
    title: str
    text: str
    condition: Condition | None
    signal: str
    sources: tuple[str, ...]
    support: Support
    evidence: tuple[str, ...]
    rows: tuple[str, ...]
    note: str
    is_for_lems: bool
    is_later: bool
    substances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What speaks against an option, a part of it, or for care; `pack` where only one label says so."""

    id: str
    option: str
    bars: Bars
    pack: str
    condition: Condition
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What is looked at before the start; done where every one of `facts` is known."""

    option: str
    pack: str
    text: str
    facts: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of evidence with its source."""

    text: str
    source: str
    checked: str
    support: Support


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What is looked at during treatment; `every_months` is None where the source names no interval."""

    id: str
    substances: tuple[str, ...]
    pack: str
    what: str
    words: str
    every_months: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it, checked when it was read."""

    head: Head
    options: tuple[Option, ...]
    conflicts: tuple[Conflict, ...]
    checks: tuple[Check, ...]
    evidence: Mapping[str, Evidence]
    monitoring: tuple[Monitoring, ...]


def _sourced(sources: tuple[str, ...], text: str, known: frozenset[str], where: str) -> tuple[str, ...]:
    """Refuse an unknown source; a line without one must say that it is unverified, or belong to a proposal."""
    unknown = [source for source in sources if source not in known]
    if unknown:
        raise DataError(f"{where}: no reference {unknown}. Add it to references.json.")
    if not text:
        raise DataError(f"{where}: a line needs a text.")
    return sources


def _option(name: str, table: Mapping[str, Any], known: frozenset[str]) -> Option:
    where = f"options.toml: {name}"
    if "signal" in table and table["signal"] not in SIGNALS:
        raise DataError(f"{where}: signal {table['signal']!r} is not one of {', '.join(SIGNALS)}.")
    condition = parse_condition(table["when"], where=where) if "when" in table else None
    return Option(
        name, table["title"], table["text"], condition, table.get("signal", ""),
        _sourced(tuple(table["sources"]), table["text"], known, where), table["support"], tuple(table["evidence"]),
        tuple(table["rows"]), table.get("when_note", ""), table.get("for_lems", False), table.get("later", False),
        tuple(table.get("substances", ())),
    )  # fmt: skip


def _conflict(name: str, table: Mapping[str, Any], known: frozenset[str]) -> Conflict:
    where = f"options.toml: conflict {name}"
    return Conflict(
        name, table["option"], table["bars"], table.get("pack", ""), parse_condition(table["when"], where=where),
        table["text"], _sourced(tuple(table["sources"]), table["text"], known, where),
    )  # fmt: skip


def _check(name: str, table: Mapping[str, Any], known: frozenset[str]) -> Check:
    sources = _sourced(tuple(table["sources"]), table["text"], known, f"options.toml: check {name}")
    return Check(table["option"], table.get("pack", ""), table["text"], tuple(table["facts"]), sources)


def _evidence(name: str, table: Mapping[str, Any], known: frozenset[str]) -> Evidence:
    source, support = table["source"], table.get("support", "published")
    where = f"evidence.toml: {name}"
    if table["checked"] not in CHECKED or (not source and support != "unverified"):
        raise DataError(f"{where}: only an unverified line may stand without a source; checked is one of {CHECKED}.")
    _sourced((source,) if source else (), table["text"], known, where)
    return Evidence(table["text"], source, table["checked"], support)


def _monitoring(name: str, table: Mapping[str, Any], known: frozenset[str]) -> Monitoring:
    _sourced((table["source"],), table["what"], known, f"monitoring.toml: {name}")
    return Monitoring(
        name, tuple(table["substances"]), table.get("pack", ""), table["what"], table["words"],
        table.get("every_months"), table["source"],
    )  # fmt: skip


@functools.cache
def catalogue() -> Catalogue:
    """Return the built-in catalogue.

    Raises
    ------
    DataError
        If a line lacks what it needs, or names what does not exist.

    Examples
    --------
    >>> [option.id for option in catalogue().options]
    ['T0', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8']
    """
    file = _HERE / "options.toml"
    known, tables = known_sources(file), read_tables(file)
    evidence = {name: _evidence(name, one, known) for name, one in read_tables(_HERE / "evidence.toml").items()}
    options = tuple(_option(name, one, known) for name, one in tables["options"].items())
    conflicts = tuple(_conflict(name, one, known) for name, one in tables["conflicts"].items())
    checks = tuple(_check(name, one, known) for name, one in tables["checks"].items())
    ids = {option.id for option in options}
    lost = ({one.option for one in conflicts} | {one.option for one in checks}) - ids
    lost |= {name for option in options for name in option.evidence} - set(evidence)
    if lost:
        raise DataError(f"options.toml: {sorted(lost)} named but not there.")
    schedules = read_tables(_HERE / "monitoring.toml")["schedules"]
    monitoring = tuple(_monitoring(name, one, known) for name, one in schedules.items())
    head = head_of("treatment", tables["head"], known=known, where="options.toml")
    return Catalogue(head, options, conflicts, checks, evidence, monitoring)
