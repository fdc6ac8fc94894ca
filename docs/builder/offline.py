"""A built page asks for nothing outside: checked on every page when the build ends."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc\s*=\s*["']((?:https?:)?//[^"']+)"""
    r"""|<link\b(?![^>]*\brel\s*=\s*["'](?:canonical|author|license)["'])[^>]*?\bhref\s*=\s*["']((?:https?:)?//[^"']+)"""
    r"""|@import\s+(?:url\()?["']?((?:https?:)?//[^"')\s]+)"""
    r"""|url\(\s*["']?((?:https?:)?//[^"')\s]+)""",
    re.IGNORECASE,
)


def outside_requests(text: str) -> list[str]:
    """Return what a browser would fetch from elsewhere to show this page or style sheet; links are not fetched.

    Examples
    --------
    >>> outside_requests('<a href="https://doi.org/x">x</a> <script src="https://cdn.example/m.js"></script>')
    ['https://cdn.example/m.js']
    """
    return [next(part for part in match if part) for match in _LOADED.findall(text)]


def _check(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir).rglob("*")):
        if path.suffix in (".html", ".css"):
            found = outside_requests(path.read_text(encoding="utf-8", errors="replace"))
            if found:
                raise SphinxError(f"{path.name} would fetch {found[0]} from outside; keep it beside the pages.")


def setup(app: Sphinx) -> dict[str, Any]:
    """Check at the end of each build."""
    app.connect("build-finished", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
