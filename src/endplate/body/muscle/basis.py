r"""Compound potentials by a low-rank basis: built once per muscle and temperature, checked against the full sum.

A fibre's surface potential is :math:`\varphi_f(t) = \sum_j w_{fj} V'(v_f t - x_j)`, its weights from the
lead field between end-plate and tendons. All of them lie close to a space of a few dozen waveforms: the
eigenvectors of the potentials of a sample of fibres. Each fibre keeps its coefficients in that space.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle import _kernels as k
from endplate.body.muscle.anatomy import Anatomy, arrival_at
from endplate.body.muscle.catalogue import settings
from endplate.body.muscle.lead_table import STEP_MM, Montage, montage_of
from endplate.body.muscle.wave import Wave, velocity_factor, wave_at
from endplate.foundation.errors import EndplateError, InputError, require_between
from endplate.foundation.parameters import values_of

ALLOWED_ERROR: Final = 1e-3  # of the peak of the compound potential
_RANKS: Final = (16, 32, 48, 64)  # whole vectors of the processor
_SPEEDS: Final = 64
_SAMPLE: Final = 4096
_COARSE_HZ: Final = 10_000.0


@dataclass(frozen=True, eq=False, slots=True)
class CompoundBasis:
    """What :func:`compound_potential` needs of one muscle at one temperature.

    `coefficients` is (fibre, p), float32; `spectrum` (p, frequency) the waveforms' transforms;
    `error` the measured error of the low-rank sum over the peak. [1]
    """

    coefficients: NDArray[np.float32]
    spectrum: NDArray[np.complex128]
    n_coarse: int
    n_transform: int
    refinement: int
    coarse_ms: float
    sampling_hz: float
    time_ms: NDArray[np.float64]
    error: float

    @property
    def n_fibres(self) -> int:
        """Fibres."""
        return int(self.coefficients.shape[0])

    @property
    def rank(self) -> int:
        """Number of waveforms."""
        return int(self.coefficients.shape[1])


@dataclass(frozen=True, eq=False, slots=True)
class _Fibres:
    """Fibres as the projection kernel wants them, at one temperature."""

    depth_at: NDArray[np.float64]
    lateral_at: NDArray[np.float64]
    endplate: NDArray[np.float32]
    proximal: NDArray[np.float32]
    distal: NDArray[np.float32]
    speed_at: NDArray[np.float64]
    gain: NDArray[np.float64]

    def sample(self, which: NDArray[np.int64]) -> _Fibres:
        """Return some of the fibres."""
        arrays = (np.ascontiguousarray(getattr(self, name)[which]) for name in self.__slots__)
        return _Fibres(*arrays)

    @property
    def n(self) -> int:
        """How many."""
        return int(self.gain.size)


def fibre_gain(anatomy: Anatomy) -> NDArray[np.float64]:
    """Return, per fibre, mV at the electrode per sum of weights [V/A] times V' [mV/mm]."""
    c = values_of("body/muscle")
    # S/m * um² = 1e-12 S m²; V' in mV/mm is V/m; W' dx in V/A; volts to mV: 1e3
    scale = 1e-9 * c["medium.intracellular"] * anatomy.description.amplitude_scale * anatomy.represented
    return scale * anatomy.area_um2.astype(np.float64)


def _fibres(anatomy: Anatomy, montage: Montage, speeds: NDArray[np.float64], factor: float) -> _Fibres:
    speed = anatomy.velocity_m_per_s.astype(np.float64) * factor
    return _Fibres(
        depth_at=np.interp(anatomy.depth_mm, montage.depth_mm, np.arange(montage.depth_mm.size)),
        lateral_at=np.interp(np.abs(anatomy.lateral_mm), montage.lateral_mm, np.arange(montage.lateral_mm.size)),
        endplate=anatomy.endplate_mm,
        proximal=anatomy.proximal_mm,
        distal=anatomy.distal_mm,
        speed_at=np.interp(speed, speeds, np.arange(speeds.size)),
        gain=fibre_gain(anatomy),
    )


