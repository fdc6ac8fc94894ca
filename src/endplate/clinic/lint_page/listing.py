"""Listing: lists that were cut off, and things that stand there twice."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

from endplate.clinic.lint_page.defects import Finding, excerpt_of
from endplate.clinic.lint_page.page import Block, Page
from endplate.clinic.lint_page.words import Pattern, compiled, lists

_SHORTEST_PARAGRAPH: Final = 8  # words; shorter ones may well stand twice
_CUT: Final = re.compile(r"(?:,|…|\.\.\.|\b(?:and|or|such as|including|includes?|the|like|e\.g\.))\s*$", re.IGNORECASE)
_HEAD: Final = re.compile(r"\s*(?:[:(–—]| - ).*$", re.DOTALL)
_SMALL: Final = frozenset(
    {"a", "an", "the", "of", "for", "to", "and", "or", "in", "on", "your", "my", "our", "test", "testing", "level",
     "check", "drug", "medicine", "therapy"}
)  # fmt: skip


def truncated_lists(page: Page) -> Iterator[Finding]:
    """Yield lead-ins without a list, empty items, and ends in the middle of a thought."""
    blocks = list(page.shown())
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind == "item":
            yield from _of_item(block, after)
        elif block.text.endswith(":"):
            yield from _of_lead_in(block, after)
        elif block.kind == "paragraph" and re.search(
            r"(?:\b(?:such as|including|and|or)|,)\s*$", block.text, re.IGNORECASE
        ):
            yield _cut_off(block, "it ends in the middle of a sentence")


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
        after.kind in ("item", "cell") or (after.kind == "paragraph" and not _promises(block))
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
    """Yield items that one list holds twice, and longer paragraphs that the page holds twice."""
    items: dict[tuple[int, str], int] = {}
    paragraphs: dict[str, int] = {}
    for block in page.shown():
        if block.kind == "item" and block.text:
            first = items.setdefault((block.list_id, item_key(block.text)), block.line)
            if first != block.line:
                yield Finding(
                    block.line, "duplicate-item", f"the list has this already on line {first}.", excerpt_of(block.text)
                )
        if block.kind in ("paragraph", "item") and len(block.text.split()) >= _SHORTEST_PARAGRAPH:
            before = paragraphs.setdefault(" ".join(re.findall(r"\w+", block.text.lower())), block.line)
            if before != block.line and block.kind == "paragraph":
                yield Finding(
                    block.line, "duplicate-item", f"the same text stands on line {before}.", excerpt_of(block.text)
                )
