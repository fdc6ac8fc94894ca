"""Release by a motor nerve terminal: mean course of every group, and quanta of every junction.

Times in ms, rates in 1/ms. A *group* is the set of junctions that share one impulse history
(one motor unit); a *class* is one kind of release site: (surviving channels of its zone,
readily or reluctantly released vesicle). Sites are independent two-state objects, so within one
group the chance that a site releases at impulse k is one number per class: the *course*.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.compile import kernel
from endplate.foundation.random._kernels import (
    binomial,
    multinomial,
    normal,
    normal_fast,
    uniform,
    word_rows,
)

# columns of the group state: plasticity
FAST, SLOW, AUGMENTATION, POTENTIATION, REFILL, FATIGUE, LAST_MS, WAS_READ = range(8)
N_STATE = 8
# entries of the constants vector
TAU_FAST, TAU_SLOW, TAU_AUGMENTATION, TAU_POTENTIATION, TAU_DOCKING, TAU_REFILL, TAU_FATIGUE = range(7)
STEP_FAST, STEP_SLOW, STEP_AUGMENTATION, STEP_POTENTIATION, STEP_REFILL, STEP_FATIGUE = range(7, 13)
MAX_AUGMENTATION, MAX_POTENTIATION, MAX_REFILL, MAX_FATIGUE, ENTRY, REST_RELEASE = range(13, 19)
N_CONSTANTS = 19
# rows of the memory of a mode (readily, reluctantly released vesicles) since the latest read impulse
GAIN, WEIGHT, ROW_VARIANCE, VARIANCE, NOISE, ROW_NOISE = range(6)
N_MEMORY = 6
# entries of the link from one read impulse to the next
GAIN_0, GAIN_1, WEIGHT_0, WEIGHT_1, FRESH_00, FRESH_10, FRESH_11, FANO = range(8)
N_LINK = 8
# above this mean a count is drawn from its normal approximation with skewness, below by inversion
LARGE_MEAN = 8.0
_WORD = 2.3283064365386963e-10  # 2**-32


@kernel
def compose(
    key: np.uint64,
    zones: NDArray[np.float64],  # (junction,) expected zones
    zones_log_sd: float,
    surviving: NDArray[np.float64],  # (channels + 1,) share of zones that keep 0, 1, ... channels
    vesicles: float,  # docked per zone
    ready_share: float,
    sites: NDArray[np.float32],  # (2 * (channels + 1), junction), overwritten: ready classes, then reluctant ones
) -> None:
    """Draw the release sites of every junction: zones by surviving channels, vesicles by kind."""
    n = surviving.size
    counts = np.zeros(n, np.int64)
    for j in range(zones.size):
        spread = zones_log_sd * normal(key, j, 0)
        number = int(zones[j] * math.exp(spread - 0.5 * zones_log_sd * zones_log_sd) + uniform(key, j, 1))
        multinomial(key, j, 2, number, surviving, counts)
        for c in range(n):
            # a fraction of a vesicle is a vesicle with that chance
            docked = int(counts[c] * vesicles + uniform(key, j, 2 + n + c))
            ready = binomial(key, j, 2 + 2 * n + c, docked, ready_share)
            sites[c, j] = ready
            sites[n + c, j] = docked - ready


@kernel
def relax(state: NDArray[np.float64], constants: NDArray[np.float64], elapsed_ms: float) -> float:
    """Let the plasticity of one group fade over a pause; return the chance that an empty site refills."""
    state[FAST] *= math.exp(-elapsed_ms / constants[TAU_FAST])
    state[SLOW] *= math.exp(-elapsed_ms / constants[TAU_SLOW])
    state[AUGMENTATION] *= math.exp(-elapsed_ms / constants[TAU_AUGMENTATION])
    state[POTENTIATION] *= math.exp(-elapsed_ms / constants[TAU_POTENTIATION])
    state[FATIGUE] *= math.exp(-elapsed_ms / constants[TAU_FATIGUE])
    left = math.exp(-elapsed_ms / constants[TAU_REFILL])
    # integral over the pause of 1 + speed-up, the speed-up fading with TAU_REFILL
    work_ms = elapsed_ms + state[REFILL] * constants[TAU_REFILL] * (1.0 - left)
    state[REFILL] *= left
    return -math.expm1(-work_ms / constants[TAU_DOCKING])


@kernel
def _saturate(level: float, step: float, ceiling: float) -> float:
    """Return the level after one step towards its ceiling; small levels just add the step."""
    return level + (ceiling - level) * -math.expm1(-step / ceiling)


@kernel
def stimulate(state: NDArray[np.float64], constants: NDArray[np.float64], released_share: float) -> None:
    """Add what one impulse leaves behind.

    FAST and SLOW are traces of residual calcium, in units of what one healthy impulse lets in.
    Augmentation is driven by the slow trace that the impulse leaves, not by the impulse alone: so it
    stays small at 3 Hz and builds up at the rates of an effort. Potentiation counts impulses.
    """
    entry = constants[ENTRY]
    state[FAST] += entry
    state[SLOW] += entry
    state[AUGMENTATION] = _saturate(
        state[AUGMENTATION], constants[STEP_AUGMENTATION] * state[SLOW], constants[MAX_AUGMENTATION]
    )
    state[POTENTIATION] = _saturate(
        state[POTENTIATION], constants[STEP_POTENTIATION] * entry, constants[MAX_POTENTIATION]
    )
    state[REFILL] = _saturate(state[REFILL], constants[STEP_REFILL] * entry, constants[MAX_REFILL])
    state[FATIGUE] = _saturate(state[FATIGUE], constants[STEP_FATIGUE] * released_share, constants[MAX_FATIGUE])


@kernel
def plasticity(state: NDArray[np.float64], constants: NDArray[np.float64]) -> float:
    """Return the factor on the hazard of release (Zengel & Magleby 1982, with slow depression)."""
    facilitation = 1.0 + constants[STEP_FAST] * state[FAST] + constants[STEP_SLOW] * state[SLOW]
    return facilitation * (1.0 + state[AUGMENTATION]) * (1.0 + state[POTENTIATION]) * (1.0 - state[FATIGUE])


@kernel
def write_link(memory: NDArray[np.float64], mean: float, noise: float, link: NDArray[np.float64]) -> None:
    """Write how deviations travel from the latest read impulse to this one, and make this one the latest.

    The fresh noise of the two modes has the covariance that is missing: its Cholesky factor, per
    quantum of mean release, goes into the link.
    """
    scale = 1.0 / mean if mean > 1e-12 else 0.0
    before = memory[ROW_NOISE, 0]
    for m in range(2):
        link[GAIN_0 + m] = memory[GAIN, m]
        link[WEIGHT_0 + m] = memory[WEIGHT, m]
    cov00 = memory[VARIANCE, 0] - memory[GAIN, 0] ** 2 * memory[ROW_VARIANCE, 0] - memory[WEIGHT, 0] ** 2 * before
    cov11 = memory[VARIANCE, 1] - memory[GAIN, 1] ** 2 * memory[ROW_VARIANCE, 1] - memory[WEIGHT, 1] ** 2 * before
    cov10 = -memory[WEIGHT, 0] * memory[WEIGHT, 1] * before
    root = math.sqrt(max(cov00, 0.0))
    link[FRESH_00] = root * math.sqrt(scale)
    link[FRESH_10] = cov10 / root * math.sqrt(scale) if root > 1e-9 else 0.0
    rest = cov11 - (cov10 / root) ** 2 if root > 1e-9 else cov11
    link[FRESH_11] = math.sqrt(max(rest, 0.0) * scale)
    link[FANO] = noise * scale
    for m in range(2):
        memory[ROW_VARIANCE, m] = memory[VARIANCE, m]
        memory[ROW_NOISE, m] = noise


@kernel
def group_course(
    impulse_ms: NDArray[np.float64],  # (impulse,) of this group, ascending
    is_read: NDArray[np.uint8],  # (impulse,) whether the protocol reads it
    hazard: NDArray[np.float64],  # (class,) of a docked vesicle at rest
    sites: NDArray[np.float64],  # (class,) mean per junction
    mode: NDArray[np.int64],  # (class,) 0 readily, 1 reluctantly released
    constants: NDArray[np.float64],
    state: NDArray[np.float64],  # (N_STATE,), updated
    docked: NDArray[np.float64],  # (3, class), updated: after, and before, the latest impulse; its release chance
    memory: NDArray[np.float64],  # (N_MEMORY, 2), updated
    chance: NDArray[np.float64],  # (read, class), overwritten: a site releases at this impulse
    link: NDArray[np.float64],  # (read, N_LINK), overwritten
    mean_quanta: NDArray[np.float64],  # (impulse,), overwritten
) -> None:
    """Follow one group through its impulses; exact for the mean, and for the variance of docked sites.

    What one junction has beyond its mean is carried by two numbers, its surplus of each mode
    d = sum over classes of p (docked - expected). Between reads
    d' = gain d - weight (released - expected) + fresh noise: gain and weight by least squares,
    which makes the covariance of neighbouring reads exact, and the fresh noise so that the variance is.
    """
    read = 0
    kept = np.zeros(2)
    spent = np.zeros(2)
    varied = np.zeros(2)
    noises = np.zeros(2)
    for i in range(impulse_ms.size):
        refill = relax(state, constants, impulse_ms[i] - state[LAST_MS])
        factor = plasticity(state, constants)
        mean = 0.0
        for m in range(2):
            kept[m] = spent[m] = varied[m] = noises[m] = 0.0
        for c in range(hazard.size):
            m = mode[c]
            now = docked[0, c] + refill * (1.0 - docked[0, c])
            p = -math.expm1(-hazard[c] * factor)
            was = docked[1, c]
            p_was = docked[2, c]
            kept[m] += p * p_was * (1.0 - p_was) * sites[c] * was * (1.0 - was)
            spent[m] += p * p_was * (1.0 - p_was) * sites[c] * was
            mean += sites[c] * now * p
            varied[m] += sites[c] * p * p * now * (1.0 - now)
            noises[m] += sites[c] * now * p * (1.0 - p)
            docked[0, c] = now * (1.0 - p)
            docked[1, c] = now
            docked[2, c] = p
            if is_read[i]:
                chance[read, c] = now * p
        noise_was = memory[NOISE, 0] + memory[NOISE, 1]
        for m in range(2):
            gain = (1.0 - refill) * kept[m] / memory[VARIANCE, m] if memory[VARIANCE, m] > 1e-12 else 0.0
            if state[WAS_READ] > 0.0:
                memory[GAIN, m] = gain
                memory[WEIGHT, m] = (1.0 - refill) * spent[m] / noise_was if noise_was > 1e-12 else 0.0
            else:
                memory[GAIN, m] *= gain
                memory[WEIGHT, m] *= gain
            memory[VARIANCE, m] = varied[m]
            memory[NOISE, m] = noises[m]
        if is_read[i]:
            write_link(memory, mean, noises[0] + noises[1], link[read])
            read += 1
        state[WAS_READ] = float(is_read[i])
        state[LAST_MS] = impulse_ms[i]
        mean_quanta[i] = mean
        stimulate(state, constants, mean / constants[REST_RELEASE])


@kernel
def add_mean(sites: NDArray[np.float32], chance: float, expected: NDArray[np.float64]) -> None:
    """Add one class's share to the expected release of every junction."""
    for j in range(expected.size):
        expected[j] += sites[j] * chance


