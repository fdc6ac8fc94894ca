"""Alerts: the few lines to read first, the loudest first, each said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from endplate.clinic.result import Result, Severity
from endplate.clinic.review.review import Review

LOUDNESS: Final[tuple[Severity, ...]] = ("critical", "warning", "caution", "info")


@dataclass(frozen=True, slots=True)
class Alert:
    """One line to read first, and the result where its basis stands."""

    severity: Severity
    words: str
    result: Result


def alerts(review: Review) -> tuple[Alert, ...]:
    """Return what is critical or a warning, the loudest first, each said once.

    The anaesthesia plan is for an operation: where none is planned it raises nothing here. A dose that
    nobody takes yet raises nothing while questions about it are open; a contraindication always does.
    An option that something speaks against is said by what speaks against it.
    Protocols that are overdue on the same day are one line.
    """
    found: list[Alert] = []
    for section in review.sections:
        loud = [result for result in section.results if result.severity in ("critical", "warning")]
        if section.id == "surveillance":
            found += of_protocols(loud)
        elif section.id == "anaesthesia":
            if loud and review.record.known("surgery_planned") == "yes":
                found.append(Alert("critical", "An operation is planned: read the anaesthesia plan.", loud[0]))
        elif section.id == "medicines":
            found += of_medicines(loud)
        else:
            asked = [result for result in loud if not _is_only_weighed(result, review)]
            found += [Alert(result.severity, _marked(result), result) for result in asked]
    return tuple(sorted(found, key=lambda alert: LOUDNESS.index(alert.severity)))


def _is_only_weighed(result: Result, review: Review) -> bool:
    """Whether a line says only what not to choose, or a dose that nobody takes has only open questions."""
    if "option" in result.values:
        return not result.verdict.startswith(("consider", "later"))
    if result.rule != "amifampridine-dose" or result.severity == "critical":
        return False
    taken = {one.name.lower() for one in review.record.medicines if one.status != "stopped"}
    substances = {str(one.values.get("substance")) for one in review.results if one.rule == "medicine-hazard"}
    return "amifampridine" not in taken | substances


def _marked(result: Result) -> str:
    """Return the sentence of a result; one that no source stands behind says so."""
    mark = {"published": "", "unverified": "unverified", "proposal": "our proposal"}[result.support]
    return result.statement if mark in result.statement else f"{result.statement} ({mark})"


def of_medicines(loud: Sequence[Result]) -> list[Alert]:
    """Say each rule once, with the medicines that fall under it."""
    grouped: dict[tuple[str, str], list[Result]] = {}
    for result in loud:
        is_pair = result.values.get("kind") == "interaction"
        grouped.setdefault((result.title if is_pair else "", result.verdict), []).append(result)
    made = []
    for (pair, verdict), same in grouped.items():
        names = "; ".join(_medicine(result) for result in same)
        said = f"{pair}, {_meaning(same[0], verdict)}" if pair else _meaning(same[0], verdict)
        made.append(Alert(same[0].severity, f"{said[:1].upper()}{said[1:]}: {names}.", same[0]))
    return made


def _meaning(result: Result, verdict: str) -> str:
    """Return a grade in words; a verdict that is words already stays."""
    meaning = {"A": "A, avoid", "B": "B, specialist decision and monitoring", "C": "C, caution"}.get(verdict, verdict)
    if verdict == "unknown":
        return "not in our list, and unknown is not safe"
    label = result.statement.partition(" label:")[0] if " label:" in result.statement else ""
    return f"{meaning} ({label} label)" if label else meaning


def _medicine(result: Result) -> str:
    mark = {"published": "", "unverified": " (unverified)", "proposal": " (our proposal)"}[result.support]
    if result.values.get("kind") == "unknown":
        near = result.values.get("near")
        mark = f" (did you mean {near}?)" if near else ""
    names = result.values.get("medicines") or [result.values.get("medicine") or result.title]
    return " and ".join(names) + mark


def of_protocols(loud: Sequence[Result]) -> list[Alert]:
    """Say once what several protocols date alike."""
    grouped: dict[tuple[str, str], list[Result]] = {}
    for result in loud:
        steps = [step["due"] for step in result.values.get("steps", ()) if step["status"] == result.verdict]
        grouped.setdefault((result.verdict, steps[0] if steps else ""), []).append(result)
    made = []
    for (verdict, day), same in grouped.items():
        if not day:
            made.append(Alert(same[0].severity, same[0].statement, same[0]))
            continue
        unverified = sum(result.support == "unverified" for result in same)
        count = f"{len(same)} protocol{'s' if len(same) > 1 else ''}" + (
            f", {unverified} unverified" * bool(unverified)
        )
        words = f"Scan for a tumour {verdict}: {day}, by {count}."
        made.append(Alert(same[0].severity, words, same[0]))
    return made
