"""What both engines share: channels that open and close, when ions enter, a queue of events. Times in ms."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.compile import kernel
from endplate.foundation.random._kernels import unit_from_words, words


@kernel
def gate_channel(
    key: np.uint64,
    channel: int,
    row_ms: float,
    duration_ms: float,
    forward: NDArray[np.float64],  # (row, link), 1/ms
    back: NDArray[np.float64],  # (row, link), 1/ms
    is_open: NDArray[np.uint8],  # (state,)
    first: int,
    start_ms: NDArray[np.float64],  # (opening,), written from `first` on
    end_ms: NDArray[np.float64],
) -> int:
    """Follow one channel from its first state; return the number of openings so far, or -1 if they do not fit.

    Exact for rates that are constant within a row: a unit exponential is spent at the rate of leaving.
    """
    n_rows, n_links = forward.shape
    state = 0
    draw = 0
    n = first
    row = 0
    now = 0.0
    last_row = min(n_rows, math.ceil(duration_ms / row_ms - 1e-9))
    while True:
        w0, w1, w2, w3 = words(key, channel, draw, 0)
        draw += 1
        left = -math.log(unit_from_words(w0, w1))
        choice = unit_from_words(w2, w3)
        up = 0.0
        total = 0.0
        while row < last_row:
            up = forward[row, state] if state < n_links else 0.0
            down = back[row, state - 1] if state > 0 else 0.0
            total = up + down
            row_end = min((row + 1) * row_ms, duration_ms)
            room = total * (row_end - now)
            if room >= left:
                now += left / total
                break
            left -= room
            now = row_end
            row += 1
        if row >= last_row:
            break
        before = is_open[state]
        state += 1 if choice * total < up else -1
        after = is_open[state]
        if after and not before:
            if n >= start_ms.size:
                return -1
            start_ms[n] = now
        elif before and not after:
            end_ms[n] = now
            n += 1
    if is_open[state]:
        end_ms[n] = duration_ms
        n += 1
    return n


@kernel
def gate_channels(
    key: np.uint64,
    row_ms: float,
    duration_ms: float,
    kind: NDArray[np.int64],  # (channel,)
    is_stochastic: NDArray[np.uint8],  # (kind,)
    window_ms: NDArray[np.float64],  # (kind, 2), of kinds that are not stochastic
    forward: NDArray[np.float64],  # (kind, row, link), 1/ms
    back: NDArray[np.float64],
    is_open: NDArray[np.uint8],  # (kind, state)
    channel: NDArray[np.int64],  # (opening,), overwritten like the next two
    start_ms: NDArray[np.float64],
    end_ms: NDArray[np.float64],
) -> int:
    """Write the openings of every channel, channel after channel; return how many, or -1 if they do not fit."""
    n = 0
    for i in range(kind.size):
        k = kind[i]
        first = n
        if is_stochastic[k]:
            n = gate_channel(key, i, row_ms, duration_ms, forward[k], back[k], is_open[k], first, start_ms, end_ms)
            if n < 0:
                return -1
        elif window_ms[k, 0] < duration_ms:
            if n >= start_ms.size:
                return -1
            start_ms[n] = window_ms[k, 0]
            end_ms[n] = min(window_ms[k, 1], duration_ms)
            n += 1
        for j in range(first, n):
            channel[j] = i
    return n


@kernel
def enter_ions(
    key: np.uint64,
    row_ms: float,
    kind: NDArray[np.int64],  # (channel,)
    flux: NDArray[np.float64],  # (kind, row), ions per open ms
    n_openings: int,
    opening_channel: NDArray[np.int64],  # (opening,)
    start_ms: NDArray[np.float64],
    end_ms: NDArray[np.float64],
    entry_ms: NDArray[np.float64],  # (ion,), overwritten like the next
    entry_channel: NDArray[np.int64],
) -> int:
    """Write when ions enter and through which channel, opening after opening; return how many, or -1.

    A Poisson process in every opening, its rate constant within a row; draws are counted per opening.
    """
    n = 0
    for opening in range(n_openings):
        channel = opening_channel[opening]
        k = kind[channel]
        now = start_ms[opening]
        end = end_ms[opening]
        row = min(int(now / row_ms), flux.shape[1] - 1)
        draw = 0
        left = 0.0
        while now < end:
            if left <= 0.0:
                w0, w1, _, _ = words(key, opening, draw, 0)
                draw += 1
                left = -math.log(unit_from_words(w0, w1))
            row_end = end if row == flux.shape[1] - 1 else min((row + 1) * row_ms, end)
            room = flux[k, row] * (row_end - now)
            if room >= left:
                now += left / flux[k, row]
                left = 0.0
                if n >= entry_ms.size:
                    return -1
                entry_ms[n] = now
                entry_channel[n] = channel
                n += 1
            else:
                left -= room
                now = row_end
                row += 1
    return n


@kernel
def push(times: NDArray[np.float64], codes: NDArray[np.int64], size: int, time: float, code: int) -> int:
    """Add one event to a heap ordered by time; return the new size."""
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if times[parent] <= time:
            break
        times[place] = times[parent]
        codes[place] = codes[parent]
        place = parent
    times[place] = time
    codes[place] = code
    return size + 1


@kernel
def drop_first(times: NDArray[np.float64], codes: NDArray[np.int64], size: int) -> int:
    """Remove the earliest event of the heap; return the new size."""
    size -= 1
    time, code = times[size], codes[size]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and times[child + 1] < times[child]:
            child += 1
        if times[child] >= time:
            break
        times[place] = times[child]
        codes[place] = codes[child]
        place = child
    times[place] = time
    codes[place] = code
    return size
