"""Drawing -> SVG: inline with the page's colours, or a file that stands alone."""

from __future__ import annotations

import math
from html import escape
from typing import Final
from xml.sax.saxutils import quoteattr

from endplate.report.drawing import Area, Drawing, Item, Label, Mark, Points, Stroke
from endplate.report.palette import LIGHT

FONTS: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
_PRINTABLE_CONTROL: Final = {9, 10, 13}


def inline_svg(drawing: Drawing, *, identity: str) -> str:
    """Return the drawing as an <svg> whose colours follow the page (light, dark, print).

    `identity` must be unique on the page; it ties the picture to its title and description.
    """
    body = "".join(_item(item, None) for item in drawing.items)
    mark = ' data-simulated="true"' if drawing.simulated else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img"{mark} '
        f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
        f'aria-labelledby="{identity}-t {identity}-d">'
        f'<title id="{identity}-t">{text(drawing.title)}</title>'
        f'<desc id="{identity}-d">{text(drawing.alt)}</desc>{body}</svg>'
    )


def file_svg(drawing: Drawing) -> str:
    """Return the drawing as an SVG document on white, every colour written out."""
    body = "\n".join(_item(item, LIGHT) for item in drawing.items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width + 24:g}" height="{drawing.height + 24:g}" '
        f'viewBox="-12 -12 {drawing.width + 24:g} {drawing.height + 24:g}" role="img">\n'
        f"<title>{text(drawing.title)}</title>\n<desc>{text(drawing.alt)}</desc>\n"
        f'<rect x="-12" y="-12" width="100%" height="100%" fill="{LIGHT["raised"]}"/>\n'
        f"<g font-family={quoteattr(FONTS)}>\n{body}\n</g>\n</svg>\n"
    )


def text(words: str) -> str:
    """Escape words for HTML and XML; control characters, which XML forbids, are dropped.

    Examples
    --------
    >>> text('<script>"x"')
    '&lt;script&gt;&quot;x&quot;'
    """
    return escape("".join(c for c in words if ord(c) >= 32 or ord(c) in _PRINTABLE_CONTROL), quote=True)


def _colour(kind: str, tone: str, palette: object) -> str:
    if palette is None:
        return f'class="{kind}-{tone}"'
    attribute = "stroke" if kind == "s" else "fill"
    return f'{attribute}="{LIGHT[tone]}"'


def _path(points: Points, *, closed: bool = False) -> str:
    # relative moves in tenths of a pixel: half the size of absolute coordinates
    tenths = [(round(10 * float(x)), round(10 * float(y))) for x, y in points]
    x, y = tenths[0]
    parts = [f"M{_tenth(x)} {_tenth(y)}l" if len(tenths) > 1 else f"M{_tenth(x)} {_tenth(y)}"]
    for nx, ny in tenths[1:]:
        parts.append(f"{_tenth(nx - x)} {_tenth(ny - y)} ")
        x, y = nx, ny
    return "".join(parts).rstrip().replace(" -", "-") + ("z" if closed else "")


def _tenth(value: int) -> str:
    return f"{value / 10:g}"


def _item(item: Item, palette: object) -> str:
    if isinstance(item, Stroke):
        extra = ' stroke-dasharray="4 3"' if item.dashed else ""
        extra += f' stroke-opacity="{item.opacity:g}"' if item.opacity < 1 else ""
        return (
            f'<path {_colour("s", item.tone, palette)} fill="none" stroke-width="{item.width:g}" '
            f'stroke-linejoin="round" stroke-linecap="round"{extra} d="{_path(item.points)}"/>'
        )
    if isinstance(item, Area):
        extra = f' fill-opacity="{item.opacity:g}"' if item.opacity < 1 else ""
        return f'<path {_colour("f", item.tone, palette)}{extra} d="{_path(item.points, closed=True)}"/>'
    if isinstance(item, Mark):
        return _mark(item, palette)
    return _label(item, palette)


def _label(item: Label, palette: object) -> str:
    anchor = "" if item.anchor == "start" else f' text-anchor="{item.anchor}"'
    bold = ' font-weight="600"' if item.bold else ""
    spaced = ' letter-spacing="0.08em"' if item.tone == "simulated" else ""
    return (
        f'<text x="{item.x:.1f}" y="{item.y:.1f}" {_colour("f", item.tone, palette)} '
        f'font-size="{item.size:g}"{anchor}{bold}{spaced}>{text(item.text)}</text>'
    )


def _mark(item: Mark, palette: object) -> str:
    x, y, r = item.x, item.y, item.size
    if item.shape == "dot":
        return f'<circle {_colour("f", item.tone, palette)} cx="{x:.1f}" cy="{y:.1f}" r="{r:g}"/>'
    stroke = _colour("s", item.tone, palette)
    if item.shape == "ring":
        return f'<circle {stroke} fill="none" stroke-width="1.4" cx="{x:.1f}" cy="{y:.1f}" r="{r:g}"/>'
    if item.shape == "tick":
        return f'<path {stroke} stroke-width="1.4" d="M{x:.1f} {y - r:.1f}v{2 * r:.1f}"/>'
    corners = {
        "square": [(-r, -r), (r, -r), (r, r), (-r, r)],
        "diamond": [(0, -1.3 * r), (1.3 * r, 0), (0, 1.3 * r), (-1.3 * r, 0)],
        "up": [(0, -1.2 * r), (1.1 * r, 0.8 * r), (-1.1 * r, 0.8 * r)],
        "down": [(0, 1.2 * r), (1.1 * r, -0.8 * r), (-1.1 * r, -0.8 * r)],
    }[item.shape]
    outline = "L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in corners if math.isfinite(dx))
    return f'<path {_colour("f", item.tone, palette)} d="M{outline}z"/>'
