"""Results -> RiskAssessment, DetectedIssue, CarePlan, ServiceRequest, DiagnosticReport: drafts, never orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from endplate.clinic.fhir.codes import codings
from endplate.clinic.fhir.facts_out import Resource, identifier, reference
from endplate.clinic.fhir.names import RULES
from endplate.clinic.fhir.units import UCUM
from endplate.clinic.result import Result

_ISSUES: Final = ("hazard", "interaction", "unknown")  # kinds of what the check of medicines returns
_PDDI: Final = ("consequence", "seriousness", "mechanism", "action", "evidence")  # HL7 minimum information model
_SEVERITY: Final = {"critical": "high", "warning": "high", "caution": "moderate", "info": "low"}
_DONE: Final = "done"
INTENDED_USE: Final = (
    "For a licensed professional who reviews the basis of every line; not a medical device, no diagnosis, no order."
)


def instant(moment: datetime) -> str:
    """Return a moment as FHIR writes it.

    Raises
    ------
    ValueError
        If the moment has no time zone.

    Examples
    --------
    >>> from datetime import timezone
    >>> instant(datetime(2026, 1, 10, 9, 30, tzinfo=timezone.utc))
    '2026-01-10T09:30:00+00:00'
    """
    if moment.tzinfo is None:
        raise ValueError("a moment in FHIR needs a time zone: datetime(..., tzinfo=timezone.utc).")
    return moment.isoformat(timespec="seconds")


def concept(result: Result) -> dict[str, Any]:
    """Return the rule of a result, with its version, as a code."""
    coding = {"system": RULES, "code": result.rule, "version": result.version, "display": result.title}
    return {"coding": [coding], "text": result.title}


def line(result: Result) -> str:
    """Return a result as one line of text, with how well it is supported."""
    mark = "" if result.support == "published" else f" [{result.support}]"
    return f"{result.title}: {result.verdict}. {result.statement}{mark}"


def _basis(result: Result) -> str:
    """Return the steps of a result, what is missing, its limits and its sources, as text."""
    parts = [
        *result.because,
        *([f"Missing: {', '.join(result.missing)}."] if result.missing else ()),
        *(f"Limit: {limit}" for limit in result.limits),
        *(f"Other view: {view}" for view in result.other_views),
        f"Sources: {', '.join(result.sources) or 'none'}. Support: {result.support}. "
        f"Jurisdiction: {result.jurisdiction}. "
        f"Reviewed by: {', '.join(result.reviewers) or 'no clinician yet'}. {INTENDED_USE}",
    ]
    return "\n".join(parts)


def is_risk(result: Result) -> bool:
    """Return whether a result gives a chance in percent."""
    return {"low_percent", "high_percent"} <= set(result.values)


def is_plan(result: Result) -> bool:
    """Return whether a result is a schedule of steps."""
    steps = result.values.get("steps", ())
    return bool(steps) and all(isinstance(step, dict) and "due" in step for step in steps)


def is_issue(result: Result) -> bool:
    """Return whether a result says that a medicine endangers, or that nothing can be said of it."""
    return result.values.get("kind") in _ISSUES and result.severity != "info"


def is_option(result: Result) -> bool:
    """Return whether a result is one of the ordered treatment options."""
    return result.rule.startswith("treatment.")


def _read_by(result: Result, told: Sequence[Resource]) -> list[dict[str, str]]:
    """Return references to the facts that a rule read."""
    wanted = {one.name for one in result.inputs}
    return [reference(one) for one in told if wanted & {code for _, code in codings(one.get("code"))}]


def risk_assessment(result: Result, about: Resource, told: Sequence[Resource], *, issued: datetime) -> Resource:
    """Return a chance as a RiskAssessment: always a range in percent, its ends equal where it is one number."""
    basis = _read_by(result, told)
    low, high = (
        {"value": result.values[key], "unit": "%", "system": UCUM, "code": "%"}
        for key in ("low_percent", "high_percent")
    )
    return {
        "resourceType": "RiskAssessment",
        "id": identifier(about["id"], "RiskAssessment", result.rule),
        "status": "preliminary",
        "method": concept(result),
        "subject": reference(about),
        "occurrenceDateTime": instant(issued),
        **({"basis": basis} if basis else {}),
        "prediction": [
            {
                "outcome": {"text": "Small-cell lung cancer"},
                "probabilityRange": {"low": low, "high": high},
                "rationale": line(result),
            }
        ],
        "note": [{"text": _basis(result)}],
    }


def detected_issue(
    result: Result, about: Resource, told: Sequence[Resource], *, issued: datetime, place: int
) -> Resource:
    """Return a danger of a medicine as a DetectedIssue, with the minimum information of HL7's PDDI model."""
    minimum = [f"{key.capitalize()}: {result.values[key]}" for key in _PDDI if result.values.get(key)]
    named = {str(one).lower() for one in (result.values.get("medicine"), *result.values.get("medicines", ())) if one}
    implicated = [
        reference(one) for one in told if str(one.get("medicationCodeableConcept", {}).get("text", "")).lower() in named
    ]
    found: Resource = {
        "resourceType": "DetectedIssue",
        "id": identifier(about["id"], "DetectedIssue", result.rule, place),
        "status": "preliminary",
        "code": concept(result),
        "severity": _SEVERITY[result.severity],
        "patient": reference(about),
        "identifiedDateTime": instant(issued),
        "detail": "\n".join([line(result), *minimum, _basis(result)]),
    }
    if implicated:
        found["implicated"] = implicated
    if result.values.get("action"):
        found["mitigation"] = [{"action": {"text": f"An option: {result.values['action']}"}}]
    return found


