"""Scales know mechanisms, never causes: below person no name speaks of a disease or a medicine."""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from pathlib import Path

from tools.house.files import Place, python_files

SCALES = ("activezone", "terminal", "junction", "fibre", "muscle")
DISEASES = "lems lambert eaton mg myasthenia myasthenic gravis botulism sclc neuropathy disease diagnosis"
MEDICINES = (
    "amifampridine fampridine dap pyridostigmine neostigmine edrophonium rocuronium vecuronium succinylcholine"
    " suxamethonium aminoglycoside gentamicin verapamil botulinum sugammadex drug drugs medicine therapy treatment"
)
PEOPLE = "patient patients"
BANNED = frozenset(f"{DISEASES} {MEDICINES} {PEOPLE}".split())
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def parts_of(identifier: str) -> list[str]:
    """Split an identifier at underscores, digits and case.

    Examples
    --------
    >>> parts_of("LEMSDecrement_of_drugDose2")
    ['lems', 'decrement', 'of', 'drug', 'dose', '2']
    """
    return [part.lower() for part in _PART.findall(identifier)]


def _identifiers(text: str) -> list[tuple[str, int]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        (token.string, token.start[0])
        for token in tokens
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string)
    ]


def words_of_causes(root: Path) -> list[Place]:
    """Return the identifiers and file names below person that name a cause instead of a mechanism."""
    found = []
    for scale in SCALES:
        for path in python_files(root, f"src/endplate/body/{scale}"):
            name = path.relative_to(root).as_posix()
            for identifier, line in [(path.stem, 1), *_identifiers(path.read_text(encoding="utf-8"))]:
                causes = sorted(BANNED.intersection(parts_of(identifier)))
                if causes:
                    found.append(
                        Place(
                            name, line, f"{identifier!r} says {', '.join(causes)}: a scale knows levers, never causes."
                        )
                    )
    return found
