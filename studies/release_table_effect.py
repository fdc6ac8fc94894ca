"""Print what the release table changed: every target and every examination before (closed form) and after.

    python studies/release_table_effect.py      # reads the results of calibrate.py, checks.py and freeze.py

Before are the numbers of the last calibration with the release law in closed form (closed_form.json). Between the two,
the plasticity was fitted anew and three of its bounds changed (docs/decisions/0007), so the difference is not the
table's alone.
"""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent
NAMES = {
    "rest_mv": "CMAP at rest (mV)",
    "after_10s_mv": "after 10 s effort (mV)",
    "pulse_5_at_3hz_mv": "fifth response at 3 Hz (mV)",
    "largest_at_30hz_mv": "largest at 30 Hz (mV)",
    "quantal_content_at_rest": "quantal content",
}
PERSONS = {"healthy": "Health", "lems": "LEMS", "mg": "MG"}


def read(path: Path) -> dict[str, object]:
    return json.loads(path.read_text(encoding="utf-8"))


def targets(before: dict, after: dict) -> list[str]:
    lines = ["| target | published | closed form | table | in band |", "|---|---|---|---|---|"]
    for row in after["rows"]:
        old = before["rows"][row["row"]]
        unit = "" if row["unit"] == "1" else f" {row['unit']}"
        lines.append(
            f"| {row['row']} | {row['target']:g} ({row['low']:g} to {row['high']:g}){unit} | {old['model']:.3g} "
            f"| {row['model']:.3g} | {'yes' if row['inside'] else '**no**'} |"
        )
    return lines


def examinations(before: dict, after: dict) -> list[str]:
    lines = ["| | " + " | ".join(f"{PERSONS[p]}, closed form | {PERSONS[p]}, table" for p in PERSONS) + " |"]
    lines.append("|---" * (1 + 2 * len(PERSONS)) + "|")
    for name, words in NAMES.items():
        cells = [f"{before[p][name]:.3g} | {after[p][name]:.3g}" for p in PERSONS]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return lines


def findings(before: dict, after: list) -> list[str]:
    lines = ["| published finding without a row | wanted | closed form | table |", "|---|---|---|---|"]
    for row in after:
        old = before.get(row["finding"])
        shown = "-" if old is None else f"{old:.3g}"
        unit = "" if row["unit"] == "1" else f" {row['unit']}"
        mark = "" if row["holds"] else " (misses)"
        lines.append(f"| {row['finding']} | {row['wanted']}{unit} | {shown} | {row['model']:.3g}{mark} |")
    return lines


def main() -> None:
    """Write the page part and print it."""
    before = read(HERE / "closed_form.json")
    scenarios = read(HERE.parent / "tests/frozen/scenarios.json")
    parts = [
        "Every target, before and after. The plasticity was fitted anew, and some of its bounds changed at the same",
        "time ([decision 0007](../decisions/0007-what-is-searched.md)), so not every difference is the table's.",
        "",
        *targets(before, read(HERE / "calibration.json")),
        "",
        "The examination of the typical persons:",
        "",
        *examinations(before["scenarios"], scenarios),
        "",
        "Published findings that nothing is fitted to:",
        "",
        *findings(before["checks"], read(HERE / "checks.json")),
    ]
    text = "\n".join(parts) + "\n"
    (HERE / "release_table_effect.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
