"""Letters: one page each to the anaesthetist, the oncologist or a neuromuscular centre, drafted from a review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from endplate.clinic.logic import any_of
from endplate.clinic.reading import plain, words_of
from endplate.clinic.result import Result
from endplate.clinic.review.alerts import alerts
from endplate.clinic.review.glance import glances
from endplate.clinic.review.review import Review
from endplate.foundation.errors import unknown_name
from endplate.foundation.records.clinical import Fact, Medicine, Record

_MARKS: Final = {"published": "", "unverified": " (unverified)", "proposal": " (our proposal)"}
_MEASURES: Final = (
    "fvc_litre",
    "vital_capacity_litre",
    "mip_cmh2o",
    "mep_cmh2o",
    "weight_kg",
    "height_cm",
    "karnofsky",
)
_TUMOUR_FOUND: Final = (
    "A lung tumour is on record in this person, and Lambert-Eaton myasthenic syndrome is a question or known. "
    "Oncology leads; these points are for your view:"
)
_UNITS: Final = {"litre": "L", "cmh2o": "cmH2O", "kg": "kg", "cm": "cm"}


@dataclass(frozen=True, slots=True)
class Block:
    """One heading of a letter and its lines; boxes to tick where it is a checklist."""

    heading: str
    lines: tuple[str, ...]
    is_checklist: bool = False


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """One medicine of the list and what the check says of it."""

    name: str
    dose: str
    verdict: str
    words: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft for a clinician to read, change and sign."""

    kind: str
    title: str
    purpose: str
    blocks: tuple[Block, ...]
    medicines: tuple[MedicineLine, ...]
    review: Review


def letter(kind: str, review: Review) -> Letter:
    """Return one letter.

    Raises
    ------
    UnknownNameError
        If there is no such letter.

    Examples
    --------
    >>> from datetime import date
    >>> from endplate.clinic.record import example
    >>> from endplate.clinic.review import Settings, review_of
    >>> made = letter("oncologist", review_of(example("mg-that-is-lems"), Settings(on=date(2026, 11, 21))))
    >>> [block.heading for block in made.blocks][:2]
    ['Why we write', 'Risk of a tumour']
    """
    if kind not in LETTERS:
        raise unknown_name("letter", kind, LETTERS)
    title, purpose, blocks = LETTERS[kind]
    if kind == "oncologist" and _has_tumour(review.record):
        purpose = _TUMOUR_FOUND
    found = tuple(block for block in blocks(review) if block.lines)
    return Letter(kind, title, purpose, found, medicines_checked(review), review)


def medicines_checked(review: Review) -> tuple[MedicineLine, ...]:
    """Return the list of medicines, each with what the check says; one that is not recognised says so."""
    checks = [result for result in review.results if result.rule in ("medicine-hazard", "medicine-list")]
    pairs = [result for result in review.results if result.values.get("kind") == "interaction"]
    by_name = {str(result.values.get("medicine", "")).lower(): result for result in checks}
    listed = []
    for one in review.record.medicines:
        result = by_name.get(one.name.lower())
        verdict = result.verdict if result is not None else "stopped" if one.status == "stopped" else "not checked"
        words = "" if result is None else _line(result)
        listed.append(MedicineLine(one.name, _dose(one), verdict, words))
    return (*listed, *(MedicineLine(pair.title, "", pair.verdict, _line(pair)) for pair in pairs))


def _dose(one: Medicine) -> str:
    said = [] if one.daily_dose_mg is None else [f"{plain(one.daily_dose_mg)} mg a day"]
    said += [] if one.doses_per_day is None else [f"in {one.doses_per_day} doses"]
    return ", ".join([" ".join(said), one.route, one.status]).strip(", ").replace(", , ", ", ")


def _line(result: Result) -> str:
    mark = _MARKS[result.support]
    return result.statement if not mark or mark.strip(" ()") in result.statement else f"{result.statement}{mark}"


def _glance(review: Review, *sections: str) -> tuple[str, ...]:
    return tuple(one.words for name in sections for one in glances(review) if one.section == name)


def _of(review: Review, section: str) -> tuple[Result, ...]:
    return next((one.results for one in review.sections if one.id == section), ())


def _measures(review: Review) -> tuple[str, ...]:
    facts = [review.record.facts[name] for name in _MEASURES if name in review.record.facts]
    said = [_measure(fact) for fact in facts if fact.is_confirmed]
    return (_sentence(said),) if said else ("Vital capacity and pressures are not known.",)


