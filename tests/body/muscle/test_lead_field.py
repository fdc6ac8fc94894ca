"""The layered cylinder against closed forms, conservation and an independent solution."""

import numpy as np
import pytest

from endplate.body.muscle import Layer, describe, lead_field_gradient, muscles
from endplate.body.muscle._bessel import log_bessel
from endplate.body.muscle.lead_field import transfer
from endplate.body.muscle.lead_table import compute_table, geometry, montage_of, muscle_radius_mm
from endplate.foundation.errors import DataError, InputError
from endplate.foundation.parameters import overridden

HAND = (Layer(20.0, 0.1, 0.5), Layer(22.0, 0.05, 0.05), Layer(23.0, 1.0, 1.0))


def gradient(layers, radii, z, angle=0.0, electrode=5.0, **more):
    return lead_field_gradient(
        layers=layers, electrode_radius_mm=electrode, radii_mm=radii, angles_rad=[angle], z_mm=z, **more
    )[:, 0]


def test_wide_homogeneous_limb_is_the_anisotropic_half_space():
    radial, axial, depth = 0.1, 0.5, 5.0
    z = np.array([2.0, 5.0, 12.0])
    found = gradient([Layer(400.0, radial, axial)], [400.0 - depth], z, electrode=0.01)[0]
    # W = 1/(2 pi sqrt(s_x s_y s_z) sqrt(z²/s_z + d²/s_r)); 1e3 for mm and S/m
    scaled = z**2 / axial + depth**2 / radial
    expected = -1e3 / (2 * np.pi * np.sqrt(radial * radial * axial)) * (z / axial) / scaled**1.5
    np.testing.assert_allclose(found, expected, rtol=0.01)  # the limb's curvature is left: depth / radius = 1 %


def test_layers_of_one_conductivity_are_one_layer():
    z = np.array([1.0, 6.0, 30.0, 80.0])
    split = [Layer(8.0, 0.3, 0.3), Layer(20.0, 0.3, 0.3), Layer(23.0, 0.3, 0.3)]
    np.testing.assert_allclose(
        gradient(split, [5.0, 15.0, 21.0], z), gradient([Layer(23.0, 0.3, 0.3)], [5.0, 15.0, 21.0], z), rtol=1e-8
    )


def test_far_along_the_limb_half_the_current_flows_each_way():
    """Conservation: W' tends to -1/2 over the sum of conductivity times area."""
    conductance_mm = sum(
        1e-3 * layer.axial_s_per_m * np.pi * (layer.outer_radius_mm**2 - inner**2)
        for layer, inner in zip(HAND, (0.0, 20.0, 22.0), strict=True)
    )
    found = gradient(HAND, [19.0, 10.0], np.array([-250.0, 250.0]))
    np.testing.assert_allclose(found, -0.5 / conductance_mm * np.array([[-1.0, 1.0]] * 2), rtol=1e-3)


def test_field_fades_with_depth_angle_and_distance():
    near = gradient(HAND, [19.9, 17.0, 12.0], np.array([4.0]))[:, 0]
    assert (np.diff(np.abs(near)) < 0).all()
    around = [abs(gradient(HAND, [19.0], np.array([4.0]), angle=angle)[0, 0]) for angle in (0.0, 0.3, 0.8)]
    assert around[0] > around[1] > around[2]
    montage = gradient(HAND, [18.0], np.array([5.0, 60.0, 150.0])) - gradient(
        HAND, [18.0], np.array([5.0, 60.0, 150.0]) - 45.0
    )
    assert abs(montage[0, 0]) > abs(montage[0, 1]) > 50 * abs(montage[0, 2])


