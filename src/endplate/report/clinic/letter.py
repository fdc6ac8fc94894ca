"""A letter as one HTML file that prints on one sheet of A4."""

from __future__ import annotations

from typing import Final

import endplate
from endplate.clinic.review.letters import Letter
from endplate.clinic.review.review import INTENDED_USE, NO_REVIEWER
from endplate.report.clinic.page import PACKS
from endplate.report.palette import DARK, LIGHT

_ROOM: Final = 420_000.0
_LARGEST_PT: Final = 10.5
_SMALLEST_PT: Final = 6.0


def render_letter(letter: Letter) -> str:
    """Return the letter; every word of a record is escaped.

    Examples
    --------
    >>> from datetime import date
    >>> from endplate.clinic.record import example
    >>> from endplate.clinic.review import Settings, review_of
    >>> from endplate.clinic.review.letters import letter
    >>> review = review_of(example("mg-that-is-lems"), Settings(on=date(2026, 11, 21)))
    >>> "To the anaesthetist" in render_letter(letter("anaesthetist", review))
    True
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("endplate.report", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    review = letter.review
    return environment.get_template("letter.html.j2").render(
        letter=letter,
        review=review,
        pack=PACKS[review.settings.pack],
        intended_use=INTENDED_USE,
        no_reviewer=NO_REVIEWER,
        size_pt=_size_pt(letter),
        light=LIGHT,
        dark=DARK,
        version=endplate.__version__,
    )


def _size_pt(letter: Letter) -> float:
    """Return the size of letters that keeps everything on one sheet."""
    letters = 900 + sum(45 + sum(len(line) + 35 for line in block.lines) for block in letter.blocks)
    letters += sum(60 + len(one.name + one.dose + one.words) for one in letter.medicines)
    return min(_LARGEST_PT, max(_SMALLEST_PT, int(10 * (_ROOM / letters) ** 0.5) / 10))
