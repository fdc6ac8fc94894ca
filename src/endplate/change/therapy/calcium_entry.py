"""Drugs that lower calcium entry into the terminal: aminoglycosides, verapamil, magnesium."""

from __future__ import annotations

from typing import Final

from endplate.body.person import Person
from endplate.change.ions import ionised_magnesium_rise_mmolar
from endplate.change.moves import alter, basis, within_range
from endplate.change.therapy.course import decay, occupied, oral_course
from endplate.change.therapy.treatment import Quantity
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Levers

ROOM: Final = "change/therapy"
AMINOGLYCOSIDE_DOSE: Final = Quantity(
    "dose_mg_per_kg", "an intravenous dose", "mg/kg", 5.0, 0.0, 7.0, "Once-daily doses are 5 to 7 mg/kg."
)
AMINOGLYCOSIDE_SINCE: Final = Quantity("hours_since_dose", "the time since the dose", "h", 0.5, 0.0, 48.0)
VERAPAMIL_DOSE: Final = Quantity(
    "dose_mg",
    "an oral dose, taken regularly",
    "mg",
    80.0,
    0.0,
    160.0,
    "Usual doses are 80 to 160 mg three times a day.",
)
VERAPAMIL_SINCE: Final = Quantity("hours_since_dose", "the time since the dose", "h", 1.5, 0.0, 72.0)
MAGNESIUM_DOSE: Final = Quantity(
    "dose_g", "an intravenous dose of magnesium sulphate", "g", 4.0, 0.0, 6.0, "Loading doses are 4 to 6 g."
)
MAGNESIUM_SINCE: Final = Quantity("hours_since_dose", "the time since the dose", "h", 0.5, 0.0, 48.0)


def aminoglycoside(
    person: Person,
    *,
    dose_mg_per_kg: float = AMINOGLYCOSIDE_DOSE.default,
    hours_since_dose: float = AMINOGLYCOSIDE_SINCE.default,
) -> Person:
    """Return the person after an aminoglycoside: less calcium enters the terminal, and receptors are blocked.

    Parameters
    ----------
    dose_mg_per_kg
        Intravenous dose of gentamicin. [mg/kg]
    hours_since_dose
        Time since the infusion; normal kidneys. [h]

    Raises
    ------
    InputError
        If a value leaves its range.

    Notes
    -----
    Kinetics of gentamicin, potency of neomycin in rat diaphragm: gentamicin is the weaker blocker,
    so this is an upper estimate. Calcium entry falls as if external calcium were lower, because
    calcium reverses the block. Accumulation in renal failure is left out.

    References
    ----------
    .. [1] Wright & Collier 1977: 600 uM neomycin leaves 29 % of release and 54 % of the response
       to acetylcholine; Singh 1978: the block resembles that of magnesium, calcium reverses it.

    Examples
    --------
    >>> given = aminoglycoside(Person()).levers
    >>> given.external_calcium_mmolar < 1.2 and given.competitive_block > 0
    True
    """
    dose = AMINOGLYCOSIDE_DOSE.check(dose_mg_per_kg)
    hours = AMINOGLYCOSIDE_SINCE.check(hours_since_dose)
    table = values_of(ROOM)
    level_mg_l = (
        dose
        / table["gentamicin_volume_l_per_kg"]
        * decay(hours_since_dose=hours, half_life_h=table["gentamicin_half_life_h"])
    )
    level_umolar = 1000.0 * level_mg_l / table["gentamicin_molar_mass"]
    entry = 1.0 - occupied(level_umolar, table["aminoglycoside_half_entry_umolar"])
    held = occupied(level_umolar, table["aminoglycoside_half_receptor_umolar"])

    def move(levers: Levers) -> Levers:
        less = within_range(levers, external_calcium_mmolar=levers.external_calcium_mmolar * entry)
        return less.blocked(competitive_block=held)

    return alter(
        person,
        move,
        name="aminoglycoside",
        mechanism=(
            f"calcium entry through each channel falls to {entry:.0%} and {held:.0%} of the receptors are blocked "
            f"(plasma {level_mg_l:.2g} mg/L)"
        ),
        source=basis(
            ROOM,
            (
                "aminoglycoside_half_entry_umolar", "aminoglycoside_half_receptor_umolar",
                "gentamicin_volume_l_per_kg", "gentamicin_half_life_h",
            ),
            also=("Singh1978",),
        ),
        drug=f"aminoglycoside {dose:g} mg/kg i.v.",
        hours_since_dose=hours,
    )  # fmt: skip


