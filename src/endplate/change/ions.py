"""Magnesium in serum and at the terminal: shared by the disease and the infusion."""

from __future__ import annotations

from endplate.foundation.parameters import values_of

ROOM = "change"


def normal_serum_magnesium_mmolar() -> float:
    """Return the normal total magnesium in serum. [mM]"""
    return values_of(ROOM)["normal_serum_magnesium_mmolar"]


def ionised_magnesium_rise_mmolar(excess_mmolar: float) -> float:
    """Return the rise of ionised magnesium outside the terminal for a rise of total serum magnesium. [mM]

    References
    ----------
    .. [1] Koch's regression on total magnesium of 0.57-1.08 mM; used beyond it because total and
       ionised magnesium are closely related in marked excess (Kulpmann 1996).

    Examples
    --------
    >>> ionised_magnesium_rise_mmolar(0.0)
    0.0
    """
    return values_of(ROOM)["ionised_magnesium_share"] * excess_mmolar
