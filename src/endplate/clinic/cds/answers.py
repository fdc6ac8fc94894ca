"""Answers: which rules speak in each service, and which of their results are worth an interruption."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from endplate.clinic.heads import SUPPORTS
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Record

_LOUD: Final = ("caution", "warning", "critical")
SEVERITIES: Final = ("info", "caution", "warning", "critical")  # the loudest last
_GRADES: Final = ("definite", "probable", "possible")
_MAY_APPLY: Final = ("applies", "cannot tell")
_WORDS: Final = {
    "act first": "act first", "overdue": "overdue", "due now": "due now", "cannot tell": "no dates yet",
}  # fmt: skip
_SURGERY: Final = ("387713003", "surgical procedure", "anaesth", "anesth", "operation", "surgery")


@dataclass(frozen=True, slots=True)
class Said:
    """One result that becomes a card, with the summary that suits the moment."""

    result: Result
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule is asked: the facts, the orders that are being written, the day, and whose label counts."""

    record: Record
    drafts: tuple[Mapping[str, Any], ...]
    today: date
    pack: str


def has_lems(record: Record) -> bool:
    """Return whether the person is known to have LEMS, or takes its medicine."""
    from endplate.clinic.medicines import recognise

    if record.known("lems_diagnosis") == "yes":
        return True
    found = [recognise(one).substance for one in record.medicines if one.status != "stopped"]
    return any(one is not None and one.name == "amifampridine" for one in found)


def suspect(asked: Asked) -> Iterator[Said]:
    """Yield what speaks for LEMS in somebody in whom it is not known: the audit, our grade, both antibodies."""
    if asked.record.known("lems_diagnosis") == "yes":
        return
    from endplate.clinic.diagnosis import diagnosis_results
    from endplate.clinic.differential import mg_that_may_be_lems

    audit = mg_that_may_be_lems(asked.record)
    if audit.verdict == "look again":
        yield Said(audit)
    for result in diagnosis_results(asked.record, today=asked.today):
        if (result.rule == "endplate-grade" and result.verdict in _GRADES) or result.severity in _LOUD:
            yield Said(result)


def drug_check(asked: Asked) -> Iterator[Said]:
    """Yield what endangers among the medicines of a person with LEMS."""
    if not has_lems(asked.record):
        return
    from endplate.clinic.medicines import check_medicines

    for result in check_medicines(asked.record, pack=asked.pack):
        if result.severity in _LOUD:
            yield Said(result, _of_medicine(result))


def _of_medicine(result: Result) -> str:
    """Return a summary that begins with the medicines and what is said of them."""
    mark = "" if result.support == "published" else f" ({result.support})"
    if result.values.get("medicines"):
        return f"{' + '.join(result.values['medicines'])}: {result.verdict}{mark}. {result.title}"
    return result.statement + mark


def anaesthesia(asked: Asked) -> Iterator[Said]:
    """Yield the checklist before anaesthesia of a person with LEMS."""
    if not has_lems(asked.record) or not _is_operation(asked):
        return
    from endplate.clinic.anaesthesia import PHASES, anaesthesia_checklist

    items = anaesthesia_checklist(asked.record)
    for phase in PHASES:
        of_phase = [one for one in items if one.values["phase"] == phase and one.verdict in _MAY_APPLY]
        if of_phase:
            yield Said(_together(phase, of_phase))


def _together(phase: str, items: Sequence[Result]) -> Result:
    """Return the points of one phase as one result: a card for each of twenty points would be closed unread."""
    loudest = max(items, key=lambda one: SEVERITIES.index(one.severity))
    return replace(
        items[0],
        rule=f"anaesthesia-{phase}",
        title=f"Anaesthesia in LEMS, {phase}",
        statement=f"{len(items)} points, first: {loudest.values['text']}",
        because=tuple(f"{one.statement} ({one.severity}, {one.support})" for one in items),
        inputs=tuple(dict.fromkeys(given for one in items for given in one.inputs)),
        missing=tuple(dict.fromkeys(name for one in items for name in one.missing)),
        sources=tuple(dict.fromkeys(source for one in items for source in one.sources)),
        limits=tuple(dict.fromkeys(limit for one in items for limit in one.limits)),
        other_views=tuple(dict.fromkeys(view for one in items for view in one.other_views)),
        rows=tuple(dict.fromkeys(row for one in items for row in one.rows)),
        support=max((one.support for one in items), key=SUPPORTS.index),
        severity=loudest.severity,
        values={"phase": phase, "items": [one.rule for one in items]},
    )


def _is_operation(asked: Asked) -> bool:
    """Return whether an operation is planned, or is being ordered, or a blocker is."""
    if asked.record.known("surgery_planned") == "yes":
        return True
    for order in asked.drafts:
        said = _text(order).lower()
        if order.get("resourceType") == "ServiceRequest" and any(word in said for word in _SURGERY):
            return True
        if order.get("resourceType") == "MedicationRequest" and _is_blocker(said):
            return True
    return False


def _text(order: Mapping[str, Any]) -> str:
    """Return every code and word by which an order says what it is."""
    parts: list[str] = []
    for key in ("code", "category", "medicationCodeableConcept"):
        listed = order.get(key, [])
        for concept in listed if isinstance(listed, list) else [listed]:
            if isinstance(concept, Mapping):
                parts.append(str(concept.get("text", "")))
                parts += [f"{one.get('code', '')} {one.get('display', '')}" for one in concept.get("coding", ())]
    return " ".join(parts)


def _is_blocker(said: str) -> bool:
    from endplate.clinic.medicines import find_substance

    for word in said.split():
        found = find_substance(word)
        if found is not None and "blocker" in found.group.id:
            return True
    return False


def surveillance_due(asked: Asked) -> Iterator[Said]:
    """Yield one card over all protocols: what is late or due, by how many of them."""
    if asked.record.known("lems_diagnosis") != "yes":
        return
    from endplate.clinic.surveillance import surveillance_results

    results = [one for one in surveillance_results(asked.record, today=asked.today) if "protocol" in one.values]
    for verdict, words in _WORDS.items():
        found = [one for one in results if one.verdict == verdict]
        if found:
            by = f"by {len(found)} of {len(results)} protocols"
            yield Said(found[0], f"Tumour surveillance in LEMS: {words} {by}. {found[0].statement}")
            return


Answer = Callable[[Asked], Iterator[Said]]
ANSWERS: Final[Mapping[str, Answer]] = {
    "lems-suspect": suspect,
    "lems-drug-check": drug_check,
    "lems-anaesthesia": anaesthesia,
    "lems-surveillance-due": surveillance_due,
}
