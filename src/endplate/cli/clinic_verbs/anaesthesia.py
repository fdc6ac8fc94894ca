"""`endplate clinic anaesthesia`: the checklist for one person, the train-of-four, and the prolonged block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.given_facts import FactsIfAny, Given
from endplate.cli.clinic_verbs.review import On

if TYPE_CHECKING:
    from decimal import Decimal

    from endplate.clinic.result import Result

EPILOG: Final = (
    "Examples:\n\nendplate clinic anaesthesia facts.toml\n\n"
    "endplate clinic anaesthesia --ratio 0.63 --baseline 0.7 --power yes --baseline-first yes\n\n"
    "endplate clinic anaesthesia --prolonged-block"
)


def anaesthesia(
    facts: FactsIfAny = None,
    given: Given = None,
    ratio: Annotated[str | None, typer.Option("--ratio", metavar="R", help="Train-of-four ratio now.")] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="R", help="The ratio before any blocker and any tetanus.")
    ] = None,
    power: Annotated[
        str, typer.Option("--power", metavar="yes|no|unknown", help="Clinical power is back.")
    ] = "unknown",
    is_first: Annotated[
        str,
        typer.Option(
            "--baseline-first", metavar="yes|no|unknown", help="The baseline came before blocker and tetanus."
        ),
    ] = "unknown",
    is_prolonged: Annotated[
        bool, typer.Option("--prolonged-block", help="Show the card on a prolonged block.")
    ] = False,
    on: On = None,
    as_json: options.ListJson = False,
) -> None:
    """Show the anaesthesia checklist of LEMS for one person, or read a train-of-four against its baseline."""
    from endplate.cli.clinic_verbs.given_facts import record_with
    from endplate.cli.clinic_verbs.inputs import day_given
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.anaesthesia import anaesthesia_checklist, judge_train_of_four, prolonged_block_card

    if is_prolonged:
        card = prolonged_block_card()
        print_results([card], as_json=as_json)
        if not as_json:
            _print_points(card.values["steps"])
        return
    if ratio is not None or baseline is not None:
        judged = judge_train_of_four(
            ratio=_ratio("--ratio", ratio), baseline=_ratio("--baseline", baseline),
            clinical_power=_known("--power", power), is_baseline_before_blocker=_known("--baseline-first", is_first),
        )  # fmt: skip
        print_results([judged], as_json=as_json)
        return
    items = anaesthesia_checklist(record_with(facts, given, today=day_given(on)))
    if as_json:
        print_results(items, as_json=True)
        return
    _print_checklist(items)


def _ratio(name: str, text: str | None) -> Decimal | None:
    from decimal import Decimal, InvalidOperation

    from endplate.foundation.errors import InputError

    try:
        return None if text is None else Decimal(text)
    except InvalidOperation as error:
        raise InputError(f"{name} is a ratio such as 0.7, got {text!r}. Divide percent by 100.") from error


def _known(name: str, text: str) -> Any:
    from endplate.foundation.errors import InputError

    if text not in ("yes", "no", "unknown"):
        raise InputError(f"{name} is yes, no or unknown, got {text!r}.")
    return text


def _print_points(points: Sequence[str]) -> None:
    from rich.text import Text

    from endplate.cli.console import out

    for point in points:
        out().print(Text(f"  [ ] {point}"), soft_wrap=True)


def _print_checklist(items: Sequence[Result]) -> None:
    """Print one line per item, phase by phase; the basis of each stands in --json and on the page."""
    from rich.text import Text

    from endplate.cli.clinic_verbs.lines import NOTE
    from endplate.cli.console import out
    from endplate.clinic.anaesthesia import PHASES

    console = out()
    for phase in PHASES:
        console.print(Text(phase.capitalize(), style="bold"))
        for one in (item for item in items if item.values["phase"] == phase):
            words = Text("  [ ] ")
            words.append(one.statement, style="bold red" if one.severity == "critical" else "")
            words.append("" if one.support == "published" else f" [{_MARK[one.support]}]", style="dim")
            words.append(f"\n      why: {one.values['why']}", style="dim")
            if one.missing:
                words.append(f"\n      to record: {', '.join(one.missing)}", style="dim")
            console.print(words, soft_wrap=True)
    console.print(Text(NOTE.format(reviewed="No clinician has reviewed these items yet."), style="dim"), soft_wrap=True)


_MARK: Final = {"unverified": "unverified", "proposal": "our proposal"}
