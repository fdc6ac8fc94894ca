"""What makes a case impossible, each in one sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import InputError, require_between, unknown_name

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case

_LARGEST_CHANCE = 0.1  # of binding or of a change of gate within one step: beyond it two events share a step
_LEAST_GAP_NM = 0.5  # an ion is as large; with less room a step of it only bounces, without end
_LARGEST_STEP_OF_RADIUS = 0.25  # step deviation over vesicle radius: beyond it a vesicle is no obstacle


def require_sound(case: Case) -> None:
    """Check a case and store its arrays read-only; see `Case`."""
    _require_box(case)
    _require_arrays(case)
    _require_numbers(case)
    _require_channels(case)
    _require_vesicles(case)
    _require_train(case)
    _require_step(case)


def _freeze(case: Case, name: str, dtype: type, shape: tuple[int, ...]) -> None:
    array: NDArray[np.float64 | np.int64] = np.array(getattr(case, name), dtype=dtype).reshape(shape)
    if not np.isfinite(array).all():
        raise InputError(f"{name} of {case.name} holds a number that is not finite.")
    array.flags.writeable = False
    object.__setattr__(case, name, array)


def _require_arrays(case: Case) -> None:
    _freeze(case, "vesicle_centres_nm", np.float64, (-1, 3))
    _freeze(case, "channel_positions_nm", np.float64, (-1, 2))
    _freeze(case, "zone_of_channel", np.int64, (-1,))
    _freeze(case, "zone_of_vesicle", np.int64, (-1,))
    for part, count, others in (
        ("channel", len(case.channel_positions_nm), (len(case.channel_kinds), len(case.zone_of_channel))),
        ("vesicle", len(case.vesicle_centres_nm), (len(case.zone_of_vesicle),)),
    ):
        if any(other != count for other in others):
            raise InputError(f"{case.name} has {count} {part} positions, but {others} entries that belong to them.")
    for kind in case.channel_kinds:
        if kind not in case.kinds:
            raise unknown_name("kind of channel", kind, case.kinds)
    if len(case.site_positions_nm) != len(case.sensors):
        raise InputError(
            f"{case.name} has {len(case.sensors)} kinds of sensors, sites for {len(case.site_positions_nm)}."
        )
    frozen: list[NDArray[np.float64]] = []
    for sensor, sites in zip(case.sensors, case.site_positions_nm, strict=True):
        shape = (len(case.vesicle_centres_nm), sensor.sites_per_vesicle, 3)
        places = np.array(sites, dtype=np.float64)
        if places.shape != shape:
            raise InputError(f"sites of {sensor.name} must have shape {shape}, got {places.shape}.")
        places.flags.writeable = False
        frozen.append(places)
    object.__setattr__(case, "site_positions_nm", tuple(frozen))


def _require_box(case: Case) -> None:
    for axis, (low, high) in zip("xyz", case.box_nm, strict=True):
        if not (math.isfinite(low) and math.isfinite(high) and high > low):
            raise InputError(
                f"the box of {case.name} runs from {low:g} to {high:g} nm in {axis}; the end must be larger."
            )
    if case.box_nm[2][0] != 0.0:
        raise InputError(f"the box of {case.name} starts at z = {case.box_nm[2][0]:g} nm; the membrane is z = 0.")
    for face in case.absorbing_faces:
        if face not in ("x-", "x+", "y-", "y+", "z+"):
            raise unknown_name("face", face, ("x-", "x+", "y-", "y+", "z+"))


def _require_numbers(case: Case) -> None:
    for name, low, high, hint in (
        ("buffer_umolar", 0.0, 1e5, "A concentration cannot be negative; 2 mM is 2000."),
        ("buffer_k_on_per_molar_s", 0.0, 1e11, ""),
        ("buffer_k_off_per_s", 0.0, 1e9, ""),
        ("diffusion_um2_per_s", 1e-3, 1e4, "Calcium in water: 600."),
        ("external_calcium_mmolar", 0.0, 100.0, "A concentration cannot be negative; blood has about 1.2."),
        ("magnesium_mmolar", 0.0, 100.0, "A concentration cannot be negative; blood has about 0.55."),
        ("resting_calcium_umolar", 0.0, 100.0, "A concentration cannot be negative; rest is about 0.1."),
        ("clearance_per_ms", 0.0, 1e3, ""),
        ("vesicle_radius_nm", 1.0, 1e3, ""),
        ("duration_ms", 1e-3, 1e4, ""),
        ("step_ns", 1e-3, 1e4, "The reference steps 10 ns."),
    ):
        object.__setattr__(case, name, require_between(name, getattr(case, name), low, high, hint))


def _require_vesicles(case: Case) -> None:
    centres, radius = case.vesicle_centres_nm, case.vesicle_radius_nm
    for i, centre in enumerate(centres):
        for axis, (low, high) in zip(range(3), case.box_nm, strict=True):
            if not low + radius <= centre[axis] <= high - radius:
                raise InputError(
                    f"vesicle {i} of {case.name} at {_place(centre)} leaves the box in {'xyz'[axis]} "
                    f"({low:g} to {high:g} nm) by its radius of {radius:g} nm. Move it inwards."
                )
        apart = np.linalg.norm(centres[:i] - centre, axis=1)
        if (apart < 2.0 * radius).any():
            j = int(np.argmin(apart))
            raise InputError(
                f"vesicles {j} and {i} of {case.name} overlap: their centres are {apart[j]:.4g} nm apart, "
                f"two radii are {2 * radius:g} nm. Move one of them."
            )


def _require_channels(case: Case) -> None:
    for i, (x, y) in enumerate(case.channel_positions_nm):
        (x0, x1), (y0, y1), _ = case.box_nm
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            raise InputError(
                f"channel {i} of {case.name} at ({x:g}, {y:g}) nm is outside the box "
                f"({x0:g} to {x1:g}, {y0:g} to {y1:g} nm). Are the positions in micrometres?"
            )
        gap = np.linalg.norm(case.vesicle_centres_nm - np.array([x, y, 0.0]), axis=1) - case.vesicle_radius_nm
        if gap.size and gap.min() < 0.0:
            raise InputError(
                f"channel {i} of {case.name} at ({x:g}, {y:g}) nm lies inside vesicle {int(np.argmin(gap))}, "
                f"{-gap.min():.3g} nm below its surface. Move the channel or lift the vesicle."
            )
        if gap.size and gap.min() < _LEAST_GAP_NM:
            raise InputError(
                f"channel {i} of {case.name} at ({x:g}, {y:g}) nm stands {gap.min():.2g} nm from vesicle "
                f"{int(np.argmin(gap))}, at least {_LEAST_GAP_NM:g} nm are needed for an ion to leave it. "
                "Move the channel or lift the vesicle."
            )


def _require_train(case: Case) -> None:
    if not case.train:
        raise InputError(f"{case.name} has no impulse. Give at least one onset, such as 0.")
    onsets = np.asarray(case.train, dtype=np.float64)
    if not (np.isfinite(onsets).all() and (np.diff(onsets) > 0.0).all() and onsets[0] >= 0.0):
        raise InputError(f"onsets of impulses must rise from 0 ms on, got {', '.join(f'{t:g}' for t in onsets[:8])}.")
    if onsets[-1] >= case.duration_ms:
        raise InputError(f"the impulse at {onsets[-1]:g} ms comes after the end of the run at {case.duration_ms:g} ms.")
    object.__setattr__(case, "train", tuple(float(onset) for onset in onsets))


def largest_step_ns(case: Case) -> tuple[float, str]:
    """Return the largest step that the rates and the geometry allow, and what sets it. [ns]

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> step, why = largest_step_ns(read_case("az4"))
    >>> round(step, 1), why
    (32.6, 'diffusion past the vesicles')
    """
    limits = [(math.inf, "nothing")]
    if len(case.vesicle_centres_nm):
        deviation = _LARGEST_STEP_OF_RADIUS * case.vesicle_radius_nm
        # um2/s is nm2/us: with a deviation in nm the step is in us
        limits.append((1e3 * deviation**2 / (2.0 * case.diffusion_um2_per_s), "diffusion past the vesicles"))
    binding = case.buffer_umolar * 1e-6 * case.buffer_k_on_per_molar_s
    limits.append((_ns(binding), f"binding to the buffer ({binding:.3g} /s)"))
    limits.append((_ns(case.buffer_k_off_per_s), f"release from the buffer ({case.buffer_k_off_per_s:.3g} /s)"))
    limits += [
        (_ns(kind.k_off_per_s), f"release from {kind.name} ({kind.k_off_per_s:.3g} /s)") for kind in case.sensors
    ]
    voltage = case.action_potential.voltage_mv
    for name in sorted(set(case.channel_kinds)):
        if case.kinds[name].is_stochastic:
            forward, back = case.kinds[name].rates_per_ms(voltage)
            leaving = np.pad(forward, ((0, 0), (0, 1))) + np.pad(back, ((0, 0), (1, 0)))
            fastest = 1e3 * float(leaving.max())
            limits.append((_ns(fastest), f"gating of {name} ({fastest:.3g} /s)"))
    return min(limits)


def _ns(rate_per_s: float) -> float:
    return math.inf if rate_per_s <= 0.0 else 1e9 * _LARGEST_CHANCE / rate_per_s


def _require_step(case: Case) -> None:
    largest, why = largest_step_ns(case)
    if case.step_ns > largest:
        raise InputError(
            f"a step of {case.step_ns:g} ns is too large for {case.name}: {why} allows at most {largest:.3g} ns."
        )


def _place(centre: NDArray[np.float64]) -> str:
    return "(" + ", ".join(f"{value:g}" for value in centre) + ") nm"
