"""The result of the calibration, where the study has been run."""

from __future__ import annotations

import json
from pathlib import Path

from docs.builder.markdown import code, escaped, number, page, shown_unit, table

STUDY = Path(__file__).resolve().parents[2] / "studies" / "calibration.json"
CHECKS = STUDY.with_name("checks.json")
PICTURE = STUDY.with_suffix(".svg")
_NOT_YET = (
    "The study has not been run in this copy: there is no `studies/calibration.json`. Run "
    "`.venv/bin/python studies/calibrate.py --check` to measure the shipped parameters against the targets."
)
_FIGURE = """```{figure} calibration.svg
:alt: Model against target for every row, in half-widths of its band.
:class: figure

Every row against its band. SIMULATED.
```
"""


def _checks() -> tuple[str, ...]:
    """Return the published findings that no row holds: they were found later, and nothing was tuned to them."""
    if not CHECKS.is_file():
        return ()
    rows = json.loads(CHECKS.read_text(encoding="utf-8"))
    holding = sum(bool(row["holds"]) for row in rows)
    return (
        "## Checks",
        "Published findings that no row holds. Nothing may be tuned to them; what misses is shown with its size "
        f"(`studies/checks.py`). **{holding} of {len(rows)} hold.**",
        table(
            ("Finding", "Source", "Wanted", "Model", "Holds"),
            (
                (
                    escaped(row["finding"]),
                    escaped(row["source"]),
                    f"{row['wanted']} {shown_unit(row['unit'])}",
                    f"{row['model']:.3g}",
                    "yes" if row["holds"] else "**no**",
                )
                for row in rows
            ),
            right=("Model",),
        ),
    )


def calibration_page() -> str:
    """Return the table of target and model, honest about what misses."""
    lead = (
        "Only the rows of `studies/targets.toml` may be fitted to. Each has a value, a band and the kind of evidence "
        "behind it. The study searches from scratch and writes what it found, what misses included. Rows whose "
        "evidence is *memory* rest on general knowledge of the literature; they are reported against their band and "
        "never asserted by a test. How to run it: [run the calibration](../../howto/run-the-calibration.md)."
    )
    if not STUDY.is_file():
        return page("Calibration", lead, _NOT_YET)
    study = json.loads(STUDY.read_text(encoding="utf-8"))
    rows = study["rows"]
    inside = sum(bool(row["inside"]) for row in rows)
    main = table(
        ("Row", "Target", "Band", "Unit", "Model", "In band", "Evidence"),
        (
            (
                code(row["row"]),
                number(row["target"]),
                f"{number(row['low'])} to {number(row['high'])}",
                shown_unit(row["unit"]),
                "not measured" if row["model"] is None else f"{row['model']:.3g}",
                "yes" if row["inside"] else "**no**",
                escaped(row["evidence"]),
            )
            for row in rows
        ),
        right=("Target", "Model"),
    )
    missed = [code(row["row"]) for row in rows if not row["inside"]]
    told = f"**{inside} of {len(rows)} rows are in their band.** "
    told += f"These miss it: {', '.join(missed)}." if missed else "None misses it."
    fitted = table(
        ("Room", "Parameter", "Value"),
        (
            (code(room), code(name), f"{value:.5g}")
            for room, values in study["fitted"].items()
            for name, value in values.items()
        ),
        right=("Value",),
    )
    return page(
        "Calibration",
        lead,
        f"Run on {study['date']} with seed {study['seed']}.",
        told,
        _FIGURE if PICTURE.is_file() else "",
        main,
        *_checks(),
        "## Fitted parameters",
        "Their search bounds and notes stand in the [parameter tables](parameters.md).",
        fitted,
    )
