"""Files: bytes in and text out for the verbs that exchange with other systems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

OutFile = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write into this file, not here.")]


def bytes_of(path: Path) -> bytes:
    """Return the content of a file.

    Raises
    ------
    FileFormatError
        If it cannot be read.
    """
    from endplate.foundation.errors import FileFormatError

    try:
        return path.read_bytes()
    except OSError as error:
        raise FileFormatError(f"{path} cannot be read: {error.strerror}. Check the name.") from error


def put(text: str, out: Path | None, *, overwrite: bool) -> None:
    """Write text into a new file, or print it.

    Raises
    ------
    OutputError
        If the file is there already, or cannot be written.
    """
    import sys

    from endplate.cli.checks import refuse_existing
    from endplate.cli.console import say
    from endplate.foundation.errors import OutputError

    if out is None:
        sys.stdout.write(text)
        return
    refuse_existing(out, overwrite=overwrite)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{out} could not be written: {error.strerror}. Choose another folder.") from error
    say(f"Wrote {out}")


def told(sentences: Sequence[object], *, title: str, most: int = 20) -> None:
    """Say a list of things on the error stream, the first of them in full."""
    from endplate.cli.console import say

    if sentences:
        say(f"{title}: {len(sentences)}")
    for one in sentences[:most]:
        say(f"  {one}")
    if len(sentences) > most:
        say(f"  and {len(sentences) - most} more (all of them with --json)")
