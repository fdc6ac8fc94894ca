"""`endplate reference-sets`: named limits of normal, each from one source."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from endplate.cli import complete, options

EPILOG: Final = (
    "Examples:\n\nendplate reference-sets\n\nendplate reference-sets stalberg-2016\n\n"
    "endplate measure study.edf --reference-set my-laboratory.toml"
)


def reference_sets(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME|FILE]", autocompletion=complete.reference_sets, help="Show the limits of one set."
        ),
    ] = None,
    as_json: options.ListJson = False,
) -> None:
    """List the sets of normal limits, or show the limits of one."""
    from endplate.cli.console import noted, out, print_json, table
    from endplate.cli.references import cited
    from endplate.foundation.rules import reference_set
    from endplate.foundation.rules import reference_sets as built_in

    chosen = [reference_set(name)] if name is not None else list(built_in().values())
    if as_json:
        print_json(
            [
                {
                    "name": one.name, "title": one.title, "quantity": one.quantity, "unit": one.unit,
                    "electrode": one.electrode, "source": one.source, "where": one.where, "checked": one.checked,
                    "note": one.note,
                    "limits": {m: {key: float(v) for key, v in limits.items()} for m, limits in one.limits.items()},
                }
                for one in chosen
            ]
        )  # fmt: skip
        return
    console = out()
    if name is None:
        listed = table("Name", "What it is", "Quantity", "Muscles", "Source", "Checked in")
        for one in chosen:
            muscles = ", ".join(one.limits)
            listed.add_row(one.name, one.title, f"{one.quantity}, {one.unit}", muscles, one.source, one.checked)
        console.print(listed)
        return
    one = chosen[0]
    keys = list(dict.fromkeys(key for limits in one.limits.values() for key in limits))
    shown = table("Muscle", *(key.replace("_", " ") for key in keys))
    for muscle, limits in one.limits.items():
        shown.add_row(muscle, *(str(limits.get(key, "-")) for key in keys))
    console.print(noted(shown, title=f"{one.title}: {one.quantity}, {one.unit}"))
    console.print(f"{one.electrode}; {one.where}; checked in: {one.checked}. {one.note}".rstrip(), markup=False)
    console.print(cited(one.source), markup=False)
