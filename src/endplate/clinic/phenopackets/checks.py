"""Two tiers of validation: is it a phenopacket v2 at all, and does it mean what it says."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from endplate.foundation.errors import EndplateError

Tier = Literal["syntax", "semantics"]
SCHEMA_VERSION: Final = "2.0"
_CURIE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]*:\S+")
_RESOURCE: Final = ("id", "name", "url", "version", "namespacePrefix", "iriPrefix")
# elements that hold an ontology class even where its label was left out
_TERMS: Final = frozenset(
    {"type", "term", "assay", "unit", "agent", "severity", "modifiers", "ontologyClass", "evidenceCode", "gender"}
    | {"taxonomy", "primarySite", "laterality", "routeOfAdministration", "scheduleFrequency", "treatmentTarget"}
    | {"treatmentIntent", "responseToTreatment", "adverseEvents", "treatmentTerminationReason", "bodySite", "code"}
)
_OF_VERSION_1: Final = ("genes", "variants", "htsFiles", "hts_files")


class MissingPackageError(EndplateError, ImportError):
    """The package phenopackets, of the extra `clinic`, is not installed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One place of a phenopacket that breaks a rule of one tier."""

    tier: Tier
    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.path}: {self.says}"


@functools.cache
def _message() -> tuple[Any, Any]:
    """Return the class of the message and the JSON reader of protobuf."""
    try:
        schema = importlib.import_module("phenopackets.schema.v2.phenopackets_pb2")
        return schema.Phenopacket, importlib.import_module("google.protobuf.json_format")
    except ImportError as error:
        raise MissingPackageError(
            "reading and writing phenopackets needs the package phenopackets; "
            "install it with: pip install 'endplate[clinic]'."
        ) from error


def normalised(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a phenopacket with the field names of its JSON form, after protobuf has read it.

    Raises
    ------
    ValueError
        In protobuf's words, if it does not fit the schema.
    """
    message, json_format = _message()
    try:
        parsed = json_format.ParseDict(dict(document), message())
    except json_format.ParseError as error:
        raise ValueError(str(error)) from None
    return dict(json_format.MessageToDict(parsed))


def check(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return every problem of a phenopacket; the second tier is asked only where the first is silent.

    Examples
    --------
    >>> [str(one) for one in check({"id": "a", "colour": "red"})][0][:70]
    'phenopacket: Message type "org.phenopackets.schema.v2.Phenopacket" has'
    """
    syntax = tuple(_syntax(document))
    return syntax or tuple(_semantics(normalised(document)))


def _syntax(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield where the schema, or a field that the specification requires, is not met."""
    old = [key for key in _OF_VERSION_1 if key in document]
    if old:
        yield Problem("syntax", "phenopacket", f"{old[0]} is of version 1; only version 2 is read.")
        return
    if "proband" in document or "members" in document:
        yield Problem("syntax", "phenopacket", "this is a family or a cohort; export each person alone.")
        return
    try:
        found = normalised(document)
    except ValueError as error:
        yield Problem("syntax", "phenopacket", str(error).splitlines()[0])
        return
    if not found.get("id"):
        yield Problem("syntax", "id", "it is required and must not be empty.")
    meta = found.get("metaData", {})
    for key in ("created", "createdBy", "resources", "phenopacketSchemaVersion"):
        if not meta.get(key):
            yield Problem("syntax", f"metaData.{key}", "it is required and must not be empty.")
    version = str(meta.get("phenopacketSchemaVersion", ""))
    if version and not version.startswith("2"):
        yield Problem("syntax", "metaData.phenopacketSchemaVersion", f"it is {version}; only version 2 is read.")


def terms(node: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield place, id and label of every ontology class of a phenopacket."""
    if isinstance(node, list):
        for place, inner in enumerate(node):
            yield from terms(inner, f"{path}[{place}]")
    elif isinstance(node, Mapping):
        element = path.rpartition(".")[2].partition("[")[0]
        if set(node) <= {"id", "label"} and ("label" in node or element in _TERMS):
            yield path, str(node.get("id", "")), str(node.get("label", ""))
        for key, inner in node.items():
            if key != "metaData":
                yield from terms(inner, f"{path}.{key}" if path else key)


def _semantics(found: Mapping[str, Any]) -> Iterator[Problem]:
    resources = found["metaData"]["resources"]
    yield from _resources(resources)
    declared = {one.get("namespacePrefix") for one in resources}
    for path, curie, label in terms(found):
        yield from _term(path, curie, label, declared)
    yield from _contradictions(found)


def _resources(resources: list[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for place, one in enumerate(resources):
        here = f"metaData.resources[{place}]"
        for key in _RESOURCE:
            if not str(one.get(key, "")).strip():
                yield Problem("semantics", f"{here}.{key}", "it must not be empty: the ids could not be resolved.")
        prefix = str(one.get("namespacePrefix", ""))
        if prefix in seen:
            yield Problem("semantics", here, f"the prefix {prefix} was declared before, at [{seen[prefix]}].")
        seen.setdefault(prefix, place)


def _term(path: str, curie: str, label: str, declared: set[Any]) -> Iterator[Problem]:
    from endplate.clinic.knowledge.codes import traps

    if not _CURIE.fullmatch(curie):
        yield Problem("semantics", f"{path}.id", f"{curie!r} is no id of the form PREFIX:number.")
        return
    if not label.strip():
        yield Problem("semantics", f"{path}.label", "it must not be empty.")
    prefix = curie.partition(":")[0]
    if prefix not in declared:
        yield Problem("semantics", f"{path}.id", f"{curie}: no resource of metaData declares the prefix {prefix}.")
    if curie in traps():
        trap = traps()[curie]
        yield Problem("semantics", f"{path}.id", f"{curie} must not be used: {trap.why}. {trap.instead}")


def _contradictions(found: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield features and diseases that are both present and excluded."""
    for group, key in (("phenotypicFeatures", "type"), ("diseases", "term")):
        said: dict[str, bool] = {}
        for place, one in enumerate(found.get(group, ())):
            curie = str(one.get(key, {}).get("id", ""))
            is_excluded = bool(one.get("excluded"))
            if said.setdefault(curie, is_excluded) != is_excluded:
                yield Problem("semantics", f"{group}[{place}]", f"{curie} is both present and excluded.")
