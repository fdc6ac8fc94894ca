"""Levers: the only way by which anything outside the body moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, NamedTuple

from endplate.foundation.errors import InputError, require_between, unknown_name


class Lever(NamedTuple):
    """Range, unit and meaning of one lever."""

    low: float
    high: float
    unit: str
    meaning: str


LEVERS: Final[dict[str, Lever]] = {
    "pq_channel_fraction": Lever(0, 1, "1", "P/Q-type calcium channels left, over health"),
    "l_type_fraction": Lever(0, 1, "1", "L-type channels that stand in, over the healthy P/Q number"),
    "n_type_fraction": Lever(0, 1, "1", "N-type channels that stand in, over the healthy P/Q number"),
    "zone_disorganisation": Lever(0, 1, "1", "0 = ordered zones, 1 = channels scattered over the terminal"),
    "external_calcium_mmolar": Lever(0.05, 5, "mM", "ionised calcium outside the terminal"),
    "magnesium_mmolar": Lever(0, 15, "mM", "ionised magnesium outside the terminal"),
    "broadening": Lever(0.5, 3, "1", "duration of the terminal's action potential, over health"),
    "docked_vesicles": Lever(0, 2.5, "1", "docked vesicles per zone, over health"),
    "release_machinery": Lever(0, 1, "1", "docked vesicles whose release machinery is intact"),
    "vesicle_refilling": Lever(0, 5, "1", "rate of refilling of empty sites, over health"),
    "esterase_activity": Lever(0, 1, "1", "acetylcholinesterase activity, over health"),
    "receptor_fraction": Lever(0, 2, "1", "acetylcholine receptors left, over health"),
    "competitive_block": Lever(0, 1, "1", "receptors held by a competitive antagonist"),
    "depolarising_block": Lever(0, 1, "1", "receptors held open or desensitised by an agonist"),
    "desensitisation": Lever(0, 50, "1", "receptor desensitisation per quantum, over health"),
    "sodium_channel_fraction": Lever(0.05, 2, "1", "end-plate sodium channels, over health"),
    "temperature_degc": Lever(10, 42, "degC", "temperature of the muscle"),
}
_SHARES: Final = (
    "l_type_fraction",
    "n_type_fraction",
    "zone_disorganisation",
    "competitive_block",
    "depolarising_block",
)  # 0 in health, 1 when all is taken
_HINTS: Final = {
    "pq_channel_fraction": "It is a fraction of health: 50 % is 0.5.",
    "receptor_fraction": "It is a fraction of health: 50 % is 0.5.",
    "temperature_degc": "Is it in fahrenheit or kelvin? Give degrees Celsius.",
}


def _require_known(settings: Mapping[str, float]) -> None:
    for name in settings:
        if name not in LEVERS:
            raise unknown_name("lever", name, LEVERS)


@dataclass(frozen=True, slots=True)
class Levers:
    """Dimensionless multipliers and physical settings of one muscle; the default is health.

    Raises
    ------
    InputError
        If a lever leaves its range in `LEVERS`.

    Examples
    --------
    >>> Levers().moved(pq_channel_fraction=0.5).pq_channel_fraction
    0.5
    """

    pq_channel_fraction: float = 1.0
    l_type_fraction: float = 0.0
    n_type_fraction: float = 0.0
    zone_disorganisation: float = 0.0
    external_calcium_mmolar: float = 1.2
    magnesium_mmolar: float = 0.55
    broadening: float = 1.0
    docked_vesicles: float = 1.0
    release_machinery: float = 1.0
    vesicle_refilling: float = 1.0
    esterase_activity: float = 1.0
    receptor_fraction: float = 1.0
    competitive_block: float = 0.0
    depolarising_block: float = 0.0
    desensitisation: float = 1.0
    sodium_channel_fraction: float = 1.0
    temperature_degc: float = 34.0

    def __post_init__(self) -> None:
        for item in fields(self):
            lever = LEVERS[item.name]
            value = require_between(
                item.name, getattr(self, item.name), lever.low, lever.high, _HINTS.get(item.name, "")
            )
            object.__setattr__(self, item.name, value)

    def moved(self, **settings: float) -> Levers:
        """Return a copy with the named levers set."""
        _require_known(settings)
        return replace(self, **settings)

    def scaled(self, **factors: float) -> Levers:
        """Return a copy with the named levers multiplied, so that causes can be combined.

        Raises
        ------
        InputError
            If a factor is negative or no number, or the lever has no ratio scale (degrees Celsius).
        """
        _require_known(factors)
        if "temperature_degc" in factors:
            raise InputError(
                "temperature_degc cannot be multiplied: degrees Celsius have no true zero. Set it by moved."
            )
        scaled = {
            name: getattr(self, name) * require_between(f"factor of {name}", factor, 0, 1000)
            for name, factor in factors.items()
        }
        return replace(self, **scaled)

    def blocked(self, **shares: float) -> Levers:
        """Return a copy in which further shares of what is still free are taken: 1 - (1 - a)(1 - b).

        Raises
        ------
        InputError
            If a lever is no share that is 0 in health, or a share is outside [0, 1].

        Examples
        --------
        >>> Levers(competitive_block=0.5).blocked(competitive_block=0.5).competitive_block
        0.75
        """
        _require_known(shares)
        for name, share in shares.items():
            if name not in _SHARES:
                raise InputError(f"{name} is not a share of something free; only {', '.join(_SHARES)} are.")
            require_between(name, share, 0, 1, "It is a share: 50 % is 0.5.")
        taken = {name: 1.0 - (1.0 - getattr(self, name)) * (1.0 - share) for name, share in shares.items()}
        return replace(self, **taken)

    def differences(self) -> dict[str, float]:
        """Return the levers that are not at health."""
        healthy = Levers()
        return {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if getattr(self, item.name) != getattr(healthy, item.name)
        }
