"""`endplate persons`: the persons that ship, and a file for one of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from endplate.cli import complete, options

EPILOG: Final = (
    "Examples:\n\nendplate persons\n\nendplate persons lems-severe  (what was changed, by which mechanism, from which "
    "source)\n\nendplate persons --write anna.toml  (then: endplate exam anna.toml)"
)


def persons(
    person: Annotated[
        str | None,
        typer.Argument(metavar="[PERSON]", autocompletion=complete.persons, help="Show one, by name or TOML file."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE", help="Write a person's file to fill in.")
    ] = None,
    as_json: options.ListJson = False,
) -> None:
    """List the persons that ship, show what was changed in one, or write a file for your own."""
    from endplate.change.presets import presets, write_person_template
    from endplate.cli.console import noted, out, print_json, say, table

    if write is not None:
        file = write_person_template(write)
        say(f"wrote {file}; fill it in, then: endplate exam {file}")
        return
    if person is not None:
        _show(person, as_json=as_json)
        return
    listed = presets()
    if as_json:
        print_json([{"name": name, "description": words} for name, words in listed.items()])
        return
    shown = table("Person", "What it is")
    note = "endplate persons NAME shows what was changed, and from which source."
    for name, words in listed.items():
        shown.add_row(name, words)
    out().print(noted(shown, note=note))


def _show(name: str, *, as_json: bool) -> None:
    from endplate.change.presets import person as person_of
    from endplate.cli.console import out, print_json, table
    from endplate.foundation.records import LEVERS

    one = person_of(name)
    moved = {"": one.levers, **one.muscle_levers}
    if as_json:
        print_json(
            {
                "name": one.name, "age_y": one.age_y, "sex": one.sex, "height_cm": one.height_cm,
                "weight_kg": one.weight_kg, "seed": one.seed, "levers": one.levers.differences(),
                "muscles": {key: levers.differences() for key, levers in one.muscle_levers.items()},
                "changes": [
                    {"name": c.name, "mechanism": c.mechanism, "source": c.source, "moved": dict(c.moved)}
                    for c in one.history
                ],
            }
        )  # fmt: skip
        return
    console = out()
    about = f"{one.name}: {one.sex}, {one.age_y:g} years, {one.height_cm:g} cm, {one.weight_kg:g} kg, seed {one.seed}"
    console.print(about, markup=False)
    for change in one.history:
        console.print(f"  {change.name}: {change.mechanism} ({change.source})", markup=False)
    shown = table("Lever", "Value", "Health", "Muscles", right=("Value", "Health"))
    healthy = type(one.levers)()
    for muscle, levers in moved.items():
        for lever, value in levers.differences().items():
            shown.add_row(lever, f"{value:.4g}", f"{getattr(healthy, lever):g}", muscle or "all others")
    console.print(shown if shown.row_count else f"all {len(LEVERS)} levers at health")
