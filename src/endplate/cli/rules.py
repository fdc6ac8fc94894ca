"""`endplate rules`: the published rules that findings are judged by."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from endplate.cli import options

EPILOG: Final = "Examples:\n\nendplate rules\n\nendplate rules increment-kohler\n\nendplate rules --json"


def _names(incomplete: str) -> list[tuple[str, str]]:
    from endplate.foundation.rules import rules as built_in

    return [(name, one.claim) for name, one in built_in().items() if name.startswith(incomplete)]


def rules(
    name: Annotated[str | None, typer.Argument(metavar="[RULE]", autocompletion=_names, help="Show one rule.")] = None,
    as_json: options.ListJson = False,
) -> None:
    """List the rules that findings are judged by: threshold, source, and from when they count."""
    from endplate.cli.console import out, print_json, table
    from endplate.foundation.rules import rule
    from endplate.foundation.rules import rules as built_in

    chosen = [rule(name)] if name is not None else list(built_in().values())
    if as_json:
        print_json([_plain(one) for one in chosen])
        return
    console = out()
    listed = table("Rule", "Kind", "Supports its claim when", "Claim", "Source", "Checked in")
    for one in chosen:
        latest = one.versions[-1]
        listed.add_row(one.id, one.kind, _limit(latest, one.unit), one.claim, latest.source, latest.checked)
    console.print(listed)
    if name is None:
        console.print("A finding supports or does not support a claim; it is never a diagnosis.", style="dim")
        return
    _details(chosen[0])


def _limit(version: Any, unit: str) -> str:
    if version.upper is not None:
        return f"{version.threshold} to {version.upper} {unit}"
    return f"{version.operator} {version.threshold} {unit}"


def _details(one: Any) -> None:
    """Show what one rule reads, each of its versions, and its references."""
    from endplate.cli.console import out
    from endplate.cli.references import cited

    console = out()
    console.print(f"\nReads: {one.reads}", markup=False)
    console.print(f"Reviewed by: {one.reviewer or 'no clinician yet'}", markup=False)
    for version in one.versions:
        note = f"; {version.note}" if version.note else ""
        console.print(
            f"From {version.valid_from}, version {version.version}: {_limit(version, one.unit)} "
            f"({version.source}, {version.where}; checked in: {version.checked}{note})",
            markup=False,
        )
    for source in dict.fromkeys(version.source for version in one.versions):
        console.print(cited(source), markup=False)


def _plain(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "reads": one.reads,
        "unit": one.unit,
        "claim": one.claim,
        "rates_hz": list(one.rates_hz) if one.rates_hz else None,
        "reviewer": one.reviewer,
        "versions": [
            {
                "version": v.version, "valid_from": str(v.valid_from), "operator": v.operator,
                "threshold": str(v.threshold), "upper": None if v.upper is None else str(v.upper),
                "source": v.source, "where": v.where, "checked": v.checked, "note": v.note,
            }
            for v in one.versions
        ],
    }  # fmt: skip
