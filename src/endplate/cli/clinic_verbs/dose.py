"""`endplate clinic dose`: amifampridine by label for one person, a regimen, a step, or a calendar of titration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.given_facts import FactsIfAny, Given
from endplate.cli.clinic_verbs.packs import Label
from endplate.cli.clinic_verbs.review import On

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from endplate.clinic.result import Result
    from endplate.foundation.records.clinical import Record

EPILOG: Final = (
    "Examples:\n\nendplate clinic dose facts.toml --pack us\n\n"
    "endplate clinic dose --pack us --fact age_years=60 --fact seizure_history=no --regimen 5x20\n\n"
    "endplate clinic dose facts.toml --pack eu --before 3x5 --regimen 10+5+5 --days 4\n\n"
    "endplate clinic dose facts.toml --pack eu --start 2026-12-01 --target 40\n\n"
    "Amounts are mg of base for a dose or a day, never mg per kg. There is no default pack: the labels differ."
)


def dose(
    pack: Label,
    facts: FactsIfAny = None,
    given: Given = None,
    regimen: Annotated[
        str | None, typer.Option("--regimen", metavar="5x20", help="The doses of a day in mg: 5x20, or 10+5+5.")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="3x5", help="The regimen before, to check the step.")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", metavar="N", help="Days on the regimen before.")] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="YYYY-MM-DD", help="Write a calendar of titration from this day.")
    ] = None,
    target: Annotated[str | None, typer.Option("--target", metavar="MG", help="The day's mg where it ends.")] = None,
    is_quick: Annotated[bool, typer.Option("--quick", help="The shorter interval that the label allows.")] = False,
    on: On = None,
    as_json: options.ListJson = False,
) -> None:
    """Say what a label allows to one person; contraindications stand before every amount."""
    from endplate.cli.clinic_verbs.given_facts import record_with
    from endplate.cli.clinic_verbs.inputs import day_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.dosing import dosing_results, titration
    from endplate.foundation.errors import InputError

    today = day_given(on)
    record = record_with(facts, given, today=today)
    if start is not None and regimen is not None:
        raise InputError("--start writes a calendar and --regimen checks a day: one of the two at a time.")
    if start is None and (target is not None or is_quick):
        raise InputError("--target and --quick belong to a calendar: add --start YYYY-MM-DD.")
    if start is not None:
        calendar = titration(
            record, pack=pack, start=_day(start), target_mg=_milligrams(target), pace="quick" if is_quick else "slow",
            today=today,
        )  # fmt: skip
        print_results([calendar], as_json=as_json)
        if not as_json:
            _print_steps(calendar)
        return
    checked = _checked(record, regimen, before, days, pack=pack, today=today)
    found = (checked,) if checked is not None else dosing_results(record, pack=pack, today=today)
    print_results(found, as_json=as_json)


def _checked(
    record: Record, regimen: str | None, before: str | None, days: int | None, *, pack: str, today: date
) -> Result | None:
    from endplate.clinic.dosing import check_regimen, check_step, read_regimen
    from endplate.foundation.errors import InputError

    if (before is None) != (days is None) or (before is not None and regimen is None):
        raise InputError("a step needs --before, --days and --regimen together.")
    if regimen is None:
        return None
    now = read_regimen(regimen)
    if before is None or days is None:
        return check_regimen(record, now, pack=pack, today=today)
    return check_step(record, read_regimen(before), now, days=days, pack=pack, today=today)


def _day(text: str) -> date:
    from datetime import date

    from endplate.foundation.errors import InputError

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--start must be a day as YYYY-MM-DD, got {text!r}: {error}.") from error


def _milligrams(text: str | None) -> Decimal | None:
    from endplate.clinic.dosing import read_regimen

    return None if text is None else read_regimen(text).daily_mg


def _print_steps(found: Result) -> None:
    from endplate.cli.console import out, table

    steps = found.values["steps"]
    if not steps:
        return
    shown = table("From", "mg a day", "Doses", right=("mg a day",))
    for step in steps:
        shown.add_row(step["date"], step["daily_mg"], step["shown"])
    out().print(shown)
