"""`endplate muscles`: which muscles can be examined, and what differs between them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Final

import typer

from endplate.cli import complete, options

EPILOG: Final = "Examples:\n\nendplate muscles\n\nendplate muscles trapezius\n\nendplate muscles --json"


def muscles(
    muscle: Annotated[
        str | None, typer.Argument(metavar="[KEY]", autocompletion=complete.muscles, help="Show one muscle.")
    ] = None,
    as_json: options.ListJson = False,
) -> None:
    """List the muscles that can be examined, or show what is known of one."""
    from endplate.body.muscle.catalogue import ROOM, describe
    from endplate.body.muscle.catalogue import muscles as keys
    from endplate.cli.console import noted, out, print_json, table

    described = [describe(muscle)] if muscle is not None else [describe(key) for key in keys()]
    if as_json:
        print_json([{**asdict(one), "fibres": one.total_fibres} for one in described])
        return
    if muscle is None:
        numbers = ("Motor units", "Fibres", "Usual CMAP, mV")
        listed = table("Key", "Muscle", "Nerve", "Stimulated at", *numbers, right=numbers)
        for one in described:
            listed.add_row(
                one.key,
                one.label,
                one.nerve,
                one.stimulation,
                f"{one.units:g}",
                f"{one.total_fibres:,}",
                f"{one.cmap:g}",
            )
        note = "A healthy adult of 170 cm. endplate muscles KEY shows one; endplate parameters says from where."
        out().print(noted(listed, note=note))
        return
    from endplate.foundation.parameters import parameters_of

    one, known = described[0], parameters_of(ROOM)
    listed = table("Name", "Value", "Unit", "Status", "Source", right=("Value",))
    for name, value in asdict(one).items():
        entry = known.get(f"{one.key}.{name}") or known.get(f"default.{name}")
        if entry is not None:
            listed.add_row(entry.name, f"{value:g}", entry.unit, entry.status, entry.source or "-")
    out().print(noted(listed, title=f"{one.label}, {one.nerve} nerve"))
