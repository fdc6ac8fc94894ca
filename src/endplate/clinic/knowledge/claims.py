"""Claims: every statement of the clinic, one TOML file for each section, read once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from endplate.clinic.knowledge.claim import Claim, parse_claim
from endplate.clinic.knowledge.rows import rows
from endplate.clinic.knowledge.tables import parse_tables, read_tables
from endplate.foundation.errors import DataError, UnknownNameError

FOLDER: Final = Path(__file__).with_name("statements")


def parse_claims(text: str, *, section: str) -> dict[str, Claim]:
    """Read the claims of one TOML text; each table is one claim.

    Raises
    ------
    DataError
        If one of them could not be trusted by a reader.

    Examples
    --------
    >>> parse_claims("[M999]", section="draft")
    Traceback (most recent call last):
    endplate.foundation.errors.DataError: claim M999 in draft: no source; name one, or leave the statement out.
    """
    return _parsed(parse_tables(text, section), section)


def _parsed(tables: Mapping[str, Any], section: str) -> dict[str, Claim]:
    return {name: parse_claim(name, table, section=section) for name, table in tables.items()}


def read_claims(folder: Path) -> dict[str, Claim]:
    """Return the claims of every TOML file of a folder, in the order of their ids.

    Raises
    ------
    DataError
        If a claim stands in two files, or could not be trusted by a reader.
    """
    found: dict[str, Claim] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, claim in _parsed(read_tables(path), path.stem).items():
            if name in found:
                raise DataError(f"claim {name} stands in {found[name].section} and in {path.stem}; keep one.")
            found[name] = claim
    return dict(sorted(found.items()))


@functools.cache
def claims() -> Mapping[str, Claim]:
    """Return every claim by its id.

    Examples
    --------
    >>> claims()["M109"].stance
    'refuted'
    """
    return read_claims(FOLDER)


def find_claim(name: str) -> Claim:
    """Return one claim by its id, in capitals or not.

    Raises
    ------
    UnknownNameError
        If there is none, with what the id is instead.

    Examples
    --------
    >>> find_claim("M135")
    Traceback (most recent call last):
    endplate.foundation.errors.UnknownNameError: no claim 'M135': that row is no statement. See: endplate claims list
    """
    known = claims()
    wanted = name.strip().upper()
    if wanted in known:
        return known[wanted]
    meant = wanted.replace("O", "0")
    if meant in rows():
        hint = ": that row is no statement." if meant not in known else f"; did you mean {meant}?"
    else:
        hint = f"; ids go from {min(known)} to {max(known)}."
    raise UnknownNameError(f"no claim {name!r}{hint} See: endplate claims list")
