"""Review: what all rules say of one record on one day, in the order a clinician reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Record

INTENDED_USE: Final = (
    "For education, and as a reference for licensed professionals who can review the basis of every line. It is not a "
    "medical device, makes no diagnosis and gives no order; not for emergencies, and not for use by a patient alone."
)
NO_REVIEWER: Final = "No clinician has approved this wording yet."


@dataclass(frozen=True, slots=True)
class Settings:
    """What a review needs besides the record.

    Parameters
    ----------
    on
        The day of the review; ages, schedules and rule versions are taken on this day.
    pack
        Label pack: "us" or "eu".
    is_teaching
        Whether simulated findings may enter; every output then says SIMULATED.
    """

    on: date
    pack: str = "eu"
    is_teaching: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the review: its question and what each rule answers."""

    id: str
    title: str
    question: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One record read by every rule; a page, a letter, a bundle and a calendar are made of it."""

    record: Record
    settings: Settings
    sections: tuple[Section, ...]
    version: str

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result, in reading order."""
        return tuple(result for section in self.sections for result in section.results)

    @property
    def is_simulated(self) -> bool:
        """Whether any fact comes from a simulation."""
        facts = [*self.record.facts.values(), *(fact for study in self.record.studies for fact in study.values())]
        return any(fact.is_simulated for fact in facts)

    def section(self, name: str) -> Section:
        """Return one section by its id."""
        return next(section for section in self.sections if section.id == name)

    def missing(self) -> tuple[tuple[str, int], ...]:
        """Return the facts that rules ask for and how many ask, the most wanted first.

        The order within one rule counts too: what a rule names first weighs more.
        """
        weight: Counter[str] = Counter()
        asks: Counter[str] = Counter()
        for result in self.results:
            for place, name in enumerate(dict.fromkeys(result.missing)):
                weight[name] += 12 // (1 + place)
                asks[name] += 1
        return tuple((name, asks[name]) for name, _ in sorted(weight.items(), key=lambda pair: (-pair[1], pair[0])))

    def sources(self) -> tuple[str, ...]:
        """Return the id of every reference that a line rests on, in order of first use."""
        return tuple(dict.fromkeys(source for result in self.results for source in result.sources))


SectionMaker = Callable[[Record, Settings], Iterable[Result]]
