"""Listing: lists that were cut off, and things that stand there twice."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from endplate.clinic.lint_page.defects import Finding, excerpt_of
from endplate.clinic.lint_page.page import Block, Page
from endplate.clinic.lint_page.words import Pattern, compiled, lists

_SHORTEST_PARAGRAPH: Final = 10  # words; shorter ones may well stand twice on a page
_SHORTEST_DOUBLED: Final = 4  # words, of a paragraph that follows itself
_TWICE: Final = 2
_CUT: Final = re.compile(r"(?:,|…|\.\.\.|\b(?:and|or|such as|including|includes?|the|like|e\.g\.))\s*$", re.IGNORECASE)
_OPEN: Final = re.compile(r"\b(?:such as|including|and|or)\s*$", re.IGNORECASE)
_LONGEST_NAME: Final = 4  # words of what an item is about; longer heads are sentences
_HEAD: Final = re.compile(r"\s*(?:[:(–—]| - ).*$", re.DOTALL)
_SMALL: Final = frozenset(
    {"a", "an", "the", "of", "for", "to", "and", "or", "in", "on", "your", "my", "our", "test", "testing", "level",
     "check", "drug", "medicine", "therapy"}
)  # fmt: skip


def truncated_lists(page: Page) -> Iterator[Finding]:
    """Yield lead-ins without a list, empty items, and ends in the middle of a thought."""
    blocks = list(page.body())
    for at, block in enumerate(blocks):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        if block.is_code:
            continue
        if block.kind == "item":
            yield from _of_item(block, after)
        elif block.text.endswith(":"):
            yield from _of_lead_in(block, after)
        elif block.kind == "paragraph" and _stops_short(block, after):
            yield _cut_off(block, "it ends in the middle of a sentence")


def _stops_short(block: Block, after: Block | None) -> bool:
    """Tell whether a paragraph stops in the middle; after a comma a formula or a picture may go on."""
    is_last = after is None or after.kind == "heading"
    return bool(_OPEN.search(block.text)) or (block.text.endswith(",") and is_last)


def _of_item(block: Block, after: Block | None) -> Iterator[Finding]:
    if not block.text:
        yield Finding(block.line, "truncated-list", "an item of the list is empty.")
    elif (after is None or after.list_id != block.list_id) and not (after and after.kind == "item"):
        if _CUT.search(block.text):
            yield _cut_off(block, "the last item of the list ends in the middle of a thought")
        elif block.text.endswith(":"):
            yield _cut_off(block, "the last item of the list promises something that does not follow")


@functools.cache
def _lead_in() -> Pattern:
    return compiled(r"\b(?:" + "|".join(lists("general")["lead_ins"]) + r"):$", "lead_ins")


def _of_lead_in(block: Block, after: Block | None) -> Iterator[Finding]:
    """A colon promises: an item, a cell or, where the words do not promise a list, a paragraph."""
    kept = after is not None and (
        after.is_code or after.kind in ("item", "cell") or (after.kind == "paragraph" and not _promises(block))
    )
    deeper = after is not None and after.kind == "heading" and block.kind == "heading" and after.level > block.level
    if block.kind == "heading" and after is not None and after.kind == "paragraph":
        kept = True
    if not kept and not deeper:
        yield _cut_off(block, "nothing follows the colon")


def _promises(block: Block) -> bool:
    return bool(_lead_in().search(block.text))


def _cut_off(block: Block, what: str) -> Finding:
    last = block.line_at(len(block.text) - 1)
    return Finding(last, "truncated-list", f"{what}: '... {block.text[-40:].strip()}'.", excerpt_of(block.text))


@functools.cache
def _same() -> tuple[tuple[Pattern, str], ...]:
    pairs = (pair.split("=") for pair in lists("general")["same"])
    return tuple((compiled(rf"\b{re.escape(name)}s?\b", "same"), other) for name, other in pairs)


def item_key(text: str) -> str:
    """Return what an item is about, so that two names of one thing are equal.

    Examples
    --------
    >>> item_key("Lung function tests (FVC)") == item_key("Pulmonary function test")
    True
    >>> item_key("CT of the chest") == item_key("CT of the brain")
    False
    """
    words = _HEAD.sub("", text) or text
    for pattern, other in _same():
        words = pattern.sub(other, words)
    parts = [part.rstrip("s") if len(part) > 3 else part for part in re.findall(r"[a-z0-9,/-]+", words.lower())]
    return " ".join(part for part in parts if part not in _SMALL) or " ".join(parts)


def duplicate_items(page: Page) -> Iterator[Finding]:
    """Yield items that one list holds twice, and paragraphs that the page holds twice."""
    yield from _twice_in_a_list(page)
    yield from _twice_on_the_page(page)


def _twice_in_a_list(page: Page) -> Iterator[Finding]:
    """Yield items that are equal, or that speak of one thing; a label that several items share is no thing."""
    items = [block for block in page.shown() if block.kind == "item" and block.text]
    shared = Counter((block.list_id, item_key(block.text)) for block in items)
    whole: dict[tuple[int, str], Block] = {}
    named: dict[tuple[int, str], Block] = {}
    for block in items:
        key = block.list_id, item_key(block.text)
        first = whole.setdefault((block.list_id, _letters(block.text)), block)
        if first is block and shared[key] == _TWICE and _is_a_name(key[1]):
            first = named.setdefault(key, block)
        if first is not block:
            text = f"the list has this already on line {first.line}."
            yield Finding(block.line, "duplicate-item", text, excerpt_of(block.text))


def _is_a_name(key: str) -> bool:
    """Tell whether what stands before the colon names a thing: no label such as "Warning", no half sentence."""
    return len(key.split()) <= _LONGEST_NAME and key not in lists("general")["labels"]


def _twice_on_the_page(page: Page) -> Iterator[Finding]:
    """Yield a paragraph that follows itself, and a longer one that stands twice; one that stands often is a note."""
    paragraphs = [block for block in page.shown() if block.kind == "paragraph" and not block.is_folded]
    counts = Counter(_letters(block.text) for block in paragraphs)
    first: dict[str, Block] = {}
    before = ""
    for block in paragraphs:
        key, words = _letters(block.text), len(block.text.split())
        known = first.setdefault(key, block)
        is_again = key == before and words >= _SHORTEST_DOUBLED
        if known is not block and (is_again or (words >= _SHORTEST_PARAGRAPH and counts[key] == _TWICE)):
            text = f"the same text stands on line {known.line}."
            yield Finding(block.line, "duplicate-item", text, excerpt_of(block.text))
        before = key


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
