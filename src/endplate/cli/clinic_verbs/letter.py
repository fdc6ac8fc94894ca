"""`endplate clinic letter`: one page to the anaesthetist, the oncologist or a neuromuscular centre."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.review import Facts, On, Pack

if TYPE_CHECKING:
    from endplate.clinic.review.letters import Letter

KINDS: Final = ("anaesthetist", "oncologist", "referral")
EPILOG: Final = (
    "Examples:\n\nendplate clinic letter anaesthetist facts.toml --out letter.html\n\n"
    "endplate clinic letter oncologist mg-that-is-lems\n\n"
    "A draft for a clinician to read, change and sign; it prints on one sheet of A4."
)


def letter(
    kind: Annotated[
        str,
        typer.Argument(metavar="|".join(KINDS), autocompletion=lambda: list(KINDS), help="To whom it goes."),
    ],
    facts: Facts,
    pack: Pack = "eu",
    on: On = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write this HTML file.")] = None,
    is_teaching: Annotated[bool, typer.Option("--teaching", help="Let simulated findings in, for a lesson.")] = False,
    as_json: options.ListJson = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Draft a letter from a review, with the checked list of medicines."""
    from endplate.cli.checks import refuse_existing
    from endplate.cli.clinic_verbs.inputs import day_given, pack_given, record_given
    from endplate.cli.console import print_json, say
    from endplate.cli.outputs import write_text
    from endplate.clinic.review import Settings, review_of
    from endplate.clinic.review.letters import LETTERS
    from endplate.clinic.review.letters import letter as letter_of
    from endplate.foundation.errors import unknown_name
    from endplate.report.clinic import render_letter

    if kind not in LETTERS:
        raise unknown_name("letter", kind, LETTERS)
    if out is not None:
        refuse_existing(out, overwrite=overwrite)
    day = day_given(on)
    settings = Settings(on=day, pack=pack_given(pack), is_teaching=is_teaching)
    made = letter_of(kind, review_of(record_given(facts, today=day, is_teaching=is_teaching), settings))
    if as_json:
        print_json(_plain(made))
    elif out is None:
        _print(made)
    if out is not None:
        write_text(out, render_letter(made), overwrite=overwrite)
        say(f"Wrote {out}. Read it, change it, sign it.")


def _plain(made: Letter) -> dict[str, Any]:
    from dataclasses import asdict

    from endplate.clinic.review import INTENDED_USE

    return {
        "intended_use": INTENDED_USE,
        "kind": made.kind,
        "title": made.title,
        "pack": made.review.settings.pack,
        "is_simulated": made.review.is_simulated,
        "is_synthetic": made.review.record.is_synthetic,
        "purpose": made.purpose,
        "blocks": [asdict(block) for block in made.blocks],
        "medicines": [asdict(one) for one in made.medicines],
    }


def _print(made: Letter) -> None:
    from rich.text import Text

    from endplate.cli.console import out
    from endplate.clinic.review import INTENDED_USE

    words = Text()
    label = {"us": "US", "eu": "EU/UK"}[made.review.settings.pack]
    marks = " [SIMULATED]" * made.review.is_simulated + " [SYNTHETIC]" * made.review.record.is_synthetic
    words.append(f"{made.title}: {made.review.record.label or 'one person'} ({label} label){marks}\n", "bold")
    words.append(f"{made.purpose}\n")
    for block in made.blocks:
        words.append(f"\n{block.heading}\n", "bold")
        for line in block.lines:
            words.append(f"  {'[ ] ' if block.is_checklist else ''}{line}\n")
    words.append("\nMedicines, checked\n", "bold")
    for one in made.medicines:
        words.append(f"  {one.name}{', ' if one.dose else ''}{one.dose}: {one.verdict}. {one.words}\n")
    if not made.medicines:
        words.append("  No medicine is on the list: not asked is not none.\n")
    words.append(f"\n{INTENDED_USE}", "dim")
    out().print(words)
