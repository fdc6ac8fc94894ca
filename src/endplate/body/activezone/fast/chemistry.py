"""Rates of the buffer and of the loss of calcium, as the fast engine uses them."""

from __future__ import annotations

import math

from endplate.body.activezone.case import MOLAR_PER_NM3, Case


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


def capture_per_us(case: Case) -> float:
    """Return the rate at which the buffer, empty but for the resting level, takes up a free ion. [1/us]"""
    sites_per_nm3 = case.buffer_umolar * 1e-6 / MOLAR_PER_NM3
    return per_molar_s_to_nm3_per_us(case.buffer_k_on_per_molar_s) * sites_per_nm3 * (1.0 - full_at_rest(case))


def loss_per_us(case: Case) -> float:
    """Return the rate at which a free ion spread over the box is lost: clearance, and open faces (slowest mode)."""
    rate = case.clearance_per_ms * 1e-3
    for axis, name in enumerate("xyz"):
        n_open = sum(face in case.absorbing_faces for face in (f"{name}-", f"{name}+"))
        if n_open:
            width = case.box_nm[axis][1] - case.box_nm[axis][0]
            rate += case.diffusion_um2_per_s * (n_open * math.pi / (2.0 * width)) ** 2
    return rate
