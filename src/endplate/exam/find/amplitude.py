"""Low amplitude at rest, against the limit of a named reference set."""

from __future__ import annotations

from datetime import date

import numpy as np

from endplate.exam.find.settle import Reading, flags_of, settle, unjudged
from endplate.exam.measure.pairs import is_rest
from endplate.foundation.records import Finding, Measurements, Recording
from endplate.foundation.rules import ReferenceSet, reference_sets, rounded_mv


def _sets(muscle: str) -> str:
    having = [name for name, one in reference_sets().items() if one.low_amplitude_rule(muscle) is not None]
    return ", ".join(having) if having else "none built in; bring your own .toml"


def low_amplitude(
    recording: Recording, measured: Measurements, chosen: ReferenceSet | None, on: date | None
) -> tuple[Finding, ...]:
    """Read the first rested response; without a limit of the chosen set nothing can be told."""
    rested = [train for train in recording.trains if is_rest(train)]
    first = [train for train in rested if train.role == "rest"] or rested
    name = "amplitude at rest"
    if not first:
        absent = ("which response is of the rested muscle",)
        reading = Reading("low amplitude", name, None, "mV", measured.flags, (), absent)
        return (unjudged(reading, "no train of this recording is marked as at rest"),)
    sweep = first[0].sweeps[0]
    amplitude = float(measured.amplitude_mv[sweep])
    flags = flags_of(measured, (sweep,))
    value = rounded_mv(amplitude) if np.isfinite(amplitude) else None
    missing = () if value is not None else ("a measurable response at rest",)
    reading = Reading(
        "low amplitude", name, value, "mV", flags, (sweep,), missing, chosen.name if chosen is not None else ""
    )
    if recording.muscle is None:
        return (unjudged(reading, "the muscle is not named, so no limit belongs to it"),)
    if chosen is None:
        return (
            unjudged(reading, f"no reference set was chosen; sets for {recording.muscle}: {_sets(recording.muscle)}"),
        )
    rule = chosen.low_amplitude_rule(recording.muscle)
    if rule is None:
        because = (
            f"{chosen.name} has no amplitude limit for {recording.muscle}; sets that have: {_sets(recording.muscle)}"
        )
        return (unjudged(reading, because),)
    return (settle(reading, rule, on=on),)
