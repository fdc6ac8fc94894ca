"""Dates: months counted from a base, clamped to the end of the month."""

from __future__ import annotations

import calendar
from datetime import date


def add_months(base: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day where it has no such day.

    Counting always starts at the base, so that one short month does not pull all later dates forward.

    Examples
    --------
    >>> add_months(date(2026, 8, 31), 6), add_months(date(2026, 8, 31), 12)
    (datetime.date(2027, 2, 28), datetime.date(2027, 8, 31))
    """
    month = base.month - 1 + months
    year, month = base.year + month // 12, month % 12 + 1
    return date(year, month, min(base.day, calendar.monthrange(year, month)[1]))
