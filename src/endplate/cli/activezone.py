"""`endplate activezone`: run, scan, show and export the active zone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from endplate.cli import activezone_words as words

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case

DEFAULT_TRIALS: Final = 200
DEFAULT_SEED: Final = 1
FILM_TRIALS: Final = 400

app = typer.Typer(
    help="Simulate one active zone: channels open, calcium diffuses and binds, vesicles fuse. Numbers are SIMULATED.",
    epilog=(
        "Examples:\n\nendplate activezone run az4 --trials 200 --out zone\n\n"
        "endplate activezone scan az4 --over channels=0..4 --over broadening=1..3\n\n"
        "endplate activezone show az4 --out zone --film\n\n"
        "endplate activezone export az4 --to smoldyn --out model"
    ),
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Case_ = Annotated[
    str,
    typer.Argument(
        metavar="CASE", autocompletion=words.complete_cases, show_default=False,
        help="A case that ships (see: endplate activezone show) or a TOML file of your own.",
    ),
]  # fmt: skip
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="NAME=VALUE",
        help="Change the case: channels=2, calcium=1 or any name that a scan varies; may be repeated.",
    ),
]
Train = Annotated[
    str | None, typer.Option("--train", metavar="N@HZ", help="A train of N impulses at HZ per second, such as 10@50.")
]
Engine = Annotated[
    Literal["particles", "fast"],
    typer.Option("--engine", help="particles: single ions; fast: an event per ion, refuses what it cannot do."),
]
Trials = Annotated[int, typer.Option("--trials", "-n", metavar="N", help="Independent trials.")]
Seed = Annotated[int, typer.Option("--seed", help="Fixes every draw, whatever the number of threads.")]
Threads = Annotated[int | None, typer.Option("--threads", metavar="N", help="All cores if not given.")]
Rule = Annotated[
    str,
    typer.Option("--rule", metavar="N|energy", help="A vesicle fuses when N synaptotagmins are active, or by energy."),
]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Write page, pictures and tables into this folder.")
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Write even where files stand that Endplate did not write.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@app.command(epilog=words.RUN_EPILOG)
def run(
    case: Case_,
    changes: With = None,
    train: Train = None,
    engine: Engine = "particles",
    trials: Trials = DEFAULT_TRIALS,
    seed: Seed = DEFAULT_SEED,
    threads: Threads = None,
    rule: Rule = "3",
    resume: Annotated[
        Path | None,
        typer.Option("--resume", metavar="FILE", help="Keep trials in FILE while they run, and go on where it ended."),
    ] = None,
    out: Out = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Run trials of one case, and say what enters, binds and fuses, and when."""
    from endplate.body.activezone.scan import summarise
    from endplate.body.activezone.simulate import simulate
    from endplate.cli import checks
    from endplate.cli.activezone_outputs import show_point, write
    from endplate.cli.console import progress

    checks.check_out(out, overwrite=overwrite)
    words.require_trials(trials)
    words.require_threads(threads)
    words.require_once([], changes, train)
    chosen, fusion = words.changed_case(case, changes, train, seed=seed), words.rule_of(rule)
    words.require_rule(fusion, chosen)
    try:
        with progress(f"Running {trials} trials of {chosen.name}") as show:
            ensemble = simulate(
                chosen, trials=trials, seed=seed, engine=engine, threads=threads, file=resume,
                progress=lambda done, whole: show(f"{done} of {whole}", done / whole),
            )  # fmt: skip
    except KeyboardInterrupt:
        words.tell_what_is_kept(resume)
        raise
    point = summarise([ensemble], fusion, words.settings(changes))
    show_point(point, words.about(chosen, engine, seed, fusion), as_json=as_json)
    if out is not None:
        from endplate.report.activezone.write import run_files

        write(lambda: run_files(ensemble, fusion, point), out, overwrite=overwrite)


