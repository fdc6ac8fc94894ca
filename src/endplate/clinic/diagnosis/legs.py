"""Legs: the single questions of which the published sets are built, each answered with yes, no or unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from endplate.clinic.electrodiagnosis import any_rule, decrement_known, increment_known, low_amplitude_known, percent_of
from endplate.clinic.logic import all_of, any_of, known_of
from endplate.clinic.record.derived import (
    AUTONOMIC_PARTS,
    PROXIMAL_PARTS,
    autonomic_signs,
    proximal_weakness,
)
from endplate.foundation.errors import unknown_name
from endplate.foundation.records.clinical import Known, Record

INCREMENT_FACTS: Final = ("before_mv", "after_mv", "high_rate_first_mv", "high_rate_largest_mv")
DECREMENT_FACTS: Final = ("first_mv", "fourth_mv", "low_rate_hz")
AMPLITUDE_FACTS: Final = ("before_mv", "lower_limit_mv", "laboratory")


@dataclass(frozen=True, slots=True)
class Leg:
    """One question and its answer; `facts` are what it reads."""

    label: str
    answer: Known
    facts: tuple[str, ...]

    @property
    def because(self) -> str:
        """Say the answer in one clause.

        Examples
        --------
        >>> Leg("reflexes reduced or absent", "yes", ()).because
        'reflexes reduced or absent: yes'
        """
        return f"{self.label}: {self.answer}"


def proximal(record: Record) -> Leg:
    """Ask for proximal weakness."""
    return Leg("proximal weakness", proximal_weakness(record), ("proximal_weakness", *PROXIMAL_PARTS))


def picture(record: Record) -> Leg:
    """Ask for proximal weakness together with reflex loss or autonomic signs."""
    either = any_of([record.known("reflexes_reduced"), autonomic_signs(record)])
    answer = all_of([proximal_weakness(record), either])
    facts = ("proximal_weakness", *PROXIMAL_PARTS, "reflexes_reduced", "autonomic_signs", *AUTONOMIC_PARTS)
    return Leg("proximal weakness with reduced reflexes or autonomic signs", answer, facts)


def antibody(record: Record) -> Leg:
    """Ask for the P/Q antibody, by the range of the laboratory that measured it."""
    return Leg("P/Q-type calcium-channel antibody", record.known("vgcc_pq_antibody"), ("vgcc_pq_antibody",))


def increment(record: Record, rule: str) -> Leg:
    """Ask for a valid increment by one rule, in any muscle."""
    return Leg(f"increment {_limit(rule)}, technique valid", increment_known(record, rule), INCREMENT_FACTS)


def decrement(record: Record, rule: str) -> Leg:
    """Ask for a valid decrement by one rule, in any muscle."""
    return Leg(f"decrement {_limit(rule)}, technique valid", decrement_known(record, rule), DECREMENT_FACTS)


def low_amplitude(record: Record) -> Leg:
    """Ask for a resting amplitude below the limit of its own laboratory, in any muscle."""
    label = "resting amplitude below that laboratory's own limit"
    return Leg(label, low_amplitude_known(record), AMPLITUDE_FACTS)


def rise_after_effort(record: Record) -> Leg:
    """Ask for any rise after effort, where a set names no size."""
    rises = [percent_of(study, "increment") for study in record.studies]
    answer = any_of(known_of(None if rise is None else rise > 0) for rise in rises) if rises else "unknown"
    return Leg("any rise after effort (the set names no size)", answer, ("before_mv", "after_mv"))


def decrement_at_3_hz(record: Record) -> Leg:
    """Ask for a decrement at 3 Hz; at another rate the set says nothing."""
    at_3 = tuple(study for study in record.studies if Record(facts=study).number("low_rate_hz") == 3)
    answer = decrement_known(Record(studies=at_3), "decrement-above-ten") if at_3 else "unknown"
    if answer == "no" and len(at_3) < len(record.studies):
        answer = "unknown"
    return Leg("decrement above 10 % at 3 Hz", answer, DECREMENT_FACTS)


def _limit(rule: str) -> str:
    latest = any_rule(rule).versions[-1]
    return f"{latest.operator} {latest.threshold} %"


def _fact(name: str, label: str) -> Callable[[Record], Leg]:
    return lambda record: Leg(label, record.known(name), (name,))


_PLAIN: Final[Mapping[str, Callable[[Record], Leg]]] = {
    "proximal": proximal,
    "picture": picture,
    "antibody": antibody,
    "low-amplitude": low_amplitude,
    "rise-after-effort": rise_after_effort,
    "decrement-at-3-hz": decrement_at_3_hz,
    "fluctuating": _fact("fluctuating_weakness", "weakness that fluctuates"),
    "reflexes": _fact("reflexes_reduced", "reflexes reduced or absent"),
}
_BY_RULE: Final[Mapping[str, Callable[[Record, str], Leg]]] = {"increment": increment, "decrement": decrement}


def leg(name: str, record: Record) -> Leg:
    """Answer one leg by its name in the data: ``picture``, or ``increment:increment-oh``.

    Raises
    ------
    UnknownNameError
        If there is no such leg or rule.

    Examples
    --------
    >>> leg("reflexes", Record()).answer
    'unknown'
    """
    kind, _, rule = name.partition(":")
    if rule and kind in _BY_RULE:
        return _BY_RULE[kind](record, rule)
    if name not in _PLAIN:
        raise unknown_name("leg", name, [*_PLAIN, *(f"{kind}:RULE" for kind in _BY_RULE)])
    return _PLAIN[name](record)
