"""Treatment: options T0 to T8 in order, what speaks against them, checks before start, evidence, monitoring."""

from endplate.clinic.treatment.catalogue import Catalogue, Check, Conflict, Evidence, Monitoring, Option, catalogue
from endplate.clinic.treatment.monitoring import monitoring_results, next_days
from endplate.clinic.treatment.results import treatment_results

__all__ = [
    "Catalogue",
    "Check",
    "Conflict",
    "Evidence",
    "Monitoring",
    "Option",
    "catalogue",
    "monitoring_results",
    "next_days",
    "treatment_results",
]
