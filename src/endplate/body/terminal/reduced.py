"""The release law in closed form: channels in the zone and calcium per channel, two exponents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.release_table import calcium_without_magnesium
from endplate.foundation.errors import require_between
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Levers
from endplate.foundation.records.release import CHANNELS_PER_ZONE


def calcium_entry(*, external_calcium_mmolar: float, magnesium_mmolar: float, broadening: float) -> float:
    """Return the calcium that enters through one channel per impulse, over health.

    In proportion to the calcium outside, as in the nanoscale model; magnesium competes for the pore;
    entry grows in proportion to the duration of the action potential.

    Examples
    --------
    >>> round(calcium_entry(external_calcium_mmolar=1.2, magnesium_mmolar=0.55, broadening=1.0), 6)
    1.0
    """
    healthy = Levers()
    rest = calcium_without_magnesium(
        external_calcium_mmolar=healthy.external_calcium_mmolar, magnesium_mmolar=healthy.magnesium_mmolar
    )
    now = calcium_without_magnesium(external_calcium_mmolar=external_calcium_mmolar, magnesium_mmolar=magnesium_mmolar)
    return broadening * now / rest


@dataclass(frozen=True, slots=True)
class ReducedReleaseTable:
    r"""Closed form of the `ReleaseTable`: :math:`h_k = (k_e/4)^{n}\, c^{m}\, b^{q}`.

    :math:`k_e` counts the channels that still work on the vesicle: survivors, weakened by
    disorganisation, and substitutes; c is the flux of calcium through an open one, over health, and b
    the broadening of the action potential. Losing channels moves the base of the small exponent n,
    external calcium that of the large exponent m: one lumped number with one power would confuse the two.
    It follows the nanoscale table near health; below one channel's worth and far from health it does not.

    References
    ----------
    Shahrezaei et al. 2006 for m; n and q are those of the nanoscale table (studies/release_table.py).
    """

    channel_exponent: float
    calcium_exponent: float
    broadening_exponent: float
    disorganisation_loss: float
    name: str = "closed form"
    version: str = "1"

    def hazard(
        self,
        *,
        broadening: float,
        external_calcium_mmolar: float,
        magnesium_mmolar: float,
        disorganisation: float,
        substitute_channels: float,
    ) -> NDArray[np.float64]:
        """Return (5,), hazard for 0 to 4 surviving channels over that of a healthy zone at rest. [1]

        Examples
        --------
        >>> table = ReducedReleaseTable(channel_exponent=2, calcium_exponent=4, broadening_exponent=2,
        ...                             disorganisation_loss=0.5)
        >>> table.hazard(broadening=1, external_calcium_mmolar=1.2, magnesium_mmolar=0.55,
        ...              disorganisation=0, substitute_channels=0).round(4)
        array([0.    , 0.0625, 0.25  , 0.5625, 1.    ])
        """
        require_between("broadening", broadening, 0.5, 3)
        require_between("disorganisation", disorganisation, 0, 1)
        entry = calcium_entry(
            external_calcium_mmolar=external_calcium_mmolar, magnesium_mmolar=magnesium_mmolar, broadening=1.0
        )
        surviving = np.arange(CHANNELS_PER_ZONE + 1) * (1.0 - disorganisation * self.disorganisation_loss)
        working = np.minimum(surviving + substitute_channels, CHANNELS_PER_ZONE)
        by_channels = (working / CHANNELS_PER_ZONE) ** self.channel_exponent
        return np.asarray(by_channels * entry**self.calcium_exponent * broadening**self.broadening_exponent)


def reduced_release_table() -> ReducedReleaseTable:
    """Return the closed form with its exponents."""
    constants = values_of("body/terminal")
    return ReducedReleaseTable(
        channel_exponent=constants["channel_exponent"],
        calcium_exponent=constants["calcium_exponent"],
        broadening_exponent=constants["broadening_exponent"],
        disorganisation_loss=constants["disorganisation_loss"],
    )
