"""Measured: what an instrument read of one muscle, as facts that wait for a named person."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from endplate.clinic.record.vocabulary import STUDY, groups
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Fact, Value
from endplate.foundation.rules import rounded_mv

if TYPE_CHECKING:
    from endplate.foundation.records import Measurements, Recording
    from endplate.foundation.records.recording import Train

SUPRAMAXIMAL: Final = 1.2  # of the maximal intensity; the share that facts of a study name as supramaximal
_FOURTH: Final = 3  # index of the fourth response of a train
_TENTH: Final = Decimal("0.1")
_HUNDREDTH: Final = Decimal("0.01")


def study_of(recording: Recording, measured: Measurements) -> dict[str, Fact]:
    """Return the facts of one study, all unconfirmed; those of a simulation are marked as such.

    Amplitudes are rounded half-even to 0.01 mV, as every rule reads them. What the recording does not
    say stays unknown: nothing is guessed.

    Parameters
    ----------
    recording
        With its trains: what was at rest, right after effort, at a low rate, at a high rate.
    measured
        Of one channel of that recording, a row per sweep.

    Raises
    ------
    InputError
        If no train says what it is, so that no number has a place in a study.
    """
    trains = {role: _first(recording.trains, role) for role in ("rest", "immediate", "low rate", "high rate")}
    values: dict[str, Value] = {"muscle": recording.muscle, "side": recording.side}
    values |= _responses(trains["rest"], trains["immediate"], measured)
    values |= _low_rate(trains["low rate"], measured) | _high_rate(trains["high rate"], measured)
    if not any(name.endswith("_mv") for name in values):
        raise InputError(
            f"{recording.source}: no train says whether it is at rest, right after effort or at which rate, so its "
            "numbers have no place in a study. Name its trains in a sidecar beside the file."
        )
    values |= _technique(recording, trains["rest"], trains["immediate"])
    on = recording.hours_since_dose
    values["amifampridine_hours_since"] = None if on is None else _rounded(on, _TENTH)
    known = {name: value for name, value in values.items() if value is not None}
    source = f"measured from {recording.source}"[:200]
    return {
        name: Fact(name, known[name], source=source, is_confirmed=False, is_simulated=recording.simulated)
        for name in groups()[STUDY]
        if name in known
    }


def _first(trains: Sequence[Train], role: str) -> Train | None:
    return next((train for train in trains if train.role == role), None)


def _responses(rest: Train | None, after: Train | None, measured: Measurements) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for word, train in (("before", rest), ("after", after)):
        if train is None:
            continue
        sweep = train.sweeps[0]
        values[f"{word}_mv"] = _amplitude(measured, sweep)
        values[f"{word}_area_mvms"] = _rounded(measured.area_mvms[sweep], _HUNDREDTH)
        values[f"{word}_duration_ms"] = _rounded(measured.duration_ms[sweep], _TENTH)
    return values


def _low_rate(train: Train | None, measured: Measurements) -> dict[str, Value]:
    if train is None or len(train.sweeps) <= _FOURTH:
        return {}
    return {
        "first_mv": _amplitude(measured, train.sweeps[0]),
        "fourth_mv": _amplitude(measured, train.sweeps[_FOURTH]),
        "low_rate_hz": _rounded(train.rate_hz, _TENTH),
    }


def _high_rate(train: Train | None, measured: Measurements) -> dict[str, Value]:
    if train is None:
        return {}
    amplitudes = [one for one in (_amplitude(measured, sweep) for sweep in train.sweeps) if one is not None]
    return {
        "high_rate_first_mv": _amplitude(measured, train.sweeps[0]),
        "high_rate_largest_mv": max(amplitudes, default=None),
        "high_rate_hz": _rounded(train.rate_hz, _TENTH),
    }


def _technique(recording: Recording, rest: Train | None, after: Train | None) -> dict[str, Value]:
    values: dict[str, Value] = {"skin_degc": _rounded(recording.temperature_degc, _TENTH)}
    if rest is not None:
        values["rest_before_s"] = _rounded(rest.rest_before_s, _TENTH)
        if rest.intensity is not None:
            values["supramaximal"] = "yes" if rest.intensity >= SUPRAMAXIMAL else "no"
    if after is not None:
        values["effort_s"] = _rounded(after.effort_s, _TENTH)
        values["delay_after_effort_s"] = _rounded(after.after_effort_s, _TENTH)
        if after.effort_fraction is not None:
            values["effort_maximal"] = "yes" if after.effort_fraction >= 1.0 else "no"
    if rest is not None and after is not None and None not in (rest.intensity, after.intensity):
        values["intensity_equal"] = "yes" if rest.intensity == after.intensity else "no"
    return values


def _amplitude(measured: Measurements, sweep: int) -> Decimal | None:
    value = float(measured.amplitude_mv[sweep])
    return None if value != value else rounded_mv(value)  # nan: no response was found


def _rounded(value: float | None, step: Decimal) -> Decimal | None:
    if value is None or value != value:
        return None
    return Decimal(repr(float(value))).quantize(step)
