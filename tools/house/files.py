"""Which files the rules look at, and how a broken rule is printed."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

CODE_FOLDERS = ("src", "tests", "studies", "benchmarks", "tools", "docs", "examples")
_NOT_OURS = frozenset({".git", ".venv", "__pycache__", "_build", "build", "dist", "endplate-report"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is broken, and what to do about it."""

    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


def tracked_files(root: Path) -> list[Path]:
    """Return the files git keeps or would keep; without git, every file that is ours."""
    try:
        listing = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True,
            check=True,
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive
        return sorted(
            path for path in root.rglob("*") if path.is_file() and not _NOT_OURS & set(path.relative_to(root).parts)
        )
    return sorted(root / name for name in set(listing.split("\0")) if name and (root / name).is_file())


def python_files(root: Path, folder: str) -> list[Path]:
    """Return the Python files below one folder of the repository."""
    return [path for path in sorted((root / folder).rglob("*.py")) if not _NOT_OURS & set(path.relative_to(root).parts)]
