"""ReleaseTable: the one interface between the active zone and the terminal."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

CHANNELS_PER_ZONE = 4


@runtime_checkable
class ReleaseTable(Protocol):
    """Hazard of fusion of a docked vesicle per action potential, by surviving channels of its zone.

    The fusion probability is ``1 - exp(-hazard)``. A table refuses arguments outside the range
    that it covers and names the range.
    """

    name: str
    version: str

    def hazard(
        self,
        *,
        broadening: float,
        external_calcium_mmolar: float,
        magnesium_mmolar: float,
        disorganisation: float,
        substitute_channels: float,
    ) -> NDArray[np.float64]:
        """Return the hazard for 0, 1, ... 4 surviving channels, relative to a healthy zone at rest (= 1)."""
        ...
