"""Readings: the increments, the decrement and the resting amplitude of one study, each with its gates."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from endplate.clinic.electrodiagnosis.gates import Gate, Reads, gates, in_the_way, settled
from endplate.clinic.logic import any_of
from endplate.clinic.reading import plain, words_of
from endplate.foundation.records.clinical import Fact, Known, Record
from endplate.foundation.rules import (
    Rule,
    decrement_percent,
    increment_percent,
    judge,
    parse_rules,
    reference_sets,
    rounded_mv,
    rule,
)

_FILE: Final = Path(__file__).with_name("rules.toml")
_FACTS: Final[Mapping[Reads, tuple[str, ...]]] = {
    "increment": ("before_mv", "after_mv"),
    "high-rate increment": ("high_rate_first_mv", "high_rate_largest_mv", "high_rate_hz"),
    "decrement": ("first_mv", "fourth_mv", "low_rate_hz"),
    "amplitude": ("before_mv", "lower_limit_mv", "laboratory"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of one study, and what it says under one rule.

    `is_abnormal` is the number alone, and `because` its comparison; `verdict` looks at the technique too.
    `missing` names facts that stand between the number and a verdict.
    """

    reads: Reads
    rule: str
    percent: Fraction | None
    is_abnormal: Known
    verdict: Known
    because: str
    gates: tuple[Gate, ...] = ()
    missing: tuple[str, ...] = ()
    source: str = ""
    checked: str = ""

    @property
    def in_the_way(self) -> tuple[Gate, ...]:
        """Return the gates of technique that keep this number from a verdict."""
        return () if self.is_abnormal == "unknown" else tuple(in_the_way(self.is_abnormal, self.gates))


@functools.cache
def own_rules() -> dict[str, Rule]:
    """Return the thresholds of our own grade and audit."""
    return parse_rules(_FILE.read_text(encoding="utf-8"), where=_FILE.name)


def any_rule(name: str) -> Rule:
    """Return a rule of the foundation or one of ours, by its id."""
    return own_rules().get(name) or rule(name)


def percent_of(study: Mapping[str, Fact], reads: Reads) -> Fraction | None:
    """Return the percentage of one study in exact decimals, or None where an amplitude is missing or zero.

    Examples
    --------
    >>> from decimal import Decimal
    >>> row = {"before_mv": Fact("before_mv", Decimal("1.10")), "after_mv": Fact("after_mv", Decimal("1.76"))}
    >>> percent_of(row, "increment")
    Fraction(60, 1)
    """
    row = Record(facts=study)
    first, later = (row.number(name) for name in _FACTS[reads][:2])
    if first is None or later is None or rounded_mv(first) <= 0:
        return None
    if reads == "decrement":
        return decrement_percent(first_mv=first, later_mv=later)
    return increment_percent(before_mv=first, after_mv=later)


def read(study: Mapping[str, Fact], reads: Reads, rule_name: str) -> Reading:
    """Read one percentage of one study by one rule.

    Parameters
    ----------
    study
        Facts of the vocabulary's group `study`.
    reads
        "increment" (after effort), "high-rate increment" or "decrement".
    rule_name
        Id of a rule of :mod:`endplate.foundation.rules`, or one of ours.

    Returns
    -------
    Reading
        Unknown where the rule does not read this kind of number, or not at this rate.
    """
    one = any_rule(rule_name)
    found = gates(study, reads)
    missing = _missing(study, reads, found)
    number = percent_of(study, reads)
    outside = _outside(study, reads, one)
    if outside or number is None:
        because = outside or f"{' or '.join(words_of(name) for name in _FACTS[reads][:2])} is not known"
        return Reading(reads, rule_name, number, "unknown", "unknown", because, found, missing)
    judgement = judge(one, number, "%")
    is_abnormal: Known = "yes" if judgement.verdict == "supports" else "no"
    verdict = settled(is_abnormal, found)
    because = judgement.because
    checked = one.versions[-1].checked
    return Reading(reads, rule_name, number, is_abnormal, verdict, because, found, missing, judgement.source, checked)


