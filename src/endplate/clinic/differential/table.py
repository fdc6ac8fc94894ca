"""Table: LEMS against myasthenia gravis, finding by finding, each ratio from one source that counted both."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from endplate.clinic.electrodiagnosis import Ratio, evidence_named, increment_known
from endplate.clinic.heads import Head, check_keys, head_of, known_sources, read_tables
from endplate.clinic.logic import any_of
from endplate.clinic.reading import inputs_of
from endplate.clinic.record.derived import autonomic_signs
from endplate.clinic.result import Result
from endplate.foundation.errors import DataError
from endplate.foundation.records.clinical import Known, Record

_HEADS: Final = Path(__file__).with_name("heads.toml")
_FILE: Final = Path(__file__).with_name("discriminators.toml")
_KEYS: Final = frozenset(
    {"label", "fact", "when", "otherwise", "favours", "evidence", "lems", "mg", "source", "checked", "support", "note"}
)  # fmt: skip
_DERIVED: Final[Mapping[str, Callable[[Record], Known]]] = {
    "autonomic_signs": autonomic_signs,
    "increment_60": lambda record: increment_known(record, "increment-kohler"),
    "mg_antibody": lambda record: any_of([record.known("achr_antibody"), record.known("musk_antibody")]),
}
_OTHER: Final = {"LEMS": "MG", "MG": "LEMS"}


@dataclass(frozen=True, slots=True)
class Row:
    """One finding: what was seen, which disease it favours, and by how much where both were counted."""

    id: str
    label: str
    seen: Known
    favours: str
    ratio: Ratio | None
    lems: str
    mg: str
    source: str
    checked: str
    support: str
    note: str


@functools.cache
def heads() -> dict[str, Head]:
    """Return the heads of this room by id."""
    known, found = known_sources(_HEADS), {}
    for name, table in read_tables(_HEADS).items():
        check_keys(table, (), f"{_HEADS.name}: {name}")
        found[name] = head_of(name, table, known=known, where=_HEADS.name)
    return found


@functools.cache
def _tables() -> dict[str, dict[str, Any]]:
    tables, known = read_tables(_FILE), known_sources(_HEADS)
    for name, table in tables.items():
        if set(table) - _KEYS or ("evidence" in table) == ("source" in table):
            raise DataError(f"{_FILE.name}: {name}: unknown keys, or not exactly one of evidence and source.")
        source = evidence_named(table["evidence"]).source if "evidence" in table else table["source"]
        if source and source not in known:
            raise DataError(f"{_FILE.name}: {name}: no reference {source!r} beside it.")
    return tables


def _word(fact: str, record: Record) -> str | None:
    if fact in _DERIVED:
        answer = _DERIVED[fact](record)
        return None if answer == "unknown" else answer
    return record.word(fact)


def _row(name: str, table: Mapping[str, Any], record: Record) -> Row:
    """Answer one row; a word that is neither `when` nor `otherwise` favours nobody unless its absence was counted.

    Rows on one fact are the counted words of one finding: a word that none of them counted has no ratio.
    """
    word, when = _word(table["fact"], record), table["when"].split(" or ")
    seen: Known = "unknown" if word is None else "yes" if word in when else "no"
    counted = evidence_named(table["evidence"]) if "evidence" in table else None
    is_one_of_several = sum(other["fact"] == table["fact"] for other in _tables().values()) > 1
    is_counted = counted is not None and (seen == "yes" or (seen == "no" and not is_one_of_several))
    favours = "unknown"
    if seen == "yes":
        favours = table["favours"]
    elif seen == "no":
        is_opposite = is_counted or word == table.get("otherwise")
        favours = _OTHER[table["favours"]] if is_opposite else "neither"
    return Row(
        id=name, label=table["label"], seen=seen, favours=favours,
        ratio=counted.ratio(is_positive=seen == "yes") if counted is not None and is_counted else None,
        lems=table["lems"], mg=table["mg"],
        source=counted.source if counted is not None else table["source"],
        checked=counted.checked if counted is not None else table["checked"],
        support=table.get("support", "published"),
        note=counted.note if counted is not None else table.get("note", ""),
    )  # fmt: skip


def rows(record: Record) -> tuple[Row, ...]:
    """Return every row of the table for one record.

    A first weakness is one finding with several words: only the row of its own word carries a ratio.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> first = [row for row in rows(record_of({"first_weakness": "limbs"})) if row.seen == "yes"]
    >>> first[0].ratio.shown()
    '8.0 (95 % interval 4.7-14)'
    """
    found = [_row(name, table, record) for name, table in _tables().items()]
    said = {_tables()[row.id]["fact"] for row in found if row.seen == "yes"}
    return tuple(row for row in found if row.seen != "no" or _tables()[row.id]["fact"] not in said)


def mg_or_lems(record: Record) -> Result:
    """Lay the findings side by side; a table with its sources, not a probability.

    Returns
    -------
    Result
        "see the table" where any finding is known, else "cannot tell": it counts the findings and weighs none.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> mg_or_lems(example("seronegative-diagnostic-edx")).verdict
    'see the table'
    """
    found = rows(record)
    told = [row for row in found if row.favours in ("LEMS", "MG")]
    by_side = {side: [row.label.lower() for row in told if row.favours == side] for side in ("LEMS", "MG")}
    facts = tuple(dict.fromkeys(table["fact"] for table in _tables().values() if table["fact"] not in _DERIVED))
    return heads()["mg-or-lems"].result(
        verdict="see the table" if told else "cannot tell",
        statement=f"Findings that favour LEMS: {len(by_side['LEMS'])}; that favour MG: {len(by_side['MG'])}.",
        because=tuple(_because(row) for row in told),
        inputs=inputs_of(record, *(fact for fact in facts if fact in record.facts)),
        missing=tuple(fact for fact in facts if fact not in record.facts),
        values={"rows": [_plain(row) for row in found]},
    )


def _because(row: Row) -> str:
    ratio = f", likelihood ratio for LEMS {row.ratio.shown()}" if row.ratio is not None else ""
    unverified = "; unverified" if row.support == "unverified" else ""
    source = f" ({row.source}{unverified})" if row.source else " (unverified)"
    return f"{row.label}: {row.seen}, favours {row.favours}{ratio}{source}"


def _plain(row: Row) -> dict[str, Any]:
    ratio = None
    if row.ratio is not None:
        ratio = {"value": row.ratio.value, "low": row.ratio.low, "high": row.ratio.high, "shown": row.ratio.shown()}
    return {
        "id": row.id, "label": row.label, "seen": row.seen, "favours": row.favours, "ratio": ratio, "lems": row.lems,
        "mg": row.mg, "source": row.source, "checked": row.checked, "support": row.support, "note": row.note,
    }  # fmt: skip
