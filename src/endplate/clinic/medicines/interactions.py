"""Interactions: pairs of medicines that endanger, read from ``interactions.toml``, with the labels that say so."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Any, Final, Literal

from endplate.clinic.heads import SUPPORTS, known_sources
from endplate.clinic.medicines.catalogue import FOLDER, GRADES, Grade, Substance, check_sources, substances
from endplate.clinic.medicines.naming import Recognised
from endplate.clinic.result import Support
from endplate.foundation.errors import DataError
from endplate.foundation.parameters import CHECKED

Basis = Literal["leaflet", "review", "general"]
BASES: Final[tuple[Basis, ...]] = ("leaflet", "review", "general")
LABELS: Final = ("US", "EU", "UK", "CH")
_NEEDED: Final = (
    "title", "one", "other", "packs", "grade", "verdict", "consequence", "seriousness", "mechanism", "action",
    "evidence", "sources", "where", "checked", "support", "rows", "version", "valid_from",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedList:
    """A dated list of ours, each member with where its name comes from."""

    id: str
    title: str
    version: str
    valid_from: date
    members: Mapping[str, Basis]
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interaction:
    """What is said of a pair; `elsewhere` is what a label says that does not hold it."""

    id: str
    title: str
    one: tuple[str, str]
    other: tuple[str, str]
    packs: tuple[str, ...]
    grade: Grade
    verdict: str
    consequence: str
    seriousness: str
    mechanism: str
    action: str
    evidence: str
    sources: tuple[str, ...]
    where: str
    checked: str
    support: Support
    rows: tuple[str, ...]
    version: str
    valid_from: date
    elsewhere: Mapping[str, str]
    reviewers: tuple[str, ...] = ()

    def holds_in(self, pack: str | None) -> bool:
        """Say whether a label (None: any) holds this."""
        return pack is None or "international" in self.packs or pack in self.packs


@dataclass(frozen=True, slots=True)
class Pair:
    """Two medicines of one person that meet in an interaction; `names` are the substances that do."""

    interaction: Interaction
    one: Recognised
    other: Recognised
    names: tuple[str, str]
    basis: Basis | None = None


@functools.cache
def named_lists() -> dict[str, NamedList]:
    """Return the named lists by id.

    Raises
    ------
    DataError
        If a member is no substance of the catalogue, or stands twice.

    Examples
    --------
    >>> named_lists()["qt"].members["sultopride"]
    'leaflet'
    """
    known = {one.name for one in substances()}
    found = {}
    for name, table in tomllib.loads((FOLDER / "lists.toml").read_text(encoding="utf-8")).items():
        members: dict[str, Basis] = {}
        for basis in BASES:
            for member in table[basis]:
                if member not in known or member in members:
                    raise DataError(f"lists.toml: {name}: {member!r} is not in the catalogue, or stands twice.")
                members[member] = basis
        found[name] = NamedList(
            name, table["title"], table["version"], table["valid_from"], members, tuple(table["reviewers"])
        )
    return found


def read_interactions(text: str, *, known: frozenset[str], where: str = "interactions.toml") -> tuple[Interaction, ...]:
    """Read interactions from TOML.

    Raises
    ------
    DataError
        If a field is missing or not one of its words, a name, tag or list is not known, or a published one
        names no source.
    """
    found = []
    for name, table in tomllib.loads(text).items():
        here = f"{where}: {name!r}"
        missing = [key for key in _NEEDED if key not in table]
        if missing:
            raise DataError(f"{here}: missing {', '.join(missing)}.")
        if table["grade"] not in GRADES or table["support"] not in SUPPORTS or table["checked"] not in CHECKED:
            raise DataError(f"{here}: grade, support or checked is not one of its words.")
        if not set(table["packs"]) <= {*LABELS, "international"}:
            raise DataError(f"{here}: packs are among {', '.join(LABELS)} or international, got {table['packs']}.")
        sources = tuple(table["sources"])
        check_sources(sources, table["support"], known, here)
        rest = {key: table[key] for key in _NEEDED if key not in ("one", "other", "packs", "sources", "rows")}
        found.append(
            Interaction(
                id=name,
                one=_side(table["one"], here),
                other=_side(table["other"], here),
                packs=tuple(table["packs"]),
                sources=sources,
                rows=tuple(table["rows"]),
                elsewhere=dict(table.get("elsewhere", {})),
                reviewers=tuple(table.get("reviewers", ())),
                **rest,
            )
        )
    return tuple(found)


def _side(table: Mapping[str, Any], where: str) -> tuple[str, str]:
    ((kind, word),) = table.items()
    known = {
        "name": {one.name for one in substances()},
        "tag": {tag for one in substances() for tag in one.tags},
        "list": set(named_lists()),
    }
    if word not in known.get(kind, set()):
        raise DataError(f"{where}: no {kind} {word!r} in the catalogue.")
    return kind, word


@functools.cache
def interactions() -> tuple[Interaction, ...]:
    """Return every interaction, in the order of the file.

    Examples
    --------
    >>> [one.id for one in interactions() if one.grade == "A"][:2]
    ['amifampridine-qt', 'amifampridine-narrow-window']
    """
    text = (FOLDER / "interactions.toml").read_text(encoding="utf-8")
    return read_interactions(text, known=known_sources(FOLDER / "references.json"))


def _is(side: tuple[str, str], substance: Substance) -> bool:
    kind, word = side
    if kind == "name":
        return substance.name == word
    return word in substance.tags if kind == "tag" else substance.name in named_lists()[word].members


def pairs_of(recognised: Sequence[Recognised]) -> tuple[Pair, ...]:
    """Return every pair of the list that meets in an interaction, each once.

    A medicine whose code says another substance than its name counts as both.
    """
    found: list[Pair] = []
    sides = [
        (index, one, substance)
        for index, one in enumerate(recognised)
        for substance in (one.substance, one.other)
        if substance is not None
    ]
    for interaction in interactions():
        seen: set[frozenset[int]] = set()
        for (first, one, left), (second, other, right) in permutations(sides, 2):
            pair = frozenset((first, second))
            if first == second or pair in seen or not (_is(interaction.one, left) and _is(interaction.other, right)):
                continue
            seen.add(pair)
            kind, word = interaction.other
            basis = named_lists()[word].members[right.name] if kind == "list" else None
            found.append(Pair(interaction, one, other, (left.name, right.name), basis))
    return tuple(found)
