"""`endplate clinic scale`: score a scale from its items, or say what a change means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from endplate.cli import options

if TYPE_CHECKING:
    from endplate.clinic.scales.catalogue import Item

EPILOG: Final = (
    "Examples:\n\nendplate clinic scale\n\n"
    "endplate clinic scale qmg --sex male right_grip=40 diplopia=30 head=unknown\n\n"
    'endplate clinic scale mgc hip=moderate "breathing=short of breath on effort"\n\n'
    "endplate clinic scale 3tug --before 10 --after 13.5\n\n"
    "Items left out are unknown and give an interval. Points directly: head=2points."
)


def _names(incomplete: str) -> list[tuple[str, str]]:
    from endplate.clinic.scales import scales

    return [(name, one.title) for name, one in scales().items() if name.startswith(incomplete)]


def scale(
    name: Annotated[str | None, typer.Argument(metavar="[SCALE]", autocompletion=_names, help="Its name.")] = None,
    items: Annotated[list[str] | None, typer.Argument(metavar="[ITEM=VALUE]...", help="What was found.")] = None,
    sex: Annotated[
        str | None, typer.Option("--sex", metavar="male|female", help="Where cut-offs differ (grip).")
    ] = None,
    before: Annotated[str | None, typer.Option("--before", metavar="SCORE", help="The earlier score.")] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="SCORE", help="The later score.")] = None,
    is_showing: Annotated[
        bool, typer.Option("--items", help="Show the items of the scale and how they count.")
    ] = False,
    as_json: options.ListJson = False,
) -> None:
    """Score QMG, MG Composite, 3TUG, MRC sum, Karnofsky or the DELTA-P card; unknown items give an interval."""
    from endplate.cli.clinic_verbs.lines import print_results
    from endplate.clinic.scales import compare_scores, scale_named, score_scale
    from endplate.foundation.errors import InputError

    if name is None:
        _print_scales(as_json=as_json)
        return
    if is_showing:
        _print_items(scale_named(name).id, as_json=as_json)
        return
    if (before is None) != (after is None):
        raise InputError("a change needs --before and --after together.")
    if before is not None and after is not None:
        from decimal import Decimal, InvalidOperation

        try:
            scores = Decimal(before), Decimal(after)
        except InvalidOperation as error:
            raise InputError(f"scores are numbers, got {before!r} and {after!r}.") from error
        print_results([compare_scores(name, before=scores[0], after=scores[1])], as_json=as_json)
        return
    print_results([score_scale(name, _answers(items or []), sex=sex)], as_json=as_json)


def _answers(items: list[str]) -> dict[str, str]:
    from endplate.foundation.errors import InputError

    answers: dict[str, str] = {}
    for one in items:
        item, sign, value = one.partition("=")
        if not sign:
            raise InputError(f"items are ITEM=VALUE, such as head=45, got {one!r}.")
        if item.strip() in answers:
            raise InputError(f"item {item.strip()} was given twice.")
        answers[item.strip()] = value
    return answers


def _print_scales(*, as_json: bool) -> None:
    from endplate.cli.console import out, print_json, table
    from endplate.clinic.scales import scales

    if as_json:
        print_json(
            [
                {
                    "name": one.id,
                    "title": one.title,
                    "highest": one.highest,
                    "licence": one.licence,
                    "warning": one.warning,
                }
                for one in scales().values()
            ]
        )
        return
    shown = table("Name", "Scale", "Highest", "Licence", "Take care", right=("Highest",))
    for one in scales().values():
        shown.add_row(one.id, one.title, str(one.highest or ""), one.licence, one.warning)
    out().print(shown)


def _print_items(name: str, *, as_json: bool) -> None:
    from endplate.cli.console import noted, out, print_json, table
    from endplate.clinic.scales import scale_named

    chosen = scale_named(name)
    rows = [(item.id, item.label, _counts(item)) for item in chosen.items]
    if as_json:
        print_json([{"item": item, "label": label, "counts": counts} for item, label, counts in rows])
        return
    shown = table("Item", "What", "How it counts")
    for row in rows:
        shown.add_row(*row)
    mark = " The cut-offs are unverified." if chosen.support == "unverified" else ""
    out().print(noted(shown, title=chosen.title, note=f"{chosen.warning} {chosen.licence}{mark}"))


def _counts(item: Item) -> str:
    if item.options:
        return "; ".join(f"{words} {points}" for words, points in item.options)
    if item.cuts:
        return "; ".join(
            f"{'' if sex == 'any' else sex + ': '}"
            + ", ".join(
                f"from {limit} {item.unit if item.unit != '1' else ''}".rstrip() + f": {points}"
                for limit, points in cuts
            )
            for sex, cuts in item.cuts.items()
        )
    return "yes 1, no 0" if item.kind == "yes-no" else f"{item.low} to {item.high} {item.unit}".rstrip()
