"""Names of our own in FHIR: the code system of the vocabulary, and extensions for what FHIR has no place for."""

from __future__ import annotations

from typing import Final

VOCABULARY: Final = "urn:endplate:vocabulary"
RULES: Final = "urn:endplate:rule"
CHOICE: Final = "urn:endplate:choice"
TAGS: Final = "urn:endplate:tag"
DETAILS: Final = "urn:endplate:extension:fact"
DAILY_DOSE: Final = "urn:endplate:extension:daily-dose-mg"
PROVENANCE: Final = "urn:endplate:extension:provenance"
QUESTIONNAIRE: Final = "urn:endplate:questionnaire:"
SIMULATED: Final = "simulated"
SYNTHETIC: Final = ("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST")
ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
