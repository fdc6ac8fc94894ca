"""`endplate clinic audit`: persons with myasthenia gravis who carry a pointer to LEMS, one or a whole list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.review import On

if TYPE_CHECKING:
    from endplate.clinic.differential import AuditCounts

EPILOG: Final = (
    "Examples:\n\nendplate clinic audit persons.csv --out pointers.csv\n\n"
    "endplate clinic audit persons.csv --out pointers.csv --ignore ward --ignore remarks\n\n"
    "endplate clinic audit mg-that-is-lems  (one form)\n\n"
    "The list has a column id and columns named like the facts of the form (see: endplate clinic form)."
)


def audit(
    persons: Annotated[str, typer.Argument(metavar="LIST|FACTS", help="A CSV list of persons, or one form.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write the result here (CSV).")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="COLUMN", help="Leave a column of the list aside.")
    ] = None,
    on: On = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that exists.")] = False,
    as_json: options.ListJson = False,
) -> None:
    """Find persons with myasthenia gravis in whom LEMS is worth testing for."""
    from endplate.cli.checks import refuse_existing
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.differential import audit_list, mg_that_may_be_lems
    from endplate.foundation.errors import InputError

    today = day_given(on)
    if Path(persons).suffix.lower() not in (".csv", ".tsv", ".txt"):
        print_results([mg_that_may_be_lems(record_given(persons, today=today))], as_json=as_json)
        return
    if out is None:
        raise InputError("the audit of a list writes another list: name it with --out FILE.csv.")
    refuse_existing(out, overwrite=overwrite)
    counts = audit_list(persons, out, ignore=ignore or (), today=today)
    _print(counts, out, as_json=as_json)
    if counts.unreadable:
        raise InputError(
            f"{counts.unreadable} of {counts.rows} rows could not be read (column note in {out}); the others are done. "
            f"First: {counts.first_problems[0]}"
        )


def _print(counts: AuditCounts, out: Path, *, as_json: bool) -> None:
    from endplate.cli.console import out as console
    from endplate.cli.console import print_json, table

    if as_json:
        print_json({"rows": counts.rows, "verdicts": counts.verdicts, "file": str(out)})
        return
    made = table("Verdict", "Persons", right=("Persons",))
    for verdict, number in sorted(counts.verdicts.items(), key=lambda pair: -pair[1]):
        made.add_row(verdict, str(number))
    console().print(made)
    console().print(f"Wrote {out}. A pointer is a reason to look again, not a diagnosis.", markup=False)