def verapamil(
    person: Person,
    *,
    dose_mg: float = VERAPAMIL_DOSE.default,
    hours_since_dose: float = VERAPAMIL_SINCE.default,
) -> Person:
    """Return the person on verapamil: L-type channels that stand in are blocked, and a few Cav2 channels.

    Parameters
    ----------
    dose_mg
        Oral dose, taken three times a day. [mg]
    hours_since_dose
        Time since the last dose. [h]

    Raises
    ------
    InputError
        If a value leaves its range.

    Notes
    -----
    Acts almost only where L-type channels have replaced lost ones: in health it does next to
    nothing. How much of the L-type component a therapeutic level blocks at a terminal is assumed.

    References
    ----------
    .. [1] Dobrev 1999 (P-type, and at higher levels N- and Q-type channels, at about 30 uM);
       Giovannini 2002 (L-type component after antibody).

    Examples
    --------
    >>> verapamil(Person()).levers.pq_channel_fraction > 0.97
    True
    """
    dose = VERAPAMIL_DOSE.check(dose_mg)
    hours = VERAPAMIL_SINCE.check(hours_since_dose)
    table = values_of(ROOM)
    level_ng_ml = (
        dose
        * table["verapamil_peak_per_mg"]
        * oral_course(
            hours_since_dose=hours,
            time_to_peak_h=table["verapamil_time_to_peak_h"],
            half_life_h=table["verapamil_half_life_h"],
        )
    )
    level_umolar = level_ng_ml / table["verapamil_molar_mass"]
    l_left = 1.0 - occupied(level_umolar, table["verapamil_half_l_type_umolar"])
    cav2_left = 1.0 - occupied(level_umolar, table["verapamil_half_cav2_umolar"])
    return alter(
        person,
        lambda levers: levers.scaled(
            l_type_fraction=l_left, pq_channel_fraction=cav2_left, n_type_fraction=cav2_left
        ),
        name="verapamil",
        mechanism=(
            f"{1 - l_left:.0%} of L-type and {1 - cav2_left:.1%} of Cav2 calcium channels of the terminal are blocked "
            f"(plasma {level_ng_ml:.3g} ng/mL)"
        ),
        source=basis(
            ROOM,
            (
                "verapamil_peak_per_mg", "verapamil_time_to_peak_h", "verapamil_half_life_h",
                "verapamil_half_l_type_umolar", "verapamil_half_cav2_umolar",
            ),
            also=("Giovannini2002",),
        ),
        drug=f"verapamil {dose:g} mg",
        hours_since_dose=hours,
    )  # fmt: skip


def magnesium(
    person: Person,
    *,
    dose_g: float = MAGNESIUM_DOSE.default,
    hours_since_dose: float = MAGNESIUM_SINCE.default,
) -> Person:
    """Return the person after intravenous magnesium sulphate: magnesium competes with calcium.

    Parameters
    ----------
    dose_g
        Magnesium sulphate (heptahydrate), as given in pre-eclampsia. [g]
    hours_since_dose
        Time since the injection; normal kidneys. [h]

    Raises
    ------
    InputError
        If a value leaves its range.

    Notes
    -----
    One compartment; the higher level of the first minutes is left out.

    References
    ----------
    .. [1] Okusanya 2016: 4-6 g doubles serum magnesium after half an hour; clearance 4.3-5.0 L/h.

    Examples
    --------
    >>> 1.0 < magnesium(Person(), dose_g=4).levers.magnesium_mmolar < 1.2
    True
    """
    dose = MAGNESIUM_DOSE.check(dose_g)
    hours = MAGNESIUM_SINCE.check(hours_since_dose)
    table = values_of(ROOM)
    excess = (
        dose * table["magnesium_mmol_per_g"] / (table["magnesium_volume_l_per_kg"] * person.weight_kg)
        * decay(hours_since_dose=hours, half_life_h=table["magnesium_half_life_h"])
    )  # fmt: skip
    rise = ionised_magnesium_rise_mmolar(excess)
    return alter(
        person,
        lambda levers: within_range(levers, magnesium_mmolar=levers.magnesium_mmolar + rise),
        name="magnesium sulphate",
        mechanism=(
            f"magnesium competes with calcium for the terminal's channels: serum + {excess:.2g} mM, "
            f"ionised + {rise:.2g} mM"
        ),
        source=basis(
            ROOM,
            ("magnesium_mmol_per_g", "magnesium_volume_l_per_kg", "magnesium_half_life_h"),
            also=("KochRegression", "Ramanathan1988"),
        ),
        drug=f"magnesium sulphate {dose:g} g i.v.",
        hours_since_dose=hours,
    )
