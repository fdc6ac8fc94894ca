"""Lines: results of rules for the terminal and for machines, the same words in every verb of the clinic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from endplate.clinic.result import Result

NOTE: Final = (
    "Options with their basis, for a clinician to review. Research and education; not a medical device. {reviewed}"
)
_STYLES: Final = {"critical": "bold red", "warning": "bold yellow", "caution": "yellow", "info": "bold"}
_MARKS: Final = {"published": "", "unverified": " [unverified]", "proposal": " [our proposal]"}


def print_results(results: Sequence[Result], *, as_json: bool) -> None:
    """Print every result with its basis, or all as JSON."""
    from rich.text import Text

    from endplate.cli.console import out, print_json

    if as_json:
        print_json([plain_result(one) for one in results])
        return
    console = out()
    for one in results:
        console.print(_paragraph(one), soft_wrap=True)
    names = sorted({name for one in results for name in one.reviewers})
    reviewed = f"Reviewed by: {', '.join(names)}." if names else "No clinician has reviewed these rules yet."
    console.print(Text(NOTE.format(reviewed=reviewed), style="dim"), soft_wrap=True)


def _paragraph(one: Result) -> Any:
    from rich.text import Text

    words = Text()
    words.append(f"{one.title}: {one.verdict}", style=_STYLES[one.severity])
    words.append(f"{_MARKS[one.support]}\n  {one.statement}\n")
    for line in one.because:
        words.append(f"  - {line}\n")
    for kind, lines in (("Other view", one.other_views), ("Limit", one.limits)):
        for line in lines:
            words.append(f"  {kind}: {line}\n", style="dim")
    if one.missing:
        words.append(f"  Would firm it up: {', '.join(one.missing)}\n", style="dim")
    basis = ", ".join(one.sources) or "no published source"
    words.append(f"  Basis: {basis} (rule {one.rule}, version {one.version}, {one.jurisdiction})\n", style="dim")
    return words


def plain_result(one: Result) -> dict[str, Any]:
    """Return one result as JSON-ready values, with what it is for."""
    names = ", ".join(one.reviewers)
    reviewed = f"Reviewed by: {names}." if names else "No clinician has reviewed this rule yet."
    return {**asdict(one), "intended_use": NOTE.format(reviewed=reviewed)}
