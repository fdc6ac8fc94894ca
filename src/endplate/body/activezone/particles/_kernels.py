"""Single ions: exact free flights between binding candidates, and a queue of candidates in order of time.

Lengths in nm, times in us, rates in 1/us, inside this file only. See docs/explanation/activezone-particles.md.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.compile import kernel
from endplate.foundation.random._kernels import normal_fast, unit_from_words, words

# places in `numbers`
(
    DIFFUSION,
    STEP_US,
    RADIUS,
    REACTION_RADIUS,
    SENSOR_BOUND,
    BUFFER_RATE,
    BUFFER_MOST,
    BUFFER_MEAN,
    BUFFER_RELEASE,
    CLEARANCE,
    SAMPLE_US,
    END_US,
    REST_FREE,
    REST_BOUND,
    X_LOW,
    Y_LOW,
    Z_LOW,
    X_HIGH,
    Y_HIGH,
    Z_HIGH,
    LONGEST,
    N_NUMBERS,
) = range(22)

# what an ion does until its next instant
FREE_END, BUFFER_CANDIDATE, SENSOR_CANDIDATE, ON_BUFFER, ON_SENSOR, ABSORBED, CLEARED = range(7)

_FAR = 5.0  # deviations between an ion and what it must not touch unnoticed: chance below 1e-6 a step
_LISTEN = 8.0  # reaction radii from a vesicle within which candidates are drawn on the way
_NEVER = 1e300
_MAX_BOUNCES = 64
_TO_UNIT_32 = 2.3283064365386963e-10  # 2**-32


@kernel
def fold(x: float, low: float, high: float) -> float:
    """Return where reflecting walls put an ion that would stand at x: exact for a step of any length."""
    if low <= x <= high:
        return x
    length = high - low
    u = (x - low) % (2.0 * length)
    return low + (u if u <= length else 2.0 * length - u)


@kernel
def between(word: np.uint64, low: float, high: float) -> float:
    """Return a place between two ends from one 32-bit word."""
    return low + (float(np.int64(word)) + 0.5) * _TO_UNIT_32 * (high - low)


@kernel
def is_outside(x: float, y: float, z: float, radius: float, centres: NDArray[np.float64]) -> bool:
    """Return whether a point lies outside every vesicle."""
    for v in range(centres.shape[0]):
        cx = x - centres[v, 0]
        cy = y - centres[v, 1]
        cz = z - centres[v, 2]
        if cx * cx + cy * cy + cz * cz < radius * radius:
            return False
    return True


@kernel
def bounce(
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    radius: float,
    centres: NDArray[np.float64],  # (vesicle, 3)
    numbers: NDArray[np.float64],
    is_absorbing: NDArray[np.uint8],  # (6,), x-, y-, z-, x+, y+, z+
) -> tuple[float, float, float]:
    """Return the end of a straight step that vesicles and reflecting walls mirror on its way.

    Mirrors keep volume, so that a uniform cloud stays uniform whatever the step. Walls that absorb
    are passed: the caller sees that the end lies outside.
    """
    for _ in range(_MAX_BOUNCES):
        length2 = dx * dx + dy * dy + dz * dz
        if length2 == 0.0:
            break
        first = 1.0
        hit = -1  # 0 ... 5 a wall, 6 + v a vesicle
        for v in range(centres.shape[0]):
            cx = x - centres[v, 0]
            cy = y - centres[v, 1]
            cz = z - centres[v, 2]
            along = cx * dx + cy * dy + cz * dz
            if along >= 0.0:
                continue
            outside = cx * cx + cy * cy + cz * cz - radius * radius
            under_root = along * along - length2 * outside
            if under_root <= 0.0:
                continue
            s = max((-along - math.sqrt(under_root)) / length2, 0.0)
            if s < first:
                first = s
                hit = 6 + v
        end_x = x + dx
        end_y = y + dy
        end_z = z + dz
        is_inside = (
            numbers[X_LOW] <= end_x <= numbers[X_HIGH]
            and numbers[Y_LOW] <= end_y <= numbers[Y_HIGH]
            and numbers[Z_LOW] <= end_z <= numbers[Z_HIGH]
        )
        for axis in range(0 if is_inside else 3):
            start = x if axis == 0 else (y if axis == 1 else z)
            step = dx if axis == 0 else (dy if axis == 1 else dz)
            if step < 0.0 and start + step < numbers[X_LOW + axis] and not is_absorbing[axis]:
                s = max((numbers[X_LOW + axis] - start) / step, 0.0)
                if s < first:
                    first = s
                    hit = axis
            elif step > 0.0 and start + step > numbers[X_HIGH + axis] and not is_absorbing[3 + axis]:
                s = max((numbers[X_HIGH + axis] - start) / step, 0.0)
                if s < first:
                    first = s
                    hit = 3 + axis
        if hit < 0:
            return end_x, end_y, end_z
        x += first * dx
        y += first * dy
        z += first * dz
        dx *= 1.0 - first
        dy *= 1.0 - first
        dz *= 1.0 - first
        if hit >= 6:
            nx = (x - centres[hit - 6, 0]) / radius
            ny = (y - centres[hit - 6, 1]) / radius
            nz = (z - centres[hit - 6, 2]) / radius
            twice = 2.0 * (nx * dx + ny * dy + nz * dz)
            dx -= twice * nx
            dy -= twice * ny
            dz -= twice * nz
        elif hit % 3 == 0:
            dx = -dx
        elif hit % 3 == 1:
            dy = -dy
        else:
            dz = -dz
    return x, y, z


@kernel
def crosses(before: float, after: float, wall_side: float, variance: float, u: float) -> bool:
    """Return whether a Brownian path between two points met the wall: exact, by the Brownian bridge."""
    if (after - wall_side) * (before - wall_side) <= 0.0:
        return True
    return u < math.exp(-2.0 * (before - wall_side) * (after - wall_side) / variance)


@kernel
def touches_site(
    x: float,
    y: float,
    z: float,
    reaction_radius: float,
    radius: float,
    centres: NDArray[np.float64],
    sites_per_vesicle: int,
    site_place: NDArray[np.float64],  # (vesicle * site, 3)
) -> bool:
    """Return whether a point lies in the reaction volume of any sensor site."""
    reach = radius + reaction_radius
    for v in range(centres.shape[0]):
        cx = x - centres[v, 0]
        cy = y - centres[v, 1]
        cz = z - centres[v, 2]
        if cx * cx + cy * cy + cz * cz >= reach * reach:
            continue
        for s in range(v * sites_per_vesicle, (v + 1) * sites_per_vesicle):
            sx = x - site_place[s, 0]
            sy = y - site_place[s, 1]
            sz = z - site_place[s, 2]
            if sx * sx + sy * sy + sz * sz < reaction_radius * reaction_radius:
                return True
    return False


@kernel
def fly(
    key: np.uint64,
    ion: int,
    draw: int,
    t: float,
    x: float,
    y: float,
    z: float,
    until: float,
    is_resting: bool,
    numbers: NDArray[np.float64],
    is_absorbing: NDArray[np.uint8],
    any_absorbing: bool,
    centres: NDArray[np.float64],
    sites_per_vesicle: int,
    site_place: NDArray[np.float64],
    normals: NDArray[np.float64],
) -> tuple[int, float, float, float, float, int, int]:
    """Move one free ion until it meets a binding candidate, leaves, or `until`.

    Returns what happened, when, where, the next draw, and the number of steps.
    """
    diffusion = numbers[DIFFUSION]
    step_us = numbers[STEP_US]
    near_deviation = math.sqrt(2.0 * diffusion * step_us)
    radius = numbers[RADIUS]
    bound = numbers[SENSOR_BOUND]
    reaction_radius = numbers[REACTION_RADIUS] if bound > 0.0 else 0.0
    clearance = 0.0 if is_resting else numbers[CLEARANCE]
    rate = numbers[BUFFER_RATE] + clearance
    n_vesicles = centres.shape[0]
    longest = numbers[LONGEST]
    w0, w1, w2, w3 = words(key, ion, draw, 0)
    draw += 1
    t_other = t - math.log(unit_from_words(w0, w1)) / rate if rate > 0.0 else _NEVER
    clock = -math.log(unit_from_words(w2, w3))  # unit exponential, spent near the sensors only
    moves = 0
    while True:
        nearest2 = _NEVER
        for v in range(n_vesicles):
            cx = x - centres[v, 0]
            cy = y - centres[v, 1]
            cz = z - centres[v, 2]
            nearest2 = min(nearest2, cx * cx + cy * cy + cz * cz)
        gap = math.sqrt(nearest2) - radius
        # close by, steps are as long as the vesicle allows and candidates are drawn on the way;
        # further out, steps end short of the reaction volumes too and none need be drawn
        is_listening = bound > 0.0 and gap < _LISTEN * reaction_radius
        deviation = min((gap if is_listening else gap - reaction_radius) / _FAR, longest)
        near = deviation <= near_deviation
        stop = -1
        if near:
            deviation = near_deviation
            dt = step_us
        else:
            dt = deviation * deviation / (2.0 * diffusion)
        if is_listening and clock <= bound * dt:
            dt = clock / bound
            stop = SENSOR_CANDIDATE
        if t + dt >= t_other:
            dt = t_other - t
            stop = BUFFER_CANDIDATE
        if t + dt >= until:
            dt = until - t
            stop = FREE_END
        if is_listening:
            clock -= bound * dt
        if stop >= 0:
            deviation = math.sqrt(2.0 * diffusion * dt)
        w0, w1, w2, w3 = words(key, ion, draw, 0)
        draw += 1
        moves += 1
        dx = deviation * normal_fast(w0, normals)
        dy = deviation * normal_fast(w1, normals)
        dz = deviation * normal_fast(w2, normals)
        x0 = x
        y0 = y
        z0 = z
        if near and dx * dx + dy * dy + dz * dz >= gap * gap:
            x, y, z = bounce(x, y, z, dx, dy, dz, radius, centres, numbers, is_absorbing)
        else:
            x += dx
            y += dy
            z += dz
        t += dt
        if any_absorbing and not is_resting:
            variance = deviation * deviation
            u = between(w3, 0.0, 1.0)
            gone = False
            for face in range(6):
                if is_absorbing[face]:
                    axis = face % 3
                    before = x0 if axis == 0 else (y0 if axis == 1 else z0)
                    after = x if axis == 0 else (y if axis == 1 else z)
                    wall = numbers[X_LOW + face]
                    # far from the wall the chance is below 1e-17: no exponential needed
                    if (after - wall) * (before - wall) < 20.0 * variance and crosses(before, after, wall, variance, u):
                        gone = True
            if gone:
                return ABSORBED, t, x, y, z, draw, moves
        x = fold(x, numbers[X_LOW], numbers[X_HIGH])
        y = fold(y, numbers[Y_LOW], numbers[Y_HIGH])
        z = fold(z, numbers[Z_LOW], numbers[Z_HIGH])
        if stop == BUFFER_CANDIDATE and clearance > 0.0:
            w0, w1, _, _ = words(key, ion, draw, 0)
            draw += 1
            if unit_from_words(w0, w1) * rate < clearance:
                return CLEARED, t, x, y, z, draw, moves
        if stop == SENSOR_CANDIDATE:
            if touches_site(x, y, z, reaction_radius, radius, centres, sites_per_vesicle, site_place):
                return stop, t, x, y, z, draw, moves
            w0, w1, _, _ = words(key, ion, draw, 0)
            draw += 1
            clock = -math.log(unit_from_words(w0, w1))
        elif stop >= 0:
            return stop, t, x, y, z, draw, moves


@kernel
def voxel_of(
    x: float, y: float, z: float, numbers: NDArray[np.float64], shape: NDArray[np.int64], per_nm: NDArray[np.float64]
) -> int:
    """Return the number of the buffer voxel that holds a point."""
    i = min(max(int((x - numbers[X_LOW]) * per_nm[0]), 0), shape[0] - 1)
    j = min(max(int((y - numbers[Y_LOW]) * per_nm[1]), 0), shape[1] - 1)
    k = min(max(int((z - numbers[Z_LOW]) * per_nm[2]), 0), shape[2] - 1)
    return (i * shape[1] + j) * shape[2] + k


@kernel
def capacity(voxel: int, mean: float) -> int:
    """Return the buffer sites of a voxel: whole numbers whose sum over all voxels is the total, within one."""
    return math.floor((voxel + 1) * mean + 0.5) - math.floor(voxel * mean + 0.5)
