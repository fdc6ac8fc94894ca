"""One line of a benchmark table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A measured figure beside its budget; None where the design sets none."""

    what: str
    measured: float
    unit: str
    budget: float | None = None
    aim: float | None = None
    bound: float | None = None
    note: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the printed cells."""

        def number(value: float | None) -> str:
            return "" if value is None else f"{value:.3g} {self.unit}"

        verdict = "" if self.budget is None else ("yes" if self.measured <= self.budget else "NO")
        return self.what, number(self.measured), number(self.budget), number(self.aim), number(self.bound), verdict


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the median wall time of `work`, after one run that is not counted. [s]"""
    work()
    found = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)
