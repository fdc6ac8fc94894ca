"""`endplate clinic trace`: from every row to its rule or claim to its tests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from endplate.cli import options

EPILOG: Final = (
    "Examples:\n\nendplate clinic trace\n\nendplate clinic trace --json > trace.json\n\n"
    "Run it in the repository: the tests are not part of the installed package."
)


def trace(
    tests: Annotated[Path, typer.Option("--tests", metavar="FOLDER", help="The tests of the repository.")] = Path(
        "tests"
    ),
    as_json: options.ListJson = False,
) -> None:
    """Trace the rows of what the product must say and do: what embodies each, which test files hold it."""
    from endplate.cli.console import noted, out, print_json, table
    from endplate.clinic.safety.trace import counts
    from endplate.clinic.safety.trace import trace as trace_of

    found = trace_of(tests)
    if as_json:
        rows = [
            {
                "row": one.row.id, "verdict": one.row.verdict, "title": one.row.title, "status": one.status,
                "embodied_by": list(one.row.embodied_by), "tests": list(one.tests),
                "tests_naming_the_row": list(one.tests_of_the_row),
            }
            for one in found
        ]  # fmt: skip
        print_json({"counts": counts(found), "rows": rows})
        return
    listed = table("Row", "What", "Embodied by", "Test files", "Naming it", right=("Test files", "Naming it"))
    for one in found:
        listed.add_row(
            one.row.id, one.row.title, ", ".join(one.row.embodied_by), str(len(one.tests)),
            str(len(one.tests_of_the_row)),
        )  # fmt: skip
    said = "; ".join(f"{number} {status}" for status, number in counts(found).items())
    out().print(noted(listed, note=f"{len(found)} rows: {said}. A file holds a row when it tests what embodies it."))
