"""No module over 500 lines: a longer one has two subjects."""

from __future__ import annotations

from pathlib import Path

from tools.house.files import CODE_FOLDERS, Place, python_files

MOST_LINES = 500
EXEMPT: dict[str, str] = {}  # path from the root -> why this one may be longer


def long_modules(root: Path) -> list[Place]:
    """Return the modules that are too long, and exemptions that no longer need to be."""
    found = []
    for folder in CODE_FOLDERS:
        for path in python_files(root, folder):
            name = path.relative_to(root).as_posix()
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > MOST_LINES and name not in EXEMPT:
                found.append(Place(name, lines, f"{lines} lines, at most {MOST_LINES}: split it by subject."))
            elif lines <= MOST_LINES and name in EXEMPT:
                found.append(Place(name, lines, "is short enough again: drop its exemption in tools/house/sizes.py."))
    return found
