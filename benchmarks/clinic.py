"""The clinic: importing it, and the audit of a long list of persons."""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row, seconds
from endplate.clinic.differential import audit_list

_COLUMNS = (
    "id", "mg_diagnosis", "sex", "birth_date", "onset_date", "first_weakness", "first_limb", "reflexes_reduced",
    "dry_mouth", "constipation", "lung_cancer", "smoker_ever", "achr_antibody", "before_mv", "after_mv",
    "lower_limit_mv", "laboratory", "skin_degc", "supramaximal", "rest_before_s",
)  # fmt: skip
_KINDS = (
    ("yes", "female", "1950-02-01", "2020-03-04", "limbs", "legs", "yes", "yes", "", "no", "yes", "no", "1.2", "2.9"),
    ("yes", "male", "1961-07-11", "2019-03-04", "ocular", "", "no", "no", "no", "no", "no", "yes", "9.8", "10.1"),
    ("yes", "female", "1944-12-24", "2021-11-30", "bulbar", "", "", "", "", "", "", "yes", "", ""),
    ("no", "male", "1975-05-05", "2022-01-01", "limbs", "arms", "no", "no", "no", "no", "no", "", "8.0", "8.2"),
)
_STUDY = ("6.0", "synthetic laboratory", "33", "yes", "150")
_IMPORT = "import endplate.clinic, endplate.clinic.record, endplate.clinic.diagnosis, endplate.clinic.differential"


def rooms(n_persons: int) -> list[Row]:
    """Return the time to import the clinic in a fresh process, and to audit a list; budgets are those of the issue."""
    bare, imported = (
        seconds(lambda code=code: subprocess.run([sys.executable, "-c", code], check=True)) for code in ("", _IMPORT)
    )
    with tempfile.TemporaryDirectory(prefix="endplate-") as folder:
        source, out = Path(folder) / "list.csv", Path(folder) / "out.csv"
        _write_list(source, n_persons)
        began = time.perf_counter()
        audit_list(source, out)
        audit = time.perf_counter() - began
        bound = seconds(lambda: _copy(source, out), repeats=1)
    return [
        Row("import record, diagnosis, differential, above bare Python", imported - bare, "s", 0.15),
        Row(
            f"audit of {n_persons:,} persons", audit, "s", 60.0 * n_persons / 100_000, None, bound,
            "the bound reads and writes the list without looking at it",
        ),
    ]  # fmt: skip


def _write_list(file: Path, n_persons: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        for number, kind in enumerate(itertools.islice(itertools.cycle(_KINDS), n_persons)):
            writer.writerow((f"P{number}", *kind, *_STUDY))


def _copy(source: Path, out: Path) -> None:
    with source.open(encoding="utf-8", newline="") as read, out.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows(csv.reader(read))