def _responses(wave: Wave, speeds: NDArray[np.float64], n_x: int, time_ms: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return V'(v t - x) of every speed and node, (speed, x, time)."""
    x = STEP_MM * np.arange(n_x)
    out = np.empty((speeds.size, n_x, time_ms.size), dtype=np.float32)
    # V' on a fine grid once, then linear between: 1/64 mm leaves an error below 1e-4 of its peak
    fine_mm = 1.0 / 64.0
    table = wave.slope_mv_per_mm(np.arange(0.0, speeds[-1] * time_ms[-1] + 2 * fine_mm, fine_mm)).astype(np.float32)
    for i, speed in enumerate(speeds):
        at = np.maximum((speed * time_ms[None, :] - x[:, None]) / fine_mm, 0.0)  # V' is 0 at the front and ahead
        whole = at.astype(np.int32)
        low = table[whole]
        out[i] = low + (at - whole).astype(np.float32) * (table[whole + 1] - low)
    return out


def _full_potentials(montage: Montage, fibres: _Fibres, responses: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return whole potentials (fibre, time) of a sample of fibres that start at time 0. [mV]"""
    weights, profile = np.empty((fibres.n, responses.shape[1])), np.empty(montage.gradient.shape[2])
    k.weigh(
        montage.gradient, montage.z_first_mm, STEP_MM, fibres.depth_at, fibres.lateral_at, fibres.endplate,
        fibres.proximal, fibres.distal, profile, weights,
    )  # fmt: skip
    weights *= fibres.gain[:, None]
    lower = np.clip(fibres.speed_at.astype(np.int64), 0, responses.shape[0] - 2)
    part = (fibres.speed_at - lower)[:, None]
    out = np.empty((fibres.n, responses.shape[2]), dtype=np.float32)
    for speed in np.unique(lower):
        rows = lower == speed
        slow = (weights[rows] * (1.0 - part[rows])).astype(np.float32) @ responses[speed]
        out[rows] = slow + (weights[rows] * part[rows]).astype(np.float32) @ responses[speed + 1]
    return out


def _project(montage: Montage, fibres: _Fibres, responses: NDArray[np.float32]) -> NDArray[np.float32]:
    out = np.empty((fibres.n, responses.shape[2]), dtype=np.float32)
    profile, weights = np.empty(montage.gradient.shape[2]), np.empty(responses.shape[1])
    row = np.empty(responses.shape[2], dtype=np.float32)
    k.project(
        montage.gradient, montage.z_first_mm, STEP_MM, fibres.depth_at, fibres.lateral_at, fibres.endplate,
        fibres.proximal, fibres.distal, fibres.speed_at, fibres.gain, responses, profile, weights, row, out,
    )  # fmt: skip
    return out


def _spectrum(waveforms: NDArray[np.float64], n_transform: int, coarse_ms: float) -> NDArray[np.complex128]:
    """Return the transforms of waveforms (time, p), with the blur of linear deposit taken out on average.

    An arrival between two samples is shared linearly; over all fractions that multiplies the
    spectrum by sinc², which is divided out here.
    """
    frequency = np.fft.rfftfreq(n_transform, coarse_ms)
    return np.asarray(np.fft.rfft(waveforms.T, n_transform, axis=1) / np.sinc(frequency * coarse_ms) ** 2)


def _full_sum(
    potentials: NDArray[np.float32], arrival_ms: NDArray[np.float64], n: int, ms: float
) -> NDArray[np.float64]:
    """Return the sum of potentials (fibre, time), each shifted exactly to its arrival."""
    frequency = np.fft.rfftfreq(n, ms)
    total = np.zeros(frequency.size, dtype=np.complex128)
    for first in range(0, potentials.shape[0], 1024):
        rows = slice(first, first + 1024)
        shift = np.exp(-2j * np.pi * np.outer(arrival_ms[rows], frequency))
        total += np.einsum("fk,fk->k", np.fft.rfft(potentials[rows], n, axis=1), shift)
    return np.fft.irfft(total, n)[: potentials.shape[1]]


def _low_rank_sum(coefficients: NDArray[np.float32], spectrum: NDArray[np.complex128],
                  arrival_ms: NDArray[np.float64], n_time: int, n: int, ms: float) -> NDArray[np.float64]:  # fmt: skip
    total, part = np.empty((n_time, coefficients.shape[1])), np.empty((n_time, coefficients.shape[1]), np.float32)
    everyone = np.ones(coefficients.shape[0], dtype=np.uint8)
    k.deposit(coefficients, everyone, arrival_ms.astype(np.float32), ms, 4096, part, total)
    return np.fft.irfft((np.fft.rfft(total.T, n, axis=1) * spectrum).sum(axis=0), n)[:n_time]


@functools.lru_cache(maxsize=6)
def _build(anatomy: Anatomy, temperature_degc: float, sampling_hz: float, window_ms: float,
           _settings: tuple[tuple[str, float], ...]) -> CompoundBasis:  # fmt: skip
    refinement = max(1, round(sampling_hz / _COARSE_HZ))
    coarse_ms = refinement * 1000.0 / sampling_hz
    n_coarse = int(np.ceil(window_ms / coarse_ms - 1e-9))
    n_transform = 1 << int(2 * n_coarse - 1).bit_length()
    time_ms: NDArray[np.float64] = coarse_ms * np.arange(n_coarse, dtype=np.float64)

    factor = velocity_factor(temperature_degc)
    speed = anatomy.velocity_m_per_s.astype(np.float64) * factor
    speeds = np.linspace(speed.min() - 1e-6, speed.max() + 1e-6, _SPEEDS)
    montage = montage_of(anatomy.description)
    everyone = _fibres(anatomy, montage, speeds, factor)
    n_x = int(max(anatomy.proximal_mm.max(), anatomy.distal_mm.max()) / STEP_MM) + 3

    chosen = np.unique(np.linspace(0, anatomy.n_fibres - 1, _SAMPLE).astype(np.int64))
    few = everyone.sample(chosen)
    responses = _responses(wave_at(temperature_degc), speeds, n_x, time_ms)
    full = _full_potentials(montage, few, responses)
    _, vectors = np.linalg.eigh((full.T @ full).astype(np.float64))
    arrival = arrival_at(anatomy, temperature_degc=temperature_degc)[chosen].astype(np.float64)
    reference = _full_sum(full, arrival, n_transform, coarse_ms)
    peak = float(np.abs(reference).max())

    for rank in _RANKS:
        waveforms = np.ascontiguousarray(vectors[:, : -min(rank, n_coarse) - 1 : -1])
        spectrum = _spectrum(waveforms, n_transform, coarse_ms)
        if refinement > 1:
            spectrum[:, -1] *= 0.5  # once refined, the highest frequency stands on both sides of zero
        trial = full @ waveforms.astype(np.float32)
        found = _low_rank_sum(trial, spectrum, arrival, n_coarse, n_transform, coarse_ms)
        error = float(np.abs(found - reference).max()) / peak
        if error < ALLOWED_ERROR:
            break
    else:
        raise EndplateError(
            f"the low-rank potential of {anatomy.description.key} misses the full sum by {error:.2g} of its peak "
            f"with {rank} waveforms (allowed {ALLOWED_ERROR:g}). A longer window_ms or another temperature may help."
        )
    coefficients = _project(montage, everyone, responses @ waveforms.astype(np.float32))
    coefficients.flags.writeable = False
    n_fine = int(np.ceil(window_ms * sampling_hz / 1000.0 - 1e-9))
    return CompoundBasis(
        coefficients=coefficients,
        spectrum=spectrum,
        n_coarse=n_coarse,
        n_transform=n_transform,
        refinement=refinement,
        coarse_ms=coarse_ms,
        sampling_hz=sampling_hz,
        time_ms=np.arange(n_fine, dtype=np.float64) * (1000.0 / sampling_hz),
        error=error,
    )


def build_basis(
    anatomy: Anatomy, *, temperature_degc: float = 34.0, sampling_hz: float = 20_000.0, window_ms: float = 50.0
) -> CompoundBasis:
    """Prepare the compound potentials of one muscle; cached.

    Parameters
    ----------
    anatomy
        From :func:`build_anatomy`.
    temperature_degc
        Of the muscle: cold makes the waves slow and long. [degC]
    sampling_hz
        Of the potentials, 5 kHz to 200 kHz. Above 10 kHz the sum runs near 10 kHz and is refined by
        its spectrum: a surface potential holds nothing above 2 kHz. [Hz]
    window_ms
        Length of a sweep from the stimulus, 10 to 500 ms. [ms]

    Returns
    -------
    CompoundBasis
        `error` says how far the low-rank sum is from the full one (below 1e-3 of the peak).

    Raises
    ------
    InputError
        If a number is out of range.
    EndplateError
        If no number of waveforms reaches the allowed error.

    Examples
    --------
    >>> from endplate.body.muscle.anatomy import build_anatomy
    >>> basis = build_basis(build_anatomy("adm", seed=1, n_fibres=1000))
    >>> basis.error < 1e-3
    True
    """
    hint = "It is in hertz: 10 kHz is 10000. Decimate afterwards for less."
    rate = require_between("sampling_hz", sampling_hz, 5e3, 2e5, hint)
    window = require_between("window_ms", window_ms, 10.0, 500.0, "It is in milliseconds.")
    longest = float(max(anatomy.proximal_mm.max(), anatomy.distal_mm.max()))
    slowest = float(anatomy.velocity_m_per_s.min()) * velocity_factor(temperature_degc)
    if window < 0.5 * longest / slowest:
        raise InputError(
            f"window_ms = {window:g} ends before the waves reach the tendons of {anatomy.description.key} "
            f"({longest / slowest:.0f} ms after their start); ask for at least {longest / slowest + 20:.0f} ms."
        )
    return _build(anatomy, float(temperature_degc), rate, window, settings())
