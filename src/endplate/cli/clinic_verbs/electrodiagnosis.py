"""`endplate clinic electrodiagnosis`: typed-in amplitudes, technique gates, and what an increment is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.review import On

if TYPE_CHECKING:
    from endplate.foundation.records.clinical import Record

EPILOG: Final = (
    "Examples:\n\nendplate clinic electrodiagnosis facts.toml --prior 0.5\n\n"
    "endplate clinic electrodiagnosis --before 1.0 --after 1.6  (two amplitudes in mV; technique unknown)"
)


def electrodiagnosis(
    facts: Annotated[
        str | None, typer.Argument(metavar="[FACTS]", help="A form (TOML or JSON) or a synthetic person.")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="MV", help="Amplitude before effort, without a form.")
    ] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="MV", help="Amplitude after effort.")] = None,
    prior: Annotated[
        float | None,
        typer.Option("--prior", metavar="P", help="Probability of LEMS before the test, above 0 and below 1."),
    ] = None,
    on: On = None,
    as_json: options.ListJson = False,
) -> None:
    """Read increments, decrements and amplitudes by each published rule, as far as the technique allows."""
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.electrodiagnosis import electrodiagnosis_results, post_test
    from endplate.foundation.errors import InputError

    if prior is not None:
        post_test(prior=prior, ratio=1.0)  # refuses an impossible prior even where no ratio will use it
    found = electrodiagnosis_results(_record(facts, before, after, on), prior=prior)
    if not found:
        raise InputError("no electrodiagnostic study is in these facts. Add one under [[studies]] in the form.")
    print_results(found, as_json=as_json)


def _record(facts: str | None, before: str | None, after: str | None, on: str | None) -> Record:
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.clinic.record import record_of
    from endplate.foundation.errors import InputError

    amplitudes = before is not None and after is not None
    if (facts is not None) == amplitudes or (before is None) != (after is None):
        raise InputError("name either a form, or both --before and --after.")
    if facts is not None:
        return record_given(facts, today=day_given(on))
    return record_of({"studies": [{"before_mv": before, "after_mv": after}]})
