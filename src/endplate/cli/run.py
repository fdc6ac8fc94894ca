"""`endplate run`: the main job, four simulated muscles and a real one in one report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import options
from endplate.cli.spec import Spec

if TYPE_CHECKING:
    from endplate.exam.examination import Examination

EPILOG: Final = (
    "Examples:\n\nendplate run\n\nendplate run --quick --out /tmp/report\n\n"
    "It examines healthy, LEMS, LEMS on amifampridine 20 mg three times a day, and MG, and measures a real recording."
)
DRUG: Final = "amifampridine:20mg,3/day,steady"
JOBS: Final = (
    (Spec("healthy"), "lems"),
    (Spec("lems"), "lems"),
    (Spec("lems", (DRUG,)), "lems"),
    (Spec("mg"), "lems"),
)
MUSCLE: Final = "adm"
LIMITS: Final = "czech-2014"  # the built-in set whose limits were read in a source
QUICK_FIBRES: Final = 2000
EXAMPLE: Final = "mwave_hreflex"
M_WAVE_MS: Final = (8.1, 15.9)  # where the authors of the recording measure the M wave
TITLE: Final = "Health, LEMS, LEMS on amifampridine, MG, and a real recording"


def run(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="Folder of the report.")
    ] = Path("endplate-report"),
    quick: Annotated[
        bool, typer.Option("--quick", help=f"Simulate {QUICK_FIBRES} fibres instead of the whole muscle.")
    ] = False,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="Persons of each kind; above 1 findings carry an interval.")
    ] = 3,
    overwrite: options.Overwrite = False,
    as_json: options.Json = False,
) -> None:  # fmt: skip
    """Examine healthy, LEMS, LEMS on amifampridine and MG, measure a real recording, and write one report."""
    from endplate.cli import checks, outputs
    from endplate.cli.console import out as console
    from endplate.cli.console import print_json, progress, say

    checks.check_out(out, overwrite=overwrite)
    with progress("Examining (the first run also compiles)") as show:
        examinations = _examined(seeds=seeds, fibres=QUICK_FIBRES if quick else None, show=show)
        real = _measured_example()
        if real is not None:
            examinations.append(real)
    if as_json:
        from endplate.report.machine import as_json as plain

        print_json(plain(examinations))
    else:
        _show(console(), examinations)
    with progress(f"Writing the report into {out}"):
        page, _ = outputs.write_report(examinations, out, title=TITLE, overwrite=overwrite)
    if real is None:
        say(f"The real recording ({EXAMPLE}) is not beside this copy of Endplate, so it was left out.")
    say(f"Open {page}")


def _examined(*, seeds: int, fibres: int | None, show: Any) -> list[Examination]:
    from endplate.cli.console import part
    from endplate.exam.examination import examine

    return [
        examine(
            spec.person, protocol=protocol, muscle=MUSCLE, treatments=spec.treatments, seeds=seeds, n_fibres=fibres,
            reference_set=LIMITS, progress=part(show, place / len(JOBS), 1 / len(JOBS)),
        )
        for place, (spec, protocol) in enumerate(JOBS)
    ]  # fmt: skip


def example_file() -> Path | None:
    """Return the real recording that ships: beside the source, or where the package was installed."""
    from importlib.metadata import PackageNotFoundError, files

    from endplate.foundation.parameters import PACKAGE

    name = "example-waveforms.csv"
    beside = PACKAGE.parents[1] / "examples" / EXAMPLE / name
    if beside.is_file():
        return beside
    try:
        installed = [file.locate() for file in files("endplate") or () if file.match(f"{EXAMPLE}/{name}")]
    except PackageNotFoundError:
        return None
    return next((Path(str(file)) for file in installed if Path(str(file)).is_file()), None)


def _measured_example() -> Examination | None:
    from endplate.exam.examination import read_real
    from endplate.exam.recording import load_recording

    file = example_file()
    return None if file is None else read_real(load_recording(file), window_ms=M_WAVE_MS)


def _show(console: Any, examinations: list[Examination]) -> None:
    from rich.text import Text

    from endplate.cli.tables import SIMULATED, summary
    from endplate.report.reading import headings
    from endplate.report.words import muscle_side

    simulated = Text(SIMULATED, style="black on yellow")
    simulated.append(f" but what is marked as recorded: {muscle_side(examinations[0])}", style="default on default")
    console.print(simulated)
    names = headings(examinations)
    console.print(summary([(name, one, one.studies[0]) for name, one in zip(names, examinations, strict=True)]))
