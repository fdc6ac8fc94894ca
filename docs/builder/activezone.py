"""What the studies of the active zone found: agreement with other programs, engine against engine, speed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docs.builder.markdown import escaped, number, page, table

STUDIES = Path(__file__).resolve().parents[2] / "studies"
_SECTIONS = {
    "gating": "Gating against the master equation",
    "AZ4": "AZ4 against MCell3",
    "given": "AZ4, given the ions that entered",
    "SC1": "SC1 against MCell3",
    "shells": "SC1: concentration in half shells around the source",
}
_NOT_YET = "The study has not been run in this copy: there is no `studies/{name}`."
_OF_PROGRAMS = (
    "Quantity",
    "MCell3",
    "Smoldyn",
    "Particles",
    "z, Smoldyn to MCell3",
    "z, particles to MCell3",
    "z, particles to Smoldyn",
)


def _read(name: str) -> Any:
    path = STUDIES / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def results_page() -> str:
    """Return every table of the studies of the active zone, misses included."""
    lead = (
        "How well the two engines agree with exact solutions, with other programs and with each other, and how fast "
        "they are. Differences are in standard errors of both sides, z. What is simulated here is SIMULATED. What the "
        "engines do: [nanodomain](../../explanation/nanodomain.md)."
    )
    return page(
        "The active zone: agreement and speed",
        lead,
        *_agreement(),
        *_crosscheck(),
        *_grid(),
        *_listed("activezone_speed.json", "Speed"),
    )


def _agreement() -> list[str]:
    name = "activezone_agreement.json"
    study = _read(name)
    parts = ["## Particles against exact solutions and MCell3"]
    if study is None:
        return [*parts, _NOT_YET.format(name=name)]
    scores = [abs(row["z"]) for row in study["rows"]]
    worst = max(study["rows"], key=lambda row: abs(row["z"]))
    beyond = sum(score > 2.0 for score in scores)
    parts.append(
        f"{escaped(study['about'])}. Of {len(scores)} quantities {beyond} lie beyond 2 standard errors (about "
        f"{0.0455 * len(scores):.0f} would by chance); the furthest is {escaped(worst['quantity'])} with "
        f"{_score(worst['z'])}. Written by `studies/activezone_agreement.py`."
    )
    for section, title in _SECTIONS.items():
        rows = [row for row in study["rows"] if row["section"] == section]
        if rows:
            parts += [f"### {title}", _compared(rows)]
    return parts


def _compared(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = ("Quantity", "Endplate", "Reference", "z")
    return table(
        columns,
        (
            (
                escaped(row["quantity"]),
                _with_error(row["ours"], row["ours_se"]),
                _with_error(row["reference"], row["reference_se"]),
                _score(row["z"]),
            )
            for row in rows
        ),
        right=columns[1:],
    )


def _crosscheck() -> list[str]:
    study = _read("crosscheck.json")
    parts = ["## SC1 in three programs"]
    if study is None:
        return [*parts, _NOT_YET.format(name="crosscheck.json")]
    about = study["about"]
    words = (
        f"{about['mcell3']} trials of MCell3, {about['smoldyn']} of Smoldyn 2.74, {about['particles']} of our "
        "particles, from the model file that `endplate activezone export` writes. Counts are ions, shells are µM. "
        "Run it with `make crosscheck`."
    )
    rows = (
        (
            escaped(row["quantity"]),
            *(_with_error(row[name]["mean"], row[name]["sem"]) for name in ("mcell3", "smoldyn", "particles")),
            _score(row["smoldyn_z"]),
            _score(row["particles_z"]),
            _score(row["particles_smoldyn_z"]),
        )
        for row in study["rows"]
    )
    return [*parts, words, table(_OF_PROGRAMS, rows, right=_OF_PROGRAMS[1:])]


def _grid() -> list[str]:
    """Return the largest differences of the engines over the grid of conditions, as the study's own table."""
    name, title = "activezone_grid.json", "## Fast engine against particles"
    study, written = _read(name), STUDIES / "activezone_grid.md"
    if study is None or not written.is_file():
        return [title, _NOT_YET.format(name=name)]
    far = study["worst"]
    words = (
        f"{escaped(study['about'])}. Of {study['rows']} comparisons {study['outside']} lie outside both 10 % and 2 "
        f"standard errors. The furthest: {escaped(far['quantity'])} of {escaped(far['condition'])}, "
        f"{far['particles']:.3g} with particles and {far['fast']:.3g} fast. Written by `studies/activezone_grid.py`."
    )
    body = "\n".join(line for line in written.read_text(encoding="utf-8").splitlines() if line.startswith("|"))
    return [title, words, body]


def _listed(name: str, title: str) -> list[str]:
    """Return a study whose rows all have the same fields as it stands."""
    study = _read(name)
    if study is None:
        return [f"## {title}", _NOT_YET.format(name=name)]
    rows = study["rows"]
    columns = list(rows[0])
    shown = tuple(column.replace("_", " ") for column in columns)
    right = tuple(word for word, column in zip(shown, columns, strict=True) if _is_number(rows[0][column]))
    about = study.get("about", "")
    body = table(shown, ([_cell(row.get(column)) for column in columns] for row in rows), right=right)
    return [f"## {title}", escaped(about if isinstance(about, str) else json.dumps(about)), body]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    return number(value, 4) if isinstance(value, float) else escaped(value)


def _with_error(value: float, error: float) -> str:
    return f"{value:.4g} ± {error:.2g}" if error else f"{value:.4g}"


def _score(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")
