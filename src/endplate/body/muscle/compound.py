"""The compound potential of a muscle: one sweep per stimulus, from who fired and when."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle import _kernels as k
from endplate.body.muscle.anatomy import Anatomy
from endplate.body.muscle.basis import CompoundBasis, fibre_gain
from endplate.body.muscle.lead_table import montage_of
from endplate.body.muscle.wave import velocity_factor, wave_at
from endplate.foundation.errors import InputError

BLOCK: Final = 4096  # fibres whose sum is closed before it is added: results do not depend on chunks or threads


def _check(fired: NDArray[np.uint8], arrival_ms: NDArray[np.float32], n_fibres: int) -> None:
    if fired.ndim != 2 or fired.shape[1] != n_fibres:
        raise InputError(f"fired needs shape (stimulus, {n_fibres}), one column per fibre, got {fired.shape}.")
    if arrival_ms.shape != fired.shape:
        raise InputError(f"arrival_ms needs the shape of fired {fired.shape}, got {arrival_ms.shape}.")


def compound_potential(
    basis: CompoundBasis,
    fired: NDArray[np.uint8],
    arrival_ms: NDArray[np.float32],
    out: NDArray[np.float64] | None = None,
    *,
    n_threads: int = 1,
) -> NDArray[np.float64]:
    """Return what the belly-tendon montage sees after each stimulus, as recorded (negative down). [mV]

    Parameters
    ----------
    basis
        From :func:`build_basis`.
    fired
        (stimulus, fibre), uint8: 1 where the fibre fired.
    arrival_ms
        (stimulus, fibre), float32: from the nerve stimulus to the action potential at the end-plate
        (axon, branch, synapse, rise to threshold); not read where nothing fired. [ms]
    out
        (stimulus, time), float64, overwritten and returned; made when not given.
    n_threads
        Threads over stimuli; every stimulus is summed alone, in one order, so results are bit-equal.

    Returns
    -------
    numpy.ndarray
        (stimulus, time): one sweep per stimulus, at ``basis.time_ms``.

    Raises
    ------
    InputError
        If shapes disagree, or a fired fibre's arrival is negative or not a number.

    Notes
    -----
    Linear: potentials add. Leaves out what fibres do to each other, fibre diameter changes during
    contraction, and movement under the electrode (pseudo-facilitation).

    Examples
    --------
    >>> from endplate.body.muscle import build_anatomy, build_basis
    >>> hand = build_anatomy("adm", seed=1, n_fibres=1000)
    >>> basis = build_basis(hand)
    >>> sweep = compound_potential(basis, np.ones((1, 1000), np.uint8), hand.arrival_ms[None, :])[0]
    >>> bool(sweep.min() < 0.0 < sweep.max())
    True
    """
    fired = np.ascontiguousarray(fired, dtype=np.uint8)
    arrival_ms = np.ascontiguousarray(arrival_ms, dtype=np.float32)
    _check(fired, arrival_ms, basis.n_fibres)
    shape = (fired.shape[0], basis.time_ms.size)
    if out is None:
        out = np.empty(shape)
    elif out.shape != shape or out.dtype != np.float64:
        raise InputError(f"out needs shape {shape} and float64, got {out.shape} and {out.dtype}.")

    def run(rows: range) -> int:
        total = np.empty((basis.n_coarse, basis.rank))
        part = np.empty((basis.n_coarse, basis.rank), dtype=np.float32)
        bad = 0
        for row in rows:
            bad += k.deposit(basis.coefficients, fired[row], arrival_ms[row], basis.coarse_ms, BLOCK, part, total)
            out[row] = _waveform(basis, total)
        return bad

    if n_threads > 1 and shape[0] > 1:
        chunks = [range(first, shape[0], n_threads) for first in range(n_threads)]
        with ThreadPoolExecutor(n_threads) as pool:
            bad = sum(pool.map(run, chunks))
    else:
        bad = run(range(shape[0]))
    if bad:
        raise InputError(
            f"{bad} fired fibres have an arrival_ms that is negative or not a number. "
            "It counts from the nerve stimulus; mark fibres without an impulse in fired."
        )
    return out


def _waveform(basis: CompoundBasis, deposits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sweep of one stimulus: each waveform at its deposits, refined to the sampling asked for."""
    from scipy.fft import rfft

    # single precision: half the time, and its error is four orders below that of the low rank
    spectrum = rfft(deposits.T.astype(np.float32), basis.n_transform, axis=1)
    sum_of_waveforms = np.einsum("pf,pf->f", spectrum, basis.spectrum)
    fine = np.fft.irfft(sum_of_waveforms, basis.n_transform * basis.refinement)
    return np.asarray(fine[: basis.time_ms.size]) * basis.refinement


def direct_sum(
    anatomy: Anatomy,
    fired: NDArray[np.uint8],
    arrival_ms: NDArray[np.float32],
    *,
    time_ms: NDArray[np.float64],
    temperature_degc: float = 34.0,
    step_mm: float = 0.1,
) -> NDArray[np.float64]:
    """Return the compound potential fibre by fibre: the slow reference of :func:`compound_potential`. [mV]

    Shares with it the lead-field table and the wave, and nothing else: the exact formula
    ``K sum of V'(v(t - arrival) - x) W' dx`` by midpoints between end-plate and tendon, at exact times.

    Parameters
    ----------
    fired, arrival_ms
        As there, (stimulus, fibre).
    time_ms
        (time,), where the potential is wanted. [ms]
    step_mm
        Of the midpoints along the fibre. [mm]

    Notes
    -----
    About 10 ms a fibre and stimulus: for a few hundred fibres.
    """
    fired = np.ascontiguousarray(fired, dtype=np.uint8)
    _check(fired, np.asarray(arrival_ms), anatomy.n_fibres)
    montage, wave = montage_of(anatomy.description), wave_at(temperature_degc)
    factor, gain = velocity_factor(temperature_degc), fibre_gain(anatomy)
    depth_at = np.interp(anatomy.depth_mm, montage.depth_mm, np.arange(montage.depth_mm.size))
    lateral_at = np.interp(np.abs(anatomy.lateral_mm), montage.lateral_mm, np.arange(montage.lateral_mm.size))
    profile = np.empty(montage.gradient.shape[2])
    out = np.zeros((fired.shape[0], time_ms.size))
    for f in range(anatomy.n_fibres):
        rows = np.nonzero(fired[:, f])[0]
        if rows.size == 0:
            continue
        k.fibre_profile(montage.gradient, depth_at[f], lateral_at[f], profile)
        speed = float(anatomy.velocity_m_per_s[f]) * factor
        for sign, length in ((1.0, float(anatomy.distal_mm[f])), (-1.0, float(anatomy.proximal_mm[f]))):
            n = int(np.ceil(length / step_mm))
            x = (np.arange(n) + 0.5) * (length / n)
            field = sign * np.interp(float(anatomy.endplate_mm[f]) + sign * x, montage.z_mm, profile) * (length / n)
            for row in rows:
                behind = speed * (time_ms - float(arrival_ms[row, f]))
                out[row] += gain[f] * (wave.slope_mv_per_mm(behind[:, None] - x[None, :]) @ field)
    return out
