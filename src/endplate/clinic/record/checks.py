"""Checks: facts that cannot be true together, each said with the way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from endplate.clinic.record.derived import AUTONOMIC_PARTS, BULBAR_PARTS, PROXIMAL_PARTS, completed_years
from endplate.clinic.record.vocabulary import vocabulary
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Fact, Record
from endplate.foundation.rules import reference_sets

# a yes of the first and a no of the second cannot both be
_IMPLIES: Final = (
    ("sclc", "lung_cancer"), ("smoker_current", "smoker_ever"), ("epilepsy", "seizure_history"),
    ("vitiligo", "autoimmune_disease"),
    *((part, "bulbar_involvement") for part in BULBAR_PARTS),
    *((part, "autonomic_signs") for part in AUTONOMIC_PARTS),
    *((part, "proximal_weakness") for part in PROXIMAL_PARTS),
)  # fmt: skip
_NOT_OF: Final = (
    ("male", "pregnancy"), ("male", "lactation"), ("female", "erectile_dysfunction"),
)  # fmt: skip
_HEAVIEST: Final = Decimal(50)  # kg/m2: above it a weight in pounds is likelier than the body
_LIGHTEST: Final = Decimal(9)
_WEIGHT_RATIO: Final = Decimal("1.8")  # one weight in pounds beside one in kg differs 2.2-fold


def conflicts(record: Record, *, today: date | None = None) -> tuple[str, ...]:
    """Return a sentence for each pair of facts that cannot be true together.

    Parameters
    ----------
    record
        As read, from a form or from another system.
    today
        The day after which nothing can have happened; None is the day of this machine.

    Examples
    --------
    >>> from endplate.foundation.records.clinical import Fact, Record
    >>> both = Record(facts={"sex": Fact("sex", "male"), "pregnancy": Fact("pregnancy", "yes")})
    >>> conflicts(both, today=date(2026, 1, 1))
    ('sex is male and pregnancy is yes. One of the two is wrong.',)
    """
    last = today or date.today()
    return tuple(
        sentence
        for check in (_dates, _ages, _pairs, _weights, _titre, _kidney, _limits)
        for sentence in check(record, last)
    )  # fmt: skip


def require_consistent(record: Record, *, today: date | None = None) -> None:
    """Refuse a record whose facts contradict each other.

    Raises
    ------
    InputError
        With every contradiction, so that all can be mended at once.
    """
    found = conflicts(record, today=today)
    if found:
        raise InputError(" ".join(found))


def _dates(record: Record, last: date) -> Iterator[str]:
    everywhere: list[tuple[str, Fact]] = [(name, fact) for name, fact in record.facts.items()]
    for kind, rows in (("studies", record.studies), ("scans", record.scans)):
        everywhere += [(f"{kind} {n}: {name}", fact) for n, row in enumerate(rows, 1) for name, fact in row.items()]
    days = [(where, fact.value) for where, fact in everywhere if isinstance(fact.value, date)]
    days += [(f"{where}.on", fact.on) for where, fact in everywhere if fact.on is not None]
    days += [(f"{one.name}: since", one.since) for one in record.medicines if one.since is not None]
    birth = record.day("birth_date")
    for where, day in days:
        if day > last:
            yield f"{where} is {day}, after today ({last}). Check the year."
        if birth is not None and day < birth:
            yield f"{where} is {day}, before birth ({birth}). One of the two is wrong."
    onset, diagnosis = record.day("onset_date"), record.day("diagnosis_date")
    if onset and diagnosis and diagnosis < onset and not _is_noted(record, "diagnosis_date", "onset_date"):
        yield (
            f"diagnosis_date is {diagnosis}, before the first weakness on {onset}. "
            "If that is right, say so in a note: { value = ..., note = '...' }."
        )


def _ages(record: Record, last: date) -> Iterator[str]:
    birth, age, at_onset = record.day("birth_date"), record.number("age_years"), record.number("age_at_onset_years")
    if birth is not None and age is not None and birth <= last:
        asked = record.facts["age_years"].on or last
        expected = completed_years(birth, asked)
        if abs(age - expected) > 1:
            yield f"age_years is {age}, but birth_date {birth} makes it {expected} on {asked}. One of the two is wrong."
    onset = record.day("onset_date")
    if birth is not None and onset is not None and at_onset is not None and birth <= onset:
        expected = completed_years(birth, onset)
        if abs(at_onset - expected) > 1:
            yield (
                f"age_at_onset_years is {at_onset}, but onset_date {onset} makes it {expected}: "
                "two different onset dates. Keep the right one."
            )
    if age is not None and at_onset is not None and at_onset > age:
        yield f"age_at_onset_years is {at_onset}, above age_years {age}. One of the two is wrong."
    if birth is not None and completed_years(birth, last) > 120:
        yield f"birth_date {birth} makes the person older than 120. Check the year."


def _pairs(record: Record, _last: date) -> Iterator[str]:
    for part, whole in _IMPLIES:
        if record.known(part) == "yes" and record.known(whole) == "no":
            yield f"{part} is yes and {whole} is no. One of the two is wrong."
    for sex, fact in _NOT_OF:
        if record.word("sex") == sex and record.known(fact) == "yes":
            yield f"sex is {sex} and {fact} is yes. One of the two is wrong."


def _weights(record: Record, _last: date) -> Iterator[str]:
    weight, usual, height = (record.number(name) for name in ("weight_kg", "usual_weight_kg", "height_cm"))
    if _is_noted(record, "weight_kg", "usual_weight_kg", "height_cm"):
        return
    for name, kg in (("weight_kg", weight), ("usual_weight_kg", usual)):
        if kg is None or height is None:
            continue
        index = kg / (height / 100) ** 2
        if not _LIGHTEST <= index <= _HEAVIEST:
            yield (
                f"{name} {kg} at {height} cm makes {index:.0f} kg/m2. "
                f"Is it in pounds ({kg * Decimal('0.4536'):.1f} kg)? "
                "If it is right, say so in a note: { value = ..., note = '...' }."
            )
    if weight and usual and max(weight, usual) / min(weight, usual) > _WEIGHT_RATIO:
        yield (
            f"weight_kg {weight} and usual_weight_kg {usual} differ too much. Is one in pounds? "
            "If both are right, say so in a note: { value = ..., note = '...' }."
        )


def _titre(record: Record, _last: date) -> Iterator[str]:
    titre, limit = record.number("vgcc_pq_titre"), record.number("vgcc_pq_upper_limit")
    if (titre is not None or limit is not None) and record.word("vgcc_pq_titre_unit") is None:
        choices = " or ".join(vocabulary()["vgcc_pq_titre_unit"].choices)
        yield f"the P/Q antibody titre has no unit. Set vgcc_pq_titre_unit to {choices}: they differ 1000-fold."
    if titre is not None and limit is not None:
        read = "yes" if titre > limit else "no"
        said = record.known("vgcc_pq_antibody")
        if said not in (read, "unknown"):
            yield (
                f"vgcc_pq_antibody is {said}, but the titre {titre} against the limit {limit} means {read}. "
                "Are both in the same unit?"
            )


def _kidney(record: Record, _last: date) -> Iterator[str]:
    for name in ("egfr_ml_min", "crcl_ml_min"):
        rate = record.number(name)
        said = record.word("kidney_impairment")
        if rate is not None and rate < 30 and said in ("none", "mild"):
            yield f"kidney_impairment is {said}, but {name} is {rate}. One of the two is wrong."


def _limits(record: Record, _last: date) -> Iterator[str]:
    """A study names one laboratory: its limit and that of a reference set are never mixed."""
    for number, study in enumerate(record.studies, start=1):
        row = Record(facts=study)
        given, laboratory = row.number("lower_limit_mv"), row.word("laboratory")
        named = reference_sets().get(laboratory or "")
        limit = named.limit(row.word("muscle"), "lower") if named is not None and named.unit == "mV" else None
        if given is not None and limit is not None and given != limit:
            yield (
                f"studies {number}: lower_limit_mv is {given}, but the set {laboratory} says {limit}. "
                "Two sets are never mixed: keep one of the two."
            )


def _is_noted(record: Record, *names: str) -> bool:
    return any(record.facts[name].note for name in names if name in record.facts)
