"""Person: what of a record decides the dose, each answered with what was used and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from endplate.clinic.dosing.packs import Band, Pack
from endplate.clinic.record.derived import age_years
from endplate.foundation.records.clinical import Record

Degree = Literal["none", "mild", "moderate", "severe", "end-stage", "unknown"]
DEGREES: Final[tuple[Degree, ...]] = ("none", "mild", "moderate", "severe", "end-stage")
ADULT_YEARS: Final = 18
KIDNEY_BAND: Final = "our stated band: mild 60 to 89, moderate 30 to 59, severe below 30 mL/min"
CLCR_LOW, CLCR_HIGH = Decimal(15), Decimal(90)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of the dose: its answer in a word, the sentence for the trace, and what is missing."""

    word: str
    because: str
    missing: tuple[str, ...] = ()
    is_ours: bool = False
    warnings: tuple[str, ...] = ()


def age_of(record: Record, pack: Pack, today: date) -> tuple[Decimal | None, Answer]:
    """Say whether the label holds for the age."""
    age = age_years(record, today)
    lowest = pack.lowest_age_years
    if age is None:
        return None, Answer("unknown", f"age unknown; the {pack.label} label holds from {lowest} years", ("age_years",))
    if age < lowest:
        return age, Answer("too young", f"{age} years is below {lowest}, from which the {pack.label} label holds")
    return age, Answer("in the label", f"{age} years is at least {lowest}")


def band_of(record: Record, pack: Pack, age: Decimal | None) -> tuple[Band, Answer]:
    """Return the amounts for weight and age; where they cannot be told, the smaller ones."""
    light = pack.light_child
    if light is None or light.below_kg is None:
        return pack.adult, Answer("known", f"the {pack.label} label has one table for adults")
    if age is not None and age >= ADULT_YEARS:
        return pack.adult, Answer("known", f"{age} years: an adult, of any weight")
    weight = record.number("weight_kg")
    if weight is None or age is None:
        if weight is not None and weight >= light.below_kg:
            return pack.adult, Answer("known", f"{weight} kg is at least {light.below_kg} kg")
        missing = tuple(
            name for name, value in (("age_years", age), ("weight_kg", weight)) if value is None
        )  # fmt: skip
        return light, Answer("unknown", "age or weight unknown: the smaller amounts are shown", missing)
    if weight < light.below_kg:
        return light, Answer("known", f"{weight} kg is below {light.below_kg} kg in a person below {ADULT_YEARS}")
    return pack.adult, Answer("known", f"{weight} kg is at least {light.below_kg} kg")


def _degree_of(number: Decimal) -> Degree:
    if number < CLCR_LOW:
        return "end-stage"
    return "severe" if number < 30 else "moderate" if number < 60 else "mild" if number < 90 else "none"


def _said(record: Record, name: str) -> Degree:
    word = record.word(name)
    return next((degree for degree in DEGREES if degree == word), "unknown")


def kidney_of(record: Record, pack: Pack) -> Answer:
    """Return the degree of kidney impairment as the label asks for it; an eGFR never stands in for CLcr silently."""
    said, clearance, filtration = (
        _said(record, "kidney_impairment"), record.number("crcl_ml_min"), record.number("egfr_ml_min"),
    )  # fmt: skip
    return _us_kidney(said, clearance, filtration) if pack.kidney == "CLcr" else _eu_kidney(said, clearance, filtration)


def _us_kidney(said: Degree, clearance: Decimal | None, filtration: Decimal | None) -> Answer:
    """The US label: CLcr 15 to 90 mL/min is the lowest start, end-stage disease has no recommendation."""
    if said == "end-stage" or (clearance is not None and clearance < CLCR_LOW):
        of = "end-stage kidney disease" if said == "end-stage" else f"CLcr {clearance} mL/min is below {CLCR_LOW}"
        return Answer("end-stage", f"{of}: the label makes no recommendation")
    if clearance is not None:
        inside = clearance <= CLCR_HIGH
        where = f"within {CLCR_LOW} to {CLCR_HIGH}" if inside else f"above {CLCR_HIGH}"
        is_impaired = inside or said not in ("none", "unknown")
        return Answer("impaired" if is_impaired else "none", f"CLcr {clearance} mL/min is {where} mL/min")
    if said == "none":
        return Answer("none", "no kidney impairment was said; CLcr itself is not known")
    if said not in ("none", "unknown"):
        return Answer("impaired", f"{said} kidney impairment was said")
    because = "CLcr unknown: the lowest start is shown, and below 15 mL/min the label makes no recommendation"
    if filtration is None:
        return Answer("unknown", because, ("crcl_ml_min",))
    warning = f"an eGFR of {filtration} mL/min is known; the label asks for CLcr, and one does not stand for the other"
    return Answer("unknown", because, ("crcl_ml_min",), warnings=(warning,))


