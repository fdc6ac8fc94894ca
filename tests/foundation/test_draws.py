"""Draws against scipy.stats; each bound says how often a correct draw would miss it.

Every test has fixed seeds, so it passes or fails once and for all; the significance level
1e-6 keeps a change of stream from failing by bad luck.
"""

import numpy as np
import pytest
from scipy import special, stats

from endplate.foundation.compile import kernel
from endplate.foundation.random import _kernels, normal_quantiles, stream

ALPHA = 1e-6
N = 100_000


@kernel
def _fill_uniform(key, out):
    for j in range(out.size):
        out[j] = _kernels.uniform(key, j, 0)


@kernel
def _fill_binomial(key, n, p, out):
    for j in range(out.size):
        out[j] = _kernels.binomial(key, j, 0, n, p)


@kernel
def _fill_poisson(key, mean, out):
    for j in range(out.size):
        out[j] = _kernels.poisson(key, j, 0, mean)


@kernel
def _fill_multinomial(key, n, weights, out):
    for j in range(out.shape[0]):
        _kernels.multinomial(key, j, 0, n, weights, out[j])


def _counts(fill, *arguments, key, size=N):
    out = np.empty(size, dtype=np.int64)
    fill(key, *arguments, out)
    return out


def _chi_square_p(draws, distribution):
    """P value of counts against a discrete law; cells of at least 20 expected draws, tails merged."""
    low, high = int(distribution.ppf(1e-12)), int(distribution.isf(1e-12))
    cells = np.arange(low, high + 1)
    expected = distribution.pmf(cells) * draws.size
    inside = np.flatnonzero(expected >= 20)
    edges = cells[inside[1:]]  # a cell starts at each; below the first and from the last on are tails
    observed = np.bincount(np.searchsorted(edges, draws, side="right"), minlength=edges.size + 1)
    probability = np.diff(np.concatenate([[0.0], distribution.cdf(edges - 1), [1.0]]))
    return stats.chisquare(observed, probability * draws.size).pvalue


def test_uniform_draws_are_uniform():
    out = np.empty(N)
    _fill_uniform(stream(1, "uniform"), out)
    assert stats.kstest(out, "uniform").pvalue > ALPHA


def test_normal_draws_are_standard_normal():
    out = np.empty(N)
    _kernels.normal_row(stream(1, "normal"), 0, 0, out)
    assert stats.kstest(out, "norm").pvalue > ALPHA


def test_the_normal_quantile_agrees_with_scipy_in_the_middle_and_in_both_tails():
    tails = np.logspace(-300, -1, 400)
    p = np.concatenate([tails, np.linspace(0.001, 0.999, 999), 1.0 - np.logspace(-15, -1, 60)])
    ours = np.array([_kernels.normal_quantile(each) for each in p])
    np.testing.assert_allclose(ours, special.ndtri(p), rtol=2e-14, atol=2e-15)


# inversion (n p < 30), rejection (above), mirrored p, edges of the regimes, and large n
BINOMIALS = [
    (1, 0.3),
    (4, 0.5),
    (59, 0.5),
    (61, 0.5),
    (50, 0.97),
    (400, 0.02),
    (400, 0.07),
    (400, 0.076),
    (2000, 0.25),
    (2000, 0.9),
    (1_000_000, 1e-6),
    (1_000_000, 0.3),
    (1_000_000_000, 1e-7),
    (1_000_000_000, 1e-8),
]


@pytest.mark.parametrize(("n", "p"), BINOMIALS)
def test_binomial_draws_follow_the_binomial_law(n, p):
    draws = _counts(_fill_binomial, n, p, key=stream(2, "binomial", n))
    law = stats.binom(n, p)
    assert 0 <= draws.min() <= draws.max() <= n
    assert _chi_square_p(draws, law) > ALPHA
    assert abs(draws.mean() - law.mean()) < 4.9 * law.std() / np.sqrt(N)  # 4.9 standard errors: 1 in 10^6


@pytest.mark.parametrize(
    ("n", "p", "certain"), [(0, 0.5, 0), (7, 0.0, 0), (7, 1.0, 7), (7, -0.1, 0), (7, 1.1, 7), (-3, 0.5, 0)]
)
def test_a_binomial_without_chance_is_certain(n, p, certain):
    assert set(_counts(_fill_binomial, n, p, key=stream(2, "edge"), size=100)) == {certain}


def test_a_tiny_probability_releases_about_n_p():
    draws = _counts(_fill_binomial, 200, 1e-9, key=stream(2, "tiny"))
    assert draws.sum() <= 3  # Poisson of mean 0.02: four or more in 1 of 10^8


