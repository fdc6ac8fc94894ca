"""`endplate clinic outlook`: what cohorts found, without any prediction for one person."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.review import Facts, On

EPILOG: Final = "Examples:\n\nendplate clinic outlook facts.toml\n\nendplate clinic outlook facts.toml --sensitive"


def outlook(
    facts: Facts,
    on: On = None,
    sensitive: Annotated[
        bool, typer.Option("--sensitive", help="Show figures on survival and tumour risk too.")
    ] = False,
    as_json: options.ListJson = False,
) -> None:
    """Show the course that cohorts had, each figure with cohort, n and year."""
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.outlook import outlook_results

    record = record_given(facts, today=day_given(on))
    print_results(outlook_results(record, sensitive=sensitive), as_json=as_json)
