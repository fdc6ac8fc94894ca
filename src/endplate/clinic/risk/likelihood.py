"""Likelihood: exact likelihood ratios from counts, their intervals, and what they do to a prior."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from endplate.foundation.errors import InputError

_Z95: Final = 1.959963984540054  # 97.5th percentile of the normal distribution


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A ratio with its 95 % interval (log method)."""

    value: float
    low: float
    high: float


def _ratio(hits: int, people: int, others: int, other_people: int) -> LikelihoodRatio:
    value = Fraction(hits, people) / Fraction(others, other_people)
    spread = math.exp(_Z95 * math.sqrt(1 / hits - 1 / people + 1 / others - 1 / other_people))
    return LikelihoodRatio(float(value), float(value) / spread, float(value) * spread)


def likelihood_ratios(
    *, positive_with: int, with_condition: int, positive_without: int, without_condition: int
) -> tuple[LikelihoodRatio, LikelihoodRatio]:
    """Return the ratios of a positive and of a negative test, with 95 % intervals.

    Parameters
    ----------
    positive_with, with_condition
        People with the condition who test positive, and all of them.
    positive_without, without_condition
        The same of people without it.

    Raises
    ------
    InputError
        If a cell is empty: then no ratio is given rather than one that a correction made.

    Examples
    --------
    >>> positive, negative = likelihood_ratios(
    ...     positive_with=29, with_condition=43, positive_without=2, without_condition=43
    ... )
    >>> round(positive.value, 1), round(positive.low, 1), round(positive.high), round(negative.value, 2)
    (14.5, 3.7, 57, 0.34)
    """
    cells = (positive_with, with_condition - positive_with, positive_without, without_condition - positive_without)
    if min(cells) <= 0:
        raise InputError(
            f"a likelihood ratio needs at least one person in each of the four cells, got {cells}. "
            "Show the counts themselves instead."
        )
    return (
        _ratio(positive_with, with_condition, positive_without, without_condition),
        _ratio(cells[1], with_condition, cells[3], without_condition),
    )


def post_test(*, prior: float | Decimal | Fraction, likelihood_ratio: float) -> float:
    """Return the probability after a test, by Bayes' rule in odds.

    Raises
    ------
    InputError
        If the prior is not a probability in [0, 1].

    Examples
    --------
    >>> round(post_test(prior=0.60, likelihood_ratio=14.5), 3)
    0.956
    """
    chance = float(prior)
    if not 0.0 <= chance <= 1.0:
        raise InputError(f"a prior is a probability in [0, 1], got {chance:g}. Divide a percentage by 100.")
    against = 1.0 - chance
    return chance * likelihood_ratio / (chance * likelihood_ratio + against)


def share_interval(*, hits: int, people: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share.

    Examples
    --------
    >>> low, high = share_interval(hits=54, people=100)
    >>> round(low, 3), round(high, 3)
    (0.443, 0.634)
    """
    share, square = hits / people, _Z95**2
    centre = (share + square / (2 * people)) / (1 + square / people)
    half = _Z95 * math.sqrt(share * (1 - share) / people + square / (4 * people**2)) / (1 + square / people)
    return centre - half, centre + half
