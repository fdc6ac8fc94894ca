"""Writer: an empty form with comments, a record as a form, and the form's JSON Schema."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from endplate.clinic.record.reader import LISTS, MEDICINE_KEYS, MEDICINE_STATUSES
from endplate.clinic.record.values import LONGEST_TEXT
from endplate.clinic.record.vocabulary import SCAN, STUDY, Entry, groups
from endplate.foundation.records.clinical import Fact, Medicine, Record

_WIDTH: Final = 118
_TITLES: Final = {
    "person": "The person", "onset": "Onset and course", "clinical": "Complaints and signs",
    "tumour": "Tumour and its risks", "serology": "Antibodies",
    "exclusions": "Other causes, considered (no = ruled out)", "measures": "Measurements",
    "history": "History and treatment", STUDY: "One electrodiagnostic study of one muscle",
    SCAN: "One scan for a tumour",
}  # fmt: skip
_HEAD: Final = """\
# The facts of one person, for: endplate clinic review THIS-FILE
# Replace "unknown" by what is known; what stays unknown is never read as no. Yes-no facts: "yes" or "no".
# A fact can carry its day and its source: weight_kg = { value = 72, on = 2026-01-10, source = "letter" }
# Days are written 2026-01-10; numbers with a point and without their unit. No name, no number of the person is needed.
"""
_MEDICINES: Final = """\
# Medicines: one block for each, without the leading #.
#[[medicines]]
#name = "pyridostigmine"
#status = "taken"            # taken, proposed or stopped
#daily_dose_mg = 180         # mg a day, never mg per kg; may be left out
#doses_per_day = 3
#indication = "weakness"       # what it is given for, where that matters
"""


def write_form() -> str:
    """Return an empty form: every fact as unknown, with its unit, its limits and what it means.

    Examples
    --------
    >>> from endplate.clinic.record import read_record
    >>> read_record(write_form()).facts
    {}
    """
    parts = [_HEAD + 'label = ""\nsynthetic = false\n']
    for group, entries in groups().items():
        if group in (STUDY, SCAN):
            continue
        lines = [f"\n# {_TITLES[group]}", f"[{group}]"]
        lines += [f'{_comment(one)}{name} = "unknown"' for name, one in entries.items()]
        parts.append("\n".join(lines) + "\n")
    parts.append("\n" + _MEDICINES)
    for key, group in (("studies", STUDY), ("scans", SCAN)):
        lines = [f"\n# {_TITLES[group]}: one block for each, without the leading #.", f"#[[{key}]]"]
        lines += [f'{_comment(one)}#{name} = "unknown"' for name, one in groups()[group].items()]
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def _comment(one: Entry) -> str:
    allowed = {
        "number": f"{one.unit}, {one.low} to {one.high}",
        "choice": " | ".join(one.choices),
        "date": "year-month-day",
        "text": "text",
        "yes-no": "yes | no",
    }[one.kind]
    words = f"{one.label} ({allowed})." + (f" {one.help}" if one.help else "")
    return "".join(f"# {line}\n" for line in textwrap.wrap(words, _WIDTH))


def write_record(record: Record) -> str:
    """Return a record as a TOML form that reads back to the same facts.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> print(write_record(record_of({"label": "synthetic", "dry_mouth": "yes"})))
    label = "synthetic"
    synthetic = false
    <BLANKLINE>
    [clinical]
    dry_mouth = "yes"
    <BLANKLINE>
    """
    lines = [f"label = {_toml(record.label)}", f"synthetic = {_toml(record.is_synthetic)}"]
    for group, entries in groups().items():
        named = [record.facts[name] for name in entries if name in record.facts]
        if named:
            lines += ["", f"[{group}]", *(_line(fact) for fact in named)]
    for one in record.medicines:
        lines += ["", "[[medicines]]", *(f"{key} = {_toml(value)}" for key, value in _medicine(one).items())]
    for key, rows in (("studies", record.studies), ("scans", record.scans)):
        for row in rows:
            lines += ["", f"[[{key}]]", *(_line(fact) for fact in row.values())]
    return "\n".join(lines) + "\n"


def _line(fact: Fact) -> str:
    more: dict[str, Any] = {
        "on": fact.on, "source": fact.source, "note": fact.note,
        "confirmed": None if fact.is_confirmed else False, "simulated": True if fact.is_simulated else None,
    }  # fmt: skip
    more = {key: value for key, value in more.items() if value not in (None, "")}
    value = "unknown" if fact.value is None else fact.value
    if not more:
        return f"{fact.name} = {_toml(value)}"
    inside = ", ".join(f"{key} = {_toml(one)}" for key, one in {"value": value, **more}.items())
    return f"{fact.name} = {{ {inside} }}"


def _medicine(one: Medicine) -> dict[str, Any]:
    return {key: value for key in MEDICINE_KEYS if (value := getattr(one, key)) not in (None, "")}


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (int, date)):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a form.

    The checks between facts are not in it: what agrees with the schema may still be refused by `read_record`.

    Examples
    --------
    >>> schema()["properties"]["clinical"]["properties"]["dry_mouth"]["title"]
    'Dry mouth'
    """
    properties: dict[str, Any] = {
        "label": {"type": "string", "maxLength": LONGEST_TEXT},
        "synthetic": {"type": "boolean"},
    }
    lists = {group: key for key, group in LISTS.items()}
    for group, entries in groups().items():
        table = _object({name: _of_entry(one) for name, one in entries.items()}, _TITLES[group])
        properties[lists.get(group, group)] = {"type": "array", "items": table} if group in lists else table
    amount = {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000}
    medicine = _object({key: {"type": "string"} for key in MEDICINE_KEYS}, "One medicine")
    medicine["properties"] |= {
        "status": {"enum": list(MEDICINE_STATUSES)}, "daily_dose_mg": amount, "single_dose_mg": amount,
        "doses_per_day": {"type": "integer", "minimum": 1, "maximum": 24},
        "since": {"type": "string", "format": "date"},
    }  # fmt: skip
    properties["medicines"] = {"type": "array", "items": medicine | {"required": ["name"]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts of one person, for endplate clinic",
        **_object(properties, ""),
    }


def _object(properties: Mapping[str, Any], title: str) -> dict[str, Any]:
    made = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    return made | ({"title": title} if title else {})


def _of_entry(one: Entry) -> dict[str, Any]:
    values: dict[str, dict[str, Any]] = {
        "yes-no": {"enum": ["yes", "no", "unknown", True, False]},
        "date": {"type": "string", "format": "date"},
        "text": {"type": "string", "maxLength": LONGEST_TEXT},
        "choice": {"enum": [*one.choices, "unknown"]},
    }
    if one.low is not None and one.high is not None:
        values["number"] = {
            "anyOf": [{"type": "number", "minimum": float(one.low), "maximum": float(one.high)}, {"type": "string"}]
        }
    value = values[one.kind]
    told = {
        "value": value, "on": {"type": "string", "format": "date"}, "source": {"type": "string"},
        "note": {"type": "string"}, "confirmed": {"type": "boolean"}, "simulated": {"type": "boolean"},
    }  # fmt: skip
    words = f"{one.unit}. {one.help}".removeprefix(". ").strip() if one.unit else one.help
    described = {"title": one.label} | ({"description": words} if words else {})
    return described | {"anyOf": [value, _object(told, "") | {"required": ["value"]}]}
