"""Rows: what the product must say and do (M001 to M194), and what embodies each of them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from endplate.clinic.knowledge.tables import check_table, read_tables, text_of, texts_of, word_of
from endplate.foundation.errors import DataError

Verdict = Literal["ok", "part", "contest", "wrong", "ui", "junk"]
VERDICTS: Final = ("ok", "part", "contest", "wrong", "ui", "junk")
STATEMENTS: Final = ("ok", "part", "contest", "wrong")  # the verdicts of rows that are statements: each has a claim
WAITS: Final = "waits for the site"
KINDS: Final = ("claim", "rule", "verb", "data", "simulator")
_FILE: Final = Path(__file__).with_name("rows.toml")


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    `verdict` is what the literature says of its statement (ok, part, contest, wrong), or that it is a
    feature of a page (ui) or a defect that a checker must find (junk). `embodied_by` names what a
    reader can look at, as ``kind:name`` (kinds: claim, rule, verb, data, simulator), or says that it
    waits for the site.
    """

    id: str
    verdict: Verdict
    title: str
    embodied_by: tuple[str, ...]

    @property
    def is_statement(self) -> bool:
        """Tell whether the row is a statement, so that a claim must stand for it."""
        return self.verdict in STATEMENTS

    @property
    def waits(self) -> bool:
        """Tell whether nothing but the site will embody it."""
        return self.embodied_by == (WAITS,)

    def named(self, kind: str) -> tuple[str, ...]:
        """Return the names of one kind that embody it.

        Examples
        --------
        >>> rows()["M058"].named("claim")
        ('M058',)
        """
        return tuple(one.partition(":")[2] for one in self.embodied_by if one.startswith(f"{kind}:"))


def _row(name: str, table: object) -> Row:
    here = f"{_FILE.name}: {name}"
    known = check_table(table, ("verdict", "title", "embodied_by"), (), here)
    embodied_by = texts_of(known, "embodied_by", here)
    for one in embodied_by:
        kind, separator, what = one.partition(":")
        if one != WAITS and (kind not in KINDS or not separator or not what):
            raise DataError(
                f"{here}: {one!r} is neither {WAITS!r} nor one of {', '.join(KINDS)} with a name after ':'."
            )
    verdict = cast(Verdict, word_of(known, "verdict", VERDICTS, here))
    return Row(name, verdict, text_of(known, "title", here), embodied_by)


@functools.cache
def rows() -> Mapping[str, Row]:
    """Return every row by its id.

    Examples
    --------
    >>> len(rows())
    194
    """
    return {name: _row(name, table) for name, table in read_tables(_FILE).items()}
