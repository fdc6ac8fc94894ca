"""Triangle meshes of the box and of vesicles, as other simulators and viewers read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Box = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
FACES = ("x-", "x+", "y-", "y+", "z-", "z+")


@dataclass(frozen=True, eq=False, slots=True)
class Mesh:
    """Triangles whose corners run anticlockwise seen from outside; `regions` name some of them by row."""

    vertices_nm: NDArray[np.float64]  # (n, 3)
    triangles: NDArray[np.int64]  # (m, 3), rows of vertices_nm
    regions: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    def volume_nm3(self) -> float:
        """Return the volume that a closed mesh encloses, by the divergence theorem. [nm^3]"""
        a, b, c = (self.vertices_nm[self.triangles[:, corner]] for corner in range(3))
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)

    def area_nm2(self, region: str) -> float:
        """Return the area of one region. [nm^2]"""
        a, b, c = (self.vertices_nm[self.triangles[self.regions[region], corner]] for corner in range(3))
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0)


def sphere_mesh(*, centre_nm: NDArray[np.float64], radius_nm: float, subdivisions: int = 3) -> Mesh:
    """Return a sphere as a subdivided icosahedron of the sphere's volume.

    Parameters
    ----------
    centre_nm, radius_nm
        Where it is (3,) and how large. [nm]
    subdivisions
        Each one makes four triangles of one; 3 gives 1280, of 6 nm^2 each on a synaptic vesicle. [1]

    Examples
    --------
    >>> ball = sphere_mesh(centre_nm=np.zeros(3), radius_nm=25.0)
    >>> len(ball.triangles), round(ball.volume_nm3() / (4 / 3 * np.pi * 25.0**3), 6)
    (1280, 1.0)
    """
    golden = (1.0 + 5.0**0.5) / 2.0
    upright = [(-1.0, golden, 0.0), (1.0, golden, 0.0), (-1.0, -golden, 0.0), (1.0, -golden, 0.0)]
    points = [*upright, *((z, x, y) for x, y, z in upright), *((y, z, x) for x, y, z in upright)]
    faces = [
        (0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6),
        (7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10),
        (8, 6, 7), (9, 8, 1),
    ]  # fmt: skip
    vertices = [np.array(point) / np.linalg.norm(point) for point in points]
    for _ in range(subdivisions):
        faces = _halved(vertices, faces)
    unit = Mesh(np.array(vertices), np.array(faces, dtype=np.int64))
    # a polyhedron inside the sphere is smaller than it: the ions must find the same volume closed to them
    scale = radius_nm * (4.0 / 3.0 * np.pi / unit.volume_nm3()) ** (1.0 / 3.0)
    return Mesh(np.asarray(centre_nm, dtype=np.float64) + scale * unit.vertices_nm, unit.triangles)


def _halved(vertices: list[NDArray[np.float64]], faces: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    middles: dict[tuple[int, int], int] = {}

    def middle(one: int, other: int) -> int:
        edge = (min(one, other), max(one, other))
        if edge not in middles:
            point = vertices[one] + vertices[other]
            middles[edge] = len(vertices)
            vertices.append(point / np.linalg.norm(point))
        return middles[edge]

    smaller = []
    for a, b, c in faces:
        ab, bc, ca = middle(a, b), middle(b, c), middle(c, a)
        smaller += [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    return smaller


def box_mesh(*, box_nm: Box, patches_nm: NDArray[np.float64] | None = None, patch_side_nm: float = 2.0) -> Mesh:
    """Return the walls of a box, with a small square of its floor for each channel.

    The floor is cut along the sides of every square, so that the mesh stays closed: no corner of one triangle lies
    on the edge of another.

    Parameters
    ----------
    box_nm
        Lower and upper end along x, y and z; the floor, z-, is the membrane. [nm]
    patches_nm
        (n, 2), centres of the squares. [nm]
    patch_side_nm
        Side of a square. [nm]

    Returns
    -------
    Mesh
        Regions ``x-`` to ``z+``, and ``patch0``, ``patch1`` ... within ``z-``.

    Examples
    --------
    >>> walls = box_mesh(box_nm=((-400, 400), (-300, 300), (0, 400)), patches_nm=np.array([(19.0, 16.0)]))
    >>> round(walls.volume_nm3()), round(walls.area_nm2("patch0"), 6)
    (192000000, 4.0)
    """
    centres = np.zeros((0, 2)) if patches_nm is None else np.asarray(patches_nm, dtype=np.float64).reshape(-1, 2)
    half = patch_side_nm / 2.0
    x = _cuts(box_nm[0], centres[:, 0], half)
    y = _cuts(box_nm[1], centres[:, 1], half)
    (bottom, top), nx, ny = box_nm[2], x.size, y.size
    floor = np.column_stack([np.repeat(x, ny), np.tile(y, nx), np.full(nx * ny, bottom)])
    lid = np.array([(px, py, top) for px in (x[0], x[-1]) for py in (y[0], y[-1])])
    row = np.arange(nx * ny).reshape(nx, ny)
    low, high_y, high_x, far = (int(nx * ny + corner) for corner in range(4))  # corners of the lid
    a, b, c, d = row[:-1, :-1].ravel(), row[1:, :-1].ravel(), row[1:, 1:].ravel(), row[:-1, 1:].ravel()
    cells = np.concatenate([np.column_stack([a, d, c]), np.column_stack([a, c, b])])
    parts = {
        "z-": cells,
        "z+": np.array([(low, high_x, far), (low, far, high_y)]),
        "y-": _fan(row[:, 0], low, high_x),
        "y+": _fan(row[::-1, -1], far, high_y),
        "x-": _fan(row[0, ::-1], high_y, low),
        "x+": _fan(row[-1, :], high_x, far),
    }
    regions, begin = {}, 0
    for name, part in parts.items():
        regions[name] = np.arange(begin, begin + len(part))
        begin += len(part)
    vertices, triangles = np.concatenate([floor, lid]), np.concatenate(list(parts.values())).astype(np.int64)
    middles = vertices[triangles[regions["z-"]], :2].mean(axis=1)
    for number, centre in enumerate(centres):
        inside = (np.abs(middles - centre) < half).all(axis=1)
        regions[f"patch{number}"] = regions["z-"][inside]
    return Mesh(vertices, triangles, regions)


def _cuts(ends: tuple[float, float], centres: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    """Return where the floor is cut along one axis; sides of two squares that coincide are one cut."""
    all_cuts = np.concatenate([[ends[0], ends[1]], centres - half, centres + half])
    return np.unique(np.round(np.clip(all_cuts, *ends), 6))


def _fan(edge: NDArray[np.int64], above_first: int, above_last: int) -> NDArray[np.int64]:
    """Return a wall over the edge of the floor: a fan from the corner above its first point."""
    fan = [(above_first, int(one), int(other)) for one, other in pairwise(edge)]
    return np.array([*fan, (above_first, int(edge[-1]), above_last)])
