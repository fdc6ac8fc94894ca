"""Lesions of the end-plate: acetylcholine receptors."""

from __future__ import annotations

from endplate.body.person import Person
from endplate.change.moves import alter, basis, within_range
from endplate.foundation.errors import require_between
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Levers

ROOM = "change/disease"


def mg(person: Person, *, receptor_fraction: float, homeostatic_release: bool | float = False) -> Person:
    """Return the person with myasthenia gravis: antibody removes acetylcholine receptors.

    Parameters
    ----------
    receptor_fraction
        Receptors left over those before, in [0, 1]. [1]
    homeostatic_release
        Whether the terminal answers with more docked vesicles, as in disease with antibody to the
        receptor; ``True`` raises them with the loss, up to ``mg_homeostatic_release`` where all is
        lost; a number in [1, 2] is the factor itself. MuSK disease shows no rise: ``False``.

    Raises
    ------
    InputError
        If the fraction leaves [0, 1] or the factor [1, 2].

    Notes
    -----
    Leaves out stronger desensitisation, simplified folds and lost sodium channels: move those
    levers by hand where they matter.
    Limit: ``receptor_fraction = 1`` with ``homeostatic_release`` not a number changes nothing.

    References
    ----------
    .. [1] Fambrough 1973 (receptors 11-30 % of normal); Plomp 1995, Cull-Candy 1980 (quantal
       content raised most where miniature potentials are smallest); Patel 2014 (MuSK: no rise).

    Examples
    --------
    >>> patient = mg(Person(), receptor_fraction=0.4, homeostatic_release=1.3)
    >>> patient.levers.receptor_fraction, patient.levers.docked_vesicles
    (0.4, 1.3)
    """
    left = require_between(
        "receptor_fraction", receptor_fraction, 0, 1, "It is the fraction of receptors left: 50 % is 0.5."
    )
    used: tuple[str, ...] = ()
    if homeostatic_release is True:
        used = ("mg_homeostatic_release",)
        factor = 1.0 + (values_of(ROOM)["mg_homeostatic_release"] - 1.0) * (1.0 - left)
    elif homeostatic_release is False:
        factor = 1.0
    else:
        factor = require_between(
            "homeostatic_release", homeostatic_release, 1, 2, "It is a factor on docked vesicles, or true or false."
        )

    def move(levers: Levers) -> Levers:
        lost = levers.scaled(receptor_fraction=left)
        return within_range(lost, docked_vesicles=lost.docked_vesicles * factor)

    mechanism = f"antibody removes acetylcholine receptors of the end-plate: {left:.0%} left"
    if factor > 1.0:
        mechanism += f"; the terminal docks {factor:.2f} times the vesicles"
    return alter(
        person,
        move,
        name="myasthenia gravis",
        mechanism=mechanism,
        source=basis(ROOM, used, also=("Fambrough1973", *(("Plomp1995",) if factor > 1.0 else ()))),
    )