def _eu_kidney(said: Degree, clearance: Decimal | None, filtration: Decimal | None) -> Answer:
    """The EU label: mild, moderate, severe, without limits; a number is read by a band of ours."""
    found: list[tuple[Degree, str]] = [(said, f"{said} was said")] if said != "unknown" else []
    found += [
        (_degree_of(number), f"{name} {number} mL/min by {KIDNEY_BAND}")
        for name, number in (("CLcr", clearance), ("eGFR", filtration))
        if number is not None
    ]
    if not found:
        return Answer(
            "unknown", "kidney function unknown: the slowest titration is shown", ("egfr_ml_min", "kidney_impairment")
        )
    worst, basis = max(found, key=lambda item: DEGREES.index(item[0]))
    warnings: tuple[str, ...] = ()
    if len({one for one, _ in found}) > 1:
        warnings += ("the sources differ in degree: the worse one is used",)
    if worst == "end-stage":
        warnings += ("this label has no line of its own for end-stage disease: it is read as severe",)
    is_ours = basis != f"{said} was said"
    return Answer(worst, f"kidney impairment: {worst} ({basis})", is_ours=is_ours, warnings=warnings)


def liver_of(record: Record) -> Answer:
    """Return the degree of liver impairment."""
    said = _said(record, "liver_impairment")
    if said == "unknown":
        return Answer("unknown", "liver function unknown: the lowest start is shown", ("liver_impairment",))
    return Answer(said, f"liver impairment: {said}")


def acetylator_of(record: Record, pack: Pack) -> Answer:
    """Return whether a slow acetylator is known; only the US label reads it."""
    word = record.word("nat2_status")
    if word == "slow":
        if pack.kidney == "CLcr":
            return Answer("slow", "slow acetylator (NAT2): the lowest start")
        return Answer(
            "slow", "slow acetylator (NAT2): this label has no rule",
            warnings=("levels several times higher than in fast acetylators: the US label takes the lowest start",),
        )  # fmt: skip
    return Answer("not known slow", f"NAT2 {word or 'unknown'}: the labels change the dose only for a known slow one")


def pregnancy_of(record: Record, pack: Pack) -> Answer:
    """Return what the label says of pregnancy; unknown is asked, except in a man."""
    if record.word("sex") == "male":
        return Answer("no", "pregnancy does not apply")
    known = record.known("pregnancy")
    if known == "unknown":
        return Answer(
            "unknown", "pregnancy unknown: ask", ("pregnancy",), warnings=(f"pregnancy: {pack.pregnancy}",)
        )  # fmt: skip
    if known == "no":
        return Answer("no", "not pregnant", warnings=(f"pregnancy: {pack.pregnancy}",))
    word = "do not use" if pack.pregnancy_verdict == "do not use" else "decision"
    return Answer(word, f"pregnant: {pack.pregnancy}", warnings=(f"pregnancy: {pack.pregnancy}",))


def lactation_of(record: Record, pack: Pack) -> Answer:
    """Return what the label says of breastfeeding: a decision; unknown is asked, except in a man."""
    known = "no" if record.word("sex") == "male" else record.known("lactation")
    words = (f"breastfeeding: {pack.lactation}",)
    if known == "unknown":
        return Answer("unknown", "breastfeeding unknown: ask", ("lactation",), warnings=words)
    if known == "yes":
        return Answer("decision", "breastfeeding", warnings=words)
    return Answer("no", "not breastfeeding")
