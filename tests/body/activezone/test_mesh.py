"""The meshes of the exports: closed, oriented, of the right volume, with a patch under every channel."""

from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest

from endplate.body.activezone.export.mesh import box_mesh, sphere_mesh
from endplate.body.activezone.export.vtk import collection, polydata

BOX_NM = ((-400.0, 400.0), (-300.0, 300.0), (0.0, 400.0))
PATCHES_NM = np.array([(19.0, 16.0), (-19.0, 16.0), (19.0, -16.0), (-19.0, -16.0), (18.5, 15.2)])


def edges(triangles):
    """Every edge of every triangle, in the direction of its triangle."""
    return Counter((int(t[i]), int(t[(i + 1) % 3])) for t in triangles for i in range(3))


@pytest.mark.parametrize(
    "mesh",
    [
        box_mesh(box_nm=BOX_NM),
        box_mesh(box_nm=BOX_NM, patches_nm=PATCHES_NM),
        sphere_mesh(centre_nm=np.array([0.0, 26.0, 35.1]), radius_nm=25.0, subdivisions=2),
    ],
    ids=["box", "box with overlapping patches", "sphere"],
)
def test_a_mesh_is_closed_and_every_triangle_looks_outwards(mesh):
    found = edges(mesh.triangles)
    assert set(found.values()) == {1}  # twice the same direction would be two triangles of opposite sides
    assert all((b, a) in found for a, b in found)
    assert mesh.volume_nm3() > 0


def test_the_box_with_patches_has_the_volume_and_the_walls_of_the_box():
    mesh = box_mesh(box_nm=BOX_NM, patches_nm=PATCHES_NM)
    assert mesh.volume_nm3() == pytest.approx(800.0 * 600.0 * 400.0)
    for face, area_nm2 in {"x-": 600 * 400, "x+": 600 * 400, "y-": 800 * 400, "z-": 800 * 600, "z+": 800 * 600}.items():
        assert mesh.area_nm2(face) == pytest.approx(area_nm2)


def test_every_patch_is_a_square_of_its_side_below_its_channel():
    mesh = box_mesh(box_nm=BOX_NM, patches_nm=PATCHES_NM, patch_side_nm=3.0)
    for number, centre in enumerate(PATCHES_NM):
        corners = mesh.vertices_nm[mesh.triangles[mesh.regions[f"patch{number}"]]].reshape(-1, 3)
        assert mesh.area_nm2(f"patch{number}") == pytest.approx(9.0, rel=1e-5)
        np.testing.assert_allclose(corners.min(axis=0), (*(centre - 1.5), 0.0), atol=1e-5)
        np.testing.assert_allclose(corners.max(axis=0), (*(centre + 1.5), 0.0), atol=1e-5)


def test_a_sphere_of_triangles_has_the_volume_of_the_sphere():
    ball = sphere_mesh(centre_nm=np.array([5.0, 6.0, 70.0]), radius_nm=25.0, subdivisions=3)
    assert ball.volume_nm3() == pytest.approx(4 / 3 * np.pi * 25.0**3)
    assert len(ball.triangles) == 1280


def numbers(document, name):
    return [float(word) for word in document.find(f".//DataArray[@Name='{name}']").text.split()]


def test_a_vtk_file_holds_points_columns_time_and_one_vertex_for_each_point():
    points = np.arange(6.0).reshape(2, 3)
    document = ElementTree.fromstring(polydata(points_nm=points, point_data={"zone": np.array([0, 3])}, time_ms=0.7))
    assert numbers(document, "position_nm") == list(range(6))
    assert numbers(document, "zone") == [0, 3]
    assert numbers(document, "TimeValue") == [0.7]
    assert document.find(".//Piece").get("NumberOfVerts") == "2"
    assert document.find(".//Verts/DataArray[@Name='offsets']").text.split() == ["1", "2"]


def test_a_vtk_mesh_holds_its_triangles():
    mesh = box_mesh(box_nm=BOX_NM)
    document = ElementTree.fromstring(polydata(points_nm=mesh.vertices_nm, triangles=mesh.triangles))
    assert document.find(".//Piece").get("NumberOfPolys") == "12"
    assert document.find(".//Polys/DataArray[@Name='offsets']").text.split() == [str(3 * k) for k in range(1, 13)]


def test_a_vtk_file_of_no_points_is_still_a_file():
    document = ElementTree.fromstring(polydata(points_nm=np.zeros((0, 3))))
    assert document.find(".//Piece").get("NumberOfPoints") == "0"


def test_a_collection_names_its_files_in_order_of_time():
    document = ElementTree.fromstring(collection([(0.0, "a.vtp"), (0.25, "b.vtp")]))
    assert [(d.get("timestep"), d.get("file")) for d in document.iter("DataSet")] == [("0", "a.vtp"), ("0.25", "b.vtp")]
