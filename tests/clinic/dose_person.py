"""A person of whom everything is known that decides a dose, to which a case lays what it is about."""

from __future__ import annotations

from typing import Any

from endplate.clinic.record import record_of
from endplate.foundation.records.clinical import Record

ADULT = {
    "age_years": "60", "weight_kg": "70", "sex": "male", "seizure_history": "no", "epilepsy": "no",
    "hypersensitivity_aminopyridine": "no", "asthma_uncontrolled": "no", "congenital_long_qt": "no",
    "liver_impairment": "none", "crcl_ml_min": "100", "egfr_ml_min": "100", "no_other_medicines": "yes",
}  # fmt: skip


def person(*medicines: str, **facts: Any) -> Record:
    """Return the person with these facts (None takes one away) and these medicines taken."""
    merged = {name: value for name, value in {**ADULT, **facts}.items() if value is not None}
    return record_of({**merged, "medicines": [{"name": name} for name in medicines]})
