"""Scans: which of a record's scans start the clock, which fulfil a step, and which need an answer first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from endplate.foundation.records.clinical import Fact, Record

ADEQUATE: Final = ("ct_chest", "pet")  # a chest X-ray found only 51 % of tumours at first screening (Titulaer 2008)
NAMES: Final = {"ct_chest": "CT of the chest", "pet": "FDG-PET", "mri": "MRI", "x_ray": "chest X-ray"}


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan with a known day; `kind` and `result` are empty where unknown."""

    on: date
    kind: str
    result: str

    @property
    def is_adequate(self) -> bool:
        """Whether it is a scan that the protocols ask for, and it is known to be negative."""
        return self.kind in ADEQUATE and self.result == "negative"

    @property
    def shown(self) -> str:
        """The scan in words.

        Examples
        --------
        >>> Scan(date(2026, 1, 10), "ct_chest", "negative").shown
        'CT of the chest of 2026-01-10: negative'
        """
        return f"{NAMES.get(self.kind, self.kind or 'scan')} of {self.on}: {self.result or 'result not known'}"


def _word(row: Mapping[str, Fact], name: str) -> str:
    fact = row.get(name)
    return fact.value if fact is not None and fact.is_confirmed and isinstance(fact.value, str) else ""


def _day(row: Mapping[str, Fact]) -> date | None:
    fact = row.get("scan_date")
    return fact.value if fact is not None and fact.is_confirmed and isinstance(fact.value, date) else None


def scans_of(record: Record) -> tuple[Scan, ...]:
    """Return the scans whose day is known and confirmed, the oldest first."""
    found = []
    for row in record.scans:
        day = _day(row)
        if day is not None:
            found.append(Scan(day, _word(row, "kind"), _word(row, "result")))
    return tuple(sorted(found, key=lambda scan: scan.on))


def first_negative(scans: tuple[Scan, ...], *, onset: date | None = None) -> Scan | None:
    """Return the scan from which every schedule counts; an indeterminate one, an X-ray or one before onset is none."""
    return next((scan for scan in scans if scan.is_adequate and (onset is None or scan.on >= onset)), None)


def unresolved(scans: tuple[Scan, ...]) -> tuple[Scan, ...]:
    """Return the scans without a clear result that no later adequate scan has answered."""
    clear = [scan.on for scan in scans if scan.is_adequate or (scan.kind in ADEQUATE and scan.result == "positive")]
    last = max(clear, default=date.min)
    return tuple(scan for scan in scans if scan.result not in ("negative", "positive") and scan.on >= last)


def positive(scans: tuple[Scan, ...]) -> tuple[Scan, ...]:
    """Return the positive scans."""
    return tuple(scan for scan in scans if scan.result == "positive")


def has_undated_scan(record: Record) -> bool:
    """Return whether a scan is on record without a known day, so that nobody knows what it answers."""
    return any(_day(row) is None for row in record.scans)