@kernel
def carry_surplus(
    link: NDArray[np.float64],
    word_0: NDArray[np.uint32],
    word_1: NDArray[np.uint32],
    table: NDArray[np.float64],
    surplus_0: NDArray[np.float64],  # (junction,), updated
    surplus_1: NDArray[np.float64],  # (junction,), updated
    beyond: NDArray[np.float64],  # (junction,) released - expected at the latest read
    expected: NDArray[np.float64],  # (junction,), updated
) -> None:
    """Carry the surplus of both modes to this impulse and add it to the expected release."""
    for j in range(expected.size):
        root = math.sqrt(expected[j])
        z0 = root * normal_fast(np.uint64(word_0[j]), table)
        z1 = root * normal_fast(np.uint64(word_1[j]), table)
        d0 = link[GAIN_0] * surplus_0[j] - link[WEIGHT_0] * beyond[j] + link[FRESH_00] * z0
        d1 = link[GAIN_1] * surplus_1[j] - link[WEIGHT_1] * beyond[j] + link[FRESH_10] * z0 + link[FRESH_11] * z1
        surplus_0[j] = d0
        surplus_1[j] = d1
        expected[j] = max(expected[j] + d0 + d1, 0.0)


@kernel
def count_large(
    expected: NDArray[np.float64],
    fano: float,
    word: NDArray[np.uint32],
    table: NDArray[np.float64],
    count: NDArray[np.float64],  # (junction,), overwritten
) -> None:
    """Draw counts of variance fano * mean from the rounded normal with the binomial's skewness (Cornish-Fisher)."""
    skew = (2.0 * fano - 1.0) / 6.0
    for j in range(count.size):
        z = normal_fast(np.uint64(word[j]), table)
        drawn = expected[j] + math.sqrt(fano * expected[j]) * z + skew * (z * z - 1.0)
        count[j] = max(math.floor(drawn + 0.5), 0.0)


