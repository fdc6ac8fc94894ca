"""Twins: every compiled kernel equals its Python source."""

import numpy as np

from endplate.body.muscle import _kernels as k
from endplate.foundation.random import stream

KEY = stream(1, "twin")


def both(kernel, make):
    """Run a kernel compiled and interpreted on arrays made alike; return what each wrote."""
    results = []
    for run in (kernel, kernel.py_func):
        arguments, outputs = make()
        value = run(*arguments)
        results.append([*outputs, np.array(0.0 if value is None else value)])
    return results


def assert_twins(kernel, make, rtol=0.0):
    fast, slow = both(kernel, make)
    for a, b in zip(fast, slow, strict=True):
        if rtol:
            np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * max(1e-30, float(np.abs(b).max())))
        else:
            np.testing.assert_array_equal(a, b)


def fibres(n):
    rng = np.random.default_rng(3)
    table = rng.normal(size=(4, 3, 90)).astype(np.float32)
    z_first, step = -11.0, 0.25
    depth, lateral = rng.uniform(0, 3, n), rng.uniform(0, 2, n)
    endplate, proximal, distal = (x.astype(np.float32) for x in (rng.normal(0, 1, n), *rng.uniform(4, 9, (2, n))))
    return table, z_first, step, depth, lateral, endplate, proximal, distal


def test_draws_of_units_and_fibres():
    def units():
        out = tuple(np.empty((5, 7)))
        return (KEY, *out), out

    def single():
        out = (np.empty((3, 20)), np.empty(20), np.empty(20))
        return (KEY, *out), out

    assert_twins(k.draw_units, units)
    assert_twins(k.draw_fibres, single)


def test_weights_and_projection():
    def weigh():
        weights = np.empty((6, 40))
        return (*fibres(6), np.empty(90), weights), (weights,)

    def project():
        rng = np.random.default_rng(4)
        out = np.empty((6, 5), dtype=np.float32)
        responses = rng.normal(size=(8, 40, 5)).astype(np.float32)
        speed, gain = rng.uniform(0, 7, 6), rng.uniform(1, 2, 6)
        row = np.empty(5, dtype=np.float32)
        return (*fibres(6), speed, gain, responses, np.empty(90), np.empty(40), row, out), (out,)

    assert_twins(k.weigh, weigh)
    assert_twins(k.project, project, rtol=1e-6)


def test_deposit_and_shares():
    rng = np.random.default_rng(5)
    coefficients = rng.normal(size=(60, 4)).astype(np.float32)
    fired = (rng.random(60) < 0.7).astype(np.uint8)
    arrival = rng.uniform(-0.2, 6.0, 60).astype(np.float32)
    arrival[3] = np.nan

    def deposit():
        total = np.empty((40, 4))
        return (coefficients, fired, arrival, 0.1, 16, np.empty((40, 4), dtype=np.float32), total), (total,)

    def shares():
        out = np.empty((1, 3))
        return (fired[None, :], arrival + 1, np.array([0, 10, 10, 60]), out), (out,)

    assert_twins(k.deposit, deposit, rtol=1e-6)
    fired[3], arrival[3] = 0, 0.0
    assert_twins(k.unit_shares, shares)


def test_noise_impulses_and_force():
    def noise():
        signal = np.zeros((2, 30))
        return (KEY, 4, 0.1, signal), (signal,)

    def impulses():
        out = np.zeros(200)
        return (KEY, 5, 40.0, 0.2, 1500.0, out), (out,)

    def force():
        state, out = np.array([0.1, 0.01, 20.0]), np.zeros(50)
        times = np.array([1.0, 14.5, 14.5, 30.0])
        return (times, np.array([1.0, 0.5, 0.2, 0.0]), 0, 4, 0.7, 40.0, 0.4, 1.0, state, out), (state, out)

    assert_twins(k.amplifier_noise, noise)
    assert_twins(k.spike_times, impulses)
    assert_twins(k.unit_force, force)
    assert k.gain_of(0.3, 0.4) == k.gain_of.py_func(0.3, 0.4) == 1.0
    assert k.gain_of(2.0, 0.4) == k.gain_of.py_func(2.0, 0.4) < 1.0 / 0.3 / 2.0 + 1e-3
