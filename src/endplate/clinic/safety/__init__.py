"""Safety: the register of hazards with a test for each control, and the trace from rows to rules to tests."""

from endplate.clinic.safety.hazards import Hazard, hazards

__all__ = ["Hazard", "hazards"]
