"""Page: what a checker sees of a page, the same for HTML and for text: blocks, each with its line and its headings."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["heading", "paragraph", "item", "cell"]
_SENTENCE: Final = re.compile(r"[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a block, as written."""

    href: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table cell.

    `marks` pairs offsets of `text` with lines of the file; `headings` are those it stands under, the
    outermost first; `list_id` counts the lists of the page; `is_furniture` is True in navigation, header
    and footer; `is_code` is True where markup is shown on purpose, `is_folded` inside details that a reader unfolds.
    """

    kind: Kind
    text: str
    marks: tuple[tuple[int, int], ...]
    headings: tuple[str, ...] = ()
    level: int = 0
    list_id: int = 0
    is_furniture: bool = False
    is_code: bool = False
    is_folded: bool = False
    links: tuple[Link, ...] = ()

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.marks[0][1]

    def line_at(self, offset: int) -> int:
        """Return the line of the file that holds an offset of the text.

        Examples
        --------
        >>> Block("paragraph", "one two", ((0, 3), (4, 4))).line_at(5)
        4
        """
        at = bisect.bisect_right(self.marks, offset, key=lambda mark: mark[0])
        return self.marks[max(at - 1, 0)][1]

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Yield each sentence with its offset.

        Examples
        --------
        >>> list(Block("paragraph", "Rest. Then go.", ((0, 1),)).sentences())
        [(0, 'Rest.'), (6, 'Then go.')]
        """
        for found in _SENTENCE.finditer(self.text):
            sentence = found.group().strip()
            if sentence:
                yield found.start() + len(found.group()) - len(found.group().lstrip()), sentence

    @property
    def path(self) -> str:
        """The headings it stands under, as one text."""
        return " / ".join(self.headings)


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    `anchors` are the ids that a link can point to; `dates` are dates that markup states (time, meta,
    JSON-LD), and `reviewers` the names that JSON-LD or meta give; `is_html` is False for plain text.
    """

    name: str
    blocks: tuple[Block, ...]
    is_html: bool
    title: str = ""
    anchors: frozenset[str] = field(default_factory=frozenset)
    dates: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()

    def shown(self) -> Iterator[Block]:
        """Yield the blocks that say something: not navigation, header, footer or code."""
        return (block for block in self.blocks if not (block.is_furniture or block.is_code))

    def body(self) -> Iterator[Block]:
        """Yield what `shown` yields, and the code between it, so that nothing seems to be missing there."""
        return (block for block in self.blocks if not block.is_furniture)
