"""FHIR R4: facts from another system's resources, and the review as a bundle; everything else is refused or told."""

from endplate.clinic.fhir.checking import check
from endplate.clinic.fhir.gathering import Left
from endplate.clinic.fhir.problems import Problem
from endplate.clinic.fhir.questionnaires import questionnaire, questionnaires
from endplate.clinic.fhir.reading import Reading, read
from endplate.clinic.fhir.text import parse, write
from endplate.clinic.fhir.writing import text_of, write_bundle

__all__ = [
    "Left",
    "Problem",
    "Reading",
    "check",
    "parse",
    "questionnaire",
    "questionnaires",
    "read",
    "text_of",
    "write",
    "write_bundle",
]
