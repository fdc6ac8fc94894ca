"""Which version of FHIR a resource is: R4 is read, and another version is refused, since fields would be lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from endplate.clinic.fhir.problems import Problem

# elements that only the other version has; a reader of R4 would drop them without a word
_R5: Final[Mapping[str, tuple[str, ...]]] = {
    "MedicationStatement": ("medication", "adherence", "relatedClinicalInformation", "renderedDosageInstruction"),
    "MedicationRequest": ("medication", "effectiveDosePeriod", "renderedDosageInstruction"),
    "Condition": ("participant",),
    "Observation": ("triggeredBy", "instantiatesCanonical", "instantiatesReference", "bodyStructure"),
    "Procedure": ("occurrenceDateTime", "occurrencePeriod", "occurrenceString", "recorded", "reportedBoolean"),
    "DiagnosticReport": ("procedure", "composition", "supportingInfo"),
    "Bundle": ("issues",),
}
_STU3: Final[Mapping[str, tuple[str, ...]]] = {
    "MedicationStatement": ("taken", "reasonNotTaken"),
    "MedicationRequest": ("definition", "context"),
    "Condition": ("context", "assertedDate"),
    "Observation": ("related", "comment", "context", "relevant"),
    "Procedure": ("notDone", "notDoneReason", "context", "definition"),
    "DiagnosticReport": ("context", "codedDiagnosis", "image"),
    "QuestionnaireResponse": ("parent", "context"),
    "Patient": ("animal",),
}
_OLD_TYPES: Final = {"MedicationOrder": "DSTU2", "DiagnosticOrder": "DSTU2", "ProcedureRequest": "STU3"}
_NEW_TYPES: Final = {"MedicationUsage": "R5", "NutritionIntake": "R5", "InventoryItem": "R5", "Transport": "R5"}
_R5_STATUS: Final = {"MedicationStatement": "recorded"}
# only profiles of the base specification name its version; those of guides have versions of their own
_MARK: Final = re.compile(
    r"https?://hl7\.org/fhir/(?:(5\.0|R5|3\.0|STU3|DSTU2)/|StructureDefinition/[A-Za-z]+\|(5|3|1)\.0\.)"
)
_NAMED: Final = {"5.0": "R5", "5": "R5", "3.0": "STU3", "3": "STU3", "1": "DSTU2"}


def _evidence(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each sign of another version: which one, and what shows it."""
    kind = str(resource.get("resourceType"))
    for types in (_OLD_TYPES, _NEW_TYPES):
        if kind in types:
            yield types[kind], f"R4 has no {kind}"
    for version, table in (("R5", _R5), ("STU3", _STU3)):
        for key in table.get(kind, ()):
            if key in resource:
                yield version, f"R4 has no {kind}.{key}"
    if kind == "Condition" and isinstance(resource.get("clinicalStatus"), str):
        yield "STU3", "in R4 Condition.clinicalStatus is a CodeableConcept"
    if resource.get("status") == _R5_STATUS.get(kind, object()):
        yield "R5", f"R4 has no {kind}.status {resource['status']!r}"
    meta = resource.get("meta")
    profiles = meta.get("profile", ()) if isinstance(meta, Mapping) else ()
    for profile in profiles if isinstance(profiles, list) else ():
        match = _MARK.match(str(profile))
        if match:
            said = match[1] or match[2]
            yield _NAMED.get(said, said), f"its profile is {profile}"
    if isinstance(resource.get("fhirVersion"), str) and not resource["fhirVersion"].startswith("4."):
        yield resource["fhirVersion"], f"it names version {resource['fhirVersion']}"


def other_version(resource: Mapping[str, Any], path: str) -> Problem | None:
    """Return the problem that a resource is not FHIR R4, if there is a sign of it.

    Examples
    --------
    >>> print(other_version({"resourceType": "Observation", "triggeredBy": []}, "Observation"))
    Observation: this looks like FHIR R5 (R4 has no Observation.triggeredBy). Read as R4 it would lose fields \
without a word, so it is refused; ask the other system for R4 (fhirVersion=4.0).
    """
    for version, because in _evidence(resource):
        return Problem(
            path,
            f"this looks like FHIR {version} ({because}). Read as R4 it would lose fields without a word, so it is "
            "refused; ask the other system for R4 (fhirVersion=4.0).",
            "version",
        )
    return None
