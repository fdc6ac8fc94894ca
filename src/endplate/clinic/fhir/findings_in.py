"""Observation -> facts: by our own code, by LOINC, or by HPO."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from endplate.clinic.fhir.codes import Meaning, answer, codings, meaning, tables, too_wide
from endplate.clinic.fhir.gathering import Gathering, NotUnderstood, day, extension, words
from endplate.clinic.fhir.names import CHOICE, DETAILS, VOCABULARY
from endplate.clinic.fhir.units import code_of, convert
from endplate.clinic.record.values import value_of
from endplate.clinic.record.vocabulary import STUDY, Entry, groups, vocabulary
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Fact, Value

_NOT_READ: Final = {
    "entered-in-error": "was entered in error", "cancelled": "was cancelled", "unknown": "has an unknown status",
}  # fmt: skip
_NOT_FINAL: Final = ("registered", "preliminary")
_TITRE: Final = ("vgcc_pq_titre", "vgcc_pq_upper_limit")
_SMOKING: Final = "72166-2"


def read_observation(resource: Mapping[str, Any], path: str, into: Gathering) -> None:
    """Read one Observation into facts, or one study.

    Raises
    ------
    NotUnderstood
        With the reason, if nothing of it is a fact of the vocabulary.
    """
    status = str(resource.get("status"))
    if status in _NOT_READ:
        raise NotUnderstood(f"it {_NOT_READ[status]}")
    concept = resource.get("code")
    found = list(codings(concept))
    if (VOCABULARY, STUDY) in found:
        into.studies.append(dict(_study(resource, path, into)))
        return
    if ("loinc", _SMOKING) in found and (VOCABULARY, "smoker_current") not in found:
        for fact in _smoking(resource, path):
            into.add(fact, path)
        return
    meant = meaning(concept)
    if meant is not None:
        _keep(meant, resource, path, status, into)
    elif too_wide(concept):
        raise NotUnderstood(too_wide(concept))
    elif not resource.get("component"):
        raise NotUnderstood("its code is not one that is read")
    for component in resource.get("component", ()):
        _component(component, resource, path, status, into)


def _component(
    component: Mapping[str, Any], resource: Mapping[str, Any], path: str, status: str, into: Gathering
) -> None:
    meant = meaning(component.get("code"))
    if meant is None:
        into.leave(
            path, words(component.get("code")), too_wide(component.get("code")) or "its code is not one that is read"
        )
        return
    try:
        _keep(meant, {**_when(resource), **component}, path, status, into)
    except NotUnderstood as left:
        into.leave(path, words(component.get("code")), str(left))


def _when(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {key: resource[key] for key in ("effectiveDateTime", "effectivePeriod", "issued", "id") if key in resource}


def measured_on(resource: Mapping[str, Any]) -> date | None:
    """Return the day on which an observation was true."""
    period = resource.get("effectivePeriod")
    start = period.get("start") if isinstance(period, Mapping) else None
    return day(resource.get("effectiveDateTime")) or day(resource.get("effectiveInstant")) or day(start)


def _keep(meant: Meaning, node: Mapping[str, Any], path: str, status: str, into: Gathering) -> None:
    fact = _fact(meant, node, path, status)
    into.add(fact, path)
    if fact.name in _TITRE and fact.value is not None:
        into.imply(replace(fact, name="vgcc_pq_titre_unit", value=_titre(node)[1], note=""), path)


def _fact(meant: Meaning, node: Mapping[str, Any], path: str, status: str) -> Fact:
    """Return the fact of one Observation or component."""
    entry = vocabulary()[meant.fact]
    value, note = _value(entry, meant, node)
    fact = Fact(entry.id, value, on=measured_on(node), source=_source(path), note=note)
    own = extension(node, DETAILS)
    if own is not None:
        return with_details(fact, own)
    is_confirmed = meant.is_checked and status not in _NOT_FINAL and not _needs_a_person(entry)
    return replace(
        fact,
        is_confirmed=is_confirmed,
        note=note if meant.is_checked else f"{note} the code {meant.name} was not looked up by us".strip(),
    )


def _source(path: str) -> str:
    return f"FHIR {path.split(' ')[-1]}"


def _needs_a_person(entry: Entry) -> bool:
    """Return whether a number counts only after a named person confirmed it: whatever was measured in a study."""
    return entry.group == STUDY and entry.kind == "number"


def with_details(fact: Fact, own: Mapping[str, Any]) -> Fact:
    """Return the fact with the date, source, note and marks that our extension keeps."""
    told: dict[str, Any] = {}
    for inner in own.get("extension", ()):
        told[str(inner.get("url"))] = next((value for key, value in inner.items() if key.startswith("value")), None)
    return Fact(
        fact.name,
        fact.value,
        on=day(told.get("on")),
        source=str(told.get("source") or ""),
        note=str(told.get("note") or ""),
        is_confirmed=told.get("isConfirmed") is not False,
        is_simulated=told.get("isSimulated") is True,
    )


def _value(entry: Entry, meant: Meaning, node: Mapping[str, Any]) -> tuple[Value, str]:
    """Return the value of one node as the vocabulary wants it, and a note."""
    if "dataAbsentReason" in node and not any(key.startswith("value") for key in node):
        return None, ""
    try:
        if entry.kind == "number":
            return _number(entry, meant, node)
        raw = _plain(entry, node)
        return value_of(entry, raw, entry.id), ""
    except InputError as error:
        raise NotUnderstood(str(error)) from None


def _plain(entry: Entry, node: Mapping[str, Any]) -> Any:
    """Return the value of a fact that is no number, as the form would hold it."""
    concept = node.get("valueCodeableConcept")
    if entry.kind == "yes-no":
        raw = node["valueBoolean"] if "valueBoolean" in node else answer(concept) or _interpreted(entry, node)
    elif entry.kind == "date":
        raw = day(node.get("valueDateTime"))
    elif entry.kind == "choice":
        raw = next((code for system, code in codings(concept) if system == f"{CHOICE}:{entry.id}"), None)
    else:
        raw = node.get("valueString")
    if raw is None:
        raise NotUnderstood(f"its value is not one that {entry.id} ({entry.kind}) can take")
    return raw


def _interpreted(entry: Entry, node: Mapping[str, Any]) -> str | None:
    """Return yes or no of an antibody from the laboratory's own interpretation."""
    if entry.group != "serology":
        return None
    system = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
    marks = {code for one in node.get("interpretation", ()) for name, code in codings(one) if name == system}
    return "yes" if marks & {"POS", "H", "HH"} else "no" if marks & {"NEG", "N"} else None


