"""End-plate potentials: limits of summation, receptors, esterase, desensitisation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.body import junction as room
from endplate.body.junction import _kernels as k
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Levers

ONE = np.ones(1, np.float32)


def potential(quanta, levers=None, available=1.0):
    quanta = np.atleast_1d(np.asarray(quanta, np.float32))
    junction = room.build_junction(levers=levers or Levers(), junction_size=np.ones(quanta.size, np.float32))
    out = np.empty((1, quanta.size), np.float32)
    room.endplate_potential(junction, np.array([0, quanta.size]), np.zeros(1, np.int64), np.array([[available]]),
                            quanta[None], np.zeros((1, quanta.size), np.float32), out)  # fmt: skip
    return out[0]


def test_one_quantum_makes_nearly_the_miniature_potential():
    size = room.quantal_size(Levers())
    driving = values_of("body/junction")["driving_potential_mv"]
    assert potential(1)[0] == pytest.approx(size * driving / (driving + size), rel=1e-6)


def test_many_quanta_never_exceed_the_driving_potential():
    assert potential([1e6])[0] == pytest.approx(values_of("body/junction")["driving_potential_mv"], rel=1e-4)
    assert (np.diff(potential(np.arange(1, 200))) > 0).all()


def test_halving_the_receptors_halves_the_quantum():
    assert room.quantal_size(Levers(receptor_fraction=0.5)) == pytest.approx(0.5 * room.quantal_size(Levers()))
    both = Levers(competitive_block=0.5, depolarising_block=0.5)
    assert room.quantal_size(both) == pytest.approx(0.25 * room.quantal_size(Levers()))


def test_esterase_inhibition_and_cold_enlarge_and_prolong():
    assert room.quantal_size(Levers(esterase_activity=0.2)) > room.quantal_size(Levers())
    assert room.quantal_size(Levers(temperature_degc=26)) > room.quantal_size(Levers())
    slow = room.build_junction(levers=Levers(esterase_activity=0.2), junction_size=ONE)
    assert slow.decay_ms > room.build_junction(levers=Levers(), junction_size=ONE).decay_ms


def test_a_larger_junction_stands_on_a_larger_fibre_and_has_smaller_quanta():
    sizes = room.build_junction(levers=Levers(), junction_size=np.array([0.5, 1.0, 2.0], np.float32)).size_mv
    np.testing.assert_allclose(sizes * np.array([0.5, 1.0, 2.0]), sizes[1], rtol=1e-6)


def test_quantal_scatter_has_the_stated_coefficient_of_variation():
    rng = np.random.default_rng(1)
    n = 200_000
    junction = room.build_junction(levers=Levers(), junction_size=np.ones(n, np.float32))
    out = np.empty((1, n), np.float32)
    room.endplate_potential(junction, np.array([0, n]), np.zeros(1, np.int64), np.ones((1, 1)),
                            np.full((1, n), 16, np.float32), rng.standard_normal((1, n)).astype(np.float32),
                            out)  # fmt: skip
    linear = out[0] * junction.driving_mv / (junction.driving_mv - out[0])
    expected = junction.scatter / 4.0  # sixteen quanta
    assert linear.std() / linear.mean() == pytest.approx(expected, rel=4.5 / np.sqrt(2 * n))


def test_desensitisation_reaches_its_steady_state_and_fades_with_its_time_constant():
    times = np.arange(4000) * 50.0
    state = np.zeros((1, 2))
    junction = room.build_junction(levers=Levers(desensitisation=20), junction_size=ONE)
    left = room.receptors_left(junction, state, [times], [np.ones(times.size)], [np.ones(times.size, np.uint8)])[0]
    fade, gain = np.exp(-50.0 / junction.tau_desensitisation_ms), -np.expm1(-junction.desensitisation_step)
    share = 0.0
    for _ in range(4000):
        share = (share + (1 - share) * gain) * fade
    assert left[-1] == pytest.approx(1.0 - share, abs=1e-6)
    later = room.receptors_left(junction, state, [times[-1:] + 5000.0], [np.ones(1)], [np.ones(1, np.uint8)])[0, 0]
    peak = share / fade  # just after the latest impulse
    assert 1.0 - later == pytest.approx(peak * np.exp(-5000.0 / junction.tau_desensitisation_ms), rel=1e-3)


@given(quanta=st.floats(0, 500), z=st.floats(-4, 4), size=st.floats(0.01, 3), left=st.floats(0, 1))
def test_a_potential_is_never_negative_nor_above_the_driving_potential(quanta, z, size, left):
    out = np.empty(1, np.float32)
    k.potential(np.array([quanta], np.float32), np.array([z], np.float32), np.array([size], np.float32), left, 0.3,
                78.0, out)  # fmt: skip
    assert 0.0 <= out[0] <= 78.0


def test_compiled_kernels_equal_their_python_source():
    quanta = np.arange(6, dtype=np.float32).reshape(2, 3)
    spare = np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)
    pair = [np.empty((2, 3), np.float32), np.empty((2, 3), np.float32)]
    for function, out in zip((k.block_potential, k.block_potential.py_func), pair, strict=True):
        function(np.array([0, 2, 3]), np.array([0, 1]), np.array([[1.0, 0.9], [0.8, 0.7]]), quanta, spare,
                 np.ones(3, np.float32), 0.25, 78.0, out)  # fmt: skip
    np.testing.assert_array_equal(*pair)
    states, lefts = np.zeros((2, 2)), np.zeros((2, 5))
    for function, state, left in zip((k.desensitise, k.desensitise.py_func), states, lefts, strict=True):
        function(np.arange(5) * 30.0, np.ones(5), np.ones(5, np.uint8), 0.01, 5000.0, state, left)
    np.testing.assert_array_equal(*lefts)


def test_the_course_of_a_potential_peaks_where_its_derivative_vanishes_and_esterase_inhibition_prolongs_it():
    time = np.linspace(-1, 40, 8201)
    courses = []
    for activity in (1.0, 0.2):
        junction = room.build_junction(levers=Levers(esterase_activity=activity), junction_size=ONE)
        courses.append(room.potential_course(junction, peak_mv=8.0, rise_ms=0.3, time_ms=time))
        assert courses[-1].max() == pytest.approx(8.0, rel=1e-4)
        assert (courses[-1][time < 0] == 0).all()
    above = [(course > 4.0).sum() for course in courses]
    assert above[1] > 1.5 * above[0]
