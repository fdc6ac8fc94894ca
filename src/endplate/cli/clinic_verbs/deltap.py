"""`endplate clinic deltap`: the score with both cohorts side by side, SOX1 beside it, base rates by source."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.review import Facts, On

EPILOG: Final = (
    "Examples:\n\nendplate clinic deltap facts.toml\n\n"
    "endplate clinic deltap typical-sclc-lems --prior-source maddison-2020\n\n"
    "endplate clinic deltap facts.toml --prior 0.5 --json"
)


def _sources(incomplete: str) -> list[tuple[str, str]]:
    from endplate.clinic.risk import base_rates

    return [(name, one.label) for name, one in base_rates().items() if name.startswith(incomplete)]


def deltap(
    facts: Facts,
    on: On = None,
    prior: Annotated[
        float | None, typer.Option("--prior", metavar="P", help="Prior of the SOX1 test, in [0, 1], of your own.")
    ] = None,
    prior_source: Annotated[
        str, typer.Option("--prior-source", metavar="NAME", autocompletion=_sources, help="Cohort of the prior.")
    ] = "titulaer-2008",
    as_json: options.ListJson = False,
) -> None:
    """Score DELTA-P: both cohorts side by side, unknown items as an interval, SOX1 beside and not inside."""
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.risk import risk_results

    record = record_given(facts, today=day_given(on))
    print_results(risk_results(record, prior=prior, prior_source=prior_source), as_json=as_json)