@app.command(epilog=words.SCAN_EPILOG)
def scan(
    case: Case_,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="NAME=VALUES",
            show_default=False,
            help="What to vary: channels=0..4, broadening=1..3:0.5 or calcium=0.5,1,2; may be repeated.",
        ),
    ] = None,
    changes: With = None,
    train: Train = None,
    engine: Engine = "particles",
    trials: Trials = DEFAULT_TRIALS,
    seed: Seed = DEFAULT_SEED,
    threads: Threads = None,
    rule: Rule = "3",
    out: Out = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Run one case over values of what can be varied, and say how release follows.

    Varies channels, broadening, calcium, magnesium, disorganisation, closing, buffer, resting, clearance and rate.
    Every point is a mean over the ways to lose or scatter channels.
    """
    from endplate.body.activezone.scan import scan as scan_case
    from endplate.cli import checks
    from endplate.cli.activezone_outputs import show_points, write
    from endplate.cli.console import progress

    checks.check_out(out, overwrite=overwrite)
    words.require_trials(trials)
    words.require_threads(threads)
    values = words.ranges(over or [])
    words.require_once(list(values), changes, train)
    chosen, fusion = words.changed_case(case, changes, train, seed=seed), words.rule_of(rule)
    words.require_rule(fusion, chosen)
    with progress(f"Scanning {chosen.name}") as show:
        points = scan_case(
            chosen, values, trials=trials, seed=seed, rule=fusion, engine=engine, threads=threads, progress=show
        )
    show_points(points, words.about(chosen, engine, seed, fusion), as_json=as_json)
    if out is not None:
        from endplate.report.activezone.write import scan_files

        write(lambda: scan_files(chosen, points, rule=fusion, seed=seed, engine=engine), out, overwrite=overwrite)


@app.command(epilog=words.SHOW_EPILOG)
def show(
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]",
            autocompletion=words.complete_cases,
            show_default=False,
            help="A case that ships or a TOML file of your own; without it, all that ship.",
        ),
    ] = None,
    at: Annotated[
        list[float] | None, typer.Option("--at", metavar="MS", help="When to look, in ms; may be repeated.")
    ] = None,
    trial: Annotated[int, typer.Option("--trial", metavar="N", help="Which trial to look at, from 0.")] = 0,
    changes: With = None,
    seed: Seed = DEFAULT_SEED,
    rule: Rule = "3",
    film: Annotated[
        bool, typer.Option("--film", help="Also a film of one impulse, in health and with half the channels.")
    ] = False,
    out: Out = None,
    overwrite: Overwrite = False,
) -> None:
    """Show what a case is made of, and draw one trial of it from above and from the side.

    Without a case it lists those that ship; without --out it prints the case and draws nothing.
    """
    from endplate.cli import checks
    from endplate.cli.activezone_outputs import describe, list_cases, write
    from endplate.cli.console import progress

    if case is None:
        list_cases()
        return
    checks.check_out(out, overwrite=overwrite)
    if film and out is None:
        words.refuse("--film needs a folder for its files: give --out FOLDER.")
    if trial < 0:
        words.refuse(f"--trial must be 0 or more, got {trial}.")
    chosen = words.changed_case(case, changes, None, seed=seed)
    describe(chosen, case)
    if out is None:
        return
    fusion = words.rule_of(rule)
    words.require_rule(fusion, chosen)
    with progress(f"Drawing {chosen.name}") as tell:

        def files() -> dict[str, bytes]:
            from endplate.body.activezone.snapshot import watch
            from endplate.report.activezone.write import film_files, half_of, look_times, show_files

            times = sorted(set(at)) if at else look_times(chosen)
            shots = watch(chosen, times_ms=times, seed=seed, trial=trial)
            made = show_files(chosen, shots, seed=seed, trial=trial)
            if film:
                made |= film_files(half_of(chosen), rule=fusion, seed=seed, trials=FILM_TRIALS, progress=tell)
            return made

        write(files, out, overwrite=overwrite)


@app.command(epilog=words.EXPORT_EPILOG)
def export(
    case: Case_,
    to: Annotated[
        Literal["mcell", "smoldyn", "vtk"],
        typer.Option("--to", show_default=False, help="mcell: MDL; smoldyn: a model file; vtk: PolyData for ParaView."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", show_default=False, help="Write the files here.")
    ],
    changes: With = None,
    train: Train = None,
    seed: Seed = DEFAULT_SEED,
    trial: Annotated[int, typer.Option("--trial", metavar="N", help="vtk: which trial, from 0.")] = 0,
    step_us: Annotated[
        float | None, typer.Option("--every", metavar="US", help="vtk: a film of one trial, a picture every US µs.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the same case for another program: to cross-check it, or to look at it in three dimensions."""
    from endplate.cli import checks
    from endplate.cli.activezone_outputs import write

    checks.check_out(out, overwrite=overwrite)
    if trial < 0:
        words.refuse(f"--trial must be 0 or more, got {trial}.")
    if to != "vtk" and (trial or step_us is not None):
        words.refuse(f"--trial and --every belong to --to vtk; {to} gets the case, and runs its own trials.")
    words.require_once([], changes, train)
    chosen = words.changed_case(case, changes, train, seed=seed)
    write(lambda: _exported(chosen, to, seed=seed, trial=trial, step_us=step_us), out, overwrite=overwrite, page=False)


def _exported(case: Case, to: str, *, seed: int, trial: int, step_us: float | None) -> dict[str, bytes]:
    from endplate.body.activezone import export as exports

    if to == "mcell":
        texts = exports.mcell_files(case)
    elif to == "smoldyn":
        texts = exports.smoldyn_files(case, seed=seed)
    else:
        texts = exports.vtk_files(case, _shots(case, seed=seed, trial=trial, step_us=step_us))
    return {name: text.encode() for name, text in texts.items()}


def _shots(case: Case, *, seed: int, trial: int, step_us: float | None) -> list[Any]:
    from endplate.body.activezone.simulate import sample_times
    from endplate.body.activezone.snapshot import watch

    if step_us is None:
        return []
    return watch(case, times_ms=[float(t) for t in sample_times(case, step_us)], seed=seed, trial=trial)
