"""Free diffusion of one ion in the box: the density at a place, as a product of three walls-to-walls factors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_SHORT = 0.12  # of width**2/D: below it images converge faster, above it modes
_IMAGES = 3
_MODES = 6


def _images(place: Array, source: Array, low: float, high: float, signs: tuple[int, int], spread: Array) -> Array:
    """Sum the mirrored Gaussians; a reflecting wall mirrors with +1, an absorbing one with -1."""
    width = high - low
    pair = signs[0] * signs[1]
    total = np.zeros(np.broadcast_shapes(place.shape, source.shape, spread.shape))
    for k in range(-_IMAGES, _IMAGES + 1):
        sign = pair ** abs(k)
        total += sign * np.exp(-((place - source - 2 * k * width) ** 2) / (2.0 * spread))
        total += sign * signs[0] * np.exp(-((place + source - 2 * low - 2 * k * width) ** 2) / (2.0 * spread))
    return total / np.sqrt(2.0 * math.pi * spread)


def _modes(place: Array, source: Array, low: float, high: float, signs: tuple[int, int], spread: Array) -> Array:
    """Sum the decaying standing waves that suit the two walls."""
    width = high - low
    x, x0 = (place - low) / width, (source - low) / width
    half = 0.5 if signs[0] != signs[1] else 0.0
    wave = np.cos if signs[0] > 0 else np.sin
    total = np.full(np.broadcast_shapes(x.shape, x0.shape, spread.shape), 1.0 if signs == (1, 1) else 0.0)
    for n in range(_MODES):
        k = (n + half) * math.pi if half else (n + 1) * math.pi
        total = total + 2.0 * wave(k * x) * wave(k * x0) * np.exp(-0.5 * k * k * spread / width**2)
    return total / width


def between_walls(
    *, place_nm: Array, source_nm: Array, walls_nm: tuple[float, float], absorbing: tuple[bool, bool], spread_nm2: Array
) -> Array:
    """Return the density of one coordinate of an ion between two walls. [1/nm]

    Parameters
    ----------
    place_nm, source_nm
        Where it is looked for and where it started; arrays that broadcast. [nm]
    walls_nm, absorbing
        The lower and the upper wall; True where a wall absorbs instead of reflecting. [nm]
    spread_nm2
        Variance of free motion, 2 D t; one-dimensional, it becomes the last axis. [nm2]

    Examples
    --------
    >>> spread = np.array([1.0, 1e6])
    >>> between_walls(place_nm=np.array([0.0]), source_nm=np.array([0.0]), walls_nm=(-100.0, 100.0),
    ...               absorbing=(False, False), spread_nm2=spread).round(4)
    array([[0.3989, 0.005 ]])
    """
    low, high = walls_nm
    signs = (-1 if absorbing[0] else 1, -1 if absorbing[1] else 1)
    place, source = np.asarray(place_nm)[..., None], np.asarray(source_nm)[..., None]
    is_short = spread_nm2 < 2.0 * _SHORT * (high - low) ** 2
    out = np.empty((*np.broadcast_shapes(place.shape[:-1], source.shape[:-1]), spread_nm2.size))
    for chosen, series in ((is_short, _images), (~is_short, _modes)):
        if chosen.any():
            out[..., chosen] = series(place, source, low, high, signs, spread_nm2[chosen])
    return np.maximum(out, 0.0)
