"""Contamination: content about another condition; danger signs of the spine with weak legs are allowed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from endplate.clinic.lint_page.defects import Finding, excerpt_of
from endplate.clinic.lint_page.page import Block, Page
from endplate.clinic.lint_page.words import DENIAL, Topic, compiled, lists, topics

_WEAK_WORDS_NEEDED: Final = 2
# New back pain with weaker legs, numbness, or trouble with bladder or bowel is an emergency for everybody, and
# people with LEMS must read it (clinical review): a block that says so is never contamination.
_SPINE: Final = compiled(r"\bback pain\b|\bspine\b|\bspinal cord\b|\bcauda equina\b", "spine")
_CORD_SIGNS: Final = compiled(r"\b(?:legs?|numb\w*|bladder|bowels?|urin\w+|incontinen\w+)\b", "signs of the cord")
# other autoimmune diseases and side effects are part of the story of LEMS
_BELONGS: Final = compiled(
    r"\bautoimmune\b|\bside effects?\b|\breactions?\b|\ballerg\w+|\b(?:chemo|immuno)therapy\b", "what belongs"
)


def is_cord_warning(block: Block) -> bool:
    """Tell whether a block warns of a pressed spinal cord."""
    text = f"{block.path} {block.text}"
    return bool(_SPINE.search(text) and _CORD_SIGNS.search(block.text))


def contamination(page: Page) -> Iterator[Finding]:
    """Yield one finding for each block with a strong word of another condition, and for two weak ones in a section."""
    weak: dict[tuple[str, tuple[str, ...]], list[tuple[Block, re.Match[str]]]] = defaultdict(list)
    for block in page.shown():
        if is_cord_warning(block) or _is_citation(block):
            continue
        for topic in topics():
            hit = _strong(topic, block)
            if hit is not None:
                yield _finding(topic, block, hit)
            elif topic.weak is not None:
                weak[topic.id, block.headings].extend((block, one) for one in topic.weak.finditer(block.text))
    by_id = {topic.id: topic for topic in topics()}
    for (name, _), hits in weak.items():
        words = {hit.group().lower() for _, hit in hits}
        if len(words) >= _WEAK_WORDS_NEEDED and not any(_BELONGS.search(block.text) for block, _ in hits):
            yield _finding(by_id[name], *hits[0])


def _is_citation(block: Block) -> bool:
    """Leave references and related articles to their own check."""
    names = (*lists("general")["references"], *lists("general")["related"])
    return any(re.search(rf"\b{name}\b", heading, re.IGNORECASE) for heading in block.headings for name in names)


def _strong(topic: Topic, block: Block) -> re.Match[str] | None:
    for offset, sentence in block.sentences():
        hit = topic.strong.search(block.text, offset, offset + len(sentence))
        if hit is not None and not DENIAL.search(sentence) and not _BELONGS.search(sentence):
            return hit
    return None


def _finding(topic: Topic, block: Block, hit: re.Match[str]) -> Finding:
    return Finding(
        block.line_at(hit.start()),
        "contamination",
        f"{hit.group()!r} belongs to {topic.name}, not to LEMS.",
        excerpt_of(block.text),
    )
