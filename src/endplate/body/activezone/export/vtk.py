"""VTK PolyData files (.vtp) and their time series (.pvd), as ParaView opens them. [1]

References
----------
.. [1] The VTK User's Guide, file formats: XML PolyData, ASCII encoding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]

_HEAD = '<?xml version="1.0"?>\n<!-- written by Endplate; SIMULATED data only -->\n'


def polydata(
    *,
    points_nm: NDArray[np.float64],
    triangles: NDArray[np.int64] | None = None,
    point_data: Mapping[str, Column] | None = None,
    time_ms: float | None = None,
) -> str:
    """Return points, or a mesh, as a VTK PolyData document.

    Parameters
    ----------
    points_nm
        (n, 3). Without triangles every point is drawn as itself. [nm]
    triangles
        (m, 3), rows of `points_nm`.
    point_data
        Columns of n numbers by name; a name ends in its unit.
    time_ms
        Written as the field ``TimeValue``, which ParaView shows. [ms]

    Examples
    --------
    >>> text = polydata(points_nm=np.zeros((1, 3)), point_data={"zone": np.array([0])})
    >>> 'NumberOfPoints="1"' in text
    True
    """
    points = np.asarray(points_nm, dtype=np.float64).reshape(-1, 3)
    n = len(points)
    columns = "\n".join(_array(name, np.asarray(values)) for name, values in (point_data or {}).items())
    when = (
        "" if time_ms is None else f"<FieldData>\n{_array('TimeValue', np.array([time_ms]), tuples=1)}\n</FieldData>\n"
    )
    vertices = np.arange(n).reshape(-1, 1) if triangles is None else np.zeros((0, 1), dtype=np.int64)
    mesh = np.zeros((0, 3), dtype=np.int64) if triangles is None else triangles
    return (
        f'{_HEAD}<VTKFile type="PolyData" version="0.1" byte_order="LittleEndian">\n<PolyData>\n'
        f'{when}<Piece NumberOfPoints="{n}" NumberOfVerts="{len(vertices)}" NumberOfLines="0" NumberOfStrips="0" '
        f'NumberOfPolys="{len(mesh)}">\n'
        f"<PointData>\n{columns}\n</PointData>\n<Points>\n{_array('position_nm', points)}\n</Points>\n"
        f"<Verts>\n{_cells(vertices)}\n</Verts>\n<Polys>\n{_cells(mesh)}\n</Polys>\n"
        "</Piece>\n</PolyData>\n</VTKFile>\n"
    )


def collection(steps: Sequence[tuple[float, str]]) -> str:
    """Return a ParaView collection: files in the order of their times. [ms]

    Examples
    --------
    >>> 'timestep="0.5"' in collection([(0.5, "ions-000.vtp")])
    True
    """
    lines = "\n".join(
        f'<DataSet timestep="{time_ms:g}" group="" part="0" file={quoteattr(name)}/>' for time_ms, name in steps
    )
    return f'{_HEAD}<VTKFile type="Collection" version="0.1">\n<Collection>\n{lines}\n</Collection>\n</VTKFile>\n'


def _array(name: str, values: Column, *, tuples: int | None = None) -> str:
    kind = "Int64" if np.issubdtype(values.dtype, np.integer) else "Float64"
    width = values.shape[1] if values.ndim == 2 else 1
    count = f' NumberOfTuples="{tuples}"' if tuples is not None else ""
    pattern = " ".join(["%d" if kind == "Int64" else "%.9g"] * width)
    body = "\n".join(pattern % tuple(row) for row in values.reshape(-1, width).tolist())
    return (
        f'<DataArray type="{kind}" Name={quoteattr(name)} NumberOfComponents="{width}"{count} format="ascii">\n'
        f"{body}\n</DataArray>"
    )


def _cells(cells: NDArray[np.int64]) -> str:
    corners = np.asarray(cells, dtype=np.int64)
    ends = corners.shape[1] * np.arange(1, len(corners) + 1)
    return f"{_array('connectivity', corners.ravel())}\n{_array('offsets', ends)}"
