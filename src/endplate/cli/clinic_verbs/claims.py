"""`endplate claims`: the statements of the clinic, with their stance and sources; and a check of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import options

if TYPE_CHECKING:
    from endplate.clinic.knowledge.checking import Defect
    from endplate.clinic.knowledge.claim import Claim

ACTIONS: Final = ("list", "show", "check")
FINDINGS: Final = 1  # exit code of a checker that found something
EPILOG: Final = (
    "Examples:\n\nendplate claims\n\nendplate claims list --stance refuted\n\nendplate claims show M109 M058\n\n"
    "endplate claims show M109 --json-ld\n\nendplate claims check --date 2027-12-31\n\n"
    "Exit codes of check: 0 nothing found, 1 something found, 2 bad input."
)


def _names(incomplete: str) -> list[tuple[str, str]]:
    from endplate.clinic.knowledge.rows import rows

    return [
        (name, row.title) for name, row in rows().items() if row.is_statement and name.startswith(incomplete.upper())
    ]


def claims(
    action: Annotated[str, typer.Argument(metavar="[list|show|check]", help="What to do.")] = "list",
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", autocompletion=_names, help="Claims to show, such as M109.")
    ] = None,
    stance: Annotated[
        str | None,
        typer.Option("--stance", metavar="WORD", help="List supported, qualified, contested, refuted or unknown ones."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Check reviews that are due by this day (today).")
    ] = None,
    as_json: options.ListJson = False,
    as_jsonld: Annotated[
        bool,
        typer.Option(
            "--json-ld", help="Show as schema.org JSON-LD for a web page; the condition itself without an id."
        ),
    ] = False,
) -> None:
    """List the claims of the clinic, show some in full, or check them all: sources, readability, overdue reviews."""
    from endplate.foundation.errors import InputError, unknown_name

    if action not in ACTIONS:
        raise unknown_name("action", action, ACTIONS)
    if action != "list" and stance is not None:
        raise InputError(
            f"--stance belongs to 'list', got 'claims {action}'. Write: endplate claims list --stance {stance}"
        )
    if as_jsonld:
        if action != "show":
            raise InputError(
                f"--json-ld belongs to 'show', got 'claims {action}'. Write: endplate claims show --json-ld"
            )
        _linked(names or [])
    elif action == "show":
        _show(names or [], as_json=as_json)
    elif names:
        raise InputError(
            f"'claims {action}' takes no ids, got {' '.join(names)}. Write: endplate claims show {names[0]}"
        )
    elif action == "check":
        _check(on, as_json=as_json)
    else:
        _list(stance, as_json=as_json)


def _list(stance: str | None, *, as_json: bool) -> None:
    from endplate.cli.console import noted, out, print_json, table
    from endplate.clinic.knowledge.claim import STANCES
    from endplate.clinic.knowledge.claims import claims as built_in
    from endplate.clinic.knowledge.rows import rows
    from endplate.foundation.errors import unknown_name

    if stance is not None and stance not in STANCES:
        raise unknown_name("stance", stance, STANCES)
    chosen = [claim for claim in built_in().values() if stance in (None, claim.stance)]
    if as_json:
        print_json([_plain(claim) for claim in chosen])
        return
    listed = table("Claim", "Stance", "Class", "Evidence", "About", "For patients")
    for claim in chosen:
        words = f"Refuted: “{claim.refutes}” {claim.patient}" if claim.refutes else claim.patient
        listed.add_row(claim.id, claim.stance, claim.safety_class, claim.evidence, rows()[claim.id].title, words)
    reviewed = sum(claim.is_reviewed for claim in chosen)
    out().print(noted(listed, note=f"{len(chosen)} claims, {reviewed} reviewed by clinicians. endplate claims show ID"))


def _show(names: list[str], *, as_json: bool) -> None:
    from endplate.cli.console import print_json
    from endplate.clinic.knowledge.claims import find_claim
    from endplate.foundation.errors import InputError

    if not names:
        raise InputError("'claims show' needs an id, such as: endplate claims show M109. See: endplate claims list")
    chosen = [find_claim(name) for name in names]
    if as_json:
        print_json([_plain(claim) for claim in chosen])
        return
    for claim in chosen:
        _details(claim)


def _linked(names: list[str]) -> None:
    from endplate.cli.console import print_json
    from endplate.clinic.knowledge.claims import find_claim
    from endplate.clinic.knowledge.jsonld import claim_page, condition_page

    pages = [claim_page(find_claim(name)) for name in names] or [condition_page()]
    print_json(pages[0] if len(pages) == 1 else pages)


def _details(claim: Claim) -> None:
    """Print one claim in full; the false statement of a refuted one never stands without the word."""
    from endplate.cli.console import out
    from endplate.clinic.knowledge.references import cited
    from endplate.clinic.knowledge.rows import rows

    console = out()
    console.print(f"{claim.id}  {rows()[claim.id].title}  [{claim.stance}]", style="bold", markup=False)
    if claim.refutes:
        console.print(f"REFUTED, not advice: “{claim.refutes}”", style="bold red", markup=False)
    if claim.is_unverified:
        console.print("unverified: no source of it has been read for this text", style="bold", markup=False)
    lines = [
        f"For clinicians: {claim.clinician}",
        f"For patients: {claim.patient}",
        f"Other view: {claim.other_view}" if claim.other_view else "",
        f"About {claim.subject}; evidence: {claim.evidence}; holds: {claim.jurisdiction}; class {claim.safety_class}.",
        f"Stated {claim.stated}, review due {claim.review_due}. {claim.review_note}",
        f"Rules: {', '.join(claim.rules)}" if claim.rules else "",
        f"Mechanism: endplate exam {claim.scenario}" if claim.scenario else "",
    ]
    for line in filter(None, lines):
        console.print(line, markup=False)
    for source in claim.sources:
        console.print(f"  {cited(source.id)}", markup=False)
        console.print(f"    says: {source.says} (read: {source.checked})", markup=False)
    console.print()


def _check(on: str | None, *, as_json: bool) -> None:
    from endplate.cli.clinic_verbs.inputs import day_given
    from endplate.cli.console import out, print_json
    from endplate.clinic.knowledge.checking import defects_of
    from endplate.clinic.knowledge.claims import claims as built_in
    from endplate.clinic.knowledge.references import references

    day = day_given(on)
    found = built_in()
    defects = defects_of(found, on=day, references=references())
    if as_json:
        print_json({"checked": len(found), "date": day.isoformat(), "defects": [_defect(one) for one in defects]})
    else:
        console = out()
        for one in defects:
            console.print(f"{one.claim} {one.kind}: {one.text}", markup=False, soft_wrap=True)
        console.print(f"{len(found)} claims checked on {day}: {len(defects) or 'no'} defects.", markup=False)
    if defects:
        raise typer.Exit(FINDINGS)


def _defect(one: Defect) -> dict[str, str]:
    return {"claim": one.claim, "kind": one.kind, "text": one.text}


def _plain(claim: Claim) -> dict[str, Any]:
    from dataclasses import asdict

    from endplate.clinic.knowledge.rows import rows

    return {
        **asdict(claim),
        "stated": claim.stated.isoformat(),
        "review_due": claim.review_due.isoformat(),
        "title": rows()[claim.id].title,
        "review_note": claim.review_note,
        "is_unverified": claim.is_unverified,
    }