def care_plan(result: Result, about: Resource, *, issued: datetime) -> Iterator[Resource]:
    """Yield a schedule as a CarePlan that is one option, and a draft ServiceRequest for each step still to do."""
    steps = result.values["steps"]
    requests = [_service_request(result, step, about, issued=issued) for step in steps if step.get("status") != _DONE]
    yield {
        "resourceType": "CarePlan",
        "id": identifier(about["id"], "CarePlan", result.rule),
        "status": "draft",
        "intent": "option",
        "title": result.title,
        "description": f"{line(result)}\n{_basis(result)}",
        "subject": reference(about),
        "created": instant(issued),
        "activity": [
            *({"reference": reference(request)} for request in requests),
            *(_activity(step["what"], step["due"], "completed") for step in steps if step.get("status") == _DONE),
        ],
    }
    yield from requests


def _activity(what: str, due: str, status: str) -> dict[str, Any]:
    return {"detail": {"status": status, "description": what, "scheduledPeriod": {"end": due}}}


def _service_request(result: Result, step: dict[str, Any], about: Resource, *, issued: datetime) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "id": identifier(about["id"], "ServiceRequest", result.rule, step.get("number", step["due"])),
        "status": "draft",
        "intent": "option",
        "code": {"text": step["what"]},
        "subject": reference(about),
        "occurrencePeriod": {"start": step.get("earliest", step["due"]), "end": step["due"]},
        "authoredOn": instant(issued),
        "reasonCode": [concept(result)],
        "note": [{"text": f"Step {step.get('number', '')} of {result.title}: a draft for a clinician to decide."}],
    }


def treatment_plan(results: Sequence[Result], about: Resource, *, issued: datetime) -> Resource:
    """Return the ordered treatment options as one CarePlan."""
    return {
        "resourceType": "CarePlan",
        "id": identifier(about["id"], "CarePlan", "treatment"),
        "status": "draft",
        "intent": "option",
        "title": "Treatment options in order, for review",
        "description": INTENDED_USE,
        "subject": reference(about),
        "created": instant(issued),
        "activity": [
            {
                "detail": {
                    "code": concept(result),
                    "status": "not-started",
                    "description": f"{line(result)}\n{_basis(result)}",
                }
            }
            for result in results
        ],
    }


def report(results: Sequence[Result], about: Resource, observed: Sequence[Resource], *, issued: datetime) -> Resource:
    """Return the whole review as one preliminary DiagnosticReport over the observations it read."""
    found: Resource = {
        "resourceType": "DiagnosticReport",
        "id": identifier(about["id"], "DiagnosticReport", "review"),
        "status": "preliminary",
        "code": {
            "coding": [{"system": RULES, "code": "review"}],
            "text": "Endplate: review of the facts by published rules",
        },
        "subject": reference(about),
        "effectiveDateTime": instant(issued),
        "issued": instant(issued),
        "conclusion": "\n".join([INTENDED_USE, *map(line, results)]),
    }
    members = [reference(one) for one in observed if one["resourceType"] == "Observation"]
    return {**found, "result": members} if members else found


def resources_of(
    results: Sequence[Result], about: Resource, told: Sequence[Resource], *, issued: datetime
) -> Iterator[Resource]:
    """Yield the resources that results become besides the report; `told` are the facts that they read."""
    for place, result in enumerate(results):
        if is_risk(result):
            yield risk_assessment(result, about, told, issued=issued)
        elif is_plan(result):
            yield from care_plan(result, about, issued=issued)
        elif is_issue(result):
            yield detected_issue(result, about, told, issued=issued, place=place)
    options = [result for result in results if is_option(result)]
    if options:
        yield treatment_plan(options, about, issued=issued)
