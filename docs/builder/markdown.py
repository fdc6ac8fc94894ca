"""Small pieces of Markdown: tables, anchors, escaped text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

NO_BREAK = "\u00a0"  # a number and its unit stay on one line
_SPECIAL = re.compile(r"([\\|$<>*\[\]{}])")


def escaped(text: object) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    Examples
    --------
    >>> escaped("a|b < 5 $")
    'a\\|b \\< 5 \\$'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def code(text: object) -> str:
    """Return text as code inside a table cell."""
    plain = " ".join(str(text).split()).replace("|", "\\|")
    return f"`{plain}`" if plain else ""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> str:
    """Return a pipe table; cells are Markdown already."""
    line = ["---:" if column in right else "---" for column in columns]
    body = [list(columns), line, *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in body) + "\n"


def slug(text: str) -> str:
    """Return a name that can stand in an address.

    Examples
    --------
    >>> slug("body/terminal ready_share")
    'body-terminal-ready-share'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def number(value: float, digits: int = 5) -> str:
    """Return a number with at most so many digits, without an exponent where it is readable without.

    Examples
    --------
    >>> number(6952.4), number(0.0001), number(150000.0), number(31.229, 3)
    ('6952.4', '0.0001', '150000', '31.2')
    """
    if value and 1e-5 <= abs(value) < 1e7:
        places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
        text = f"{value:.{places}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.{digits}g}"


def with_unit(value: float, unit: str, digits: int = 5) -> str:
    """Return a number with its unit."""
    return number(value, digits) if unit == "1" else f"{number(value, digits)}{NO_BREAK}{shown_unit(unit)}"


def in_words(value: float, unit: str) -> str:
    r"""Return a number with its unit as running text has it: three digits, long times in seconds.

    Examples
    --------
    >>> in_words(6952.4, "ms"), in_words(0.103, "1")
    ('6.95\xa0s', '0.103')
    """
    if unit == "ms" and abs(value) >= 1000.0:
        return with_unit(value / 1000.0, "s", 3)
    return with_unit(value, unit, 3)


def shown_unit(unit: str) -> str:
    """Return a unit as readers know it."""
    return {"1": "–", "degC": "°C", "um": "µm", "us": "µs", "umolar": "µM", "uM": "µM"}.get(unit, unit)


def page(title: str, *parts: str) -> str:
    """Return a whole page; the first line tells who wrote it."""
    head = "% Written by docs/builder from the data of the package: change the data, not this file.\n"
    return f"{head}\n# {title}\n\n" + "\n".join(part.rstrip() + "\n" for part in parts)
