"""Citing: references and related articles off the topic, links that lead nowhere; nothing is fetched."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from endplate.clinic.lint_page.defects import Finding, excerpt_of
from endplate.clinic.lint_page.page import Block, Link, Page
from endplate.clinic.lint_page.words import Pattern, any_of_words, lists, topics

_DOI: Final = re.compile(r"\bdoi:\s*(?:https?://(?:dx\.)?doi\.org/)?(\S*)", re.IGNORECASE)
_GOOD_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")
_TRACKERS: Final = ("utm_", "fbclid", "gclid", "mc_eid", "msclkid", "affid", "aff_id", "clickid")
_NO_HOSTS: Final = ("localhost", "example.com", "example.org", "127.0.0.1", "0.0.0.0", "test", "staging")
_SCHEMES: Final = ("http", "https", "mailto", "tel", "")
_FEWEST_FOR_A_SHARE: Final = 3  # references, before their share of other topics says something


@functools.cache
def _words(name: str) -> Pattern:
    pattern = any_of_words(lists("general")[name], name)
    assert pattern is not None  # no list of ours is empty
    return pattern


def _stands_under(block: Block, name: str) -> bool:
    pattern = _words(name)
    return any(pattern.match(heading.strip()) or pattern.fullmatch(heading.strip(" :")) for heading in block.headings)


def reference_defects(page: Page) -> Iterator[Finding]:
    """Yield references and related articles on other topics, and links that cannot lead anywhere."""
    cited = [block for block in page.shown() if block.kind != "heading" and _stands_under(block, "references")]
    related = [block for block in page.shown() if block.kind != "heading" and _stands_under(block, "related")]
    for block in (*cited, *related):
        other = _other_topic(block.text)
        if other:
            yield _finding(block, f"this is about {other}, not about LEMS")
    yield from _mostly_elsewhere(cited)
    for block in page.blocks:
        if not block.is_code:
            for link in block.links:
                problem = "" if _is_a_control(block, link) else _link_problem(link, page)
                if problem:
                    yield Finding(
                        link.line, "references", f"{problem}: {excerpt_of(link.href)!r}.", excerpt_of(link.text)
                    )
    for block in cited:
        yield from _doi_problems(block)


def _finding(block: Block, what: str) -> Finding:
    return Finding(block.line, "references", f"{what}.", excerpt_of(block.text))


def _other_topic(text: str) -> str:
    """Return the name of the other condition that a citation is about, or nothing."""
    if _words("topic").search(text):
        return ""
    return next((one.name for one in topics() if one.strong.search(text) or (one.weak and one.weak.search(text))), "")


def _mostly_elsewhere(cited: list[Block]) -> Iterator[Finding]:
    """Yield one finding where more than half of the references name nothing of the topic."""
    long = [block for block in cited if len(block.text.split()) >= _FEWEST_FOR_A_SHARE]
    off = [block for block in long if not _words("topic").search(block.text)]
    if len(long) >= _FEWEST_FOR_A_SHARE and 2 * len(off) > len(long) and not any(_other_topic(one.text) for one in off):
        yield _finding(off[0], f"{len(off)} of {len(long)} references name nothing of LEMS or its tests and treatments")


def _is_a_control(block: Block, link: Link) -> bool:
    """Tell whether a link without a target belongs to the page itself: a menu, or the way to its top."""
    return link.href.strip() in ("", "#") and (block.is_furniture or "top" in link.text.lower().split())


def _link_problem(link: Link, page: Page) -> str:
    """Return what is wrong with a link, as far as it can be told without following it."""
    href = link.href.strip()
    if not href or href == "#":
        return "a link without a target"
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return "an address that cannot be read"
    if parts.scheme not in _SCHEMES:
        return (
            "a link that runs a program or opens a local file" if parts.scheme in ("javascript", "file", "data") else ""
        )
    if href.startswith("#"):  # the places of a text file are made by what renders it
        is_there = not page.is_html or unquote(parts.fragment) in page.anchors or parts.fragment == "top"
        return "" if is_there else "a place that is not on this page"
    if parts.scheme in ("http", "https"):
        return _host_problem(host, href, parts.query)
    return ""


def _host_problem(host: str, href: str, query: str) -> str:
    if not host or " " in href.strip() or ("." not in host and host not in _NO_HOSTS):
        return "an address that is broken"
    if any(host == name or host.endswith(f".{name}") or host.startswith(f"{name}.") for name in _NO_HOSTS):
        return "an address for trying things out"
    names = [name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)]
    if any(name.startswith(_TRACKERS) for name in names):
        return "an address that follows the reader"
    return ""


def _doi_problems(block: Block) -> Iterator[Finding]:
    for found in _DOI.finditer(block.text):
        if not _GOOD_DOI.match(found.group(1)):
            yield Finding(
                block.line_at(found.start()),
                "references",
                f"a DOI that is none: {found.group()!r}.",
                excerpt_of(block.text),
            )
