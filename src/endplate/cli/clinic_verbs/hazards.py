"""`endplate clinic hazards`: what can go wrong, what controls it, and the tests that hold each control."""

from __future__ import annotations

from typing import Final

from endplate.cli import options

EPILOG: Final = "Examples:\n\nendplate clinic hazards\n\nendplate clinic hazards --json"


def hazards(as_json: options.ListJson = False) -> None:
    """List the register of hazards with severity, probability, control and tests."""
    from dataclasses import asdict

    from endplate.cli.console import noted, out, print_json, table
    from endplate.clinic.safety import hazards as register

    found = register().values()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    listed = table("Id", "Hazard", "Severity", "Probability", "Control", "Held by")
    for one in found:
        held = "waits for the site" if one.waits else f"{len(one.tests)} test{'s' if len(one.tests) > 1 else ''}"
        listed.add_row(one.id, one.title, one.severity, one.probability, one.control, held)
    waiting = sum(one.waits for one in found)
    out().print(
        noted(listed, note=f"{len(found)} hazards, {waiting} wait for the site. No clinician has reviewed them.")
    )
