"""Measure speed and memory, each beside its budget and its lower bound.

    python -m benchmarks            # everything, about two minutes
    python -m benchmarks --quick    # smaller muscles

Ratios of one run may be quoted; absolute times belong to the machine that printed them.
"""

from __future__ import annotations

import argparse
import os
import platform

from rich.console import Console
from rich.table import Table

from benchmarks import active_zone, active_zone_fast, chain, clinic, process
from benchmarks.row import Row


def show(console: Console, title: str, rows: list[Row]) -> None:
    """Print one table."""
    table = Table(title=title, title_justify="left")
    for column in ("what", "measured", "budget", "aim", "lower bound", "within budget"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for row in rows:
        table.add_row(*row.cells())
    console.print(table)
    for row in rows:
        if row.note:
            console.print(f"  {row.what}: {row.note}")


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller muscles")
    options = parser.parse_args()
    console = Console()
    console.print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    fibres = 10_000 if options.quick else 50_000
    show(console, "Starting", process.starting())
    show(console, f"The chain from impulse to compound potential, {fibres:,} junctions", chain.kernels(fibres))
    show(console, "The active zone, single ions", active_zone.zone(50 if options.quick else 200))
    show(console, "The active zone, fast engine", active_zone_fast.rows())
    show(console, "The clinic", clinic.rooms(10_000 if options.quick else 100_000))
    show(console, "A whole examination", process.examination(fibres))
    show(console, "Scaling of one train (10 stimuli at 3 Hz)", chain.scaling(10_000 if options.quick else 100_000))


if __name__ == "__main__":
    main()