def test_inversion_ends_where_rounding_leaves_a_sliver_beyond_all_weights():
    last = 1.0 - 2.0**-53
    assert _kernels.binomial_from_unit(last, 1_000_000_000, 1e-9) <= 70
    assert _kernels.poisson_from_unit(last, 1.0) <= 71


@pytest.mark.parametrize("mean", [1e-3, 0.2, 3.0, 29.9, 30.1, 120.0, 5e4])
def test_poisson_draws_follow_the_poisson_law(mean):
    draws = _counts(_fill_poisson, mean, key=stream(3, "poisson", int(1000 * mean)))
    assert _chi_square_p(draws, stats.poisson(mean)) > ALPHA
    assert abs(draws.mean() - mean) < 4.9 * np.sqrt(mean / N)


@pytest.mark.parametrize("mean", [0.0, -1.0])
def test_a_poisson_without_mean_is_zero(mean):
    assert set(_counts(_fill_poisson, mean, key=stream(3, "edge"), size=100)) == {0}


def test_multinomial_splits_all_objects_by_their_weights():
    n, weights = 200, np.array([1.0, 5.0, 0.0, 2.0, 2.0])  # weights need not add up to 1
    out = np.empty((N, weights.size), dtype=np.int64)
    _fill_multinomial(stream(4, "split"), n, weights, out)
    p = weights / weights.sum()
    assert (out.sum(axis=1) == n).all()
    assert (out[:, 2] == 0).all()
    for j in (0, 1, 3, 4):
        assert _chi_square_p(out[:, j], stats.binom(n, p[j])) > ALPHA
    # covariance of two counts is -n p q; its sampling error is about n sqrt(p q / N)
    error = np.cov(out[:, 1], out[:, 4])[0, 1] + n * p[1] * p[4]
    assert abs(error) < 4.9 * n * np.sqrt(p[1] * p[4] / N)


def test_trailing_classes_of_weight_zero_get_nothing():
    weights = np.array([0.1, 0.2, 0.7, 0.0, 0.0])  # 0.1 + 0.2 + 0.7 - 0.1 - 0.2 - 0.7 is not 0
    out = np.empty((2000, 5), dtype=np.int64)
    _fill_multinomial(stream(4, "trailing"), 10**9, weights, out)
    assert (out[:, 3:] == 0).all()
    assert (out.sum(axis=1) == 10**9).all()


def test_the_fast_normal_has_mean_zero_and_variance_one_within_its_stated_error():
    table = normal_quantiles()
    left, step = table[:-1], np.diff(table)
    mean = (left + step / 2).mean()  # a cell is drawn uniformly along its line
    variance = (left**2 + left * step + step**2 / 3).mean() - mean**2
    assert abs(mean) < 1e-15
    assert abs(variance - 1.0) < 2e-4
    assert table[-1] < 4.0


def test_the_fast_normal_is_the_quantile_of_its_word():
    cell = 2.0**-12
    for u in (0.002, 0.3, 0.5, 0.77, 0.998):
        z = special.ndtri(u)
        curvature = abs(z) / stats.norm.pdf(np.abs(z) + 0.05) ** 2  # second derivative, at its largest in the cell
        drawn = _kernels.normal_fast(np.uint64(int(u * 2**32)), normal_quantiles())
        assert abs(drawn - z) <= cell**2 / 8 * curvature + 1e-8  # the error of a straight line


def test_the_shared_table_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        normal_quantiles()[0] = 0.0


def test_draws_do_not_depend_on_order_or_chunks():
    key = stream(5, "chunks")
    whole, chunked, backwards = np.empty((3, 1000))
    _kernels.normal_row(key, 0, 4, whole)
    for low in range(0, 1000, 137):
        _kernels.normal_row(key, low, 4, chunked[low : low + 137])
    for j in reversed(range(1000)):
        backwards[j] = _kernels.normal(key, j, 4)
    np.testing.assert_array_equal(whole, chunked)
    np.testing.assert_array_equal(whole, backwards)


def test_neighbouring_objects_draws_and_streams_are_uncorrelated():
    def normals(what, draw):
        out = np.empty(N)
        _kernels.normal_row(stream(6, what), 0, draw, out)
        return out

    first = normals("one", 0)
    bound = 4.9 / np.sqrt(N)
    for other in (np.roll(first, 1), normals("one", 1), normals("two", 0)):
        assert abs(np.corrcoef(first, other)[0, 1]) < bound
