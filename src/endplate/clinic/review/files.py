"""Files that other programs open: the calendar of the protocols and the FHIR bundle."""

from __future__ import annotations

from datetime import UTC, datetime, time
from importlib.util import find_spec
from typing import Final

from endplate.clinic.review.review import Review
from endplate.foundation.errors import EndplateError

_EXTRA: Final = "Install the extra: pip install 'endplate[clinic]'"


def further_files(review: Review) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return files by name, and a sentence for each that could not be made.

    The calendar holds the protocol of the DELTA-P authors; the others stand on the page beside it.
    """
    files: dict[str, bytes] = {}
    problems: list[str] = []
    if review.is_simulated:
        problems.append("No calendar was written: dates of a lesson must not reach a real calendar (SIMULATED).")
    elif find_spec("icalendar") is None:
        problems.append(f"No calendar was written: icalendar is not installed. {_EXTRA}.")
    else:
        files |= _calendar(review, problems)
    if find_spec("fhir") is None:
        problems.append(f"No bundle was written: fhir.resources is not installed. {_EXTRA}.")
    else:
        try:
            files["bundle.json"] = _bundle(review)
        except EndplateError as error:
            problems.append(f"No bundle was written: {error}")
    return files, tuple(problems)


def _bundle(review: Review) -> bytes:
    from endplate.clinic import fhir

    issued = datetime.combine(review.settings.on, time(), tzinfo=UTC)
    return fhir.text_of(fhir.write_bundle(review.record, review.results, issued=issued)).encode()


def _calendar(review: Review, problems: list[str]) -> dict[str, bytes]:
    from endplate.clinic.surveillance import calendar_bytes, protocol, schedule_of

    schedule = schedule_of(review.record, protocol("deltap-authors"), today=review.settings.on)
    if not schedule.steps:
        problems.append(
            "No calendar was written: no negative scan is recorded, so no protocol has a date to start from."
        )
        return {}
    return {"surveillance.ics": calendar_bytes(schedule, label=review.record.label, today=review.settings.on)}
