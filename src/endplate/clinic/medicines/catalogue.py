"""Catalogue: every substance that the check knows, by class, read from the files of ``substances/``.

One table is one group of substances that share what is said of them. Its fields follow the minimum
information of the PDDI guide (consequence, seriousness, mechanism, action, evidence, sources). ``grade`` is
what holds where nothing more is known; ``grades`` are conditions under which another one holds, the worst
first (:mod:`endplate.clinic.conditions`).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from endplate.clinic.conditions import Condition, parse_condition
from endplate.clinic.heads import SUPPORTS, known_sources
from endplate.clinic.result import Support
from endplate.foundation.errors import DataError
from endplate.foundation.parameters import CHECKED

Grade = Literal["A", "B", "C", "info", "none"]
GRADES: Final[tuple[Grade, ...]] = ("A", "B", "C", "info", "none")  # the worst first
MEANS: Final[Mapping[str, str]] = {
    "A": "avoid",
    "B": "specialist decision and monitoring",
    "C": "caution",
    "info": "for information",
    "none": "no LEMS hazard known",
}
EVIDENCE: Final = (
    "LEMS",
    "extrapolated from MG",
    "extrapolated from other neuromuscular disease",
    "mechanism only",
)
SERIOUSNESS: Final = ("life-threatening", "serious", "moderate", "low", "none known")
VERSION: Final = "2026-11-21"
FOLDER: Final = Path(__file__).parent
_GROUP_NEEDED: Final = (
    "name", "grade", "consequence", "seriousness", "mechanism", "action", "evidence", "sources", "where", "checked",
    "support", "rows", "substances",
)  # fmt: skip
_GROUP_MORE: Final = ("grade_reason", "grades", "limits", "atc_prefixes", "tags", "jurisdiction", "reviewers")
_SUBSTANCE: Final = ("name", "also", "atc", "atc_verified_on", "rxnorm", "tags", "evidence", "form")


@dataclass(frozen=True, slots=True)
class Grading:
    """A grade that holds under a condition."""

    grade: Grade
    when: Condition
    reason: str
    support: Support
    action: str = ""  # where it differs from the action of the group


@dataclass(frozen=True, slots=True)
class Group:
    """What is said of a class of substances."""

    id: str
    name: str
    grade: Grade
    grade_reason: str
    gradings: tuple[Grading, ...]
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
    limits: tuple[str, ...]
    atc_prefixes: tuple[str, ...]
    jurisdiction: str
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance: its names and codes, its group, and its tags (those of the group included).

    `atc_verified_on` is None for a code from memory: such a code is shown as unverified.
    """

    name: str
    group: Group
    also: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    atc_verified_on: date | None = None
    rxnorm: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)
    evidence: str = ""
    form: str = ""


def _require(table: Mapping[str, Any], needed: tuple[str, ...], allowed: tuple[str, ...], where: str) -> None:
    missing = [key for key in needed if key not in table]
    extra = sorted(set(table) - set(allowed))
    if missing or extra:
        said = "; ".join(
            f"{what} {', '.join(keys)}" for what, keys in (("missing", missing), ("unknown", extra)) if keys
        )
        raise DataError(f"{where}: {said}.")


def _one_of(value: str, allowed: tuple[str, ...], what: str, where: str) -> None:
    if value not in allowed:
        raise DataError(f"{where}: {what} {value!r} is not one of {', '.join(allowed)}.")


