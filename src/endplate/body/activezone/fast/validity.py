"""Where ions may be taken as independent: how full the buffer and the sensors get, estimated before a run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import Case
from endplate.body.activezone.fast import _kernels
from endplate.body.activezone.fast.chemistry import (
    capture_per_us,
    full_at_rest,
    loss_modes,
    per_molar_s_to_nm3_per_us,
)
from endplate.body.activezone.fast.encounters import Encounters, all_sites
from endplate.body.activezone.gating import Schedule
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of

Floats = NDArray[np.float64]

LARGEST_FULL = 0.4
LARGEST_LOCAL_ERROR = 0.09  # the chance of many bound sites is off by several times this
LARGEST_NEAR = 0.3
_LONGEST_PATH_NM = 40.0
_WAY_OUT = 'Use engine="particles", which has no such limit.'


@dataclass(frozen=True, slots=True)
class Validity:
    """What the fast engine takes as small, for one case.

    Attributes
    ----------
    buffer_full
        Largest share of the whole buffer that the mean run fills; its effect is computed, but for the whole
        box at once. Allowed: 0.4. [1]
    local_error
        Relative error of the concentration at the sites because the buffer between them and the channels is
        less empty than elsewhere. Allowed: 0.09; the chance of many bound sites errs by several times this. [1]
    near
        Encounters of one ion from the nearest channel with sensors; a second binding of the same ion is
        computed to first order only. Allowed: 0.3. [1]
    closest_nm
        Smallest distance of a channel from a site; allowed from the radius of the reaction volume on. [nm]
    """

    buffer_full: float
    local_error: float
    near: float
    closest_nm: float


def shares_of_open(schedule: Schedule, kind: int) -> Floats:
    """Return (row,), the exact chance that a channel of one kind is open at the end of each row."""
    n_row = schedule.impulse.size
    if not schedule.is_stochastic[kind]:
        middle = (np.arange(n_row) + 0.5) * schedule.row_ms
        window = schedule.window_ms[kind]
        return np.asarray((middle >= window[0]) & (middle < window[1]), dtype=np.float64)
    return np.asarray(_walked(schedule, kind, schedule.is_open.shape[1]) @ schedule.is_open[kind])


def never_opens(schedule: Schedule, kind: int) -> float:
    """Return the exact chance that a channel stays shut: the master equation without its open states."""
    if not schedule.is_stochastic[kind]:
        return 0.0
    n_shut = int(np.argmax(schedule.is_open[kind]))  # the scheme is linear: shut states come first
    return float(_walked(schedule, kind, n_shut)[-1].sum())


def _walked(schedule: Schedule, kind: int, n_state: int) -> Floats:
    """Return (row, state), chances of the first `n_state` states at the end of each row; what leaves them is lost."""
    forward = schedule.forward_per_ms[kind] * schedule.row_ms
    back = schedule.back_per_ms[kind] * schedule.row_ms
    rate = np.zeros((len(forward), n_state, n_state))
    for state in range(n_state):
        if state < forward.shape[1]:
            rate[:, state, state] -= forward[:, state]
        if state > 0:
            rate[:, state, state] -= back[:, state - 1]
            rate[:, state - 1, state] = back[:, state - 1]
            rate[:, state, state - 1] = forward[:, state - 1]
    # ten terms of the exponential, then squared three times: rates of 5 a row leave an error of 1e-9
    step = np.eye(n_state) + np.zeros_like(rate)
    for term in range(10, 0, -1):
        step = np.eye(n_state) + rate / (8.0 * term) @ step
    for _ in range(3):
        step = step @ step
    chance = np.zeros((len(rate) + 1, n_state))
    chance[0, 0] = 1.0
    for row, matrix in enumerate(step):
        chance[row + 1] = matrix @ chance[row]
    return chance[1:]


def _buffer_full(case: Case, schedule: Schedule, open_share: Floats) -> float:
    """Return the largest share of the buffer that the mean ions of all channels fill."""
    if case.n_buffer_sites == 0:
        return 0.0
    loss, share = loss_modes(case)
    entered = share.T @ (open_share * schedule.flux_per_ms)[schedule.kind] * schedule.row_ms
    empty = np.zeros(0)
    paths = _kernels.Paths(
        expected=empty,
        site_cumulated=np.zeros((0, 0)),
        time_cumulated=np.zeros((0, 0, 0)),
        tau_us=empty,
        capture_per_us=capture_per_us(case),
        release_per_us=case.buffer_k_off_per_s * 1e-6,
        buffer_sites=float(case.n_buffer_sites),
        full_at_rest=full_at_rest(case),
        loss_per_us=loss,
        mode_share=share,
        step_us=schedule.row_ms * 1e3,
    )
    full = np.zeros(entered.shape[1] + 1)
    _kernels.fill_pool(paths, np.ascontiguousarray(entered), np.zeros_like(full), full)
    return float(full.max())


def _local_error(case: Case, schedule: Schedule, open_share: Floats, apart_nm: Floats) -> float:
    """Return how much the buffer near the channels, filled by them, raises the concentration at the sites.

    Capture over a distance r takes about r / 2 length of the ions, where length^2 = D / capture; a share
    theta of the buffer that is taken gives that share back. Theta is that of the highest mean concentration
    at a site, or of one open channel at its nearest site, whichever is higher. Of a longer way only the part
    near the channel counts, where the buffer fills: it settles within the opening, and then takes nothing.
    """
    capture = capture_per_us(case)
    if capture == 0.0 or apart_nm.size == 0:
        return 0.0
    ions_per_us = (open_share * schedule.flux_per_ms).max(axis=1)[schedule.kind] * 1e-3
    alone_per_us = (schedule.flux_per_ms * (open_share > 0.05 * open_share.max(axis=1)[:, None])).max(axis=1) * 1e-3
    spread = 2.0 * math.pi * case.diffusion_um2_per_s * apart_nm
    together, alone = (ions_per_us / spread).sum(axis=1).max(), (alone_per_us[schedule.kind] / spread).max()
    rate = per_molar_s_to_nm3_per_us(case.buffer_k_on_per_molar_s) * max(float(together), float(alone))
    taken = rate / (rate + case.buffer_k_off_per_s * 1e-6)
    path_nm = min(float(apart_nm.min()), _LONGEST_PATH_NM)
    return 0.5 * path_nm / math.sqrt(case.diffusion_um2_per_s / capture) * taken


def validity_of(case: Case, schedule: Schedule, encounters: Encounters) -> Validity:
    """Return the sizes of what the fast engine takes as small; see `Validity`."""
    sites, _, _ = all_sites(case)
    channels = np.column_stack([case.channel_positions_nm, np.zeros(case.n_channels)])
    apart = np.linalg.norm(sites[:, None] - channels[None], axis=-1)
    closest = float(apart.min()) if apart.size else math.inf
    n_kind = len(schedule.is_stochastic)
    open_share = np.array([shares_of_open(schedule, kind) for kind in range(n_kind)]).reshape(
        n_kind, schedule.impulse.size
    )
    near = encounters.near[: case.n_channels]
    return Validity(
        buffer_full=_buffer_full(case, schedule, open_share),
        local_error=_local_error(case, schedule, open_share, apart),
        near=float(near.max()) if near.size else 0.0,
        closest_nm=closest,
    )


def require_valid(case: Case, validity: Validity) -> None:
    """Refuse a case outside the range of the fast engine.

    Raises
    ------
    InputError
        With the quantity that is too large, its limit and the way out.
    """
    if validity.buffer_full > LARGEST_FULL:
        raise InputError(
            f"the calcium of a mean run fills {validity.buffer_full:.0%} of the buffer of {case.name}; the fast engine "
            f"takes up to {LARGEST_FULL:.0%}. Shorten the train, add clearance or buffer. {_WAY_OUT}"
        )
    if validity.local_error > LARGEST_LOCAL_ERROR:
        raise InputError(
            f"the buffer between channels and sensors of {case.name} fills so far that the fast engine would miss "
            f"about {validity.local_error:.1%} of the calcium at the sensors; it allows {LARGEST_LOCAL_ERROR:.1%}. "
            f"Lower the calcium outside or the binding rate of the buffer. {_WAY_OUT}"
        )
    if validity.near > LARGEST_NEAR:
        raise InputError(
            f"an ion meets {validity.near:.2f} sensor sites of {case.name} on average; the fast engine allows "
            f"{LARGEST_NEAR:g}, so that hardly an ion binds twice. Lower k_on or the number of sites. {_WAY_OUT}"
        )
    radius = values_of("body/activezone")["reaction_radius_nm"]
    if validity.closest_nm < radius:
        raise InputError(
            f"a channel of {case.name} stands {validity.closest_nm:.1f} nm from a sensor site, inside its reaction "
            f"volume of {radius:g} nm, where a site is no point. Move it away. {_WAY_OUT}"
        )
