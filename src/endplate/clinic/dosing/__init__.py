"""Dosing of amifampridine: what each label says for one person, whether a regimen keeps to it, and a calendar."""

from endplate.clinic.dosing.calendar import titration
from endplate.clinic.dosing.packs import packs
from endplate.clinic.dosing.plan import dose_plan
from endplate.clinic.dosing.regimen import Regimen, check_regimen, check_step, read_regimen
from endplate.clinic.dosing.taken import dosing_results, regimen_of

__all__ = [
    "Regimen",
    "check_regimen",
    "check_step",
    "dose_plan",
    "dosing_results",
    "packs",
    "read_regimen",
    "regimen_of",
    "titration",
]
