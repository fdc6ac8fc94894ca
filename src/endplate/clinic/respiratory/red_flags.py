"""Red flags as data: plain words for patients, a clinician's for clinicians, and which a record answers."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from endplate.clinic.conditions import Condition, Situation, holds, parse_condition
from endplate.clinic.heads import Head, head_of, known_sources, read_tables
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Result
from endplate.foundation.errors import DataError
from endplate.foundation.records.clinical import Known, Record

Audience = Literal["patient", "clinician"]
Level = Literal["emergency", "urgent", "note"]
_FILE: Final = Path(__file__).with_name("red_flags.toml")
_KEYS: Final = {"level", "text", "when", "rows", "unverified"}


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One line. `condition` is None where no fact of a record could answer it: then it is for reading only."""

    id: str
    audience: Audience
    level: Level
    text: str
    condition: Condition | None
    rows: tuple[str, ...]
    is_unverified: bool

    def present(self, record: Record) -> Known:
        """Return whether a record shows it; unknown where it is for reading only."""
        return "unknown" if self.condition is None else holds(self.condition, Situation(record))


@functools.cache
def _tables() -> tuple[Head, dict[str, str], tuple[RedFlag, ...]]:
    tables = read_tables(_FILE)
    head = head_of("red-flags", tables["head"], known=known_sources(_FILE), where=_FILE.name)
    actions = {level: str(tables[level]["action"]) for level in ("emergency", "urgent")}
    flags = [
        _flag(name, audience, table)
        for audience in ("patient", "clinician")
        for name, table in tables[audience].items()
    ]
    return head, actions, tuple(flags)


def _flag(name: str, audience: Audience, table: Mapping[str, Any]) -> RedFlag:
    where = f"{_FILE.name}: {audience}.{name}"
    if set(table) - _KEYS or "text" not in table or not table.get("rows"):
        raise DataError(f"{where}: a red flag has text, rows and perhaps {', '.join(sorted(_KEYS))}.")
    condition = parse_condition(table["when"], where=where) if "when" in table else None
    return RedFlag(
        name, audience, table.get("level", "note"), table["text"], condition, tuple(table["rows"]),
        bool(table.get("unverified", False)),
    )  # fmt: skip


def red_flags(audience: Audience) -> tuple[RedFlag, ...]:
    """Return every line for one audience, in the order of print.

    Examples
    --------
    >>> red_flags("patient")[0].id
    'breathing'
    """
    return tuple(flag for flag in _tables()[2] if flag.audience == audience)


def action(level: Level) -> str:
    """Return what a patient is told to do at one level."""
    return _tables()[1].get(level, "")


def red_flag_results(record: Record, *, audience: Audience = "clinician") -> tuple[Result, ...]:
    """Return each line with what the record says of it: present, absent, cannot tell, or for reading."""
    return tuple(_result(record, flag) for flag in red_flags(audience))


def _result(record: Record, flag: RedFlag) -> Result:
    present = flag.present(record)
    inputs = inputs_of(record, *(flag.condition.facts() if flag.condition is not None else ()))
    verdict = {"yes": "present", "no": "absent", "unknown": "cannot tell"}[present] if flag.condition else "for reading"
    severity = "info" if present != "yes" else "critical" if flag.level != "urgent" else "warning"
    head = _tables()[0]
    more = f" {action(flag.level)}" if flag.audience == "patient" else ""
    return head.result(
        verdict=verdict,
        statement=flag.text + more,
        title=f"Red flag: {flag.id.replace('-', ' ').replace('lems', 'LEMS')}",
        because=tuple(f"{one.name}: {one.shown}" for one in inputs),
        inputs=inputs,
        missing=tuple(one.name for one in inputs if one.shown.startswith("unknown")) if present == "unknown" else (),
        rows=flag.rows,
        severity=severity,
        support="unverified" if flag.is_unverified else head.support,
        values={"id": flag.id, "audience": flag.audience, "level": flag.level},
    )
