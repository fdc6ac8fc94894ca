"""Philox4x32-10 and the distributions drawn from it (Salmon et al. 2011, SC11 paper 16).

The counter is (object low, object high, draw, attempt); the key is the stream. Every
arithmetic step stays in uint64 with masks, so compiled and interpreted results are equal.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.compile import kernel

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_ROUNDS = 10
_TO_UNIT = 1.0 / 4503599627370496.0  # 2**-52
_INVERSION_LIMIT = 30.0  # above this mean, inversion walks too far: rejection instead

Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


@kernel
def philox(key: np.uint64, c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64) -> Words:
    """Return four 32-bit words (held in uint64) of block (c0, c1, c2, c3), each below 2**32, under `key`."""
    k0 = key & _MASK
    k1 = key >> _SHIFT
    for _ in range(_ROUNDS):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _SHIFT) ^ c1 ^ k0
        c1 = p1 & _MASK
        c2 = (p0 >> _SHIFT) ^ c3 ^ k1
        c3 = p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@kernel
def words(key: np.uint64, item: int, draw: int, attempt: int) -> Words:
    """Return the four words of one draw of one object; attempt counts rejections. None is negative."""
    wide = np.uint64(item)
    return philox(key, wide & _MASK, wide >> _SHIFT, np.uint64(draw) & _MASK, np.uint64(attempt) & _MASK)


@kernel
def word_rows(
    key: np.uint64,
    first: int,
    draw: int,
    out_0: NDArray[np.uint32],
    out_1: NDArray[np.uint32],
    out_2: NDArray[np.uint32],
    out_3: NDArray[np.uint32],
) -> None:
    """Write the four words of draw `draw` of objects first, first + 1, ..., one array a word.

    Entry j equals `words(key, first + j, draw, 0)`; written as one flat loop because the
    compiler then runs 8 objects at a time, about 1 ns a block instead of 10.
    """
    low = key & _MASK
    high = key >> _SHIFT
    c_draw = np.uint64(draw) & _MASK
    for j in range(out_0.size):
        wide = np.uint64(first) + np.uint64(j)
        c0 = wide & _MASK
        c1 = wide >> _SHIFT
        c2 = c_draw
        c3 = wide & np.uint64(0)
        k0 = low
        k1 = high
        for _ in range(_ROUNDS):
            p0 = _M0 * c0
            p1 = _M1 * c2
            c0 = (p1 >> _SHIFT) ^ c1 ^ k0
            c1 = p1 & _MASK
            c2 = (p0 >> _SHIFT) ^ c3 ^ k1
            c3 = p0 & _MASK
            k0 = (k0 + _W0) & _MASK
            k1 = (k1 + _W1) & _MASK
        out_0[j] = c0
        out_1[j] = c1
        out_2[j] = c2
        out_3[j] = c3


@kernel
def unit_from_words(high: np.uint64, low: np.uint64) -> float:
    """Return a double in (0, 1) with 52 random bits; never exactly 0 or 1."""
    # not 53 bits: 2**53 - 1 + 0.5 rounds to 2**53, which is a draw of exactly 1
    bits = (high << np.uint64(20)) ^ (low >> np.uint64(12))
    return (float(np.int64(bits)) + 0.5) * _TO_UNIT


@kernel
def uniform(key: np.uint64, item: int, draw: int) -> float:
    """Return one uniform draw in (0, 1)."""
    w0, w1, _, _ = words(key, item, draw, 0)
    return unit_from_words(w0, w1)


@kernel
def _polynomial_7(
    x: float, c0: float, c1: float, c2: float, c3: float, c4: float, c5: float, c6: float, c7: float
) -> float:
    """Return c0 + c1 x + ... + c7 x**7 by Horner's rule."""
    return ((((((c7 * x + c6) * x + c5) * x + c4) * x + c3) * x + c2) * x + c1) * x + c0


