"""Muscle relaxants of anaesthesia: rocuronium and succinylcholine."""

from __future__ import annotations

from typing import Final

from endplate.body.person import Person
from endplate.change.moves import alter, basis, within_range
from endplate.change.therapy.course import decay, occupied
from endplate.change.therapy.treatment import Quantity
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Levers

ROOM: Final = "change/therapy"
ROCURONIUM_DOSE: Final = Quantity(
    "dose_mg_per_kg", "an intravenous dose", "mg/kg", 0.3, 0.0, 1.2, "0.3 is the ED95, 0.6 to 1.2 are for intubation."
)
ROCURONIUM_SINCE: Final = Quantity("hours_since_dose", "the time since the dose", "h", 0.05, 0.0, 12.0)
SUCCINYLCHOLINE_DOSE: Final = Quantity(
    "dose_mg_per_kg", "an intravenous dose", "mg/kg", 1.0, 0.0, 1.5, "1 to 1.5 are for intubation."
)
SUCCINYLCHOLINE_SINCE: Final = Quantity("hours_since_dose", "the time since the dose", "h", 0.02, 0.0, 2.0)


def rocuronium(
    person: Person,
    *,
    dose_mg_per_kg: float = ROCURONIUM_DOSE.default,
    hours_since_dose: float = ROCURONIUM_SINCE.default,
) -> Person:
    """Return the person after rocuronium: a competitive antagonist holds acetylcholine receptors.

    Parameters
    ----------
    dose_mg_per_kg
        Intravenous dose. [mg/kg]
    hours_since_dose
        Time since the injection; the onset of 1-2 min is left out. [h]

    Raises
    ------
    InputError
        If a value leaves its range.

    Notes
    -----
    The doses that block half and nearly all of the twitch are set to the occupancies at which
    transmission begins to fail (0.76) and fails almost everywhere (0.92). Those were measured in
    cats, whose margin of safety is larger than man's: the block of a human junction may come out
    too deep at a given dose. Presynaptic receptors, and so part of the fade, are left out.

    References
    ----------
    .. [1] Paton & Waud 1967 (occupancy); Naguib 1998 (ED50 0.111 mg/kg); label (ED95 0.3 mg/kg).

    Examples
    --------
    >>> 0.85 < rocuronium(Person(), dose_mg_per_kg=0.3, hours_since_dose=0).levers.competitive_block < 0.95
    True
    """
    dose = ROCURONIUM_DOSE.check(dose_mg_per_kg)
    hours = ROCURONIUM_SINCE.check(hours_since_dose)
    table = values_of(ROOM)
    left = dose * decay(hours_since_dose=hours, half_life_h=table["rocuronium_half_life_h"])
    held = occupied(left, table["rocuronium_half_occupancy"])
    return alter(
        person,
        lambda levers: levers.blocked(competitive_block=held),
        name="rocuronium",
        mechanism=f"a competitive antagonist holds {held:.0%} of the acetylcholine receptors",
        source=basis(ROOM, ("rocuronium_half_occupancy", "rocuronium_half_life_h"), also=("Naguib1998",)),
        drug=f"rocuronium {dose:g} mg/kg i.v.",
        hours_since_dose=hours,
    )


def succinylcholine(
    person: Person,
    *,
    dose_mg_per_kg: float = SUCCINYLCHOLINE_DOSE.default,
    hours_since_dose: float = SUCCINYLCHOLINE_SINCE.default,
) -> Person:
    """Return the person after succinylcholine: an agonist holds receptors open, and they desensitise.

    Parameters
    ----------
    dose_mg_per_kg
        Intravenous dose. [mg/kg]
    hours_since_dose
        Time since the injection; normal plasma cholinesterase. [h]

    Raises
    ------
    InputError
        If a value leaves its range.

    Notes
    -----
    A share of receptors out of service, not the depolarisation of the membrane: the resistance of
    myasthenia gravis, which comes from too few receptors to depolarise it, is left out.

    References
    ----------
    .. [1] Smith 1989 (ED50 0.11 mg/kg); Kopman 2003 (recovery after 0.4, 0.6 and 1 mg/kg).

    Examples
    --------
    >>> succinylcholine(Person(), dose_mg_per_kg=1.0).levers.depolarising_block > 0.8
    True
    """
    dose = SUCCINYLCHOLINE_DOSE.check(dose_mg_per_kg)
    hours = SUCCINYLCHOLINE_SINCE.check(hours_since_dose)
    table = values_of(ROOM)
    left = dose * decay(hours_since_dose=hours, half_life_h=table["succinylcholine_half_life_h"])
    held = occupied(left, table["succinylcholine_half_block"])
    faster = 1.0 + table["succinylcholine_desensitisation_gain"] * held

    def move(levers: Levers) -> Levers:
        return within_range(levers.blocked(depolarising_block=held), desensitisation=levers.desensitisation * faster)

    return alter(
        person,
        move,
        name="succinylcholine",
        mechanism=(
            f"an agonist holds {held:.0%} of the acetylcholine receptors open or desensitised; "
            f"the others desensitise {faster:.1f} times as easily"
        ),
        source=basis(
            ROOM,
            ("succinylcholine_half_block", "succinylcholine_half_life_h", "succinylcholine_desensitisation_gain"),
        ),
        drug=f"succinylcholine {dose:g} mg/kg i.v.",
        hours_since_dose=hours,
    )
