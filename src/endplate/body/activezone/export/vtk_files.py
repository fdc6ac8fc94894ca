"""A case, and what one trial held at chosen times, as VTK files for ParaView."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from endplate.body.activezone.export.mesh import box_mesh, sphere_mesh
from endplate.body.activezone.export.smoldyn import file_stem
from endplate.body.activezone.export.vtk import collection, polydata

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case
    from endplate.body.activezone.snapshot import Snapshot


def vtk_files(case: Case, snapshots: Sequence[Snapshot] = ()) -> dict[str, str]:
    """Return VTK PolyData files by name; open the ``.pvd`` files in ParaView for a film. Lengths are nm.

    Returns
    -------
    dict of str to str
        ``NAME-box.vtp`` and ``NAME-vesicles.vtp`` (meshes). Without snapshots ``NAME-channels.vtp`` and
        ``NAME-sites.vtp`` (points); with them one file of channels, sites and free ions for each, and a
        collection of each in order of time.
    """
    name = file_stem(case)
    walls = box_mesh(box_nm=case.box_nm)
    files = {f"{name}-box.vtp": polydata(points_nm=walls.vertices_nm, triangles=walls.triangles)}
    if case.n_vesicles:
        files[f"{name}-vesicles.vtp"] = _vesicles(case)
    if not snapshots:
        return files | {f"{name}-channels.vtp": _channels(case), f"{name}-sites.vtp": _sites(case)}
    for what, draw in (("channels", _channels), ("sites", _sites), ("ions", _ions)):
        steps = []
        for number, snapshot in enumerate(snapshots):
            file = f"{name}-{what}-{number:03d}.vtp"
            files[file] = draw(case, snapshot)
            steps.append((snapshot.time_ms, file))
        files[f"{name}-{what}.pvd"] = collection(steps)
    return files


def _vesicles(case: Case) -> str:
    balls = [sphere_mesh(centre_nm=centre, radius_nm=case.vesicle_radius_nm) for centre in case.vesicle_centres_nm]
    first = np.cumsum([0, *(len(ball.vertices_nm) for ball in balls[:-1])])
    return polydata(
        points_nm=np.concatenate([ball.vertices_nm for ball in balls]),
        triangles=np.concatenate([ball.triangles + start for ball, start in zip(balls, first, strict=True)]),
        point_data={
            "vesicle": np.repeat(np.arange(len(balls)), [len(ball.vertices_nm) for ball in balls]),
            "zone": np.repeat(case.zone_of_vesicle, [len(ball.vertices_nm) for ball in balls]),
        },
    )


def _channels(case: Case, snapshot: Snapshot | None = None) -> str:
    places = np.column_stack([case.channel_positions_nm, np.full(case.n_channels, case.box_nm[2][0])])
    columns = {"channel": np.arange(case.n_channels), "zone": case.zone_of_channel}
    if snapshot is None:
        return polydata(points_nm=places, point_data=columns)
    columns["is_open"] = snapshot.open_channels.astype(np.int64)
    return polydata(points_nm=places, point_data=columns, time_ms=snapshot.time_ms)


def _sites(case: Case, snapshot: Snapshot | None = None) -> str:
    counts = [sites.shape[0] * sites.shape[1] for sites in case.site_positions_nm]
    places = [sites.reshape(-1, 3) for sites in case.site_positions_nm]
    owners = [np.repeat(np.arange(sites.shape[0]), sites.shape[1]) for sites in case.site_positions_nm]
    columns = {"sensor_kind": np.repeat(np.arange(len(counts)), counts), "vesicle": _joined(owners)}
    if snapshot is None:
        return polydata(points_nm=np.concatenate([*places, np.zeros((0, 3))]), point_data=columns)
    columns["is_bound"] = _joined([bound.astype(np.int64).ravel() for bound in snapshot.bound_sites])
    points = np.concatenate([*places, np.zeros((0, 3))])
    return polydata(points_nm=points, point_data=columns, time_ms=snapshot.time_ms)


def _joined(
    parts: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.int64]]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.concatenate([*parts, np.zeros(0, dtype=np.int64)])


def _ions(_case: Case, snapshot: Snapshot) -> str:
    return polydata(points_nm=snapshot.ions_nm, point_data={"channel": snapshot.ion_channel}, time_ms=snapshot.time_ms)
