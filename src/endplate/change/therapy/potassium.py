"""Amifampridine: from the dose to the plasma level, and from the level to a longer action potential."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final, Literal

from endplate.body.person import Person
from endplate.change.moves import alter, basis, within_range
from endplate.change.therapy.course import occupied, oral_course
from endplate.change.therapy.treatment import Choice, Quantity
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import parameters_of, values_of

ROOM: Final = "change/therapy"
Acetylator = Literal["slow", "fast"]
DOSE: Final = Quantity(
    "dose_mg", "a single oral dose of the base", "mg", 20.0, 0.0, 20.0, "Labels: 20 mg a dose, 100 mg a day (EU 60)."
)
SINCE: Final = Quantity("hours_since_dose", "the time since the last dose", "h", 1.0, 0.0, 72.0)
PER_DAY: Final = Quantity(
    "doses_per_day", "doses a day, with steady", "/day", 3.0, 1.0, 5.0, "Label: 3 to 5.", optional=True
)
ACETYLATOR: Final = Choice("acetylator", "acetylator", {"slow": "slow", "fast": "fast"}, "slow")
REGIMEN: Final = Choice("steady", "regimen", {"single": False, "steady": True}, "single")
_GRID_MG: Final = (5, 10, 20)
_USED: Final = ("amifampridine_time_to_peak_h", "amifampridine_free_fraction", "amifampridine_hill")
_EFFECT: Final = ("amifampridine_max_broadening", "amifampridine_half_effect_umolar")


def amifampridine_level_umolar(
    *,
    dose_mg: float,
    acetylator: Acetylator = "slow",
    steady: bool = False,
    doses_per_day: float = 3.0,
    hours_since_dose: float = 1.0,
) -> float:
    """Return the total plasma level. [uM]

    Published peaks of single doses of 5, 10 and 20 mg, joined by straight lines; one-compartment
    course; at steady state the doses are evenly spread over 24 h.

    Notes
    -----
    Leaves out body weight, food (which lowers and delays the peak) and kidney disease.

    Examples
    --------
    >>> slow = amifampridine_level_umolar(dose_mg=20, hours_since_dose=0.75)
    >>> fast = amifampridine_level_umolar(dose_mg=20, hours_since_dose=0.75, acetylator="fast")
    >>> 3.4 < slow / fast < 3.7
    True
    """
    table = values_of(ROOM)
    grid = [(0.0, 0.0), *((float(mg), table[f"amifampridine_peak.{acetylator}_{mg}mg"]) for mg in _GRID_MG)]
    peak_ng_ml = grid[-1][1]
    for (low_mg, low), (high_mg, high) in pairwise(grid):
        if dose_mg <= high_mg:
            peak_ng_ml = low + (high - low) * (dose_mg - low_mg) / (high_mg - low_mg)
            break
    course = oral_course(
        hours_since_dose=hours_since_dose,
        time_to_peak_h=table["amifampridine_time_to_peak_h"],
        half_life_h=table[f"amifampridine_half_life.{acetylator}"],
        interval_h=24.0 / doses_per_day if steady else math.inf,
    )
    return peak_ng_ml * course / table["amifampridine_molar_mass"]


def broadening_at(level_umolar: float) -> float:
    r"""Return the duration of the terminal's action potential over that without drug.

    Only the unbound drug acts; it closes a part of the terminal's fast potassium channels,

    .. math:: 1 + (b - 1)\,\frac{c^n}{c^n + c_{1/2}^n}, \qquad c = f\,C .

    Notes
    -----
    The high-affinity partial block of Kv3 alone, which is all there is at therapeutic levels; the
    low-affinity block (0.1-1 mM) and any direct effect on calcium channels are left out.

    References
    ----------
    .. [1] Ojala 2021: high-affinity partial block at 1-10 uM; 1.5 uM broadens the action potential
       and raises release, without effect on Cav1.2 or Cav2.1.

    Examples
    --------
    >>> broadening_at(0.0)
    1.0
    """
    table = values_of(ROOM)
    hill = table["amifampridine_hill"]
    free = math.pow(table["amifampridine_free_fraction"] * level_umolar, hill)
    closed = occupied(free, math.pow(table["amifampridine_half_effect_umolar"], hill))
    return 1.0 + (table["amifampridine_max_broadening"] - 1.0) * closed


def refuse_above_label(*, person: Person, dose_mg: float, doses_per_day: float) -> None:
    """Refuse a dose that the label does not allow for this person.

    Raises
    ------
    InputError
        Above the largest single or daily dose, or below the age of the label.
    """
    table = parameters_of(ROOM)
    youngest = table["amifampridine_youngest_y"].value
    if person.age_y < youngest:
        raise InputError(
            f"amifampridine has no labelled dose below {youngest:g} years, this person is {person.age_y:g} "
            "(US label 5/2024; the EU label is for adults)."
        )
    light = person.age_y < 18 and person.weight_kg < table["amifampridine_full_dose_kg"].value
    group = "light" if light else "full"
    single, daily = (table[f"amifampridine_max_{what}.{group}"].value for what in ("single", "daily"))
    who = f"a child of {person.weight_kg:g} kg" if light else "adults and from 45 kg"
    if dose_mg > single:
        raise InputError(
            f"amifampridine dose_mg must be at most {single:g} for {who} (US label 5/2024), got {dose_mg:g}. "
            "Larger daily amounts are split into 3 to 5 doses."
        )
    if dose_mg * doses_per_day > daily:
        raise InputError(
            f"amifampridine {dose_mg:g} mg x {doses_per_day:g} is {dose_mg * doses_per_day:g} mg a day; the US label "
            f"(5/2024) allows {daily:g} for {who}, the EU label 60 for adults. Lower the dose or the doses a day."
        )


def amifampridine(
    person: Person,
    *,
    dose_mg: float = DOSE.default,
    acetylator: Acetylator = "slow",
    steady: bool = False,
    doses_per_day: float | None = None,
    hours_since_dose: float = SINCE.default,
) -> Person:
    """Return the person after amifampridine: a longer action potential of the terminal lets more calcium in.

    Parameters
    ----------
    dose_mg
        One oral dose, as the base. [mg]
    acetylator
        NAT2 phenotype, ``slow`` or ``fast``; slow ones reach 3.5-4.5 times the peak.
    steady
        Whether the dose was taken `doses_per_day` times a day before, evenly spread.
    doses_per_day
        Only with `steady`; 3 if nothing is said. [1/d]
    hours_since_dose
        Time since the last dose. [h]

    Raises
    ------
    InputError
        If a value leaves its range, the dose exceeds the label, or doses a day are given without
        `steady`.

    Notes
    -----
    Limit: ``dose_mg = 0`` returns the person unchanged.

    Examples
    --------
    >>> treated = amifampridine(Person(), dose_mg=20)
    >>> 1.0 < treated.levers.broadening < 2.0
    True
    """
    hours = SINCE.check(hours_since_dose)
    ACETYLATOR.check(acetylator)
    REGIMEN.check(steady)
    if doses_per_day is not None and not steady:
        raise InputError(
            "amifampridine doses_per_day belongs to steady state. Add steady, or leave out the doses a day."
        )
    per_day = PER_DAY.default if doses_per_day is None else PER_DAY.check(doses_per_day)
    dose = DOSE.check(dose_mg)
    refuse_above_label(person=person, dose_mg=dose, doses_per_day=per_day if steady else 1.0)
    level = amifampridine_level_umolar(
        dose_mg=dose, acetylator=acetylator, steady=steady, doses_per_day=per_day, hours_since_dose=hours
    )
    longer = broadening_at(level)
    regimen = f"{per_day:g} times a day, steady state" if steady else "single dose"
    peaks = tuple(f"amifampridine_peak.{acetylator}_{mg}mg" for mg in _GRID_MG)
    return alter(
        person,
        lambda levers: within_range(levers, broadening=levers.broadening * longer),
        name="amifampridine",
        mechanism=(
            f"part of the terminal's fast potassium channels is closed, its action potential lasts {longer:.2f} times "
            f"as long (plasma {level:.2g} uM, {acetylator} acetylator)"
        ),
        source=basis(ROOM, (*peaks, f"amifampridine_half_life.{acetylator}", *_USED, *_EFFECT), also=("Ojala2021",)),
        drug=f"amifampridine {dose:g} mg, {regimen}, {acetylator} acetylator",
        hours_since_dose=hours,
    )
