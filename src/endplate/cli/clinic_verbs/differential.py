"""`endplate clinic differential`: LEMS against myasthenia gravis, finding by finding, and what else it could be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from endplate.cli import options
from endplate.cli.clinic_verbs.review import Facts, On

if TYPE_CHECKING:
    from endplate.clinic.differential import Row
    from endplate.clinic.result import Result

EPILOG: Final = "Examples:\n\nendplate clinic differential facts.toml\n\nendplate clinic differential mg-that-is-lems"


def differential(facts: Facts, on: On = None, as_json: options.ListJson = False) -> None:
    """Lay LEMS and myasthenia gravis side by side, audit this person, and list other explanations with their pivot."""
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.cli.console import noted, out
    from endplate.clinic.differential import differential_results, rows

    record = record_given(facts, today=day_given(on))
    results = differential_results(record)
    if as_json:
        print_results(results, as_json=True)
        return
    title = "A table, not a probability: these findings go together, so their ratios are not multiplied"
    out().print(noted(_table(rows(record)), title=title))
    out().print()
    told = [one for one in results if one.rule != "other-diagnoses" or one.verdict == "pointer found"]
    print_results(told, as_json=False)
    still_open = [one for one in results if one.rule == "other-diagnoses" and one.verdict == "cannot tell"]
    if still_open:
        out().print()
        out().print(noted(_open_table(still_open), title="Not told, because facts are missing (unverified)"))


def _open_table(results: list[Result]) -> Any:
    from endplate.cli.console import table

    made = table("Explanation", "What would tell", "Missing")
    for one in results:
        made.add_row(one.title, one.values["pivot"], ", ".join(one.missing))
    return made


def _table(found: tuple[Row, ...]) -> Any:
    from endplate.cli.console import table

    made = table("Finding", "Here", "LEMS", "MG", "Favours", "Likelihood ratio for LEMS", "Source")
    for row in found:
        source = row.source or "unverified"
        ratio = row.ratio.shown() if row.ratio is not None else "-"
        made.add_row(row.label, row.seen, row.lems, row.mg, row.favours, ratio, source)
    return made
