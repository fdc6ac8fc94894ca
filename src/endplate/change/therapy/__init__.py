"""Therapies and hazards: each takes a person and returns the person after it."""

from endplate.change.therapy.calcium_entry import aminoglycoside, magnesium, verapamil
from endplate.change.therapy.catalogue import describe_treatments, treatments
from endplate.change.therapy.esterase import edrophonium, neostigmine, pyridostigmine
from endplate.change.therapy.potassium import amifampridine, amifampridine_level_umolar, broadening_at
from endplate.change.therapy.relaxants import rocuronium, succinylcholine
from endplate.change.therapy.request import apply_treatment, apply_treatments, find_treatment, parse_treatment
from endplate.change.therapy.temperature import cooling, warming
from endplate.change.therapy.treatment import Choice, Quantity, Treatment

__all__ = [
    "Choice",
    "Quantity",
    "Treatment",
    "amifampridine",
    "amifampridine_level_umolar",
    "aminoglycoside",
    "apply_treatment",
    "apply_treatments",
    "broadening_at",
    "cooling",
    "describe_treatments",
    "edrophonium",
    "find_treatment",
    "magnesium",
    "neostigmine",
    "parse_treatment",
    "pyridostigmine",
    "rocuronium",
    "succinylcholine",
    "treatments",
    "verapamil",
    "warming",
]
