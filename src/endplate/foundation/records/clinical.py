"""Record: one person's clinical facts, three-valued, each with its date and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Known = Literal["yes", "no", "unknown"]
Value = str | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it was given; never guessed, never turned from unknown into no.

    `value` is "yes" or "no" for a three-valued fact, a Decimal in the unit of the vocabulary for
    a number, a date, or one word of a choice; None is unknown. `is_confirmed` is False for a number
    that an instrument or another system delivered and no named person has accepted yet.
    """

    name: str
    value: Value
    on: date | None = None
    source: str = ""
    is_confirmed: bool = True
    is_simulated: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine, as written: taken now, proposed or stopped. Amounts are of the substance that the label names.

    `indication` is what it is given for, where that changes how it is judged (magnesium, blockers).
    """

    name: str
    status: Literal["taken", "proposed", "stopped"] = "taken"
    atc: str = ""
    rxnorm: str = ""
    route: str = ""
    daily_dose_mg: Decimal | None = None
    single_dose_mg: Decimal | None = None
    doses_per_day: int | None = None
    since: date | None = None
    source: str = ""
    indication: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one person; whatever it does not name is unknown.

    Parameters
    ----------
    facts
        By name of the vocabulary. A name that is absent is unknown.
    medicines
        In the order given.
    studies
        Electrodiagnostic studies, each with the names of the vocabulary's group `study`.
    scans
        Scans for a tumour, each with the names of the vocabulary's group `scan`.
    label
        How the person is called in the output; synthetic persons say that they are.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    medicines: tuple[Medicine, ...] = ()
    studies: tuple[Mapping[str, Fact], ...] = ()
    scans: tuple[Mapping[str, Fact], ...] = ()
    label: str = ""
    is_synthetic: bool = False
    provenance: Mapping[str, str] = field(default_factory=dict)

    def known(self, name: str) -> Known:
        """Return yes, no or unknown.

        Examples
        --------
        >>> record = Record(facts={"dry_mouth": Fact("dry_mouth", "yes")})
        >>> record.known("dry_mouth"), record.known("ptosis")
        ('yes', 'unknown')
        """
        fact = self.facts.get(name)
        if fact is None or not fact.is_confirmed:
            return "unknown"
        return "yes" if fact.value == "yes" else "no" if fact.value == "no" else "unknown"

    def number(self, name: str) -> Decimal | None:
        """Return a confirmed number in the vocabulary's unit, or None.

        Examples
        --------
        >>> Record(facts={"weight_kg": Fact("weight_kg", Decimal("70.5"))}).number("weight_kg")
        Decimal('70.5')
        """
        fact = self.facts.get(name)
        return fact.value if fact is not None and fact.is_confirmed and isinstance(fact.value, Decimal) else None

    def day(self, name: str) -> date | None:
        """Return a confirmed date, or None."""
        fact = self.facts.get(name)
        return fact.value if fact is not None and fact.is_confirmed and isinstance(fact.value, date) else None

    def word(self, name: str) -> str | None:
        """Return the word of a confirmed choice, or None."""
        fact = self.facts.get(name)
        return fact.value if fact is not None and fact.is_confirmed and isinstance(fact.value, str) else None
