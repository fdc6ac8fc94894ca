"""Phenopackets v2 in and out, with both tiers of validation."""

from endplate.clinic.phenopackets.checks import Problem, check
from endplate.clinic.phenopackets.reading import Reading, read
from endplate.clinic.phenopackets.writing import Written, write

__all__ = ["Problem", "Reading", "Written", "check", "read", "write"]
