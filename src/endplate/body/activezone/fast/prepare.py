"""Everything that trials of one case share, as the arrays of the kernels."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import MOLAR_PER_NM3, Case
from endplate.body.activezone.fast import _kernels
from endplate.body.activezone.fast.chemistry import (
    capture_per_us,
    full_at_rest,
    loss_modes,
    per_molar_s_to_nm3_per_us,
)
from endplate.body.activezone.fast.encounters import (
    Encounters,
    all_sites,
    encounters_of,
    longest_free_time_us,
)
from endplate.body.activezone.fast.validity import Validity, require_valid, validity_of
from endplate.body.activezone.fusion import sensor_of_site
from endplate.body.activezone.gating import Schedule, build_schedule
from endplate.foundation.parameters import values_of

Floats = NDArray[np.float64]

POOL_STEP_US = 20.0
_SPANS = 64  # openings of one channel and impulse: about 2 in health


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Arrays of one case for the kernels; see `_kernels` for what each holds."""

    case: Case
    schedule: Schedule
    encounters: Encounters
    gates: _kernels.Gates
    paths: _kernels.Paths
    sites: _kernels.Sites
    n_unit: int
    validity: Validity

    @property
    def end_us(self) -> float:
        """Length of the run. [us]"""
        return self.case.duration_ms * 1e3

    def work(self, *, n_rule: int, room: int = 1024) -> _kernels.Work:
        """Return room for one trial at a time: one for each thread."""
        n_site, n_vesicle = self.sites.vesicle.size, self.case.n_vesicles
        n_step = math.ceil(self.end_us / POOL_STEP_US - 1e-9)
        n_span = _SPANS * self.case.n_impulses
        n_piece = n_span * max(self.case.n_channels, 1)
        return _kernels.Work(
            spans=np.zeros((n_span, 2)),
            piece_us=np.zeros((n_piece, 2)),
            piece_channel=np.zeros(n_piece, dtype=np.int64),
            piece_impulse=np.zeros(n_piece, dtype=np.int64),
            met=np.zeros(n_piece, dtype=np.int64),
            entered=np.zeros((self.paths.loss_per_us.size, n_step)),
            pool=np.zeros(n_step + 1),
            full=np.zeros(n_step + 1),
            times=np.zeros(room),
            codes=np.zeros(room, dtype=np.int64),
            is_bound=np.zeros(n_site, dtype=np.bool_),
            bound_of_unit=np.zeros(max(self.n_unit, 1), dtype=np.int64),
            active=np.zeros((n_vesicle, len(self.case.sensors)), dtype=np.int64),
            hazard=np.zeros((n_vesicle, n_rule)),
            since=np.zeros(n_vesicle),
        )


def _gates(case: Case, schedule: Schedule) -> _kernels.Gates:
    n_kind, n_row, n_link = schedule.forward_per_ms.shape
    row_us = schedule.row_ms * 1e3
    up, down = np.zeros((n_kind, n_row, n_link + 1)), np.zeros((n_kind, n_row, n_link + 1))
    up[:, :, :-1] = schedule.forward_per_ms
    down[:, :, 1:] = schedule.back_per_ms
    leaving = up + down
    cumulated = np.zeros((n_kind, n_link + 1, n_row + 1))
    cumulated[:, :, 1:] = np.cumsum(leaving, axis=1).transpose(0, 2, 1) * schedule.row_ms
    ions = np.zeros((n_kind, n_row + 1))
    ions[:, 1:] = np.cumsum(schedule.flux_per_ms, axis=1) * schedule.row_ms
    impulse_us = np.array([0.0, *case.train[1:], case.duration_ms]) * 1e3
    return _kernels.Gates(
        row_us=row_us,
        is_scheme=schedule.is_stochastic.astype(np.bool_),
        exit_cumulated=cumulated,
        forward_share=np.ascontiguousarray((up / np.maximum(leaving, 1e-300)).transpose(0, 2, 1)),
        is_open=schedule.is_open.astype(np.bool_),
        ions_cumulated=ions,
        fixed_us=np.minimum(schedule.window_ms, case.duration_ms) * 1e3,
        kind_of_channel=schedule.kind,
        impulse_us=impulse_us,
    )


