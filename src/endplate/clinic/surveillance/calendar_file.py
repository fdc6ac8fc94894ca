"""Calendar file: the open steps of a schedule as iCalendar, with identifiers that stay the same from file to file."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from endplate.clinic.surveillance.schedule import Schedule, Step
from endplate.foundation.errors import InputError

if TYPE_CHECKING:
    from icalendar import Calendar

_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "surveillance.endplate")
_REMIND: Final = timedelta(days=-14)
INTENDED_USE: Final = (
    "An option with its source, for a clinician to review; not an order. "
    "A calendar may fail to remind: keep the dates in the clinic's own system too. "
    "Research and education; not a medical device, and not for emergencies."
)


def calendar_bytes(schedule: Schedule, *, label: str, today: date) -> bytes:
    """Return the open steps of one schedule as an iCalendar file.

    A later file for the same person, protocol and first scan carries the same identifiers, so that
    a calendar replaces the entries instead of doubling them. The summary names no disease.

    Parameters
    ----------
    schedule
        As from `schedules`.
    label
        What tells this person from others; only a hash of it enters the file.
    today
        The day of writing, the stamp of every entry.

    Raises
    ------
    InputError
        If there are no dates, because no negative scan is on record.

    References
    ----------
    .. [1] RFC 5545.
    """
    from icalendar import Calendar

    if schedule.base is None:
        raise InputError(
            "there is no first negative scan on record, so there are no dates to put into a calendar. "
            "Add the scan to [[scans]] with scan_date, kind and result."
        )
    calendar = Calendar()
    calendar.add("prodid", "-//Endplate//surveillance//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for step in schedule.steps:
        if step.status not in ("done", "missed"):
            _add_event(calendar, schedule, step, label=label, today=today)
    written: bytes = calendar.to_ical()
    return written


def event_uid(schedule: Schedule, step: Step, *, label: str) -> str:
    """Return the identifier of one step: the same whenever person, protocol, first scan and step are."""
    key = "|".join((label, schedule.protocol.name, str(schedule.base), f"{step.months[0]}-{step.months[1]}"))
    return f"{uuid.uuid5(_NAMESPACE, key)}@endplate"


def _add_event(calendar: Calendar, schedule: Schedule, step: Step, *, label: str, today: date) -> None:
    from icalendar import Alarm, Event

    stamp = datetime.combine(today, time(), tzinfo=UTC)
    head = schedule.protocol.head
    window = "" if step.earliest == step.due else f" Window: {step.earliest} to {step.due}."
    mark = " (unverified)" if head.support == "unverified" else ""
    late = " OVERDUE." if step.status == "overdue" else ""
    event = Event()
    event.add("uid", event_uid(schedule, step, label=label))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("dtstart", step.due)
    event.add("dtend", step.due + timedelta(days=1))
    event.add("summary", f"Scan due: {step.what}")
    event.add("description", f"Protocol {head.title}{mark}, step {step.number}.{window}{late} {INTENDED_USE}")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["surveillance"])
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Scan due on {step.due}: {step.what}")
    alarm.add("trigger", _REMIND)
    event.add_component(alarm)
    calendar.add_component(event)
