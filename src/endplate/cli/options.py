"""Options that several verbs share: one name and one meaning everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from endplate.cli import complete

Protocol = Annotated[
    str,
    typer.Option(
        "--protocol", "-p", metavar="NAME|FILE", autocompletion=complete.protocols,
        help="A built-in protocol (see: endplate protocols) or a TOML file of your own.",
    ),
]  # fmt: skip
Muscle = Annotated[
    str,
    typer.Option("--muscle", "-m", metavar="KEY", autocompletion=complete.muscles, help="See: endplate muscles."),
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", help="Fixes anatomy and every draw; stands above the seed of a person's file."),
]
Fibres = Annotated[
    int | None,
    typer.Option(
        "--fibres", metavar="N", help="Simulate only N muscle fibres for a quick look; amplitudes keep scale."
    ),
]
ReferenceSet = Annotated[
    str | None,
    typer.Option(
        "--reference-set", metavar="NAME|FILE", autocompletion=complete.reference_sets,
        help="Limits for the findings (see: endplate reference-sets) or a TOML file of your own.",
    ),
]  # fmt: skip
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Write a report into this folder.")]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Write even where files stand that Endplate did not write.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON only (see: endplate schema).")]
ListJson = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
Everything = Annotated[bool, typer.Option("--all", help="Show every finding, not only the usual ones.")]