def read_group(name: str, table: Mapping[str, Any], *, known: frozenset[str], where: str) -> Group:
    """Read what a table says of its group.

    Raises
    ------
    DataError
        If a field is missing, unknown or not one of its words, or if something published names no source.
    """
    here = f"{where}: {name!r}"
    _require(table, _GROUP_NEEDED, (*_GROUP_NEEDED, *_GROUP_MORE), here)
    words = (
        ("grade", GRADES), ("evidence", EVIDENCE), ("seriousness", SERIOUSNESS), ("checked", CHECKED),
        ("support", SUPPORTS),
    )  # fmt: skip
    for key, allowed in words:
        _one_of(table[key], allowed, key, here)
    sources = tuple(table["sources"])
    check_sources(sources, table["support"], known, here)
    return Group(
        id=name, name=table["name"], grade=table["grade"], grade_reason=table.get("grade_reason", ""),
        gradings=tuple(_grading(one, table["support"], here) for one in table.get("grades", ())),
        consequence=table["consequence"], seriousness=table["seriousness"], mechanism=table["mechanism"],
        action=table["action"], evidence=table["evidence"], sources=sources, where=table["where"],
        checked=table["checked"], support=table["support"], rows=tuple(table["rows"]),
        limits=tuple(table.get("limits", ())), atc_prefixes=tuple(table.get("atc_prefixes", ())),
        jurisdiction=table.get("jurisdiction", "international"), reviewers=tuple(table.get("reviewers", ())),
    )  # fmt: skip


def check_sources(sources: tuple[str, ...], support: str, known: frozenset[str], where: str) -> None:
    """Refuse a source that is not among the references, and a published statement without any.

    Raises
    ------
    DataError
        Naming the source.
    """
    unknown = [source for source in sources if source not in known]
    if unknown:
        raise DataError(f"{where}: source {', '.join(unknown)} is not in references.json.")
    if support == "published" and not sources:
        raise DataError(f"{where}: says that it is published and names no source.")


def _grading(table: Mapping[str, Any], support: Support, where: str) -> Grading:
    _require(table, ("grade", "when", "reason"), ("grade", "when", "reason", "support", "action"), where)
    _one_of(table["grade"], GRADES, "grade", where)
    chosen: Support = table.get("support", support)
    _one_of(chosen, SUPPORTS, "support", where)
    when = parse_condition(table["when"], where=where)
    return Grading(table["grade"], when, table["reason"], chosen, table.get("action", ""))


def _substances(group: Group, table: Mapping[str, Any], where: str) -> Iterator[Substance]:
    shared = frozenset(table.get("tags", ()))
    for row in table["substances"]:
        here = f"{where}: {group.id!r}: {row.get('name', row)!r}"
        _require(row, ("name",), _SUBSTANCE, here)
        codes = row.get("atc", ())
        evidence = row.get("evidence", group.evidence)
        _one_of(evidence, EVIDENCE, "evidence", here)
        yield Substance(
            name=row["name"], group=group, also=tuple(row.get("also", ())),
            atc=(codes,) if isinstance(codes, str) else tuple(codes), atc_verified_on=row.get("atc_verified_on"),
            rxnorm=row.get("rxnorm", ""), tags=shared | frozenset(row.get("tags", ())), evidence=evidence,
            form=row.get("form", ""),
        )  # fmt: skip


def read_substances(folder: Path, *, known: frozenset[str]) -> tuple[Substance, ...]:
    """Read every file of a folder.

    Raises
    ------
    DataError
        If a file breaks the form, or one name or code stands for two substances.
    """
    found: list[Substance] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise DataError(f"{path.name}: not valid TOML: {error}.") from error
        for name, table in tables.items():
            group = read_group(name, table, known=known, where=path.name)
            found.extend(_substances(group, table, path.name))
    _refuse_twins(found)
    return tuple(found)


def _refuse_twins(found: list[Substance]) -> None:
    owners: dict[str, str] = {}
    for one in found:
        for name in (one.name, *one.also, *one.atc, *([f"rxnorm {one.rxnorm}"] if one.rxnorm else [])):
            if owners.setdefault(name.lower(), one.name) != one.name:
                raise DataError(f"{name!r} stands for {owners[name.lower()]} and for {one.name}.")


@functools.cache
def substances() -> tuple[Substance, ...]:
    """Return every substance, in the order of the files.

    Examples
    --------
    >>> sum(1 for one in substances() if one.group.id == "aminoglycosides")
    8
    """
    return read_substances(FOLDER / "substances", known=known_sources(FOLDER / "references.json"))
