"""`endplate clinic diagnosis`: every published rule set by itself, then the graded proposal."""

from __future__ import annotations

from typing import Final

from endplate.cli import options
from endplate.cli.clinic_verbs.review import Facts, On

EPILOG: Final = "Examples:\n\nendplate clinic diagnosis facts.toml\n\nendplate clinic diagnosis antibody-only --json"


def diagnosis(facts: Facts, on: On = None, as_json: options.ListJson = False) -> None:
    """Show how far each published rule set is met, side by side, and our own grade, marked as a proposal."""
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.diagnosis import diagnosis_results

    today = day_given(on)
    print_results(diagnosis_results(record_given(facts, today=today), today=today), as_json=as_json)
