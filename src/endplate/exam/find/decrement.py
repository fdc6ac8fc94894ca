"""Decrement of low-rate trains, its shape, and what effort does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final

import numpy as np

from endplate.exam.find.settle import Reading, flags_of, outside, settle, settle_at_rate, unjudged
from endplate.exam.measure.pairs import is_rest
from endplate.foundation.errors import InputError
from endplate.foundation.records import Finding, Measurements, Recording, Train
from endplate.foundation.rules import decrement_percent, exact, rule

_RULES: Final = ("decrement-aaem", "decrement-above-ten", "decrement-equivocal")
_SHAPES: Final = (("shape-turns", "turns or levels off"), ("shape-keeps-falling", "keeps falling"))
_REPAIR_WITHIN_S: Final = 15.0
_EXHAUSTION_S: Final = (110.0, 250.0)  # trains "at 2, 3 and 4 min" begin some seconds off
_LATE_RESPONSES: Final = 6  # a shape needs responses beyond the fifth


def low_rate_trains(recording: Recording) -> tuple[Train, ...]:
    """Return the low-rate trains of a recording."""
    return tuple(train for train in recording.trains if train.role == "low rate" and train.sweeps)


def _change(measured: Measurements, train: Train, place: int) -> Fraction | None:
    """Return the decrement in percent from the first to the `place`-th response of a train."""
    if len(train.sweeps) < place:
        return None
    first, later = (float(measured.amplitude_mv[train.sweeps[k]]) for k in (0, place - 1))
    if not (np.isfinite(first) and np.isfinite(later)):
        return None
    try:
        return decrement_percent(first_mv=first, later_mv=later)
    except InputError:  # the first response rounds to nothing
        return None


def _largest(measured: Measurements, train: Train) -> Fraction | None:
    """Return the decrement to the smallest of responses 2 to 5."""
    changes = [_change(measured, train, place) for place in range(2, 6)]
    known = [change for change in changes if change is not None]
    return max(known) if len(known) == len(changes) else None


def _area(measured: Measurements, train: Train, places: tuple[int, ...]) -> Fraction | None:
    if len(train.sweeps) < max(places):
        return None
    area = measured.area_mvms[list(train.sweeps)]
    later = area[[place - 1 for place in places]]
    if not (np.isfinite(later).all() and area[0] > 0.0):
        return None
    return exact(float(100.0 * (area[0] - later.min()) / area[0]))


def decrements(recording: Recording, measured: Measurements, on: date | None) -> tuple[Finding, ...]:
    """Read every low-rate train: first to fourth, to fifth, to the smallest of 2-5; amplitude beside area."""
    trains = low_rate_trains(recording)
    if not trains:
        reading = Reading("decrement", "1 to 4", None, "%", measured.flags, (), ("a train at 2-5 Hz",))
        return (settle(reading, rule("decrement-aaem"), on=on),)
    found: list[Finding] = []
    for train in trains:
        sweeps = train.sweeps[:5]
        flags = flags_of(measured, sweeps)
        absent = ("at least 5 measurable responses",)
        for what, value, area in (
            ("1 to 4", _change(measured, train, 4), _area(measured, train, (4,))),
            ("1 to 5", _change(measured, train, 5), _area(measured, train, (5,))),
            ("1 to smallest of 2-5", _largest(measured, train), _area(measured, train, (2, 3, 4, 5))),
        ):
            missing = () if value is not None else absent
            reading = Reading("decrement", f"{train.name}: {what}", value, "%", flags, sweeps, missing)
            found += [settle_at_rate(reading, rule(name), train.rate_hz, on=on) for name in _RULES]
            beside = Reading("decrement", f"{train.name}: {what}, area", area, "%", flags, sweeps)
            found.append(unjudged(beside, "published limits are for amplitude; area stands beside it"))
    return tuple(found)


def shapes(recording: Recording, measured: Measurements, on: date | None) -> tuple[Finding, ...]:
    """Say whether a decrement of the rested muscle turns after the fourth or fifth response, or keeps falling.

    Only a decrement of at least 5 % has a shape.
    """
    found: list[Finding] = []
    for train in low_rate_trains(recording):
        if not is_rest(train):
            continue
        largest = _largest(measured, train)
        if largest is None or largest < 5:
            continue
        amplitude = measured.amplitude_mv[list(train.sweeps)]
        whole = len(amplitude) >= _LATE_RESPONSES and bool(np.isfinite(amplitude).all())
        flags = flags_of(measured, train.sweeps)
        absent = () if whole else (f"at least {_LATE_RESPONSES} measurable responses",)
        late = exact(float(100.0 * (amplitude[-1] - amplitude[3:5].min()) / amplitude[0])) if whole else None
        for name, words in _SHAPES:
            reading = Reading("decrement shape", f"{train.name}: {words}", late, "%", flags, train.sweeps, absent)
            finding = settle_at_rate(reading, rule(name), train.rate_hz, on=on)
            if name == "shape-turns" and finding.verdict == "supports":
                finding = _largest_drop_first(finding, amplitude)
            found.append(finding)
    return tuple(found)


def _largest_drop_first(finding: Finding, amplitude: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Finding:
    """Take back "turns" where the largest drop is not from the first to the second response."""
    drops = -np.diff(amplitude)
    largest = int(np.argmax(drops))
    if largest == 0:
        return replace(finding, because=f"{finding.because}; the largest drop is from 1 to 2")
    because = f"the largest drop is from {largest + 1} to {largest + 2}, not from 1 to 2"
    return replace(finding, verdict="does not support", because=because)


def after_effort(recording: Recording, measured: Measurements, on: date | None) -> tuple[Finding, ...]:
    """Compare decrements after effort with rest: repair within 15 s, exhaustion at 2-4 min.

    Each train is compared with the latest rested one that came before its effort.
    """
    by_rest: dict[Train, list[Train]] = {}
    trains = low_rate_trains(recording)
    for train in trains:
        rest = [other for other in trains if _came_before_effort(recording, other, train)]
        if rest:
            by_rest.setdefault(rest[-1], []).append(train)
    found = []
    for rest_train, followers in by_rest.items():
        early = [one for one in followers if _after(one, 0.0, _REPAIR_WITHIN_S)]
        late = [one for one in followers if _after(one, *_EXHAUSTION_S)]
        if early:
            found.append(_compared(measured, "repair", rest_train, early[:1], on))
        if late:
            found.append(_compared(measured, "exhaustion", rest_train, late, on))
    return tuple(found)


def _after(train: Train, from_s: float, to_s: float) -> bool:
    return train.after_effort_s is not None and from_s <= train.after_effort_s <= to_s


def _came_before_effort(recording: Recording, rest: Train, train: Train) -> bool:
    """Say whether `rest` is of the rested muscle and came before the effort that `train` followed."""
    if train.after_effort_s is None or not is_rest(rest) or rest.sweeps[0] >= train.sweeps[0]:
        return False
    effort_end_s = recording.stimulus_s[train.sweeps[0]] - train.after_effort_s
    return rest.after_effort_s is None or bool(recording.stimulus_s[rest.sweeps[0]] < effort_end_s)


def _compared(measured: Measurements, kind: str, rest: Train, trains: list[Train], on: date | None) -> Finding:
    at_rest = _largest(measured, rest)
    changes = [(_largest(measured, train), train) for train in trains]
    known = [(change, train) for change, train in changes if change is not None]
    value: Fraction | None = None
    absent: tuple[str, ...] = ("measurable trains before and after effort",)
    name, sweeps = kind, rest.sweeps[:5]
    if at_rest is not None and known:
        change, train = max(known, key=lambda one: one[0])
        value, absent = (at_rest - change if kind == "repair" else change - at_rest), ()
        name, sweeps = f"{kind}: {train.name} against {rest.name}", (*sweeps, *train.sweeps[:5])
    reading = Reading(kind, name, value, "%", flags_of(measured, sweeps), sweeps, absent)
    if kind == "repair" and at_rest is not None and at_rest < 5:
        return outside(reading, rule(kind), "no decrement at rest that could be repaired", "a decrement at rest", on=on)
    return settle(reading, rule(kind), on=on)
