"""Lead fields of every muscle, read from a data file that ``studies/lead_field.py`` writes.

The table holds one electrode's W' over depth, lateral place and distance along the limb; the
montage (belly less tendon) is put together here, so electrode places may move without a new table.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle.catalogue import MuscleDescription
from endplate.body.muscle.lead_field import Layer, lead_field_gradient
from endplate.foundation.errors import DataError
from endplate.foundation.parameters import values_of

TABLE_PATH: Final = Path(__file__).with_name("lead_field.npz")
STEP_MM: Final = 0.25  # of the montage along the limb, and of the sum along the fibres
_TABLE_STEP_MM: Final = 1.0
_N_DEPTH: Final = 10
_N_LATERAL: Final = 7


def layers_of(description: MuscleDescription) -> tuple[Layer, ...]:
    """Return the limb around a muscle as layers from the inside out.

    Examples
    --------
    >>> from endplate.body.muscle.catalogue import describe
    >>> [round(layer.outer_radius_mm, 1) for layer in layers_of(describe("adm"))]
    [22.2, 23.7, 25.0]
    """
    c, d = values_of("body/muscle"), description
    muscle_mm = d.limb_radius - d.skin - d.fat
    layers = [
        Layer(muscle_mm, c["medium.muscle_radial"], c["medium.muscle_axial"]),
        Layer(muscle_mm + d.fat, c["medium.fat"], c["medium.fat"]),
        Layer(d.limb_radius, c["medium.skin"], c["medium.skin"]),
    ]
    if d.bone_radius > 0.0:
        layers.insert(0, Layer(d.bone_radius, c["medium.bone"], c["medium.bone"]))
    return tuple(layers)


def muscle_radius_mm(description: MuscleDescription) -> float:
    """Return the radius of the surface of the muscle layer."""
    return description.limb_radius - description.skin - description.fat


def geometry(description: MuscleDescription) -> NDArray[np.float64]:
    """Return all numbers that the table of a muscle depends on: its fingerprint."""
    d = description
    flat = [x for layer in layers_of(d) for x in (layer.outer_radius_mm, layer.radial_s_per_m, layer.axial_s_per_m)]
    return np.array([*flat, d.electrode_radius, d.depth_first, d.thickness, d.half_width, reach_mm(d)])


def reach_mm(description: MuscleDescription) -> float:
    """Return the largest distance between an electrode and any part of any fibre, rounded up. [mm]"""
    d = description
    half = max(d.half_length_proximal, d.half_length_distal)
    # end-plates and tendons scatter by up to 3.5 SD each; twice the end-plate's for the unit's share
    scatter = 7.0 * d.endplate_sd + 3.5 * d.tendon_sd
    return float(np.ceil(half + scatter + abs(d.electrode_offset) + d.reference_distance))


def nodes(
    description: MuscleDescription,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the table's nodes: depth below the muscle's surface, lateral place, distance. [mm]"""
    d = description
    # depth nodes are denser where the field changes fast
    depth = d.depth_first + d.thickness * np.linspace(0.0, 1.0, _N_DEPTH) ** 1.5
    return depth, np.linspace(0.0, d.half_width, _N_LATERAL), np.arange(0.0, reach_mm(d) + 0.5, _TABLE_STEP_MM)


def compute_table(description: MuscleDescription) -> NDArray[np.float32]:
    """Compute one muscle's table (depth, lateral, distance) of W' from the physics, in seconds. [V/A per mm]"""
    depth, lateral, z = nodes(description)
    radius = muscle_radius_mm(description)
    field = lead_field_gradient(
        layers=layers_of(description),
        electrode_radius_mm=description.electrode_radius,
        radii_mm=radius - depth,
        angles_rad=lateral / radius,
        z_mm=z,
    )
    return field.astype(np.float32)


@functools.cache
def _tables() -> dict[str, NDArray[np.float64]]:
    if not TABLE_PATH.is_file():
        raise DataError(f"{TABLE_PATH.name} is missing beside its code; run studies/lead_field.py to make it.")
    with np.load(TABLE_PATH) as file:
        return {name: file[name] for name in file.files}


@dataclass(frozen=True, eq=False, slots=True)
class Montage:
    """Lead field of two electrodes: W' (depth, lateral, z) on an even grid along the limb. [V/A per mm]"""

    depth_mm: NDArray[np.float64]
    lateral_mm: NDArray[np.float64]
    z_first_mm: float
    gradient: NDArray[np.float32]

    @property
    def z_mm(self) -> NDArray[np.float64]:
        """Distance along the limb from the mean end-plate, distal positive. [mm]"""
        return np.asarray(self.z_first_mm + STEP_MM * np.arange(self.gradient.shape[2]), dtype=np.float64)


def montage_of(description: MuscleDescription) -> Montage:
    """Return the belly-tendon lead field of one muscle from the shipped table.

    Raises
    ------
    DataError
        If the shipped table was made for other parameters, or does not know the muscle.

    Examples
    --------
    >>> from endplate.body.muscle.catalogue import describe
    >>> hand = montage_of(describe("adm"))
    >>> bool(abs(hand.gradient[0, 0, 0]) < abs(hand.gradient[0, 0]).max())
    True
    """
    d, tables = description, _tables()
    if d.key not in tables:
        raise DataError(f"the lead-field table has no muscle {d.key!r}; run studies/lead_field.py after adding one.")
    wanted, shipped = geometry(d), tables[f"{d.key}.geometry"]
    if wanted.shape != shipped.shape or not np.allclose(wanted, shipped, rtol=1e-9, atol=0.0):
        raise DataError(
            f"the lead-field table of {d.key} was made for another limb or other conductivities; "
            "run studies/lead_field.py to make it anew."
        )
    depth, lateral, z = nodes(d)
    limit = float(np.ceil(z[-1] - d.reference_distance - abs(d.electrode_offset)))
    grid = np.arange(-limit, limit + 0.5 * STEP_MM, STEP_MM)
    one = _odd_spline(z, np.asarray(tables[d.key], float))
    belly = one(grid - d.electrode_offset)
    tendon = one(grid - d.electrode_offset - d.reference_distance)
    return Montage(depth, lateral, -limit, np.ascontiguousarray(belly - tendon, dtype=np.float32))


def _odd_spline(z: NDArray[np.float64], table: NDArray[np.float64]):  # type: ignore[no-untyped-def]
    """Return W' as a smooth function of distance on both sides of the electrode: it is odd in z."""
    from scipy.interpolate import CubicSpline

    both = np.concatenate([-z[:0:-1], z])
    return CubicSpline(both, np.concatenate([-table[..., :0:-1], table], axis=-1), axis=-1)
