"""What channels and sensors are made of: gating schemes and binding sites, by name."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import InputError, unknown_name
from endplate.foundation.parameters import values_of

STATES = ("C1", "C2", "C3", "O1", "O2")
ELEMENTARY_CHARGE_FC = 1.602176634e-4  # exact by definition of the coulomb
GATED = ("pq", "n", "l")


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One kind of calcium channel: a linear scheme C1-C2-C3-O1-O2, or a source of fixed flux.

    Attributes
    ----------
    name
        Short name: pq, n, l, source.
    is_stochastic
        True: gated by the scheme. False: open from `open_from_ms` to `open_until_ms` of the run.
    forward_alpha, back_beta
        Multiples of alpha (C1 to O2) and of beta (O2 to C1), one per link. [1]
    forward_per_ms, back_per_ms
        Rates that do not depend on the potential, one per link. [1/ms]
    open_states
        Indices of the states that conduct.
    alpha_per_ms, alpha_mid_mv, alpha_slope_mv
        alpha = a exp((V - mid) / slope).
    beta_per_ms, beta_mid_mv, beta_slope_mv
        beta = b / (exp((V - mid) / slope) + 1).
    conductance_ps, reversal_mv, reference_calcium_mmolar
        Ions per open ms: (Ca / reference) conductance (reversal - V) / 2e.
    flux_per_ms
        Ions per open ms of a source of fixed flux, whatever the potential and the calcium outside.
    """

    name: str
    is_stochastic: bool = True
    forward_alpha: tuple[float, ...] = (7.0, 6.0, 5.0, 0.0)
    back_beta: tuple[float, ...] = (1.0, 2.0, 3.0, 0.0)
    forward_per_ms: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0025)
    back_per_ms: tuple[float, ...] = (0.0, 0.0, 0.0, 0.2)
    open_states: tuple[int, ...] = (3, 4)
    alpha_per_ms: float = 0.0
    alpha_mid_mv: float = 0.0
    alpha_slope_mv: float = 1.0
    beta_per_ms: float = 0.0
    beta_mid_mv: float = 0.0
    beta_slope_mv: float = 1.0
    conductance_ps: float = 0.0
    reversal_mv: float = 60.0
    reference_calcium_mmolar: float = 2.0
    flux_per_ms: float = 0.0
    open_from_ms: float = 0.0
    open_until_ms: float = math.inf

    def rates_per_ms(self, voltage_mv: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return rates towards and away from the open end, each (row, link). [1/ms]

        Examples
        --------
        >>> forward, back = channel_kind("pq").rates_per_ms(np.array([0.0]))
        >>> forward.round(3).tolist(), back.round(3).tolist()
        ([[2.198, 1.884, 1.57, 0.002]], [[0.201, 0.401, 0.602, 0.2]])
        """
        alpha = self.alpha_per_ms * np.exp((voltage_mv - self.alpha_mid_mv) / self.alpha_slope_mv)
        beta = self.beta_per_ms / (np.exp((voltage_mv - self.beta_mid_mv) / self.beta_slope_mv) + 1.0)
        forward = alpha[:, None] * np.array(self.forward_alpha) + np.array(self.forward_per_ms)
        back = beta[:, None] * np.array(self.back_beta) + np.array(self.back_per_ms)
        return np.ascontiguousarray(forward), np.ascontiguousarray(back)

    def ions_per_open_ms(
        self, voltage_mv: NDArray[np.float64], *, external_calcium_mmolar: float, magnesium_mmolar: float = 0.0
    ) -> NDArray[np.float64]:
        """Return the mean number of calcium ions through one open channel, (row,). [1/ms]

        Notes
        -----
        Proportional to calcium, as in the public mouse model. Magnesium competes for the pore with
        the constants of the terminal's calcium and magnesium; no published rule was found (assumed).

        Examples
        --------
        >>> pq = channel_kind("pq")
        >>> pq.ions_per_open_ms(np.array([-40.0]), external_calcium_mmolar=2.0).round(1).tolist()
        [749.0]
        """
        if not self.is_stochastic:
            return np.full(voltage_mv.shape, self.flux_per_ms)
        constants = values_of("body/activezone")
        calcium = external_calcium_mmolar / constants["calcium_half_mmolar"]
        free_pore = (1.0 + calcium) / (1.0 + calcium + magnesium_mmolar / constants["magnesium_half_mmolar"])
        # pS mV = fA; fA ms = 1e-3 fC
        charge_fc_per_ms = 1e-3 * self.conductance_ps * np.maximum(self.reversal_mv - voltage_mv, 0.0)
        share = external_calcium_mmolar / self.reference_calcium_mmolar * free_pore
        return np.asarray(share * charge_fc_per_ms / (2.0 * ELEMENTARY_CHARGE_FC))

    def with_closing(self, factor: float) -> ChannelKind:
        """Return the kind with the rate from the open to the last closed state multiplied by `factor`."""
        if not factor > 0.0:
            raise InputError(f"the factor of the closing rate must be above 0, got {factor:g}. Slower is below 1.")
        link = min(self.open_states) - 1
        back_beta, back = list(self.back_beta), list(self.back_per_ms)
        back_beta[link] *= factor
        back[link] *= factor
        return replace(self, back_beta=tuple(back_beta), back_per_ms=tuple(back))


@dataclass(frozen=True, slots=True)
class SensorKind:
    """One kind of calcium sensor on the lower cap of a vesicle.

    `sites_per_sensor` consecutive sites by azimuth form one sensor (5 for Syt1, 1 for the second sensor).
    """

    name: str
    sites_per_vesicle: int
    sites_per_sensor: int
    k_on_per_molar_s: float
    k_off_per_s: float


def channel_kind(name: str) -> ChannelKind:
    """Return a kind of voltage-gated channel by name: pq, n or l.

    Examples
    --------
    >>> channel_kind("pq").conductance_ps
    2.4
    """
    if name not in GATED:
        raise unknown_name("kind of channel", name, GATED)
    values = values_of("body/activezone")
    speed = values[f"channel.{name}.speed"]
    o1_o2, o2_o1 = values["channel.o1_to_o2_per_ms"], values["channel.o2_to_o1_per_ms"]
    return ChannelKind(
        name=name,
        forward_per_ms=(0.0, 0.0, 0.0, o1_o2),
        back_per_ms=(0.0, 0.0, 0.0, o2_o1),
        alpha_per_ms=speed * values["channel.alpha_per_ms"],
        alpha_mid_mv=values["channel.alpha_mid_mv"] + values[f"channel.{name}.shift_mv"],
        alpha_slope_mv=values["channel.alpha_slope_mv"],
        beta_per_ms=speed * values["channel.beta_per_ms"],
        beta_mid_mv=values["channel.beta_mid_mv"] + values[f"channel.{name}.shift_mv"],
        beta_slope_mv=values["channel.beta_slope_mv"],
        conductance_ps=values[f"channel.{name}.conductance_ps"],
        reversal_mv=values["channel.reversal_mv"],
        reference_calcium_mmolar=values["channel.reference_calcium_mmolar"],
    )


def sensor_kind(name: str) -> SensorKind:
    """Return a kind of sensor by name: syt1 or second.

    Examples
    --------
    >>> sensor_kind("syt1").sites_per_vesicle
    30
    """
    if name not in ("syt1", "second"):
        raise unknown_name("kind of sensor", name, ("syt1", "second"))
    values = values_of("body/activezone")
    return SensorKind(
        name=name,
        sites_per_vesicle=round(values[f"sensor.{name}.sites_per_vesicle"]),
        sites_per_sensor=round(values[f"sensor.{name}.sites_per_sensor"]),
        k_on_per_molar_s=values[f"sensor.{name}.k_on_per_molar_s"],
        k_off_per_s=values[f"sensor.{name}.k_off_per_s"],
    )


def cap_sites(count: int, *, radius_nm: float, centre_z_nm: float, top_nm: float) -> NDArray[np.float64]:
    """Return offsets of sites from a vesicle's centre: a Fibonacci lattice over its lower cap, (count, 3). [nm]

    Examples
    --------
    >>> offsets = cap_sites(30, radius_nm=25.0, centre_z_nm=35.1, top_nm=20.6)
    >>> bool(np.allclose(np.linalg.norm(offsets, axis=1), 25.0)), float((35.1 + offsets[:, 2]).min().round(2))
    (True, 10.28)
    """
    c_min = (centre_z_nm - top_nm) / radius_nm
    if c_min >= 1.0:
        raise InputError(
            f"a vesicle of radius {radius_nm:g} nm with its centre {centre_z_nm:g} nm above the membrane has "
            f"no surface below {top_nm:g} nm, where sensor sites are. Lower it, or give it no sensors."
        )
    i = np.arange(count) + 0.5
    c = 1.0 - (1.0 - max(c_min, -1.0)) * i / count
    s = np.sqrt(1.0 - c * c)
    phi = i * math.pi * (3.0 - math.sqrt(5.0))
    return np.asarray(radius_nm * np.column_stack([s * np.cos(phi), s * np.sin(phi), -c]))
