"""`endplate exam`: examine one muscle of one simulated person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from endplate.cli import complete, options

if TYPE_CHECKING:
    from endplate.exam.examination import Examination

EPILOG: Final = (
    "Examples:\n\nendplate exam lems --protocol lems --muscle adm\n\n"
    'endplate exam lems --drug "amifampridine:20mg,3/day,steady" --out report\n\n'
    "endplate exam mg --protocol sfemg-stimulated --muscle extensor_digitorum\n\n"
    "endplate exam anna.toml --protocol ours.toml --seeds 20 --json > anna.json"
)
DEFAULT_SEEDS: Final = 5  # enough for an interval, seconds to compute
Format = Literal["edf", "nc", "csv", "none"]


def exam(
    person: Annotated[
        str,
        typer.Argument(
            metavar="PERSON", autocompletion=complete.persons, show_default=False,
            help="A person that ships (see: endplate persons) or a TOML file of your own.",
        ),
    ],
    protocol: options.Protocol = "lems",
    muscle: options.Muscle = "adm",
    drug: Annotated[
        list[str] | None,
        typer.Option(
            "--drug", "-d", metavar="WORDS", autocompletion=complete.drugs,
            help="What is given before, such as amifampridine:20mg,steady; may be repeated (see: endplate drugs).",
        ),
    ] = None,
    seed: options.Seed = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="Examine N such persons; above 1 findings carry an interval.")
    ] = DEFAULT_SEEDS,
    fibres: options.Fibres = None,
    reference_set: options.ReferenceSet = None,
    out: options.Out = None,
    recording: Annotated[
        Format, typer.Option("--recording", help="Format of the recording beside a report; nc is exact.")
    ] = "edf",
    overwrite: options.Overwrite = False,
    everything: options.Everything = False,
    as_json: options.Json = False,
) -> None:  # fmt: skip
    """Examine one muscle of one simulated person by a protocol, and say what rules find in it.

    The same instruments as for real recordings measure it; the numbers are SIMULATED.
    """
    from endplate.cli import checks, outputs
    from endplate.cli.console import out as console
    from endplate.cli.console import print_json, progress, say

    checks.check_out(out, overwrite=overwrite)
    checks.check_reference_set(reference_set)
    many = "" if seeds == 1 else f", {seeds} seeds"
    problems: tuple[str, ...] = ()
    with progress(f"Examining {person}, {muscle}, protocol {protocol}{many}") as show:
        from endplate.exam.examination import examine

        found: Examination = examine(
            person, protocol=protocol, muscle=muscle, treatments=tuple(drug or ()), seed=seed, seeds=seeds,
            n_fibres=fibres, reference_set=reference_set, progress=show,
        )  # fmt: skip
    if as_json:
        from endplate.report.machine import as_json as plain

        print_json(plain([found]))
    else:
        from endplate.cli.tables import show_examination

        show_examination(console(), found, everything=everything)
    if out is not None:
        with progress(f"Writing the report into {out}"):
            page, problems = outputs.write_report([found], out, overwrite=overwrite, recordings=recording)
        for problem in problems:
            say(problem)
        say(f"Open {page}")
