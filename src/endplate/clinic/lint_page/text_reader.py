"""Text reader: plain text or Markdown, block by block, with the lines of the file."""

from __future__ import annotations

import re
from typing import Final

from endplate.clinic.lint_page.building import Builder, Gathering
from endplate.clinic.lint_page.page import Kind, Link, Page

_BULLET: Final = re.compile(r"^(\s*)(?:[-*•·‣–]|\d{1,3}[.)])(?:\s+(.*))?$")
_HASHES: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_UNDERLINE: Final = re.compile(r"^(=+|-{3,})\s*$")
_LINK: Final = re.compile(r"\[([^\]\n]{0,300})\]\(([^)\n]{0,2000})\)")
_FENCE: Final = re.compile(r"^\s*(?:```|~~~)")
_ROW: Final = re.compile(r"^\s*\|.*\|\s*$")
_STARTS: Final = (_BULLET, _HASHES, _FENCE, _ROW)  # what ends a paragraph without a blank line
_CODE: Final = re.compile(r"`([^`\n]+)`")  # signs inside are shown on purpose
_ADDRESS: Final = re.compile(r"(?<!\()\bhttps?://[^\s<>()\[\]]+")
_OPEN_END: Final = re.compile(r"\b(?:such as|including|and|or|with|the|of)$", re.IGNORECASE)  # a sentence, cut off
_LONGEST_HEADING: Final = 60


def _is_heading(line: str, before: str, after: str) -> bool:
    """Tell whether a line of plain text, alone between blank lines, reads as a heading."""
    words = line.strip()
    is_alone = not before.strip() and not after.strip()
    is_short = 0 < len(words) <= _LONGEST_HEADING and words[0].isupper()
    return is_alone and is_short and words[-1] not in ".!?:,;…" and not _OPEN_END.search(words)


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.builder = Builder()
        self.list_id = 0
        self.in_list = False
        self.in_code = False

    def read(self) -> Builder:
        at = 0
        while at < len(self.lines):
            at = self._block(at)
        return self.builder

    def _line(self, at: int) -> str:
        return self.lines[at] if 0 <= at < len(self.lines) else ""

    def _block(self, at: int) -> int:
        """Read what begins at a line, and return the line after it."""
        line = self._line(at)
        if _FENCE.match(line):
            self.in_code = not self.in_code
            return at + 1
        if not line.strip():
            return at + 1
        if bullet := _BULLET.match(line):
            return self._item(at, bullet.group(2) or "")
        self.in_list = False
        if self.in_code or _ROW.match(line):
            self._add("cell", [line], at)
            return at + 1
        if hashes := _HASHES.match(line):
            self._add("heading", [hashes.group(2)], at, level=len(hashes.group(1)))
            return at + 1
        if _UNDERLINE.match(self._line(at + 1)):
            self._add("heading", [line], at, level=1 if self._line(at + 1).startswith("=") else 2)
            return at + 2
        if _is_heading(line, self._line(at - 1), self._line(at + 1)):
            self._add("heading", [line], at, level=2)
            return at + 1
        return self._paragraph(at)

    def _item(self, at: int, first: str) -> int:
        if not self.in_list:
            self.in_list = True
            self.list_id += 1
        words, end = [first], at + 1
        while (
            self._line(end).startswith(("  ", "\t")) and self._line(end).strip() and not _BULLET.match(self._line(end))
        ):
            words.append(self._line(end))
            end += 1
        self._add("item", words, at)
        return end

    def _paragraph(self, at: int) -> int:
        end = at + 1
        while self._line(end).strip() and not any(kind.match(self._line(end)) for kind in _STARTS):
            end += 1
        self._add("paragraph", self.lines[at:end], at)
        return end

    def _add(self, kind: Kind, words: list[str], at: int, *, level: int = 0) -> None:
        gathered = Gathering()
        for number, line in enumerate(words):
            place = at + 1 + number
            gathered.links += [Link(one.group(2).strip(), one.group(1), place) for one in _LINK.finditer(line)]
            gathered.links += [Link(one.group().rstrip(".,;"), "", place) for one in _ADDRESS.finditer(line)]
            shown = _LINK.sub(lambda one: one.group(1), line)
            gathered.add(_CODE.sub(lambda one: re.sub(r"[^\w .,:-]+", " ", one.group(1)), shown) + "\n", place)
        self.builder.add(
            kind,
            gathered,
            at + 1,
            level=level,
            list_id=self.list_id if kind == "item" else 0,
            is_code=self.in_code,
        )


def read_text(name: str, text: str) -> Page:
    r"""Return a page of plain text or Markdown.

    Examples
    --------
    >>> page = read_text("x", "# Tests\n\nYou need:\n\n- a CT scan\n- blood tests\n")
    >>> [(block.kind, block.line) for block in page.blocks]
    [('heading', 1), ('paragraph', 3), ('item', 5), ('item', 6)]
    """
    builder = _Reader(text.splitlines()).read()
    return Page(name=name, blocks=tuple(builder.blocks), is_html=False)
