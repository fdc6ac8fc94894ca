"""`endplate clinic respiratory`: published limits of breathing strength, and red flags for clinicians or patients."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.review import Facts, On

AUDIENCES: Final = ("clinician", "patient")
EPILOG: Final = (
    "Examples:\n\nendplate clinic respiratory facts.toml\n\n"
    "endplate clinic respiratory facts.toml --for patient  (red flags in plain words)"
)


def respiratory(
    facts: Facts,
    on: On = None,
    audience: Annotated[
        str, typer.Option("--for", metavar="|".join(AUDIENCES), help="Whose words the red flags are in.")
    ] = "clinician",
    as_json: options.ListJson = False,
) -> None:
    """Judge breathing strength by 20/30/40 and other published limits, and show the red flags."""
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.respiratory import red_flag_results, respiratory_results
    from endplate.foundation.errors import unknown_name

    if audience not in AUDIENCES:
        raise unknown_name("audience", audience, AUDIENCES)
    today = day_given(on)
    record = record_given(facts, today=today)
    if audience == "patient":
        results = red_flag_results(record, audience="patient")
    else:
        results = (*respiratory_results(record, today=today), *red_flag_results(record))
    print_results(results, as_json=as_json)
