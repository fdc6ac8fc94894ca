"""Every kernel of foundation.random: compiled equals its Python source, bit for bit."""

import numpy as np
import pytest

from endplate.foundation.random import _kernels, normal_quantiles, stream

KEY = stream(8, "twins")


def _twins(kernel, *arguments):
    return kernel(*arguments), kernel.py_func(*arguments)


@pytest.mark.parametrize("item", [0, 1, 2**31, 2**40 + 3])
@pytest.mark.parametrize("draw", [0, 5, 2**20])
def test_words_uniform_and_normal_are_twins(item, draw):
    for kernel in (_kernels.uniform, _kernels.normal):
        fast, slow = _twins(kernel, KEY, item, draw)
        assert fast == slow
    fast, slow = _twins(_kernels.words, KEY, item, draw, 2)
    assert [int(word) for word in fast] == [int(word) for word in slow]


def test_the_normal_quantile_and_its_polynomial_are_twins():
    for p in [1e-300, 1e-20, 1e-9, 0.01, 0.0749, 0.0751, 0.3, 0.5, 0.9, 1.0 - 1e-12]:
        fast, slow = _twins(_kernels.normal_quantile, p)
        assert fast == slow
    fast, slow = _twins(_kernels._polynomial_7, 0.3, *np.linspace(1.0, 9.0, 8))
    assert fast == slow


def test_the_fast_normal_is_a_twin():
    for word in (0, 12345, 2**31, 2**32 - 1):
        fast, slow = _twins(_kernels.normal_fast, np.uint64(word), normal_quantiles())
        assert fast == slow


def test_rows_are_twins():
    fast, slow = np.empty((2, 4, 40), dtype=np.uint32)
    _kernels.word_rows(KEY, 2**32 - 20, 3, *fast)
    _kernels.word_rows.py_func(KEY, 2**32 - 20, 3, *slow)
    np.testing.assert_array_equal(fast, slow)
    fast, slow = np.empty((2, 40))
    _kernels.normal_row(KEY, 7, 3, fast)
    _kernels.normal_row.py_func(KEY, 7, 3, slow)
    np.testing.assert_array_equal(fast, slow)


@pytest.mark.parametrize(("n", "p"), [(0, 0.5), (4, 0.3), (50, 0.9), (300, 0.5), (5000, 0.02), (10**9, 0.4)])
def test_binomials_are_twins(n, p):
    for item in range(30):
        fast, slow = _twins(_kernels.binomial, KEY, item, 1, n, p)
        assert fast == slow


def test_the_steps_of_a_binomial_are_twins():
    fast, slow = _twins(_kernels.binomial_from_unit, 0.87, 200, 0.1)
    assert fast == slow
    fast, slow = _twins(_kernels._log_binomial_ratio, 1000.0, 310.0, 300.0, -0.8)
    assert fast == slow
    fast, slow = _twins(_kernels._binomial_by_rejection, KEY, 3, 1, 1000, 0.3)
    assert fast == slow


@pytest.mark.parametrize("mean", [0.0, 0.01, 2.0, 29.0, 31.0, 1e4])
def test_poissons_are_twins(mean):
    for item in range(30):
        fast, slow = _twins(_kernels.poisson, KEY, item, 1, mean)
        assert fast == slow


def test_the_steps_of_a_poisson_are_twins():
    fast, slow = _twins(_kernels.poisson_from_unit, 0.87, 7.5)
    assert fast == slow
    fast, slow = _twins(_kernels._poisson_by_rejection, KEY, 3, 1, 55.5)
    assert fast == slow


def test_multinomials_are_twins():
    weights = np.array([0.2, 0.0, 0.5, 0.3])
    for item in range(30):
        fast, slow = np.empty((2, 4), dtype=np.int64)
        _kernels.multinomial(KEY, item, 1, 800, weights, fast)
        _kernels.multinomial.py_func(KEY, item, 1, 800, weights, slow)
        np.testing.assert_array_equal(fast, slow)


def test_unit_from_words_is_a_twin():
    fast, slow = _twins(_kernels.unit_from_words, np.uint64(0xDEADBEEF), np.uint64(0x12345678))
    assert fast == slow


def test_every_kernel_of_the_room_has_its_twin_here():
    kernels = {name for name, item in vars(_kernels).items() if hasattr(item, "py_func")}
    tested = {
        *("philox", "words", "word_rows", "unit_from_words", "uniform", "_polynomial_7", "normal_quantile"),
        *("normal", "normal_row", "normal_fast", "_log_binomial_ratio", "_binomial_by_rejection"),
        *("binomial_from_unit", "binomial", "_poisson_by_rejection", "poisson_from_unit", "poisson", "multinomial"),
    }  # philox: in test_philox.py, against the published words
    assert kernels == tested
