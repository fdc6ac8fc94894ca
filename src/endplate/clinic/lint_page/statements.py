"""Statements: sentences that go against a claim, and advice that can harm."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from endplate.clinic.lint_page.defects import Finding, excerpt_of
from endplate.clinic.lint_page.page import Block, Page
from endplate.clinic.lint_page.words import Pattern, Warned, any_of_words, lists, warned


@functools.cache
def _words(name: str) -> Pattern:
    pattern = any_of_words(lists("general")[name], name)
    assert pattern is not None  # no list of ours is empty
    return pattern


def _hits(block: Block, patterns: tuple[Warned, ...]) -> Iterator[tuple[Warned, re.Match[str]]]:
    """Yield each pattern that a sentence of a block holds and nothing in the sentence or its headings lets pass."""
    for offset, sentence in block.sentences():
        for one in patterns:
            hit = one.pattern.search(block.text, offset, offset + len(sentence))
            if hit is not None and not (one.guard and (one.guard.search(sentence) or one.guard.search(block.path))):
                yield one, hit


def _finding(kind: str, block: Block, hit: re.Match[str], one: Warned) -> Finding:
    against = f" (claim {one.claim})" if one.claim else ""
    return Finding(
        block.line_at(hit.start()), kind, f"{hit.group()!r}: {one.why}{against}.", excerpt_of(block.text), one.claim
    )


def contradictions(page: Page) -> Iterator[Finding]:
    """Yield one finding for each statement against a claim."""
    for block in page.shown():
        for one, hit in _hits(block, warned("contradictions")):
            yield _finding("contradiction", block, hit, one)
        if block.kind == "item" and re.match(r"gen(?:e|etic) tests?(?:ing)?\b", block.text, re.IGNORECASE):
            yield from _listed_gene_test(block)


def _listed_gene_test(block: Block) -> Iterator[Finding]:
    """Yield a gene test that stands in a list of tests for LEMS, without a word on other diseases."""
    one = next(one for one in warned("contradictions") if one.id == "gene-test")
    is_let_pass = one.guard is not None and (one.guard.search(block.text) or one.guard.search(block.path))
    if re.search(r"\btests?\b|\bdiagnos", block.path, re.IGNORECASE) and not (
        is_let_pass or one.pattern.search(block.text)
    ):
        text = f"a gene test among the tests: {one.why} (claim {one.claim})."
        yield Finding(block.line, "contradiction", text, excerpt_of(block.text), one.claim)


def unsafe_advice(page: Page) -> Iterator[Finding]:
    """Yield each instruction that can harm, and each medicine that endangers and is offered as a treatment."""
    for block in page.shown():
        for one, hit in _hits(block, warned("advice")):
            yield _finding("unsafe-advice", block, hit, one)
        yield from _offered_hazards(block)


def _offered_hazards(block: Block) -> Iterator[Finding]:
    if block.kind == "heading" or _words("warning").search(block.path):
        return
    offers = bool(block.headings) and bool(_words("offering").search(block.headings[-1]))
    for offset, sentence in block.sentences():
        if _words("cautioning").search(sentence):
            continue
        for one in warned("hazards"):
            hit = one.pattern.search(block.text, offset, offset + len(sentence))
            is_listed = offers and block.kind in ("item", "cell")
            is_let_pass = one.guard is not None and one.guard.search(sentence)
            if hit is not None and not is_let_pass and (is_listed or _recommends(sentence)):
                yield _finding("unsafe-advice", block, hit, one)


def _recommends(sentence: str) -> bool:
    return bool(_words("recommending").search(sentence))
