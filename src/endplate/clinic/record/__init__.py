"""One person's facts: their vocabulary, the form that holds them, and what cannot be true together."""

from endplate.clinic.record.checks import conflicts, require_consistent
from endplate.clinic.record.derived import (
    age_at_onset_years,
    age_years,
    autonomic_signs,
    bulbar_involvement,
    completed_years,
    proximal_weakness,
)
from endplate.clinic.record.examples import example, examples
from endplate.clinic.record.reader import read_record, record_of
from endplate.clinic.record.vocabulary import Entry, entry, groups, vocabulary
from endplate.clinic.record.writer import schema, write_form, write_record

__all__ = [
    "Entry",
    "age_at_onset_years",
    "age_years",
    "autonomic_signs",
    "bulbar_involvement",
    "completed_years",
    "conflicts",
    "entry",
    "example",
    "examples",
    "groups",
    "proximal_weakness",
    "read_record",
    "record_of",
    "require_consistent",
    "schema",
    "vocabulary",
    "write_form",
    "write_record",
]
