"""Required bindings of FHIR R4, worked out of the official definitions: ``python -m tools.fhir_bindings``.

Writes src/endplate/clinic/fhir/bindings.toml from the structure definitions, value sets and code systems of the
npm package hl7.fhir.r4.examples (CC0), which `python -m tools.node` puts below tests/node/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGE: Final = ROOT / "tests" / "node" / "node_modules" / "hl7.fhir.r4.examples"
TABLE: Final = ROOT / "src" / "endplate" / "clinic" / "fhir" / "bindings.toml"
RESOURCES: Final = (
    "Patient", "Condition", "Observation", "MedicationStatement", "MedicationRequest", "Medication", "Procedure",
    "DiagnosticReport", "QuestionnaireResponse", "Questionnaire", "Bundle", "RiskAssessment", "CarePlan",
    "ServiceRequest", "DetectedIssue", "Provenance",
)  # fmt: skip
DATATYPES: Final = (
    "Identifier", "HumanName", "Address", "ContactPoint", "Quantity", "Age", "Range", "Ratio", "Timing", "Dosage",
    "Narrative", "Annotation", "Reference", "Period", "Expression", "RelatedArtifact", "TriggerDefinition",
    "DataRequirement", "ParameterDefinition", "UsageContext", "ContactDetail", "SampledData",
)  # fmt: skip
MOST_CODES: Final = 150  # longer lists are no check that a person would read
Bound = tuple[dict[str, str], dict[str, str], dict[str, dict[str, list[str]]]]


def _definition(name: str) -> list[dict[str, Any]]:
    found = json.loads((PACKAGE / f"StructureDefinition-{name}.json").read_text(encoding="utf-8"))
    return list(found["snapshot"]["element"])


def _by_url(kind: str) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(PACKAGE.glob(f"{kind}-*.json")):
        resource = json.loads(path.read_text(encoding="utf-8"))
        if resource.get("resourceType") == kind and "url" in resource:
            found[resource["url"]] = resource
    return found


def _concepts(concepts: list[dict[str, Any]]) -> Iterator[str]:
    for concept in concepts:
        if not any(p.get("code") == "notSelectable" and p.get("valueBoolean") for p in concept.get("property", ())):
            yield concept["code"]
        yield from _concepts(concept.get("concept", []))


def _codes_of(url: str, sets: Mapping[str, Any], systems: Mapping[str, Any]) -> dict[str, list[str]] | None:
    """Return the codes of one value set by code system, or None where they cannot be listed."""
    value_set = sets.get(url)
    if value_set is None or "exclude" in value_set.get("compose", {}):
        return None
    listed: dict[str, list[str]] = {}
    for part in value_set["compose"]["include"]:
        if "filter" in part or "valueSet" in part:
            return None
        if "concept" in part:
            codes = [concept["code"] for concept in part["concept"]]
        else:
            system = systems.get(part["system"])
            if system is None or system.get("content") != "complete":
                return None
            codes = list(_concepts(system.get("concept", [])))
        listed.setdefault(part["system"], []).extend(codes)
    return listed if 0 < sum(map(len, listed.values())) <= MOST_CODES else None


def _elements(name: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield path, type and required value set of each element of one type; a choice yields each of its types."""
    for element in _definition(name)[1:]:
        path = element["path"]
        if "contentReference" in element:
            yield path, element["contentReference"].removeprefix("#"), None
            continue
        binding = element.get("binding", {})
        required = binding.get("valueSet", "").split("|")[0] if binding.get("strength") == "required" else None
        for kind in element.get("type", ()):
            code = kind["code"]
            if path.endswith("[x]"):
                yield path[:-3] + code[0].upper() + code[1:], code, required
            else:
                yield path, path if code in ("BackboneElement", "Element") else code, required


def bindings() -> Bound:
    """Return where a code is bound, which element leads to such a place, and the codes of each value set."""
    sets, systems = _by_url("ValueSet"), _by_url("CodeSystem")
    bound: dict[str, str] = {}
    leads: dict[str, str] = {}
    codes: dict[str, dict[str, list[str]]] = {}
    for name in (*RESOURCES, *DATATYPES):
        for path, kind, url in _elements(name):
            if url is None:
                leads[path] = kind
                continue
            listed = _codes_of(url, sets, systems)
            if listed is not None:
                bound[path] = key = url.rsplit("/", 1)[1]
                codes[key] = listed
    return bound, _useful(leads, bound), codes


def _useful(leads: dict[str, str], bound: Mapping[str, str]) -> dict[str, str]:
    """Keep the elements below which something is bound."""
    owners = {path.rpartition(".")[0] for path in bound}
    while True:
        more = {path.rpartition(".")[0] for path, kind in leads.items() if kind in owners} - owners
        if not more:
            return {path: kind for path, kind in leads.items() if kind in owners}
        owners |= more


def written() -> str:
    """Return the table as TOML."""
    bound, leads, codes = bindings()
    lines = [
        "# Required bindings of FHIR R4 (4.0.1), made by `python -m tools.fhir_bindings`; do not edit.",
        "# Source: the definitions in the npm package hl7.fhir.r4.examples 4.0.1 (HL7, CC0-1.0).",
        "",
        "# element -> the value set that its code must come from",
        "[bound]",
        *(f'"{path}" = "{key}"' for path, key in sorted(bound.items())),
        "",
        "# element -> the type below which something is bound",
        "[leads]",
        *(f'"{path}" = "{kind}"' for path, kind in sorted(leads.items())),
    ]
    for key, systems in sorted(codes.items()):
        lines += ["", f'[codes."{key}"]']
        lines += [f"{json.dumps(system)} = {json.dumps(listed)}" for system, listed in sorted(systems.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(written(), encoding="utf-8")
