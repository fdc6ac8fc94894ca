"""Write a report: the page, its pictures, its tables, and the same for machines."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from endplate.foundation.errors import InputError
from endplate.report.drawing import Drawing, compose, with_footer
from endplate.report.folder import write_files
from endplate.report.machine import as_json, schema_text
from endplate.report.page import render_page
from endplate.report.panels import overview
from endplate.report.panels.compare import comparison
from endplate.report.panels.other_card import other_card
from endplate.report.png import png_bytes
from endplate.report.svg import file_svg
from endplate.report.tables import findings_csv, measurements_csv
from endplate.report.views import examination_views
from endplate.report.words import provenance_line

if TYPE_CHECKING:
    from endplate.exam.examination.types import Examination

OVERVIEW_PX = 1600
_BESIDE = ("measurements.csv", "findings.csv", "report.json", "report.schema.json")


def write_report(
    examinations: Sequence[Examination],
    folder: str | os.PathLike[str],
    *,
    title: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a report of one or more examinations as a folder with one self-contained page.

    Parameters
    ----------
    examinations
        What to show, in order; simulated and real may stand side by side.
    folder
        New, empty, or an unchanged report of ours, which is replaced.
    title
        Heading of the page.
    overwrite
        Write into a folder that holds other files; those of other names stay as they are.

    Returns
    -------
    pathlib.Path
        The page, ``index.html`` in the folder. Beside it stand ``overview.png`` and ``.svg``, one
        PNG and SVG per panel, ``measurements.csv``, ``findings.csv``, ``report.json`` with
        its schema, and a manifest of names and checksums.

    Raises
    ------
    InputError
        If there is no examination.
    OutputError
        If the folder is refused, full or not writable; the report then stands in a temporary
        folder that the message names.

    Examples
    --------
    >>> write_report([], "anywhere")
    Traceback (most recent call last):
    ...
    endplate.foundation.errors.InputError: a report needs at least one examination, got none.
    """
    files = report_files(examinations, title=title)
    return write_files(files, folder, overwrite=overwrite) / "index.html"


def compare_report(
    examinations: Sequence[Examination],
    folder: str | os.PathLike[str],
    *,
    title: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a report that sets examinations against the first one: overlays and differences first.

    Parameters and errors are those of :func:`write_report`; it takes at least two examinations.

    Examples
    --------
    >>> compare_report([], "anywhere")
    Traceback (most recent call last):
    ...
    endplate.foundation.errors.InputError: a comparison needs at least two examinations, got 0.
    """
    if len(examinations) < 2:
        raise InputError(f"a comparison needs at least two examinations, got {len(examinations)}.")
    files = report_files(examinations, title=title, is_comparison=True)
    return write_files(files, folder, overwrite=overwrite) / "index.html"


def report_files(
    examinations: Sequence[Examination], *, title: str | None = None, is_comparison: bool = False
) -> dict[str, bytes]:
    """Return every file of a report by name, in memory, so that a full disk loses nothing."""
    if not examinations:
        raise InputError("a report needs at least one examination, got none.")
    views = examination_views(examinations)
    summaries = [overview.summarise(one) for one in examinations]
    gain = overview.shared_gain([s for s in summaries if s is not None])
    cards = [
        overview.card(summary, gain, key=f"{view.key}-card", heading=view.heading)
        if summary is not None
        else other_card(view.examination, key=f"{view.key}-card", heading=view.heading)
        for summary, view in zip(summaries, views, strict=True)
    ]
    surface = [(s, view.heading) for s, view in zip(summaries, views, strict=True) if s is not None]
    compared = comparison([s for s, _ in surface], [name for _, name in surface]) if is_comparison else []
    files: dict[str, bytes] = {}
    whole = _overview(cards)
    files["overview.png"] = png_bytes(whole, width_px=OVERVIEW_PX)
    files["overview.svg"] = file_svg(whole).encode()
    for view in views:
        line = provenance_line(view.examination)
        for drawing in (d for study in view.studies for d in study.drawings()):
            _add(files, with_footer(drawing, line))
    for drawing in compared:
        _add(files, drawing)
    files["measurements.csv"] = measurements_csv(examinations).encode("utf-8-sig")  # Excel reads µ only with the mark
    files["findings.csv"] = findings_csv(examinations).encode("utf-8-sig")
    files["report.json"] = (json.dumps(as_json(examinations), ensure_ascii=False, allow_nan=False) + "\n").encode()
    files["report.schema.json"] = schema_text().encode()
    page = render_page(
        views,
        list(zip(cards, summaries, strict=True)),
        title=title,
        files=_BESIDE,
        compared=compared,
        is_comparison=is_comparison,
    )
    files["index.html"] = page.encode("utf-8", errors="replace")
    return files


def _add(files: dict[str, bytes], drawing: Drawing) -> None:
    files[f"{drawing.key}.png"] = png_bytes(drawing)
    files[f"{drawing.key}.svg"] = file_svg(drawing).encode("utf-8", errors="replace")


def _overview(cards: Sequence[Drawing]) -> Drawing:
    """Set the cards side by side, as the one picture that stands for the report."""
    together = compose(
        list(cards),
        columns=min(5, len(cards)),
        key="overview",
        title="Endplate: examinations at one gain, negative up",
        alt=" ".join(card.alt for card in cards),
        gap=26.0,
        simulated=False,  # each card says for itself whether it is
    )
    return with_footer(together, "Research and education; not a medical device")
