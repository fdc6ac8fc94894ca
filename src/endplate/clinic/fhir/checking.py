"""Check a whole document: version, structure, codes, references; the same for one resource and for a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from endplate.clinic.fhir.bindings import check_codes
from endplate.clinic.fhir.models import check_structure
from endplate.clinic.fhir.problems import Problem
from endplate.clinic.fhir.versions import other_version


def entries(document: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Return path, full URL and resource of each entry of a bundle, or of the one resource.

    Examples
    --------
    >>> entries({"resourceType": "Patient", "id": "a"})
    [('Patient/a', '', {'resourceType': 'Patient', 'id': 'a'})]
    """
    if document.get("resourceType") != "Bundle":
        return [(_name(document), "", document)]
    listed = document.get("entry", [])
    found = []
    for place, entry in enumerate(listed if isinstance(listed, list) else []):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping):
            found.append((f"entry[{place}] {_name(resource)}", str(entry.get("fullUrl", "")), resource))
    return found


def _name(resource: Mapping[str, Any]) -> str:
    kind = str(resource.get("resourceType"))
    return f"{kind}/{resource['id']}" if resource.get("id") else kind


def check(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return everything in which a document is not valid FHIR R4, as far as it is checked here.

    Checked: signs of another version, unknown or missing properties and wrong types (the models of
    fhir.resources), and every required binding of the resources that are read and written.  Not checked:
    profiles, terminology servers, invariants in FHIRPath.

    Examples
    --------
    >>> [one.path for one in check({"resourceType": "Observation", "status": "banana", "code": {"text": "x"}})]
    ['Observation.status']
    """
    return tuple(_problems(document))


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    if document.get("resourceType") != "Bundle":
        yield from check_resource(document)
        return
    yield from check_resource(_shell(document), "Bundle")
    for path, _, resource in entries(document):
        yield from check_resource(resource, path)


def _shell(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Return a bundle without its resources, which are checked one by one, each under its own name."""
    listed = bundle.get("entry", [])
    if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
        return dict(bundle)
    bare = [{key: value for key, value in entry.items() if key != "resource"} for entry in listed]
    return {**bundle, "entry": [entry or {"fullUrl": "urn:endplate:entry"} for entry in bare]}


def check_resource(resource: Mapping[str, Any], path: str = "") -> list[Problem]:
    """Return the problems of one resource; of another version only that is said."""
    kind = str(resource.get("resourceType"))
    wrong = other_version(resource, path or kind)
    if wrong is not None:
        return [wrong]
    return [*check_structure(resource, path), *check_codes(resource, path)]
