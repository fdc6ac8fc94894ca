"""Electrodiagnosis: typed-in amplitudes, the technique that lets them be read, and what they are worth."""

from endplate.clinic.electrodiagnosis.gates import Gate, gates, settled
from endplate.clinic.electrodiagnosis.ratios import (
    Evidence,
    Ratio,
    evidence,
    evidence_named,
    post_test,
    ratio_of_counts,
)
from endplate.clinic.electrodiagnosis.readings import (
    Reading,
    any_rule,
    decrement_known,
    increment_known,
    low_amplitude_known,
    percent_of,
    read,
    read_amplitude,
)
from endplate.clinic.electrodiagnosis.report import electrodiagnosis_results, study_name

__all__ = [
    "Evidence",
    "Gate",
    "Ratio",
    "Reading",
    "any_rule",
    "decrement_known",
    "electrodiagnosis_results",
    "evidence",
    "evidence_named",
    "gates",
    "increment_known",
    "low_amplitude_known",
    "percent_of",
    "post_test",
    "ratio_of_counts",
    "read",
    "read_amplitude",
    "settled",
    "study_name",
]
