"""The anatomy of one person's muscle: motor units, fibres, end-plates, tendons, nerve arrival.

Two persons with one seed share it, whatever else differs between them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle import _kernels as k
from endplate.body.muscle.catalogue import MuscleDescription, describe, settings
from endplate.body.muscle.wave import velocity_factor
from endplate.foundation.errors import InputError, require_between
from endplate.foundation.parameters import values_of
from endplate.foundation.random import stream

LARGEST_SAMPLE: Final = 50_000
_SHORTEST_HALF_MM: Final = 3.0
_SLOWEST_M_PER_S: Final = 1.5
# order of the standard normals of `draw_fibres`
_DIAMETER, _SPEED, _ENDPLATE, _PROXIMAL, _DISTAL, _BRANCH, _JUNCTION = range(7)
_N_NORMALS: Final = 7


@dataclass(frozen=True, eq=False, slots=True)
class Anatomy:
    """One muscle of one person: bare arrays, fibres sorted by unit, units by recruitment.

    Arrays of (fibre,): `unit` (int32), `diameter_um`, `velocity_m_per_s` (at the reference
    temperature), `endplate_mm` (along the limb from the mean end-plate, distal positive),
    `arrival_ms` (stimulus to nerve ending at the reference temperature: axon and branch, without
    the synapse), `proximal_mm` and `distal_mm` (end-plate to the tendons), `depth_mm` (below the
    surface of the muscle layer), `lateral_mm` (around the limb from under the electrode),
    `junction_size` (mean one), `area_um2`. Floats are float32.

    Arrays of (unit,): `twitch_newton`, `contraction_ms`, `threshold` (recruitment threshold over
    the highest); `unit_start` (unit + 1,), int64, offsets into the fibres.

    `represented` is the number of fibres of the muscle that each simulated fibre stands for.
    """

    description: MuscleDescription
    seed: int
    unit: NDArray[np.int32]
    unit_start: NDArray[np.int64]
    diameter_um: NDArray[np.float32]
    area_um2: NDArray[np.float32]
    velocity_m_per_s: NDArray[np.float32]
    endplate_mm: NDArray[np.float32]
    arrival_ms: NDArray[np.float32]
    proximal_mm: NDArray[np.float32]
    distal_mm: NDArray[np.float32]
    depth_mm: NDArray[np.float32]
    lateral_mm: NDArray[np.float32]
    junction_size: NDArray[np.float32]
    twitch_newton: NDArray[np.float64]
    contraction_ms: NDArray[np.float64]
    threshold: NDArray[np.float64]
    represented: float

    @property
    def n_fibres(self) -> int:
        """Simulated fibres."""
        return int(self.unit.size)

    @property
    def n_units(self) -> int:
        """Motor units."""
        return int(self.twitch_newton.size)


def _unit_sizes(n_units: int, n_fibres: int, size_range: float) -> NDArray[np.int64]:
    """Return fibres per unit: exponential in recruitment order, at least one, exact in sum."""
    weight = np.exp(np.log(size_range) * (np.arange(n_units) + 0.5) / n_units)
    share = weight / weight.sum() * (n_fibres - n_units)
    sizes: NDArray[np.int64] = np.floor(share).astype(np.int64) + 1
    # the largest remainders take what rounding left
    sizes[np.argsort(sizes - 1 - share, kind="stable")[: n_fibres - int(sizes.sum())]] += 1
    return sizes


def _places(
    d: MuscleDescription, unit: NDArray[np.int32], territory: NDArray[np.float64], scatter: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return depth and lateral place: units lie in the muscle's ellipse, their fibres around them."""
    half = 0.5 * d.thickness
    room = min(d.territory, half, d.half_width)
    lateral = (d.half_width - 0.5 * room) * territory[0][unit] + room * scatter[0]
    depth = (half - 0.5 * room) * territory[1][unit] + room * scatter[1]
    # fold back what reaches out of the ellipse, so that no fibre lies on its rim by force
    beyond = np.hypot(lateral / d.half_width, depth / half)
    fold = np.where(beyond > 1.0, np.maximum(2.0 / np.maximum(beyond, 1e-9) - 1.0, 0.0), 1.0)
    return d.depth_first + half + depth * fold, lateral * fold


