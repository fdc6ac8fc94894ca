"""One trial: a queue of what happens next to every ion, in order of time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone._kernels import drop_first, push
from endplate.body.activezone.particles._kernels import (
    ABSORBED,
    BUFFER_CANDIDATE,
    BUFFER_MEAN,
    BUFFER_MOST,
    BUFFER_RELEASE,
    CLEARED,
    END_US,
    FREE_END,
    ON_BUFFER,
    ON_SENSOR,
    REACTION_RADIUS,
    SAMPLE_US,
    SENSOR_BOUND,
    SENSOR_CANDIDATE,
    capacity,
    fly,
    voxel_of,
)
from endplate.foundation.compile import kernel
from endplate.foundation.random._kernels import unit_from_words, words

# status of a trial
DONE, TOO_MANY_EVENTS, TOO_MANY_SNAPSHOTS = 0, 1, 2

_NEVER = 1e300


@kernel
def sample_after(t: float, sample_us: float, n_samples: int) -> int:
    """Return the number of the first sample at or after t."""
    return min(math.ceil(t / sample_us), n_samples)


@kernel
def choose_site(
    x: float,
    y: float,
    z: float,
    left: float,
    reach: float,
    site_place: NDArray[np.float64],
    site_rate: NDArray[np.float64],
    site_ion: NDArray[np.int64],
) -> int:
    """Return the free sensor site that a candidate binds, or -1; `left` is uniform below the bound of all rates."""
    for site in range(site_ion.size):
        if site_ion[site] < 0:
            sx = x - site_place[site, 0]
            sy = y - site_place[site, 1]
            sz = z - site_place[site, 2]
            if sx * sx + sy * sy + sz * sz < reach * reach:
                left -= site_rate[site]
                if left < 0.0:
                    return site
    return -1


@kernel
def run_trial(
    key: np.uint64,
    numbers: NDArray[np.float64],
    is_absorbing: NDArray[np.uint8],
    centres: NDArray[np.float64],  # (vesicle, 3)
    sites_per_vesicle: int,
    site_place: NDArray[np.float64],  # (vesicle * site, 3)
    site_rate: NDArray[np.float64],  # (vesicle * site,), binding while in the reaction volume
    site_release: NDArray[np.float64],  # (vesicle * site,)
    voxels: NDArray[np.int64],  # (3,)
    voxels_per_nm: NDArray[np.float64],  # (3,)
    normals: NDArray[np.float64],
    n_entered: int,
    n_ions: int,  # entered, then those of the resting level
    position: NDArray[np.float64],  # (ion, 3), where an ion enters, then where it is
    time: NDArray[np.float64],  # (ion,), when it enters, then its next instant
    state: NDArray[np.int64],  # (ion,), FREE_END at entry
    home: NDArray[np.int64],  # (ion,)
    draw: NDArray[np.int64],  # (ion,)
    occupied: NDArray[np.int32],  # (voxel,)
    site_ion: NDArray[np.int64],  # (vesicle * site,), -1 where free
    heap_time: NDArray[np.float64],  # (ion,)
    heap_ion: NDArray[np.int64],  # (ion,)
    snapshot_us: NDArray[np.float64],  # (snapshot,)
    snapshot_row: NDArray[np.float64],  # (row, 5), snapshot, ion, x, y, z
    free_change: NDArray[np.int64],  # (sample + 1,), overwritten
    event_time: NDArray[np.float64],  # (event,), overwritten like the next three
    event_site: NDArray[np.int64],
    event_sign: NDArray[np.int64],
    event_ion: NDArray[np.int64],
    count: NDArray[np.int64],  # (8,): events, moves, then the five fates, snapshot rows
) -> int:
    """Run one trial; return DONE, or what was too small."""
    end = numbers[END_US]
    sample_us = numbers[SAMPLE_US]
    n_samples = free_change.size - 1
    any_absorbing = False
    for face in range(6):
        if is_absorbing[face]:
            any_absorbing = True
    free_change[:] = 0
    count[:] = 0
    n_events = 0
    moves = 0
    n_rows = 0
    for site in range(site_ion.size):
        if site_ion[site] >= 0:  # bound at rest: the record starts with it
            if n_events >= event_time.size:
                return TOO_MANY_EVENTS
            event_time[n_events] = 0.0
            event_site[n_events] = site
            event_sign[n_events] = 1
            event_ion[n_events] = site_ion[site]
            n_events += 1
    size = 0
    for ion in range(n_ions):
        if time[ion] < end:
            size = push(heap_time, heap_ion, size, time[ion], ion)
    while size > 0:
        t = heap_time[0]
        ion = heap_ion[0]
        size = drop_first(heap_time, heap_ion, size)
        was = state[ion]
        if was == BUFFER_CANDIDATE or was == SENSOR_CANDIDATE:
            x, y, z = position[ion, 0], position[ion, 1], position[ion, 2]
            w0, w1, w2, w3 = words(key, ion, draw[ion], 0)
            draw[ion] += 1
            choice = unit_from_words(w0, w1)
            if was == BUFFER_CANDIDATE:
                chosen = voxel_of(x, y, z, numbers, voxels, voxels_per_nm)
                release = numbers[BUFFER_RELEASE]
                if choice * numbers[BUFFER_MOST] >= capacity(chosen, numbers[BUFFER_MEAN]) - occupied[chosen]:
                    chosen = -1
            else:
                chosen = choose_site(
                    x, y, z, choice * numbers[SENSOR_BOUND], numbers[REACTION_RADIUS], site_place, site_rate, site_ion
                )
                release = site_release[chosen]
            if chosen >= 0:
                if was == BUFFER_CANDIDATE:
                    state[ion] = ON_BUFFER
                    occupied[chosen] += 1
                else:
                    if n_events >= event_time.size:
                        return TOO_MANY_EVENTS
                    state[ion] = ON_SENSOR
                    site_ion[chosen] = ion
                    event_time[n_events] = t
                    event_site[n_events] = chosen
                    event_sign[n_events] = 1
                    event_ion[n_events] = ion
                    n_events += 1
                home[ion] = chosen
                time[ion] = t - math.log(unit_from_words(w2, w3)) / release if release > 0.0 else _NEVER
                free_change[sample_after(t, sample_us, n_samples)] -= 1
                if time[ion] < end:
                    size = push(heap_time, heap_ion, size, time[ion], ion)
                continue
        else:
            free_change[sample_after(t, sample_us, n_samples)] += 1
            if was == ON_BUFFER:
                occupied[home[ion]] -= 1
            elif was == ON_SENSOR:
                if n_events >= event_time.size:
                    return TOO_MANY_EVENTS
                site_ion[home[ion]] = -1
                event_time[n_events] = t
                event_site[n_events] = home[ion]
                event_sign[n_events] = -1
                event_ion[n_events] = ion
                n_events += 1
        # the ion is free at t: fly, and take pictures on the way
        x, y, z = position[ion, 0], position[ion, 1], position[ion, 2]
        picture = 0
        while picture < snapshot_us.size and snapshot_us[picture] < t:
            picture += 1
        while True:
            until = snapshot_us[picture] if picture < snapshot_us.size else end
            what, t, x, y, z, drawn, steps = fly(
                key, ion, draw[ion], t, x, y, z, until, ion >= n_entered, numbers, is_absorbing, any_absorbing,
                centres, sites_per_vesicle, site_place, normals,
            )  # fmt: skip
            draw[ion] = drawn
            moves += steps
            if what != FREE_END or picture >= snapshot_us.size:
                break
            if n_rows >= snapshot_row.shape[0]:
                return TOO_MANY_SNAPSHOTS
            snapshot_row[n_rows, 0] = picture
            snapshot_row[n_rows, 1] = ion
            snapshot_row[n_rows, 2] = x
            snapshot_row[n_rows, 3] = y
            snapshot_row[n_rows, 4] = z
            n_rows += 1
            picture += 1
        position[ion, 0] = x
        position[ion, 1] = y
        position[ion, 2] = z
        state[ion] = what
        if what == BUFFER_CANDIDATE or what == SENSOR_CANDIDATE:
            size = push(heap_time, heap_ion, size, t, ion)
        elif what == ABSORBED or what == CLEARED:
            free_change[sample_after(t, sample_us, n_samples)] -= 1
    for i in range(n_ions):
        s = state[i]
        place = 3 if s == ON_BUFFER else (4 if s == ON_SENSOR else (5 if s == ABSORBED else (6 if s == CLEARED else 2)))
        count[place] += 1
    count[0] = n_events
    count[1] = moves
    count[7] = n_rows
    return DONE
