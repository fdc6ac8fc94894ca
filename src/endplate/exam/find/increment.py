"""Increment after effort and at high rate, each published rule side by side; the single volley of a reflex."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

import numpy as np

from endplate.exam.find.settle import Reading, flags_of, settle, settle_at_rate, unjudged
from endplate.exam.measure import Pair, effort_pairs
from endplate.foundation.errors import InputError
from endplate.foundation.records import Finding, Measurements, Recording, Train
from endplate.foundation.rules import exact, increment_percent, rule

_RULES: Final = ("increment-kohler", "increment-oh", "increment-zambelis", "increment-doubled", "increment-suspicious")


def _change(before_mv: float, after_mv: float) -> Fraction | None:
    if not (np.isfinite(before_mv) and np.isfinite(after_mv)):
        return None
    try:
        return increment_percent(before_mv=before_mv, after_mv=after_mv)
    except InputError:  # the response before rounds to nothing
        return None


def _area_change(measured: Measurements, before: int, after: int) -> Fraction | None:
    one, other = measured.area_mvms[before], measured.area_mvms[after]
    known = np.isfinite(one) and np.isfinite(other) and one > 0.0
    return exact(float(100.0 * (other - one) / one)) if known else None


def increments_after_effort(recording: Recording, measured: Measurements, on: date | None) -> tuple[Finding, ...]:
    """Read each pair of responses before and after an effort."""
    pairs = effort_pairs(recording)
    if not pairs:
        absent = ("a response before and one just after effort",)
        reading = Reading("increment", "after effort", None, "%", measured.flags, (), absent)
        return (settle(reading, rule("increment-kohler"), on=on),)
    found: list[Finding] = []
    for pair in pairs:
        sweeps = (pair.before_sweep, pair.after_sweep)
        value = _change(*(float(measured.amplitude_mv[sweep]) for sweep in sweeps))
        flags = flags_of(measured, sweeps)
        missing = () if value is not None else ("measurable responses before and after effort",)
        reading = Reading("increment", f"{pair.after.name}: amplitude", value, "%", flags, sweeps, missing)
        found += [settle(reading, rule(name), on=on) for name in _RULES if rule(name).after_effort]
        area = _area_change(measured, *sweeps)
        beside = Reading("increment", f"{pair.after.name}: area", area, "%", flags, sweeps)
        found.append(unjudged(beside, "published limits are for amplitude; area stands beside it"))
    return tuple(found)


def increments_at_high_rate(recording: Recording, measured: Measurements, on: date | None) -> tuple[Finding, ...]:
    """Read each high-rate train from its first to its largest response."""
    found: list[Finding] = []
    for train in recording.trains:
        if train.role == "high rate" and len(train.sweeps) > 1:
            found += _high_rate(measured, train, on)
    return tuple(found)


def _high_rate(measured: Measurements, train: Train, on: date | None) -> list[Finding]:
    amplitude = measured.amplitude_mv[list(train.sweeps)]
    largest = int(np.nanargmax(amplitude)) if np.isfinite(amplitude).any() else 0
    sweeps = (train.sweeps[0], train.sweeps[largest])
    value = _change(float(amplitude[0]), float(amplitude[largest]))
    flags, absent = flags_of(measured, sweeps), () if value is not None else ("a measurable first response",)
    reading = Reading("high-rate increment", f"{train.name}: amplitude", value, "%", flags, sweeps, absent)
    found = [settle_at_rate(reading, rule(name), train.rate_hz, on=on) for name in _RULES]
    area = _area_change(measured, *sweeps)
    beside = Reading("high-rate increment", f"{train.name}: area", area, "%", flags, sweeps)
    return [*found, unjudged(beside, "published limits are for amplitude; area stands beside it")]


def reflexes(recording: Recording, measured: Measurements) -> tuple[Finding, ...]:
    """Compare the single synchronous volley of a reflex at rest and after effort, in trains named reflex."""
    return tuple(_reflex(measured, pair) for pair in effort_pairs(recording) if "reflex" in pair.after.name.lower())


def _reflex(measured: Measurements, pair: Pair) -> Finding:
    sweeps = (pair.before_sweep, pair.after_sweep)
    value = _change(*(float(measured.amplitude_mv[sweep]) for sweep in sweeps))
    absent = () if value is not None else ("a measurable volley at rest and after effort",)
    reading = Reading(
        "reflex", f"{pair.after.name}: single volley", value, "%", flags_of(measured, sweeps), sweeps, absent
    )
    if value is None:
        return unjudged(reading, "the volley could not be measured at rest and after effort")
    grows = "grows" if value > 0 else "does not grow"
    return unjudged(reading, f"the response to one volley {grows} after effort; no limit is published")
