"""Cohorts: what each published cohort found at a DELTA-P score, as columns side by side, never blended."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from endplate.clinic.heads import Head, check_keys, head_of, known_sources, read_tables
from endplate.clinic.reading import plain
from endplate.foundation.errors import DataError

_FILE: Final = Path(__file__).with_name("deltap.toml")
_OWN: Final = ("cohort", "n", "year", "auc", "tobacco", "percent", "unverified", "unverified_note")
SCORES: Final = range(7)


@dataclass(frozen=True, slots=True)
class Cell:
    """The chance of a tumour at one score in one cohort, and whether a source that was read says so."""

    score: int
    percent: Decimal
    is_verified: bool
    note: str = ""

    @property
    def shown(self) -> str:
        """The cell as text; what was not verified says so.

        Examples
        --------
        >>> Cell(2, Decimal("29"), False, "not in the abstract").shown
        'about 29 % (unverified; not in the abstract)'
        """
        if self.is_verified:
            return f"{plain(self.percent)} %"
        return f"about {plain(self.percent)} % (unverified; {self.note})"


@dataclass(frozen=True, slots=True)
class Cohort:
    """One column of the table."""

    head: Head
    cohort: str
    n: int
    year: int
    auc: str
    tobacco: str
    cells: tuple[Cell, ...]


@functools.cache
def _tables() -> tuple[Head, dict[str, Cohort]]:
    tables = read_tables(_FILE)
    known = known_sources(_FILE)
    head = head_of("deltap", tables.pop("deltap"), known=known, where=_FILE.name)
    cohorts = {}
    for name, table in tables.items():
        check_keys(table, _OWN, f"{_FILE.name}: {name}")
        sure, unsure = table["percent"], table["unverified"]
        if {*sure, *unsure} != {str(score) for score in SCORES} or set(sure) & set(unsure):
            raise DataError(f"{_FILE.name}: {name}: every score from 0 to 6 needs one cell.")
        cells = tuple(
            Cell(
                score,
                Decimal(sure.get(str(score)) or unsure[str(score)]),
                str(score) in sure,
                table["unverified_note"].get(str(score), ""),
            )
            for score in SCORES
        )
        cohorts[name] = Cohort(
            head_of(name, table, known=known, where=_FILE.name),
            table["cohort"], table["n"], table["year"], table["auc"], table["tobacco"], cells,
        )  # fmt: skip
    return head, cohorts


def deltap_head() -> Head:
    """Return who says what the score is."""
    return _tables()[0]


def cohorts() -> dict[str, Cohort]:
    """Return both columns by name.

    Examples
    --------
    >>> [column.cells[3].shown for column in cohorts().values()]
    ['about 83.9 % (unverified; for 3 or more)', '55.5 %']
    """
    return dict(_tables()[1])
