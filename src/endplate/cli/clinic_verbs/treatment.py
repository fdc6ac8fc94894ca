"""`endplate clinic treatment`: options in order, what speaks against them, checks before start, monitoring."""

from __future__ import annotations

from typing import Final

from endplate.cli import options
from endplate.cli.clinic_verbs.review import Facts, On, Pack

EPILOG: Final = (
    "Examples:\n\nendplate clinic treatment facts.toml --pack us\n\nendplate clinic treatment facts.toml --json"
)


def treatment(
    facts: Facts,
    pack: Pack = "eu",
    on: On = None,
    as_json: options.ListJson = False,
) -> None:
    """List treatment options T0 to T8 with reasons, conflicts, checks and evidence; then the monitoring due."""
    from endplate.cli.clinic_verbs.inputs import day_given, pack_given, record_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.treatment import monitoring_results, treatment_results

    today, label = day_given(on), pack_given(pack)
    record = record_given(facts, today=today)
    results = treatment_results(record, today=today, pack=label)
    print_results((*results, *monitoring_results(record, today=today, pack=label)), as_json=as_json)