def _outside(study: Mapping[str, Fact], reads: Reads, one: Rule) -> str:
    """Say why a rule does not read this number, or nothing."""
    if reads == "increment":
        return "" if one.after_effort else f"{one.id} reads a fast train only, not an effort"
    if one.rates_hz is None:
        return ""
    name = _FACTS[reads][2]
    rate = Record(facts=study).number(name)
    if rate is None:
        return f"{words_of(name)} is not known"
    low, high = one.rates_hz
    return (
        ""
        if low <= rate <= high
        else f"{words_of(name)} is {plain(rate)} Hz, but {one.id} reads {low:g} to {high:g} Hz"
    )


def _missing(study: Mapping[str, Fact], reads: Reads, found: tuple[Gate, ...]) -> tuple[str, ...]:
    wanted = [*_FACTS[reads], *(name for gate in found if gate.is_met == "unknown" for name in gate.facts)]
    return tuple(name for name in dict.fromkeys(wanted) if name not in study)


def read_amplitude(study: Mapping[str, Fact]) -> Reading:
    """Read the resting amplitude against the limit of the laboratory that measured it, never of another.

    A laboratory that is named like a built-in reference set takes that set's limit for the muscle; a record that
    gives another limit beside it is refused when it is read.

    Examples
    --------
    >>> from decimal import Decimal
    >>> read_amplitude({"before_mv": Fact("before_mv", Decimal("1.2"))}).because
    'no limit of the laboratory that measured is known'
    """
    row = Record(facts=study)
    found = gates(study, "amplitude")
    missing = _missing(study, "amplitude", found)
    number, limit, laboratory = row.number("before_mv"), row.number("lower_limit_mv"), row.word("laboratory")
    of_set = reference_sets().get(laboratory or "")
    in_set = of_set.limit(row.word("muscle"), "lower") if of_set is not None and of_set.unit == "mV" else None
    named = "low-amplitude"
    limit = in_set if in_set is not None else limit
    if number is None or limit is None or laboratory is None:
        because = (
            "the amplitude at rest is not known"
            if number is None
            else "no limit of the laboratory that measured is known"
        )
        return Reading("amplitude", named, None, "unknown", "unknown", because, found, missing)
    amplitude = rounded_mv(number)
    is_abnormal: Known = "yes" if amplitude < limit else "no"
    words = "below" if is_abnormal == "yes" else "not below"
    because = f"{plain(amplitude)} mV is {words} the limit of {laboratory}, {plain(limit)} mV"
    verdict = settled(is_abnormal, found)
    source, checked = (of_set.source, of_set.checked) if in_set is not None and of_set is not None else ("", "")
    return Reading("amplitude", named, None, is_abnormal, verdict, because, found, missing, source, checked)


def increment_known(record: Record, rule_name: str) -> Known:
    """Return whether any muscle rose as the rule says, after effort or at a high rate.

    No needs every study to be valid and normal in both ways: one muscle may rise where another does not.
    """
    one = any_rule(rule_name)
    kinds: list[Reads] = ["increment"] if one.after_effort else []
    kinds += ["high-rate increment"] if one.rates_hz else []
    return _any([read(study, kind, rule_name).verdict for study in record.studies for kind in kinds])


def decrement_known(record: Record, rule_name: str) -> Known:
    """Return whether any muscle fell at a low rate as the rule says."""
    return _any([read(study, "decrement", rule_name).verdict for study in record.studies])


def low_amplitude_known(record: Record) -> Known:
    """Return whether any resting amplitude is below the limit of its own laboratory."""
    return _any([read_amplitude(study).verdict for study in record.studies])


def _any(answers: list[Known]) -> Known:
    """Return unknown where nothing was studied: no study is not a normal study."""
    return any_of(answers) if answers else "unknown"
