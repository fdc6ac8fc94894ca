"""Codes of other systems and the facts that they stand for."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from endplate.clinic.fhir.names import VOCABULARY
from endplate.clinic.record.vocabulary import vocabulary

_FILE: Final = Path(__file__).with_name("codes.toml")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The fact that a code says; `is_checked` is False where nobody looked the code up."""

    fact: str
    name: str
    is_checked: bool
    also: tuple[str, ...] = ()


@functools.cache
def tables() -> dict[str, Any]:
    """Return the tables of the file."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def system(name: str) -> str:
    """Return the address of a code system.

    Examples
    --------
    >>> system("loinc")
    'http://loinc.org'
    """
    return str(tables()["systems"][name])


@functools.cache
def _short_names() -> dict[str, str]:
    return {**{url: name for name, url in tables()["systems"].items()}, **tables()["aliases"]}


def codings(concept: Any) -> Iterator[tuple[str, str]]:
    """Yield short name of the system (its address where it has none) and code of each coding of a concept."""
    listed = concept.get("coding", ()) if isinstance(concept, Mapping) else ()
    for one in listed:
        if isinstance(one, Mapping) and isinstance(one.get("code"), str):
            address = str(one.get("system", ""))
            yield _short_names().get(address, address), one["code"]


@functools.cache
def _by_code() -> dict[str, Meaning]:
    found = {
        key: Meaning(table["fact"], table["name"], table["checked"] != "none", tuple(table.get("also", ())))
        for part in ("observation", "condition")
        for key, table in tables()[part].items()
    }
    for name, entry in vocabulary().items():
        for short, code in (("loinc", entry.loinc), ("hpo", entry.hpo)):
            if code and entry.kind in ("yes-no", "number") and name != "smoker_current":
                # a finding says yes or no: the code of a number's finding (weight loss) says no number
                if short == "hpo" and entry.kind == "number":
                    continue
                found[f"{short}|{code}"] = Meaning(name, entry.label, True)
    return found


def meaning(concept: Any) -> Meaning | None:
    """Return the fact that a concept stands for: our own code first, then the codes of other systems.

    Examples
    --------
    >>> meaning({"coding": [{"system": "http://loinc.org", "code": "8302-2"}]}).fact
    'height_cm'
    >>> meaning({"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "C34.1"}]}).fact
    'lung_cancer'
    >>> meaning({"text": "height"}) is None
    True
    """
    found = list(codings(concept))
    for short, code in found:
        if short == VOCABULARY and code in vocabulary():
            return Meaning(code, vocabulary()[code].label, True)
    for short, code in found:
        exact = _by_code().get(f"{short}|{code}")
        if exact is not None:
            return exact
    for short, code in found:
        for key, one in _by_code().items():
            if key.endswith("*") and f"{short}|{code}".startswith(key[:-1]):
                return one
    return None


def too_wide(concept: Any) -> str:
    """Return why a code says too little, or nothing.

    Examples
    --------
    >>> too_wide({"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "G70.8"}]})
    'G70.8 covers other disorders of the junction too; it is LEMS only where the text says so'
    """
    wide = tables()["wide"]
    return next(
        (f"{code} {wide[f'{short}|{code}']}" for short, code in codings(concept) if f"{short}|{code}" in wide), ""
    )


def written_code(fact: str) -> tuple[str, str, str] | None:
    """Return system, code and name under which a diagnosis is written, or None where it is written as a finding."""
    for key, table in tables()["condition"].items():
        if table["fact"] == fact and table.get("write"):
            short, _, code = key.partition("|")
            return system(short), code, table["name"]
    return None


def answer(concept: Any) -> str | None:
    """Return yes or no of a coded answer, or None.

    Examples
    --------
    >>> answer({"coding": [{"system": "http://loinc.org", "code": "LA33-6"}]})
    'yes'
    """
    table = tables()["answers"]
    listed = concept.get("coding", ()) if isinstance(concept, Mapping) else ()
    return next((table[key] for one in listed if (key := f"{one.get('system')}|{one.get('code')}") in table), None)
