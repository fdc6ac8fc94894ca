"""Required bindings: codes that FHIR R4 fixes, which the models of fhir.resources let through."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from endplate.clinic.fhir.problems import Problem
from endplate.foundation.errors import nearest

_FILE: Final = Path(__file__).with_name("bindings.toml")
Codes = dict[str, tuple[str, ...]]


@functools.cache
def _tables() -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]], dict[str, Codes]]:
    """Return, by type: element -> value set, element -> type below it; and the codes of each value set."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    grouped: list[dict[str, dict[str, str]]] = []
    for part in ("bound", "leads"):
        by_owner: dict[str, dict[str, str]] = {}
        for path, target in read[part].items():
            owner, _, element = path.rpartition(".")
            by_owner.setdefault(owner, {})[element] = target
        grouped.append(by_owner)
    codes = {key: {system: tuple(listed) for system, listed in table.items()} for key, table in read["codes"].items()}
    return grouped[0], grouped[1], codes


def allowed(element: str) -> tuple[str, ...]:
    """Return the codes that one element may hold, or nothing where FHIR does not fix them.

    Examples
    --------
    >>> allowed("RiskAssessment.status")[:3]
    ('registered', 'preliminary', 'final')
    >>> allowed("Observation.code")
    ()
    """
    bound, _, codes = _tables()
    owner, _, name = element.rpartition(".")
    key = bound.get(owner, {}).get(name)
    return tuple(code for listed in codes[key].values() for code in listed) if key else ()


def check_codes(resource: Mapping[str, Any], path: str = "") -> list[Problem]:
    """Return every code that its required value set does not hold, with what is allowed.

    Examples
    --------
    >>> for one in check_codes({"resourceType": "RiskAssessment", "status": "banana"}):
    ...     print(one)
    RiskAssessment.status: 'banana' is not allowed; allowed: registered, preliminary, final, amended, corrected, \
cancelled, entered-in-error, unknown.
    """
    kind = str(resource.get("resourceType"))
    found = list(_walk(resource, kind, path or kind))
    for contained, place in _listed(resource.get("contained")):
        if isinstance(contained, Mapping):
            found += _walk(contained, str(contained.get("resourceType")), f"{path or kind}.contained{place}")
    return found


def _listed(value: Any) -> Iterator[tuple[Any, str]]:
    if isinstance(value, list):
        yield from ((one, f"[{place}]") for place, one in enumerate(value))
    elif value is not None:
        yield value, ""


def _walk(node: Any, kind: str, path: str) -> Iterator[Problem]:
    if not isinstance(node, Mapping):
        return
    bound, leads, codes = _tables()
    for element, key in bound.get(kind, {}).items():
        for value, place in _listed(node.get(element)):
            says = _complaint(value, codes[key])
            if says:
                yield Problem(f"{path}.{element}{place}", says, "code")
    for element, below in leads.get(kind, {}).items():
        for value, place in _listed(node.get(element)):
            yield from _walk(value, below, f"{path}.{element}{place}")


def _complaint(value: Any, codes: Codes) -> str:
    """Return why a code, or a concept, does not stand in its value set; empty if it does."""
    if isinstance(value, Mapping):
        codings = [one for one in value.get("coding", ()) if isinstance(one, Mapping)] if "coding" in value else []
        if any(one.get("code") in codes.get(str(one.get("system")), ()) for one in codings):
            return ""
        got = ", ".join(f"{one.get('system', 'no system')}|{one.get('code')}" for one in codings) or "no coding"
        options = "; ".join(f"{', '.join(listed)} of {system}" for system, listed in codes.items())
        return f"{got} is not allowed; allowed: {options}."
    options_flat = [code for listed in codes.values() for code in listed]
    if value in options_flat:
        return ""
    hit = nearest(str(value), options_flat)
    guess = f"; did you mean {hit}?" if hit else ";"
    return f"{value!r} is not allowed{guess} allowed: {', '.join(options_flat)}."
