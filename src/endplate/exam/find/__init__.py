"""Findings: measured numbers read by dated, sourced rules; never a diagnosis."""

from endplate.exam.find.finding import find
from endplate.exam.find.seeds import interval_of, with_intervals
from endplate.exam.find.settle import Reading, settle
from endplate.exam.find.table import finding_to_dict, findings_to_dict

__all__ = ["Reading", "find", "finding_to_dict", "findings_to_dict", "interval_of", "settle", "with_intervals"]
