"""`endplate parameters`: every constant with unit, spread, status and source."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import complete, options

if TYPE_CHECKING:
    from endplate.foundation.parameters import Parameter

EPILOG: Final = (
    "Examples:\n\nendplate parameters\n\nendplate parameters quant  (part of a name)\n\n"
    "endplate parameters --room terminal\n\nendplate parameters --json > parameters.json"
)


def _rooms(incomplete: str) -> list[str]:
    from endplate.foundation.parameters import rooms

    return [room for room in rooms() if incomplete in room]


def parameters(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", autocompletion=complete.parameters, help="A name, or part of one."),
    ] = None,
    room: Annotated[
        str | None, typer.Option("--room", metavar="ROOM", autocompletion=_rooms, help="Only of one room.")
    ] = None,
    as_json: options.ListJson = False,
) -> None:
    """List the constants of the model: value, unit, spread, status, source, and where in it to look."""
    from endplate.cli.console import noted, out, print_json, table

    found = _find(name, _of_rooms(room))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    console = out()
    if name is not None and len(found) == 1:
        console.print(_card(found[0]))
        return
    listed = table("Name", "Value", "Unit", "Low", "High", "Varies by", "Status", "Source", "Checked in", "Room",
                   right=("Value", "Low", "High"))  # fmt: skip
    for one in found:
        listed.add_row(
            one.name, f"{one.value:.6g}", one.unit, f"{one.low:.4g}", f"{one.high:.4g}", one.spread, one.status,
            one.source or "-", one.checked, one.room,
        )  # fmt: skip
    note = f"{len(found)} parameters. endplate parameters NAME shows one with its source and note."
    console.print(noted(listed, note=note))


def _of_rooms(room: str | None) -> list[Parameter]:
    from endplate.foundation.errors import unknown_name
    from endplate.foundation.parameters import parameters_of, rooms

    known = rooms()
    chosen = [one for one in known if room is None or one == room or one.rpartition("/")[2] == room]
    if not chosen:
        raise unknown_name("room with parameters", str(room), known)
    return [parameter for one in chosen for parameter in parameters_of(one).values()]


def _find(name: str | None, among: list[Parameter]) -> list[Parameter]:
    """Return the parameters of that name, else those whose name holds it, or offer the nearest."""
    from endplate.foundation.errors import UnknownNameError, nearest

    if name is None:
        return among
    wanted = name.lower()
    exact = [one for one in among if wanted in (one.name.lower(), f"{one.room}/{one.name}".lower())]
    found = exact or [one for one in among if wanted in one.name.lower()]
    if found:
        return found
    hit = nearest(name, [one.name for one in among])
    guess = f"; did you mean {hit}?" if hit else "."
    raise UnknownNameError(f"no parameter {name!r}{guess} endplate parameters lists all {len(among)}.")


def _card(one: Parameter) -> Any:
    from endplate.cli.console import noted, table
    from endplate.cli.references import cited

    shown = table("", "")
    shown.show_header = False
    for label, value in (
        ("Value", f"{one.value:.9g} {one.unit}"),
        ("Spread", f"{one.low:.9g} to {one.high:.9g} {one.unit}, varies by {one.spread}"),
        ("Status", one.status),
        ("Source", cited(one.source) if one.source else "none"),
        ("Where", one.where),
        ("Checked in", one.checked),
        ("Note", one.note),
    ):
        if value:
            shown.add_row(label, value)
    return noted(shown, title=f"{one.name} ({one.room})")
