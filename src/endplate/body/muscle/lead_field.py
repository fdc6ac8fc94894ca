r"""The lead field of one surface electrode on a layered cylinder, by products of Bessel functions.

By reciprocity the potential that a membrane current of one ampere at a place in the muscle makes at
the electrode equals the potential W at that place when the electrode sends one ampere into the limb.
In spatial frequency (k along the limb, n around it) every layer holds
:math:`\alpha I_n(\lambda |k| r) + \beta K_n(\lambda |k| r)` with :math:`\lambda^2 = \sigma_z/\sigma_r`;
potential and radial current are continuous between layers, and no current leaves into the air.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endplate.body.muscle._bessel import log_bessel
from endplate.foundation.errors import InputError

Field = NDArray[np.float64]
# orders taken at once; it bounds memory and nothing else
_ORDERS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the limb, from the radius of the layer below to its own.

    Parameters
    ----------
    outer_radius_mm
        Radius of its outer surface. [mm]
    radial_s_per_m, axial_s_per_m
        Conductivity across and along the limb; equal where isotropic. [S/m]
    """

    outer_radius_mm: float
    radial_s_per_m: float
    axial_s_per_m: float


def _check(layers: Sequence[Layer], radius_mm: float) -> None:
    radii = [layer.outer_radius_mm for layer in layers]
    if not radii or radii[0] <= 0 or any(b <= a for a, b in pairwise(radii)):
        raise InputError(f"layers must be listed from the inside with growing outer_radius_mm, got {radii}.")
    if any(min(layer.radial_s_per_m, layer.axial_s_per_m) <= 0 for layer in layers):
        raise InputError("every conductivity must be above 0 S/m; leave out a layer that does not exist.")
    if not 0 < radius_mm < radii[-1]:
        raise InputError(f"a source must lie inside the limb, at a radius in (0, {radii[-1]:g}) mm, got {radius_mm:g}.")


def _layer_of(layers: Sequence[Layer], radius_mm: float) -> int:
    return next(j for j, layer in enumerate(layers) if radius_mm <= layer.outer_radius_mm)


def transfer(layers: Sequence[Layer], radii_mm: ArrayLike, order: Field, frequency_per_mm: Field) -> Field:
    """Return the potential at each radius over the radial current density at the skin, per (n, k).

    Parameters
    ----------
    layers
        From the inside out; the last one ends in air.
    radii_mm
        (radius,), where the potential is wanted. [mm]
    order, frequency_per_mm
        Orders n around and angular frequencies k > 0 along the limb, broadcast to (n, k). [1, 1/mm]

    Returns
    -------
    numpy.ndarray
        (radius, n, k), potential per current density. [V per A/mm²]
    """
    order, k = np.broadcast_arrays(order, frequency_per_mm)
    radii = np.atleast_1d(np.asarray(radii_mm, float))
    admittance = np.zeros(k.shape)  # sigma f'/f at the inner surface, S/mm per mm
    parts = []
    inner_mm = 0.0
    for layer in layers:
        sigma = 1e-3 * layer.radial_s_per_m
        kappa = np.sqrt(layer.axial_s_per_m / layer.radial_s_per_m) * k
        log_i2, log_k2, slope_i2, slope_k2 = log_bessel(order, kappa * layer.outer_radius_mm)
        if inner_mm == 0.0:
            beta, log_k1, i1, k2 = np.zeros(k.shape), np.zeros(k.shape), np.zeros(k.shape), np.zeros(k.shape)
        else:
            log_i1, log_k1, slope_i1, slope_k1 = log_bessel(order, kappa * inner_mm)
            i1, k2 = np.exp(log_i1 - log_i2), np.exp(log_k2 - log_k1)
            # basis I(r)/I(r2) and K(r)/K(r1): both at most 1; the bracket below never cancels
            beta = i1 * (admittance - sigma * kappa * slope_i1) / (sigma * kappa * slope_k1 - admittance)
        parts.append((kappa, log_i2, log_k1, beta, 1.0 + beta * k2, i1 + beta))
        admittance = sigma * kappa * (slope_i2 + beta * k2 * slope_k2) / (1.0 + beta * k2)
        inner_mm = layer.outer_radius_mm
    # from the skin inwards: potential at the outer surface of each layer
    outer = [np.empty(0)] * len(layers)
    outer[-1] = 1.0 / admittance
    for j in range(len(layers) - 1, 0, -1):
        outer[j - 1] = outer[j] * parts[j][5] / parts[j][4]
    out = np.empty((radii.size, *k.shape))
    for at, radius in enumerate(radii):
        j = _layer_of(layers, float(radius))
        kappa, log_i2, log_k1, beta, at_outer, _ = parts[j]
        log_i, log_k, _, _ = log_bessel(order, kappa * radius)
        shape = np.exp(log_i - log_i2)
        if j > 0:
            shape = shape + beta * np.exp(log_k - log_k1)
        out[at] = outer[j] * shape / at_outer
    return out


