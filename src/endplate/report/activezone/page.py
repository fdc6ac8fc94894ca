"""Pages of the active zone: sections of pictures and tables in one HTML file, and the files beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import endplate
from endplate.report.activezone.animation import environment, style
from endplate.report.drawing import Drawing, with_footer
from endplate.report.machine import INTENDED_USE
from endplate.report.png import png_bytes
from endplate.report.svg import file_svg, inline_svg


@dataclass(frozen=True, slots=True)
class Section:
    """One section: a heading, words, pictures, and a table whose first column names the row."""

    title: str
    words: str = ""
    drawings: Sequence[Drawing] = ()
    layout: Literal["pair", "strip zones"] = "pair"
    caption: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def page_files(
    sections: Sequence[Section], *, title: str, lead: str, provenance: Mapping[str, str], files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return the page, its pictures as PNG and SVG, and the files beside it, by name.

    Parameters
    ----------
    sections
        What the page shows, in order.
    title, lead
        Heading of the page, and one sentence below it.
    provenance
        Version, case, seed, engine, by name: at the foot of the page and below every picture.
    files
        Further files that the page links to.
    """
    from markupsafe import Markup

    templates = environment()
    templates.globals["svg"] = lambda drawing: Markup(inline_svg(drawing, identity=drawing.key))
    page = templates.get_template("zone.html.j2").render(
        title=title,
        lead=lead,
        sections=sections,
        provenance=provenance,
        files=list(files),
        style=style(templates),
        version=endplate.__version__,
        intended_use=INTENDED_USE,
    )
    line = ", ".join(f"{name} {words}" for name, words in provenance.items())
    made = {"index.html": page.encode(), **files}
    for drawing in (one for section in sections for one in section.drawings):
        signed = with_footer(drawing, line)
        made[f"{drawing.key}.png"] = png_bytes(signed)
        made[f"{drawing.key}.svg"] = file_svg(signed).encode()
    return made
