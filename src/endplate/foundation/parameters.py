"""Parameters with a unit, a spread and a source, read from one TOML file per room.

The loader refuses what a reader could not trust: a missing source, an unknown key, a value
outside its own spread. Every room keeps ``parameters.toml`` (and ``references.json``, CSL-JSON)
beside its code; a table such as ``[adm.fibres]`` is the parameter ``adm.fibres``.
"""

from __future__ import annotations

import functools
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from endplate.foundation.errors import DataError, unknown_name

STATUSES: Final = ("measured", "derived", "fitted", "assumed")
SPREADS: Final = ("report", "person", "muscle", "junction")
CHECKED: Final = ("paper", "abstract", "none")
_REQUIRED: Final = ("value", "unit", "low", "high", "spread", "status", "checked")
_ALLOWED: Final = frozenset({*_REQUIRED, "source", "where", "note"})
PACKAGE: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One constant of the model: what it is worth, how sure it is, and from where."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    spread: str
    status: str
    source: str
    where: str
    checked: str
    note: str
    room: str


def _build(name: str, table: dict[str, Any], room: str) -> Parameter:
    where = f"parameter {name!r} of {room}"
    extra = set(table) - _ALLOWED
    if extra:
        raise DataError(f"{where}: unknown key {sorted(extra)}; allowed: {', '.join(sorted(_ALLOWED))}.")
    missing = [key for key in _REQUIRED if key not in table]
    if missing:
        raise DataError(f"{where}: missing {', '.join(missing)}.")
    value, low, high = (float(table[key]) for key in ("value", "low", "high"))
    if not low <= value <= high:
        raise DataError(f"{where}: value {value:g} is outside its spread [{low:g}, {high:g}].")
    for key, choices in (("status", STATUSES), ("spread", SPREADS), ("checked", CHECKED)):
        if table[key] not in choices:
            raise DataError(f"{where}: {key} {table[key]!r} is not one of {', '.join(choices)}.")
    source, note = str(table.get("source", "")), str(table.get("note", ""))
    if table["status"] == "assumed":
        if not note:
            raise DataError(f"{where}: an assumed value needs a note that says why.")
    elif not source:
        raise DataError(f"{where}: a {table['status']} value needs a source.")
    return Parameter(
        name, value, str(table["unit"]), low, high, str(table["spread"]), str(table["status"]),
        source, str(table.get("where", "")), str(table["checked"]), note, room,
    )  # fmt: skip


def parse(text: str, room: str) -> dict[str, Parameter]:
    """Read the parameters of one TOML text; tables without ``value`` are groups.

    Examples
    --------
    >>> one = parse('''[tau_ms]
    ... value = 5.0
    ... unit = "ms"
    ... low = 4
    ... high = 7
    ... spread = "person"
    ... status = "assumed"
    ... checked = "none"
    ... note = "no human value found"''', "terminal")
    >>> one["tau_ms"].value
    5.0
    """
    found: dict[str, Parameter] = {}

    def walk(prefix: str, table: dict[str, Any]) -> None:
        for key, item in table.items():
            name = f"{prefix}{key}"
            if not isinstance(item, dict):
                raise DataError(f"{room}: {name!r} stands outside a parameter table.")
            if "value" in item or "unit" in item:
                found[name] = _build(name, item, room)
            else:
                walk(f"{name}.", item)

    try:
        walk("", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{room}: not valid TOML: {error}.") from error
    return found


@functools.cache
def parameters_of(room: str) -> dict[str, Parameter]:
    """Return the parameters of one room, named by its folder: ``body/terminal``."""
    path = PACKAGE / room / "parameters.toml"
    if not path.is_file():
        raise unknown_name("room with parameters", room, rooms())
    found = parse(path.read_text(encoding="utf-8"), room)
    known = references()
    for parameter in found.values():
        if parameter.source and parameter.status != "fitted" and parameter.source not in known:
            raise DataError(f"parameter {parameter.name!r} of {room}: source {parameter.source!r} is in no references.json.")
    return found


@functools.cache
def values_of(room: str) -> dict[str, float]:
    """Return name -> value for one room."""
    return {name: parameter.value for name, parameter in parameters_of(room).items()}


@functools.cache
def rooms() -> tuple[str, ...]:
    """Return every room that has parameters, in reading order."""
    return tuple(sorted(str(p.parent.relative_to(PACKAGE).as_posix()) for p in PACKAGE.rglob("parameters.toml")))


@functools.cache
def references() -> dict[str, dict[str, Any]]:
    """Return every reference of the package by its key; two rooms may share one only word for word."""
    merged: dict[str, dict[str, Any]] = {}
    for path in sorted(PACKAGE.rglob("references.json")):
        for item in json.loads(path.read_text(encoding="utf-8")):
            key = item["id"]
            if key in merged and merged[key] != item:
                raise DataError(f"reference {key!r} in {path.parent.name} differs from another room's.")
            merged[key] = item
    return merged
