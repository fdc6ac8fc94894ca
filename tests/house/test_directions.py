"""The import contracts of pyproject.toml, tried on a small house of the same rooms."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = (
    *("cli", "report", "study", "clinic", "exam", "change", "body", "foundation"),
    *(f"body/{scale}" for scale in ("person", "muscle", "fibre", "junction", "terminal", "activezone")),
    *("foundation/records", "foundation/rules", "foundation/errors", "foundation/random"),
)


def _lint(house, **imports):
    """Lint a house in which the named rooms (dots as two underscores) hold one import each."""
    for room in {*ROOMS, *(name.replace("__", "/") for name in imports)}:
        folder = house / "endplate" / room
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(imports.get(room.replace("/", "__"), ""), encoding="utf-8")
    (house / "endplate" / "__init__.py").touch()
    shutil.copy(REPOSITORY / "pyproject.toml", house)
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_house_as_designed_keeps_its_contracts(tmp_path):
    done = _lint(
        tmp_path,
        cli="import endplate.report, endplate.study, endplate.clinic",
        exam="import endplate.change, endplate.body.muscle",
        clinic="import endplate.foundation.rules",
        body__muscle="import endplate.body.fibre, endplate.foundation.random",
        foundation__random="import numba",
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "imports",
    [
        {"body": "import endplate.change"},
        {"foundation": "import endplate.body"},
        {"body__terminal": "import endplate.body.junction"},
        {"exam": "import endplate.report"},
        {"clinic": "import endplate.body"},
        {"exam": "import endplate.clinic"},
        {"foundation__records": "def late():\n    import xarray"},
        {"foundation__rules": "import endplate.foundation.random", "foundation__random": "import numba"},
        {"attic": ""},
        {"body__attic": ""},
    ],
    ids=lambda imports: ", ".join(f"{room} has {code or 'no place'!r}" for room, code in imports.items()),
)
def test_an_import_against_the_direction_or_a_room_without_a_place_is_found(tmp_path, imports):
    done = _lint(tmp_path, **imports)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout
