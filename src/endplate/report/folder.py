"""The report folder: only what we wrote is ever overwritten, and nothing computed is lost."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from endplate.foundation.errors import OutputError

MANIFEST: Final = "manifest.json"
_STAGE: Final = ".endplate-new-"
_FORMAT: Final = "endplate report folder 1"


def check_folder(folder: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Return the folder as a path if a report may be written into it.

    It may be new, empty, or hold an unchanged report of ours. Call this before a long
    computation; :func:`write_files` checks again.

    Raises
    ------
    OutputError
        If it is a file, or holds files that we did not write (or that were changed since)
        and `overwrite` is not set.
    """
    path = Path(folder)
    try:
        if not path.exists():
            return path
        if not path.is_dir():
            raise OutputError(f"{path} is a file; a report needs a folder. Give a folder name with --out.")
        foreign = _foreign(path)
    except PermissionError as error:
        raise OutputError(f"{path} cannot be read ({error.strerror}). Choose a folder of your own.") from error
    if foreign and not overwrite:
        listed = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        raise OutputError(
            f"{path} holds files that this program did not write or that were changed since: {listed}. "
            "Choose an empty or new folder, or allow overwriting: files of other names then stay as they are."
        )
    return path


def write_files(files: Mapping[str, bytes], folder: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write the files of a report into a folder, all or none, with a manifest of names and checksums.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    OutputError
        If the folder is refused, full or cannot be written. The files then stand in a
        temporary folder that the message names.
    """
    try:
        path = check_folder(folder, overwrite=overwrite)
        return _write(files, path)
    except OutputError as error:
        raise OutputError(f"{error} {_rescue(files)}") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"the report could not be written into {folder}: {reason}. {_rescue(files)}") from error


def _write(files: Mapping[str, bytes], path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    before = _manifest(path)
    stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=path))
    try:
        for name, content in files.items():
            (stage / name).write_bytes(content)
        listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        manifest = json.dumps({"format": _FORMAT, "files": listed}, indent=1) + "\n"
        (stage / MANIFEST).write_text(manifest, encoding="utf-8")
        # everything has found room on the disk: from here on there are only renames
        for name in files:
            (stage / name).replace(path / name)
        (stage / MANIFEST).replace(path / MANIFEST)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    for name, digest in before.items():
        old = path / name
        if name not in files and old.is_file() and _digest(old) == digest:
            old.unlink()
    return path


def _rescue(files: Mapping[str, bytes]) -> str:
    try:
        shelter = Path(tempfile.mkdtemp(prefix="endplate-report-"))
        _write(files, shelter)
    except OSError as error:
        reason = error.strerror or str(error)
        return f"A temporary folder could not take it either ({reason}): free some space and run again."
    return f"Nothing computed is lost: the report is in {shelter}."


def _manifest(path: Path) -> dict[str, str]:
    """Return names and checksums of an earlier report; empty if there is none that can be trusted."""
    try:
        loaded = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(loaded, dict) or loaded.get("format") != _FORMAT or not isinstance(loaded.get("files"), dict):
        return {}
    # a name with a folder in it is not ours: it could point out of the report
    return {
        n: d for n, d in loaded["files"].items() if isinstance(d, str) and n == Path(n).name and n not in ("", "..")
    }


def _foreign(path: Path) -> list[str]:
    ours = _manifest(path)
    found = []
    for entry in sorted(path.iterdir()):
        if entry.name.startswith(_STAGE) or (entry.name == MANIFEST and ours):
            continue
        is_ours = entry.is_file() and not entry.is_symlink() and ours.get(entry.name) == _digest(entry)
        if not is_ours:
            found.append(entry.name)
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
