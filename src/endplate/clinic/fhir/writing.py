"""Write a record and what the rules say of it as one FHIR R4 Bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import endplate
from endplate.clinic.fhir.checking import check
from endplate.clinic.fhir.facts_out import Resource, facts, identifier, patient, reference
from endplate.clinic.fhir.names import SIMULATED, TAGS
from endplate.clinic.fhir.questionnaires import questionnaire
from endplate.clinic.fhir.results_out import instant, report, resources_of
from endplate.clinic.result import Result
from endplate.foundation.errors import DataError
from endplate.foundation.records.clinical import Record

_AGENT: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_SOURCE: Final = "urn:endplate:reference"


def write_bundle(
    record: Record,
    results: Sequence[Result] = (),
    *,
    issued: datetime,
    key: str = "",
    questionnaires: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the facts of a person, and what the rules say of them, as a Bundle.

    Parameters
    ----------
    record
        Read back with :func:`endplate.clinic.fhir.read`, it is the same record.
    results
        Of any rules. A chance becomes a RiskAssessment, a schedule a CarePlan with draft ServiceRequests, a danger
        of a medicine a DetectedIssue, treatment options one CarePlan; all of them stand in one preliminary
        DiagnosticReport. Everything is a draft for a clinician.
    issued
        When, with a time zone.
    key
        What tells this person from others in the ids; the label of the record if not said.
    questionnaires
        Names of questionnaires to put beside.

    Raises
    ------
    DataError
        If what was written is not valid R4: an error of ours, found before the file leaves.

    Examples
    --------
    >>> from datetime import timezone
    >>> bundle = write_bundle(Record(label="A (synthetic)"), issued=datetime(2026, 1, 10, tzinfo=timezone.utc))
    >>> [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    ['Patient', 'Provenance']
    """
    about = patient(record, key=key or record.label)
    told = list(facts(record, about))
    made: list[Resource] = list(resources_of(results, about, told, issued=issued))
    if results:
        made.insert(0, report(results, about, told, issued=issued))
    forms = [questionnaire(name) for name in questionnaires]
    written = [about, *told, *made]
    everything = [*written, *forms, _provenance(written, results, issued=issued)]
    bundle: dict[str, Any] = {"resourceType": "Bundle", "id": identifier(about["id"], "Bundle", instant(issued))}
    if any("tag" in one.get("meta", {}) for one in told):
        bundle["meta"] = {"tag": [{"system": TAGS, "code": SIMULATED, "display": "SIMULATED"}]}
    bundle |= {"type": "collection", "timestamp": instant(issued), "entry": [_entry(one) for one in everything]}
    problems = check(bundle)
    if problems:
        raise DataError(f"the bundle that was written is not valid R4, which is an error of ours: {problems[0]}")
    return bundle


def _entry(resource: Resource) -> dict[str, Any]:
    url = resource["url"] if resource["resourceType"] == "Questionnaire" else f"urn:uuid:{resource['id']}"
    return {"fullUrl": url, "resource": resource}


def _provenance(written: Sequence[Resource], results: Sequence[Result], *, issued: datetime) -> Resource:
    """Return who made this bundle, when, and from which references."""
    sources = dict.fromkeys(source for result in results for source in result.sources)
    found: Resource = {
        "resourceType": "Provenance",
        "id": identifier(written[0]["id"], "Provenance", instant(issued)),
        "target": [reference(one) for one in written],
        "recorded": instant(issued),
        "agent": [
            {
                "type": {"coding": [{"system": _AGENT, "code": "assembler"}]},
                "who": {"display": f"Endplate {endplate.__version__}"},
            }
        ],
    }
    if sources:
        found["entity"] = [
            {"role": "source", "what": {"identifier": {"system": _SOURCE, "value": source}}} for source in sources
        ]
    return found


def text_of(bundle: Mapping[str, Any]) -> str:
    """Return a bundle as JSON text, ending in a newline."""
    from endplate.clinic.fhir.text import write

    return write(bundle) + "\n"
