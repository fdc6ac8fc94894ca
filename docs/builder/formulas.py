"""Formulas as SVG in the colour of the text: no script, no web font, readable in light and dark."""

from __future__ import annotations

import functools
from html import escape
from typing import Any

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

_SIZE_PT = 12.0
_EM = 1.0 / _SIZE_PT  # of the text around
_COMMANDS = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}  # matplotlib.path codes
_POINTS = {1: 1, 2: 1, 3: 2, 4: 3, 79: 1}
_SPELLINGS = {
    r"\tfrac": r"\frac",
    r"\text{": r"\mathrm{",
    r"\ge ": r"\geq ",
    r"\le ": r"\leq ",
    r"\lvert": "|",
    r"\rvert": "|",
}


@functools.cache
def svg(latex: str) -> str:
    """Return one line of a formula as SVG, standing on the baseline of the text."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser
    from matplotlib.textpath import TextPath

    source = " ".join(latex.split())
    for ours, theirs in _SPELLINGS.items():
        source = source.replace(ours, theirs)
    font = FontProperties(size=_SIZE_PT, math_fontfamily="cm")
    try:
        width, height, depth, *_ = MathTextParser("path").parse(f"${source}$", 72, font)
        path = TextPath((0.0, 0.0), f"${source}$", size=_SIZE_PT, prop=font)
    except ValueError as error:
        raise SphinxError(f"formula {latex!r}: {error}") from error
    pieces, at = [], 0
    while at < len(path.codes):
        command = int(path.codes[at])
        points = path.vertices[at : at + _POINTS[command]]
        numbers = " ".join(f"{x:.2f} {-y:.2f}" for x, y in np.atleast_2d(points))
        pieces.append("Z" if command == 79 else _COMMANDS[command] + numbers)
        at += _POINTS[command]
    above = height - depth if height > depth else height
    total = max(above + depth, 1.0)
    return (
        f'<svg class="formula" role="img" aria-label="{escape(latex, quote=True)}" '
        f'style="width:{width * _EM:.3f}em;height:{total * _EM:.3f}em;vertical-align:{-depth * _EM:.3f}em" '
        f'viewBox="0 {-above:.2f} {max(width, 1):.2f} {total:.2f}">'
        f'<path fill="currentColor" d="{" ".join(pieces)}"/></svg>'
    )


def _large(latex: str) -> str:
    """Return a displayed formula with fractions of full size."""
    return latex.replace(r"\frac", r"\dfrac")


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(svg(node.astext()))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    lines = [line for line in node.astext().replace("\\\\", "\n\n").split("\n\n") if line.strip()]
    body = "".join(f"<div>{svg(_large(line))}</div>" for line in lines)
    translator.body.append(f'<div class="formula-block">{body}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer; choose it with ``html_math_renderer = "svg"``."""
    app.add_html_math_renderer("svg", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
