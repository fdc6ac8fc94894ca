"""Leaking: text for editors, and raw markup, where readers see it."""

from __future__ import annotations

from collections.abc import Iterator

from endplate.clinic.lint_page.defects import Finding, excerpt_of
from endplate.clinic.lint_page.page import Page
from endplate.clinic.lint_page.words import warned


def leaked_editor_text(page: Page) -> Iterator[Finding]:
    """Yield notes, placeholders, unfilled templates and phrases without content."""
    yield from _first_of_each(page, "leaks", "leaked-editor-text")


def raw_markup(page: Page) -> Iterator[Finding]:
    """Yield tags, attributes, entities and wrongly decoded letters; code that is shown on purpose is let pass."""
    yield from _first_of_each(page, "markup", "raw-markup")


def _first_of_each(page: Page, words: str, kind: str) -> Iterator[Finding]:
    """Yield the first hit of a block: one leak seldom comes alone, and one line is enough to find the rest."""
    for block in page.blocks:
        if block.is_code:
            continue
        hits = [(hit, one) for one in warned(words) if (hit := one.pattern.search(block.text)) is not None]
        if not page.is_html:  # bold letters and pictures are the markup of a text file
            hits = [(hit, one) for hit, one in hits if one.id != "markdown"]
        if hits:
            hit, one = min(hits, key=lambda pair: pair[0].start())
            text = f"readers see {one.why}: {excerpt_of(hit.group())!r}."
            yield Finding(block.line_at(hit.start()), kind, text, excerpt_of(block.text))
