"""Protocols: the five published schedules as data, each with its own steps and its own words on stopping."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from endplate.clinic.heads import Head, check_keys, head_of, known_sources, read_tables
from endplate.foundation.errors import DataError, unknown_name

Window = tuple[int, int]  # months after the first negative scan: not before, not after
_FILE: Final = Path(__file__).with_name("protocols.toml")
_OWN: Final = ("initial", "scan", "stop", "tracks", "adds_pet")
_NOTES: Final = ("after-imaging", "yield")
_TRACK: Final = {"steps", "continued", "scores", "young_never_smoker_hla", "note"}


@dataclass(frozen=True, slots=True)
class Track:
    """One branch of a protocol: its windows, and how it goes on where its early stop is not allowed."""

    windows: tuple[Window, ...]
    continued: tuple[Window, ...]
    scores: Window | None
    is_for_young_never_smokers: bool
    note: str

    @property
    def stops_early(self) -> bool:
        """Whether this branch ends before 2 years."""
        return bool(self.continued)


@dataclass(frozen=True, slots=True)
class Protocol:
    """One published protocol; `adds_pet` where its first screening adds FDG-PET to a negative CT."""

    head: Head
    initial: str
    scan: str
    stop: str
    tracks: tuple[Track, ...]
    adds_pet: bool

    @property
    def name(self) -> str:
        """The id, as on the command line."""
        return self.head.id


def _windows(rows: list[list[int]], where: str) -> tuple[Window, ...]:
    windows = tuple((first, last) for first, last in rows)
    if any(first > last or first <= 0 for first, last in windows) or list(windows) != sorted(windows):
        raise DataError(f"{where}: windows are [from, by] in months after the first scan, in order; got {rows}.")
    return windows


def _track(table: Mapping[str, Any], where: str) -> Track:
    if set(table) - _TRACK:
        raise DataError(f"{where}: unknown key {sorted(set(table) - _TRACK)}.")
    scores = table.get("scores")
    return Track(
        _windows(table["steps"], where),
        _windows(table.get("continued", []), where),
        (scores[0], scores[1]) if scores else None,
        bool(table.get("young_never_smoker_hla", False)),
        str(table.get("note", "")),
    )


@functools.cache
def _tables() -> tuple[dict[str, Protocol], tuple[tuple[Head, str], ...]]:
    tables, known = read_tables(_FILE), known_sources(_FILE)
    notes = []
    for name in _NOTES:
        table = tables.pop(name)
        statement = str(table.pop("statement"))
        notes.append((head_of(name, table, known=known, where=_FILE.name), statement))
    protocols = {}
    for name, table in tables.items():
        where = f"{_FILE.name}: {name}"
        check_keys(table, _OWN, where)
        protocols[name] = Protocol(
            head_of(name, table, known=known, where=_FILE.name), table["initial"], table["scan"], table["stop"],
            tuple(_track(track, where) for track in table["tracks"]), bool(table.get("adds_pet", False)),
        )  # fmt: skip
    return protocols, tuple(notes)


def protocols() -> dict[str, Protocol]:
    """Return every protocol by its name.

    Examples
    --------
    >>> list(protocols())
    ['efns-2011', 'deltap-authors', 'titulaer-2008', 'pns-care-2021', 'bmj-bp']
    """
    return dict(_tables()[0])


def protocol(name: str) -> Protocol:
    """Return one protocol.

    Raises
    ------
    UnknownNameError
        With the nearest name.
    """
    known = _tables()[0]
    if name not in known:
        raise unknown_name("protocol", name, known)
    return known[name]


def notes() -> tuple[tuple[Head, str], ...]:
    """Return what counts beside every protocol: after a suspicious image, and what scans found; with who says so."""
    return _tables()[1]
