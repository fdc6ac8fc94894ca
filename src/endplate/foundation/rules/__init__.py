"""Clinical rules and reference sets as data, and the one judge; light enough for any room."""

from endplate.foundation.rules.amplitudes import decrement_percent, increment_percent, rounded_mv
from endplate.foundation.rules.judging import Judgement, exact, judge
from endplate.foundation.rules.reference_sets import (
    Activation,
    ReferenceSet,
    muscle_key,
    read_reference_set,
    reference_set,
    reference_sets,
)
from endplate.foundation.rules.rule import Rule, RuleVersion, parse_rules, rule, rules

__all__ = [
    "Activation",
    "Judgement",
    "ReferenceSet",
    "Rule",
    "RuleVersion",
    "decrement_percent",
    "exact",
    "increment_percent",
    "judge",
    "muscle_key",
    "parse_rules",
    "read_reference_set",
    "reference_set",
    "reference_sets",
    "rounded_mv",
    "rule",
    "rules",
]
