"""Respiratory: published limits of breathing strength, and the red flags for patients and clinicians."""

from endplate.clinic.respiratory.measures import measure, pressure_cmh2o
from endplate.clinic.respiratory.red_flags import RedFlag, action, red_flag_results, red_flags
from endplate.clinic.respiratory.results import respiratory_results, rule_result
from endplate.clinic.respiratory.rules import rule_set, rule_sets
from endplate.clinic.respiratory.weight import Weight, predicted_body_weight_kg, weight_of

__all__ = [
    "RedFlag",
    "Weight",
    "action",
    "measure",
    "predicted_body_weight_kg",
    "pressure_cmh2o",
    "red_flag_results",
    "red_flags",
    "respiratory_results",
    "rule_result",
    "rule_set",
    "rule_sets",
    "weight_of",
]
