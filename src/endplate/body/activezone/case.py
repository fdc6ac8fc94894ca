"""A case: geometry, chemistry and impulses of one piece of terminal, checked once, and its variants."""

from __future__ import annotations

import functools
import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.action_potential import ActionPotential
from endplate.body.activezone.checks import require_sound
from endplate.body.activezone.kinds import ChannelKind, SensorKind, channel_kind
from endplate.foundation.errors import InputError, require_between
from endplate.foundation.parameters import values_of
from endplate.foundation.random import _kernels as random_kernels

MOLAR_PER_NM3 = 1e24 / 6.02214076e23  # one molecule in a cubic nanometre, 1.66 mol/l
FACES = ("x-", "x+", "y-", "y+", "z+")


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One piece of a motor nerve terminal. The membrane with the channels is the plane z = 0.

    Attributes
    ----------
    name
        What it is called.
    box_nm
        ((x0, x1), (y0, y1), (z0, z1)); z0 is 0. [nm]
    absorbing_faces
        Faces that take calcium away for good: of x-, x+, y-, y+, z+. All others reflect.
    vesicle_centres_nm, vesicle_radius_nm
        (vesicle, 3) centres and the common radius of the docked vesicles. [nm]
    channel_positions_nm, channel_kinds
        (channel, 2) positions in the membrane [nm], and the kind of each by name.
    zone_of_channel, zone_of_vesicle
        (channel,), (vesicle,): index of the active zone each belongs to.
    kinds
        Kind of channel by name.
    sensors, site_positions_nm
        Kinds of sensors, and for each the places of its sites, (vesicle, site, 3). [nm]
    buffer_umolar, buffer_k_on_per_molar_s, buffer_k_off_per_s
        The immobile buffer, uniform outside the vesicles. [umol/l, 1/(M s), 1/s]
    diffusion_um2_per_s
        Diffusion coefficient of calcium. [um2/s]
    external_calcium_mmolar, magnesium_mmolar
        Ionised calcium and magnesium outside. [mmol/l]
    resting_calcium_umolar, clearance_per_ms
        Extensions, 0 in the reference case: a resting level, and a uniform rate of removal of what entered.
    action_potential, train
        One impulse, and the onsets of the impulses of the run. [ms]
    duration_ms, step_ns
        Length of the run; longest step of an ion that can touch a vesicle. [ms, ns]

    Raises
    ------
    InputError
        If a part is impossible; the sentence names the part, what is allowed and the way out.

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> case = read_case("az4")
    >>> case.with_channels(2).channel_positions_nm.tolist()
    [[19.0, 16.0], [-19.0, 16.0]]
    """

    name: str
    box_nm: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    absorbing_faces: frozenset[str]
    vesicle_centres_nm: NDArray[np.float64]
    vesicle_radius_nm: float
    channel_positions_nm: NDArray[np.float64]
    channel_kinds: tuple[str, ...]
    zone_of_channel: NDArray[np.int64]
    zone_of_vesicle: NDArray[np.int64]
    kinds: Mapping[str, ChannelKind]
    sensors: tuple[SensorKind, ...]
    site_positions_nm: tuple[NDArray[np.float64], ...]
    buffer_umolar: float
    buffer_k_on_per_molar_s: float
    buffer_k_off_per_s: float
    diffusion_um2_per_s: float
    external_calcium_mmolar: float
    magnesium_mmolar: float
    resting_calcium_umolar: float
    clearance_per_ms: float
    action_potential: ActionPotential
    train: tuple[float, ...]
    duration_ms: float
    step_ns: float

    def __post_init__(self) -> None:
        require_sound(self)

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return len(self.channel_kinds)

    @property
    def n_vesicles(self) -> int:
        """Number of docked vesicles."""
        return int(self.vesicle_centres_nm.shape[0])

    @property
    def n_impulses(self) -> int:
        """Number of impulses of the run."""
        return len(self.train)

    @property
    def free_volume_nm3(self) -> float:
        """Volume of the box outside the vesicles. [nm3]"""
        box = math.prod(high - low for low, high in self.box_nm)
        return box - self.n_vesicles * 4.0 / 3.0 * math.pi * self.vesicle_radius_nm**3

    @property
    def n_buffer_sites(self) -> int:
        """Number of buffer sites in the free volume."""
        return round(self.buffer_umolar * 1e-6 / MOLAR_PER_NM3 * self.free_volume_nm3)

    def fingerprint(self) -> str:
        """Return a short hash of everything that decides a result; the name has no part in it."""
        digest = hashlib.sha256()
        for item in fields(self):
            if item.name == "name":
                continue
            digest.update(f"{item.name}:{_canonical(getattr(self, item.name))};".encode())
        # constants of fusion are read after the trials: they may move while an ensemble is kept
        values = values_of("body/activezone")
        deciding = {name: value for name, value in values.items() if not name.startswith(("energy_", "active_"))}
        digest.update(json.dumps(deciding, sort_keys=True).encode())
        return digest.hexdigest()[:16]

    def with_channels(self, keep: int | Iterable[int]) -> Case:
        """Return the case with fewer channels: the first `keep` of every zone, or the channels with these indices."""
        if isinstance(keep, (int, np.integer)):
            chosen = [
                int(index)
                for zone in np.unique(self.zone_of_channel)
                for index in np.flatnonzero(self.zone_of_channel == zone)[: max(int(keep), 0)]
            ]
        else:
            chosen = [int(index) for index in keep]
        for index in chosen:
            if not 0 <= index < self.n_channels:
                raise InputError(f"no channel {index}: {self.name} has channels 0 to {self.n_channels - 1}.")
        chosen = sorted(set(chosen))
        return replace(
            self,
            channel_positions_nm=self.channel_positions_nm[chosen].reshape(-1, 2),
            channel_kinds=tuple(self.channel_kinds[i] for i in chosen),
            zone_of_channel=self.zone_of_channel[chosen],
        )

    def with_vesicles(self, keep: Iterable[int]) -> Case:
        """Return the case with the vesicles of these indices only."""
        chosen = sorted({int(index) for index in keep})
        for index in chosen:
            if not 0 <= index < self.n_vesicles:
                raise InputError(f"no vesicle {index}: {self.name} has vesicles 0 to {self.n_vesicles - 1}.")
        return replace(
            self,
            vesicle_centres_nm=self.vesicle_centres_nm[chosen].reshape(-1, 3),
            zone_of_vesicle=self.zone_of_vesicle[chosen],
            site_positions_nm=tuple(sites[chosen] for sites in self.site_positions_nm),
        )

    def with_more_vesicles(self, centres_nm: Sequence[Sequence[float]], *, zone: int = 0) -> Case:
        """Return the case with further vesicles of the same kind at these centres, (vesicle, 3). [nm]"""
        if self.n_vesicles == 0:
            raise InputError(f"{self.name} has no vesicle whose sites a further one could copy.")
        centres = np.asarray(centres_nm, dtype=np.float64).reshape(-1, 3)
        sites = []
        for places in self.site_positions_nm:
            offsets = places[0] - self.vesicle_centres_nm[0]
            sites.append(np.concatenate([places, centres[:, None, :] + offsets[None, :, :]]))
        return replace(
            self,
            vesicle_centres_nm=np.concatenate([self.vesicle_centres_nm, centres]),
            zone_of_vesicle=np.concatenate([self.zone_of_vesicle, np.full(len(centres), zone)]),
            site_positions_nm=tuple(sites),
        )

    def displaced(self, disorganisation: float, key: np.uint64) -> Case:
        """Return the case with every channel moved part of the way to a random place in the membrane.

        Parameters
        ----------
        disorganisation
            Share of the way, in [0, 1]: 0 leaves the zone in order, 1 scatters its channels uniformly. [1]
        key
            From :func:`endplate.foundation.random.stream`; the same key aims at the same places, so that
            results change smoothly with the share.
        """
        share = require_between("disorganisation", disorganisation, 0.0, 1.0, "It is a share: 50 % is 0.5.")
        moved = self.channel_positions_nm.copy()
        for channel in range(self.n_channels):
            for axis in range(2):
                low, high = self.box_nm[axis]
                goal = low + (high - low) * random_kernels.uniform(key, channel, axis)
                moved[channel, axis] += share * (goal - moved[channel, axis])
        return replace(self, channel_positions_nm=moved)

    def broadened(self, factor: float) -> Case:
        """Return the case with the time after the peak of the impulse stretched `factor`-fold."""
        return replace(self, action_potential=self.action_potential.broadened(factor))

    def with_external_calcium(self, mmolar: float) -> Case:
        """Return the case with this ionised calcium outside. [mmol/l]"""
        return replace(self, external_calcium_mmolar=float(mmolar))

    def with_magnesium(self, mmolar: float) -> Case:
        """Return the case with this ionised magnesium outside. [mmol/l]"""
        return replace(self, magnesium_mmolar=float(mmolar))

    def with_closing(self, factor: float) -> Case:
        """Return the case with channels that close `factor` times as fast (slower below 1)."""
        kinds = {name: kind.with_closing(factor) if kind.is_stochastic else kind for name, kind in self.kinds.items()}
        return replace(self, kinds=kinds)

    def with_kind(self, name: str, channels: Iterable[int]) -> Case:
        """Return the case with the channels of these indices of another kind: pq, n or l."""
        names = list(self.channel_kinds)
        for index in channels:
            if not 0 <= index < self.n_channels:
                raise InputError(f"no channel {index}: {self.name} has channels 0 to {self.n_channels - 1}.")
            names[index] = name
        return replace(self, channel_kinds=tuple(names), kinds={**self.kinds, name: channel_kind(name)})

    def with_train(self, rate_hz: float, count: int) -> Case:
        """Return the case with `count` impulses at `rate_hz`; the run ends as long after the last as it did before."""
        rate_hz = require_between("rate_hz", rate_hz, 0.1, 500.0)
        if count < 1:
            raise InputError(f"a train needs at least 1 impulse, got {count}.")
        tail = self.duration_ms - self.train[-1]
        onsets = tuple(self.train[0] + 1000.0 * i / rate_hz for i in range(count))
        return replace(self, train=onsets, duration_ms=onsets[-1] + tail)

    def with_duration(self, duration_ms: float) -> Case:
        """Return the case run for this long. [ms]"""
        return replace(self, duration_ms=float(duration_ms))

    def with_buffer(
        self, *, umolar: float, k_on_per_molar_s: float | None = None, k_off_per_s: float | None = None
    ) -> Case:
        """Return the case with another immobile buffer; rates that are not given stay. [umol/l, 1/(M s), 1/s]"""
        return replace(
            self,
            buffer_umolar=float(umolar),
            buffer_k_on_per_molar_s=self.buffer_k_on_per_molar_s if k_on_per_molar_s is None else k_on_per_molar_s,
            buffer_k_off_per_s=self.buffer_k_off_per_s if k_off_per_s is None else k_off_per_s,
        )

    def with_resting_calcium(self, umolar: float) -> Case:
        """Return the case with a resting level of calcium (extension). [umol/l]"""
        return replace(self, resting_calcium_umolar=float(umolar))

    def with_clearance(self, per_ms: float) -> Case:
        """Return the case with a uniform removal of free calcium that entered (extension). [1/ms]"""
        return replace(self, clearance_per_ms=float(per_ms))

    def with_step(self, step_ns: float) -> Case:
        """Return the case with another longest step near vesicles. [ns]"""
        return replace(self, step_ns=float(step_ns))


@functools.singledispatch
def _canonical(value: object) -> str:
    return repr(value)


@_canonical.register
def _(value: np.ndarray) -> str:
    return f"{value.shape}{np.ascontiguousarray(value).tobytes().hex()}"


@_canonical.register(frozenset)
def _(value: frozenset[str]) -> str:
    return repr(sorted(value))


@_canonical.register(tuple)
def _(value: tuple[object, ...]) -> str:
    return "(" + ",".join(_canonical(item) for item in value) + ")"


@_canonical.register(dict)
def _(value: dict[str, object]) -> str:
    return "{" + ",".join(f"{name}:{_canonical(value[name])}" for name in sorted(value)) + "}"


@_canonical.register
def _(value: ActionPotential) -> str:
    return _canonical(value.time_ms) + _canonical(value.voltage_mv)
