"""Checklist: the items of anaesthesia in LEMS that apply to one record, in the order of the day."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from endplate.clinic.conditions import Condition, Situation, holds, parse_condition
from endplate.clinic.heads import SUPPORTS, known_sources, read_tables
from endplate.clinic.medicines.check import recognised_medicines, situation_of
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Result, Severity, Support
from endplate.clinic.reviewing import review_limits
from endplate.foundation.errors import DataError
from endplate.foundation.parameters import CHECKED
from endplate.foundation.records.clinical import Record

PHASES: Final = ("before", "induction", "maintenance", "after")
VERSION: Final = "2026-11-21"
_FILE: Final = Path(__file__).with_name("checklist.toml")
_NEEDED: Final = (
    "phase", "text", "why", "evidence", "severity", "sources", "where", "checked", "support", "rows",
)  # fmt: skip
_SEVERITIES: Final = ("info", "caution", "warning", "critical")
_LIMIT: Final = "A list of points for the team, from few and weak sources; no fraction of a usual dose is given."
_UNVERIFIED: Final = "Unverified: general knowledge that a person must still check."


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the list."""

    id: str
    phase: str
    text: str
    why: str
    evidence: str
    severity: Severity
    sources: tuple[str, ...]
    where: str
    support: Support
    rows: tuple[str, ...]
    reads: tuple[str, ...]
    when: Condition | None
    reviewers: tuple[str, ...]


@functools.cache
def items() -> tuple[Item, ...]:
    """Return every item, in order.

    Raises
    ------
    DataError
        If one breaks its form, names an unknown source, or is published without a source.

    Examples
    --------
    >>> items()[0].id
    'alert'
    """
    known = known_sources(_FILE)
    found = []
    for name, table in read_tables(_FILE).items():
        here = f"{_FILE.name}: {name!r}"
        missing = [key for key in _NEEDED if key not in table]
        extra = sorted(set(table) - {*_NEEDED, "when", "reads", "reviewers"})
        if missing or extra:
            raise DataError(
                f"{here}: missing {', '.join(missing) or 'nothing'}; unknown {', '.join(extra) or 'nothing'}."
            )
        words = (("phase", PHASES), ("severity", _SEVERITIES), ("support", SUPPORTS), ("checked", CHECKED))
        wrong = [key for key, allowed in words if table[key] not in allowed]
        sources = tuple(table["sources"])
        if wrong or not set(sources) <= known or (table["support"] == "published" and not sources):
            raise DataError(f"{here}: {', '.join(wrong) or 'sources'} is not one of its words.")
        when = parse_condition(table["when"], where=here) if "when" in table else None
        found.append(
            Item(
                name, table["phase"], table["text"], table["why"], table["evidence"], table["severity"], sources,
                table["where"], table["support"], tuple(table["rows"]), tuple(table.get("reads", ())), when,
                tuple(table.get("reviewers", ())),
            )
        )  # fmt: skip
    if [one.phase for one in found] != sorted((one.phase for one in found), key=PHASES.index):
        raise DataError(f"{_FILE.name}: items do not stand in the order of the phases {', '.join(PHASES)}.")
    return tuple(found)


def anaesthesia_checklist(record: Record) -> tuple[Result, ...]:
    """Return the items that apply to one record; an item whose condition is unknown stays, and says so.

    Parameters
    ----------
    record
        Medicines, breathing, bulbar and autonomic facts decide which items apply.

    Returns
    -------
    tuple of Result
        In the order of the day. Verdict "applies" or "cannot tell"; ``values`` hold the phase, the text, the reason
        and the facts that the item asks for.

    Examples
    --------
    >>> from endplate.foundation.records.clinical import Medicine
    >>> said = anaesthesia_checklist(Record(medicines=(Medicine("Firdapse"),)))
    >>> [one.verdict for one in said if one.rule == "anaesthesia-amifampridine-timing"]
    ['applies']
    """
    situation = situation_of(record, recognised_medicines(record))
    answers = [(one, "yes" if one.when is None else holds(one.when, situation)) for one in items()]
    return tuple(_result(one, answer, situation) for one, answer in answers if answer != "no")


def _result(item: Item, answer: str, situation: Situation) -> Result:
    asked = (*item.reads, *(item.when.facts() if item.when is not None else ()))
    facts = tuple(name for name in dict.fromkeys(asked) if name != "medicines")
    unknown = tuple(name for name in facts if _is_unknown(name, situation.record))
    if answer == "unknown" and "medicines" in asked:
        unknown = (*unknown, "medicines")
    is_open = answer == "unknown"
    statement = f"If it applies (cannot tell): {item.text}." if is_open else f"{item.text}."
    limits = (_LIMIT, *((_UNVERIFIED,) if item.support == "unverified" else ()))
    safety_class: Literal["A", "B"] = "A" if item.severity == "critical" else "B"
    return Result(
        rule=f"anaesthesia-{item.id}", version=VERSION, title=f"Anaesthesia, {item.phase}: {item.id.replace('-', ' ')}",
        verdict="cannot tell" if is_open else "applies", statement=statement,
        because=(item.why, f"evidence: {item.evidence} ({item.where})"), inputs=inputs_of(situation.record, *facts),
        missing=unknown, sources=item.sources, support=item.support, rows=item.rows,
        limits=(*limits, *review_limits(item.reviewers, safety_class)), reviewers=item.reviewers,
        severity=item.severity, safety_class=safety_class,
        values={
            "phase": item.phase, "item": item.id, "text": item.text, "why": item.why, "evidence": item.evidence,
            "is_conditional": item.when is not None,
        },
    )  # fmt: skip


def _is_unknown(name: str, record: Record) -> bool:
    fact = record.facts.get(name)
    return fact is None or not fact.is_confirmed or fact.value is None
