"""Given facts: a form, and single facts of the command line that stand above it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from endplate.foundation.records.clinical import Record

_HELP: Final = "A form (TOML or JSON; see: endplate clinic form) or a synthetic person."
FactsOption = Annotated[str | None, typer.Option("--facts", metavar="FACTS", help=_HELP)]
FactsIfAny = Annotated[str | None, typer.Argument(metavar="[FACTS]", help=_HELP)]
Given = Annotated[
    list[str] | None,
    typer.Option("--fact", metavar="NAME=VALUE", help="One fact, such as age_years=60; stands above the form."),
]


def record_with(facts: str | None, given: Sequence[str] | None, *, today: date) -> Record:
    """Return the record of a form, with single facts laid over it and checked together.

    Raises
    ------
    InputError
        If a fact is not NAME=VALUE, has no place in the vocabulary, is impossible or contradicts another.
    """
    from dataclasses import replace

    from endplate.cli.clinic_verbs.inputs import record_given
    from endplate.clinic.record import record_of, require_consistent
    from endplate.foundation.errors import InputError
    from endplate.foundation.records.clinical import Record

    record = record_given(facts, today=today) if facts is not None else Record()
    named: dict[str, str] = {}
    for one in given or ():
        name, sign, value = one.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise InputError(f"--fact is NAME=VALUE, such as seizure_history=no, got {one!r}.")
        named[name.strip()] = value.strip()
    laid = record_of(named, today=today)
    both = replace(record, facts={**record.facts, **laid.facts})
    require_consistent(both, today=today)
    return both
