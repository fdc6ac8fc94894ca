"""Parameters with a unit, a spread and a source, read from one TOML file per room.

The loader refuses what a reader could not trust: a missing source, an unknown key, a value
outside its own spread. Every room keeps ``parameters.toml`` (and ``references.json``, CSL-JSON)
beside its code; a table such as ``[adm.fibres]`` is the parameter ``adm.fibres``.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from endplate.foundation.errors import DataError, unknown_name

STATUSES: Final = ("measured", "derived", "fitted", "assumed")
SPREADS: Final = ("report", "person", "muscle", "junction")
CHECKED: Final = ("paper", "abstract", "none")
_REQUIRED: Final = ("value", "unit", "low", "high", "spread", "status", "checked")
_NUMBERS: Final = ("value", "low", "high")
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


def _check_kinds(where: str, table: dict[str, Any]) -> None:
    """Refuse unknown and missing keys, numbers that are none, and text that is none."""
    for key in table:
        if key not in _ALLOWED:
            raise DataError(f"{where}: {unknown_name('key', key, _ALLOWED)}")
    missing = [key for key in _REQUIRED if key not in table]
    if missing:
        raise DataError(f"{where}: missing {', '.join(missing)}.")
    for key, item in table.items():
        if key not in _NUMBERS:
            if not isinstance(item, str):
                raise DataError(f"{where}: {key} must be text, got {item!r}.")
        elif isinstance(item, bool) or not isinstance(item, (int, float)) or not math.isfinite(item):
            raise DataError(f"{where}: {key} must be a finite number, got {item!r}.")
    if not table["unit"]:
        raise DataError(f'{where}: an empty unit; a number without dimension has the unit "1".')


def _build(name: str, table: dict[str, Any], room: str) -> Parameter:
    where = f"parameter {name!r} of {room}"
    _check_kinds(where, table)
    value, low, high = (float(table[key]) for key in _NUMBERS)
    if not low <= value <= high:
        raise DataError(f"{where}: value {value:g} is outside its spread [{low:g}, {high:g}].")
    for key, choices in (("status", STATUSES), ("spread", SPREADS), ("checked", CHECKED)):
        if table[key] not in choices:
            raise DataError(f"{where}: {key} {table[key]!r} is not one of {', '.join(choices)}.")
    source, note = table.get("source", ""), table.get("note", "")
    if table["status"] == "assumed":
        if not note:
            raise DataError(f"{where}: an assumed value needs a note that says why.")
    elif not source:
        raise DataError(f"{where}: a {table['status']} value needs a source.")
    return Parameter(
        name=name,
        value=value,
        unit=table["unit"],
        low=low,
        high=high,
        spread=table["spread"],
        status=table["status"],
        source=source,
        where=table.get("where", ""),
        checked=table["checked"],
        note=note,
        room=room,
    )


def parse(text: str, room: str) -> dict[str, Parameter]:
    """Read the parameters of one TOML text; tables without ``value`` are groups.

    Raises
    ------
    DataError
        If the text is no TOML, or a parameter could not be trusted by a reader.

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
            raise DataError(
                f"parameter {parameter.name!r} of {room}: source {parameter.source!r} is in no references.json."
            )
    return found


@functools.cache
def _shipped_values(room: str) -> dict[str, float]:
    return {name: parameter.value for name, parameter in parameters_of(room).items()}


Settings = Mapping[str, Mapping[str, float]]  # room -> name -> value
_overrides: ContextVar[Settings] = ContextVar("parameter_overrides", default=MappingProxyType({}))


@contextmanager
def overridden(settings: Settings) -> Iterator[None]:
    """Let `values_of` answer with other numbers inside the block: for calibration and sensitivity only.

    Blocks may stand inside each other; the inner one wins, name by name.

    Raises
    ------
    UnknownNameError
        If a room has no parameter of that name.

    Examples
    --------
    >>> with overridden({"body/terminal": {"tau_docking_ms": 4000.0}}):
    ...     values_of("body/terminal")["tau_docking_ms"]
    4000.0
    """
    for room, values in settings.items():
        for name in values:
            if name not in parameters_of(room):
                raise unknown_name(f"parameter of {room}", name, parameters_of(room))
    outer = _overrides.get()
    token = _overrides.set({**outer, **{room: {**outer.get(room, {}), **inner} for room, inner in settings.items()}})
    try:
        yield
    finally:
        _overrides.reset(token)


def values_of(room: str) -> dict[str, float]:
    """Return name -> value for one room."""
    return {**_shipped_values(room), **_overrides.get().get(room, {})}


@functools.cache
def rooms() -> tuple[str, ...]:
    """Return every room that has parameters, in reading order."""
    return tuple(sorted(str(p.parent.relative_to(PACKAGE).as_posix()) for p in PACKAGE.rglob("parameters.toml")))


def fingerprint() -> str:
    """Return a short hash of every parameter value in force, for the foot of a page.

    Examples
    --------
    >>> len(fingerprint())
    12
    """
    text = json.dumps({room: values_of(room) for room in rooms()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@functools.cache
def references() -> dict[str, dict[str, Any]]:
    """Return every reference of the model and the instruments by its key; rooms may share one only word for word.

    The clinic keeps its own (`endplate.clinic.knowledge.references`), so that a simulation never waits for them.
    """
    merged: dict[str, tuple[dict[str, Any], str]] = {}
    for path in sorted(PACKAGE.rglob("references.json")):
        if path.relative_to(PACKAGE).parts[0] != "clinic":
            merge_references(merged, path)
    return {key: item for key, (item, _) in merged.items()}


def merge_references(merged: dict[str, tuple[dict[str, Any], str]], path: Path) -> None:
    """Add the references of one CSL-JSON file to those that are known, each with the room it is from.

    Raises
    ------
    DataError
        If the file is no list of references with an ``id`` each, or tells of one otherwise than another room.
    """
    room = path.parent.name
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"references.json of {room}: not valid JSON: {error}.") from error
    for item in items:
        if not isinstance(item, dict) or not item.get("id"):
            raise DataError(f"references.json of {room}: an entry has no id.")
        key = item["id"]
        known, where = merged.setdefault(key, (item, room))
        if known != item:
            differing = sorted(part for part in {*known, *item} if known.get(part) != item.get(part))
            raise DataError(f"reference {key!r} differs between {where} and {room} in: {', '.join(differing)}.")
