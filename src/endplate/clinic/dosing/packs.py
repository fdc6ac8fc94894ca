"""Packs: the labels of amifampridine, read from ``packs.toml``; one is always named, none is the default."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from endplate.clinic.heads import Head, head_of, known_sources, read_tables
from endplate.foundation.errors import DataError, unknown_name

_FILE: Final = Path(__file__).with_name("packs.toml")
BASE_NOTE: Final = (
    "Amounts are mg of amifampridine base, as the labels name them; a tablet of 10 mg holds more mg of the phosphate."
)


@dataclass(frozen=True, slots=True)
class Band:
    """Amounts for one group of persons; the first of `start_mg` is the lowest start."""

    id: str
    start_mg: tuple[Decimal, Decimal]
    step_mg: Decimal
    single_mg: Decimal
    daily_mg: Decimal
    doses: tuple[int, int]
    below_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Impaired:
    """Slower titration of the EU label where kidney or liver are impaired."""

    days_between_steps: tuple[int, int]
    mild_start_mg: Decimal
    mild_doses: int
    worse_start_mg: Decimal
    worse_doses: int


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A dose above the cap that a label allows in single cases."""

    daily_mg: Decimal
    days: int
    note: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One label."""

    id: str
    label: str
    head: Head
    lowest_age_years: Decimal
    adult: Band
    light_child: Band | None
    parts_mg: Decimal
    suspension_mg: Decimal | None
    suspension_note: str
    days_between_steps: tuple[int, int]
    kidney: str
    impaired: Impaired | None
    exceptional: Exceptional | None
    contraindicated: Mapping[str, str]
    stop_and_review: Mapping[str, str]
    pregnancy: str
    pregnancy_verdict: str
    lactation: str
    notes: tuple[str, ...]
    older_view: str


def _pair(table: Mapping[str, Any], key: str) -> tuple[int, int]:
    low, high = table[key]
    return int(low), int(high)


def _band(name: str, table: Mapping[str, Any]) -> Band:
    low, high = (Decimal(text) for text in table["start_mg"])
    return Band(
        name, (low, high), Decimal(table["step_mg"]), Decimal(table["single_mg"]), Decimal(table["daily_mg"]),
        _pair(table, "doses"), Decimal(table["below_kg"]) if "below_kg" in table else None,
    )  # fmt: skip


def _impaired(table: Mapping[str, Any] | None) -> Impaired | None:
    if table is None:
        return None
    return Impaired(
        _pair(table, "days_between_steps"), Decimal(table["mild_start_mg"]), int(table["mild_doses"]),
        Decimal(table["worse_start_mg"]), int(table["worse_doses"]),
    )  # fmt: skip


def _exceptional(table: Mapping[str, Any]) -> Exceptional | None:
    if "exceptional_daily_mg" not in table:
        return None
    return Exceptional(
        Decimal(table["exceptional_daily_mg"]), int(table["exceptional_days"]), table["exceptional_note"]
    )


def _notes(table: Mapping[str, Any]) -> tuple[str, ...]:
    return (table["food"], table["missed"], f"watch: {table['watch']}", f"effects: {table['effects']}")


def _pack(name: str, table: Mapping[str, Any]) -> Pack:
    known = known_sources(_FILE)
    try:
        head = head_of(
            "amifampridine-dose", {**table, "safety_class": "A", "jurisdiction": table["label"]}, known=known,
            where=f"{_FILE.name}: {name}",
        )  # fmt: skip
        light = table.get("light_child")
        return Pack(
            id=name, label=table["label"], head=head, lowest_age_years=Decimal(table["lowest_age_years"]),
            adult=_band("adult", table["adult"]), light_child=_band("light child", light) if light else None,
            parts_mg=Decimal(table["parts_mg"]),
            suspension_mg=Decimal(table["suspension_mg"]) if "suspension_mg" in table else None,
            suspension_note=table.get("suspension_note", ""), days_between_steps=_pair(table, "days_between_steps"),
            kidney=table["kidney"], impaired=_impaired(table.get("impaired")), exceptional=_exceptional(table),
            contraindicated=dict(table["contraindicated"]), stop_and_review=dict(table.get("stop_and_review", {})),
            pregnancy=table["pregnancy"], pregnancy_verdict=table["pregnancy_verdict"], lactation=table["lactation"],
            notes=_notes(table), older_view=table.get("older_view", ""),
        )  # fmt: skip
    except KeyError as error:
        raise DataError(f"{_FILE.name}: {name}: missing {error}.") from error


@functools.cache
def packs() -> dict[str, Pack]:
    """Return every label by its id.

    Examples
    --------
    >>> {name: str(one.adult.daily_mg) for name, one in packs().items()}
    {'us': '100', 'eu': '60', 'uk': '60', 'ch': '60'}
    """
    tables = read_tables(_FILE)
    return {name: _pack(name, {**tables.get(table.get("base", ""), {}), **table}) for name, table in tables.items()}


def pack_named(name: str) -> Pack:
    """Return one label.

    Raises
    ------
    UnknownNameError
        If there is no such pack.
    """
    if name.lower() not in packs():
        raise unknown_name("pack", name, packs())
    return packs()[name.lower()]
