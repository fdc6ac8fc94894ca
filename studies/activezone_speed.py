"""What a trial costs beside MCell, as ratios; writes activezone_speed.json for the documentation.

    python studies/activezone_speed.py       # about half a minute on one core

Both sides are processor seconds of one core of the same kind of machine; MCell's are those of science/activezone.md,
measured once. An absolute time belongs to the machine that printed it, so only ratios and counts are kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.active_zone import (  # noqa: E402  # the path above finds it
    MCELL_MOVES_PER_S,
    MCELL_S,
    draws_ns,
    segment_cost,
    trial_cost,
)


def main() -> None:
    """Measure and write."""
    draw_ns, rows = draws_ns(), []
    for what, name, engine, trials in (
        ("SC1, particles", "sc1", "particles", 200),
        ("AZ4, particles", "az4", "particles", 200),
        ("AZ4, fast", "az4", "fast", 2000),
    ):
        cost, moves = trial_cost(name, trials, engine)
        rows.append(_row(what, MCELL_S[name] / cost, cost, moves, draw_ns))
    segment = segment_cost(6)
    rows.append(
        _row("mouse segment, particles", MCELL_S["mouse"] / segment["cpu"], segment["cpu"], segment["moves"], draw_ns)
    )
    about = (
        "Processor time of one trial on one core, MCell 4.0.5 (MCell3 engine) over ours; the mouse segment against the "
        f"100 s and more that MCell took on a larger box, with {segment['mb']:.0f} MB at its peak. Moves are steps of "
        f"ions; MCell makes {MCELL_MOVES_PER_S / 1e6:.1f} million a second. The bound is the arithmetic of the random "
        "numbers alone, one Philox block and three normals a move; a trial fits the cache, so memory is no bound. "
        "Written by `studies/activezone_speed.py`."
    )
    (HERE / "activezone_speed.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")
    print(json.dumps(rows, indent=1))


def _row(what: str, ratio: float, cost: float, moves: float, draw_ns: float) -> dict[str, object]:
    return {
        "case": what,
        "times_faster_than_mcell": float(f"{ratio:.2g}"),
        "moves_per_trial": round(moves) if moves else None,
        "million_moves_per_second": round(moves / cost / 1e6, 1) if moves else None,
        "times_the_bound": round(cost / (1e-9 * draw_ns * moves), 1) if moves else None,
    }


if __name__ == "__main__":
    main()
