"""Surveillance: five protocols dated from the first negative scan, what is overdue, what overrides a stop."""

from endplate.clinic.surveillance.calendar_file import calendar_bytes, event_uid
from endplate.clinic.surveillance.dates import add_months
from endplate.clinic.surveillance.protocols import Protocol, protocol, protocols
from endplate.clinic.surveillance.results import schedule_result, steps_of, surveillance_results, verdict_of
from endplate.clinic.surveillance.scans import Scan, scans_of
from endplate.clinic.surveillance.schedule import Schedule, Step, schedule_of, schedules
from endplate.clinic.surveillance.stopping import forbids_stop

__all__ = [
    "Protocol",
    "Scan",
    "Schedule",
    "Step",
    "add_months",
    "calendar_bytes",
    "event_uid",
    "forbids_stop",
    "protocol",
    "protocols",
    "scans_of",
    "schedule_of",
    "schedule_result",
    "schedules",
    "steps_of",
    "surveillance_results",
    "verdict_of",
]