def test_a_source_inside_makes_the_potential_that_reciprocity_says():
    """Solve the forward problem with a source in the muscle by plain linear algebra, and compare."""
    from scipy.special import iv, ivp, kv, kvp

    n, k, at, epsilon = 2, 0.11, 14.0, 2.0
    radii, radial = [20.0, 22.0, 23.0], np.array([0.1, 0.05, 1.0]) * 1e-3
    kappa = np.array([np.sqrt(5.0), 1.0, 1.0]) * k
    # unknowns: inner I; then I and K of muscle outside the source, fat, skin
    matrix, right = np.zeros((7, 7)), np.zeros(7)
    x = kappa[0] * at
    matrix[0, :3] = iv(n, x), -iv(n, x), -kv(n, x)
    jump = radial[0] * kappa[0]
    matrix[1, :3] = jump * ivp(n, x), -jump * ivp(n, x), -jump * kvp(n, x)
    right[1] = epsilon / (2 * np.pi * at)  # a unit current on the ring's n-th harmonic
    for j, radius in enumerate(radii[:2]):
        row, column = 2 + 2 * j, 1 + 2 * j
        inner, outer = kappa[j] * radius, kappa[j + 1] * radius
        matrix[row, column : column + 4] = iv(n, inner), kv(n, inner), -iv(n, outer), -kv(n, outer)
        a, b = radial[j] * kappa[j], radial[j + 1] * kappa[j + 1]
        matrix[row + 1, column : column + 4] = (
            a * ivp(n, inner), a * kvp(n, inner), -b * ivp(n, outer), -b * kvp(n, outer),
        )  # fmt: skip
    x = kappa[2] * radii[2]
    matrix[6, 5:7] = ivp(n, x), kvp(n, x)
    solution = np.linalg.solve(matrix, right)
    at_skin = solution[5] * iv(n, x) + solution[6] * kv(n, x)
    lead = transfer(HAND, [at], np.array([[float(n)]]), np.array([[k]]))[0, 0, 0] * epsilon / (2 * np.pi * radii[2])
    assert at_skin == pytest.approx(lead, rel=1e-9)


def test_bone_on_the_axis_turns_current_into_the_muscle():
    z = np.array([20.0])
    bone = [Layer(8.0, 0.02, 0.02), *HAND]
    assert abs(gradient(bone, [12.0], z)[0, 0]) > abs(gradient(HAND, [12.0], z)[0, 0])


def test_bessel_logarithms_meet_where_the_expansion_takes_over():
    x = np.array([0.5, 3.0, 40.0])
    for order in (16.0, 60.0):
        log_i, log_k, slope_i, slope_k = log_bessel(np.full(3, order), x)
        np.testing.assert_allclose((slope_i - slope_k) * x * np.exp(log_i + log_k), 1.0, rtol=2e-6)
    from scipy.special import ive, kve

    log_i, log_k, _, _ = log_bessel(np.full(3, 20.0), x)
    np.testing.assert_allclose(log_i, np.log(ive(20, x)) + x, rtol=1e-7)
    np.testing.assert_allclose(log_k, np.log(kve(20, x)) - x, rtol=1e-7)


def test_more_orders_and_a_longer_period_change_nothing():
    z = np.array([3.0, 25.0])
    usual = gradient(HAND, [18.5], z)
    np.testing.assert_allclose(gradient(HAND, [18.5], z, n_orders=200, period_mm=1600.0), usual, rtol=2e-4)


@pytest.mark.parametrize("muscle", ["adm", "edb"])
def test_the_shipped_table_is_what_the_physics_gives(muscle):
    from endplate.body.muscle.lead_table import _tables

    np.testing.assert_allclose(_tables()[muscle], compute_table(describe(muscle)), rtol=1e-4, atol=1e-4)


def test_every_muscle_has_a_table_for_its_limb():
    for muscle in muscles():
        montage = montage_of(describe(muscle))
        assert np.isfinite(montage.gradient).all()
        assert muscle_radius_mm(describe(muscle)) > describe(muscle).depth_first + describe(muscle).thickness


def test_a_table_for_another_limb_is_refused_and_says_how_to_renew_it():
    with overridden({"body/muscle": {"default.fat": 3.0}}), pytest.raises(DataError, match=r"studies/lead_field\.py"):
        montage_of(describe("adm"))
    assert geometry(describe("adm")).ndim == 1


def test_impossible_limbs_are_refused_in_one_sentence():
    with pytest.raises(InputError, match="growing outer_radius_mm"):
        gradient([HAND[1], HAND[0]], [5.0], np.array([1.0]))
    with pytest.raises(InputError, match="inside the limb"):
        gradient(HAND, [23.5], np.array([1.0]))
    with pytest.raises(InputError, match="above 0"):
        gradient([Layer(20.0, 0.0, 0.5)], [5.0], np.array([1.0]))
    with pytest.raises(InputError, match="half the period"):
        gradient(HAND, [15.0], np.array([900.0]), period_mm=1000.0)
