"""Ions of the resting level, put in place free and bound, in equilibrium (an extension, off in the reference case)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.particles._kernels import (
    BUFFER_MEAN,
    BUFFER_RELEASE,
    FREE_END,
    ON_BUFFER,
    ON_SENSOR,
    RADIUS,
    REACTION_RADIUS,
    REST_BOUND,
    X_HIGH,
    X_LOW,
    Y_HIGH,
    Y_LOW,
    Z_HIGH,
    Z_LOW,
    between,
    capacity,
    is_outside,
)
from endplate.foundation.compile import kernel
from endplate.foundation.random._kernels import unit_from_words, words

_MAX_PLACES = 64


@kernel
def put(position: NDArray[np.float64], ion: int, x: float, y: float, z: float) -> None:
    """Store where an ion is."""
    position[ion, 0] = x
    position[ion, 1] = y
    position[ion, 2] = z


@kernel
def place_free(
    key: np.uint64,
    first: int,
    count: int,
    numbers: NDArray[np.float64],
    centres: NDArray[np.float64],
    position: NDArray[np.float64],  # (ion, 3), written from `first` on like the next two
    time: NDArray[np.float64],
    state: NDArray[np.int64],
) -> int:
    """Put free ions of the resting level uniformly outside the vesicles; return the number of all ions."""
    for i in range(count):
        attempt = 0
        while True:
            w0, w1, w2, _ = words(key, i, attempt, 1)
            attempt += 1
            x = between(w0, numbers[X_LOW], numbers[X_HIGH])
            y = between(w1, numbers[Y_LOW], numbers[Y_HIGH])
            z = between(w2, numbers[Z_LOW], numbers[Z_HIGH])
            if is_outside(x, y, z, numbers[RADIUS], centres):
                break
        put(position, first + i, x, y, z)
        time[first + i] = 0.0
        state[first + i] = FREE_END
    return first + count


@kernel
def place_on_buffer(
    key: np.uint64,
    first: int,
    numbers: NDArray[np.float64],
    shape: NDArray[np.int64],
    per_nm: NDArray[np.float64],
    centres: NDArray[np.float64],
    position: NDArray[np.float64],
    time: NDArray[np.float64],
    state: NDArray[np.int64],
    home: NDArray[np.int64],
    occupied: NDArray[np.int32],
) -> int:
    """Bind every buffer site with its chance at rest; return the number of all ions, or -1 if they do not fit."""
    n = first
    for voxel in range(occupied.size):
        k = voxel % shape[2]
        j = (voxel // shape[2]) % shape[1]
        i = voxel // (shape[1] * shape[2])
        for site in range(capacity(voxel, numbers[BUFFER_MEAN])):
            w0, w1, w2, w3 = words(key, voxel, site, 2)
            if unit_from_words(w0, w1) >= numbers[REST_BOUND]:
                continue
            wait = -math.log(unit_from_words(w2, w3))
            for attempt in range(_MAX_PLACES):
                w0, w1, w2, _ = words(key, voxel, _MAX_PLACES * site + attempt, 3)
                x = numbers[X_LOW] + (i + between(w0, 0.0, 1.0)) / per_nm[0]
                y = numbers[Y_LOW] + (j + between(w1, 0.0, 1.0)) / per_nm[1]
                z = numbers[Z_LOW] + (k + between(w2, 0.0, 1.0)) / per_nm[2]
                if is_outside(x, y, z, numbers[RADIUS], centres):
                    if n >= time.size:
                        return -1
                    # a voxel inside a vesicle offers no place: its sites stay empty
                    put(position, n, x, y, z)
                    time[n] = wait / numbers[BUFFER_RELEASE]
                    state[n] = ON_BUFFER
                    home[n] = voxel
                    occupied[voxel] += 1
                    n += 1
                    break
    return n


@kernel
def place_on_sensors(
    key: np.uint64,
    first: int,
    numbers: NDArray[np.float64],
    centres: NDArray[np.float64],
    site_place: NDArray[np.float64],
    site_release: NDArray[np.float64],
    site_chance: NDArray[np.float64],  # (vesicle * site,), of being bound at rest
    position: NDArray[np.float64],
    time: NDArray[np.float64],
    state: NDArray[np.int64],
    home: NDArray[np.int64],
    site_ion: NDArray[np.int64],
) -> int:
    """Bind every sensor site with its chance at rest; return the number of all ions, or -1 if they do not fit."""
    n = first
    reach = numbers[REACTION_RADIUS]
    for site in range(site_chance.size):
        w0, w1, w2, w3 = words(key, site, 0, 4)
        if unit_from_words(w0, w1) >= site_chance[site]:
            continue
        if n >= time.size:
            return -1
        wait = -math.log(unit_from_words(w2, w3))
        attempt = 1
        while True:
            w0, w1, w2, _ = words(key, site, attempt, 4)
            attempt += 1
            dx = between(w0, -reach, reach)
            dy = between(w1, -reach, reach)
            dz = between(w2, -reach, reach)
            x = site_place[site, 0] + dx
            y = site_place[site, 1] + dy
            z = site_place[site, 2] + dz
            is_near = dx * dx + dy * dy + dz * dz < reach * reach
            if is_near and z > numbers[Z_LOW] and is_outside(x, y, z, numbers[RADIUS], centres):
                break
        put(position, n, x, y, z)
        time[n] = wait / site_release[site]
        state[n] = ON_SENSOR
        home[n] = site
        site_ion[site] = n
        n += 1
    return n
