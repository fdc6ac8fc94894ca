"""Checking: what is wrong with a set of claims, one sentence for each defect, nothing left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from endplate.clinic.knowledge.claim import Claim
from endplate.clinic.knowledge.codes import codes
from endplate.clinic.knowledge.readability import LIMIT, grade, sentences
from endplate.clinic.knowledge.symptoms import symptoms
from endplate.foundation.errors import nearest

LONGEST_MEAN_SENTENCE: Final = 20  # words, of the text for patients


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong with one claim; `kind` is a word for programs."""

    claim: str
    kind: str
    text: str


def subjects() -> frozenset[str]:
    """Return every code that a claim may be about."""
    return frozenset({*codes(), *(code for one in symptoms().values() for code in one.hpo)})


def defects_of(
    found: Mapping[str, Claim],
    *,
    on: date,
    references: Mapping[str, Any],
    rules: Collection[str] | None = None,
) -> list[Defect]:
    """Return the defects of claims on one day.

    Parameters
    ----------
    found
        Claims by id, as the loader returns them: what breaks the schema was refused there.
    on
        The day of the check; a review that is due before it is overdue.
    references
        What a source may name.
    rules
        Ids of the rules that exist, or None where nobody knows them.

    Examples
    --------
    >>> from endplate.clinic.knowledge.claims import claims
    >>> from endplate.clinic.knowledge.references import references
    >>> late = defects_of({"M001": claims()["M001"]}, on=date(2099, 1, 1), references=references())
    >>> print(late[0].text)
    its review was due on 2029-11-21.
    """
    allowed = subjects()
    defects: list[Defect] = []
    for claim in found.values():
        defects += [Defect(claim.id, *one) for one in _of_links(claim, allowed, references, rules)]
        defects += [Defect(claim.id, *one) for one in _of_words(claim)]
        if claim.review_due < on:
            defects.append(Defect(claim.id, "overdue", f"its review was due on {claim.review_due}."))
    return defects


def _of_links(
    claim: Claim, allowed: Collection[str], references: Mapping[str, Any], rules: Collection[str] | None
) -> Iterator[tuple[str, str]]:
    if claim.subject not in allowed:
        yield (
            "subject",
            f"its subject {claim.subject} is no code that the clinic knows{_guess(claim.subject, allowed)}.",
        )
    for source in claim.sources:
        if source.id not in references:
            yield "source", f"its source {source.id} is in no references.json{_guess(source.id, references)}."
    for rule in claim.rules:
        if rules is not None and rule not in rules:
            yield "rule", f"its rule {rule} does not exist{_guess(rule, rules)}."


def _guess(name: str, options: Collection[str]) -> str:
    hit = nearest(name, options)
    return f"; did you mean {hit}?" if hit else ""


def _of_words(claim: Claim) -> Iterator[tuple[str, str]]:
    found = grade(claim.patient)
    if found > LIMIT:
        yield (
            "readability",
            f"its text for patients reads at grade {found:.1f}; at most {LIMIT:g}. Shorten words and sentences.",
        )
    mean = len(claim.patient.split()) / len(sentences(claim.patient))
    if mean > LONGEST_MEAN_SENTENCE:
        yield "sentences", f"its sentences for patients have {mean:.0f} words on average; at most 20."
