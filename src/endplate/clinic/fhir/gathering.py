"""Gathering: what was understood of a document and what was left, and how several values of one fact become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Fact, Medicine

_CONSTANT: Final = ("birth_date", "sex", "onset_date", "diagnosis_date")  # two values of these are two stories


@dataclass(frozen=True, slots=True)
class Left:
    """One thing that was not taken over: where it stands, what it is, and why."""

    path: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.path} ({self.what}): {self.why}" if self.what else f"{self.path}: {self.why}"


class NotUnderstood(Exception):  # noqa: N818 - no error: what is not understood is told, and the rest is read
    """Raised by a reader of one resource for what it cannot take over; the text says why."""


@dataclass(slots=True)
class Gathering:
    """Grows while the resources of one document are read."""

    today: date = date.max
    facts: dict[str, list[tuple[str, Fact]]] = field(default_factory=dict)
    implied: list[tuple[str, Fact]] = field(default_factory=list)
    medicines: list[tuple[str, Medicine]] = field(default_factory=list)
    studies: list[Mapping[str, Fact]] = field(default_factory=list)
    scans: list[Mapping[str, Fact]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    label: str = ""
    is_synthetic: bool = False
    provenance: dict[str, str] = field(default_factory=dict)

    def add(self, fact: Fact, path: str) -> None:
        """Keep one fact with the place where it stood."""
        self.facts.setdefault(fact.name, []).append((path, fact))

    def imply(self, fact: Fact, path: str) -> None:
        """Keep a fact that came with another one: it counts where nothing says the same."""
        self.implied.append((path, fact))

    def leave(self, path: str, what: str, why: str) -> None:
        """Keep what was not understood."""
        self.left.append(Left(path, what, why))

    def drop_repeated_medicines(self) -> None:
        """Keep one of a medicine that is stated and ordered in the same words: two would look like a double dose."""
        stated = {_same(one) for path, one in self.medicines if "MedicationStatement" in path}
        kept = []
        for path, one in self.medicines:
            if "MedicationRequest" in path and _same(one) in stated:
                self.leave(path, one.name, "the same medicine, with the same doses, is stated too; it counts once")
            else:
                kept.append((path, one))
        self.medicines = kept

    def merged(self, *, name: str) -> dict[str, Fact]:
        """Return one fact of each name: the newest; of two that contradict each other on one day, unknown.

        Raises
        ------
        InputError
            If two different days of birth, sexes, onsets or diagnoses are given.
        """
        for path, fact in self.implied:
            if all(fact.value != told.value for _, told in self.facts.get(fact.name, ())):
                self.add(fact, path)
        return {fact: self._merged(fact, told, name) for fact, told in self.facts.items()}

    def _merged(self, name: str, told: Sequence[tuple[str, Fact]], document: str) -> Fact:
        values = {fact.value for _, fact in told}
        if len(values) > 1 and name in _CONSTANT:
            shown = " and ".join(f"{fact.value} ({path})" for path, fact in told[:2])
            raise InputError(f"{document}: two values of {name}: {shown}. Correct one in the other system.")
        in_order = sorted(told, key=lambda one: one[1].on or date.min)  # stable: of one day the later entry stands
        path, newest = in_order[-1]
        others = [(place, fact) for place, fact in in_order[:-1] if fact.value != newest.value]
        rivals = [(place, fact) for place, fact in others if fact.on == newest.on]
        if rivals:
            against = ", ".join(f"{fact.value} ({place})" for place, fact in rivals)
            why = f"contradicts {against} of the same day; {name} stays unknown until a person decides"
            self.leave(path, name, f"{newest.value} {why}")
            return replace(newest, value=None, note=f"contradictory: {newest.value}, {against}"[:300])
        for place, fact in others:
            self.leave(place, name, f"{fact.value} is older than {newest.value} ({path})")
        return newest


def _same(one: Medicine) -> tuple[object, ...]:
    return (
        one.name.casefold(), one.status, one.atc, one.rxnorm, one.route, one.single_dose_mg, one.doses_per_day,
        one.daily_dose_mg,
    )  # fmt: skip


def day(value: Any) -> date | None:
    """Return the day of a FHIR date or dateTime, or None where it names no single day.

    Examples
    --------
    >>> day("2026-01-10T09:30:00Z"), day("2026-01"), day(None)
    (datetime.date(2026, 1, 10), None, None)
    """
    if not isinstance(value, str) or len(value) < 10:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def words(concept: Any) -> str:
    """Return what a CodeableConcept says in words, as short as one line.

    Examples
    --------
    >>> words({"coding": [{"code": "8302-2", "display": "Body height"}]}), words({"text": "Height"})
    ('Body height', 'Height')
    """
    if not isinstance(concept, Mapping):
        return ""
    if concept.get("text"):
        return str(concept["text"])[:120]
    for coding in concept.get("coding", ()):
        if isinstance(coding, Mapping) and (coding.get("display") or coding.get("code")):
            return str(coding.get("display") or coding["code"])[:120]
    return ""


def extension(node: Mapping[str, Any], url: str) -> Mapping[str, Any] | None:
    """Return the extension of one address, or None."""
    listed = node.get("extension", ())
    return next((one for one in listed if isinstance(one, Mapping) and one.get("url") == url), None)