def _number(entry: Entry, meant: Meaning, node: Mapping[str, Any]) -> tuple[Value, str]:
    if isinstance(node.get("valueInteger"), int) and entry.unit == "1":
        return value_of(entry, node["valueInteger"], entry.id), ""
    value, code = _quantity(entry, node)
    if entry.id in _TITRE:
        return value_of(entry, _titre(node)[0], entry.id), ""
    if code in meant.also:
        return value_of(entry, value, entry.id), f"in {code}"
    converted = convert(value, code, entry.unit)
    return value_of(entry, converted, entry.id), "" if converted is value else f"converted from {value} {code}"


def _quantity(entry: Entry, node: Mapping[str, Any]) -> tuple[Decimal, str]:
    quantity = node.get("valueQuantity")
    if not isinstance(quantity, Mapping) or quantity.get("value") is None:
        raise NotUnderstood(f"{entry.id} is a number in {entry.unit}, and it has no valueQuantity")
    if quantity.get("comparator"):
        raise NotUnderstood(f"{quantity['comparator']} {quantity['value']} is a bound, not a number")
    return Decimal(str(quantity["value"])), code_of(quantity)


def _titre(node: Mapping[str, Any]) -> tuple[Decimal, str]:
    """Return an amount of antibody in the unit that it was measured in, which must be one of the two."""
    value, code = _quantity(vocabulary()["vgcc_pq_titre"], node)
    if code in vocabulary()["vgcc_pq_titre_unit"].choices:
        return value, code
    return convert(value, code, "nmol/L"), "nmol/L"


def _smoking(resource: Mapping[str, Any], path: str) -> Iterator[Fact]:
    table = tables()["smoking"]
    for _, code in codings(resource.get("valueCodeableConcept")):
        if code in table:
            for name, value in zip(("smoker_current", "smoker_ever"), table[code], strict=True):
                yield Fact(name, value, on=measured_on(resource), source=_source(path))
            return
    raise NotUnderstood("this smoking status does not say whether the person smokes, or has ever smoked")


def _study(resource: Mapping[str, Any], path: str, into: Gathering) -> Iterator[tuple[str, Fact]]:
    """Yield the facts of one electrodiagnostic study."""
    known = groups()[STUDY]
    for component in resource.get("component", ()):
        name = next((code for system, code in codings(component.get("code")) if system == VOCABULARY), "")
        if name not in known:
            into.leave(path, words(component.get("code")), "it is no fact of a study")
            continue
        try:
            meant = Meaning(name, known[name].label, True)
            node = {**_when(resource), **component}
            yield name, _fact(meant, node, path, str(resource.get("status")))
        except NotUnderstood as left:
            into.leave(path, name, str(left))
