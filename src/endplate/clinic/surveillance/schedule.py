"""Schedule: one protocol's windows as days from the first negative scan, with what was done and what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from endplate.clinic.logic import all_of, any_of, known_of, negation
from endplate.clinic.record.derived import age_years
from endplate.clinic.risk.deltap import DeltaP, score_deltap
from endplate.clinic.surveillance.dates import add_months
from endplate.clinic.surveillance.protocols import Protocol, Track, Window, protocols
from endplate.clinic.surveillance.scans import Scan, first_negative, has_undated_scan, positive, scans_of, unresolved
from endplate.clinic.surveillance.stopping import ever_smoker, forbids_stop, new_symptoms
from endplate.foundation.records.clinical import Record

Status = Literal["done", "missed", "overdue", "due now", "planned"]
CLOSES_MONTHS: Final = 24
YOUNG_YEARS: Final = Decimal(45)  # <
GRACE: Final = timedelta(days=30)  # ours: a scan this much before its window still counts for it


@dataclass(frozen=True, slots=True)
class Step:
    """One scan of a schedule: not before `earliest`, not after `due`."""

    number: int
    months: Window
    earliest: date
    due: date
    status: Status
    what: str
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One protocol for one person.

    `base` is None as long as no adequate negative scan is on record: then there are no dates.
    `now` is what does not wait for a date; `acts_first` says that it stands above the dates.
    `lacks_pet`: its first screening adds FDG-PET to a negative CT, and none is on record.
    `may_stop` is the day of the last step where the protocol ends before 2 years and nothing forbids
    it; None otherwise. `continued_because` says why an early stop is not printed.
    """

    protocol: Protocol
    track: Track
    base: date | None
    steps: tuple[Step, ...]
    closes: date | None
    may_stop: date | None
    continued_because: tuple[str, ...]
    now: tuple[str, ...]
    acts_first: bool
    lacks_pet: bool

    @property
    def overdue(self) -> tuple[Step, ...]:
        """The steps whose last day has passed without a scan."""
        return tuple(step for step in self.steps if step.status == "overdue")


def schedules(record: Record, *, today: date) -> tuple[Schedule, ...]:
    """Return all five protocols for one person, as they stand on one day.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> scan = {"scan_date": "2026-01-10", "kind": "ct_chest", "result": "negative"}
    >>> record = record_of({"scans": [scan]}, today=date(2026, 2, 1))
    >>> [str(step.due) for step in schedules(record, today=date(2026, 2, 1))[1].steps]
    ['2026-04-10', '2026-10-10', '2027-04-10', '2027-10-10', '2028-04-10']
    """
    return tuple(schedule_of(record, one, today=today) for one in protocols().values())


def schedule_of(record: Record, protocol: Protocol, *, today: date) -> Schedule:
    """Return one protocol for one person, as it stands on one day."""
    score = score_deltap(record)
    scans = tuple(scan for scan in scans_of(record) if scan.on <= today)
    start = first_negative(scans, onset=record.day("onset_date"))
    base = start.on if start is not None else None
    track = _track(record, protocol, score, base or today)
    forbidden = forbids_stop(record, score, scans)
    goes_on = track.stops_early and bool(forbidden)
    windows = track.continued if goes_on else track.windows
    steps = _steps(protocol, windows, base, scans, today) if base is not None else ()
    urgent = _urgent(record, scans)
    stops = track.stops_early and not forbidden and bool(steps)
    return Schedule(
        protocol=protocol,
        track=track,
        base=base,
        steps=steps,
        closes=None if base is None else add_months(base, CLOSES_MONTHS),
        may_stop=steps[-1].due if stops else None,
        continued_because=forbidden if goes_on else (),
        now=(*urgent, *_first_screening(record, protocol, scans, base)),
        acts_first=bool(urgent),
        lacks_pet=_lacks_pet(record, protocol, scans, base),
    )


def _track(record: Record, protocol: Protocol, score: DeltaP, on: date) -> Track:
    """Return the branch that applies; an unknown leads to the one with more scans."""
    for track in protocol.tracks:
        if track.scores is not None:
            fits = track.scores[0] <= score.high <= track.scores[1]
        elif track.is_for_young_never_smokers:
            age = age_years(record, on)
            young = known_of(None if age is None else age < YOUNG_YEARS)
            fits = all_of([young, negation(ever_smoker(record)), record.known("hla_8_1")]) == "yes"
        else:
            fits = True
        if fits:
            return track
    return protocol.tracks[-1]


def _steps(
    protocol: Protocol, windows: tuple[Window, ...], base: date, scans: tuple[Scan, ...], today: date
) -> tuple[Step, ...]:
    days = [(add_months(base, first), add_months(base, last)) for first, last in windows]
    done = _fulfilled(days, [scan for scan in scans if scan.is_adequate and scan.on > base])
    latest = max(done, default=-1)
    steps = []
    for index, (earliest, due) in enumerate(days):
        status: Status
        if index in done:
            status = "done"
        elif index < latest:
            status = "missed"
        else:
            status = "overdue" if due < today else "due now" if earliest <= today else "planned"
        by = done[index].shown if index in done else ""
        steps.append(Step(index + 1, windows[index], earliest, due, status, protocol.scan, by))
    return tuple(steps)


def _fulfilled(days: list[tuple[date, date]], scans: list[Scan]) -> dict[int, Scan]:
    """Give each scan to the latest step that had begun by its day; one scan fulfils one step."""
    done: dict[int, Scan] = {}
    for scan in scans:
        begun = [index for index, (earliest, _) in enumerate(days) if earliest - GRACE <= scan.on]
        if begun:
            done.setdefault(begun[-1], scan)
    return done


def _urgent(record: Record, scans: tuple[Scan, ...]) -> tuple[str, ...]:
    """Return what stands above every date."""
    found = (
        ["a lung tumour is on record: oncology leads, and these dates no longer look for it"]
        if _has_tumour(record)
        else []
    )
    found += [f"{scan.shown}: evaluate the finding; the dates wait for its result" for scan in positive(scans)]
    found += [f"{scan.shown}: not negative, clear it up" for scan in unresolved(scans)]
    if has_undated_scan(record):
        found.append("a scan has no date: add it, so that it can count")
    if new_symptoms(record) == "yes":
        found.append("new symptoms: re-evaluate now, whatever the schedule and even after its end")
    return tuple(found)


def _first_screening(record: Record, protocol: Protocol, scans: tuple[Scan, ...], base: date | None) -> tuple[str, ...]:
    """Ask for the first screening where no scan has started the clock and no tumour was seen."""
    if base is not None or _has_tumour(record) or positive(scans):
        return ()
    return (f"no negative CT of the chest or PET on record: first {protocol.initial}; dates count from it",)


def _lacks_pet(record: Record, protocol: Protocol, scans: tuple[Scan, ...], base: date | None) -> bool:
    """Whether the first screening of this protocol is unfinished: CT was negative, and no FDG-PET is on record."""
    is_open = protocol.adds_pet and base is not None and not _has_tumour(record)
    return is_open and not positive(scans) and not any(scan.kind == "pet" for scan in scans)


def _has_tumour(record: Record) -> bool:
    return any_of([record.known("lung_cancer"), record.known("sclc")]) == "yes"
