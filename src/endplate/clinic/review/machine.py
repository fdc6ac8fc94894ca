"""A review as JSON values, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from endplate.clinic.result import Result
from endplate.clinic.review.review import INTENDED_USE, Review
from endplate.foundation.errors import FileFormatError

FORMAT: Final = "endplate clinic review 1"


def as_json(review: Review) -> dict[str, Any]:
    """Return a review as JSON values: every fact, every line, nothing rounded.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> from endplate.clinic.review import Settings, review_of
    >>> as_json(review_of(example("antibody-only"), Settings(on=date(2026, 11, 21))))["on"]
    '2026-11-21'
    """
    return {
        "format": FORMAT,
        "intended_use": INTENDED_USE,
        "version": review.version,
        "label": review.record.label,
        "is_synthetic": review.record.is_synthetic,
        "is_simulated": review.is_simulated,
        "on": review.settings.on.isoformat(),
        "pack": review.settings.pack,
        "provenance": dict(review.record.provenance),
        "facts": {name: plain(asdict(fact)) for name, fact in review.record.facts.items()},
        "medicines": [plain(asdict(one)) for one in review.record.medicines],
        "studies": [{name: plain(asdict(fact)) for name, fact in row.items()} for row in review.record.studies],
        "scans": [{name: plain(asdict(fact)) for name, fact in row.items()} for row in review.record.scans],
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "question": section.question,
                "results": [result_as_json(result) for result in section.results],
            }
            for section in review.sections
        ],
        "missing": [{"fact": name, "asked_by": asks} for name, asks in review.missing()],
    }


def result_as_json(result: Result) -> dict[str, Any]:
    """Return one result as JSON values."""
    found: dict[str, Any] = plain(
        {name: getattr(result, name) for name in Result.__dataclass_fields__ if name not in ("inputs", "values")}
    )
    found["inputs"] = [asdict(one) for one in result.inputs]
    found["values"] = plain(result.values)
    return found


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: exact numbers as text, dates in ISO.

    Examples
    --------
    >>> plain({"dose": Decimal("2.50"), "on": date(2026, 1, 31), "items": (1, None)})
    {'dose': '2.50', 'on': '2026-01-31', 'items': [1, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    if isinstance(value, (Decimal, Fraction)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


@dataclass(frozen=True, slots=True)
class Change:
    """One line that differs between two reviews; `before` or `after` is empty where it was not there."""

    what: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return what changed between two reviews of one person, facts first, then lines.

    Parameters
    ----------
    before, after
        From :func:`as_json`.

    Raises
    ------
    FileFormatError
        If one of them is no review.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> from endplate.clinic.review import Settings, review_of
    >>> one = as_json(review_of(example("antibody-only"), Settings(on=date(2026, 11, 21))))
    >>> differences(one, one)
    ()
    """
    for one in (before, after):
        if not isinstance(one, Mapping) or one.get("format") != FORMAT:
            raise FileFormatError(f"this is no review: its format is not {FORMAT!r}. Give a review.json of ours.")
    pairs = ((_facts, "fact"), (_lines, "line"))
    changes = []
    for read, kind in pairs:
        old, new = read(before), read(after)
        for name in dict.fromkeys([*old, *new]):
            was, is_now = old.get(name, ""), new.get(name, "")
            if was != is_now:
                changes.append(Change(f"{kind}: {name}", was, is_now))
    return tuple(changes)


def _facts(review: Mapping[str, Any]) -> dict[str, str]:
    found = {name: str(fact["value"]) for name, fact in review["facts"].items()}
    for kind in ("medicines", "studies", "scans"):
        for number, row in enumerate(review[kind], start=1):
            for name, one in row.items():
                value = one["value"] if isinstance(one, Mapping) else one
                if value not in (None, ""):
                    found[f"{kind} {number}, {name}"] = str(value)
    return found


def _lines(review: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"{result['rule']} ({result['title']})": f"{result['verdict']}: {result['statement']}"
        for section in review["sections"]
        for result in section["results"]
    }
