"""Likelihood ratios from counts, with intervals, and the probability after a test with its prior in sight."""

from __future__ import annotations

import functools
import math
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from endplate.foundation.errors import DataError, InputError, unknown_name

_FILE: Final = Path(__file__).with_name("ratios.toml")
_Z: Final = 1.959963984540054  # two-sided 95 %
_KEYS: Final = (
    "finding", "against", "with_yes", "with_all", "without_yes", "without_all", "source", "where", "checked", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ratio:
    """A likelihood ratio with its 95 % interval (log method)."""

    value: float
    low: float
    high: float

    def shown(self) -> str:
        """Return it rounded, with its interval.

        Examples
        --------
        >>> Ratio(72.33, 10.24, 510.9).shown()
        '72 (95 % interval 10-511)'
        """
        return f"{_rounded(self.value)} (95 % interval {_rounded(self.low)}-{_rounded(self.high)})"


def _rounded(number: float) -> str:
    """Write a number as papers do: whole from 10, one decimal from 1, else two digits."""
    digits = 0 if number >= 10 else 1 if number >= 1 else 1 - math.floor(math.log10(number))
    return f"{number:.{digits}f}"


def ratio_of_counts(*, with_yes: int, with_all: int, without_yes: int, without_all: int, is_positive: bool) -> Ratio:
    r"""Return the likelihood ratio of a finding present (or absent) from a two-by-two table.

    .. math:: LR = \frac{a / n_1}{b / n_2}, \qquad
              SE(\ln LR) = \sqrt{1/a - 1/n_1 + 1/b - 1/n_2}

    where a and b count persons with the finding (or without it). If any cell of the
    table is zero, 0.5 is added to every cell.

    Parameters
    ----------
    with_yes, with_all
        Persons with the disease: with the finding, and all.
    without_yes, without_all
        Persons without it.
    is_positive
        The ratio of the finding present; otherwise of it absent.

    Raises
    ------
    InputError
        If a count is below zero or above its whole.

    Examples
    --------
    >>> ratio_of_counts(with_yes=36, with_all=38, without_yes=12, without_all=101, is_positive=True).shown()
    '8.0 (95 % interval 4.7-14)'
    """
    for part, whole in ((with_yes, with_all), (without_yes, without_all)):
        if not 0 <= part <= whole or whole == 0:
            raise InputError(f"a count must lie between 0 and its whole, got {part} of {whole}. Were they swapped?")
    a: float = with_yes if is_positive else with_all - with_yes
    b: float = without_yes if is_positive else without_all - without_yes
    n1: float = with_all
    n2: float = without_all
    if 0 in (a, b, n1 - a, n2 - b):
        a, b, n1, n2 = a + 0.5, b + 0.5, n1 + 1, n2 + 1
    value = (a / n1) / (b / n2)
    spread = _Z * math.sqrt(1 / a - 1 / n1 + 1 / b - 1 / n2)
    return Ratio(value, value * math.exp(-spread), value * math.exp(spread))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of one finding in one study: persons (or tests) with LEMS, and against whom."""

    id: str
    finding: str
    against: str
    with_yes: int
    with_all: int
    without_yes: int
    without_all: int
    source: str
    where: str
    checked: str
    note: str = ""

    def ratio(self, *, is_positive: bool) -> Ratio:
        """Return the likelihood ratio of the finding present, or absent."""
        return ratio_of_counts(
            with_yes=self.with_yes, with_all=self.with_all, without_yes=self.without_yes,
            without_all=self.without_all, is_positive=is_positive,
        )  # fmt: skip


def _build(name: str, table: dict[str, Any]) -> Evidence:
    extra, missing = set(table) - set(_KEYS), [key for key in _KEYS[:-1] if key not in table]
    if extra or missing:
        raise DataError(f"{_FILE.name}: {name}: unknown {sorted(extra) or 'nothing'}, missing {missing or 'nothing'}.")
    return Evidence(id=name, **table)


@functools.cache
def evidence() -> dict[str, Evidence]:
    """Return every finding with its counts, by id."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: _build(name, table) for name, table in tables.items()}


def evidence_named(name: str) -> Evidence:
    """Return the counts of one finding.

    Raises
    ------
    UnknownNameError
        With the nearest name.

    Examples
    --------
    >>> evidence_named("lipka-60").ratio(is_positive=True).shown()
    '72 (95 % interval 10-510)'
    """
    known = evidence()
    if name not in known:
        raise unknown_name("evidence", name, known)
    return known[name]


def post_test(*, prior: float | Decimal, ratio: float) -> float:
    """Return the probability after a finding, from the one before it.

    Raises
    ------
    InputError
        If the prior is not between 0 and 1, or the ratio is not positive.

    Examples
    --------
    >>> round(post_test(prior=0.5, ratio=0.778 / (1 - 0.989)), 3)
    0.986
    """
    before = float(prior)
    if not 0 < before < 1:
        raise InputError(f"a prior is a probability above 0 and below 1, got {prior}. Divide a percentage by 100.")
    if not (ratio > 0 and math.isfinite(ratio)):
        raise InputError(f"a likelihood ratio is a finite number above 0, got {ratio:g}.")
    odds = before / (1 - before) * ratio
    return odds / (1 + odds)
