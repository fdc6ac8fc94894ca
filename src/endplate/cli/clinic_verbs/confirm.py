"""`endplate clinic confirm`: a named person accepts measured numbers, each by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.review import On

if TYPE_CHECKING:
    from endplate.clinic.record.confirming import Pending

EPILOG: Final = (
    'Examples:\n\nendplate clinic confirm facts.toml --by "NAME"\n\n'
    "endplate clinic confirm facts.toml --json  (what still waits)\n\n"
    "Numbers come from: endplate measure study.edf --to-facts facts.toml\n\n"
    "Answers: y accept, n leave it unconfirmed, q stop here; what was accepted before is kept."
)


def confirm(
    facts: Annotated[Path, typer.Argument(metavar="FACTS", help="A form (TOML) with unconfirmed numbers.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who looked at each number and answers for it.")] = "",
    is_teaching: Annotated[bool, typer.Option("--teaching", help="Let simulated numbers in, for a lesson.")] = False,
    accepts_all: Annotated[
        bool, typer.Option("--accept-all", help="Refused: every number is looked at by itself.", hidden=True)
    ] = False,
    on: On = None,
    as_json: options.ListJson = False,
) -> None:
    """Ask for every unconfirmed number whether it is right; only what a named person accepted enters a review."""
    from endplate.cli.clinic_verbs.inputs import day_given
    from endplate.cli.console import print_json
    from endplate.clinic.record import read_record
    from endplate.clinic.record.confirming import named, pending
    from endplate.foundation.errors import InputError

    if accepts_all:
        raise InputError("--accept-all is refused: each number is accepted by itself, by the person who looked at it.")
    day = day_given(on)
    record = read_record(facts, today=day, is_teaching=is_teaching)
    waiting = pending(record)
    if as_json:
        print_json([_plain(one) for one in waiting])
        return
    if facts.suffix.lower() != ".toml":
        raise InputError(f"{facts} is rewritten as TOML, so it must be a .toml file.")
    if not waiting:
        typer.echo(f"{facts}: every number is confirmed.")
        return
    name = named(by)
    _ask(facts, waiting, name=name, day=day, record=record)


def _ask(path: Path, waiting: tuple[Pending, ...], *, name: str, day: Any, record: Any) -> None:
    """Ask number by number; the file is written after the last answer, all or nothing."""
    from endplate.clinic.record.confirming import confirmed

    accepted = 0
    for place, one in enumerate(waiting, start=1):
        answer = _answer(f"{place} of {len(waiting)}: {_words(one)}. Right? [y/n/q] ")
        if answer == "q":
            break
        if answer == "y":
            record, accepted = confirmed(record, one, by=name, on=day), accepted + 1
    if accepted:
        _write(path, record)
    left = len(waiting) - accepted
    typer.echo(f"{accepted} confirmed by {name}, {left} left unconfirmed: unknown to every rule.")
    if accepted:
        typer.echo(f"The form as it was: {path}.before")


def _answer(question: str) -> str:
    from endplate.foundation.errors import InputError

    while True:
        try:
            given = input(question).strip().lower()
        except EOFError:
            raise InputError(
                "the answers ended before the numbers did; nothing was changed. Answer y, n or q."
            ) from None
        word = {"yes": "y", "no": "n", "quit": "q"}.get(given, given)
        if word in ("y", "n", "q"):
            return word
        typer.echo("Answer y, n or q.")


def _words(one: Pending) -> str:
    from endplate.clinic.record import vocabulary

    entry = vocabulary()[one.fact.name]
    unit = f" {entry.unit}" if entry.unit not in ("", "1") else ""
    where = "" if one.study is None else f"study {one.study}, "
    mark = " (SIMULATED)" if one.fact.is_simulated else ""
    source = f", {one.fact.source}" if one.fact.source else ""
    return f"{where}{entry.label}: {one.fact.value}{unit}{mark}{source}"


def _write(path: Path, record: Any) -> None:
    from endplate.clinic.record import write_record
    from endplate.foundation.errors import OutputError

    beside, kept = path.with_name(f".{path.name}.new"), path.with_name(f"{path.name}.before")
    try:
        beside.write_text(write_record(record), encoding="utf-8")
        kept.write_bytes(path.read_bytes())  # comments of the old form are not in the new one
        beside.replace(path)  # a broken write never costs the form
    except OSError as error:
        raise OutputError(f"{path} could not be written: {error.strerror}. Nothing was changed.") from error


def _plain(one: Pending) -> dict[str, Any]:
    return {
        "study": one.study, "fact": one.fact.name, "value": str(one.fact.value), "source": one.fact.source,
        "is_simulated": one.fact.is_simulated,
    }  # fmt: skip
