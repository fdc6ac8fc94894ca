"""Lint: all ten checks on one page, or on every page of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from endplate.clinic.lint_page.citing import reference_defects
from endplate.clinic.lint_page.contamination import contamination
from endplate.clinic.lint_page.defects import Finding
from endplate.clinic.lint_page.leaking import leaked_editor_text, raw_markup
from endplate.clinic.lint_page.listing import duplicate_items, truncated_lists
from endplate.clinic.lint_page.opening import page_of, pages_under
from endplate.clinic.lint_page.page import Page
from endplate.clinic.lint_page.statements import contradictions, unsafe_advice
from endplate.clinic.lint_page.trust import badges_without_reviewer, missing_date
from endplate.foundation.errors import EndplateError

_CHECKS: Final[tuple[Callable[[Page], Iterator[Finding]], ...]] = (
    contamination,
    contradictions,
    truncated_lists,
    duplicate_items,
    leaked_editor_text,
    raw_markup,
    reference_defects,
    badges_without_reviewer,
    missing_date,
    unsafe_advice,
)


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in one file; `error` says why it could not be read, and then nothing was looked for."""

    path: str
    findings: tuple[Finding, ...]
    error: str = ""


def lint_page(name: str, content: bytes) -> tuple[Finding, ...]:
    r"""Return what is wrong with one page, in the order of its lines.

    Raises
    ------
    FileFormatError
        If the bytes are no page that could be read.

    Examples
    --------
    >>> page = b"Updated 2026-11-21.\n\nLEMS makes you sweat more."
    >>> [(one.line, one.kind, one.claim) for one in lint_page("page.txt", page)]
    [(3, 'contradiction', 'M046')]
    """
    page = page_of(name, content)
    return tuple(sorted({finding for check in _CHECKS for finding in check(page)}))


def lint_paths(paths: Iterable[Path]) -> list[Linted]:
    """Return what is wrong with each page; one that cannot be read keeps none of the others from being read.

    Raises
    ------
    FileFormatError
        If a path names nothing, or a folder without pages.
    """
    found = []
    for path in paths:
        for file in pages_under(path):
            try:
                found.append(Linted(str(file), lint_page(str(file), file.read_bytes())))
            except EndplateError as error:
                found.append(Linted(str(file), (), str(error)))
            except OSError as error:
                found.append(Linted(str(file), (), f"{file}: {error.strerror or error}."))
    return found
