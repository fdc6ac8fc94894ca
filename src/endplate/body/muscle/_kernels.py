"""Loops of the muscle: drawing fibres, weighing the lead field, depositing potentials, force.

Units: ms, mm, um, mV, Hz; counts int64. Compiled and interpreted results are equal; float32
accumulators agree within 1e-6.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.compile import kernel
from endplate.foundation.random._kernels import normal, uniform

_TURN = 6.283185307179586


@kernel
def draw_units(key: np.uint64, radius: NDArray[np.float64], angle: NDArray[np.float64], axon: NDArray[np.float64],
               branch: NDArray[np.float64], endplate: NDArray[np.float64]) -> None:  # fmt: skip
    """Draw, per unit, where its territory lies (unit disc) and standard normals of its axon, branch and end-plates."""
    for unit in range(radius.size):
        radius[unit] = math.sqrt(uniform(key, unit, 0))
        angle[unit] = _TURN * uniform(key, unit, 1)
        axon[unit] = normal(key, unit, 2)
        branch[unit] = normal(key, unit, 3)
        endplate[unit] = normal(key, unit, 4)


@kernel
def draw_fibres(key: np.uint64, normals: NDArray[np.float64], radius: NDArray[np.float64],
                angle: NDArray[np.float64]) -> None:  # fmt: skip
    """Draw, per fibre, standard normals (quantity, fibre) and its place in its unit's territory (unit disc)."""
    n_quantity, n_fibre = normals.shape
    for fibre in range(n_fibre):
        for quantity in range(n_quantity):
            # beyond 3.5 the law of a limb's measures is not known: hold it there
            normals[quantity, fibre] = min(max(normal(key, fibre, quantity), -3.5), 3.5)
        radius[fibre] = math.sqrt(uniform(key, fibre, n_quantity))
        angle[fibre] = _TURN * uniform(key, fibre, n_quantity + 1)


@kernel
def fibre_profile(table: NDArray[np.float32], depth_at: float, lateral_at: float, profile: NDArray[np.float64]) -> None:
    """Write W'(z) at one place of the cross-section by bilinear interpolation of table (depth, lateral, z)."""
    i, j = int(depth_at), int(lateral_at)
    i = min(max(i, 0), table.shape[0] - 2)
    j = min(max(j, 0), table.shape[1] - 2)
    f, g = depth_at - i, lateral_at - j
    w00, w01, w10, w11 = (1.0 - f) * (1.0 - g), (1.0 - f) * g, f * (1.0 - g), f * g
    for at in range(profile.size):
        profile[at] = (
            w00 * table[i, j, at]
            + w01 * table[i, j + 1, at]
            + w10 * table[i + 1, j, at]
            + w11 * table[i + 1, j + 1, at]
        )


@kernel
def value_at(profile: NDArray[np.float64], z_first: float, step: float, z: float) -> float:
    """Return the profile at z, linear between its nodes and constant beyond its ends."""
    at = (z - z_first) / step
    if at <= 0.0:
        return profile[0]
    if at >= profile.size - 1:
        return profile[profile.size - 1]
    i = int(at)
    f = at - i
    return (1.0 - f) * profile[i] + f * profile[i + 1]


@kernel
def add_half(profile: NDArray[np.float64], z_first: float, step: float, endplate: float, sign: float, length: float,
             weights: NDArray[np.float64]) -> None:  # fmt: skip
    """Add one half of a fibre to the trapezoid weights of V'(vt - x_j), x_j = j * step.

    The last, broken cell [x_j, length] takes the trapezoid of its two ends; V' at the tendon is
    linear between the nodes around it, so the gate has no jump when a length moves through a node.
    """
    whole = int(length / step)
    rest = length / step - whole
    for j in range(whole + 1):
        value = sign * value_at(profile, z_first, step, endplate + sign * j * step) * step
        weights[j] += 0.5 * value if (j == 0 or j == whole) else value
    at_node = sign * value_at(profile, z_first, step, endplate + sign * whole * step)
    at_tendon = sign * value_at(profile, z_first, step, endplate + sign * length)
    weights[whole] += 0.5 * rest * step * (at_node + (1.0 - rest) * at_tendon)
    weights[whole + 1] += 0.5 * rest * step * rest * at_tendon