@kernel
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of p in (0, 1), relative error below 1e-15 (Wichura 1988, AS 241)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = _polynomial_7(
            r,
            3.387132872796366608,
            133.14166789178437745,
            1971.5909503065514427,
            13731.693765509461125,
            45921.953931549871457,
            67265.770927008700853,
            33430.575583588128105,
            2509.0809287301226727,
        )
        low = _polynomial_7(
            r,
            1.0,
            42.313330701600911252,
            687.1870074920579083,
            5394.1960214247511077,
            21213.794301586595867,
            39307.89580009271061,
            28729.085735721942674,
            5226.495278852545925,
        )
        return q * top / low
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        top = _polynomial_7(
            r,
            1.42343711074968357734,
            4.6303378461565452959,
            5.7694972214606914055,
            3.64784832476320460504,
            1.27045825245236838258,
            0.24178072517745061177,
            0.0227238449892691845833,
            7.7454501427834140764e-4,
        )
        low = _polynomial_7(
            r,
            1.0,
            2.05319162663775882187,
            1.6763848301838038494,
            0.68976733498510000455,
            0.14810397642748007459,
            0.0151986665636164571966,
            5.475938084995344946e-4,
            1.05075007164441684324e-9,
        )
    else:
        r -= 5.0
        top = _polynomial_7(
            r,
            6.6579046435011037772,
            5.4637849111641143699,
            1.7848265399172913358,
            0.29656057182850489123,
            0.026532189526576123093,
            0.0012426609473880784386,
            2.71155556874348757815e-5,
            2.01033439929228813265e-7,
        )
        low = _polynomial_7(
            r,
            1.0,
            0.59983220655588793769,
            0.13692988092273580531,
            0.0148753612908506148525,
            7.868691311456132591e-4,
            1.8463183175100546818e-5,
            1.4215117583164458887e-7,
            2.04426310338993978564e-15,
        )
    return -top / low if q < 0.0 else top / low


@kernel
def normal(key: np.uint64, item: int, draw: int) -> float:
    """Return one standard normal draw by inversion."""
    return normal_quantile(uniform(key, item, draw))


@kernel
def normal_row(key: np.uint64, first: int, draw: int, out: NDArray[np.float64]) -> None:
    """Fill an array with the normal draws of objects first, first + 1, ..."""
    for j in range(out.size):
        out[j] = normal(key, first + j, draw)


@kernel
def normal_fast(word: np.uint64, table: NDArray[np.float64]) -> float:
    """Return a standard normal from one 32-bit word and the table of `normal_quantiles`."""
    cell = int(word >> np.uint64(20))
    part = float(np.int64(word & np.uint64(0xFFFFF))) * 9.5367431640625e-07  # 2**-20
    low = table[cell]
    return low + part * (table[cell + 1] - low)


@kernel
def _log_binomial_ratio(n: float, k: float, mode: float, log_odds: float) -> float:
    """Return log of the binomial weight of k over that of the mode."""
    return (
        math.lgamma(mode + 1.0)
        + math.lgamma(n - mode + 1.0)
        - math.lgamma(k + 1.0)
        - math.lgamma(n - k + 1.0)
        + (k - mode) * log_odds
    )


@kernel
def _binomial_by_rejection(key: np.uint64, item: int, draw: int, n: int, p: float) -> int:
    """Transformed rejection BTRS, for n p >= 10 and p <= 1/2 (Hoermann 1993, J Stat Comput Simul 46:101)."""
    deviation = math.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * p
    c = n * p + 0.5
    v_r = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * deviation
    log_odds = math.log(p / (1.0 - p))
    mode = float(math.floor((n + 1) * p))
    attempt = 0
    while True:
        w0, w1, w2, w3 = words(key, item, draw, attempt)
        attempt += 1
        u = unit_from_words(w0, w1) - 0.5
        v = unit_from_words(w2, w3)
        us = 0.5 - abs(u)
        k = float(math.floor((2.0 * a / us + b) * u + c))
        if k < 0.0 or k > n:
            continue
        if us >= 0.07 and v <= v_r:
            return int(k)
        if math.log(v * alpha / (a / (us * us) + b)) <= _log_binomial_ratio(float(n), k, mode, log_odds):
            return int(k)


