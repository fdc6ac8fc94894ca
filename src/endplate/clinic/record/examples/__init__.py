"""Examples: invented, plausible forms of persons who do not exist; each says that it is synthetic."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from endplate.clinic.record.reader import read_record
from endplate.foundation.errors import unknown_name
from endplate.foundation.records.clinical import Record

DAY: Final = date(2026, 6, 1)  # the day on which the examples are read; none of them holds a later date


def examples() -> dict[str, Path]:
    """Return the files of the examples by their names.

    Examples
    --------
    >>> "mg-that-is-lems" in examples()
    True
    """
    return {file.stem: file for file in sorted(Path(__file__).parent.glob("*.toml"))}


def example(name: str) -> Record:
    """Read one example.

    Raises
    ------
    UnknownNameError
        With the nearest name, if there is no such example.

    Examples
    --------
    >>> example("mg-that-is-lems").is_synthetic
    True
    """
    known = examples()
    if name not in known:
        raise unknown_name("example", name, known)
    return read_record(known[name], today=DAY)
