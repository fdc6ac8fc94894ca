"""The motor nerve terminal: from impulses and surviving channels to quanta."""

from endplate.body.terminal.course import (
    BLOCK,
    Course,
    TerminalState,
    draw_quanta,
    finish,
    follow,
    rested,
    runs,
    split_by_unit,
)
from endplate.body.terminal.reduced import ReducedReleaseTable, calcium_entry, reduced_release_table
from endplate.body.terminal.terminal import Terminal, build_terminal, healthy_quantal_content

__all__ = [
    "BLOCK",
    "Course",
    "ReducedReleaseTable",
    "Terminal",
    "TerminalState",
    "build_terminal",
    "calcium_entry",
    "draw_quanta",
    "finish",
    "follow",
    "healthy_quantal_content",
    "reduced_release_table",
    "rested",
    "runs",
    "split_by_unit",
]
