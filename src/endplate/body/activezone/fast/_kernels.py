"""What the fast engine draws: waiting times, and where and when an ion meets a sensor. Times in us, rates in 1/us.

Every draw is counted: item = trial, draw = a number that only grows within the trial. What a case is made of
comes as named groups of arrays (`Gates`, `Paths`, `Sites`, `Rules`), and the room to work in as `Work`.

An ion that meets a site is an event (time, code); the code holds site, whether it is a release, and the ion's
origin: 0 for the resting level, else 1 + channel + channels * impulse.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.compile import kernel
from endplate.foundation.random._kernels import (
    normal_quantile,
    poisson,
    poisson_from_unit,
    unit_from_words,
    words,
)

_GAMMA_EXACT = 12  # above this number of stays their sum is drawn at once (Wilson & Hilferty 1931)
MOST_ONCE = 0.5  # encounters of one ion below which it has one at most


class Gates(NamedTuple):
    """Gating and flux of each kind of channel, row by row of the action potential."""

    row_us: float
    is_scheme: NDArray[np.bool_]  # (kind,): False for a source that is open for a fixed time
    exit_cumulated: NDArray[np.float64]  # (kind, state, row + 1): hazard of leaving a state
    forward_share: NDArray[np.float64]  # (kind, state, row): chance that an exit goes towards the open end
    is_open: NDArray[np.bool_]  # (kind, state)
    ions_cumulated: NDArray[np.float64]  # (kind, row + 1): ions through a channel that is always open
    fixed_us: NDArray[np.float64]  # (kind, 2): when a fixed source opens and closes
    kind_of_channel: NDArray[np.int64]
    impulse_us: NDArray[np.float64]  # (impulse + 1,): start of each, then the end of the run


class Paths(NamedTuple):
    """Where and after how much free time an ion meets a sensor site; sources are channels, then vesicles."""

    expected: NDArray[np.float64]  # (source,): encounters of one ion
    site_cumulated: NDArray[np.float64]  # (source, site): share of encounters up to this site
    time_cumulated: NDArray[np.float64]  # (source, site, tau): share of a site's encounters up to this free time
    tau_us: NDArray[np.float64]
    capture_per_us: float  # of a free ion by a buffer that is empty but for the resting level
    release_per_us: float
    buffer_sites: float
    full_at_rest: float
    loss_per_us: NDArray[np.float64]  # (mode,): of a free ion, by clearance and open faces
    mode_share: NDArray[np.float64]  # (channel, mode): of an ion that enters
    step_us: float  # of the balance of the whole box


class Sites(NamedTuple):
    """Sensor sites, all vesicles and kinds one after the other."""

    vesicle: NDArray[np.int64]
    sensor: NDArray[np.int64]
    unit: NDArray[np.int64]  # the sensor molecule it belongs to
    active_from: NDArray[np.int64]  # (sensor,): bound sites that make a molecule active
    off_per_us: NDArray[np.float64]
    keep: NDArray[np.float64]  # chance that an encounter is the ion's first at this vesicle
    rest_per_us: NDArray[np.float64]  # encounters with calcium at rest
    start_bound: NDArray[np.float64]  # chance to be bound at time 0


class Rules(NamedTuple):
    """Rules of fusion: a number of active molecules of one sensor, or an energy for each active molecule."""

    needed: NDArray[np.int64]  # (rule,): 0 for an energy rule
    counted: int  # the sensor whose active molecules are counted
    energy_kt: NDArray[np.float64]  # (rule, sensor)
    barrier_kt: NDArray[np.float64]  # (rule,)
    attempts_per_us: float
    bin_us: float  # of the histogram of fusion times


class Work(NamedTuple):
    """Room for one trial; overwritten."""

    spans: NDArray[np.float64]  # (span, 2)
    piece_us: NDArray[np.float64]  # (piece, 2): open spans, cut where an impulse begins
    piece_channel: NDArray[np.int64]
    piece_impulse: NDArray[np.int64]
    met: NDArray[np.int64]  # (piece,): encounters of the ions that entered during it
    entered: NDArray[np.float64]  # (mode, step)
    pool: NDArray[np.float64]  # (step + 1,): free ions
    full: NDArray[np.float64]  # (step + 1,): share of the buffer that is taken
    times: NDArray[np.float64]  # heap of events
    codes: NDArray[np.int64]
    is_bound: NDArray[np.bool_]  # (site,)
    bound_of_unit: NDArray[np.int64]  # (unit,)
    active: NDArray[np.int64]  # (vesicle, sensor)
    hazard: NDArray[np.float64]  # (vesicle, rule)
    since: NDArray[np.float64]  # (vesicle,)


class Log(NamedTuple):
    """Changes of sensor sites, in order of time; without room, nothing is written down."""

    change_us: NDArray[np.float64]  # (change,)
    change_code: NDArray[np.int64]
    used: NDArray[np.int64]  # (1,): changes so far


@kernel
def exponential(u: float) -> float:
    """Return a draw of mean 1 from a uniform one."""
    return -math.log(u)


@kernel
def next_row(cumulated: NDArray[np.float64], target: float, low: int) -> int:
    """Return the row in which a cumulated hazard reaches the target; the number of rows where it never does."""
    high = cumulated.size - 1
    if cumulated[high] <= target:
        return high
    # doubling first: the next event is near, and a train has many rows
    step = 1
    while low + step < high and cumulated[low + step] <= target:
        low += step
        step *= 2
    high = min(low + step, high)
    while high - low > 1:
        middle = (low + high) // 2
        if cumulated[middle] <= target:
            low = middle
        else:
            high = middle
    return low


@kernel
def at_time(cumulated: NDArray[np.float64], row_us: float, time_us: float) -> float:
    """Return a cumulated row quantity at a time between the ends of its row."""
    place = time_us / row_us
    row = min(max(int(place), 0), cumulated.size - 2)
    part = min(place - row, 1.0)
    return cumulated[row] + part * (cumulated[row + 1] - cumulated[row])


@kernel
def when_reached(cumulated: NDArray[np.float64], row_us: float, target: float, low: int) -> float:
    """Return the time at which a cumulated row quantity reaches the target."""
    row = min(next_row(cumulated, target, low), cumulated.size - 2)
    rise = cumulated[row + 1] - cumulated[row]
    part = (target - cumulated[row]) / rise if rise > 0.0 else 0.0
    return (row + part) * row_us


@kernel
def bound_time(key: np.uint64, trial: int, draw: int, mean_stays: float, k_off: float) -> tuple[float, int]:
    """Draw how long an ion sat in the buffer during free time with this mean number of stays."""
    if mean_stays < 20.0:
        u0, u1, u2, u3 = words(key, trial, draw, 0)
        draw += 1
        stays = poisson_from_unit(unit_from_words(u0, u1), mean_stays)
        if stays == 0:
            return 0.0, draw
        u = unit_from_words(u2, u3)
    else:
        stays = poisson(key, trial, draw, mean_stays)
        u0, u1, u2, u3 = words(key, trial, draw + 1, 0)
        draw += 2
        u = unit_from_words(u0, u1)
    if stays > _GAMMA_EXACT:
        c = 1.0 / (9.0 * stays)
        root = 1.0 - c + math.sqrt(c) * normal_quantile(u)
        return stays * root * root * root / k_off, draw
    total = exponential(u)
    left = stays - 1
    while left > 0:
        u0, u1, u2, u3 = words(key, trial, draw, 0)
        draw += 1
        total += exponential(unit_from_words(u0, u1))
        left -= 1
        if left > 0:
            total += exponential(unit_from_words(u2, u3))
            left -= 1
    return total / k_off, draw


@kernel
def free_time(cumulated: NDArray[np.float64], tau_us: NDArray[np.float64], u: float) -> float:
    """Return the free time at which a share u of all encounters has happened; `cumulated` rises to 1."""
    low, high = 0, tau_us.size - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if cumulated[middle] <= u:
            low = middle
        else:
            high = middle
    rise = cumulated[high] - cumulated[low]
    part = (u - cumulated[low]) / rise if rise > 0.0 else 0.5
    return tau_us[low] + part * (tau_us[high] - tau_us[low])


@kernel
def place_of(cumulated: NDArray[np.float64], u: float) -> int:
    """Return the first place whose cumulated share exceeds u."""
    low, high = -1, cumulated.size - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if cumulated[middle] > u:
            high = middle
        else:
            low = middle
    return high


@kernel
def encounter(
    key: np.uint64, trial: int, draw: int, source: int, start_us: float, paths: Paths, full: NDArray[np.float64]
) -> tuple[int, float, int]:
    """Draw which site an ion meets, and when: (site, time, next draw)."""
    u0, u1, u2, u3 = words(key, trial, draw, 0)
    draw += 1
    site = place_of(paths.site_cumulated[source], unit_from_words(u0, u1))
    tau = free_time(paths.time_cumulated[source, site], paths.tau_us, unit_from_words(u2, u3))
    if paths.capture_per_us <= 0.0:
        return site, start_us + tau, draw
    last = full.size - 1
    empty = 1.0 - full[min(int(start_us / paths.step_us), last)]
    later_us = start_us + tau * (1.0 + paths.capture_per_us * empty / paths.release_per_us)
    empty = 0.5 * (empty + 1.0 - full[min(int(later_us / paths.step_us), last)])
    stays = paths.capture_per_us * empty / (1.0 - paths.full_at_rest) * tau
    bound_us, draw = bound_time(key, trial, draw, stays, paths.release_per_us)
    return site, start_us + tau + bound_us, draw


@kernel
def grown(rate: float, span_us: float) -> float:
    """Return the integral of exp(rate t) over a span."""
    return span_us if abs(rate) * span_us < 1e-9 else math.expm1(rate * span_us) / rate


@kernel
def fill_pool(
    paths: Paths,
    entered: NDArray[np.float64],  # (mode, step): ions that enter during a step
    pool: NDArray[np.float64],  # (step + 1,): free ions, overwritten like the next
    full: NDArray[np.float64],  # (step + 1,): share of the buffer that is taken
) -> None:
    """Follow the ions of the whole box between water, buffer and loss, mode by mode, exactly within a step.

    In one mode: d water = -(capture + loss) water + release buffer + entry, d buffer = capture water - release buffer.
    """
    n_mode, n_step = entered.shape
    span, release, room = paths.step_us, paths.release_per_us, max(paths.buffer_sites, 1e-300)
    water, buffer = np.zeros(n_mode), np.zeros(n_mode)
    for step in range(n_step + 1):
        pool[step] = water.sum()
        full[step] = min(max(paths.full_at_rest + buffer.sum() / room, 0.0), 1.0)
        if step == n_step:
            return
        capture = paths.capture_per_us * (1.0 - full[step]) / (1.0 - paths.full_at_rest)
        for mode in range(n_mode):
            loss = paths.loss_per_us[mode]
            half = -0.5 * (capture + loss + release)
            apart = math.sqrt(max(half * half - loss * release, 1e-24))
            slow, fast = half + apart, half - apart
            stay_slow, stay_fast = math.exp(slow * span), math.exp(fast * span)
            # exp(M t) = [exp(slow t) (M - fast) - exp(fast t) (M - slow)] / (slow - fast), and so its integral
            keep = (stay_slow - stay_fast) / (2.0 * apart)
            rest = (slow * stay_fast - fast * stay_slow) / (2.0 * apart)
            grow_slow, grow_fast = grown(slow, span), grown(fast, span)
            keep_grown = (grow_slow - grow_fast) / (2.0 * apart)
            rest_grown = (slow * grow_fast - fast * grow_slow) / (2.0 * apart)
            entry = entered[mode, step] / span
            w, b = water[mode], buffer[mode]
            water[mode] = rest * w + keep * (release * b - (capture + loss) * w)
            water[mode] += entry * (rest_grown - keep_grown * (capture + loss))
            buffer[mode] = rest * b + keep * (capture * w - release * b) + entry * keep_grown * capture
