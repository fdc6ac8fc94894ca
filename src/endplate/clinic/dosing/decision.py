"""Decision: one label and one person, everything that limits the dose, contraindications before all else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from endplate.clinic.dosing import person
from endplate.clinic.dosing.packs import Band, Pack
from endplate.clinic.dosing.person import Answer
from endplate.clinic.medicines.check import check_medicines, recognised_medicines, situation_of
from endplate.foundation.records.clinical import Known, Medicine, Record

Verdict = Literal[
    "contraindicated", "stop and review", "no recommendation", "do not use", "cannot tell", "decision",
    "within the label",
]  # fmt: skip
BLOCKING: Final[tuple[Verdict, ...]] = ("contraindicated", "stop and review", "no recommendation", "do not use")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the label allows to one person."""

    band: Band
    start_mg: tuple[Decimal, Decimal]
    start_doses: tuple[int, int]
    doses: tuple[int, int]
    days_between_steps: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict of one label for one person; `limits` is None where it is blocking."""

    verdict: Verdict
    reasons: tuple[str, ...]
    because: tuple[str, ...]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    limits: Limits | None
    is_ours: bool


def _known(record: Record, name: str) -> Known:
    """Return a fact; who has epilepsy had seizures, and who had none has no epilepsy."""
    if name == "epilepsy" and record.known("epilepsy") == "unknown" and record.known("seizure_history") == "no":
        return "no"
    if name == "seizure_history" and record.known("epilepsy") == "yes":
        return "yes"
    return record.known(name)


def _by_medicines(record: Record, pack: Pack) -> Answer:
    """Say which medicine of the list the label forbids beside amifampridine."""
    recognised = recognised_medicines(record)
    names = {one.substance.name for one in recognised if one.substance is not None}
    added = () if "amifampridine" in names else (Medicine("amifampridine", status="proposed"),)
    results = check_medicines(replace(record, medicines=(*record.medicines, *added)), pack=pack.id)
    forbidden = [one for one in results if one.verdict == "contraindicated"]
    if forbidden:
        return Answer("forbidden", "; ".join(f"{one.title}: {_other(one.values['medicines'])}" for one in forbidden))
    if not situation_of(record, recognised).is_list_known:
        unknown = [one.medicine.name for one in recognised if one.substance is None]
        which = f"not recognised: {', '.join(unknown)}" if unknown else "the list is not said to be complete"
        return Answer("unknown", f"medicines beside it: {which}", ("medicines", "no_other_medicines"))
    return Answer("none", "no medicine of the list is forbidden beside it")


def _other(names: list[str]) -> str:
    return ", ".join(name for name in names if name != "amifampridine") or "twice"


def decide(record: Record, pack: Pack, *, today: date) -> Decision:
    """Read one label for one person.

    The order is fixed: contraindications, then a stop, then what the label gives no dose for; only then what is
    missing; with nothing missing a decision (pregnancy in the US, breastfeeding), or "within the label".
    """
    age, age_answer = person.age_of(record, pack, today)
    band, weight = person.band_of(record, pack, age)
    kidney, liver = person.kidney_of(record, pack), person.liver_of(record)
    acetylator, pregnancy = person.acetylator_of(record, pack), person.pregnancy_of(record, pack)
    medicines, lactation = _by_medicines(record, pack), person.lactation_of(record, pack)
    answers = (age_answer, weight, kidney, liver, acetylator, pregnancy, medicines, lactation)
    facts = {name: _known(record, name) for name in (*pack.contraindicated, *pack.stop_and_review)}
    asked = tuple(name for name, known in facts.items() if known == "unknown")
    verdict, reasons = _verdict(pack, facts, answers)
    missing = tuple(dict.fromkeys([*asked, *(name for one in answers for name in one.missing)]))
    if verdict is None:
        is_decision = "decision" in (pregnancy.word, lactation.word)
        verdict = "cannot tell" if missing else "decision" if is_decision else "within the label"
    warnings = tuple(text for one in answers for text in one.warnings)
    ours = any(one.is_ours for one in answers)
    return Decision(
        verdict, reasons, tuple(one.because for one in answers), missing, warnings,
        None if verdict in BLOCKING else limits_of(pack, band, kidney.word, liver.word, acetylator.word), ours,
    )  # fmt: skip


def _verdict(
    pack: Pack, facts: dict[str, Known], answers: tuple[Answer, ...]
) -> tuple[Verdict | None, tuple[str, ...]]:
    """Return the verdict that blocks, with its reasons, or None."""
    age, _, kidney, _, _, pregnancy, medicines, _ = answers
    forbidden = tuple(words for name, words in pack.contraindicated.items() if facts[name] == "yes")
    if medicines.word == "forbidden":
        forbidden += (medicines.because,)
    if forbidden:
        return "contraindicated", forbidden
    stopped = tuple(words for name, words in pack.stop_and_review.items() if facts[name] == "yes")
    if stopped:
        return "stop and review", stopped
    if age.word == "too young":
        return "no recommendation", (age.because,)
    if kidney.word == "end-stage" and pack.kidney == "CLcr":
        return "no recommendation", (kidney.because,)
    if pregnancy.word == "do not use":
        return "do not use", (pregnancy.because,)
    return None, ()


def limits_of(pack: Pack, band: Band, kidney: str, liver: str, acetylator: str) -> Limits:
    """Return the amounts: the lowest start where kidney, liver or acetylator ask for it, or are unknown."""
    if pack.impaired is None:
        is_low = kidney != "none" or liver != "none" or acetylator == "slow"
        low, high = band.start_mg
        return Limits(band, (low, low if is_low else high), band.doses, band.doses, pack.days_between_steps)
    worst = max((kidney, liver), key=_rank)
    if worst == "none":
        return Limits(band, band.start_mg, band.doses, band.doses, pack.days_between_steps)
    slow = pack.impaired
    start, doses = (slow.mild_start_mg, slow.mild_doses) if worst == "mild" else (slow.worse_start_mg, slow.worse_doses)
    return Limits(band, (start, start), (doses, doses), (1, band.doses[1]), slow.days_between_steps)


def _rank(degree: str) -> int:
    return len(person.DEGREES) if degree == "unknown" else person.DEGREES.index(degree)
