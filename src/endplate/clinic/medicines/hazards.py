"""Hazards: what one medicine means in LEMS for one person, as a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, Literal

from endplate.clinic.conditions import Situation
from endplate.clinic.heads import Head
from endplate.clinic.medicines.catalogue import GRADES, MEANS, VERSION, Grade, Substance
from endplate.clinic.medicines.grading import Graded, grade_of
from endplate.clinic.medicines.interactions import named_lists
from endplate.clinic.medicines.naming import Recognised, find_substance, members_of_group, said_route
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Input, Result, Severity
from endplate.clinic.reviewing import review_limits
from endplate.foundation.records.clinical import Medicine

SafetyClass = Literal["A", "B", "C"]
SEVERITY_OF: Final[Mapping[str, Severity]] = {
    "A": "critical", "B": "warning", "C": "caution", "info": "info", "none": "info",
}  # fmt: skip
LIMIT: Final = "A short list of what matters in LEMS, no full interaction checker; a pharmacist's check stays needed."
_SEIZURE_NOTE: Final = "Lowers the seizure threshold: counts where amifampridine is taken or planned."
UNVERIFIED: Final = "Unverified: general knowledge that a person must still check."


def unknown_result(one: Recognised) -> Result:
    """Return the result of a medicine that was not recognised: unknown is not safe."""
    written = one.medicine.name or one.medicine.atc or one.medicine.rxnorm
    hint = ""
    if one.near:
        near = find_substance(one.near)
        hint = f" Did you mean {one.near}" + (f" ({near.group.name})?" if near else "?")
    members = members_of_group(one.medicine.name)
    if members:
        hint = f" It is a group of the list: name its medicine ({', '.join(members[:4])} ...)."
    return Result(
        rule="medicine-hazard", version=VERSION, title=f"{written} (not recognised)", verdict="unknown",
        statement=f"{written!r} is not in the list: nothing can be said, and unknown is not safe.{hint}",
        because=(f"no name, ATC or RxNorm code of the list is {written!r}",), inputs=(medicine_input(one.medicine),),
        missing=("medicines",), limits=(LIMIT, *review_limits((), "A")), rows=("M102",), severity="warning",
        safety_class="A", support="proposal",
        values={"medicine": written, "substance": None, "grade": None, "near": one.near, "kind": "unknown"},
    )  # fmt: skip


def medicine_input(medicine: Medicine) -> Input:
    """Return a medicine as an input of a result, as it was written."""
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


def hazard_result(one: Recognised, substance: Substance, situation: Situation) -> Result:
    """Return what one substance means for one person, with the grades that stay possible."""
    placed = _placed(one, substance, situation)
    graded = grade_of(substance.group, placed)
    group, grade = substance.group, graded.grade
    verdict = "no LEMS hazard known" if grade == "none" else grade
    reason = graded.because[0] if graded.because else ""
    said = reason if grade == "none" and reason else _words(grade) + (f" ({reason})" if reason else "")
    statement = f"{begun(substance.name)} ({group.name}): {said}. {begun(graded.action)}."
    statement += " (unverified)" if graded.support == "unverified" else ""
    worst: Grade = graded.possible[0]
    severity = SEVERITY_OF[grade]
    if worst != grade and severity in ("info", "caution"):
        severity = "caution" if GRADES.index(worst) > 0 else "warning"
    facts = [name for grading in group.gradings for name in grading.when.facts()]
    asked = [name for name in facts if name not in ("route", "indication", "status", "medicines")]
    safety_class: SafetyClass = "A" if "A" in graded.possible else "B" if grade == "B" else "C"
    return _head(substance).result(
        title=begun(substance.name), verdict=verdict, statement=statement,
        because=_because(one, substance, graded),
        inputs=(medicine_input(one.medicine), *inputs_of(situation.record, *asked)),
        missing=graded.missing, severity=severity, support=graded.support, limits=_limits(substance, safety_class),
        safety_class=safety_class,
        values=_values(one, substance, graded),
    )  # fmt: skip


def begun(words: str) -> str:
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


def _limits(substance: Substance, safety_class: SafetyClass) -> tuple[str, ...]:
    group = substance.group
    code = () if substance.atc_verified_on or not substance.atc else ("The ATC code shown is unverified.",)
    unverified = (UNVERIFIED,) if group.support == "unverified" else ()
    return (*group.limits, *unverified, LIMIT, *code, *review_limits(group.reviewers, safety_class))


def _because(one: Recognised, substance: Substance, graded: Graded) -> tuple[str, ...]:
    steps = [f"recognised by {one.how}: {substance.name}; group: {substance.group.name}"]
    if one.how == "codes disagree" and one.other is not None and one.substance is not None:
        steps = [
            f"the name says {one.substance.name} and the code {one.other.name} ({one.other.group.name}): both are "
            "judged; correct the entry"
        ]
    if one.how == "class by ATC":
        steps.append(f"its name is not listed; its code belongs to the {substance.group.name}")
    evidence = f"evidence: {substance.evidence} ({substance.group.where})"
    return (*steps, *graded.because, *_notes(substance), evidence)


def _notes(substance: Substance) -> tuple[str, ...]:
    """Return what counts beside amifampridine, whether or not it is on the list of medicines."""
    notes = [_SEIZURE_NOTE] if "seizure-threshold" in substance.tags else []
    notes += [
        f"On our list of {named.title} (version {named.version}, {named.members[substance.name]}): the EU, UK and "
        "Swiss labels contraindicate it beside amifampridine; the US label does not."
        for named in named_lists().values()
        if substance.name in named.members
    ]
    return tuple(notes)


def _values(one: Recognised, substance: Substance, graded: Graded) -> dict[str, Any]:
    group = substance.group
    return {
        "kind": "hazard", "medicine": one.medicine.name, "status": one.medicine.status, "substance": substance.name,
        "group": group.id, "grade": graded.grade, "possible_grades": list(graded.possible), "atc": list(substance.atc),
        "atc_verified_on": substance.atc_verified_on.isoformat() if substance.atc_verified_on else "",
        "rxnorm": substance.rxnorm, "consequence": group.consequence, "seriousness": group.seriousness,
        "mechanism": group.mechanism, "action": graded.action, "evidence": substance.evidence,
        "sources": list(group.sources), "where": group.where, "checked": group.checked,
        "notes": list(_notes(substance)),
    }  # fmt: skip
