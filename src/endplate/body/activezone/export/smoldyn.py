"""The same case as a model file of Smoldyn. [1]

References
----------
.. [1] Andrews et al. 2010, PLoS Comput Biol 6:e1000705, doi 10.1371/journal.pcbi.1000705; user's manual of 2.74.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from endplate.body.activezone.export.courses import (
    PER_NM3_OF_MOLAR,
    Course,
    box_volume_nm3,
    courses,
    first_state,
)

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case

UM3_PER_S_OF_MOLAR: Final = 1e-9 / PER_NM3_OF_MOLAR  # 1/(mol/l s) as um^3/s
# A site on a wall would lose the half of its reaction volume that lies behind the wall, and with it half its rate.
SITE_OFF_NM: Final = 1.0
CHANNEL_OFF_NM: Final = 0.1
_MARGIN_UM: Final = 0.05


def smoldyn_files(
    case: Case, *, seed: int = 1, record_step_us: float = 10.0, positions_ms: Sequence[float] = ()
) -> dict[str, str]:
    """Return a Smoldyn model by file name: run it with ``smoldyn NAME.txt``.

    Parameters
    ----------
    case
        What to write.
    seed
        Random seed that the file sets; one file is one trial.
    record_step_us
        How often the number of every species is written. [us]
    positions_ms
        When to list the position of every free ion, into files of their own. [ms]

    Returns
    -------
    dict of str to str
        One file.

    Notes
    -----
    Gating and influx are first-order reactions whose probability per step a command sets in each row of the
    action potential. Sites stand 1 nm off the vesicle's wall, so that their whole reaction volume is open to ions.
    Buffer molecules inside a vesicle are written too; no ion ever meets them.
    """
    name, dt_s = file_stem(case), 1e-9 * case.step_ns
    runs = courses(case)
    parts = [
        f"# {case.name}, written by Endplate. Units: um, s. SIMULATED data only.",
        f"random_seed {seed}\ndim 3",
        _boundaries(case),
        _species(case, runs),
        f"time_start 0\ntime_stop {1e-3 * case.duration_ms:.9g}\ntime_step {dt_s:.9g}",
        _reactions(case, runs),
        *((_walls(case),) if _has_surfaces(case) else ()),
        _molecules(case, runs),
        _commands(runs),
        _output(case, record_step_us, positions_ms),
        "end_file",
    ]
    return {f"{name}.txt": "\n\n".join(parts) + "\n"}


def file_stem(case: Case) -> str:
    """Return the name of a case as the stem of its files."""
    return "".join(c if c.isalnum() else "-" for c in case.name.lower()).strip("-") or "case"


def _has_surfaces(case: Case) -> bool:
    return len(case.vesicle_centres_nm) > 0


def _um(nm: float) -> str:
    return f"{1e-3 * nm:.9g}"


def _boundaries(case: Case) -> str:
    lines = []
    for axis, (low, high) in zip("xyz", case.box_nm, strict=True):
        if _has_surfaces(case):  # walls are panels then, and what lies beyond them is never reached
            lines.append(f"boundaries {axis} {1e-3 * low - _MARGIN_UM:.9g} {1e-3 * high + _MARGIN_UM:.9g}")
            continue
        lines += [
            f"low_wall {axis} {_um(low)} {'a' if f'{axis}-' in case.absorbing_faces else 'r'}",
            f"high_wall {axis} {_um(high)} {'a' if f'{axis}+' in case.absorbing_faces else 'r'}",
        ]
    return "\n".join(lines)


def _species(case: Case, runs: dict[str, Course]) -> str:
    fixed = ["B", "CaB", *(f"{run.kind}_{state}" for run in runs.values() for state in run.states)]
    fixed += [name for sensor in case.sensors for name in (sensor.name, f"Ca_{sensor.name}")]
    still = "\n".join(f"difc {name} 0" for name in fixed)
    return f"species Ca {' '.join(fixed)}\ndifc Ca {case.diffusion_um2_per_s:.9g}\n{still}"


def _reactions(case: Case, runs: dict[str, Course]) -> str:
    binding = [("buffer", "B", "CaB", case.buffer_k_on_per_molar_s, case.buffer_k_off_per_s)]
    binding += [(s.name, s.name, f"Ca_{s.name}", s.k_on_per_molar_s, s.k_off_per_s) for s in case.sensors]
    lines = []
    for name, free, bound, k_on, k_off in binding:
        lines.append(f"reaction bind_{name} Ca + {free} -> {bound} {k_on * UM3_PER_S_OF_MOLAR:.9g}")
        lines.append(f"reaction leave_{name} {bound} -> Ca + {free} {k_off:.9g}")
        lines.append(f"product_placement leave_{name} pgemmax 0.2")
    if case.clearance_per_ms:
        lines.append(f"reaction clear Ca -> 0 {1e3 * case.clearance_per_ms:.9g}")
    for run in runs.values():
        for step in run.steps:
            ion = " + Ca" if step.enters else ""
            # Smoldyn forgets a reaction whose first rate is 0; the command at time 0 sets the one that holds
            fastest = float(step.rate_per_s.max())
            lines.append(f"reaction {step.name} {run.kind}_{step.begin} -> {run.kind}_{step.end}{ion} {fastest:.9g}")
    return "\n".join(lines)


def _walls(case: Case) -> str:
    """Return walls and vesicles as surfaces: a model that has surfaces has no other walls."""
    low, high = np.array(case.box_nm, dtype=np.float64).T
    panels: dict[str, list[str]] = {"reflect": [], "absorb": []}
    for axis, letter in enumerate("xyz"):
        for sign, at in (("-", low), ("+", high)):
            corner = low.copy()
            corner[axis] = at[axis]
            lengths = [high[other] - low[other] for other in range(3) if other != axis]
            does = "absorb" if f"{letter}{sign}" in case.absorbing_faces else "reflect"
            numbers = " ".join(_um(value) for value in (*corner, *lengths))
            panels[does].append(f"panel rect {'-' if sign == '+' else '+'}{axis} {numbers} {letter}{sign}")
    for number, centre in enumerate(case.vesicle_centres_nm):
        place = " ".join(_um(value) for value in (*centre, case.vesicle_radius_nm))
        panels["reflect"].append(f"panel sph {place} 20 20 vesicle{number}")
    blocks = []
    for does, listed in panels.items():
        if listed:
            blocks.append("\n".join([f"start_surface {does}ing", f"action all both {does}", *listed, "end_surface"]))
    return "\n\n".join(blocks)


def _molecules(case: Case, runs: dict[str, Course]) -> str:
    volume = box_volume_nm3(case)
    calcium = case.resting_calcium_umolar
    k_d = 1e6 * case.buffer_k_off_per_s / case.buffer_k_on_per_molar_s
    buffers = round(case.buffer_umolar * 1e-6 * PER_NM3_OF_MOLAR * volume)
    bound = round(buffers * calcium / (calcium + k_d))
    lines = [f"max_mol {2 * buffers + 100_000}", f"mol {buffers - bound} B u u u"]
    if bound:
        lines.append(f"mol {bound} CaB u u u")
    ions = round(calcium * 1e-6 * PER_NM3_OF_MOLAR * case.free_volume_nm3)
    if ions:
        lines.append(f"mol {ions} Ca u u u")
    for kind, (x, y) in zip(case.channel_kinds, case.channel_positions_nm, strict=True):
        lines.append(
            f"mol 1 {kind}_{first_state(runs[kind])} {_um(x)} {_um(y)} {_um(case.box_nm[2][0] + CHANNEL_OFF_NM)}"
        )
    for sensor, sites in zip(case.sensors, case.site_positions_nm, strict=True):
        for centre, of_vesicle in zip(case.vesicle_centres_nm, sites, strict=True):
            out = 1.0 + SITE_OFF_NM / case.vesicle_radius_nm
            places = centre + out * (of_vesicle - centre)
            lines += [f"mol 1 {sensor.name} {' '.join(_um(value) for value in site)}" for site in places]
    return "\n".join(lines)


def _commands(runs: dict[str, Course]) -> str:
    lines = []
    for run in runs.values():
        for step in run.steps:
            for start_ms, rate_per_s in run.changes(step):
                # with no molecule named after it this command sets the rate; setrateint is undone in Smoldyn 2.74
                lines.append(f"cmd @ {1e-3 * start_ms:.9g} setreactionratemolcount {step.name} {rate_per_s:.9g}")
    return "\n".join(lines)


def _output(case: Case, record_step_us: float, positions_ms: Sequence[float]) -> str:
    counts = f"{file_stem(case)}-counts.txt"
    every = max(1, round(1e3 * record_step_us / case.step_ns))
    lists = [(time_ms, f"{file_stem(case)}-ions-{number}.txt") for number, time_ms in enumerate(positions_ms)]
    lines = [f"output_files {' '.join([counts, *(name for _, name in lists)])}"]
    lines += [f"cmd B molcountheader {counts}", f"cmd N {every} molcount {counts}"]
    lines += [f"cmd @ {1e-3 * time_ms:.9g} listmols3 Ca {name}" for time_ms, name in lists]
    return "\n".join(lines)