def _paths(case: Case, encounters: Encounters) -> _kernels.Paths:
    loss, share = loss_modes(case)
    return _kernels.Paths(
        expected=encounters.expected,
        site_cumulated=encounters.site_cumulated,
        time_cumulated=encounters.time_cumulated,
        tau_us=encounters.tau_us,
        capture_per_us=capture_per_us(case),
        release_per_us=case.buffer_k_off_per_s * 1e-6,
        buffer_sites=float(case.n_buffer_sites),
        full_at_rest=full_at_rest(case),
        loss_per_us=loss,
        mode_share=share,
        step_us=POOL_STEP_US,
    )


def units_of_sites(case: Case) -> tuple[NDArray[np.int64], int]:
    """Return the sensor molecule of each site, numbered through, and their number."""
    units: list[NDArray[np.int64]] = []
    used = 0
    members = sensor_of_site(case)
    for v in range(case.n_vesicles):
        for member in members:
            units.append(used + member[v])
            used += int(member[v].max()) + 1
    return (np.concatenate(units) if units else np.empty(0, dtype=np.int64)), used


def _sites(case: Case, encounters: Encounters) -> tuple[_kernels.Sites, int]:
    _, vesicle, sensor = all_sites(case)
    unit, n_unit = units_of_sites(case)
    threshold = round(values_of("body/activezone")["active_sites"])
    on = np.array([per_molar_s_to_nm3_per_us(kind.k_on_per_molar_s) for kind in case.sensors])
    off = np.array([kind.k_off_per_s * 1e-6 for kind in case.sensors])
    rest = case.resting_calcium_umolar * 1e-6 / MOLAR_PER_NM3 * on
    sites = _kernels.Sites(
        vesicle=vesicle,
        sensor=sensor,
        unit=unit,
        active_from=np.array([min(threshold, kind.sites_per_sensor) for kind in case.sensors], dtype=np.int64),
        off_per_us=off[sensor],
        # an ion that could bind may have met another site of this vesicle before: then it is counted there
        keep=1.0 / (1.0 + encounters.near[case.n_channels :][vesicle]),
        rest_per_us=rest[sensor],
        start_bound=(rest / (rest + off))[sensor],
    )
    return sites, n_unit


def prepare(case: Case) -> Prepared:
    """Return what every trial of a case reads; refuse a case that the fast engine cannot do.

    Raises
    ------
    InputError
        If the case leaves the range in which ions may be taken as independent.
    """
    schedule = build_schedule(case)
    gates = _gates(case, schedule)
    encounters = _encounters(case)
    validity = validity_of(case, schedule, encounters)
    require_valid(case, validity)
    sites, n_unit = _sites(case, encounters)
    return Prepared(
        case=case,
        schedule=schedule,
        encounters=encounters,
        gates=gates,
        paths=_paths(case, encounters),
        sites=sites,
        n_unit=n_unit,
        validity=validity,
    )


def _encounters(case: Case) -> Encounters:
    """Return the encounters of a geometry, kept in memory: variants of the impulse, calcium or kinds share them."""
    longest = longest_free_time_us(
        duration_us=case.duration_ms * 1e3,
        capture_per_us=0.5 * capture_per_us(case),  # a buffer half full: beyond it the engine refuses
        release_per_us=case.buffer_k_off_per_s * 1e-6,
    )
    return _encounters_within(_Geometry(case), longest)


class _Geometry:
    """A case, equal to every other one of the same geometry, sensors and loss."""

    def __init__(self, case: Case) -> None:
        self.case = case
        places = (case.vesicle_centres_nm, case.channel_positions_nm, *case.site_positions_nm)
        self.identity = (
            case.box_nm, case.absorbing_faces, case.vesicle_radius_nm, case.sensors, case.diffusion_um2_per_s,
            case.clearance_per_ms, *((array.shape, array.tobytes()) for array in places),
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash(self.identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Geometry) and other.identity == self.identity


@functools.lru_cache(maxsize=16)
def _encounters_within(geometry: _Geometry, longest_us: float) -> Encounters:
    return encounters_of(geometry.case, longest_us=longest_us)