@kernel
def count_small(
    expected: NDArray[np.float64],
    fano: float,
    word: NDArray[np.uint32],
    unit: NDArray[np.float64],  # (junction,), scratch
    weight: NDArray[np.float64],  # (junction,), scratch
    count: NDArray[np.float64],  # (junction,), written where the mean is below LARGE_MEAN
) -> None:
    """Draw counts by inversion of the binomial with n = mean / (1 - fano): all junctions walk in step."""
    p = max(1.0 - fano, 1e-4)  # at 1e-4 it is Poisson to four digits
    p = min(p, 1.0 - 1e-9)  # where every site releases, the weights below would be 0 times infinity
    ratio = p / (1.0 - p)
    rate = math.log1p(-p) / p
    highest = 0.0
    for j in range(count.size):
        if expected[j] < LARGE_MEAN:
            unit[j] = (word[j] + 0.5) * _WORD
            weight[j] = math.exp(expected[j] * rate)
            count[j] = 0.0
            highest = max(highest, expected[j])
        else:
            unit[j] = -1.0
            weight[j] = 0.0
    # beyond this many steps lies less than 1e-9 of the Poisson that bounds the binomial
    steps = int(highest + 7.0 * math.sqrt(highest) + 9.0) if highest > 0.0 else 0
    for k in range(steps):
        inverse = ratio / (k + 1.0)
        for j in range(count.size):
            if unit[j] > weight[j]:
                unit[j] -= weight[j]
                count[j] += 1.0
            else:
                unit[j] = -1.0
            weight[j] *= inverse * max(expected[j] / p - k, 0.0)


