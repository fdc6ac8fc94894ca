"""One trial of the fast engine: channels open, ions enter, and sites change, in order of time. Times in us."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone._kernels import drop_first, push
from endplate.body.activezone.fast._kernels import (
    MOST_ONCE,
    Gates,
    Log,
    Paths,
    Rules,
    Sites,
    Work,
    at_time,
    encounter,
    exponential,
    fill_pool,
    next_row,
    when_reached,
)
from endplate.foundation.compile import kernel
from endplate.foundation.random._kernels import binomial, poisson, poisson_from_unit, unit_from_words, words

DONE, TOO_MANY_OPENINGS, TOO_MANY_EVENTS = 0, 1, 2  # what a run returns
AS_IT_COMES, ONE_OPENS, NONE_OPENS = 0, 1, 2  # which trials to run
_AT_ONCE = 1e30  # hazard of a vesicle that fuses at this instant
_SURE = 700.0  # integral of the hazard beyond which nothing is left to fuse


@kernel
def gate_channel(
    key: np.uint64,
    trial: int,
    draw: int,
    row_us: float,
    exit_cumulated: NDArray[np.float64],  # (state, row + 1)
    forward_share: NDArray[np.float64],  # (state, row): chance that an exit goes towards the open end
    is_open: NDArray[np.bool_],  # (state,)
    spans: NDArray[np.float64],  # (span, 2): start and end of being open, overwritten
) -> tuple[int, int]:
    """Walk one channel along the action potential from its first state: (number of open spans or -1, next draw)."""
    n_row = forward_share.shape[1]
    end = n_row * row_us
    state, time_us, n_span = 0, 0.0, 0
    while True:
        u0, u1, u2, u3 = words(key, trial, draw, 0)
        draw += 1
        cumulated = exit_cumulated[state]
        target = at_time(cumulated, row_us, time_us) + exponential(unit_from_words(u0, u1))
        row = next_row(cumulated, target, min(int(time_us / row_us), n_row - 1))
        if row >= n_row:
            break
        time_us = (row + (target - cumulated[row]) / (cumulated[row + 1] - cumulated[row])) * row_us
        before = is_open[state]
        state += 1 if unit_from_words(u2, u3) < forward_share[state, row] else -1
        if is_open[state] and not before:
            if n_span == spans.shape[0]:
                return -1, draw
            spans[n_span, 0] = time_us
            spans[n_span, 1] = end
            n_span += 1
        elif before and not is_open[state]:
            spans[n_span - 1, 1] = time_us
    return n_span, draw


@kernel
def add_entry(
    gates: Gates, paths: Paths, channel: int, start_us: float, end_us: float, factor: float, work: Work
) -> None:
    """Spread the ions of one open piece over the steps of the pool."""
    cumulated = gates.ions_cumulated[gates.kind_of_channel[channel]]
    step = int(start_us / paths.step_us)
    low = at_time(cumulated, gates.row_us, start_us)
    while step < work.entered.shape[1]:
        edge = min((step + 1) * paths.step_us, end_us)
        high = at_time(cumulated, gates.row_us, edge)
        for mode in range(work.entered.shape[0]):
            work.entered[mode, step] += factor * (high - low) * paths.mode_share[channel, mode]
        low = high
        if edge >= end_us:
            return
        step += 1


@kernel
def open_channels(key: np.uint64, trial: int, draw: int, which: int, gates: Gates, work: Work) -> tuple[int, int]:
    """Gate every channel, again until one opens if that is asked: (number of open pieces or -1, next draw)."""
    if which == NONE_OPENS:
        return 0, draw
    end_us = gates.impulse_us[gates.impulse_us.size - 1]
    n_impulse = gates.impulse_us.size - 1
    while True:
        n_piece = 0
        for channel in range(gates.kind_of_channel.size):
            kind = gates.kind_of_channel[channel]
            if gates.is_scheme[kind]:
                n_span, draw = gate_channel(
                    key, trial, draw, gates.row_us, gates.exit_cumulated[kind], gates.forward_share[kind],
                    gates.is_open[kind], work.spans,
                )  # fmt: skip
                if n_span < 0:
                    return -1, draw
            else:
                n_span = 1
                work.spans[0, 0] = gates.fixed_us[kind, 0]
                work.spans[0, 1] = min(gates.fixed_us[kind, 1], end_us)
            for span in range(n_span):
                start, end = work.spans[span, 0], min(work.spans[span, 1], end_us)
                impulse = 0
                while impulse + 1 < n_impulse and gates.impulse_us[impulse + 1] <= start:
                    impulse += 1
                while start < end:
                    stop = end if impulse + 1 >= n_impulse else min(end, gates.impulse_us[impulse + 1])
                    if n_piece == work.met.size:
                        return -1, draw
                    work.piece_us[n_piece, 0] = start
                    work.piece_us[n_piece, 1] = stop
                    work.piece_channel[n_piece] = channel
                    work.piece_impulse[n_piece] = impulse
                    n_piece += 1
                    start = stop
                    impulse += 1
        if n_piece > 0 or which == AS_IT_COMES:
            return n_piece, draw


@kernel
def enter(
    key: np.uint64,
    trial: int,
    draw: int,
    n_piece: int,
    gates: Gates,
    paths: Paths,
    work: Work,
    ions: NDArray[np.int64],  # (channel, impulse), overwritten
) -> int:
    """Draw the ions of every open piece and how many of them meet a sensor; return the next draw."""
    work.entered[:] = 0.0
    ions[:] = 0
    for piece in range(n_piece):
        channel = work.piece_channel[piece]
        start, end = work.piece_us[piece, 0], work.piece_us[piece, 1]
        cumulated = gates.ions_cumulated[gates.kind_of_channel[channel]]
        mean = at_time(cumulated, gates.row_us, end) - at_time(cumulated, gates.row_us, start)
        count = poisson(key, trial, draw, mean)
        ions[channel, work.piece_impulse[piece]] += count
        share = paths.expected[channel]
        # one encounter at most where they are rare, which is nearly always
        if share <= MOST_ONCE:
            work.met[piece] = binomial(key, trial, draw + 1, count, share)
        else:
            work.met[piece] = poisson(key, trial, draw + 1, count * share)
        draw += 2
        if mean > 0.0:
            add_entry(gates, paths, channel, start, end, count / mean, work)
    return draw


@kernel
def plan_encounters(
    key: np.uint64, trial: int, draw: int, n_piece: int, gates: Gates, paths: Paths, sites: Sites, work: Work
) -> tuple[int, int]:
    """Fill the heap with the encounters of all ions that enter: (its size or -1, next draw)."""
    end_us = gates.impulse_us[gates.impulse_us.size - 1]
    n_site, n_channel, size = sites.vesicle.size, gates.kind_of_channel.size, 0
    for piece in range(n_piece):
        channel = work.piece_channel[piece]
        cumulated = gates.ions_cumulated[gates.kind_of_channel[channel]]
        low = at_time(cumulated, gates.row_us, work.piece_us[piece, 0])
        high = at_time(cumulated, gates.row_us, work.piece_us[piece, 1])
        row = min(int(work.piece_us[piece, 0] / gates.row_us), cumulated.size - 2)
        origin = 1 + channel + n_channel * work.piece_impulse[piece]
        for _ in range(work.met[piece]):
            u0, u1, u2, u3 = words(key, trial, draw, 0)
            draw += 1
            start = when_reached(cumulated, gates.row_us, low + (high - low) * unit_from_words(u0, u1), row)
            site, time_us, draw = encounter(key, trial, draw, channel, start, paths, work.full)
            if time_us < end_us and unit_from_words(u2, u3) < sites.keep[site]:
                if size >= work.codes.size:
                    return -1, draw
                size = push(work.times, work.codes, size, time_us, 2 * origin * n_site + site)
    return size, draw


@kernel
def add_background(
    key: np.uint64, trial: int, draw: int, size: int, end_us: float, sites: Sites, work: Work
) -> tuple[int, int]:
    """Bind sites at the start, and add encounters with resting calcium: (size of the heap or -1, next draw)."""
    n_site = sites.vesicle.size
    for site in range(n_site):
        work.is_bound[site] = False
        if sites.start_bound[site] > 0.0:
            u0, u1, u2, u3 = words(key, trial, draw, 0)
            draw += 1
            if unit_from_words(u0, u1) < sites.start_bound[site]:
                work.is_bound[site] = True
                if size >= work.codes.size:
                    return -1, draw
                wait = exponential(unit_from_words(u2, u3)) / sites.off_per_us[site]
                size = push(work.times, work.codes, size, wait, n_site + site)
        if sites.rest_per_us[site] > 0.0:
            count = poisson(key, trial, draw, sites.rest_per_us[site] * end_us)
            draw += 1
            for _ in range(count):
                u0, u1, _, _ = words(key, trial, draw, 0)
                draw += 1
                if size >= work.codes.size:
                    return -1, draw
                size = push(work.times, work.codes, size, end_us * unit_from_words(u0, u1), site)
    return size, draw


@kernel
def hazard_of(rule: int, active: NDArray[np.int64], rules: Rules) -> float:
    """Return the hazard of fusion of a vesicle with these active sensors, (sensor,), under one rule. [1/us]"""
    if rules.needed[rule] > 0:
        return _AT_ONCE if active[rules.counted] >= rules.needed[rule] else 0.0
    energy = -rules.barrier_kt[rule]
    for sensor in range(active.size):
        energy += rules.energy_kt[rule, sensor] * active[sensor]
    return rules.attempts_per_us * math.exp(min(energy, 0.0))


@kernel
def advance_fusion(
    start_us: float,
    end_us: float,
    hazard: float,
    bin_us: float,
    integral: float,
    histogram: NDArray[np.float64],  # (bin,): chance to fuse in it, added to
) -> float:
    """Let one vesicle run at a constant hazard; return the integral of its hazard."""
    if hazard * (end_us - start_us) < 1e-15 or integral > _SURE:
        return integral
    last = histogram.size - 1
    if hazard >= _AT_ONCE:
        histogram[min(int(start_us / bin_us), last)] += math.exp(-integral)
        return _AT_ONCE
    here, left = start_us, math.exp(-integral)
    place = min(int(here / bin_us), last)
    while here < end_us:
        edge = end_us if place == last else min((place + 1) * bin_us, end_us)
        integral += hazard * (edge - here)
        after = math.exp(-integral)
        histogram[place] += left - after
        left = after
        here = edge
        place += 1
    return integral


@kernel
def bring_to(
    v: int,
    time_us: float,
    rules: Rules,
    work: Work,
    integral: NDArray[np.float64],
    histogram: NDArray[np.float64],
) -> None:
    """Bring one vesicle to the present under every rule, and note the hazards from now on."""
    for rule in range(rules.needed.size):
        integral[v, rule] = advance_fusion(
            work.since[v], time_us, work.hazard[v, rule], rules.bin_us, integral[v, rule], histogram[v, rule]
        )
        work.hazard[v, rule] = hazard_of(rule, work.active[v], rules)
    work.since[v] = time_us


@kernel
def change_site(site: int, change: int, sites: Sites, work: Work) -> bool:
    """Bind (+1) or release (-1) at a site; return whether a sensor molecule became active or ceased to be."""
    unit, sensor = sites.unit[site], sites.sensor[site]
    before = work.bound_of_unit[unit] >= sites.active_from[sensor]
    work.is_bound[site] = change > 0
    work.bound_of_unit[unit] += change
    after = work.bound_of_unit[unit] >= sites.active_from[sensor]
    if after != before:
        work.active[sites.vesicle[site], sensor] += change
    return after != before


@kernel
def write_change(log: Log, time_us: float, code: int) -> bool:
    """Write down one change of a site; False if there is no room left. A log of no size takes nothing."""
    if log.change_us.size == 0:
        return True
    place = log.used[0]
    if place >= log.change_us.size:
        return False
    log.change_us[place] = time_us
    log.change_code[place] = code
    log.used[0] = place + 1
    return True


@kernel
def release_again(
    key: np.uint64,
    trial: int,
    draw: int,
    size: int,
    time_us: float,
    code: int,
    n_channel: int,
    end_us: float,
    paths: Paths,
    sites: Sites,
    work: Work,
) -> tuple[int, int]:
    """Let an ion leave its site: add what it meets afterwards to the heap: (size or -1, next draw)."""
    n_site = sites.vesicle.size
    source = n_channel + sites.vesicle[code % n_site]
    origin = code // (2 * n_site)
    again = poisson(key, trial, draw, paths.expected[source])
    draw += 1
    for _ in range(again):
        site, when, draw = encounter(key, trial, draw, source, time_us, paths, work.full)
        u0, u1, _, _ = words(key, trial, draw, 0)
        draw += 1
        if when < end_us and unit_from_words(u0, u1) < sites.keep[site]:
            if size >= work.codes.size:
                return -1, draw
            size = push(work.times, work.codes, size, when, 2 * origin * n_site + site)
    return size, draw


@kernel
def run_events(
    key: np.uint64,
    trial: int,
    draw: int,
    size: int,
    n_channel: int,
    end_us: float,
    paths: Paths,
    sites: Sites,
    rules: Rules,
    work: Work,
    log: Log,
    integral: NDArray[np.float64],  # (vesicle, rule), overwritten
    histogram: NDArray[np.float64],  # (vesicle, rule, bin), added to
) -> int:
    """Work through bindings and releases in order of time; return a status."""
    n_site, n_vesicle = sites.vesicle.size, work.since.size
    work.active[:] = 0
    work.bound_of_unit[:] = 0
    work.since[:] = 0.0
    work.hazard[:] = 0.0
    integral[:] = 0.0
    for site in range(n_site):
        if work.is_bound[site]:
            change_site(site, 1, sites, work)
            if not write_change(log, 0.0, site):
                return TOO_MANY_EVENTS
    for v in range(n_vesicle):
        bring_to(v, 0.0, rules, work, integral, histogram)
    while size > 0 and work.times[0] < end_us:
        time_us, code = work.times[0], work.codes[0]
        size = drop_first(work.times, work.codes, size)
        site = code % n_site
        is_release = (code // n_site) % 2 == 1
        if not is_release and work.is_bound[site]:
            continue  # taken: the ion moves on
        if not write_change(log, time_us, code):
            return TOO_MANY_EVENTS
        if change_site(site, -1 if is_release else 1, sites, work):
            bring_to(sites.vesicle[site], time_us, rules, work, integral, histogram)
        if is_release:
            size, draw = release_again(key, trial, draw, size, time_us, code, n_channel, end_us, paths, sites, work)
            if size < 0:
                return TOO_MANY_EVENTS
        else:
            if size >= work.codes.size:
                return TOO_MANY_EVENTS
            u0, u1, _, _ = words(key, trial, draw, 0)
            draw += 1
            leaves = time_us + exponential(unit_from_words(u0, u1)) / sites.off_per_us[site]
            size = push(work.times, work.codes, size, leaves, code + n_site)
    for v in range(n_vesicle):
        bring_to(v, end_us, rules, work, integral, histogram)
    return DONE


@kernel
def run_given(
    key: np.uint64,
    trial: int,
    n_channel: int,
    end_us: float,
    entry_us: NDArray[np.float64],  # (ion,): when each ion enters
    origin: NDArray[np.int64],  # (ion,): 1 + channel + channels * impulse
    paths: Paths,
    sites: Sites,
    rules: Rules,
    work: Work,
    log: Log,
    sample_us: NDArray[np.float64],  # (time,)
    integral: NDArray[np.float64],  # (vesicle, rule), overwritten like the next
    free: NDArray[np.float32],  # (time,): free ions that entered, expected given their entry
    histogram: NDArray[np.float64],  # (vesicle, rule, bin), added to
) -> int:
    """Run one trial whose ions have entered already; return a status."""
    work.entered[:] = 0.0
    for ion in range(entry_us.size):
        step = min(int(entry_us[ion] / paths.step_us), work.entered.shape[1] - 1)
        for mode in range(work.entered.shape[0]):
            work.entered[mode, step] += paths.mode_share[(origin[ion] - 1) % n_channel, mode]
    fill_pool(paths, work.entered, work.pool, work.full)
    n_site, size, draw = sites.vesicle.size, 0, 0
    for ion in range(entry_us.size):
        channel = (origin[ion] - 1) % n_channel
        u0, u1, _, _ = words(key, trial, draw, 0)
        draw += 1
        u = unit_from_words(u0, u1)
        share = paths.expected[channel]
        met = (1 if u < share else 0) if share <= MOST_ONCE else poisson_from_unit(u, share)
        for _ in range(met):
            site, time_us, draw = encounter(key, trial, draw, channel, entry_us[ion], paths, work.full)
            u0, u1, _, _ = words(key, trial, draw, 0)
            draw += 1
            if time_us < end_us and unit_from_words(u0, u1) < sites.keep[site]:
                if size >= work.codes.size:
                    return TOO_MANY_EVENTS
                size = push(work.times, work.codes, size, time_us, 2 * origin[ion] * n_site + site)
    size, draw = add_background(key, trial, draw, size, end_us, sites, work)
    if size < 0:
        return TOO_MANY_EVENTS
    status = run_events(key, trial, draw, size, n_channel, end_us, paths, sites, rules, work, log, integral, histogram)
    # ions on sensors are not free: they leave the water where they bind and come back where they are let go
    for change in range(log.used[0]):
        code = log.change_code[change]
        if code >= 2 * n_site:
            step = min(int(log.change_us[change] / paths.step_us), work.entered.shape[1] - 1)
            sign = 1.0 if (code // n_site) % 2 == 1 else -1.0
            for mode in range(work.entered.shape[0]):
                work.entered[mode, step] += sign * paths.mode_share[(code // (2 * n_site) - 1) % n_channel, mode]
    fill_pool(paths, work.entered, work.pool, work.full)
    for place in range(sample_us.size):
        free[place] = at_time(work.pool, paths.step_us, sample_us[place])
    return status


@kernel
def run_trials(
    key: np.uint64,
    first: int,
    which: int,
    gates: Gates,
    paths: Paths,
    sites: Sites,
    rules: Rules,
    work: Work,
    log: Log,
    fullest: NDArray[np.float64],  # (trial,): largest share of the buffer that was taken
    ions: NDArray[np.int64],  # (trial, channel, impulse)
    integral: NDArray[np.float64],  # (trial, vesicle, rule): hazard of fusion
    histogram: NDArray[np.float64],  # (vesicle, rule, bin), added to; all others are overwritten
) -> int:
    """Run trials first, first + 1, ... with gating of their own; return a status."""
    end_us = gates.impulse_us[gates.impulse_us.size - 1]
    n_channel = gates.kind_of_channel.size
    for number in range(fullest.size):
        trial = first + number
        n_piece, draw = open_channels(key, trial, 0, which, gates, work)
        if n_piece < 0:
            return TOO_MANY_OPENINGS
        draw = enter(key, trial, draw, n_piece, gates, paths, work, ions[number])
        fill_pool(paths, work.entered, work.pool, work.full)
        fullest[number] = 0.0
        for step in range(work.full.size):
            fullest[number] = max(fullest[number], work.full[step])
        size, draw = plan_encounters(key, trial, draw, n_piece, gates, paths, sites, work)
        if size >= 0:
            size, draw = add_background(key, trial, draw, size, end_us, sites, work)
        if size < 0:
            return TOO_MANY_EVENTS
        status = run_events(
            key, trial, draw, size, n_channel, end_us, paths, sites, rules, work, log,
            integral[number], histogram,
        )  # fmt: skip
        if status != DONE:
            return status
    return DONE
