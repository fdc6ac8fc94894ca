"""Rates of the buffer and of the loss of calcium, as the fast engine uses them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import MOLAR_PER_NM3, Case

Floats = NDArray[np.float64]

_AXIS_MODES = 4
_MOST_MODES = 3


def per_molar_s_to_nm3_per_us(rate: float) -> float:
    """Return a rate constant in nm3/us.

    Examples
    --------
    >>> round(per_molar_s_to_nm3_per_us(2.2e7), 2)
    36.53
    """
    return rate * MOLAR_PER_NM3 * 1e-6


def full_at_rest(case: Case) -> float:
    """Return the share of the buffer that the resting level fills. [1]"""
    if case.buffer_umolar <= 0.0 or case.resting_calcium_umolar <= 0.0:
        return 0.0
    half_umolar = case.buffer_k_off_per_s / case.buffer_k_on_per_molar_s * 1e6
    return case.resting_calcium_umolar / (case.resting_calcium_umolar + half_umolar)


def resting_ions(case: Case) -> float:
    """Return the mean number of free ions in the box at rest."""
    return case.resting_calcium_umolar * 1e-6 / MOLAR_PER_NM3 * case.free_volume_nm3


def capture_per_us(case: Case) -> float:
    """Return the rate at which the buffer, empty but for the resting level, takes up a free ion. [1/us]"""
    sites_per_nm3 = case.buffer_umolar * 1e-6 / MOLAR_PER_NM3
    return per_molar_s_to_nm3_per_us(case.buffer_k_on_per_molar_s) * sites_per_nm3 * (1.0 - full_at_rest(case))


def loss_modes(case: Case) -> tuple[Floats, Floats]:
    """Return how ions leave the box: loss rates (mode,) [1/us], and the share of each channel's ions (channel, mode).

    Free ions decay as a sum over standing waves between the faces, each losing through open ones at its own rate;
    all are cleared at the same rate. With closed faces there is one mode. The few fastest are taken together.

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> loss_modes(read_case("az4"))[0].tolist()
    [0.0]
    >>> loss, share = loss_modes(read_case("mouse_zone"))
    >>> loss.round(3).tolist(), bool(np.allclose(share.sum(axis=1), 1.0))
    ([0.016, 0.148, 0.411], True)
    """
    loss, share = np.zeros(1), np.ones((case.n_channels, 1))
    for axis, name in enumerate("xyz"):
        absorbing = (f"{name}-" in case.absorbing_faces, f"{name}+" in case.absorbing_faces)
        rates, shares = _axis_modes(case, axis, absorbing)
        loss = (loss[:, None] + rates[None]).ravel()
        share = (share[:, :, None] * shares[:, None, :]).reshape(case.n_channels, loss.size)
    order = np.argsort(loss, kind="stable")[:_MOST_MODES]
    loss, share = loss[order], share[:, order]
    share[:, -1] += 1.0 - share.sum(axis=1)
    return np.asarray(loss + case.clearance_per_ms * 1e-3), np.ascontiguousarray(share)


def _axis_modes(case: Case, axis: int, absorbing: tuple[bool, bool]) -> tuple[Floats, Floats]:
    """Return loss rates (mode,) and shares (channel, mode) of the standing waves of one axis."""
    if not any(absorbing):
        return np.zeros(1), np.ones((case.n_channels, 1))
    low, high = case.box_nm[axis]
    width = high - low
    place = case.channel_positions_nm[:, axis] if axis < 2 else np.zeros(case.n_channels)
    n = np.arange(_AXIS_MODES)
    if all(absorbing):
        wave = (2 * n + 1) * math.pi / width
        share = 4.0 / ((2 * n + 1) * math.pi) * np.sin(wave * (place - low)[:, None])
    else:
        wave = (n + 0.5) * math.pi / width
        from_closed = high - place if absorbing[0] else place - low
        share = 2.0 * (-1.0) ** n / ((n + 0.5) * math.pi) * np.cos(wave * from_closed[:, None])
    return np.asarray(case.diffusion_um2_per_s * wave**2), np.asarray(share)
