"""How often, where and after how much free time an ion from a channel, or from a vesicle, meets a sensor site."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import Case
from endplate.body.activezone.fast.chemistry import per_molar_s_to_nm3_per_us
from endplate.body.activezone.fast.diffusion import between_walls
from endplate.body.activezone.fast.shadow import plane_field, shadow_of
from endplate.foundation.parameters import values_of

Array = NDArray[np.float64]

_FIRST_US = 0.004  # an ion crosses 2 nm in this time: no site is closer
_PER_DECADE = 14
_NEIGHBOUR = 3.2  # vesicles closer than this many radii are resolved finely: 2 % of the sum where more stand around
_REACH = 8.0  # vesicles beyond this many radii change no site by more than 1 %
_LOWEST_FACTOR = -0.9  # of the density that a vesicle takes away at once
_CAP_BLUR = 0.15  # variance of the sites of a cap along the membrane, over the square of the vesicle's radius


@dataclass(frozen=True, slots=True)
class Encounters:
    """Expected encounters per ion, and when: sources are channels, then vesicles (for ions that leave a site).

    Attributes
    ----------
    expected
        (source,) encounters of one ion with all sites within the longest free time. [1]
    near
        (source,) those of a place without walls or buffer, over all time. [1]
    site_cumulated
        (source, site) share of encounters up to each site. [1]
    time_cumulated
        (source, site, tau) share of a site's encounters up to a free time. [1]
    tau_us
        (tau,) free times. [us]
    """

    expected: Array
    near: Array
    site_cumulated: Array
    time_cumulated: Array
    tau_us: Array


def all_sites(case: Case) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of all sites (site, 3), and the vesicle and the sensor of each; vesicle by vesicle."""
    places, vesicle, sensor = [], [], []
    for v in range(case.n_vesicles):
        for s, sites in enumerate(case.site_positions_nm):
            places.append(sites[v])
            vesicle.append(np.full(len(sites[v]), v))
            sensor.append(np.full(len(sites[v]), s))
    if not places:
        return np.empty((0, 3)), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    return np.concatenate(places), np.concatenate(vesicle), np.concatenate(sensor)


def _near_field(case: Case, sites: Array, vesicle: NDArray[np.int64]) -> Array:
    """Return (source, site), 4 pi D times the density summed over all time, with the vesicles around each site."""
    centre, radius = case.vesicle_centres_nm, case.vesicle_radius_nm
    channels = np.column_stack([case.channel_positions_nm, np.zeros(case.n_channels)])
    field = np.empty((case.n_channels, len(sites)))
    for v in range(case.n_vesicles):
        apart = np.linalg.norm(centre - centre[v], axis=1).round(6)
        order = np.lexsort((*(centre - centre[v]).round(6).T, apart))  # its own first, the same order everywhere
        around = order[apart[order] < _REACH * radius]
        mine = vesicle == v
        shadow = shadow_of(
            centres_nm=centre[around],
            radius_nm=radius,
            sites_nm=sites[mine],
            n_near=int((apart < _NEIGHBOUR * radius).sum()),
        )
        field[:, mine] = shadow.field(channels).T
    return field


def _field_of_a_cap(case: Case, sites: Array, vesicle: NDArray[np.int64], v: int) -> Array:
    """Return (site,), 4 pi D times the density summed over all time, of an ion that left a site of vesicle v.

    On its own vesicle the exact field of a source on a reflecting sphere, averaged over the sites it may come
    from, and the image below the membrane; at other vesicles the field of a source at the cap.
    """
    mine = vesicle == v
    radius = case.vesicle_radius_nm
    # a site meets its own ion again through its reaction volume: the mean of 1/r in a ball of radius a is 1.5/a
    closest = values_of("body/activezone")["reaction_radius_nm"] / 1.5
    apart = np.maximum(np.linalg.norm(sites[mine][:, None] - sites[mine][None], axis=-1), closest)
    on_sphere = 2.0 / apart - np.log1p(2.0 * radius / apart) / radius
    image = np.linalg.norm(sites[mine][:, None] - (sites[mine] * np.array([1.0, 1.0, -1.0]))[None], axis=-1)
    out = plane_field(sites, sites[mine].mean(axis=0)[None])[:, 0]
    out[mine] = (on_sphere + 1.0 / image).mean(axis=1)
    return out


def _box_density(case: Case, source: Array, sites: Array, tau_us: Array, blur_nm2: float) -> Array:
    """Return (site, tau), density of an ion from one source in the box without vesicles. [1/nm3]"""
    spread = 2.0 * case.diffusion_um2_per_s * tau_us + blur_nm2
    density = np.ones((len(sites), tau_us.size))
    for axis, name in enumerate("xyz"):
        density *= between_walls(
            place_nm=sites[:, axis],
            source_nm=source[axis],
            walls_nm=case.box_nm[axis],
            absorbing=(f"{name}-" in case.absorbing_faces, f"{name}+" in case.absorbing_faces),
            spread_nm2=spread,
        )
    return density


