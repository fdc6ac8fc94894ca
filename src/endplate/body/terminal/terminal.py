"""Terminal: the release sites of every junction of a muscle, and their state through any train."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.release_table import nanoscale_release_table
from endplate.body.terminal import _kernels as k
from endplate.body.terminal.reduced import calcium_entry
from endplate.foundation.parameters import values_of
from endplate.foundation.random import stream
from endplate.foundation.records import Levers
from endplate.foundation.records.release import CHANNELS_PER_ZONE, ReleaseTable

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Terminal:
    """Release sites of every junction, sorted by motor unit; nothing here changes with use.

    Attributes
    ----------
    sites
        (class, junction), float32: docked vesicles when rested. A class is one number of
        surviving channels with one kind of vesicle.
    hazard, mean_sites, mode
        (class,): hazard of release of a rested vesicle, mean of `sites`, 0 = ready, 1 = reluctant.
    unit_start
        (unit + 1,), first junction of each unit.
    constants
        Rates and steps of plasticity at this temperature, in the kernels' order.
    """

    sites: NDArray[np.float32]
    hazard: Array
    mean_sites: Array
    mode: NDArray[np.int64]
    unit_start: NDArray[np.int64]
    constants: Array
    key: np.uint64

    @property
    def n_junctions(self) -> int:
        """Number of junctions."""
        return int(self.sites.shape[1])

    @property
    def n_units(self) -> int:
        """Number of motor units."""
        return int(self.unit_start.size - 1)

    @property
    def rest_quantal_content(self) -> float:
        """Mean quanta released by one impulse after long rest."""
        return float(self.mean_sites @ -np.expm1(-self.hazard))


def healthy_quantal_content() -> float:
    """Return the mean quantal content of a rested healthy junction of mean size."""
    c = values_of("body/terminal")
    vesicles = c["zones_per_junction"] * c["vesicles_per_zone"]
    ready = c["ready_share"] * -np.expm1(-c["ready_hazard"])
    return float(vesicles * (ready - (1.0 - c["ready_share"]) * np.expm1(-c["reluctant_hazard"])))


def _substitutes(levers: Levers, c: dict[str, float]) -> float:
    """Return the channels per zone that L- and N-type channels stand in for."""
    return CHANNELS_PER_ZONE * (
        levers.l_type_fraction * c["l_type_efficacy"] + levers.n_type_fraction * c["n_type_efficacy"]
    )


def _kinetic_constants(levers: Levers, c: dict[str, float]) -> Array:
    """Return the kernels' constants at the levers' temperature."""
    warmth = (levers.temperature_degc - c["reference_temperature_degc"]) / 10.0
    speed = c["q10_kinetics"] ** warmth
    entry = calcium_entry(
        external_calcium_mmolar=levers.external_calcium_mmolar,
        magnesium_mmolar=levers.magnesium_mmolar,
        broadening=levers.broadening,
    )
    open_share = min(levers.pq_channel_fraction + _substitutes(levers, c) / CHANNELS_PER_ZONE, 1.0)
    constants = np.zeros(k.N_CONSTANTS)
    for index, name in (
        (k.TAU_FAST, "tau_fast_facilitation_ms"),
        (k.TAU_SLOW, "tau_slow_facilitation_ms"),
        (k.TAU_AUGMENTATION, "tau_augmentation_ms"),
        (k.TAU_POTENTIATION, "tau_potentiation_ms"),
        (k.TAU_DOCKING, "tau_docking_ms"),
        (k.TAU_REFILL, "tau_refill_speedup_ms"),
        (k.TAU_FATIGUE, "tau_slow_depression_ms"),
    ):
        constants[index] = c[name] / speed
    constants[k.TAU_DOCKING] /= max(levers.vesicle_refilling, 1e-6)
    for index, name in (
        (k.STEP_FAST, "step_fast_facilitation"),
        (k.STEP_SLOW, "step_slow_facilitation"),
        (k.STEP_AUGMENTATION, "step_augmentation"),
        (k.STEP_POTENTIATION, "step_potentiation"),
        (k.STEP_REFILL, "step_refill_speedup"),
        (k.STEP_FATIGUE, "step_slow_depression"),
        (k.MAX_AUGMENTATION, "max_augmentation"),
        (k.MAX_POTENTIATION, "max_potentiation"),
        (k.MAX_REFILL, "max_refill_speedup"),
        (k.MAX_FATIGUE, "max_slow_depression"),
    ):
        constants[index] = c[name]
    constants[k.ENTRY] = entry * open_share
    constants[k.REST_RELEASE] = healthy_quantal_content()
    return constants


def build_terminal(
    *,
    levers: Levers,
    unit_start: NDArray[np.int64],
    junction_size: NDArray[np.float32],
    seed: int,
    muscle: str,
    table: ReleaseTable | None = None,
) -> Terminal:
    """Count the release sites of every junction and look up their hazards.

    Parameters
    ----------
    levers
        What moves the terminal; nothing else does.
    unit_start
        (unit + 1,), first junction of each motor unit.
    junction_size
        (junction,), area of the junction over the mean. [1]
    seed, muscle
        Name the random stream: the same pair gives the same zones whatever the levers.
    table
        The release law; that of the nanoscale model when not given.

    Notes
    -----
    Zones keep 0 to 4 channels, binomially; a zone with none releases nothing unless other
    channels stand in. Numbers of sites follow `docked_vesicles` and `release_machinery`.

    Examples
    --------
    >>> t = build_terminal(levers=Levers(), unit_start=np.array([0, 500]),
    ...                    junction_size=np.ones(500, np.float32), seed=1, muscle="adm")
    >>> abs(float(t.sites.sum(0).mean()) / 400 - 1) < 0.05
    True
    """
    c = values_of("body/terminal")
    law = table or nanoscale_release_table()
    share = levers.pq_channel_fraction
    channels = np.arange(CHANNELS_PER_ZONE + 1)
    combinations = np.array([math.comb(CHANNELS_PER_ZONE, kept) for kept in channels], np.float64)
    surviving = combinations * share**channels * (1.0 - share) ** (CHANNELS_PER_ZONE - channels)
    relative = law.hazard(
        broadening=levers.broadening,
        external_calcium_mmolar=levers.external_calcium_mmolar,
        magnesium_mmolar=levers.magnesium_mmolar,
        disorganisation=levers.zone_disorganisation,
        substitute_channels=_substitutes(levers, c),
    )
    warmth = (levers.temperature_degc - c["reference_temperature_degc"]) / 10.0
    relative = relative * c["q10_release"] ** warmth
    vesicles = c["vesicles_per_zone"] * levers.docked_vesicles * levers.release_machinery
    counts = np.zeros((2 * channels.size, junction_size.size), np.float32)
    key = stream(seed, "terminal", muscle)
    k.compose(
        stream(seed, "terminal sites", muscle),
        np.ascontiguousarray(junction_size, np.float64) * c["zones_per_junction"],
        c["zones_log_sd"],
        surviving,
        vesicles,
        c["ready_share"],
        counts,
    )
    hazard = np.concatenate([c["ready_hazard"] * relative, c["reluctant_hazard"] * relative])
    mode = np.repeat(np.array([0, 1]), channels.size)
    mean_sites = counts.mean(axis=1, dtype=np.float64)
    live = np.flatnonzero((hazard > 0.0) & (mean_sites > 0.0))
    if live.size == 0:  # nothing can release: keep one class, so that shapes stay
        live = np.array([counts.shape[0] - 1])
    return Terminal(
        sites=np.ascontiguousarray(counts[live]),
        hazard=hazard[live],
        mean_sites=mean_sites[live],
        mode=mode[live],
        unit_start=np.ascontiguousarray(unit_start, np.int64),
        constants=_kinetic_constants(levers, c),
        key=key,
    )
