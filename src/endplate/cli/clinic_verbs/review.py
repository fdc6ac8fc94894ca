"""`endplate clinic review`: everything the rules say of one person, on one page and for machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from endplate.clinic.result import Result
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
    everything: Annotated[
        bool, typer.Option("--all", help="Show every line, not only a sentence per section.")
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
        _print(made, everything=everything)
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


def _print(made: Review, *, everything: bool) -> None:
    from rich.text import Text

    from endplate.cli.console import out as console_of_results
    from endplate.clinic.review import INTENDED_USE, NO_REVIEWER
    from endplate.clinic.review.alerts import alerts
    from endplate.clinic.review.glance import glances

    words = Text()
    mark = " [SIMULATED]" if made.is_simulated else ""
    mark += " [SYNTHETIC]" if made.record.is_synthetic else ""
    label = {"us": "US", "eu": "EU/UK"}[made.settings.pack]
    words.append(f"{made.record.label or 'One person'}, {made.settings.on}, {label} label{mark}\n", "bold")
    for alert in alerts(made):
        words.append(f"  ! {alert.words}\n", "bold red" if alert.severity == "critical" else "bold yellow")
    sections = {section.id: section for section in made.sections}
    for one in glances(made):
        words.append(f"\n{one.title}: ", "bold").append(one.words)
        if everything:
            words.append("\n").append_text(_lines(sections[one.section].results))
    missing = made.missing()[:8]
    if missing:
        from endplate.clinic.reading import words_of

        words.append("\n\nNot known, most wanted first: ", "bold").append(
            "; ".join(words_of(name) for name, _ in missing)
        )
    if not everything:
        words.append("\nEvery line with its verdict: --all; with its basis: --out FOLDER", "dim")
    reviewed = "" if any(result.reviewers for result in made.results) else f" {NO_REVIEWER}"
    words.append(f"\n\n{INTENDED_USE}{reviewed}", "dim")
    console_of_results().print(words)


def _lines(results: Sequence[Result]) -> Text:
    from rich.text import Text

    words = Text()
    for result in results:
        mark = "" if result.support == "published" else f" [{result.support}]"
        words.append(f"  {result.title}: ").append(f"{result.verdict}{mark}\n", "bold")
        words.append(f"      {result.statement}\n")
    return words


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
