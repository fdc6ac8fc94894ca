"""DELTA-P: six items, each yes, no or unknown, and so a score that may be an interval."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from endplate.clinic.logic import known_of
from endplate.clinic.reading import plain
from endplate.clinic.record.derived import BULBAR_PARTS, age_at_onset_years, bulbar_involvement
from endplate.foundation.records.clinical import Known, Record

AGE_YEARS: Final = 50  # the item is present at >= this age at onset
WEIGHT_LOSS_PERCENT: Final = Decimal(5)  # >=
KARNOFSKY: Final = Decimal(70)  # <
FACTS: Final = (
    "bulbar_involvement", *BULBAR_PARTS, "sex", "erectile_dysfunction", "weight_loss_percent", "smoker_current",
    "smoker_ever", "age_at_onset_years", "birth_date", "onset_date", "age_years", "karnofsky",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the score: its letter, whether it is present, why, and the facts that would settle it."""

    letter: str
    name: str
    present: Known
    because: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeltaP:
    """The score of one person: exact where `low` equals `high`."""

    items: tuple[Item, ...]
    is_woman: bool
    is_former_smoker: bool

    @property
    def low(self) -> int:
        """The score if every unknown item were absent."""
        return sum(item.present == "yes" for item in self.items)

    @property
    def high(self) -> int:
        """The score if every unknown item were present."""
        return sum(item.present != "no" for item in self.items)

    @property
    def maximum(self) -> int:
        """The highest score that this person could have: 5 for a woman, because E is an item of men."""
        return 5 if self.is_woman else 6

    @property
    def unknown(self) -> tuple[Item, ...]:
        """The items that nobody has answered."""
        return tuple(item for item in self.items if item.present == "unknown")

    @property
    def shown(self) -> str:
        """The score as text.

        Examples
        --------
        >>> score_deltap(Record()).shown
        '0 to 6'
        """
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


def score_deltap(record: Record) -> DeltaP:
    """Score a record.

    Examples
    --------
    >>> from endplate.foundation.records.clinical import Fact
    >>> facts = [Fact("sex", "female"), Fact("age_at_onset_years", Decimal(62)), Fact("smoker_current", "yes")]
    >>> score = score_deltap(Record(facts={fact.name: fact for fact in facts}))
    >>> score.low, score.high, score.maximum
    (2, 5, 5)
    """
    items = (
        _bulbar(record),
        _erectile(record),
        _weight_loss(record),
        _tobacco(record),
        _age(record),
        _performance(record),
    )
    is_former = record.known("smoker_ever") == "yes" and record.known("smoker_current") == "no"
    return DeltaP(items, record.word("sex") == "female", is_former)


def _bulbar(record: Record) -> Item:
    present = bulbar_involvement(record)
    named = [name.replace("_", " ") for name in BULBAR_PARTS if record.known(name) == "yes"]
    because = {
        "yes": f"bulbar involvement: {', '.join(named) or 'recorded'}",
        "no": "no bulbar involvement",
        "unknown": "bulbar involvement: not known",
    }[present]
    return Item("D", "bulbar involvement", present, because, ("bulbar_involvement",))


def _erectile(record: Record) -> Item:
    name = "erectile dysfunction (men)"
    if record.word("sex") == "female":
        return Item("E", name, "no", "erectile dysfunction: not applicable, so a woman scores at most 5", ())
    present = record.known("erectile_dysfunction")
    because = {
        "yes": "erectile dysfunction",
        "no": "no erectile dysfunction",
        "unknown": "erectile dysfunction: not known",
    }
    asks = ("erectile_dysfunction",) if record.word("sex") is not None else ("sex", "erectile_dysfunction")
    return Item("E", name, present, because[present], asks)


def _weight_loss(record: Record) -> Item:
    loss = record.number("weight_loss_percent")
    present = known_of(None if loss is None else loss >= WEIGHT_LOSS_PERCENT)
    because = (
        "weight loss: not known"
        if loss is None
        else _compared("weight loss", loss, " %", present, "at least 5 %", "below 5 %")
    )
    return Item("L", "weight loss of at least 5 %", present, because, ("weight_loss_percent",))


def _tobacco(record: Record) -> Item:
    current, ever = record.known("smoker_current"), record.known("smoker_ever")
    present: Known = "no" if current == "unknown" and ever == "no" else current
    because = {
        "yes": "smokes now",
        "no": "never smoked" if ever == "no" else "does not smoke now",
        "unknown": "smoking now: not known",
    }[present]
    if present == "no" and ever == "yes":
        because = "smoked before, not now: scores 0, which understates risk"
    return Item("T", "tobacco use now", present, because, ("smoker_current",))


def _age(record: Record) -> Item:
    name, asks = "age at onset of at least 50", ("age_at_onset_years",)
    age, now = age_at_onset_years(record), record.number("age_years")
    if age is not None:
        present = known_of(age >= AGE_YEARS)
        return Item("A", name, present, _compared("age at onset", age, "", present, "at least 50", "below 50"), asks)
    if now is not None and now < AGE_YEARS:
        return Item("A", name, "no", f"{plain(now)} years old now, so below 50 at onset", asks)
    return Item("A", name, "unknown", "age at onset: not known", asks)


def _performance(record: Record) -> Item:
    status = record.number("karnofsky")
    present = known_of(None if status is None else status < KARNOFSKY)
    because = (
        "Karnofsky: not known"
        if status is None
        else _compared("Karnofsky", status, "", present, "below 70", "not below 70")
    )
    return Item("P", "Karnofsky below 70", present, because, ("karnofsky",))


def _compared(what: str, value: Decimal, unit: str, present: Known, holds: str, fails: str) -> str:
    return f"{what} {plain(value)}{unit} is {holds if present == 'yes' else fails}"
