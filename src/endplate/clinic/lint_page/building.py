"""Building: pieces of text with their lines become blocks; shared by the readers of HTML and of text."""

from __future__ import annotations

from endplate.clinic.lint_page.page import Block, Kind, Link


class Gathering:
    """The text of one block while it is read: pieces are joined with single spaces."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._ends_open = False  # the last piece ended with a space
        self.marks: list[tuple[int, int]] = []
        self.links: list[Link] = []

    def add(self, text: str, line: int) -> None:
        """Add a piece that begins on a line; each of its own lines is marked."""
        for number, part in enumerate(text.split("\n")):
            words = " ".join(part.split())
            if words:
                gap = " " if self._length and (self._ends_open or number or part[:1].isspace()) else ""
                self.marks.append((self._length + len(gap), line + number))
                self._parts.append(gap + words)
                self._length += len(gap) + len(words)
                self._ends_open = part[-1:].isspace()
            else:
                self._ends_open = self._ends_open or bool(part) or number > 0
        if "\n" in text and not text.split("\n")[-1].strip():
            self._ends_open = True

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._parts)


class Builder:
    """Blocks in the order of the page; keeps the headings that are open."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._headings: list[tuple[int, str]] = []

    def add(
        self,
        kind: Kind,
        gathered: Gathering,
        line: int,
        *,
        level: int = 0,
        list_id: int = 0,
        is_furniture: bool = False,
        is_code: bool = False,
        is_folded: bool = False,
    ) -> None:
        """Add one block; an item may be empty, which a check then tells."""
        text = gathered.text
        if not text and kind != "item":
            return
        if kind == "heading":
            self._headings = [one for one in self._headings if one[0] < level]
        self.blocks.append(
            Block(
                kind=kind,
                text=text,
                marks=tuple(gathered.marks) or ((0, line),),
                headings=tuple(words for _, words in self._headings),
                level=level,
                list_id=list_id,
                is_furniture=is_furniture,
                is_code=is_code,
                is_folded=is_folded,
                links=tuple(gathered.links),
            )
        )
        if kind == "heading" and not is_furniture:
            self._headings.append((level, text))