@kernel
def fibre_weights(profile: NDArray[np.float64], z_first: float, step: float, endplate: float, proximal: float,
                  distal: float, weights: NDArray[np.float64]) -> None:  # fmt: skip
    """Write the weights w_j so that the potential is the sum of w_j V'(vt - x_j)."""
    for j in range(weights.size):
        weights[j] = 0.0
    add_half(profile, z_first, step, endplate, 1.0, distal, weights)
    add_half(profile, z_first, step, endplate, -1.0, proximal, weights)
    # end correction of the trapezoid at the end-plate, where the two halves meet with a slope
    ahead = value_at(profile, z_first, step, endplate + step) - value_at(profile, z_first, step, endplate - step)
    weights[0] += ahead * step / 12.0


@kernel
def weigh(table: NDArray[np.float32], z_first: float, step: float, depth_at: NDArray[np.float64],
          lateral_at: NDArray[np.float64], endplate: NDArray[np.float32], proximal: NDArray[np.float32],
          distal: NDArray[np.float32], profile: NDArray[np.float64], weights: NDArray[np.float64]) -> None:  # fmt: skip
    """Write each fibre's weights (fibre, x)."""
    for fibre in range(weights.shape[0]):
        fibre_profile(table, depth_at[fibre], lateral_at[fibre], profile)
        ends = float(endplate[fibre]), float(proximal[fibre]), float(distal[fibre])
        fibre_weights(profile, z_first, step, ends[0], ends[1], ends[2], weights[fibre])


@kernel
def project(table: NDArray[np.float32], z_first: float, step: float, depth_at: NDArray[np.float64],
            lateral_at: NDArray[np.float64], endplate: NDArray[np.float32], proximal: NDArray[np.float32],
            distal: NDArray[np.float32], speed_at: NDArray[np.float64], gain: NDArray[np.float64],
            responses: NDArray[np.float32], profile: NDArray[np.float64], weights: NDArray[np.float64],
            row: NDArray[np.float32], out: NDArray[np.float32]) -> None:  # fmt: skip
    """Write each fibre's coefficients: weights times the responses of its speed, linear between speed classes.

    responses (speed, x, p); speed_at is the fibre's fractional index in the speeds; out (fibre, p).
    """
    n_p = out.shape[1]
    for fibre in range(out.shape[0]):
        fibre_profile(table, depth_at[fibre], lateral_at[fibre], profile)
        half_proximal, half_distal = float(proximal[fibre]), float(distal[fibre])
        fibre_weights(profile, z_first, step, float(endplate[fibre]), half_proximal, half_distal, weights)
        i = min(max(int(speed_at[fibre]), 0), responses.shape[0] - 2)
        f = np.float32(speed_at[fibre] - i)
        for p in range(n_p):
            row[p] = 0.0
        last = min(int(max(half_proximal, half_distal) / step) + 2, weights.size)
        for j in range(last):
            upper = np.float32(weights[j]) * f
            lower = np.float32(weights[j]) - upper
            for p in range(n_p):
                row[p] += lower * responses[i, j, p] + upper * responses[i + 1, j, p]
        scale = np.float32(gain[fibre])
        for p in range(n_p):
            out[fibre, p] = scale * row[p]


@kernel
def deposit(coefficients: NDArray[np.float32], fired: NDArray[np.uint8], arrival: NDArray[np.float32], step: float,
            block: int, part: NDArray[np.float32], total: NDArray[np.float64]) -> int:  # fmt: skip
    """Add every fired fibre's coefficients at its arrival, linear between samples; blocks in order.

    part and total are (sample, p), overwritten. Returns the number of fired fibres whose arrival is
    no time (before the stimulus or not a number); arrivals behind the window add nothing.
    """
    n_fibre, n_p = coefficients.shape
    n_sample = total.shape[0]
    bad = 0
    per_ms = 1.0 / step
    for k in range(n_sample):
        for p in range(n_p):
            total[k, p] = 0.0
            part[k, p] = 0.0
    for first in range(0, n_fibre, block):
        low, high = n_sample, 0
        for fibre in range(first, min(first + block, n_fibre)):
            if fired[fibre] == 0:
                continue
            at = float(arrival[fibre]) * per_ms  # in double also when interpreted
            if not at >= 0.0:  # also catches nan
                bad += 1
                continue
            if at >= n_sample - 1:
                continue
            k = int(at)
            later = np.float32(at - k)
            sooner = np.float32(1.0) - later
            low = min(low, k)
            high = max(high, k + 2)
            # two loops: each touches one row, so the compiler may take eight at a time
            for p in range(n_p):
                part[k, p] += sooner * coefficients[fibre, p]
            for p in range(n_p):
                part[k + 1, p] += later * coefficients[fibre, p]
        for k in range(low, high):
            for p in range(n_p):
                total[k, p] += part[k, p]
                part[k, p] = 0.0
    return bad


