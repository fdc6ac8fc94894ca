"""Console: results on stdout, everything else on stderr, progress where somebody watches."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

Progress = Callable[[str, float], None]  # what is being done, and the share that is done
_PATIENCE_S: Final = 2.0
_FILE_WIDTH: Final = 140  # columns where no terminal says how wide it is


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the boundary in `main` end the program, instead of Rich with another exit code."""
        raise BrokenPipeError


def _console(stream: TextIO) -> Console:
    if stream.isatty() or "COLUMNS" in os.environ:
        return _Console(file=stream, highlight=False, emoji=False)
    # with a height, because of a "dumb" terminal Rich believes a width only together with one
    return _Console(file=stream, width=_FILE_WIDTH, height=50, highlight=False, emoji=False)


def out() -> Console:
    """Return the console of results; made anew, because a caller may exchange the stream."""
    return _console(sys.stdout)


def err() -> Console:
    """Return the console of messages and progress."""
    return _console(sys.stderr)


def say(sentence: str) -> None:
    """Tell something on stderr that is no result."""
    err().print(Text(sentence), soft_wrap=True)


def print_json(value: Any) -> None:
    """Print JSON, and nothing else, on stdout."""
    is_plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=is_plain, allow_nan=False, indent=1) + "\n")


def table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table in the style of the house; `right` names the columns of numbers."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(Text(column), justify="right" if column in right else "left", overflow="fold")
    return made


def noted(shown: Table, *, title: str = "", note: str = "") -> Group:
    """Return a table between its title and its note; Rich would wrap both to the width of the table."""
    above = [Text(title, style="bold")] if title else []
    below = [Text(note, style="dim")] if note else []
    return Group(*above, shown, *below)


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Show a bar on stderr while the block runs; in a log, one line."""
    console = err()
    if not console.is_terminal:
        yield _told_later(title)
        return
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=1.0)

        def show(what: str, share: float) -> None:
            bar.update(task, description=f"{title}: {what}"[:70], completed=min(max(share, 0.0), 1.0))

        yield show


def _told_later(title: str) -> Progress:
    """Return progress for a log: one line, and only of work that takes longer than anybody would wait in doubt."""
    waiting = [title]
    begun_s = time.monotonic()

    def show(_what: str, _share: float) -> None:
        if waiting and time.monotonic() - begun_s > _PATIENCE_S:
            say(waiting.pop())

    return show


def part(show: Progress, start: float, share: float) -> Progress:
    """Return progress for one part of a whole.

    Examples
    --------
    >>> half = part(lambda what, done: print(what, done), 0.5, 0.5)
    >>> half("second half", 0.5)
    second half 0.75
    """
    return lambda what, done: show(what, start + share * done)