def _sentence(parts: Sequence[str]) -> str:
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."


def _measure(fact: Fact) -> str:
    unit = _UNITS.get(fact.name.rpartition("_")[2], "")
    value = "" if fact.value is None else f"{fact.value}"
    on = "" if fact.on is None else f" ({fact.on.isoformat()})"
    return f"{words_of(fact.name)} {value} {unit}".strip() + on


def _anaesthetist(review: Review) -> Iterable[Block]:
    yield Block("Why we write", (*_glance(review, "diagnosis"), *_glance(review, "tumour")[:1]))
    yield Block("Strength and breathing", (*_measures(review), *_glance(review, "breathing")))
    phases: dict[str, list[str]] = {}
    for item in _of(review, "anaesthesia"):
        phases.setdefault(str(item.values["phase"]), []).append(_line(item))
    for phase, lines in phases.items():
        yield Block(phase.capitalize(), tuple(lines), is_checklist=True)


def _oncologist(review: Review) -> Iterable[Block]:
    yield Block("Why we write", _glance(review, "diagnosis", "electrodiagnosis"))
    yield Block("Risk of a tumour", tuple(_risk(review)))
    scans = [_scan(scan) for scan in review.record.scans]
    yield Block("Scans so far", tuple(scans) or ("No scan is on record.",))
    protocols = [f"{result.title}: {_line(result)}" for result in _of(review, "surveillance") if result.values]
    beside = [_line(result) for result in _of(review, "surveillance") if not result.values]
    yield Block("Search and surveillance: the protocols side by side", (*protocols, *beside))
    options = [
        f"{result.values['option']} {_line(result)}"
        for result in _of(review, "treatment")
        if result.values.get("option") in ("T1", "T5", "T7")
    ]
    yield Block("Treatment that concerns you", tuple(options))


def _risk(review: Review) -> Iterable[str]:
    """Say the score and each cohort by its name; where a tumour is on record its probability is no question."""
    if _has_tumour(review.record):
        yield "A tumour is on record, so its probability by score or antibody is not asked."
        return
    for result in _of(review, "tumour"):
        if result.rule != "base-rate":
            yield _line(result).replace("In this cohort", f"In the {result.title.partition(', ')[2]}", 1)


def _has_tumour(record: Record) -> bool:
    return any_of([record.known("lung_cancer"), record.known("sclc")]) == "yes"


def _scan(scan: Mapping[str, Fact]) -> str:
    kind, result, day = (scan[name].value if name in scan else None for name in ("kind", "result", "scan_date"))
    said = str(kind or "scan").replace("_", " ").replace("ct ", "CT ").replace("pet", "PET")
    return f"{said} of {day or 'an unknown day'}: {result or 'result not known'}."


def _referral(review: Review) -> Iterable[Block]:
    yield Block("Read first", tuple(alert.words for alert in alerts(review)))
    facts = review.record.facts.values()
    found = [words_of(fact.name) for fact in facts if fact.value == "yes" and fact.is_confirmed]
    absent = [words_of(fact.name) for fact in facts if fact.value == "no" and fact.is_confirmed]
    yield Block("Found", (_sentence(found),) if found else ())
    yield Block("Asked and not found", (_sentence(absent),) if absent else ())
    yield Block("Support for LEMS", _glance(review, "diagnosis", "electrodiagnosis"))
    yield Block("What else it could be", _glance(review, "differential"))
    yield Block("Tumour", _glance(review, "tumour", "surveillance"))
    yield Block("Strength and breathing", (*_measures(review), *_glance(review, "breathing")))
    missing = [words_of(name) for name, _ in review.missing()[:10]]
    yield Block("Not known, most wanted first", (_sentence(missing),) if missing else ())


LETTERS: Final[Mapping[str, tuple[str, str, Callable[[Review], Iterable[Block]]]]] = {
    "anaesthetist": (
        "To the anaesthetist",
        "This person has, or may have, Lambert-Eaton myasthenic syndrome. Points to weigh before an operation:",
        _anaesthetist,
    ),
    "oncologist": (
        "To the oncologist",
        "Lambert-Eaton myasthenic syndrome can come before a small-cell lung cancer. Your view on the search is asked:",
        _oncologist,
    ),
    "referral": (
        "To a neuromuscular centre",
        "We ask you to see this person with weakness in which Lambert-Eaton myasthenic syndrome is a question:",
        _referral,
    ),
}
