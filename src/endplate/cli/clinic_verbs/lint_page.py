"""`endplate lint-page`: ten classes of defect in pages about LEMS, as text, JSON or SARIF."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from endplate.clinic.lint_page.lint import Linted

FORMATS: Final = ("text", "json", "sarif")
FINDINGS: Final = 1  # exit code of a checker that found something
BAD_INPUT: Final = 2
EPILOG: Final = (
    "Examples:\n\nendplate lint-page page.html\n\nendplate lint-page pages/ --format sarif > lint.sarif\n\n"
    "Nothing is fetched: whether an address answers is not tested.\n\n"
    "Exit codes: 0 nothing found, 1 something found, 2 a page could not be read."
)


def lint_page(
    pages: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|FOLDER...", help="Pages as HTML, text or Markdown, or folders of them."),
    ],
    form: Annotated[str, typer.Option("--format", metavar="text|json|sarif", help="How to print.")] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only; the same as --format json.")] = False,
) -> None:
    """Find content of other conditions, contradictions, cut-off lists, leaks, bad references and unsafe advice."""
    from endplate.cli.console import print_json, say
    from endplate.clinic.lint_page.lint import lint_paths
    from endplate.foundation.errors import unknown_name

    if form not in FORMATS:
        raise unknown_name("format", form, FORMATS)
    linted = lint_paths(pages)
    if as_json or form == "json":
        print_json(_plain(linted))
    elif form == "sarif":
        from endplate import __version__
        from endplate.clinic.lint_page.sarif import sarif

        print_json(sarif(linted, version=__version__))
    else:
        _print(linted)
    unread = [one for one in linted if one.error]
    for one in unread:
        say(f"Error: {one.error}")
    if unread:
        raise typer.Exit(BAD_INPUT)
    if any(one.findings for one in linted):
        raise typer.Exit(FINDINGS)


def _print(linted: list[Linted]) -> None:
    from endplate.cli.console import out

    console = out()
    for one in linted:
        for finding in one.findings:
            console.print(f"{one.path}:{finding.line}: {finding.kind}: {finding.text}", markup=False, soft_wrap=True)
            if finding.excerpt:
                console.print(f"    {finding.excerpt}", markup=False, style="dim", soft_wrap=True)
    read = [one for one in linted if not one.error]
    found = sum(len(one.findings) for one in read)
    console.print(f"{_counted(len(read), 'page')} read: {_counted(found, 'defect')}.", markup=False)


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _plain(linted: list[Linted]) -> dict[str, Any]:
    from dataclasses import asdict

    kinds = Counter(finding.kind for one in linted for finding in one.findings)
    return {
        "pages": [
            {"path": one.path, "error": one.error, "findings": [asdict(finding) for finding in one.findings]}
            for one in linted
        ],
        "counts": dict(sorted(kinds.items())),
    }
