"""`endplate clinic schedule`: five surveillance protocols dated from the first negative scan, as list and calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.review import Facts, On

if TYPE_CHECKING:
    from endplate.foundation.records.clinical import Record

DEFAULT: Final = "bmj-bp"  # six-monthly to 2 years for everybody: it never stops early
EPILOG: Final = (
    "Examples:\n\nendplate clinic schedule facts.toml\n\n"
    "endplate clinic schedule facts.toml --protocol deltap-authors --ics scans.ics\n\n"
    "endplate clinic schedule facts.toml --date 2026-11-01 --json"
)


def _names(incomplete: str) -> list[tuple[str, str]]:
    from endplate.clinic.surveillance import protocols

    return [(name, one.head.title) for name, one in protocols().items() if name.startswith(incomplete)]


def schedule(
    facts: Facts,
    on: On = None,
    protocol: Annotated[
        str | None,
        typer.Option("--protocol", metavar="NAME", autocompletion=_names, help="Show one; without it all five."),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FILE", help=f"Write the open steps (of {DEFAULT} if none is named)."),
    ] = None,
    as_json: options.ListJson = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Date the surveillance scans by five protocols: what is due, what is overdue, and why a stop is not printed."""
    from endplate.cli.checks import refuse_existing
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.surveillance import protocol as protocol_named
    from endplate.clinic.surveillance import surveillance_results

    today = day_given(on)
    chosen = protocol_named(protocol or DEFAULT)
    if ics is not None:
        refuse_existing(ics, overwrite=overwrite)
    record = record_given(facts, today=today)
    results = surveillance_results(record, today=today)
    if protocol is not None:
        results = tuple(one for one in results if one.rule == protocol)
    if ics is not None:
        _write(record, chosen.name, ics, label=record.label or Path(facts).stem, today=today)
    print_results(results, as_json=as_json)


def _write(record: Record, name: str, ics: Path, *, label: str, today: date) -> None:
    from endplate.cli.console import say
    from endplate.clinic.surveillance import calendar_bytes, protocol, schedule_of
    from endplate.foundation.errors import OutputError

    written = calendar_bytes(schedule_of(record, protocol(name), today=today), label=label, today=today)
    try:
        ics.write_bytes(written)
    except OSError as error:
        raise OutputError(f"{ics} could not be written: {error.strerror}. Choose another folder.") from error
    say(f"wrote {ics}, protocol {name}")
