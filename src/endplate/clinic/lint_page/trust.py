"""Trust: badges of review that name nobody, and pages without a date."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

from endplate.clinic.lint_page.defects import Finding, excerpt_of
from endplate.clinic.lint_page.page import Block, Page
from endplate.clinic.lint_page.words import DENIAL, Pattern, any_of_words, lists

_MONTHS: Final = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTH: Final = rf"(?:{_MONTHS}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
_DAY: Final = re.compile(
    rf"\b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b|\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH},?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}\b"
    rf"|\b{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}\b",
    re.IGNORECASE,
)
_AMBIGUOUS: Final = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b")
_DATED: Final = re.compile(
    r"\b(?:reviewed|updated|revised|checked|modified|published|written|stated|last review|last update|date)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"\b(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms)\.?\s+)?([A-ZÀ-Þ][\w'’-]+(?:\s+(?:[A-ZÀ-Þ]\.?|de|van|von|der|da|el|al))*\s+[A-ZÀ-Þ][\w'’-]+)"
)


@functools.cache
def _badge() -> Pattern:
    pattern = any_of_words(lists("general")["badges"], "badges")
    assert pattern is not None  # the list is not empty
    return pattern


@functools.cache
def _no_name() -> Pattern:
    pattern = any_of_words(lists("general")["no_names"], "no_names")
    assert pattern is not None  # the list is not empty
    return pattern


def _names_somebody(text: str) -> bool:
    """Tell whether a text names a person: two capitalised words that are not "Medical Team" and the like.

    Examples
    --------
    >>> _names_somebody("by Our Medical Team"), _names_somebody("by Asha Rahman, MD")
    (False, True)
    """
    return any(not any(_no_name().fullmatch(word) for word in found.group(1).split()) for found in _NAME.finditer(text))


def badges_without_reviewer(page: Page) -> Iterator[Finding]:
    """Yield badges of review on a page that names no reviewer beside them."""
    if any(_names_somebody(name) for name in page.reviewers):
        return
    blocks = list(page.blocks)
    for at, block in enumerate(blocks):
        hit = _badge().search(block.text)
        if hit is None or block.is_code or _is_denied(block, hit):
            continue
        beside = " ".join(one.text for one in blocks[at : at + 2])[hit.end() :]
        if not _names_somebody(beside):
            text = f"{hit.group()!r} names no reviewer."
            yield Finding(block.line_at(hit.start()), "badge-without-reviewer", text, excerpt_of(block.text))


def _is_denied(block: Block, hit: re.Match[str]) -> bool:
    """Tell whether the sentence of a badge says that there was no review, or that there should be one."""
    for offset, sentence in block.sentences():
        if offset <= hit.start() < offset + len(sentence):
            return bool(DENIAL.search(sentence) or re.search(r"\b(?:must|should|will|to) be\b|\bwhether\b", sentence))
    return False


def missing_date(page: Page) -> Iterator[Finding]:
    """Yield one finding where nothing says when the page was reviewed, or the date can be read in two ways."""
    if any(re.match(r"\d{4}-\d{2}", day) or _DAY.search(day) for day in page.dates):
        return
    unclear: tuple[Block, str] | None = None
    for block in page.blocks:
        if _DATED.search(block.text):
            if _DAY.search(block.text):
                return
            if unclear is None and (hit := _AMBIGUOUS.search(block.text)):
                unclear = block, hit.group()
    if unclear is not None:
        block, day = unclear
        text = f"the date {day} can be read in more than one way; write the year first, in four digits."
        yield Finding(block.line, "missing-date", text, excerpt_of(block.text))
    else:
        yield Finding(1, "missing-date", "the page does not say when it was last reviewed or updated.")
