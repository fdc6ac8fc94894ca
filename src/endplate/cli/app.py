"""App: every verb in its place; nothing heavy is loaded before a verb runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from endplate.cli import (
    activezone,
    clinic,
    compare,
    drugs,
    exam,
    measure,
    muscles,
    parameters,
    persons,
    protocols,
    reference_sets,
    rules,
    run,
    schema,
)
from endplate.cli.clinic_verbs import claims, lint_page

_WORK, _CLINIC, _LISTS = "Examine and measure", "For the clinic", "Look up"

app = typer.Typer(
    name="endplate",
    help=(
        "Nerve-muscle transmission in health, Lambert-Eaton syndrome (LEMS) and myasthenia gravis (MG): examine "
        "simulated muscles, measure real recordings with the same instruments, and review one person's facts. Research "
        "and education; not a medical device."
    ),
    epilog=(
        "Examples:\n\n"
        "endplate run  (healthy, LEMS, LEMS on amifampridine, MG and a real recording, in one report)\n\n"
        "endplate exam lems --protocol lems --muscle adm\n\n"
        "endplate measure recordings/ --units mV --out report\n\n"
        "endplate clinic review mg-that-is-lems --out review\n\n"
        "Exit codes: 0 done (also 'cannot tell'), 1 findings of a checker, 2 bad input."
    ),
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _version(is_asked: bool) -> None:
    if is_asked:
        from endplate import __version__

        typer.echo(f"endplate {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and leave.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Take the options of every verb; both are dealt with before a verb runs."""


_Verbs = tuple[tuple[str, Callable[..., None], str], ...]
_working: _Verbs = (
    ("exam", exam.exam, exam.EPILOG),
    ("measure", measure.measure, measure.EPILOG),
    ("compare", compare.compare, compare.EPILOG),
    ("run", run.run, run.EPILOG),
)
_listing: _Verbs = (
    ("persons", persons.persons, persons.EPILOG),
    ("muscles", muscles.muscles, muscles.EPILOG),
    ("protocols", protocols.protocols, protocols.EPILOG),
    ("drugs", drugs.drugs, drugs.EPILOG),
    ("rules", rules.rules, rules.EPILOG),
    ("reference-sets", reference_sets.reference_sets, reference_sets.EPILOG),
    ("parameters", parameters.parameters, parameters.EPILOG),
    ("schema", schema.schema, schema.EPILOG),
)
_checking: _Verbs = (
    ("claims", claims.claims, claims.EPILOG),
    ("lint-page", lint_page.lint_page, lint_page.EPILOG),
)
for _panel, _verbs in ((_WORK, _working), (_CLINIC, _checking), (_LISTS, _listing)):
    for _verb, _function, _epilog in _verbs:
        app.command(_verb, epilog=_epilog, rich_help_panel=_panel)(_function)
app.add_typer(activezone.app, name="activezone", rich_help_panel=_WORK)
app.add_typer(clinic.app, name="clinic", rich_help_panel=_CLINIC)
