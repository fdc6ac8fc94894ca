"""Packs: the labels of amifampridine on the command line; the Swiss one counts here too."""

from __future__ import annotations

from typing import Annotated, Final

import typer

LABELS: Final = ("us", "eu", "uk", "ch")


def _labels(incomplete: str) -> list[str]:
    return [label for label in LABELS if label.startswith(incomplete.lower())]


Label = Annotated[
    str,
    typer.Option(
        "--pack", metavar="us|eu|uk|ch", autocompletion=_labels, help="Whose label counts; the labels differ."
    ),
]
AnyLabel = Annotated[
    str | None,
    typer.Option(
        "--pack", metavar="us|eu|uk|ch", autocompletion=_labels, help="Whose label counts; all side by side if absent."
    ),
]
