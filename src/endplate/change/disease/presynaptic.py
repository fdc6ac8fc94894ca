"""Lesions of the nerve terminal: calcium channels, release machinery, magnesium outside."""

from __future__ import annotations

from endplate.body.person import Person
from endplate.change.ions import ionised_magnesium_rise_mmolar, normal_serum_magnesium_mmolar
from endplate.change.moves import alter, basis, within_range
from endplate.foundation.errors import require_between
from endplate.foundation.records import LEVERS, Levers

ROOM = "change/disease"
_CHANNELS_LEFT = "It is the fraction of channels that are left: 50 % is 0.5."


def lems(
    person: Person,
    *,
    channel_fraction: float,
    l_type_compensation: float = 0.0,
    zone_disorganisation: float = 0.0,
) -> Person:
    """Return the person with Lambert-Eaton myasthenic syndrome.

    Antibody removes P/Q-type calcium channels from the active zones one by one, so that single
    zones keep fewer of their channels; severity is the fraction of channels that are left.

    Parameters
    ----------
    channel_fraction
        P/Q-type channels left over those before, in [0, 1]. [1]
    l_type_compensation
        Share of the lost channels that L-type channels replace, in [0, 1]. [1]
    zone_disorganisation
        0 = what is left is ordered, 1 = scattered over the terminal. [1]

    Raises
    ------
    InputError
        If a fraction leaves [0, 1].

    Notes
    -----
    Leaves out the loss of N-type channels and the autonomic synapses.
    Limit: ``channel_fraction = 1`` without disorganisation returns the person unchanged.

    References
    ----------
    .. [1] Kim & Neher 1988 (calcium current -40 %, fewer channels of unchanged kind); Pinto 1998
       (only P/Q-type); Giovannini 2002 (partly L-type replacement).

    Examples
    --------
    >>> patient = lems(Person(), channel_fraction=0.46)
    >>> patient.levers.pq_channel_fraction
    0.46
    """
    left = require_between("channel_fraction", channel_fraction, 0, 1, _CHANNELS_LEFT)
    share = require_between("l_type_compensation", l_type_compensation, 0, 1, "It is a share of the lost channels.")
    scatter = require_between("zone_disorganisation", zone_disorganisation, 0, 1, "0 is ordered, 1 is scattered.")
    replaced = share * (1.0 - left)

    def move(levers: Levers) -> Levers:
        return levers.scaled(pq_channel_fraction=left).blocked(l_type_fraction=replaced, zone_disorganisation=scatter)

    mechanism = f"antibody removes P/Q-type calcium channels of the nerve terminal: {left:.0%} left"
    if replaced:
        mechanism += f"; L-type channels replace {share:.0%} of the loss"
    if scatter:
        mechanism += f"; active zones disorganised ({scatter:.0%})"
    return alter(
        person,
        move,
        name="Lambert-Eaton myasthenic syndrome",
        mechanism=mechanism,
        source=basis(ROOM, (), also=("KimNeher1988", "Pinto1998", *(("Giovannini2002",) if replaced else ()))),
    )


def botulism(person: Person, *, release_machinery: float) -> Person:
    """Return the person with botulism: toxin cuts the proteins by which docked vesicles fuse.

    Parameters
    ----------
    release_machinery
        Docked vesicles whose release machinery is intact, over those before, in [0, 1]. [1]

    Notes
    -----
    Leaves out that cut proteins may still fuse rarely (toxin type A) and the sprouting that
    follows.  Channels and calcium entry are normal.

    References
    ----------
    .. [1] Maselli 1992 (human: quantal content severely reduced by a step after calcium entry).

    Examples
    --------
    >>> botulism(Person(), release_machinery=0.2).levers.release_machinery
    0.2
    """
    intact = require_between(
        "release_machinery", release_machinery, 0, 1, "It is the fraction that is intact: 50 % is 0.5."
    )
    return alter(
        person,
        lambda levers: levers.scaled(release_machinery=intact),
        name="botulism",
        mechanism=f"toxin cuts the release machinery of docked vesicles: {intact:.0%} intact",
        source=basis(ROOM, (), also=("Maselli1992", "Gutmann1976")),
    )


def magnesium_excess(person: Person, *, serum_mmolar: float) -> Person:
    """Return the person with magnesium excess: magnesium competes with calcium at the terminal's channels.

    Parameters
    ----------
    serum_mmolar
        Total magnesium in serum; normal is about 0.8, reflexes fall above 2 and are lost near 5. [mM]

    Raises
    ------
    InputError
        If the level is below normal or above 12 mM.

    Notes
    -----
    The ionised part is raised above its normal value by a fixed share of the excess, a relation
    measured near normal levels. Leaves out the fall of calcium that often goes with it.

    Examples
    --------
    >>> magnesium_excess(Person(), serum_mmolar=4.0).levers.magnesium_mmolar > 2
    True
    """
    normal = normal_serum_magnesium_mmolar()
    level = require_between(
        "serum_mmolar",
        serum_mmolar,
        normal,
        12,
        f"It is total serum magnesium in mmol/L, normally about {normal:g}; 1 mg/dL is 0.41 mmol/L.",
    )
    rise = ionised_magnesium_rise_mmolar(level - normal)
    return alter(
        person,
        lambda levers: within_range(levers, magnesium_mmolar=levers.magnesium_mmolar + rise),
        name="magnesium excess",
        mechanism=(
            f"magnesium competes with calcium for the terminal's channels: serum {level:.2g} mM, "
            f"ionised + {rise:.2g} mM (at most {LEVERS['magnesium_mmolar'].high:g})"
        ),
        source=basis("change", ("ionised_magnesium_share", "normal_serum_magnesium_mmolar"), also=("Swaminathan2003",)),
    )
