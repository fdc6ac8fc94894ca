"""Measures: the numbers that respiratory rules read, with what they rest on; unknown stays unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from endplate.clinic.reading import plain
from endplate.clinic.respiratory.weight import weight_of
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Record

HIGHEST_CMH2O: Final = Decimal(200)
ML_PER_KG: Final = "ml_per_kg"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number. Where `reassures` is False, a value that misses a threshold does not make the criterion absent."""

    value: Decimal | None
    shown: str
    names: tuple[str, ...]
    reassures: bool = True


def pressure_cmh2o(value: Decimal, *, name: str = "mip_cmh2o") -> Decimal:
    """Return a mouth pressure without its sign: instruments write an inspiratory one as -28 or 28.

    Raises
    ------
    InputError
        If it is beyond 200 cmH2O.

    Examples
    --------
    >>> pressure_cmh2o(Decimal("-28"))
    Decimal('28')
    """
    if not value.is_finite() or abs(value) > HIGHEST_CMH2O:
        raise InputError(
            f"{name} must be within 0 and 200 cmH2O without its sign, got {value}. "
            "Is it in another unit? 1 kPa is 10.2 cmH2O, 1 mmHg is 1.36 cmH2O."
        )
    return abs(value)


def measure(record: Record, name: str, *, today: date) -> Measure:
    """Return one number of a record for a rule.

    Raises
    ------
    InputError
        If a pressure is impossible.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> measure(record_of({"weight_kg": 70, "vital_capacity_litre": 1.3}), "ml_per_kg", today=date(2026, 1, 1)).shown
    '1.3 L / 70 kg = 18.6 mL/kg; highest known weight (actual), because height or sex is not known'
    """
    if name == ML_PER_KG:
        return _ml_per_kg(record, today)
    value = record.number(name)
    if value is None:
        return Measure(None, "not known", (name,))
    if name.endswith("_cmh2o"):
        value = pressure_cmh2o(value, name=name)
    return Measure(value, plain(value), (name,))


def _ml_per_kg(record: Record, today: date) -> Measure:
    volumes = {name: record.number(name) for name in ("vital_capacity_litre", "fvc_litre")}
    known = {name: value for name, value in volumes.items() if value is not None}
    weight = weight_of(record, today=today)
    asks = ("vital_capacity_litre", "fvc_litre", "height_cm", "sex", "birth_date")
    if not known or weight is None:
        return Measure(None, "not known", asks)
    litre = min(known.values())  # the lower where a slow and a forced one are given
    value = 1000 * litre / weight.kg
    shown = f"{plain(litre)} L / {plain(round(weight.kg, 1))} kg = {value:.1f} mL/kg; {weight.basis}"
    return Measure(value, shown, asks, reassures=weight.is_certain)
