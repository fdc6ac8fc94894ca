"""Cholinesterase inhibitors: pyridostigmine, neostigmine, edrophonium."""

from __future__ import annotations

from typing import Final

from endplate.body.person import Person
from endplate.change.moves import alter, basis
from endplate.change.therapy.course import decay, occupied, oral_course
from endplate.change.therapy.treatment import Quantity
from endplate.foundation.parameters import values_of

ROOM: Final = "change/therapy"
PYRIDOSTIGMINE_DOSE: Final = Quantity(
    "dose_mg", "a single oral dose", "mg", 60.0, 0.0, 120.0, "Usual single doses are 30 to 120 mg."
)
PYRIDOSTIGMINE_SINCE: Final = Quantity("hours_since_dose", "the time since the dose", "h", 1.5, 0.0, 24.0)
NEOSTIGMINE_DOSE: Final = Quantity(
    "dose_mg_per_kg", "an intravenous dose", "mg/kg", 0.04, 0.0, 0.07, "Labels: 0.07 mg/kg at most."
)
NEOSTIGMINE_SINCE: Final = Quantity("hours_since_dose", "the time since the dose", "h", 0.15, 0.0, 12.0)
EDROPHONIUM_DOSE: Final = Quantity(
    "dose_mg", "an intravenous dose", "mg", 10.0, 0.0, 40.0, "The test uses 10 mg; 40 mg is the most for reversal."
)
EDROPHONIUM_SINCE: Final = Quantity("hours_since_dose", "the time since the dose", "h", 0.02, 0.0, 6.0)


def _inhibit(person: Person, inhibited: float, *, name: str, drug: str, hours: float, used: tuple[str, ...]) -> Person:
    return alter(
        person,
        lambda levers: levers.scaled(esterase_activity=1.0 - inhibited),
        name=name,
        mechanism=(
            f"{inhibited:.0%} of acetylcholinesterase is inhibited, acetylcholine stays longer at its receptors "
            "(inhibition in muscle assumed equal to that in red cells)"
        ),
        source=basis(ROOM, used),
        drug=drug,
        hours_since_dose=hours,
    )


def pyridostigmine(
    person: Person,
    *,
    dose_mg: float = PYRIDOSTIGMINE_DOSE.default,
    hours_since_dose: float = PYRIDOSTIGMINE_SINCE.default,
) -> Person:
    """Return the person after one oral dose of pyridostigmine.

    Parameters
    ----------
    dose_mg
        Single oral dose, ordinary release. [mg]
    hours_since_dose
        Time since the dose. [h]

    Raises
    ------
    InputError
        If a value leaves its range.

    Notes
    -----
    Peak level proportional to the dose; inhibition follows the level of the moment. Clinical
    effect is reported to precede the plasma peak: leave that out of any timing finer than an hour.

    References
    ----------
    .. [1] Aquilonius 1986 (40-60 ng/mL after 60 mg); Golomb 1999, table A.1 (50 % inhibition at
       31.8 ng/mL); Glikson 1991 (30 mg three times a day: 23 % on average, 20-40 %).

    Examples
    --------
    >>> 0.3 < pyridostigmine(Person(), dose_mg=60).levers.esterase_activity < 0.6
    True
    """
    dose = PYRIDOSTIGMINE_DOSE.check(dose_mg)
    hours = PYRIDOSTIGMINE_SINCE.check(hours_since_dose)
    table = values_of(ROOM)
    level_ng_ml = (
        (dose / 60.0)
        * table["pyridostigmine_peak_after_60mg"]
        * oral_course(
            hours_since_dose=hours,
            time_to_peak_h=table["pyridostigmine_time_to_peak_h"],
            half_life_h=table["pyridostigmine_half_life_h"],
        )
    )
    return _inhibit(
        person,
        occupied(level_ng_ml, table["pyridostigmine_half_inhibition"]),
        name="pyridostigmine",
        drug=f"pyridostigmine {dose:g} mg",
        hours=hours,
        used=(
            "pyridostigmine_peak_after_60mg", "pyridostigmine_half_inhibition",
            "pyridostigmine_time_to_peak_h", "pyridostigmine_half_life_h",
        ),
    )  # fmt: skip


def neostigmine(
    person: Person,
    *,
    dose_mg_per_kg: float = NEOSTIGMINE_DOSE.default,
    hours_since_dose: float = NEOSTIGMINE_SINCE.default,
) -> Person:
    """Return the person after intravenous neostigmine.

    Parameters
    ----------
    dose_mg_per_kg
        Intravenous dose. [mg/kg]
    hours_since_dose
        Time since the injection; the onset of some minutes is left out. [h]

    Raises
    ------
    InputError
        If a value leaves its range.

    References
    ----------
    .. [1] Calvey 1979: red-cell enzyme almost fully inhibited at once, 28 % active at 30 min and
       55 % at 60 min.

    Examples
    --------
    >>> neostigmine(Person(), dose_mg_per_kg=0.04).levers.esterase_activity < 0.3
    True
    """
    dose = NEOSTIGMINE_DOSE.check(dose_mg_per_kg)
    hours = NEOSTIGMINE_SINCE.check(hours_since_dose)
    table = values_of(ROOM)
    left = dose * decay(hours_since_dose=hours, half_life_h=table["neostigmine_half_life_h"])
    return _inhibit(
        person,
        occupied(left, table["neostigmine_half_inhibition"]),
        name="neostigmine",
        drug=f"neostigmine {dose:g} mg/kg i.v.",
        hours=hours,
        used=("neostigmine_half_inhibition", "neostigmine_half_life_h"),
    )


def edrophonium(
    person: Person,
    *,
    dose_mg: float = EDROPHONIUM_DOSE.default,
    hours_since_dose: float = EDROPHONIUM_SINCE.default,
) -> Person:
    """Return the person after intravenous edrophonium, as in the edrophonium test.

    Parameters
    ----------
    dose_mg
        Intravenous dose; divided by the person's weight. [mg]
    hours_since_dose
        Time since the injection. [h]

    Raises
    ------
    InputError
        If a value leaves its range.

    Notes
    -----
    The effect of a test dose is over after 5-10 min; after the larger doses of reversal it lasts
    about an hour, which the single half-life used here misses.

    References
    ----------
    .. [1] Cronnelly 1982: half of a competitive block is reversed by 0.125 mg/kg.

    Examples
    --------
    >>> 0.4 < edrophonium(Person(), dose_mg=10).levers.esterase_activity < 0.7
    True
    """
    dose = EDROPHONIUM_DOSE.check(dose_mg)
    hours = EDROPHONIUM_SINCE.check(hours_since_dose)
    table = values_of(ROOM)
    left = dose / person.weight_kg * decay(hours_since_dose=hours, half_life_h=table["edrophonium_half_life_h"])
    return _inhibit(
        person,
        occupied(left, table["edrophonium_half_inhibition"]),
        name="edrophonium",
        drug=f"edrophonium {dose:g} mg i.v.",
        hours=hours,
        used=("edrophonium_half_inhibition", "edrophonium_half_life_h"),
    )