def _force(d: MuscleDescription, n_units: int, share: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return twitch force and contraction time of every unit (Fuglevand1993, eq. 13-15)."""
    c = values_of("body/muscle")
    rank = (np.arange(n_units) + 1.0) / n_units
    twitch = np.exp(np.log(c["force.twitch_range"]) * rank)
    power = np.log(c["force.contraction_range"]) / np.log(c["force.twitch_range"])
    contraction = c["force.contraction_slowest"] * twitch**-power
    # a fused tetanus of all units is the muscle's highest force
    fused = np.e * k.gain_of(1e3, c["force.fusion_knee"]) * 1e3
    return twitch / twitch.sum() * d.force_highest * share / fused, contraction


def _check(muscle: str, n_fibres: int | None, nerve_length_scale: float, unit_fraction: float) -> None:
    require_between(
        "nerve_length_scale", nerve_length_scale, 0.2, 2.0, "It is a factor: the length over that at 170 cm."
    )
    require_between("unit_fraction", unit_fraction, 0.02, 1.0, "It is a fraction of the units in health: 60 % is 0.6.")
    if n_fibres is not None:
        require_between("n_fibres", n_fibres, 1, 5_000_000, "It is the number of simulated fibres.")
        units = max(1, round(describe(muscle).units * unit_fraction))
        if n_fibres < units:
            raise InputError(
                f"n_fibres must be at least the {units} motor units of {muscle}, got {n_fibres}. "
                "Every unit needs one fibre: ask for more fibres, or lower unit_fraction."
            )


def build_anatomy(
    muscle: str,
    *,
    seed: int,
    n_fibres: int | None = None,
    nerve_length_scale: float = 1.0,
    unit_fraction: float = 1.0,
) -> Anatomy:
    """Draw one person's muscle; the same arguments give the same arrays, bit for bit.

    Parameters
    ----------
    muscle
        A key of :func:`muscles`.
    seed
        The person's seed.
    n_fibres
        Fibres to simulate; by default all, at most 50,000. A larger muscle is sampled evenly:
        every unit keeps its share of fibres, and each simulated fibre stands for `represented`.
    nerve_length_scale
        Length of the nerve over that of a person of 170 cm. [1]
    unit_fraction
        Motor units left, over health. Survivors take over part of the orphaned fibres
        (parameter ``default.reinnervation``). [1]

    Returns
    -------
    Anatomy
        Cached: treat its arrays as read-only (they are).

    Raises
    ------
    UnknownNameError
        If no muscle has this key.
    InputError
        If a number is out of range.

    Notes
    -----
    Leaves out pennation, curved fibres, several end-plate zones in one muscle and sprouting in
    space. Diameter grows with recruitment order and velocity with diameter, so fast units are the
    forceful ones. Numbers of fibres per unit grow exponentially with order.

    References
    ----------
    .. [1] Fuglevand1993 (order and force of units); Blijham2006 (velocity and diameter);
       Piasecki2016 (loss of units).

    Examples
    --------
    >>> hand = build_anatomy("adm", seed=1, n_fibres=2000)
    >>> hand.n_fibres, hand.n_units
    (2000, 179)
    >>> bool(abs(hand.velocity_m_per_s.mean() - 4.0) < 0.1)
    True
    """
    _check(muscle, n_fibres, nerve_length_scale, unit_fraction)
    count = None if n_fibres is None else int(n_fibres)
    return _draw(muscle, int(seed), count, float(nerve_length_scale), float(unit_fraction), settings())


@functools.lru_cache(maxsize=8)
def _draw(
    muscle: str,
    seed: int,
    n_fibres: int | None,
    nerve_length_scale: float,
    unit_fraction: float,
    _settings: tuple[tuple[str, float], ...],
) -> Anatomy:
    """Draw the anatomy; the settings stand in the key only, so that other parameters give another one."""
    d = describe(muscle)
    n_units = max(1, round(d.units * unit_fraction))
    share = unit_fraction + (1.0 - unit_fraction) * d.reinnervation
    true_fibres = max(n_units, round(d.total_fibres * share))
    count = n_fibres if n_fibres is not None else min(true_fibres, LARGEST_SAMPLE)
    sizes = _unit_sizes(n_units, count, d.unit_size_range)
    unit = np.repeat(np.arange(n_units, dtype=np.int32), sizes)

    u_radius, u_angle, u_axon, u_branch, u_endplate = np.empty((5, n_units))
    k.draw_units(stream(seed, "muscle units", muscle), u_radius, u_angle, u_axon, u_branch, u_endplate)
    z, f_radius, f_angle = np.empty((_N_NORMALS, count)), np.empty(count), np.empty(count)
    k.draw_fibres(stream(seed, "muscle fibres", muscle), z, f_radius, f_angle)

    # mean diameter rises with order; what scatter is left within units keeps the total at its value
    rank = (np.arange(n_units) + 0.5) / n_units
    centre = d.diameter_rise * (rank - float(np.average(rank, weights=sizes)))
    between = float(np.average(centre**2, weights=sizes))
    within = np.sqrt(max(d.diameter_sd**2 - between, 0.0))
    diameter = np.maximum(d.diameter + centre[unit] + within * z[_DIAMETER], 0.3 * d.diameter)
    velocity = d.velocity + d.velocity_per_um * (diameter - d.diameter) + d.velocity_sd * z[_SPEED]
    velocity = np.maximum(velocity, _SLOWEST_M_PER_S)

    own = np.sqrt(1.0 - d.endplate_unit_share)
    endplate = d.endplate_sd * (np.sqrt(d.endplate_unit_share) * u_endplate[unit] + own * z[_ENDPLATE])
    proximal = np.maximum(d.half_length_proximal + endplate + d.tendon_sd * z[_PROXIMAL], _SHORTEST_HALF_MM)
    distal = np.maximum(d.half_length_distal - endplate + d.tendon_sd * z[_DISTAL], _SHORTEST_HALF_MM)

    axon = d.axon_velocity * np.maximum(1.0 + d.axon_velocity_cv * np.clip(u_axon, -3.0, 3.0), 0.4)
    branch = d.branch + d.branch_unit_sd * u_branch[unit] + d.branch_fibre_sd * z[_BRANCH]
    arrival = d.stimulus_delay + (d.nerve_length * nerve_length_scale / axon)[unit] + np.maximum(branch, 0.05)

    depth, lateral = _places(
        d,
        unit,
        np.stack([u_radius * np.cos(u_angle), u_radius * np.sin(u_angle)]),
        np.stack([f_radius * np.cos(f_angle), f_radius * np.sin(f_angle)]),
    )
    log_sd = np.sqrt(np.log1p(d.junction_cv**2))
    junction = (diameter / d.diameter) ** d.junction_exponent * np.exp(log_sd * z[_JUNCTION])
    junction /= junction.mean()
    twitch, contraction = _force(d, n_units, share)
    spread = np.log(values_of("body/muscle")["force.recruitment_range"])

    def bare(values: NDArray[np.float64]) -> NDArray[np.float32]:
        array = np.ascontiguousarray(values, dtype=np.float32)
        array.flags.writeable = False
        return array

    return Anatomy(
        description=d,
        seed=seed,
        unit=unit,
        unit_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        diameter_um=bare(diameter),
        area_um2=bare(0.25 * np.pi * diameter**2),
        velocity_m_per_s=bare(velocity),
        endplate_mm=bare(endplate),
        arrival_ms=bare(arrival),
        proximal_mm=bare(proximal),
        distal_mm=bare(distal),
        depth_mm=bare(depth),
        lateral_mm=bare(lateral),
        junction_size=bare(junction),
        twitch_newton=twitch,
        contraction_ms=contraction,
        threshold=np.exp(spread * (np.arange(n_units) + 1.0) / n_units) / np.exp(spread),
        represented=true_fibres / count,
    )


def arrival_at(anatomy: Anatomy, *, temperature_degc: float) -> NDArray[np.float32]:
    """Return `arrival_ms` at another temperature: nerve slows in the cold as fibres do. [ms]

    Examples
    --------
    >>> hand = build_anatomy("adm", seed=1, n_fibres=500)
    >>> bool((arrival_at(hand, temperature_degc=24.0) > hand.arrival_ms).all())
    True
    """
    return (anatomy.arrival_ms / np.float32(velocity_factor(temperature_degc))).astype(np.float32)


def unit_shares(anatomy: Anatomy, fired: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return, per stimulus and unit, the share of the unit's fibre area that fired.

    Parameters
    ----------
    fired
        (stimulus, fibre), uint8: 1 where the fibre fired.

    Returns
    -------
    numpy.ndarray
        (stimulus, unit), in [0, 1]: what scales the unit's twitch.
    """
    fired = check_fired(anatomy, fired)
    out = np.empty((fired.shape[0], anatomy.n_units))
    k.unit_shares(fired, anatomy.area_um2, anatomy.unit_start, out)
    return out


def check_fired(anatomy: Anatomy, fired: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return `fired` as a contiguous (stimulus, fibre) array, or say what is wrong with its shape."""
    array = np.ascontiguousarray(fired, dtype=np.uint8)
    if array.ndim != 2 or array.shape[1] != anatomy.n_fibres:
        raise InputError(f"fired needs shape (stimulus, {anatomy.n_fibres}), got {array.shape}.")
    return array
