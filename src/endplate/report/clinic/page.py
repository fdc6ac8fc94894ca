"""The review as one HTML file: asks nothing of any network, prints on two sheets of A4."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import endplate
from endplate.clinic.knowledge.references import cited
from endplate.clinic.record.vocabulary import vocabulary
from endplate.clinic.result import Result
from endplate.clinic.review.alerts import alerts
from endplate.clinic.review.glance import glances
from endplate.clinic.review.review import INTENDED_USE, NO_REVIEWER, Review, Section
from endplate.report.clinic.lines import VIEWS_ON_PAPER, comparison_of, groups_of, print_size_pt
from endplate.report.palette import DARK, LIGHT

if TYPE_CHECKING:
    from jinja2 import Template

FONTS: Final = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'
SUPPORT_WORDS: Final[Mapping[str, str]] = {
    "published": "published",
    "unverified": "unverified: general knowledge that a person must still check",
    "proposal": "our proposal, not published",
}
SEVERITY_WORDS: Final[Mapping[str, str]] = {
    "critical": "Critical",
    "warning": "Warning",
    "caution": "Caution",
    "info": "",
}
_MISSING_SHOWN: Final = 12
_REVIEWERS_OF_CLASS_A: Final = 2
PACKS: Final[Mapping[str, str]] = {"us": "US label", "eu": "EU/UK label"}


def render_review(review: Review) -> str:
    """Return the page; every word of a record is escaped.

    Examples
    --------
    >>> from datetime import date
    >>> from endplate.clinic.review import Settings, review_of
    >>> from endplate.clinic.record import example
    >>> page = render_review(review_of(example("antibody-only"), Settings(on=date(2026, 11, 21))))
    >>> page.startswith("<!doctype html>"), "src=" in page.replace("default-src", "")
    (True, False)
    """
    order = {source: number for number, source in enumerate(review.sources(), start=1)}
    return _template().render(
        review=review,
        alerts=alerts(review),
        glances=glances(review),
        groups={section.id: groups_of(section) for section in review.sections},
        comparison_of=comparison_of,
        class_a=_class_a,
        views_on_paper=VIEWS_ON_PAPER,
        missing=[(label_of(name), asks) for name, asks in review.missing()[:_MISSING_SHOWN]],
        references=[(number, _cited(source)) for source, number in order.items()],
        number_of=order,
        label_of=label_of,
        support_words=SUPPORT_WORDS,
        severity_words=SEVERITY_WORDS,
        pack=PACKS.get(review.settings.pack, review.settings.pack),
        intended_use=INTENDED_USE,
        no_reviewer=NO_REVIEWER,
        anchors=_anchors(review),
        print_pt=print_size_pt(review),
        light=LIGHT,
        dark=DARK,
        fonts=FONTS,
        version=endplate.__version__,
    )


def _class_a(section: Section) -> str:
    """Return who approved the lines of class A (dose, red flag, contraindication), or that nobody did."""
    lines = [result for result in section.results if result.safety_class == "A"]
    if not lines:
        return ""
    names = sorted({name for result in lines for name in result.reviewers})
    missing = sum(len(result.reviewers) < _REVIEWERS_OF_CLASS_A for result in lines)
    if not missing:
        return f"Class A lines approved by {', '.join(names)}."
    return f"{missing} line{'s' if missing > 1 else ''} of class A (two reviewers needed): not yet approved."


def label_of(name: str) -> str:
    """Return the words of a fact, or its name where the vocabulary has none.

    Examples
    --------
    >>> label_of("weight_loss_percent") != "weight_loss_percent", label_of("no_such_fact")
    (True, 'no such fact')
    """
    found = vocabulary().get(name)
    if found is not None:
        return found.label
    return "Every medicine taken" if name == "medicines" else name.replace("_", " ")


def _cited(source: str) -> str:
    from endplate.foundation.errors import UnknownNameError

    try:
        return cited(source)
    except UnknownNameError:
        return source  # a reference of the instruments, which keep their own list


def _anchors(review: Review) -> dict[int, str]:
    """Return a place on the page for every result; two results of one rule stand apart."""
    return {id(result): f"r{number}" for number, result in enumerate(review.results, start=1)}


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("endplate.report", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["anchor"] = _anchor
    return environment.get_template("review.html.j2")


def _anchor(result: Result, anchors: Mapping[int, str]) -> Any:
    return anchors[id(result)]
