"""Results of the surveillance room: each protocol as a line with its dates, and the plain list of its steps."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from endplate.clinic.reading import inputs_of, shown
from endplate.clinic.result import Input, Result
from endplate.clinic.risk.deltap import FACTS as SCORE_FACTS
from endplate.clinic.risk.deltap import score_deltap
from endplate.clinic.surveillance.protocols import notes
from endplate.clinic.surveillance.schedule import Schedule, schedules
from endplate.clinic.surveillance.stopping import FACTS, ever_smoker
from endplate.foundation.records.clinical import Record

_NEVER_ENDS: Final = "New symptoms override any stop. Dates count from the first negative scan, not from the diagnosis."
_LACKS_PET: Final = "Now open: this protocol adds FDG-PET to a negative CT, and none is on record."
_SEVERITY: Final = {"overdue": "warning", "act first": "critical", "due now": "caution"}


def surveillance_results(record: Record, *, today: date) -> tuple[Result, ...]:
    """Return one line per protocol, then what counts beside all of them.

    Examples
    --------
    >>> [result.verdict for result in surveillance_results(Record(), today=date(2026, 2, 1))]
    ['cannot tell', 'cannot tell', 'cannot tell', 'cannot tell', 'cannot tell', 'known', 'known']
    """
    five = schedules(record, today=today)
    beside = (head.result(verdict="known", statement=statement) for head, statement in notes())
    return (*(schedule_result(record, one, beside=five) for one in five), *beside)


def verdict_of(schedule: Schedule) -> str:
    """Return act first, cannot tell, overdue, due now, planned or completed."""
    if schedule.acts_first:
        return "act first"
    if schedule.base is None:
        return "cannot tell"
    statuses = [*(step.status for step in schedule.steps), *(["due now"] if schedule.lacks_pet else [])]
    return next((word for word in ("overdue", "due now", "planned") if word in statuses), "completed")


def schedule_result(record: Record, schedule: Schedule, *, beside: tuple[Schedule, ...] = ()) -> Result:
    """Return one protocol as a line; a stop is printed only beside the protocols that go on."""
    head, verdict = schedule.protocol.head, verdict_of(schedule)
    going_on = _going_on(beside) if schedule.may_stop is not None else ()
    other_views = (*head.other_views, *going_on)
    return head.result(
        verdict=verdict,
        statement=_statement(schedule),
        because=_because(schedule),
        inputs=(*inputs_of(record, *FACTS, *SCORE_FACTS, "onset_date"), *_scan_inputs(record)),
        missing=_missing(record, schedule),
        limits=(*head.limits, _NEVER_ENDS, *_onset_limit(record)),
        other_views=other_views,
        severity=_SEVERITY.get(verdict, "info"),
        values={
            "protocol": schedule.protocol.name,
            "base": None if schedule.base is None else schedule.base.isoformat(),
            "closes_no_earlier_than": None if schedule.closes is None else schedule.closes.isoformat(),
            "may_stop_after": None if schedule.may_stop is None else schedule.may_stop.isoformat(),
            "stop_forbidden_because": list(schedule.continued_because),
            "now": list(schedule.now),
            "lacks_pet": schedule.lacks_pet,
            "steps": steps_of(schedule),
        },
    )


def _going_on(five: tuple[Schedule, ...]) -> tuple[str, ...]:
    """Say which protocols continue where one of them stops."""
    names = [
        one.protocol.head.title + (" (unverified)" if one.protocol.head.support == "unverified" else "")
        for one in five
        if one.may_stop is None
    ]
    return (f"These continue to 2 years: {'; '.join(names)}.",) if names else ()


def steps_of(schedule: Schedule) -> list[dict[str, Any]]:
    """Return the steps as plain values, for orders, calendars and files.

    Returns
    -------
    list of dict
        ``number``, ``what``, ``earliest`` and ``due`` (ISO days), ``status``, ``done_by``, ``protocol``.
    """
    return [
        {
            "number": step.number, "what": step.what, "earliest": step.earliest.isoformat(),
            "due": step.due.isoformat(), "status": step.status, "done_by": step.done_by,
            "protocol": schedule.protocol.name,
        }
        for step in schedule.steps
    ]  # fmt: skip


def _statement(schedule: Schedule) -> str:
    mark = " (unverified)" if schedule.protocol.head.support == "unverified" else ""
    if schedule.base is None:
        return f"{schedule.now[0][0].upper()}{schedule.now[0][1:]}{mark}."
    days = ", ".join(
        step.due.isoformat() if step.earliest == step.due else f"{step.earliest} to {step.due}"
        for step in schedule.steps
    )
    end = ""
    if schedule.may_stop is not None:
        end = f" This protocol stops if the scan due {schedule.may_stop} is negative; others continue to 2 years."
    late = f" Overdue: {', '.join(step.due.isoformat() for step in schedule.overdue)}." if schedule.overdue else ""
    pet = f" {_LACKS_PET}" if schedule.lacks_pet else ""
    return f"{schedule.protocol.scan}{mark}: {days}.{late}{pet}{end}"


def _because(schedule: Schedule) -> tuple[str, ...]:
    said = schedule.now if schedule.base is not None else schedule.now[1:]
    lines = [f"{text[0].upper()}{text[1:]}." for text in said]
    if schedule.base is not None:
        lines.append(f"First negative scan: {schedule.base}; 2 years end no earlier than {schedule.closes}.")
    if schedule.track.note:
        lines.append(f"{schedule.track.note[0].upper()}{schedule.track.note[1:]}.")
    if schedule.continued_because:
        lines.append(f"Its early stop is not printed: {'; '.join(schedule.continued_because)}. The scans go on.")
    lines.append(f"Its own words on stopping: {schedule.protocol.stop}.")
    lines += [f"Step {step.number}: {step.done_by}." for step in schedule.steps if step.done_by]
    return tuple(lines)


def _scan_inputs(record: Record) -> tuple[Input, ...]:
    return tuple(
        Input(f"scans[{index}]", ", ".join(shown(row.get(name)) for name in ("scan_date", "kind", "result")))
        for index, row in enumerate(record.scans)
    )


def _missing(record: Record, schedule: Schedule) -> tuple[str, ...]:
    names = [] if schedule.base is not None else ["scans"]
    if record.known("sox1_antibody") == "unknown":
        names.append("sox1_antibody")
    if ever_smoker(record) == "unknown":
        names.append("smoker_ever")
    names += [name for name in ("new_chest_symptoms", "haemoptysis") if record.known(name) == "unknown"]
    names += [name for item in score_deltap(record).unknown for name in item.asks]
    return tuple(dict.fromkeys(names))


def _onset_limit(record: Record) -> tuple[str, ...]:
    if record.day("onset_date") is not None:
        return ()
    return ("The day of onset is not known: a scan made before the weakness began does not count as the first.",)
