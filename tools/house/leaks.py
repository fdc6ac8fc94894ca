"""The repository stands alone: no registry hosts, no paths of one machine, no secrets."""

from __future__ import annotations

import re
from pathlib import Path

from tools.house.files import Place, tracked_files

# Every pattern is put together from pieces, so that this file does not break its own rule.
_HOSTS = (
    (r"\bpy", r"pi\.org"),
    ("python", r"hosted\.org"),
    (r"registry\.np", r"mjs\.org"),
    (r"conda\.ana", r"conda\.org"),
    (r"deb\.deb", r"ian\.org"),
    ("--(extra-)?ind", "ex-url"),
    ("--fi", "nd-links"),
)
_MACHINE_PATHS = (
    (r"(?<![\w.~-])/(wo", "rk|ro", "ot|fa", "rm)/"),
    (r"(?<![\w.~-])/(ho", "me|Us", "ers)/[a-z]"),
    (r"(?<![\w.~-])/o", "pt/(wheels|py", "pi)"),
    (r"\b[A-Z]:\\{1,2}Us", r"ers\\"),
)
_SECRETS = (
    ("-----BEGIN [A-Z ]*PRIV", "ATE KEY-----"),
    (r"\bAK", r"IA[0-9A-Z]{16}\b"),
    (r"\bgh", r"[pousr]_[A-Za-z0-9]{30,}\b"),
    (r"\bsk", r"-[A-Za-z0-9-]{24,}\b"),
    (r"://[^/\s:@]+:", r"[^/\s:@]+@"),
    (r"(?i:\b(pass", r"word|api_?key|secret_?key|auth_?token)\b\s*[:=]\s*['\"][^'\"\s]{8,}['\"])"),
)


def _any_of(patterns: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    return re.compile("|".join("".join(pieces) for pieces in patterns))


PATTERNS = (
    ("the address of a package registry", _any_of(_HOSTS)),
    ("a path of one machine", _any_of(_MACHINE_PATHS)),
    ("what looks like a secret", _any_of(_SECRETS)),
)
_LARGEST_TEXT = 5_000_000  # bytes; recordings are data, not text


def leaks(root: Path) -> list[Place]:
    """Return the lines of kept files that hold what belongs to one machine or one registry."""
    found = []
    for path in tracked_files(root):
        content = path.read_bytes()
        if b"\0" in content[:8192] or len(content) > _LARGEST_TEXT:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), start=1):
            found += [
                Place(path.relative_to(root).as_posix(), number, f"holds {what}.")
                for what, pattern in PATTERNS
                if pattern.search(line)
            ]
    return found
