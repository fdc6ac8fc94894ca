"""`endplate clinic form`: an empty form with comments, its JSON Schema, or a synthetic person's form."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

EPILOG: Final = (
    "Examples:\n\nendplate clinic form --out facts.toml\n\n"
    "endplate clinic form mg-that-is-lems --out facts.toml  (a synthetic person to begin with)\n\n"
    "endplate clinic form --schema"
)


def _names(incomplete: str) -> list[str]:
    from endplate.clinic.record import examples

    return [name for name in examples() if name.startswith(incomplete)]


def form(
    person: Annotated[
        str | None,
        typer.Argument(metavar="[PERSON]", autocompletion=_names, help="A synthetic person instead of an empty form."),
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a form.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write into this file.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that exists.")] = False,
) -> None:
    """Write an empty form for one person's facts, with every fact, its unit and its limits."""
    from endplate.cli.console import say
    from endplate.cli.outputs import write_text

    text = _text(person, is_schema=schema)
    if out is None:
        typer.echo(text, nl=False)
        return
    write_text(out, text, overwrite=overwrite)
    say(f"Wrote {out}. Fill in what is known, then: endplate clinic review {out}")


def _text(person: str | None, *, is_schema: bool) -> str:
    import json

    from endplate.clinic.record import examples, write_form
    from endplate.clinic.record import schema as schema_of_form
    from endplate.foundation.errors import InputError, unknown_name

    if is_schema and person is not None:
        raise InputError("--schema is the same for every person. Leave out the name or --schema.")
    if is_schema:
        return json.dumps(schema_of_form(), indent=1) + "\n"
    if person is None:
        return write_form()
    known = examples()
    if person not in known:
        raise unknown_name("synthetic person", person, known)
    return known[person].read_text(encoding="utf-8")
