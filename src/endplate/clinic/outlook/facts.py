"""Outlook: figures of cohorts as data, about groups and never about one person; sensitive ones only when asked for."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from endplate.clinic.heads import Head, head_of, known_sources, read_tables
from endplate.clinic.logic import any_of
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Result
from endplate.foundation.errors import DataError
from endplate.foundation.parameters import CHECKED
from endplate.foundation.records.clinical import Record

Group = Literal["without-tumour", "with-sclc", "all"]
GROUPS: Final = ("without-tumour", "with-sclc", "all")
WITHHELD: Final = "A figure on survival or tumour risk is withheld; it is shown to a reader who asks for it."
_FILE: Final = Path(__file__).with_name("facts.toml")
_NEEDED: Final = {"group", "text", "cohort", "n", "year", "source", "checked", "sensitive", "rows"}
_TITLES: Final = {
    "without-tumour": "Outlook without a tumour",
    "with-sclc": "Outlook with small-cell lung cancer",
    "all": "Outlook in LEMS",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What one cohort found; `n` is text, because a source may not give it."""

    id: str
    group: Group
    text: str
    cohort: str
    n: str
    year: int
    source: str
    checked: str
    is_sensitive: bool
    rows: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The figure with its cohort, n and year.

        Examples
        --------
        >>> figures()[0].shown
        'Survival was that of the general population (Dutch, LEMS without tumour; n = 65; 2020).'
        """
        return f"{self.text} ({self.cohort}; n = {self.n}; {self.year})."


def _figure(name: str, table: Mapping[str, Any], known: frozenset[str]) -> Figure:
    where = f"{_FILE.name}: {name}"
    if set(table) != _NEEDED or table["group"] not in GROUPS or table["checked"] not in CHECKED:
        raise DataError(f"{where}: a figure has {', '.join(sorted(_NEEDED))}; group is one of {', '.join(GROUPS)}.")
    if table["source"] not in known:
        raise DataError(f"{where}: no reference {table['source']!r}.")
    return Figure(
        name, table["group"], table["text"], table["cohort"], str(table["n"]), table["year"], table["source"],
        table["checked"], table["sensitive"], tuple(table["rows"]),
    )  # fmt: skip


@functools.cache
def _tables() -> tuple[Head, tuple[Figure, ...]]:
    tables, known = read_tables(_FILE), known_sources(_FILE)
    head = head_of("outlook", tables["head"], known=known, where=_FILE.name)
    return head, tuple(_figure(name, one, known) for name, one in tables["facts"].items())


def figures() -> tuple[Figure, ...]:
    """Return every figure, in the order of print."""
    return _tables()[1]


def outlook_results(record: Record, *, sensitive: bool = False) -> tuple[Result, ...]:
    """Return the figures of the groups that this person may belong to.

    A known small-cell lung cancer leaves out the group without tumour. As long as none is known, both
    groups are shown: a tumour that was not found yet is not excluded.

    Parameters
    ----------
    sensitive
        Whether the reader asked for figures on survival and tumour risk.

    Examples
    --------
    >>> results = outlook_results(Record())
    >>> [result.verdict for result in results if result.values["group"] == "with-sclc"]
    ['withheld']
    """
    tumour = any_of([record.known("sclc"), record.known("lung_cancer")])
    groups = ("all", "with-sclc") if record.known("sclc") == "yes" else GROUPS
    because = {
        "yes": "A lung tumour is on record.",
        "no": "No lung tumour is on record; surveillance goes on, so both groups are shown.",
        "unknown": "Whether there is a tumour is not known, so both groups are shown.",
    }[tumour]
    return tuple(
        _result(record, one, because=because, is_shown=sensitive or not one.is_sensitive)
        for one in figures()
        if one.group in groups
    )


def _result(record: Record, one: Figure, *, because: str, is_shown: bool) -> Result:
    head = _tables()[0]
    result = head.result(
        verdict="shown" if is_shown else "withheld",
        statement=one.shown if is_shown else WITHHELD,
        title=_TITLES[one.group],
        because=(because,),
        inputs=inputs_of(record, "sclc", "lung_cancer"),
        missing=("sclc",) if record.known("sclc") == "unknown" else (),
        sources=(one.source,),
        rows=one.rows,
        values={
            "id": one.id, "group": one.group, "sensitive": one.is_sensitive,
            "cohort": one.cohort, "n": one.n, "year": one.year, "checked": one.checked,
        },
    )  # fmt: skip
    return replace(result, rule=f"outlook.{one.id}")
