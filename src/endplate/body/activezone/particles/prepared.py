"""What every trial of a case shares: rates per reaction volume, voxels of the buffer, numbers for the kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import MOLAR_PER_NM3, Case
from endplate.body.activezone.gating import Schedule, build_schedule
from endplate.body.activezone.particles import _kernels as k
from endplate.foundation.parameters import values_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FACES = ("x-", "y-", "z-", "x+", "y+", "z+")
_SHARE_OF_OPEN_AXIS = 0.125  # longest step deviation over the length of an axis with an absorbing end
_QUADRATURE = 48  # points along an axis, where a reaction volume is cut by more than its own vesicle


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Sensor sites of all vesicles, vesicle by vesicle, kind by kind.

    Attributes
    ----------
    place_nm
        (site, 3). [nm]
    binding_per_us, release_per_us
        (site,) rate of binding of an ion in the reaction volume; rate of release. [1/us]
    at_rest
        (site,) chance of being bound at the resting level.
    vesicle, sensor, number
        (site,) whose it is: vesicle, kind of sensor, and number within both.
    per_vesicle
        Sites of one vesicle, all kinds together.
    """

    place_nm: Floats
    binding_per_us: Floats
    release_per_us: Floats
    at_rest: Floats
    vesicle: Ints
    sensor: Ints
    number: Ints
    per_vesicle: int


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Arrays that all trials of a case read; ``numbers`` is indexed by the names in ``_kernels``."""

    schedule: Schedule
    numbers: Floats
    is_absorbing: NDArray[np.uint8]
    centres: Floats
    sites: Sites
    voxels: Ints
    voxels_per_nm: Floats


def per_nm3(molar: float) -> float:
    """Return molecules per cubic nanometre of a concentration in mol/l."""
    return molar / MOLAR_PER_NM3


def nm3_per_us(k_per_molar_s: float) -> float:
    """Return a rate constant in nm3/us.

    Examples
    --------
    >>> round(nm3_per_us(2.2e7), 2)
    36.53
    """
    return k_per_molar_s * MOLAR_PER_NM3 * 1e-6


def reaction_volume_nm3(site: Floats, vesicle: int, case: Case, radius_nm: float) -> float:
    """Return the part of a ball around a sensor site that ions can reach. [nm3]

    The own vesicle takes a lens away, known in closed form; where the membrane, the box or another
    vesicle cuts the ball too, the volume is summed over a fine lattice.
    """
    low = np.array([edge[0] for edge in case.box_nm])
    high = np.array([edge[1] for edge in case.box_nm])
    others = np.delete(case.vesicle_centres_nm, vesicle, axis=0)
    reach = np.linalg.norm(others - site, axis=1) - case.vesicle_radius_nm
    if (site - low).min() >= radius_nm and (high - site).min() >= radius_nm and (reach >= radius_nm).all():
        return 2.0 / 3.0 * math.pi * radius_nm**3 + math.pi * radius_nm**4 / (4.0 * case.vesicle_radius_nm)
    step = 2.0 * radius_nm / _QUADRATURE
    axis = (np.arange(_QUADRATURE) + 0.5) * step - radius_nm
    points = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    points = points[(points**2).sum(axis=1) < radius_nm**2] + site
    free = ((points > low) & (points < high)).all(axis=1)
    for centre in case.vesicle_centres_nm:
        free &= ((points - centre) ** 2).sum(axis=1) > case.vesicle_radius_nm**2
    return float(free.sum()) * step**3


def _sites(case: Case, reach_nm: float) -> Sites:
    rows = []
    for v in range(case.n_vesicles):
        for s, (kind, places) in enumerate(zip(case.sensors, case.site_positions_nm, strict=True)):
            resting = kind.k_on_per_molar_s * case.resting_calcium_umolar * 1e-6
            at_rest = resting / (resting + kind.k_off_per_s) if resting > 0.0 else 0.0
            for i, site in enumerate(places[v]):
                binding = nm3_per_us(kind.k_on_per_molar_s) / reaction_volume_nm3(site, v, case, reach_nm)
                rows.append((*site, binding, kind.k_off_per_s * 1e-6, at_rest, v, s, i))
    table = np.array(rows, dtype=np.float64).reshape(-1, 9)
    return Sites(
        place_nm=np.ascontiguousarray(table[:, :3]),
        binding_per_us=np.ascontiguousarray(table[:, 3]),
        release_per_us=np.ascontiguousarray(table[:, 4]),
        at_rest=np.ascontiguousarray(table[:, 5]),
        vesicle=table[:, 6].astype(np.int64),
        sensor=table[:, 7].astype(np.int64),
        number=table[:, 8].astype(np.int64),
        per_vesicle=sum(kind.sites_per_vesicle for kind in case.sensors),
    )


def _rate_bound(sites: Sites, reach_nm: float) -> float:
    """Return a bound on the summed binding rate at any point: sites whose volumes meet, added up. [1/us]"""
    most = 0.0
    for place in sites.place_nm:
        meets = np.linalg.norm(sites.place_nm - place, axis=1) < 2.0 * reach_nm
        most = max(most, float(sites.binding_per_us[meets].sum()))
    return most


def prepare(case: Case, *, reaction_radius_nm: float | None = None, voxel_nm: float | None = None) -> Prepared:
    """Return what every trial of a case shares.

    Parameters
    ----------
    case
        The case.
    reaction_radius_nm, voxel_nm
        Numerical sizes; those of the parameters if not given. Results do not depend on them beyond the error
        that the tests bound.
    """
    constants = values_of("body/activezone")
    reach = constants["reaction_radius_nm"] if reaction_radius_nm is None else reaction_radius_nm
    edge = constants["buffer_voxel_nm"] if voxel_nm is None else voxel_nm
    size = np.array([high - low for low, high in case.box_nm])
    voxels = np.maximum(np.ceil(size / edge - 1e-9), 1).astype(np.int64)
    volume = float(np.prod(size / voxels))
    mean = per_nm3(case.buffer_umolar * 1e-6) * volume
    most = float(math.ceil(mean - 1e-12))
    sites = _sites(case, reach)
    numbers = np.zeros(k.N_NUMBERS)
    numbers[k.DIFFUSION] = case.diffusion_um2_per_s  # um2/s is nm2/us
    numbers[k.STEP_US] = case.step_ns * 1e-3
    numbers[k.RADIUS] = case.vesicle_radius_nm
    numbers[k.REACTION_RADIUS] = reach
    numbers[k.SENSOR_BOUND] = _rate_bound(sites, reach)
    numbers[k.BUFFER_MEAN] = mean
    numbers[k.BUFFER_MOST] = most
    numbers[k.BUFFER_RATE] = nm3_per_us(case.buffer_k_on_per_molar_s) * most / volume
    numbers[k.BUFFER_RELEASE] = case.buffer_k_off_per_s * 1e-6
    numbers[k.CLEARANCE] = case.clearance_per_ms * 1e-3
    numbers[k.END_US] = case.duration_ms * 1e3
    resting = case.resting_calcium_umolar * 1e-6
    numbers[k.REST_FREE] = per_nm3(resting) * case.free_volume_nm3
    occupying = resting * case.buffer_k_on_per_molar_s
    numbers[k.REST_BOUND] = occupying / (occupying + case.buffer_k_off_per_s) if occupying > 0.0 else 0.0
    for axis in range(3):
        numbers[k.X_LOW + axis], numbers[k.X_HIGH + axis] = case.box_nm[axis]
    # a step must not reach two walls where one absorbs: the formula of the crossing knows one
    open_axes = ["xyz".index(face[0]) for face in case.absorbing_faces]
    numbers[k.LONGEST] = min((_SHARE_OF_OPEN_AXIS * size[axis] for axis in open_axes), default=math.inf)
    return Prepared(
        schedule=build_schedule(case),
        numbers=numbers,
        is_absorbing=np.array([face in case.absorbing_faces for face in _FACES], dtype=np.uint8),
        centres=np.ascontiguousarray(case.vesicle_centres_nm),
        sites=sites,
        voxels=voxels,
        voxels_per_nm=voxels / size,
    )
