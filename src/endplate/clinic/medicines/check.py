"""Check: the medicines of one record, one result per medicine and one per interaction, the most serious first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from endplate.clinic.conditions import Situation
from endplate.clinic.heads import Head
from endplate.clinic.medicines.catalogue import GRADES, MEANS, VERSION, Grade, Substance
from endplate.clinic.medicines.grading import Graded, grade_of
from endplate.clinic.medicines.interactions import LABELS, Interaction, Pair, named_lists, pairs_of
from endplate.clinic.medicines.naming import Recognised, find_substance, recognise, said_route
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Input, Result, Severity
from endplate.foundation.errors import unknown_name
from endplate.foundation.records.clinical import Medicine, Record

_SEVERITY: Final[Mapping[str, Severity]] = {
    "A": "critical", "B": "warning", "C": "caution", "info": "info", "none": "info",
}  # fmt: skip
_ORDER: Final = ("critical", "warning", "caution", "info")
_NOT_REVIEWED: Final = "No clinician has reviewed this wording yet; class A needs two."
_LIMIT: Final = "A short list of what matters in LEMS, no full interaction checker; a pharmacist's check stays needed."
_SEIZURE_NOTE: Final = "Lowers the seizure threshold: counts where amifampridine is taken or planned."


def label_of(pack: str | None) -> str | None:
    """Return the label of a pack in capitals, or None for all of them.

    Raises
    ------
    UnknownNameError
        If there is no such pack.

    Examples
    --------
    >>> label_of("eu"), label_of(None)
    ('EU', None)
    """
    if pack is None:
        return None
    if pack.upper() not in LABELS:
        raise unknown_name("pack", pack, [label.lower() for label in LABELS])
    return pack.upper()


def situation_of(record: Record, recognised: Iterable[Recognised]) -> Situation:
    """Return the record with the tags and names of every medicine that is taken or proposed.

    A tag that is not found is absent only where the list is said to be complete and was recognised in full.
    """
    found = list(recognised)
    substances = [one for item in found for one in (item.substance, item.other) if one is not None]
    tags = {tag for one in substances for tag in (*one.tags, one.name)}
    is_complete = record.known("no_other_medicines") == "yes"
    return Situation(
        record, tags=frozenset(tags), is_list_known=is_complete and all(one.substance is not None for one in found)
    )


def recognised_medicines(record: Record) -> tuple[Recognised, ...]:
    """Recognise the medicines that are taken or proposed; stopped ones are left out."""
    return tuple(recognise(one) for one in record.medicines if one.status != "stopped")


def check_medicines(record: Record, *, pack: str | None = None) -> tuple[Result, ...]:
    """Check the medicines of a record.

    Parameters
    ----------
    record
        Its medicines that are taken or proposed are checked; conditions read its facts.
    pack
        "us", "eu", "uk" or "ch": whose label of amifampridine counts; None shows all side by side.

    Returns
    -------
    tuple of Result
        Rule ``medicine-hazard`` per medicine (verdict A, B, C, info, "no LEMS hazard known" or "unknown"), and
        one result per interaction. A medicine that was not recognised is a warning: unknown is not safe.

    Raises
    ------
    UnknownNameError
        If there is no such pack.

    Examples
    --------
    >>> [one.verdict for one in check_medicines(Record(medicines=(Medicine("gentamicin"), Medicine("xyzzy"))))]
    ['B', 'unknown']
    """
    label = label_of(pack)
    recognised = recognised_medicines(record)
    situation = situation_of(record, recognised)
    results = [result for one in recognised for result in _of_medicine(one, situation)]
    results += [_of_pair(pair, label) for pair in pairs_of(recognised)]
    return tuple(sorted(results, key=lambda one: _ORDER.index(one.severity)))


def _of_medicine(one: Recognised, situation: Situation) -> tuple[Result, ...]:
    if one.substance is None:
        return (_unknown(one),)
    results = [_hazard(one, one.substance, situation)]
    if one.other is not None:
        results.append(_hazard(one, one.other, situation))
    return tuple(results)


def _unknown(one: Recognised) -> Result:
    written = one.medicine.name or one.medicine.atc or one.medicine.rxnorm
    hint = ""
    if one.near:
        near = find_substance(one.near)
        hint = f" Did you mean {one.near}" + (f" ({near.group.name})?" if near else "?")
    return Result(
        rule="medicine-hazard", version=VERSION, title=f"{written}: not recognised", verdict="unknown",
        statement=f"{written!r} is not in the list: nothing can be said, and unknown is not safe.{hint}",
        because=(f"no name, ATC or RxNorm code of the list is {written!r}",), inputs=(_input(one.medicine),),
        missing=("medicines",), limits=(_LIMIT, _NOT_REVIEWED), rows=("M102",), severity="warning", safety_class="A",
        support="proposal",
        values={"medicine": written, "substance": None, "grade": None, "near": one.near, "kind": "unknown"},
    )  # fmt: skip


def _input(medicine: Medicine) -> Input:
    parts = (medicine.name, medicine.route, medicine.status, medicine.atc, medicine.rxnorm)
    since = medicine.since.isoformat() if medicine.since else ""
    return Input("medicines", ", ".join(part for part in parts if part), medicine.source, since)


def _placed(one: Recognised, substance: Substance, situation: Situation) -> Situation:
    """Return the situation with the medicine as it is given; a form that has one route only says it."""
    route = said_route(one.medicine) or substance.form
    if not route and one.medicine.atc == "A06AD04":
        route = "oral"
    elif not route and one.medicine.atc == "B05XA05":
        route = "iv"
    return replace(situation, medicine=replace(one.medicine, route=route))


def _hazard(one: Recognised, substance: Substance, situation: Situation) -> Result:
    placed = _placed(one, substance, situation)
    graded = grade_of(substance.group, placed)
    group, grade = substance.group, graded.grade
    verdict = "no LEMS hazard known" if grade == "none" else grade
    reason = graded.because[0] if graded.because else ""
    said = reason if grade == "none" and reason else _words(grade) + (f" ({reason})" if reason else "")
    statement = f"{_begun(substance.name)} ({group.name}): {said}. {_begun(graded.action)}."
    worst: Grade = graded.possible[0]
    severity = _SEVERITY[grade]
    if worst != grade and severity in ("info", "caution"):
        severity = "caution" if GRADES.index(worst) > 0 else "warning"
    facts = [name for grading in group.gradings for name in grading.when.facts()]
    asked = [name for name in facts if name not in ("route", "indication", "status", "medicines")]
    return _head(substance).result(
        title=f"{substance.name}: {_words(grade)}", verdict=verdict, statement=statement,
        because=_because(one, substance, graded), inputs=(_input(one.medicine), *inputs_of(situation.record, *asked)),
        missing=graded.missing, severity=severity, support=graded.support, limits=_limits(substance),
        safety_class="A" if "A" in graded.possible else "B" if grade == "B" else "C",
        values=_values(one, substance, graded),
    )  # fmt: skip


def _begun(words: str) -> str:
    """Return words with a capital first letter; the rest stays (TPMT, QTc)."""
    return words[:1].upper() + words[1:]


def _words(grade: Grade) -> str:
    return MEANS[grade] if grade in ("info", "none") else f"{grade}, {MEANS[grade]}"


def _head(substance: Substance) -> Head:
    group = substance.group
    return Head(
        id="medicine-hazard", title="", version=VERSION, valid_from=date.fromisoformat(VERSION), sources=group.sources,
        where=group.where, checked=group.checked, support=group.support, rows=group.rows, reviewers=group.reviewers,
        jurisdiction=group.jurisdiction,
    )  # fmt: skip


def _limits(substance: Substance) -> tuple[str, ...]:
    group = substance.group
    code = () if substance.atc_verified_on or not substance.atc else ("The ATC code shown is unverified.",)
    unverified = ("Unverified: general knowledge that a person must still check.",)
    return (
        *group.limits, *(unverified if group.support == "unverified" else ()), _LIMIT, *code,
        *(() if group.reviewers else (_NOT_REVIEWED,)),
    )  # fmt: skip


def _because(one: Recognised, substance: Substance, graded: Graded) -> tuple[str, ...]:
    steps = [f"recognised by {one.how}: {substance.name}; group: {substance.group.name}"]
    if one.how == "codes disagree" and one.other is not None and one.substance is not None:
        steps = [
            f"the name says {one.substance.name} and the code {one.other.name} ({one.other.group.name}): both are "
            "judged; correct the entry"
        ]
    if one.how == "class by ATC":
        steps.append(f"its name is not listed; its code belongs to the {substance.group.name}")
    return (*steps, *graded.because, f"evidence: {substance.evidence} ({substance.group.where})")


def _values(one: Recognised, substance: Substance, graded: Graded) -> dict[str, Any]:
    group = substance.group
    notes = [_SEIZURE_NOTE] if "seizure-threshold" in substance.tags else []
    notes += [
        f"On our list of {named.title} (version {named.version}, {named.members[substance.name]}): the EU, UK and "
        "Swiss labels contraindicate it beside amifampridine; the US label does not."
        for named in named_lists().values()
        if substance.name in named.members
    ]
    return {
        "kind": "hazard", "medicine": one.medicine.name, "status": one.medicine.status, "substance": substance.name,
        "group": group.id, "grade": graded.grade, "possible_grades": list(graded.possible), "atc": list(substance.atc),
        "atc_verified_on": substance.atc_verified_on.isoformat() if substance.atc_verified_on else "",
        "rxnorm": substance.rxnorm, "consequence": group.consequence, "seriousness": group.seriousness,
        "mechanism": group.mechanism, "action": graded.action, "evidence": substance.evidence,
        "sources": list(group.sources), "where": group.where, "checked": group.checked, "notes": notes,
    }  # fmt: skip


def _of_pair(pair: Pair, label: str | None) -> Result:
    """Return the result of a pair: what the label in force says, and what the others say where they differ."""
    rule = pair.interaction
    names = [item.substance.name if item.substance else item.medicine.name for item in (pair.one, pair.other)]
    is_held = rule.holds_in(label)
    said_by = "/".join(rule.packs)
    held = f"{rule.title} ({names[0]} and {names[1]}): {_said(rule.verdict)}. {_begun(rule.action)}."
    if is_held:
        statement = held if said_by == "international" else f"{said_by} label: {held}"
        verdict, severity = rule.verdict, _SEVERITY[rule.grade]
        views = tuple(rule.elsewhere.values())
    else:
        statement = rule.elsewhere.get(label or "", f"The {label} label has no rule for {names[0]} with {names[1]}.")
        verdict, severity = "not in this label", "caution" if rule.grade == "A" else "info"
        views = (f"{said_by} label: {held}",)
    because = [f"{names[0]} and {names[1]} are both taken or proposed"]
    if pair.basis is not None:
        named = named_lists()[rule.other[1]]
        because.append(f"on our list of {named.title}, version {named.version}; basis of this name: {pair.basis}")
    because.append(f"evidence: {rule.evidence} ({rule.where})")
    is_general = pair.basis == "general" or rule.support == "unverified"
    unverified = "Unverified: general knowledge that a person must still check."
    return Result(
        rule=rule.id, version=rule.version, title=rule.title, verdict=verdict, statement=statement,
        because=tuple(because), inputs=(_input(pair.one.medicine), _input(pair.other.medicine)), sources=rule.sources,
        support="unverified" if is_general else "proposal" if pair.basis == "review" else rule.support,
        limits=(*((unverified,) if is_general else ()), _LIMIT, _NOT_REVIEWED), other_views=views, rows=rule.rows,
        severity=severity, safety_class="A" if rule.grade == "A" else "B",
        jurisdiction=label or said_by,
        values={
            "kind": "interaction", "medicines": names, "grade": rule.grade if is_held else None, "packs": _packs(rule),
            "basis": pair.basis or "", "consequence": rule.consequence, "seriousness": rule.seriousness,
            "mechanism": rule.mechanism, "action": rule.action, "evidence": rule.evidence,
            "sources": list(rule.sources), "where": rule.where, "checked": rule.checked,
            "valid_from": rule.valid_from.isoformat(),
        },
    )  # fmt: skip


def _said(verdict: str) -> str:
    return f"{verdict}, {MEANS[verdict]}" if verdict in ("A", "B", "C") else verdict


def _packs(rule: Interaction) -> dict[str, str]:
    """Return what each label says of the pair, for a table of labels side by side."""
    return {label: rule.verdict if rule.holds_in(label) else rule.elsewhere.get(label, "no rule") for label in LABELS}
