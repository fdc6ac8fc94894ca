"""Write the frozen outputs of the named scenarios: what a user of a preset sees today.

    python studies/freeze.py

tests/frozen compares every run with them. They are no reference for the truth, only a tripwire: a
change that moves them needs a note in changes/ with the numbers before and after, and a reason.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from endplate.change.presets import presets
from endplate.exam.examination import examine

FROZEN = Path(__file__).parents[1] / "tests" / "frozen" / "scenarios.json"
N_FIBRES = 3000


def scenario(person: str) -> dict[str, float]:
    """Return the headline numbers of one preset under the protocol `lems` on ADM."""
    study = examine(person, protocol="lems", muscle="adm", n_fibres=N_FIBRES).studies[0]
    height = np.nan_to_num(study.measurements[0].amplitude_mv)
    rows = {train.name: list(train.sweeps) for train in study.recording.trains}
    physiology = study.physiology
    assert physiology is not None
    return {
        "rest_mv": round(float(height[rows["rest"][0]]), 4),
        "after_10s_mv": round(float(height[rows["after 10 s effort"][0]]), 4),
        "pulse_5_at_3hz_mv": round(float(height[rows["3 Hz, rest"][4]]), 4),
        "largest_at_30hz_mv": round(float(height[rows["30 Hz for 2 s"]].max()), 4),
        "fired_at_rest": round(float(physiology.fired_fraction[rows["rest"][0]]), 5),
        "quantal_content_at_rest": round(float(physiology.quantal_content[rows["rest"][0]]), 4),
    }


def main() -> None:
    """Freeze every preset."""
    found = {name: scenario(name) for name in presets()}
    FROZEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
