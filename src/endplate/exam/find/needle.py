"""Jitter and blocking: each end-plate, then the study against a named reference set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

import numpy as np

from endplate.exam.find.settle import Reading, flags_of, outside, settle, unjudged
from endplate.exam.measure import Jitter, endplate_jitter
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Finding, Measurements, Recording
from endplate.foundation.rules import Activation, ReferenceSet, Rule, reference_set, rule

DEFAULT_SET: Final = "stalberg-2016"


def _activation(recording: Recording) -> Activation:
    return "voluntary" if recording.stimulation == "voluntary" else "stimulated"


def _rule(recording: Recording, chosen: ReferenceSet, *, of_the_mean: bool) -> tuple[Rule | None, str]:
    """Return the rule of the chosen set, or why it has none; limits for another electrode are not used."""
    if chosen.quantity != "jitter":
        return None, f"{chosen.name} holds limits of {chosen.quantity}, not of jitter"
    if chosen.electrode != recording.electrode:
        return None, f"{chosen.name} was made with a {chosen.electrode}, this recording with a {recording.electrode}"
    made = chosen.jitter_rule(recording.muscle, _activation(recording), of_the_mean=of_the_mean)
    what = "mean" if of_the_mean else "individual"
    reason = (
        f"{chosen.name} has no {what} limit for {recording.muscle or 'an unnamed muscle'}, {_activation(recording)}"
    )
    return made, reason


def jitter_findings(
    recording: Recording, measured: Sequence[Measurements], chosen: ReferenceSet | None, on: date | None
) -> tuple[Finding, ...]:
    """Read every end-plate and the study; without a chosen set, that of Stålberg 2016 is used and named."""
    used = chosen or reference_set(DEFAULT_SET)
    each = [endplate_jitter(one) for one in measured]
    found: list[Finding] = []
    for one, jitter in zip(measured, each, strict=True):
        found += _endplate(recording, one, jitter, used, on)
    return (*found, *_study(recording, measured, each, used, on))


def _rounded_us(jitter_us: float) -> Decimal:
    """Return jitter rounded half-even to 0.1 us, the resolution of the published limits."""
    return Decimal(repr(float(jitter_us))).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)


def _enough(jitter: Jitter) -> bool:
    return jitter.n_discharges >= values_of("exam/measure")["fewest_discharges"] and jitter.n_differences >= 2


def _endplate(
    recording: Recording, measured: Measurements, jitter: Jitter, used: ReferenceSet, on: date | None
) -> list[Finding]:
    sweeps = tuple(range(measured.n_sweeps))
    absent = () if _enough(jitter) else (f"at least {values_of('exam/measure')['fewest_discharges']:g} discharges",)
    value = _rounded_us(jitter.jitter_us) if _enough(jitter) else None
    name = f"end-plate {measured.channel}: {'MSD' if jitter.sorted_used else 'MCD'}"
    reading = Reading("jitter", name, value, "us", measured.flags, sweeps, absent, used.name)
    named, reason = _rule(recording, used, of_the_mean=False)
    first = settle(reading, named, on=on) if named is not None else unjudged(reading, reason)
    blocking = Reading(
        "blocking", f"end-plate {measured.channel}: blocked impulses", jitter.blocking_percent, "%",
        flags_of(measured, sweeps), sweeps, (), used.name,
    )  # fmt: skip
    return [first, settle(blocking, rule("blocking"), on=on)]


def _study(
    recording: Recording,
    measured: Sequence[Measurements],
    each: Sequence[Jitter],
    used: ReferenceSet,
    on: date | None,
) -> list[Finding]:
    """Judge the study; with fewer end-plates than wanted only a share that they could not lower is told."""
    direct = [one for one in measured if "direct stimulation" in one.flags]
    tested = [jitter for one, jitter in zip(measured, each, strict=True) if one not in direct and _enough(jitter)]
    fewest = int(values_of("exam/measure")["fewest_endplates"])
    flags = tuple(dict.fromkeys(flag for one in measured if one not in direct for flag in one.flags))
    absent = () if len(tested) >= fewest else (f"at least {fewest} end-plates, this study has {len(tested)}",)
    values = [_rounded_us(jitter.jitter_us) for jitter in tested]
    mean = _rounded_us(float(np.mean([jitter.jitter_us for jitter in tested]))) if len(tested) >= fewest else None
    found = []
    reading = Reading("jitter", f"study: mean of {len(tested)} end-plates", mean, "us", flags, (), absent, used.name)
    named, reason = _rule(recording, used, of_the_mean=True)
    found.append(settle(reading, named, on=on) if named is not None else unjudged(reading, reason))
    individual, reason = _rule(recording, used, of_the_mean=False)
    share = Reading("jitter", "study: end-plates above the individual limit", None, "%", flags, (), absent, used.name)
    if individual is None:
        return [*found, outside(share, rule("jitter-share"), reason, "an individual limit", on=on)]
    above = sum(value > individual.versions[-1].threshold for value in values)
    of = max(len(values), fewest)  # end-plates that are missing may all be normal
    read = replace(share, value=Fraction(100 * above, of), absent=())
    judged = settle(read, rule("jitter-share"), on=on)
    if not absent:
        return [*found, judged]
    if judged.verdict != "supports":
        return [*found, settle(share, rule("jitter-share"), on=on)]
    because = f"at least {judged.because}: {above} of {len(values)} measured, and {of} are wanted"
    return [*found, replace(judged, because=because)]
