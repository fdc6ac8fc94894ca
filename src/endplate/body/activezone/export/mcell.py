"""The same case in the model description language of MCell (MDL). [1]

References
----------
.. [1] Kerr et al. 2008, SIAM J Sci Comput 30:3126, doi 10.1137/070692017; MDL of MCell 3 and 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from endplate.body.activezone.export.courses import PER_NM3_OF_MOLAR, Course, courses, first_state
from endplate.body.activezone.export.mesh import Mesh, box_mesh, sphere_mesh
from endplate.body.activezone.export.smoldyn import file_stem

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case

PATCH_NM = 2.0
_FACES = {"x-": "x_low", "x+": "x_high", "y-": "y_low", "y+": "y_high", "z-": "z_low", "z+": "z_high"}
_SITE_RADIUS_UM = 0.004  # a site finds the triangle that it belongs to within this distance


def mcell_files(case: Case, *, record_step_us: float = 10.0) -> dict[str, str]:
    """Return an MCell model by file name: run it with ``mcell -seed 1 NAME.mdl``.

    Parameters
    ----------
    case
        What to write.
    record_step_us
        How often every count is written. [us]

    Returns
    -------
    dict of str to str
        The model, and one file of (time, rate) for each reaction whose rate follows the potential.

    Notes
    -----
    A channel is a molecule on a patch of 2 nm of the membrane. Vesicles are closed meshes of the sphere's volume;
    their sites are molecules on the triangle nearest to the site. Of MCell 4.0.5 use the engine of MCell 3: the new
    one lets in too few ions where rates are tabulated.
    """
    name = file_stem(case)
    runs = courses(case)
    tables = {
        f"{name}-{step.name}.dat": "".join(f"{1e-3 * t:.9g} {rate:.9g}\n" for t, rate in run.changes(step))
        for run in runs.values()
        for step in run.steps
    }
    parts = [
        f"/* {case.name}, written by Endplate. Units: um, s, mol/l. SIMULATED data only. */",
        _settings(case),
        _molecules(case, runs),
        _reactions(case, runs, name),
        _geometry(case),
        _releases(case, runs),
        _output(case, runs, name, record_step_us),
    ]
    return {f"{name}.mdl": "\n\n".join(parts) + "\n"} | tables


def _settings(case: Case) -> str:
    steps = round(1e6 * case.duration_ms / case.step_ns)
    spans = "\n".join(
        f"PARTITION_{axis} = [[{1e-3 * low:.6g} TO {1e-3 * high:.6g} STEP 0.02]]"
        for axis, (low, high) in zip("XYZ", case.box_nm, strict=True)
    )
    return (
        f"ITERATIONS = {steps}\nTIME_STEP = {1e-9 * case.step_ns:.9g}\nSURFACE_GRID_DENSITY = 10000\n"
        f"ACCURATE_3D_REACTIONS = TRUE\nCENTER_MOLECULES_ON_GRID = TRUE\n{spans}"
    )


def _molecules(case: Case, runs: dict[str, Course]) -> str:
    still = [name for sensor in case.sensors for name in (sensor.name, f"Ca_{sensor.name}")]
    still += [f"{run.kind}_{state}" for run in runs.values() for state in run.states]
    lines = [f"  Ca {{ DIFFUSION_CONSTANT_3D = {1e-8 * case.diffusion_um2_per_s:.9g} }}"]
    lines += [f"  {name} {{ DIFFUSION_CONSTANT_3D = 0 }}" for name in ("B", "CaB")]
    lines += [f"  {name} {{ DIFFUSION_CONSTANT_2D = 0 }}" for name in still]
    return "\n".join(["DEFINE_MOLECULES {", *lines, "}"])


def _reactions(case: Case, runs: dict[str, Course], name: str) -> str:
    lines = [
        f"  Ca + B -> CaB [{case.buffer_k_on_per_molar_s:.9g}]",
        f"  CaB -> Ca + B [{case.buffer_k_off_per_s:.9g}]",
    ]
    for sensor in case.sensors:  # the ion is outside the vesicle: on the upper side of its wall
        bound = f"Ca_{sensor.name}"
        lines.append(f"  Ca' + {sensor.name}' -> {bound}' [{sensor.k_on_per_molar_s:.9g}]")
        lines.append(f"  {bound}' -> {sensor.name}' + Ca' [{sensor.k_off_per_s:.9g}]")
    if case.clearance_per_ms:
        lines.append(f"  Ca -> NULL [{1e3 * case.clearance_per_ms:.9g}]")
    for run in runs.values():
        for step in run.steps:  # the inside of the box is the lower side of its wall
            ion = " + Ca," if step.enters else ""
            lines.append(f"  {run.kind}_{step.begin}' -> {run.kind}_{step.end}'{ion} [\"{name}-{step.name}.dat\"]")
    return "\n".join(["DEFINE_REACTIONS {", *lines, "}"])


def _geometry(case: Case) -> str:
    walls = box_mesh(box_nm=case.box_nm, patches_nm=case.channel_positions_nm, patch_side_nm=PATCH_NM)
    objects = [_polygons("box", walls)]
    for number, centre in enumerate(case.vesicle_centres_nm):
        objects.append(_polygons(f"vesicle{number}", sphere_mesh(centre_nm=centre, radius_nm=case.vesicle_radius_nm)))
    absorbing = [_FACES[face] for face in sorted(case.absorbing_faces)]
    if absorbing:
        objects.append("DEFINE_SURFACE_CLASSES {\n  open_end { ABSORPTIVE = Ca; }\n}")
        listed = "\n".join(f"  box[{face}] {{ SURFACE_CLASS = open_end }}" for face in absorbing)
        objects.append(f"MODIFY_SURFACE_REGIONS {{\n{listed}\n}}")
    return "\n\n".join(objects)


def _polygons(name: str, mesh: Mesh) -> str:
    points = "\n".join("    [ {:.9g}, {:.9g}, {:.9g} ]".format(*row) for row in 1e-3 * mesh.vertices_nm)
    corners = "\n".join("    [ {}, {}, {} ]".format(*row) for row in mesh.triangles)
    regions = "\n".join(
        f"    {_FACES.get(region, region)} {{ ELEMENT_LIST = [{', '.join(map(str, rows))}] }}"
        for region, rows in mesh.regions.items()
    )
    defined = f"\n  DEFINE_SURFACE_REGIONS {{\n{regions}\n  }}" if regions else ""
    lists = f"  VERTEX_LIST {{\n{points}\n  }}\n  ELEMENT_CONNECTIONS {{\n{corners}\n  }}"
    return f"{name} POLYGON_LIST {{\n{lists}{defined}\n}}"


def _releases(case: Case, runs: dict[str, Course]) -> str:
    meshes = ["box", *(f"vesicle{number}" for number in range(len(case.vesicle_centres_nm)))]
    inside = " - ".join(f"world.{mesh}[ALL]" for mesh in meshes)
    sites = [f"  {mesh} OBJECT {mesh} {{}}" for mesh in meshes]
    sites += [_release(f"fill_{m}", m, n, inside) for m, n in _filling(case).items() if n]
    for number, kind in enumerate(case.channel_kinds):
        molecule = f"{kind}_{first_state(runs[kind])}'"
        sites.append(_release(f"channel{number}", molecule, 1, f"world.box[patch{number}]"))
    for sensor, positions in zip(case.sensors, case.site_positions_nm, strict=True):
        listed = "\n".join(
            "      {}' [ {:.9g}, {:.9g}, {:.9g} ]".format(sensor.name, *site)
            for site in 1e-3 * np.asarray(positions).reshape(-1, 3)
        )
        if listed:
            placed = (
                f"    SHAPE = LIST\n    MOLECULE_POSITIONS {{\n{listed}\n    }}\n    SITE_RADIUS = {_SITE_RADIUS_UM}"
            )
            sites.append(f"  sites_{sensor.name} RELEASE_SITE {{\n{placed}\n  }}")
    return "\n".join(["INSTANTIATE world OBJECT {", *sites, "}"])


def _filling(case: Case) -> dict[str, int]:
    """Return how many molecules of buffer and of resting calcium are dissolved, in equilibrium."""
    per_umolar = 1e-6 * PER_NM3_OF_MOLAR * case.free_volume_nm3
    calcium = case.resting_calcium_umolar
    k_d = 1e6 * case.buffer_k_off_per_s / case.buffer_k_on_per_molar_s
    buffers = round(case.buffer_umolar * per_umolar)
    bound = round(buffers * calcium / (calcium + k_d))
    return {"B": buffers - bound, "CaB": bound, "Ca": round(calcium * per_umolar)}


def _release(name: str, molecule: str, count: int, shape: str) -> str:
    filled = f"    SHAPE = {shape}\n    MOLECULE = {molecule}\n    NUMBER_TO_RELEASE = {count}"
    return f"  {name} RELEASE_SITE {{\n{filled}\n  }}"


def _output(case: Case, runs: dict[str, Course], name: str, record_step_us: float) -> str:
    counted = ["Ca", "CaB", *(f"Ca_{sensor.name}" for sensor in case.sensors)]
    counted += [f"{run.kind}_{state}" for run in runs.values() for state in run.states]
    lines = [f'  {{ COUNT[{molecule}, WORLD] }} => "{name}-{molecule}.out"' for molecule in counted]
    return "\n".join(["REACTION_DATA_OUTPUT {", f"  STEP = {1e-6 * record_step_us:.9g}", *lines, "}"])
