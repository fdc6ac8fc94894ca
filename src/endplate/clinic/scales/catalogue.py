"""Catalogue: the scales, their items and how they count, read from ``scales.toml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from endplate.clinic.heads import SUPPORTS, known_sources, read_tables
from endplate.clinic.result import Support
from endplate.foundation.errors import DataError, unknown_name
from endplate.foundation.parameters import CHECKED

Kind = Literal["choice", "measured", "count", "yes-no", "number"]
Cuts = tuple[tuple[Decimal, int], ...]
_FILE: Final = Path(__file__).with_name("scales.toml")
_KINDS: Final[tuple[Kind, ...]] = ("choice", "measured", "count", "yes-no", "number")


@dataclass(frozen=True, slots=True)
class Item:
    """One item: `options` of a choice, `cuts` of a measurement (by sex where they differ), limits of a count.

    `only` is the sex to which it applies; empty is everybody.
    """

    id: str
    label: str
    kind: Kind
    unit: str = ""
    options: tuple[tuple[str, int], ...] = ()
    cuts: Mapping[str, Cuts] | None = None
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    step: int = 1
    only: str = ""

    def points(self) -> tuple[int, ...]:
        """Return the points that the item can have, in rising order."""
        if self.kind == "choice":
            return tuple(sorted({points for _, points in self.options}))
        if self.kind == "measured":
            return tuple(sorted({points for cuts in (self.cuts or {}).values() for _, points in cuts}))
        if self.kind == "count":
            return tuple(range(int(self.low), int(self.high) + 1, self.step))
        return (0, 1) if self.kind == "yes-no" else ()


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale; `change` and the percentages are what a source says of a difference between two scores."""

    id: str
    title: str
    short: str
    items: tuple[Item, ...]
    highest: int | None
    worse: Literal["higher", "lower"]
    change: Decimal | None
    change_percent: Decimal | None
    trial_worsening_percent: Decimal | None
    change_note: str
    sources: tuple[str, ...]
    where: str
    checked: str
    support: Support
    rows: tuple[str, ...]
    licence: str
    warning: str


def _cuts(rows: list[list[Any]], where: str) -> Cuts:
    cuts = tuple((Decimal(limit), int(points)) for limit, points in rows)
    limits = [limit for limit, _ in cuts]
    if limits != sorted(limits, reverse=True) or limits[-1] != 0:
        raise DataError(f"{where}: cut-offs must fall and end at 0, got {[str(one) for one in limits]}.")
    return cuts


def _item(table: Mapping[str, Any], where: str) -> Item:
    here = f"{where}: {table.get('id', table)!r}"
    if table.get("kind") not in _KINDS:
        raise DataError(f"{here}: kind is one of {', '.join(_KINDS)}, got {table.get('kind')!r}.")
    named = {"any": "cuts", "male": "cuts_male", "female": "cuts_female"}
    return Item(
        id=table["id"], label=table["label"], kind=table["kind"], unit=table.get("unit", ""),
        options=tuple((words, int(points)) for words, points in table.get("options", ())),
        cuts={sex: _cuts(table[key], here) for sex, key in named.items() if key in table} or None,
        low=Decimal(str(table.get("low", 0))), high=Decimal(str(table.get("high", 0))), step=table.get("step", 1),
        only=table.get("only", ""),
    )  # fmt: skip


def _scale(name: str, table: Mapping[str, Any], known: frozenset[str]) -> Scale:
    here = f"{_FILE.name}: {name!r}"
    each = table.get("each")
    rows = [{**each, "id": one, "label": one.replace("_", " ")} for one in each["ids"]] if each else table["items"]
    sources = tuple(table["sources"])
    if table["support"] not in SUPPORTS or table["checked"] not in CHECKED or not set(sources) <= known:
        raise DataError(f"{here}: support, checked or a source is not one of its words.")
    if table["support"] == "published" and not sources:
        raise DataError(f"{here}: says that it is published and names no source.")
    items = tuple(_item(row, here) for row in rows)
    highest = table.get("highest")
    reached = sum(max(one.points()) for one in items if one.points())
    if items and highest is not None and reached != highest:
        raise DataError(f"{here}: the items reach {reached}, not {highest}.")
    number = {key: Decimal(table[key]) if key in table else None for key in (
        "change", "change_percent", "trial_worsening_percent",
    )}  # fmt: skip
    return Scale(
        id=name, title=table["title"], short=table["short"], items=items, highest=highest, worse=table["worse"],
        change_note=table.get("change_note", ""), sources=sources, where=table["where"], checked=table["checked"],
        support=table["support"], rows=tuple(table["rows"]), licence=table["licence"], warning=table["warning"],
        **number,
    )  # fmt: skip


@functools.cache
def scales() -> dict[str, Scale]:
    """Return every scale by its id.

    Raises
    ------
    DataError
        If a scale breaks its form, or its items do not add up to its highest score.

    Examples
    --------
    >>> {name: one.highest for name, one in scales().items() if one.highest}["qmg"]
    39
    """
    known = known_sources(_FILE)
    return {name: _scale(name, table, known) for name, table in read_tables(_FILE).items()}


def scale_named(name: str) -> Scale:
    """Return one scale by its id or short name, in any letters.

    Raises
    ------
    UnknownNameError
        With the nearest name, if there is no such scale.

    Examples
    --------
    >>> scale_named("MGC").title
    'MG Composite'
    """
    wanted = name.strip().lower()
    for one in scales().values():
        if wanted in (one.id, one.short.lower()):
            return one
    raise unknown_name("scale", name, scales())
