"""Claim: one statement about the condition, for clinicians and for patients, with its stance and its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, cast

from endplate.clinic.knowledge.tables import check_table, day_of, text_of, texts_of, word_of
from endplate.foundation.errors import DataError
from endplate.foundation.parameters import CHECKED

Stance = Literal["supported", "qualified", "contested", "refuted", "unknown"]
STANCES: Final = ("supported", "qualified", "contested", "refuted", "unknown")
# strongest first; "expert page" is a page without a study behind it, "none" says that no study was found
EVIDENCE: Final = (
    "guideline", "systematic review", "trial", "cohort", "case series", "label", "review", "laboratory",
    "expert page", "none",
)  # fmt: skip
SAFETY_CLASSES: Final = ("A", "B", "C")
REVIEWERS_NEEDED: Final = {"A": 2, "B": 1, "C": 1}
JURISDICTIONS: Final = ("international", "US", "EU", "UK", "CH")
NO_REVIEWER: Final = "No clinician has reviewed this text yet."

_NEEDED: Final = (
    "subject", "clinician", "patient", "stance", "evidence", "jurisdiction", "stated", "review_due", "safety_class",
    "sources",
)  # fmt: skip
_OPTIONAL: Final = ("refutes", "other_view", "reviewers", "rules", "scenario")
_SOURCE_NEEDED: Final = ("id", "says", "checked")


@dataclass(frozen=True, slots=True)
class Source:
    """What one reference says of a claim, in our words; `checked` is what of it was read: paper, abstract or none."""

    id: str
    says: str
    checked: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement.

    Parameters
    ----------
    id
        Id of the row that it embodies (M001 ...).
    subject
        What it is about: a code of ``codes.toml``, or a code of a symptom.
    clinician, patient
        The text for each reader; both tell the truth, also where `refutes` is told false.
    stance
        What the sources say together. "refuted": `refutes` holds the false statement, which is never
        shown without the word.
    evidence
        The strongest kind of study among the sources.
    jurisdiction
        Where it holds.
    stated, review_due
        The day it was written, and the day by which somebody must read it again.
    safety_class
        "A" for dose, red flag and contraindication, "B" for what else could harm, "C" for the rest.
    sources
        At least one.
    other_view
        What other sources say; needed where the stance is "contested".
    reviewers
        Names of clinicians who approved the texts; empty says that nobody has.
    rules
        Ids of rules that embody it, such as ``diagnosis/endplate-grade``.
    scenario
        What shows the mechanism in the simulator, as ``endplate exam`` reads it; empty where nothing does.
    section
        Name of the file it stands in.
    """

    id: str
    subject: str
    clinician: str
    patient: str
    stance: Stance
    evidence: str
    jurisdiction: str
    stated: date
    review_due: date
    safety_class: str
    sources: tuple[Source, ...]
    refutes: str = ""
    other_view: str = ""
    reviewers: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    scenario: str = ""
    section: str = ""

    @property
    def is_unverified(self) -> bool:
        """Tell whether nobody has read any of its sources for this text."""
        return all(source.checked == "none" for source in self.sources)

    @property
    def is_reviewed(self) -> bool:
        """Tell whether as many clinicians approved it as its safety class asks for."""
        return len(self.reviewers) >= REVIEWERS_NEEDED[self.safety_class]

    @property
    def review_note(self) -> str:
        """Say who reviewed it, or that nobody did, or that a second reviewer is missing."""
        if not self.reviewers:
            return NO_REVIEWER
        missing = "" if self.is_reviewed else "; a second reviewer is still missing"
        return f"Reviewed by {', '.join(self.reviewers)}{missing}."


def parse_claim(name: str, table: object, *, section: str) -> Claim:
    """Read one claim.

    Raises
    ------
    DataError
        If a key is unknown or missing, no source is given, a source says nothing, or the stance asks
        for a text that is absent.
    """
    here = f"claim {name} in {section}"
    if isinstance(table, dict) and not table.get("sources"):
        raise DataError(f"{here}: no source; name one, or leave the statement out.")
    known = check_table(table, _NEEDED, _OPTIONAL, here)
    claim = Claim(
        id=name,
        subject=text_of(known, "subject", here),
        clinician=text_of(known, "clinician", here),
        patient=text_of(known, "patient", here),
        stance=cast(Stance, word_of(known, "stance", STANCES, here)),
        evidence=word_of(known, "evidence", EVIDENCE, here),
        jurisdiction=word_of(known, "jurisdiction", JURISDICTIONS, here),
        stated=day_of(known, "stated", here),
        review_due=day_of(known, "review_due", here),
        safety_class=word_of(known, "safety_class", SAFETY_CLASSES, here),
        sources=_sources(known["sources"], here),
        refutes=text_of(known, "refutes", here),
        other_view=text_of(known, "other_view", here),
        reviewers=texts_of(known, "reviewers", here),
        rules=texts_of(known, "rules", here),
        scenario=text_of(known, "scenario", here),
        section=section,
    )
    _check_stance(claim, here)
    return claim


def _sources(value: object, here: str) -> tuple[Source, ...]:
    if not isinstance(value, list):
        raise DataError(f"{here}: sources must be a list of tables, got {value!r}.")
    found = []
    for one in value:
        table: Mapping[str, Any] = check_table(one, _SOURCE_NEEDED, ("where",), f"{here}: source")
        checked = word_of(table, "checked", CHECKED, here)
        found.append(
            Source(text_of(table, "id", here), text_of(table, "says", here), checked, text_of(table, "where", here))
        )
    names = [source.id for source in found]
    if len(set(names)) < len(names):
        raise DataError(f"{here}: a source is named twice; say all it says in one entry.")
    return tuple(found)


def _check_stance(claim: Claim, here: str) -> None:
    """Hold a refuted claim apart from its refutation, and a contested one together with its other view."""
    if (claim.stance == "refuted") != bool(claim.refutes):
        raise DataError(f"{here}: 'refutes', the false statement, belongs to a refuted claim and only there.")
    if claim.stance == "contested" and not claim.other_view:
        raise DataError(f"{here}: a contested claim says the other view (other_view).")
    if claim.review_due <= claim.stated:
        raise DataError(f"{here}: review_due {claim.review_due} is not after stated {claim.stated}.")