@kernel
def settle(
    count: NDArray[np.float64],
    expected: NDArray[np.float64],
    word: NDArray[np.uint32],
    table: NDArray[np.float64],
    beyond: NDArray[np.float64],
    quanta: NDArray[np.float32],
    spare: NDArray[np.float32],
) -> None:
    """Note what was released, and hand the unused word on as a standard normal."""
    for j in range(count.size):
        beyond[j] = count[j] - expected[j]
        quanta[j] = count[j]
        spare[j] = normal_fast(np.uint64(word[j]), table)


@kernel
def release(
    key: np.uint64,
    draw: int,  # number of the first read impulse of this block since the terminal was built
    run_start: NDArray[np.int64],  # (run + 1,) junctions of each run of one group
    group: NDArray[np.int64],  # (run,)
    reads: NDArray[np.int64],  # (group,) how many of the read impulses each group had
    sites: NDArray[np.float32],  # (class, all junctions)
    chance: NDArray[np.float64],  # (group, read, class)
    link: NDArray[np.float64],  # (group, read, N_LINK)
    table: NDArray[np.float64],  # of normal quantiles
    surplus: NDArray[np.float64],  # (3, all junctions), updated: d of both modes, and released - expected
    scratch: NDArray[np.float64],  # (4, longest run)
    random: NDArray[np.uint32],  # (4, longest run), scratch
    quanta: NDArray[np.float32],  # (read, junction from run_start[0]), overwritten
    spare: NDArray[np.float32],  # the same shape, overwritten: a standard normal for the junction's own scatter
) -> None:
    """Draw the quanta of a block of junctions for a block of impulses: one Philox block each.

    Rows are sliced one by one ([row][low:high]) because only then does the compiler know that
    they are contiguous, and runs eight junctions at a time.
    """
    first = run_start[0]
    for run in range(group.size):
        low = run_start[run]
        high = run_start[run + 1]
        n = high - low
        g = group[run]
        expected = scratch[0][:n]
        count = scratch[3][:n]
        surplus_0 = surplus[0][low:high]
        surplus_1 = surplus[1][low:high]
        beyond = surplus[2][low:high]
        for r in range(reads[g], quanta.shape[0]):
            quanta[r][low - first : high - first] = 0.0
            spare[r][low - first : high - first] = 0.0
        for r in range(reads[g]):
            word_rows(key, low, draw + r, random[0][:n], random[1][:n], random[2][:n], random[3][:n])
            for j in range(n):
                expected[j] = 0.0
            for c in range(sites.shape[0]):
                add_mean(sites[c][low:high], chance[g, r, c], expected)
            carry_surplus(link[g, r], random[1][:n], random[3][:n], table, surplus_0, surplus_1, beyond, expected)
            fano = link[g, r, FANO]
            count_large(expected, fano, random[0][:n], table, count)
            count_small(expected, fano, random[0][:n], scratch[1][:n], scratch[2][:n], count)
            settle(
                count, expected, random[2][:n], table, beyond,
                quanta[r][low - first : high - first], spare[r][low - first : high - first],
            )  # fmt: skip


@kernel
def exact_release(
    key: np.uint64,
    first: int,
    draw: int,  # number of the first impulse since the terminal was built
    sites: NDArray[np.int64],  # (junction, class)
    hazard: NDArray[np.float64],  # (class,)
    factor: NDArray[np.float64],  # (impulse,) plasticity at the impulse
    refill: NDArray[np.float64],  # (impulse,) chance of refilling before it
    docked: NDArray[np.int64],  # (junction, class), updated: just after the latest impulse
    quanta: NDArray[np.float32],  # (impulse, junction), overwritten
) -> None:
    """Draw every class exactly: two binomial draws per class and impulse. The reference for `release`."""
    n_class = hazard.size
    for j in range(sites.shape[0]):
        for i in range(factor.size):
            total = 0
            for c in range(n_class):
                at = 2 * ((draw + i) * n_class + c)
                empty = sites[j, c] - docked[j, c]
                docked[j, c] += binomial(key, first + j, at, empty, refill[i])
                gone = binomial(key, first + j, at + 1, docked[j, c], -math.expm1(-hazard[c] * factor[i]))
                docked[j, c] -= gone
                total += gone
            quanta[i, j] = total
