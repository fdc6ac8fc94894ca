"""Codes: how other systems name what the clinic speaks of, with version and day of the check.

A code that looks right and is not (obsolete, or of another disease with a like name) stands in
``codes.toml`` as a trap: it is refused wherever it turns up, with the code to use instead.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from endplate.clinic.knowledge.tables import check_table, day_of, read_tables, text_of, word_of
from endplate.foundation.errors import DataError, InputError, unknown_name

_FILE: Final = Path(__file__).with_name("codes.toml")
Check = Literal["verified", "unverified"]


@dataclass(frozen=True, slots=True)
class System:
    """One terminology: its address for FHIR, its version as used here, and what its licence asks."""

    name: str
    uri: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code, such as ``ORPHA:43393``.

    `check` is "verified" where somebody looked it up in `verified_in` on `verified_on`; an
    "unverified" one is general knowledge and is never sent to another system without saying so.
    """

    id: str
    system: str
    code: str
    display: str
    subject: str
    check: Check
    verified_in: str
    verified_on: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trap:
    """A code that must not be used: why, and what to write instead."""

    id: str
    why: str
    instead: str


@functools.cache
def _tables() -> dict[str, Any]:
    return read_tables(_FILE)


@functools.cache
def systems() -> Mapping[str, System]:
    """Return the terminologies by their prefix, such as ``HP``."""
    found = {}
    for prefix, table in _tables()["systems"].items():
        here = f"{_FILE.name}: system {prefix}"
        known = check_table(table, ("name", "version"), ("uri", "licence"), here)
        found[prefix] = System(*(text_of(known, key, here) for key in ("name", "uri", "version", "licence")))
    return found


@functools.cache
def traps() -> Mapping[str, Trap]:
    """Return the codes that must not be used, by id."""
    found = {}
    for name, table in _tables()["traps"].items():
        here = f"{_FILE.name}: trap {name}"
        known = check_table(table, ("why", "instead"), (), here)
        found[name] = Trap(name, text_of(known, "why", here), text_of(known, "instead", here))
    return found


def _code(name: str, table: object) -> Code:
    here = f"{_FILE.name}: code {name}"
    known = check_table(table, ("display", "subject", "check"), ("verified_in", "verified_on", "note"), here)
    refuse_trap(name)
    system, _, code = name.partition(":")
    if system not in systems() or not code:
        raise DataError(f"{here}: {unknown_name('system', system, systems())}")
    check: Check = (
        "verified" if word_of(known, "check", ("verified", "unverified"), here) == "verified" else "unverified"
    )
    if check == "verified" and not known.get("verified_in"):
        raise DataError(f"{here}: a verified code says in what it was verified (verified_in), and when (verified_on).")
    return Code(
        id=name,
        system=system,
        code=code,
        display=text_of(known, "display", here),
        subject=text_of(known, "subject", here),
        check=check,
        verified_in=text_of(known, "verified_in", here),
        verified_on=day_of(known, "verified_on", here) if check == "verified" else None,
        note=text_of(known, "note", here),
    )


@functools.cache
def codes() -> Mapping[str, Code]:
    """Return every code by its id.

    Examples
    --------
    >>> codes()["ORPHA:43393"].display
    'Lambert-Eaton myasthenic syndrome'
    """
    return {name: _code(name, table) for name, table in _tables()["codes"].items()}


def codes_of(subject: str) -> tuple[Code, ...]:
    """Return the codes of one subject, such as ``lems``, in the order of the file.

    Raises
    ------
    UnknownNameError
        If no code is of that subject.

    Examples
    --------
    >>> [one.id for one in codes_of("small-cell lung cancer")]
    ['SCT:254632001', 'HP:0030357']
    """
    found = tuple(one for one in codes().values() if one.subject == subject)
    if not found:
        raise unknown_name("subject", subject, {one.subject for one in codes().values()})
    return found


def refuse_trap(code: str) -> None:
    """Refuse a code that is obsolete, or that belongs to another disease with a like name.

    Raises
    ------
    InputError
        If it is one of `traps`.

    Examples
    --------
    >>> refuse_trap("MONDO:0018556")
    >>> refuse_trap("MONDO:0000287")
    Traceback (most recent call last):
    endplate.foundation.errors.InputError: the code MONDO:0000287 must not be used: it is the obsolete twin of the \
live entry, which a search by label also returns. Write MONDO:0018556 instead.
    """
    trap = traps().get(code)
    if trap is not None:
        raise InputError(f"the code {code} must not be used: {trap.why}. {trap.instead}")
