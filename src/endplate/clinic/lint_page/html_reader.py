"""HTML reader: a page as a browser would show it, block by block, with the lines of the file."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any, Final

from endplate.clinic.lint_page.building import Builder, Gathering
from endplate.clinic.lint_page.page import Kind, Link, Page

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_HIDDEN: Final = frozenset({"script", "style", "template", "noscript", "svg", "math"})
_FURNITURE: Final = frozenset({"nav", "header", "footer"})
_CODE: Final = frozenset({"code", "pre", "kbd", "samp", "textarea"})
_VOID: Final = frozenset({"br", "img", "hr", "meta", "link", "input", "source", "wbr", "area", "base", "col", "embed"})
_BLOCKS: Final = frozenset(
    {"p", "div", "section", "article", "main", "aside", "blockquote", "figure", "figcaption", "dl", "dt", "dd", "form",
     "fieldset", "table", "tr", "td", "th", "caption", "ul", "ol", "li", "body", "html", "head", "title", "details",
     "summary", "address", "hr", *_HEADINGS, *_FURNITURE, "pre"}
)  # fmt: skip
_DATE_METAS: Final = frozenset(
    {"date", "dcterms.modified", "dcterms.date", "article:modified_time", "article:published_time", "last-modified"}
)
_MARKED: Final = re.compile(r"<!\[[^<>]{0,300}>")
_DATE_KEYS: Final = frozenset({"dateModified", "lastReviewed", "datePublished"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = Builder()
        self.gathering = Gathering()
        self.open: list[str] = []
        self.counts: Counter[str] = Counter()
        self.lists: list[int] = []
        self.list_count = 0
        self.item_line = 0
        self.title = ""
        self.anchors: set[str] = set()
        self.dates: list[str] = []
        self.reviewers: list[str] = []
        self.json_text: list[str] | None = None
        self.link: tuple[str, int, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.anchors.update(given[key] for key in ("id", "name") if given.get(key))
        if tag in _BLOCKS:
            self._flush()
        if tag == "meta":
            self._meta(given)
        elif tag == "time" and given.get("datetime"):
            self.dates.append(given["datetime"])
        elif tag == "script" and "ld+json" in given.get("type", ""):
            self.json_text = []
        elif tag == "a" and "href" in given:
            self._close_link()
            self.link = (given["href"], self.getpos()[0], [])
        elif tag in ("ul", "ol"):
            self.list_count += 1
            self.lists.append(self.list_count)
        elif tag == "li":
            self.item_line = self.getpos()[0]
        elif tag == "br":
            self.gathering.add(" ", self.getpos()[0])
        elif tag == "img" and given.get("alt"):
            self.gathering.add(f" {given['alt']} ", self.getpos()[0])
        if tag not in _VOID:
            self.open.append(tag)
            self.counts[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.json_text is not None:
            self._json("".join(self.json_text))
            self.json_text = None
        if not self.counts[tag]:
            return  # nothing of that name is open: a browser ignores it too
        if tag == "a":
            self._close_link()
        if tag in _BLOCKS:
            self._flush(is_end=tag == "li")
        while True:
            closed = self.open.pop()
            self.counts[closed] -= 1
            if closed in ("ul", "ol") and self.lists:
                self.lists.pop()
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.json_text is not None:
            self.json_text.append(data)
        elif self.counts["title"] and self.counts["head"]:
            self.title += data
        elif not any(self.counts[tag] for tag in _HIDDEN):
            self.gathering.add(data, self.getpos()[0])
            if self.link is not None:
                self.link[2].append(data)

    def _close_link(self) -> None:
        if self.link is not None:
            href, line, words = self.link
            self.gathering.links.append(Link(href, " ".join("".join(words).split()), line))
            self.link = None

    def _flush(self, *, is_end: bool = False) -> None:
        """Make a block of what was gathered; an item that ends without a word is one too."""
        if self.link is not None:
            self._close_link()
        gathered, self.gathering = self.gathering, Gathering()
        in_item = bool(self.counts["li"] and self.lists)
        if not gathered.text and not (in_item and is_end and self.item_line):
            return
        heading = next((tag for tag in _HEADINGS if self.counts[tag]), "")
        kind: Kind = "heading" if heading else "item" if in_item else "cell" if self._in_cell() else "paragraph"
        self.builder.add(
            kind,
            gathered,
            self.item_line or self.getpos()[0],
            level=_HEADINGS.get(heading, 0),
            list_id=self.lists[-1] if in_item else 0,
            is_furniture=any(self.counts[tag] for tag in _FURNITURE) and heading != "h1",
            is_code=any(self.counts[tag] for tag in _CODE),
            is_folded=bool(self.counts["details"]),
        )
        self.item_line = 0

    def _in_cell(self) -> bool:
        return bool(self.counts["td"] or self.counts["th"])

    def _meta(self, given: dict[str, str]) -> None:
        name = (given.get("name") or given.get("property") or given.get("itemprop") or "").lower()
        if name in _DATE_METAS and given.get("content"):
            self.dates.append(given["content"])
        if name in ("reviewer", "reviewedby") and given.get("content"):
            self.reviewers.append(given["content"])

    def _json(self, text: str) -> None:
        """Read what JSON-LD says of dates and reviewers; JSON that is broken says nothing."""
        try:
            waiting: list[Any] = [json.loads(text)]
        except (ValueError, RecursionError):
            return
        while waiting:
            one = waiting.pop()
            if isinstance(one, list):
                waiting += one
            elif isinstance(one, dict):
                self.dates += [str(one[key]) for key in _DATE_KEYS if one.get(key)]
                reviewer = one.get("reviewedBy")
                people = reviewer if isinstance(reviewer, list) else [reviewer]
                self.reviewers += [
                    str(person["name"]) for person in people if isinstance(person, dict) and person.get("name")
                ]
                waiting += [value for value in one.values() if isinstance(value, (dict, list))]


def _tamed(text: str) -> str:
    """Return HTML without what the parser would search to the end of the file for, again and again.

    A comment that never ends hides the rest, as in a browser; a tag that never ends is text; a marked
    section (``<![``) is none in HTML. Lines keep their numbers.
    """
    unclosed = text.find("<!--", text.rfind("-->") + 1)
    text = text[:unclosed] if unclosed >= 0 else text
    text = _MARKED.sub(lambda one: "\n" * one.group().count("\n"), text).replace("<![", "&lt;![")
    last = text.rfind(">") + 1
    return text[:last] + text[last:].replace("<", "&lt;")


def read_html(name: str, text: str) -> Page:
    """Return a page of HTML.

    Examples
    --------
    >>> page = read_html("x", "<h2>Tests</h2><ul><li>CT scan</li></ul>")
    >>> [(block.kind, block.text, block.headings) for block in page.blocks]
    [('heading', 'Tests', ()), ('item', 'CT scan', ('Tests',))]
    """
    reader = _Reader()
    reader.feed(_tamed(text))
    reader.close()
    reader._flush()
    return Page(
        name=name,
        blocks=tuple(reader.builder.blocks),
        is_html=True,
        title=" ".join(reader.title.split()),
        anchors=frozenset(reader.anchors),
        dates=tuple(reader.dates),
        reviewers=tuple(reader.reviewers),
    )
