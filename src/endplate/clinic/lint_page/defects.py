"""Defects: the ten classes that the checker finds, and one finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["error", "warning"]
_EXCERPT: Final = 90  # characters of a page that a finding quotes


@dataclass(frozen=True, slots=True)
class DefectClass:
    """One class: its id, what it is, why it matters, and what to do."""

    id: str
    title: str
    why: str
    remedy: str
    level: Level


CLASSES: Final[dict[str, DefectClass]] = {
    one.id: one
    for one in (
        DefectClass(
            "contamination",
            "Content about another condition",
            "A panel copied from another page gives tests, doctors or danger signs that do not belong here.",
            "Take the panel from the claims of this condition.",
            "error",
        ),
        DefectClass(
            "contradiction",
            "Contradicts a claim",
            "The statement differs from what the sources of the claim say.",
            "Compare it with the claim (endplate claims show ID) and correct one of the two.",
            "error",
        ),
        DefectClass(
            "truncated-list",
            "A list that was cut off",
            "A reader is promised a list and does not get it, or gets a part.",
            "Write the list, or take the promise away.",
            "error",
        ),
        DefectClass(
            "duplicate-item",
            "The same thing twice",
            "A repeated item or paragraph is a sign of text that nobody read.",
            "Keep one.",
            "warning",
        ),
        DefectClass(
            "leaked-editor-text",
            "Text for editors, shown to readers",
            "Readers see an instruction, a placeholder or an empty phrase.",
            "Write the text, or leave the place out.",
            "error",
        ),
        DefectClass(
            "raw-markup",
            "Raw markup or broken encoding, shown to readers",
            "Tags, attributes, entities or wrongly decoded letters stand in the text.",
            "Escape once, and save the page as UTF-8.",
            "error",
        ),
        DefectClass(
            "references",
            "References off the topic or broken",
            "A reader cannot check the page by its references.",
            "Cite what supports this page, with a DOI or an address that leads there.",
            "error",
        ),
        DefectClass(
            "badge-without-reviewer",
            "A badge without a reviewer",
            "The page claims a review and names nobody who did it.",
            "Name the reviewer, or say that nobody has reviewed the page yet.",
            "error",
        ),
        DefectClass(
            "missing-date",
            "No date of review",
            "A reader cannot tell how old the page is.",
            "State when it was last reviewed or updated, with the year in four digits.",
            "warning",
        ),
        DefectClass(
            "unsafe-advice",
            "Advice that can harm",
            "It offers a medicine that endangers people with LEMS, or tells a reader to act alone.",
            "Take it out; a refuted claim may be shown only with the word 'refuted'.",
            "error",
        ),
    )
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One defect on one line; `claim` is the claim that it goes against, where there is one."""

    line: int
    kind: str
    text: str
    excerpt: str = ""
    claim: str = ""


def excerpt_of(text: str) -> str:
    """Return a text short enough to quote, on one line.

    Examples
    --------
    >>> excerpt_of("a " * 60)[-5:]
    'a ...'
    """
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 4].rstrip()} ..."
