"""`endplate drugs`: treatments, tests and hazards, and how to write them after ``--drug``."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from endplate.cli import complete, options

EPILOG: Final = (
    "Examples:\n\nendplate drugs\n\nendplate drugs amifampridine\n\n"
    'endplate exam lems --drug "amifampridine:20mg,3/day,steady" --drug pyridostigmine:60mg'
)


def _names(incomplete: str) -> list[tuple[str, str]]:
    return [(words.partition(":")[0], about) for words, about in complete.drugs(incomplete)]


def drugs(
    drug: Annotated[
        str | None, typer.Argument(metavar="[NAME]", autocompletion=_names, help="Show one, by name or other name.")
    ] = None,
    as_json: options.ListJson = False,
) -> None:
    """List treatments, tests and hazards with the way to write them, or show one."""
    from endplate.change.therapy import find_treatment, treatments
    from endplate.cli.console import noted, out, print_json, table

    chosen = [find_treatment(drug)] if drug is not None else list(treatments().values())
    if as_json:
        print_json([_plain(one) for one in chosen])
        return
    console = out()
    if drug is None:
        listed = table("Name", "Kind", "What it does", "Write")
        for one in chosen:
            listed.add_row(one.name, one.kind, one.mechanism, one.example)
        console.print(listed)
        return
    one = chosen[0]
    also = f" (also {', '.join(one.aliases)})" if one.aliases else ""
    console.print(f"{one.name}{also}, {one.kind}: {one.mechanism}", markup=False)
    takes = table("Word", "Means", "Allowed", "If not said")
    for quantity in one.quantities:
        takes.add_row(
            f"...{quantity.unit}", quantity.words, f"{quantity.low:g} to {quantity.high:g} {quantity.unit}",
            f"{quantity.default:g} {quantity.unit}" + (" where it applies" if quantity.optional else ""),
        )  # fmt: skip
    for choice in one.choices:
        takes.add_row(" or ".join(choice.options), choice.words, "", choice.default)
    console.print(noted(takes, title=f'Write --drug "{one.example}"'))


def _plain(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "mechanism": one.mechanism,
        "aliases": list(one.aliases),
        "example": one.example,
        "quantities": [
            {
                "argument": q.argument,
                "means": q.words,
                "unit": q.unit,
                "default": q.default,
                "low": q.low,
                "high": q.high,
            }
            for q in one.quantities
        ],
        "choices": [{"argument": c.argument, "options": list(c.options), "default": c.default} for c in one.choices],
    }