@kernel
def binomial_from_unit(u: float, n: int, p: float) -> int:
    """Return the binomial quantile of u by walking up the weights; for n p up to about 30, p <= 1/2."""
    # the bound ends the walk where rounding leaves a sliver of u beyond all weights: without it k runs to n
    most = int(min(float(n), 10.0 * n * p + 60.0))
    ratio = p / (1.0 - p)
    weight = math.exp(n * math.log1p(-p))
    k = 0
    while u > weight and k < most:
        u -= weight
        weight *= ratio * (n - k) / (k + 1)
        k += 1
    return k


@kernel
def binomial(key: np.uint64, item: int, draw: int, n: int, p: float) -> int:
    """Return one binomial draw: inversion for small means, rejection above; for n up to about 1e9.

    Beyond that the log-gamma differences of the rejection step lose the digits they need.
    """
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    small = p if p <= 0.5 else 1.0 - p
    if n * small < _INVERSION_LIMIT:
        k = binomial_from_unit(uniform(key, item, draw), n, small)
    else:
        k = _binomial_by_rejection(key, item, draw, n, small)
    return k if p <= 0.5 else n - k


@kernel
def _poisson_by_rejection(key: np.uint64, item: int, draw: int, mean: float) -> int:
    """Transformed rejection PTRS, for means of at least 10 (Hoermann 1993, Insur Math Econ 12:39)."""
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    v_r = 0.9277 - 3.6224 / (b - 2.0)
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    log_mean = math.log(mean)
    attempt = 0
    while True:
        w0, w1, w2, w3 = words(key, item, draw, attempt)
        attempt += 1
        u = unit_from_words(w0, w1) - 0.5
        v = unit_from_words(w2, w3)
        us = 0.5 - abs(u)
        k = float(math.floor((2.0 * a / us + b) * u + mean + 0.43))
        if us >= 0.07 and v <= v_r:
            return int(k)
        if k < 0.0 or (us < 0.013 and v > us):
            continue
        if math.log(v * inverse_alpha / (a / (us * us) + b)) <= k * log_mean - mean - math.lgamma(k + 1.0):
            return int(k)


@kernel
def poisson_from_unit(u: float, mean: float) -> int:
    """Return the Poisson quantile of u by walking up the weights; for means up to about 30."""
    weight = math.exp(-mean)
    k = 0
    # the second bound ends the walk where rounding leaves a sliver of u beyond all weights
    while u > weight and k < 10.0 * mean + 60.0:
        u -= weight
        k += 1
        weight *= mean / k
    return k


@kernel
def poisson(key: np.uint64, item: int, draw: int, mean: float) -> int:
    """Return one Poisson draw: inversion for small means, rejection above."""
    if mean <= 0.0:
        return 0
    if mean < _INVERSION_LIMIT:
        return poisson_from_unit(uniform(key, item, draw), mean)
    return _poisson_by_rejection(key, item, draw, mean)


@kernel
def multinomial(
    key: np.uint64, item: int, draw: int, n: int, weights: NDArray[np.float64], out: NDArray[np.int64]
) -> None:
    """Split n objects over classes by sequential binomials; uses draws `draw` ... `draw` + classes - 2.

    Weights are at least 0 and not all 0; they need not add up to 1. A class of weight 0 gets nothing.
    """
    left = n
    for j in range(weights.size):
        # summed anew from the end: a running difference would leave rounding errors to classes of weight 0
        rest = 0.0
        for i in range(weights.size - 1, j - 1, -1):
            rest += weights[i]
        if left == 0 or weights[j] >= rest:
            out[j] = left
        else:
            out[j] = binomial(key, item, draw + j, left, weights[j] / rest)
        left -= out[j]
