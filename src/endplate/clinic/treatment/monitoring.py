"""Monitoring: what is looked at during the treatments of one record, with the next days where the start is known."""

from __future__ import annotations

from datetime import date
from typing import Final

from endplate.clinic.result import Input, Result
from endplate.clinic.surveillance.dates import add_months
from endplate.clinic.treatment.catalogue import Monitoring, catalogue
from endplate.foundation.records.clinical import Medicine, Record

SHOWN: Final = 3  # next days of a repeated check


def next_days(start: date, *, every_months: int, today: date, count: int = SHOWN) -> tuple[date, ...]:
    """Return the next days of a check that repeats from the start of a treatment, today included.

    Examples
    --------
    >>> next_days(date(2025, 8, 31), every_months=1, today=date(2026, 2, 1), count=2)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    months = max(0, (today.year - start.year) * 12 + today.month - start.month)
    number = max(1, months // every_months)
    days: list[date] = []
    while len(days) < count:
        day = add_months(start, number * every_months)
        if day >= today:
            days.append(day)
        number += 1
    return tuple(days)


def monitoring_results(record: Record, *, today: date, pack: str | None = None) -> tuple[Result, ...]:
    """Return one line per check that the medicines taken or proposed ask for.

    Examples
    --------
    >>> record = Record(medicines=(Medicine("Imuran 50 mg", since=date(2026, 1, 15)),))
    >>> [result.values["next"] for result in monitoring_results(record, today=date(2026, 3, 1))]
    [['2026-03-15', '2026-04-15', '2026-05-15']]
    """
    from endplate.clinic.medicines.check import recognised_medicines
    from endplate.clinic.treatment.results import applies

    lines = []
    for one in recognised_medicines(record):
        name = one.substance.name if one.substance is not None else ""
        lines += [
            _line(rule, one.medicine, today)
            for rule in catalogue().monitoring
            if name in rule.substances and applies(rule.pack, pack)
        ]
    return tuple(lines)


def _line(rule: Monitoring, medicine: Medicine, today: date) -> Result:
    days: tuple[date, ...] = ()
    if rule.every_months is not None and medicine.since is not None:
        days = next_days(medicine.since, every_months=rule.every_months, today=today)
    dated = f" Next: {', '.join(day.isoformat() for day in days)}." if days else ""
    return catalogue().head.result(
        verdict="planned" if days else "undated",
        statement=f"{medicine.name}: {rule.what}, {rule.words}.{dated}",
        title=f"Monitoring: {medicine.name}",
        inputs=(Input("medicines", medicine.name, medicine.source, str(medicine.since or "")),),
        missing=() if medicine.since is not None or rule.every_months is None else ("medicines.since",),
        sources=(rule.source,),
        support="published",
        rows=("M075", "M084", "M098"),
        values={"id": rule.id, "what": rule.what, "words": rule.words, "next": [day.isoformat() for day in days]},
    )
