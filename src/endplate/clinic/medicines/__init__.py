"""Medicines: what endangers in LEMS and beside its treatment, each with mechanism, evidence and what can be done."""

from endplate.clinic.medicines.catalogue import substances
from endplate.clinic.medicines.check import check_medicines
from endplate.clinic.medicines.naming import find_substance, nearest_name, recognise

__all__ = ["check_medicines", "find_substance", "nearest_name", "recognise", "substances"]
