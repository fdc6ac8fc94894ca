"""`endplate clinic review`: everything the rules say of one person, on one page and for machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import options

if TYPE_CHECKING:
    from endplate.clinic.review import Review

EPILOG: Final = (
    "Examples:\n\nendplate clinic review facts.toml --pack eu\n\n"
    "endplate clinic review facts.toml --out review  (page, JSON, FHIR bundle and calendar)\n\n"
    "endplate clinic review facts.toml --against last-year/review.json\n\n"
    "endplate clinic review mg-that-is-lems  (a synthetic person; see: endplate clinic examples)"
)
Facts = Annotated[
    str, typer.Argument(metavar="FACTS", help="A form (TOML or JSON; see: endplate clinic form) or a synthetic person.")
]
Pack = Annotated[str, typer.Option("--pack", metavar="us|eu", help="Whose label and dosing: us, or eu (EU and UK).")]
On = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of the review; today if absent.")]


def review(
    facts: Facts,
    pack: Pack = "eu",
    on: On = None,
    out: options.Out = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="REVIEW.json", help="Show what changed since that review.")
    ] = None,
    is_teaching: Annotated[
        bool, typer.Option("--teaching", help="Let simulated findings in; every output then says SIMULATED.")
    ] = False,
    as_json: options.ListJson = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Review one person's facts: support for LEMS, what else, tumour, treatment, medicines, anaesthesia, outlook."""
    from endplate.cli.checks import check_out
    from endplate.cli.clinic_verbs.inputs import day_given, pack_given, record_given
    from endplate.clinic.review import Settings, review_of
    from endplate.clinic.review.machine import as_json as review_as_json
    from endplate.clinic.review.machine import differences

    day = day_given(on)
    settings = Settings(on=day, pack=pack_given(pack), is_teaching=is_teaching)
    check_out(out, overwrite=overwrite)
    earlier = _earlier(against)
    made = review_of(record_given(facts, today=day, is_teaching=is_teaching), settings)
    found = review_as_json(made)
    if as_json:
        from endplate.cli.console import print_json

        print_json(found)
    else:
        _print(made)
    if earlier is not None:
        _print_changes(differences(earlier, found), is_json=as_json)
    if out is not None:
        _write(made, found, out, overwrite=overwrite)


def _earlier(path: Path | None) -> Any:
    if path is None:
        return None
    import json

    from endplate.foundation.errors import FileFormatError

    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileFormatError(f"{path} cannot be read as a review: {error}. Give a review.json of ours.") from error


def _print(made: Review) -> None:
    from rich.text import Text

    from endplate.cli.console import out as console_of_results
    from endplate.clinic.review import INTENDED_USE

    console = console_of_results()
    mark = " [SIMULATED]" if made.is_simulated else ""
    mark += " [SYNTHETIC]" if made.record.is_synthetic else ""
    console.print(
        Text(f"{made.record.label or 'One person'}, {made.settings.on}, pack {made.settings.pack}{mark}", "bold")
    )
    for result in made.alerts():
        console.print(Text(f"  ! {result.statement}", "bold red"))
    for section in made.sections:
        console.print(Text(f"\n{section.title}", "bold"), Text(section.question, "dim"))
        for result in section.results:
            words = Text(f"  {result.title}: ")
            words.append(result.verdict, "bold")
            console.print(words)
            console.print(Text(f"      {result.statement}"))
            if result.support != "published":
                console.print(Text(f"      ({result.support})", "dim"))
    missing = made.missing()[:8]
    if missing:
        from endplate.clinic.record import vocabulary

        known = vocabulary()
        names = [known[name].label if name in known else name for name, _ in missing]
        console.print(Text("\nNot known, most wanted first: " + "; ".join(names), "bold"))
    console.print(Text(f"\n{INTENDED_USE}", "dim"))


def _print_changes(changes: Any, *, is_json: bool) -> None:
    from endplate.cli.console import err, noted, out, table

    shown = table("What changed", "Before", "Now")
    for one in changes:
        shown.add_row(one.what, one.before, one.after)
    console = err() if is_json else out()
    console.print(noted(shown, title="Since the earlier review" if changes else "Nothing changed"))


def _write(made: Review, found: dict[str, Any], folder: Path, *, overwrite: bool) -> None:
    import json

    from endplate.cli.console import say
    from endplate.clinic.review.files import further_files
    from endplate.report.clinic import render_review
    from endplate.report.folder import write_files

    further, problems = further_files(made)
    files = {
        "index.html": render_review(made).encode(),
        "review.json": (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode(),
        **further,
    }
    written = write_files(files, folder, overwrite=overwrite)
    say(f"Wrote {', '.join(files)} into {written}")
    for problem in problems:
        say(problem)
