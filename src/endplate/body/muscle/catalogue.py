"""The muscles of the body, by key: what differs between them stands in two data files."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from endplate.foundation.errors import DataError, unknown_name
from endplate.foundation.parameters import values_of

ROOM: Final = "body/muscle"
_WORDS: Final = ("key", "label", "nerve", "stimulation")


@dataclass(frozen=True, slots=True)
class MuscleDescription:
    """One muscle of a healthy adult of 170 cm: words first, then numbers with their units.

    The numbers carry no unit in their name because each *is* a parameter: unit, spread, source and
    note are those of ``parameters.toml``, under ``<muscle>.<name>`` or ``default.<name>``.
    """

    key: str
    label: str
    nerve: str
    stimulation: str
    units: float
    fibres_per_unit: float
    unit_size_range: float
    reinnervation: float
    diameter: float  # um
    diameter_sd: float  # um
    diameter_rise: float  # um
    velocity: float  # m/s
    velocity_per_um: float  # m/s/um
    velocity_sd: float  # m/s
    endplate_sd: float  # mm
    endplate_unit_share: float
    half_length_proximal: float  # mm
    half_length_distal: float  # mm
    tendon_sd: float  # mm
    thickness: float  # mm
    half_width: float  # mm
    depth_first: float  # mm
    territory: float  # mm
    limb_radius: float  # mm
    fat: float  # mm
    skin: float  # mm
    bone_radius: float  # mm
    electrode_radius: float  # mm
    electrode_offset: float  # mm
    reference_distance: float  # mm
    nerve_length: float  # mm
    axon_velocity: float  # m/s
    axon_velocity_cv: float
    stimulus_delay: float  # ms
    branch: float  # ms
    branch_unit_sd: float  # ms
    branch_fibre_sd: float  # ms
    junction_exponent: float
    junction_cv: float
    force_highest: float  # N
    cmap: float  # mV
    amplitude_scale: float

    @property
    def total_fibres(self) -> int:
        """Muscle fibres of the whole muscle, simulated or represented."""
        return round(self.units * self.fibres_per_unit)


@functools.cache
def _names() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("names.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def muscles() -> tuple[str, ...]:
    """Return the key of every muscle, hand first.

    Examples
    --------
    >>> muscles()[:3]
    ('adm', 'apb', 'fdi')
    """
    return tuple(_names())


def settings() -> tuple[tuple[str, float], ...]:
    """Return every parameter of the room as it stands now: the key of what may be kept.

    Examples
    --------
    >>> ("wave.spike", 96.0) in settings()
    True
    """
    return tuple(values_of(ROOM).items())


def describe(muscle: str) -> MuscleDescription:
    """Return everything that is known of one muscle before anybody's own anatomy is drawn.

    Raises
    ------
    UnknownNameError
        If no muscle has this key.
    DataError
        If a parameter is missing from the room's data files.

    Examples
    --------
    >>> describe("adm").label
    'abductor digiti minimi (ADM)'
    """
    if muscle not in _names():
        raise unknown_name("muscle", muscle, muscles())
    values = values_of(ROOM)
    numbers = {}
    for item in fields(MuscleDescription):
        if item.name in _WORDS:
            continue
        own, shared = f"{muscle}.{item.name}", f"default.{item.name}"
        if own not in values and shared not in values:
            raise DataError(f"{ROOM}: no parameter {own!r} and no {shared!r}.")
        numbers[item.name] = values[own] if own in values else values[shared]
    words = _names()[muscle]
    return MuscleDescription(key=muscle, **words, **numbers)  # type: ignore[arg-type]
