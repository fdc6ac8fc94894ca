"""Checks: what is refused before anything is computed, because nobody should wait for it."""

from __future__ import annotations

from pathlib import Path

from endplate.foundation.errors import OutputError


def check_out(out: Path | None, *, overwrite: bool) -> None:
    """Refuse a folder that cannot be used before anything is computed."""
    if out is not None:
        from endplate.report.folder import check_folder

        check_folder(out, overwrite=overwrite)


def check_reference_set(name: str | None) -> None:
    """Refuse a reference set that is not there."""
    if name is not None:
        from endplate.foundation.rules import reference_set

        reference_set(name)


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Refuse to replace a file that is there, unless asked to."""
    if path.is_dir():
        raise OutputError(f"{path} is a folder; give the name of a file.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already and is not overwritten. Give another name, or say --overwrite.")
