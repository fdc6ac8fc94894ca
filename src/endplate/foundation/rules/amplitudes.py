"""Percent changes of amplitudes as a clinician would compute them by hand: in decimals."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

from endplate.foundation.errors import InputError

HUNDREDTH_MV: Final = Decimal("0.01")


def rounded_mv(amplitude_mv: float | Decimal | str) -> Decimal:
    """Return an amplitude rounded half-even to 0.01 mV, from the number as it is written.

    Raises
    ------
    InputError
        If it is not a finite number.

    Examples
    --------
    >>> rounded_mv(1.125), rounded_mv(1.135)
    (Decimal('1.12'), Decimal('1.14'))
    """
    given = Decimal(amplitude_mv) if isinstance(amplitude_mv, (Decimal, str)) else Decimal(repr(float(amplitude_mv)))
    if not given.is_finite() or math.isinf(float(given)):
        raise InputError(f"an amplitude must be a finite number of mV, got {amplitude_mv!r}.")
    return given.quantize(HUNDREDTH_MV, rounding=ROUND_HALF_EVEN)


def _change(first_mv: float | Decimal | str, second_mv: float | Decimal | str) -> Fraction:
    first, second = Fraction(rounded_mv(first_mv)), Fraction(rounded_mv(second_mv))
    if first <= 0:
        raise InputError(
            f"a percentage needs a first amplitude of at least 0.01 mV, got {first_mv}. Was the sweep blank?"
        )
    return 100 * (second - first) / first


def increment_percent(*, before_mv: float | Decimal | str, after_mv: float | Decimal | str) -> Fraction:
    """Return 100 (after - before) / before of the rounded amplitudes, exactly.

    Examples
    --------
    >>> increment_percent(before_mv=1.1, after_mv=1.76)
    Fraction(60, 1)
    """
    return _change(before_mv, after_mv)


def decrement_percent(*, first_mv: float | Decimal | str, later_mv: float | Decimal | str) -> Fraction:
    """Return 100 (first - later) / first of the rounded amplitudes, exactly.

    Examples
    --------
    >>> decrement_percent(first_mv=2.0, later_mv=1.8)
    Fraction(10, 1)
    """
    return -_change(first_mv, later_mv)
