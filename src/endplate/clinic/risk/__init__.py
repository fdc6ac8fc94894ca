"""Risk: DELTA-P with both cohorts side by side, SOX1 beside it, base rates by source."""

from endplate.clinic.risk.base_rate import BaseRate, base_rate, base_rate_result, base_rates
from endplate.clinic.risk.cohorts import Cell, Cohort, cohorts
from endplate.clinic.risk.deltap import DeltaP, Item, score_deltap
from endplate.clinic.risk.likelihood import LikelihoodRatio, likelihood_ratios, post_test
from endplate.clinic.risk.results import column_result, risk_results, score_result
from endplate.clinic.risk.sox1 import Assay, assays, sox1_result

__all__ = [
    "Assay",
    "BaseRate",
    "Cell",
    "Cohort",
    "DeltaP",
    "Item",
    "LikelihoodRatio",
    "assays",
    "base_rate",
    "base_rate_result",
    "base_rates",
    "cohorts",
    "column_result",
    "likelihood_ratios",
    "post_test",
    "risk_results",
    "score_deltap",
    "score_result",
    "sox1_result",
]