def _disc(order: Field, k: Field, limb_radius_mm: float, electrode_radius_mm: float) -> Field:
    """Return the spatial filter of a round electrode that lies flat on the skin."""
    from scipy.special import j1

    x = np.hypot(k, order / limb_radius_mm) * electrode_radius_mm
    small = x < 1e-6
    safe = np.where(small, 1.0, x)
    return np.where(small, 1.0, 2.0 * j1(safe) / safe)


def lead_field_gradient(
    *,
    layers: Sequence[Layer],
    electrode_radius_mm: float,
    radii_mm: ArrayLike,
    angles_rad: ArrayLike,
    z_mm: ArrayLike,
    n_orders: int | None = None,
    period_mm: float | None = None,
) -> Field:
    r"""Return W' = dW/dz of one electrode at z = 0 on the skin of a layered limb.

    .. math:: W'(z) = -\frac{1}{\pi} \sum_n \cos(n\theta) \int_0^\infty k\,\Phi_n(k; r) \sin(kz)\,dk

    Parameters
    ----------
    layers
        From the inside out, for example bone, muscle, fat, skin.
    electrode_radius_mm
        Radius of the round electrode. [mm]
    radii_mm, angles_rad, z_mm
        Places in the limb: radius from the axis, angle from the electrode, distance along the limb.
        [mm, rad, mm]
    n_orders
        Orders around the limb; by default as many as the depth of the shallowest place can see.
    period_mm
        Length after which the sum over frequencies repeats; by default long enough for the field of
        this limb to have died out. [mm]

    Returns
    -------
    numpy.ndarray
        (radius, angle, z). [V/A per mm]

    Notes
    -----
    Limits: far along the limb W' is the current density of half an ampere, so it tends to
    ``-sign(z) / (2 sum of sigma_z * area)``; two electrodes together (a montage) see nothing there.
    Equal conductivities give the homogeneous cylinder, a wide limb the half space.
    Leaves out: the ends of the limb, taper, and the electrode's shunting of the skin below it.

    References
    ----------
    .. [1] Farina2004.

    Examples
    --------
    >>> limb = [Layer(20.0, 0.1, 0.5), Layer(22.0, 0.05, 0.05), Layer(23.0, 1.0, 1.0)]
    >>> near, far = lead_field_gradient(layers=limb, electrode_radius_mm=5.0, radii_mm=[18.0],
    ...                                 angles_rad=[0.0], z_mm=[5.0, 50.0])[0, 0]
    >>> bool(near < far < 0)
    True
    """
    radii, angles = np.atleast_1d(np.asarray(radii_mm, float)), np.atleast_1d(np.asarray(angles_rad, float))
    z = np.atleast_1d(np.asarray(z_mm, float))
    for radius_mm in radii:
        _check(layers, float(radius_mm))
    limb_radius_mm = layers[-1].outer_radius_mm
    depth_mm = limb_radius_mm - float(radii.max())
    # a component decays at least as exp(-spatial frequency * depth) times the electrode's own filter
    reach_per_mm = min(12.0 / depth_mm, 40.0)
    period_mm = 14.0 * limb_radius_mm + 400.0 if period_mm is None else period_mm
    step = np.pi / period_mm  # midpoints: the constant far field cancels in pairs of images
    k = np.asarray((np.arange(int(reach_per_mm / step)) + 0.5) * step, dtype=np.float64)
    if z.size and np.abs(z).max() > 0.5 * period_mm:
        raise InputError(f"|z_mm| must stay below half the period ({0.5 * period_mm:g} mm), got {np.abs(z).max():g}.")
    orders = n_orders if n_orders is not None else int(reach_per_mm * limb_radius_mm) + 2
    sine = np.sin(np.outer(k, z)) * k[:, None]
    out = np.zeros((radii.size, angles.size, z.size))
    for first in range(0, orders, _ORDERS_AT_ONCE):
        n = np.arange(first, min(first + _ORDERS_AT_ONCE, orders), dtype=np.float64)
        density: Field = np.where(n == 0, 1.0, 2.0) / (2 * np.pi * limb_radius_mm)
        spectrum = transfer(layers, radii, n[:, None], k[None, :])
        spectrum *= density[:, None] * _disc(n[:, None], k[None, :], limb_radius_mm, electrode_radius_mm)
        along = (spectrum.reshape(-1, k.size) @ sine).reshape(radii.size, n.size, z.size)
        out -= (step / np.pi) * np.einsum("rnz,na->raz", along, np.cos(np.outer(n, angles)))
    return out