def _shadow_factor(case: Case, source: Array, sites: Array, wanted: Array, blur_nm2: float, lag_us: float) -> Array:
    """Return (site,) the factor a of 1 + a / (1 + tau / lag) that gives the wanted density summed over all time."""
    diffusion = case.diffusion_um2_per_s
    tau = np.geomspace(1e-3, 1e6, 160)[:, None]
    log_step = math.log(1e9) / 159
    spread = 2.0 * diffusion * tau + blur_nm2
    total, early = np.zeros(len(sites)), np.zeros(len(sites))
    for image in (1.0, -1.0):
        apart2 = ((sites - source * np.array([1.0, 1.0, image])) ** 2).sum(axis=1)
        density = np.exp(-apart2[None] / (2.0 * spread)) / (2.0 * math.pi * spread) ** 1.5
        weighted = density * tau * log_step
        total += weighted.sum(axis=0)
        early += (weighted / (1.0 + tau / lag_us)).sum(axis=0)
    return np.maximum((wanted / (4.0 * math.pi * diffusion) - total) / early, _LOWEST_FACTOR)


def longest_free_time_us(*, duration_us: float, capture_per_us: float, release_per_us: float) -> float:
    r"""Return the free time that at most one ion in a thousand outlives within the run. [us]

    Notes
    -----
    Free time tau comes with Poisson(capture tau) stays in the buffer. The Chernoff bound of the chance that they
    last less than T together is :math:`\exp(-(\sqrt{k_c \tau} - \sqrt{k_r T})^2)`.

    Examples
    --------
    >>> longest_free_time_us(duration_us=3000.0, capture_per_us=0.0, release_per_us=1.0)
    3000.0
    >>> round(longest_free_time_us(duration_us=3000.0, capture_per_us=0.2, release_per_us=0.01))
    328
    """
    root = math.sqrt(release_per_us * duration_us) + math.sqrt(math.log(1e3))
    return min(duration_us, root * root / capture_per_us) if capture_per_us > 0.0 else duration_us


@functools.lru_cache(maxsize=8)
def _grid(longest_us: float) -> Array:
    count = math.ceil(_PER_DECADE * math.log10(longest_us / _FIRST_US)) + 1
    return np.geomspace(_FIRST_US, longest_us, count)


def encounters_of(case: Case, *, longest_us: float) -> Encounters:
    """Return the encounters of an ion from every channel and from every vesicle of a case.

    Parameters
    ----------
    case
        Geometry, diffusion, clearance and sensors are read; buffer and openings are not.
    longest_us
        Longest free time of an ion. [us]
    """
    sites, vesicle, sensor = all_sites(case)
    tau = _grid(longest_us)
    on_rate = np.array([per_molar_s_to_nm3_per_us(kind.k_on_per_molar_s) for kind in case.sensors])[sensor]
    n_source = case.n_channels + case.n_vesicles
    wanted = np.empty((n_source, len(sites)))
    wanted[: case.n_channels] = _near_field(case, sites, vesicle)
    lag_us = case.vesicle_radius_nm**2 / case.diffusion_um2_per_s
    survives = np.exp(-case.clearance_per_ms * 1e-3 * tau)
    summed = np.empty((n_source, len(sites), tau.size))
    for source in range(n_source):
        if source < case.n_channels:
            place, blur = np.array([*case.channel_positions_nm[source], 0.0]), 0.0
        else:
            v = source - case.n_channels
            wanted[source] = _field_of_a_cap(case, sites, vesicle, v)
            place = sites[vesicle == v].mean(axis=0)
            blur = _CAP_BLUR * case.vesicle_radius_nm**2
        factor = _shadow_factor(case, place, sites, wanted[source], blur, lag_us)
        rate = _box_density(case, place, sites, tau, blur) * survives
        rate *= on_rate[:, None] * (1.0 + factor[:, None] / (1.0 + tau / lag_us))
        # trapezoid in tau: steps are short beside the time in which the density changes
        summed[source, :, 0] = 0.0
        summed[source, :, 1:] = np.cumsum(0.5 * (rate[:, 1:] + rate[:, :-1]) * np.diff(tau), axis=1)
    return _packed(summed, wanted * on_rate / (4.0 * math.pi * case.diffusion_um2_per_s), tau)


def _packed(summed: Array, near: Array, tau_us: Array) -> Encounters:
    per_site = summed[:, :, -1]
    expected = per_site.sum(axis=1)
    site_cumulated = np.cumsum(per_site, axis=1) / np.maximum(expected, 1e-300)[:, None]
    if site_cumulated.shape[1]:
        site_cumulated[:, -1] = 1.0
    time_cumulated = summed / np.maximum(per_site, 1e-300)[:, :, None]
    return Encounters(
        expected=expected,
        near=near.sum(axis=1),
        site_cumulated=np.ascontiguousarray(site_cumulated),
        time_cumulated=np.ascontiguousarray(time_cumulated),
        tau_us=tau_us,
    )