@kernel
def amplifier_noise(key: np.uint64, first_sweep: int, rms: float, signal: NDArray[np.float64]) -> None:
    """Add white noise to (sweep, sample): one counted draw per sample of each sweep's own number."""
    for sweep in range(signal.shape[0]):
        for sample in range(signal.shape[1]):
            signal[sweep, sample] += rms * normal(key, first_sweep + sweep, sample)


@kernel
def unit_shares(fired: NDArray[np.uint8], area: NDArray[np.float32], start: NDArray[np.int64],
                out: NDArray[np.float64]) -> None:  # fmt: skip
    """Write, per stimulus and unit, the share of the unit's fibre area that fired."""
    for stimulus in range(fired.shape[0]):
        for unit in range(start.size - 1):
            all_area = 0.0
            lit = 0.0
            for fibre in range(start[unit], start[unit + 1]):
                all_area += float(area[fibre])
                if fired[stimulus, fibre] != 0:
                    lit += float(area[fibre])
            out[stimulus, unit] = lit / all_area if all_area > 0.0 else 0.0


@kernel
def spike_times(key: np.uint64, unit: int, interval: float, cv: float, duration: float,
                out: NDArray[np.float64]) -> int:  # fmt: skip
    """Write one unit's impulse times: a random start, then normal intervals never below 0.4 of their mean."""
    time = interval * uniform(key, unit, 0)
    count = 0
    while time < duration and count < out.size:
        out[count] = time
        count += 1
        time += interval * max(1.0 + cv * normal(key, unit, count), 0.4)
    return count


@kernel
def gain_of(ratio: float, knee: float) -> float:
    """Return the force gain of an impulse whose interval is contraction time / ratio (Fuglevand1993, eq. 11-13)."""
    if ratio <= knee:
        return 1.0
    at_knee = (1.0 - math.exp(-2.0 * knee * knee * knee)) / knee
    return (1.0 - math.exp(-2.0 * ratio * ratio * ratio)) / ratio / at_knee


@kernel
def unit_force(times: NDArray[np.float64], share: NDArray[np.float64], first: int, last: int, twitch: float,
               contraction: float, knee: float, step: float, state: NDArray[np.float64],
               force: NDArray[np.float64]) -> None:  # fmt: skip
    """Add one unit's force to (sample): impulses first ... last - 1 drive a critically damped pair of states.

    state holds force, drive and the time since the last impulse; it is carried from call to call.
    Sample j is at (j + 1) * step after the start; times count from the start and grow. The decay
    between events is exact, so calls may be cut anywhere.
    """
    y, q, since = state[0], state[1], state[2]
    now = 0.0
    at = first
    for sample in range(force.size):
        goal = (sample + 1) * step
        while at < last and times[at] <= goal:
            gap = times[at] - now
            fade = math.exp(-gap / contraction)
            y, q = (y + q * gap) * fade, q * fade
            now = times[at]
            since += gap
            # a twitch P (t/T) exp(1 - t/T) is the answer to a jump of the drive by P e / T
            # two impulses at one moment are a microsecond apart
            q += share[at] * twitch * math.e / contraction * gain_of(contraction / max(since, 1e-3), knee)
            since = 0.0
            at += 1
        gap = goal - now
        fade = math.exp(-gap / contraction)
        y, q = (y + q * gap) * fade, q * fade
        now = goal
        since += gap
        force[sample] += y
    state[0], state[1], state[2] = y, q, since
