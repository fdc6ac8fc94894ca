"""`endplate clinic medicines`: a list of medicines checked for LEMS and for amifampridine, by label."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.given_facts import FactsOption, Given
from endplate.cli.clinic_verbs.packs import AnyLabel
from endplate.cli.clinic_verbs.review import On

EPILOG: Final = (
    'Examples:\n\nendplate clinic medicines gentamicin ciprofloxacin "magnesium sulfate iv"\n\n'
    "endplate clinic medicines Firdapse ondansetron --pack eu\n\n"
    "endplate clinic medicines --facts facts.toml --pack us --json\n\n"
    "endplate clinic medicines --list\n\n"
    "A medicine that is not recognised is said to be unknown: unknown is not safe."
)


def _names(incomplete: str) -> list[tuple[str, str]]:
    from endplate.clinic.medicines import substances

    return [(one.name, one.group.name) for one in substances() if one.name.startswith(incomplete.lower())]


def medicines(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[MEDICINE]...", autocompletion=_names, help="Names, brands, ATC or RxNorm codes."),
    ] = None,
    facts: FactsOption = None,
    given: Given = None,
    pack: AnyLabel = None,
    indication: Annotated[
        str,
        typer.Option("--for", metavar="WORDS", help="What the named medicines are given for (magnesium, blockers)."),
    ] = "",
    is_listing: Annotated[bool, typer.Option("--list", help="List every medicine that is known.")] = False,
    on: On = None,
    as_json: options.ListJson = False,
) -> None:
    """Check medicines: what endangers in LEMS, what endangers beside amifampridine, and what is not known."""
    from dataclasses import replace

    from endplate.cli.clinic_verbs.given_facts import record_with
    from endplate.cli.clinic_verbs.inputs import day_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.medicines import check_medicines
    from endplate.foundation.errors import InputError

    if is_listing:
        _print_list(as_json=as_json)
        return
    record = record_with(facts, given, today=day_given(on))
    record = replace(record, medicines=(*record.medicines, *(_medicine(name, indication) for name in names or ())))
    if not record.medicines:
        raise InputError("no medicine was named. Name some, or a form with [[medicines]]: --facts FILE.")
    print_results(check_medicines(record, pack=pack), as_json=as_json)


def _medicine(name: str, indication: str) -> Any:
    """Return a medicine of the command line; a word that looks like a code is one."""
    import re

    from endplate.foundation.records.clinical import Medicine

    code = name.strip().upper()
    is_atc = re.fullmatch(r"[A-Z]\d\d[A-Z]{2}\d\d", code) is not None
    is_rxnorm = re.fullmatch(r"\d{2,8}", code) is not None
    return Medicine(name, atc=code if is_atc else "", rxnorm=code if is_rxnorm else "", indication=indication)


def _print_list(*, as_json: bool) -> None:
    from endplate.cli.console import noted, out, print_json, table
    from endplate.clinic.medicines import substances

    if as_json:
        print_json([_plain(one) for one in substances()])
        return
    shown = table("Medicine", "Group", "Grade", "Evidence", "ATC (unverified unless marked)")
    for one in substances():
        mark = " (verified)" if one.atc_verified_on else ""
        codes = ", ".join(one.atc) + (mark if one.atc else "")
        grade = f"{one.group.grade}{' *' if one.group.gradings else ''}"
        shown.add_row(one.name, one.group.name, grade, one.evidence, codes)
    out().print(noted(shown, note="* depends on the person, the route or what it is given for"))


def _plain(one: Any) -> dict[str, Any]:
    return {
        "name": one.name, "also": list(one.also), "group": one.group.name, "grade": one.group.grade,
        "depends": bool(one.group.gradings), "evidence": one.evidence, "atc": list(one.atc),
        "atc_verified_on": str(one.atc_verified_on or ""), "rxnorm": one.rxnorm, "tags": sorted(one.tags),
    }  # fmt: skip
