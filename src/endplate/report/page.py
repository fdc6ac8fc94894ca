"""The page: views into one HTML file that asks nothing of any network."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import endplate
from endplate.report import words
from endplate.report.conditions import conditions
from endplate.report.drawing import Drawing
from endplate.report.machine import INTENDED_USE
from endplate.report.palette import DARK, LIGHT
from endplate.report.panels.overview import Summary, summarise_study
from endplate.report.reading import label, surface_studies
from endplate.report.svg import FONTS, inline_svg
from endplate.report.tables import shared_findings
from endplate.report.views import ExaminationView

if TYPE_CHECKING:
    from jinja2 import Environment

    from endplate.exam.examination.types import Examination

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
TITLE: Final = "Neuromuscular transmission: examination report"


def render_page(
    views: Sequence[ExaminationView],
    cards: Sequence[tuple[Drawing, Summary | None]],
    *,
    title: str | None,
    files: Sequence[str],
    compared: Sequence[Drawing] = (),
    is_comparison: bool = False,
) -> str:
    """Return the whole page as HTML; every word from a file or a user is escaped."""
    templates = _environment()
    style = templates.get_template("style.css.j2").render(light=LIGHT, dark=DARK, fonts=FONTS)
    script = resources.files("endplate.report").joinpath("templates/script.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    examinations = [view.examination for view in views]
    page = templates.get_template("page.html.j2").render(
        title=title or TITLE,
        views=views,
        cards=cards,
        files=files,
        compared=compared,
        deltas=_deltas(examinations) if is_comparison else [],
        is_comparison=is_comparison,
        any_simulated=any(one.simulated for one in examinations),
        all_simulated=all(one.simulated for one in examinations),
        style=style,
        script=script,
        script_digest=digest,
        version=endplate.__version__,
        intended_use=INTENDED_USE,
    )
    return _CONTROL.sub("", page)  # HTML has no place for them, and no escape either


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=PackageLoader("endplate.report", "templates"),
        # style.css.j2 and script.js hold nothing from outside; everything else is escaped
        autoescape=lambda name: name is None or not name.endswith(".css.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["svg"] = lambda drawing: Markup(inline_svg(drawing, identity=drawing.key))
    made.globals["safe_text"] = Markup
    made.globals["conditions"] = conditions
    made.globals["muscle_name"] = words.muscle_name
    made.globals["needle_words"] = _needle_words
    made.globals["summaries_of"] = lambda one: [summarise_study(one, study) for study in surface_studies(one)]
    made.filters.update(
        number=words.number, percent=words.percent, millivolt=words.millivolt, label=label, value=_value
    )
    return made


def _needle_words(view: ExaminationView) -> str:
    """Return jitter and blocking of a single-fibre study for a table of amplitudes, which have no place in it."""
    jitters = [one.jitter for study in view.studies for one in study.endplates]
    if not jitters:
        return words.NOT_MEASURED
    jitter = [one.jitter_us for one in jitters if math.isfinite(one.jitter_us)]
    blocked = [one.blocking_percent for one in jitters if math.isfinite(one.blocking_percent)]
    mean = f"mean jitter {words.number(sum(jitter) / len(jitter), 1)} µs" if jitter else "no jitter measured"
    blocks = f", {words.percent(sum(blocked) / len(blocked), signed=False)} blocked" if blocked else ""
    return f"{mean} of {len(jitter)} end-plates{blocks}" if jitter else f"{mean}{blocks}"


def _value(finding: Any) -> str:
    """Return the number of a finding with its unit and interval."""
    if finding.value is None:
        return words.NOT_MEASURED
    digits = 0 if finding.unit in ("%", "µs", "us") and abs(finding.value) >= 10 else 1 if finding.unit else 2
    unit = {"us": "µs", "1": ""}.get(finding.unit, finding.unit)
    shown = f"{words.number(finding.value, digits)} {unit}".strip()
    if finding.interval is None:
        return shown
    low, high = (words.number(end, digits) for end in finding.interval)
    return f"{shown} ({low} to {high})"


def _deltas(examinations: Sequence[Examination]) -> list[dict[str, Any]]:
    """Return one row per number that the first examination shares with another."""
    first, rest = examinations[0], examinations[1:]
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for place, other in enumerate(rest):
        for mine, theirs in shared_findings(first, other):
            row = rows.setdefault(
                (mine.kind, mine.name, mine.unit), {"name": mine.name, "first": mine, "others": [None] * len(rest)}
            )
            assert mine.value is not None
            assert theirs.value is not None
            row["others"][place] = (theirs, theirs.value - mine.value)
    return list(rows.values())
