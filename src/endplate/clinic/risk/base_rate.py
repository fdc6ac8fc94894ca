"""Base rate: how common the tumour is in LEMS by one named source, as the prior of a test."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from endplate.clinic.heads import Head, head_of, known_sources, read_tables
from endplate.clinic.result import Result
from endplate.clinic.risk.likelihood import share_interval
from endplate.foundation.errors import DataError, unknown_name

DEFAULT: Final = "titulaer-2008"  # consecutive and nationwide: the least selected of the cohorts
_FILE: Final = Path(__file__).with_name("base_rates.toml")


@dataclass(frozen=True, slots=True)
class BaseRate:
    """One cohort's share of tumours; `interval` is None where only a percentage was given."""

    name: str
    label: str
    source: str
    checked: str
    share: Decimal
    counts: str
    year: int | None
    interval: tuple[float, float] | None


@functools.cache
def _tables() -> tuple[Head, dict[str, BaseRate]]:
    tables = read_tables(_FILE)
    known = known_sources(_FILE)
    head = head_of("base-rate", tables["base-rate"], known=known, where=_FILE.name)
    rates = {}
    for name, one in tables["cohorts"].items():
        if one["source"] not in known:
            raise DataError(f"{_FILE.name}: cohort {name!r}: no reference {one['source']!r}.")
        if "with_tumour" in one:
            hits, people = int(one["with_tumour"]), int(one["people"])
            share, interval = Decimal(hits) / Decimal(people), share_interval(hits=hits, people=people)
            counts = f"{hits} of {people}"
        else:
            share, interval = Decimal(one["percent"]) / 100, None
            counts = f"of {one['people']}; counts not retrieved" if "people" in one else "counts not retrieved"
        rates[name] = BaseRate(
            name, one["label"], one["source"], one["checked"], share, counts, one.get("year"), interval
        )
    return head, rates


def base_rates() -> dict[str, BaseRate]:
    """Return every cohort by its name.

    Examples
    --------
    >>> base_rates()["titulaer-2008"].counts
    '54 of 100'
    """
    return dict(_tables()[1])


def base_rate(name: str = DEFAULT) -> BaseRate:
    """Return one cohort.

    Raises
    ------
    UnknownNameError
        With the nearest name.
    """
    rates = _tables()[1]
    if name not in rates:
        raise unknown_name("base rate", name, rates)
    return rates[name]


def base_rate_result(name: str = DEFAULT) -> Result:
    """Return the picked base rate with the others as other views."""
    head, rates = _tables()
    picked = base_rate(name)
    others = tuple(_words(one) for one in rates.values() if one.name != picked.name)
    return head.result(
        verdict="known", statement=_words(picked), because=(f"Picked by name: {picked.name}.",),
        sources=(picked.source,), other_views=(*others, *head.other_views),
        values={
            "picked": picked.name, "share": float(picked.share),
            "interval": None if picked.interval is None else [round(end, 4) for end in picked.interval],
            "cohorts": {one.name: float(one.share) for one in rates.values()},
        },
    )  # fmt: skip


def _words(one: BaseRate) -> str:
    ends = one.interval
    interval = "" if ends is None else f", 95 % interval {100 * ends[0]:.0f}-{100 * ends[1]:.0f} %"
    return f"{one.label}: {100 * one.share:.0f} % ({one.counts}{interval}; {one.source})."
