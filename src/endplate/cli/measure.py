"""`endplate measure`: measure real recordings with the instruments that measure simulated ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from endplate.cli import options

if TYPE_CHECKING:
    from endplate.exam.examination import Examination
    from endplate.foundation.records import Recording

EPILOG: Final = (
    "Examples:\n\nendplate measure study.edf\n\nendplate measure recordings/ --units mV --out report  (a whole folder)"
    "\n\n"
    "endplate measure mep.mat --window 18:60 --json\n\n"
    "endplate measure study.edf --write-cursors cursors.csv  (move them by hand, then: --cursors cursors.csv)\n\n"
    "endplate measure study.edf --to-facts facts.toml  (numbers for the clinic, unconfirmed)\n\n"
    "What a file does not say goes into a sidecar beside it: study.toml, or recordings.toml for a folder."
)


@dataclass(slots=True)
class Batch:
    """What was read and measured, and which files were not."""

    examinations: list[Examination] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def measure(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", show_default=False, help="Recordings, or folders of them.")
    ],
    units: Annotated[
        str | None, typer.Option("--units", metavar="V|mV|uV", help="Unit of the samples, where the file has none.")
    ] = None,
    window: Annotated[
        str | None,
        typer.Option("--window", metavar="FROM:TO", help="Where the response lies, in ms after the stimulus: 18:60."),
    ] = None,
    sidecar: Annotated[
        Path | None, typer.Option("--sidecar", metavar="FILE", help="TOML file of settings, for every file.")
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="C", help="Name or number (from 1) of a channel to read; may be repeated."),
    ] = None,
    stimulus: Annotated[
        str | None,
        typer.Option("--stimulus", metavar="WHERE", help="annotations, annotations:TEXT, channel:NAME or artefact."),
    ] = None,
    layout: Annotated[
        Literal["sweeps", "continuous"] | None, typer.Option("--layout", help="Where the file does not show it.")
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option("--sweep", metavar="FROM:TO", help="Sweeps to cut from a continuous record, in ms: -5:50."),
    ] = None,
    cut_to_shortest: Annotated[
        bool, typer.Option("--cut-to-shortest", help="Cut segments of different length to the shortest.")
    ] = False,
    cursors: Annotated[
        Path | None, typer.Option("--cursors", metavar="FILE", help="Cursors that were moved by hand.")
    ] = None,
    write_cursors: Annotated[
        Path | None, typer.Option("--write-cursors", metavar="FILE", help="Write the cursors, to move them by hand.")
    ] = None,
    to_facts: Annotated[
        Path | None,
        typer.Option(
            "--to-facts",
            metavar="FACTS.toml",
            help="Add the numbers, unconfirmed, to a form of the clinic (then: endplate clinic confirm).",
        ),
    ] = None,
    reference_set: options.ReferenceSet = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    everything: options.Everything = False,
    as_json: options.Json = False,
) -> None:
    """Measure recordings, files or whole folders: amplitude, area, duration, latency, decrement, increment, jitter.

    Reads CSV, TSV, EDF, EDF+, BDF, BrainVision, Spike2 .smr, .mat of Signal and LabChart, AcqKnowledge .acq and our own
    .nc. Files that cannot be read are named at the end, with exit code 2; the others are measured.
    """
    from endplate.cli import checks
    from endplate.cli.console import progress
    from endplate.cli.facts_files import check_facts_file

    options_of_reading: dict[str, Any] = {
        "units": units,
        "sidecar": sidecar,
        "channel": _channels(channel),
        "stimulus": stimulus,
        "layout": layout,
        "sweep_ms": span(sweep, "--sweep"),
        "cut_to_shortest": cut_to_shortest or None,
    }
    options_of_measuring = {"window_ms": span(window, "--window"), "reference_set": reference_set, "cursors": cursors}
    checks.check_out(out, overwrite=overwrite)
    checks.check_reference_set(reference_set)
    if to_facts is not None:
        check_facts_file(to_facts)
    if write_cursors is not None and write_cursors != cursors:
        checks.refuse_existing(write_cursors, overwrite=overwrite)
    with progress(f"Measuring {', '.join(map(str, files[:3]))}{' and more' if len(files) > 3 else ''}") as show:
        batch = _read(files, options_of_reading, show)
        _measure(batch, options_of_measuring, for_one=[cursors, write_cursors], show=show)
    _tell(batch, everything=everything, as_json=as_json)
    _write(batch, out, write_cursors, overwrite=overwrite)
    _to_facts(batch, to_facts)
    _name_unread(batch)


def span(text: str | None, option: str) -> tuple[float, float] | None:
    """Return the two times of ``FROM:TO``.

    Examples
    --------
    >>> span("18:60", "--window")
    (18.0, 60.0)
    """
    from endplate.foundation.errors import InputError

    if text is None:
        return None
    try:
        start, end = (float(part) for part in text.split(":"))
    except ValueError:
        hint = " Write a decimal point, not a comma." if "," in text else ""
        raise InputError(f"{option} must be two times in ms such as 18:60, got {text!r}.{hint}") from None
    if not start < end:  # also refuses nan
        raise InputError(f"{option} must rise, got {text!r}: the first time comes first, such as 18:60.")
    return start, end


def _channels(names: list[str] | None) -> list[str | int] | str | int | None:
    if not names:
        return None
    chosen = [int(name) if name.isdigit() else name for name in names]
    return chosen[0] if len(chosen) == 1 else chosen


def _read(files: list[Path], settings: dict[str, Any], show: Any) -> Batch:
    """Read every file and folder; what cannot be read is noted and does not stop the others."""
    from endplate.exam.recording import load_recording, load_recordings
    from endplate.foundation.errors import EndplateError

    batch = Batch()
    for number, path in enumerate(files):
        try:
            if path.is_dir():
                found = load_recordings(path, **settings)
                batch.recordings += found
                batch.unread += [(str(path / item.path), item.reason) for item in found.unread]
            else:
                batch.recordings.append(load_recording(path, **settings))
        except EndplateError as error:
            batch.unread.append((str(path), str(error)))
        except OSError as error:
            batch.unread.append((str(path), f"cannot be opened: {error.strerror or error}"))
        else:
            show(path.name, 0.5 * (number + 1) / len(files))
    return batch


def _measure(batch: Batch, settings: dict[str, Any], *, for_one: list[Path | None], show: Any) -> None:
    from endplate.exam.examination import read_real
    from endplate.foundation.errors import EndplateError, InputError

    if len(batch.recordings) > 1 and any(for_one):
        raise InputError(f"a cursor file belongs to one recording, here are {len(batch.recordings)}: give one file.")
    kept = []
    for number, recording in enumerate(batch.recordings):
        show(recording.source, 0.5 + 0.5 * number / len(batch.recordings))
        try:
            batch.examinations.append(read_real(recording, **settings))
            kept.append(recording)
        except EndplateError as error:
            batch.unread.append((recording.source, str(error)))
    batch.recordings = kept


def _tell(batch: Batch, *, everything: bool, as_json: bool) -> None:
    from endplate.cli.console import out, print_json

    if as_json:
        from endplate.report.machine import as_json as plain

        print_json(plain(batch.examinations))
        return
    from endplate.cli.tables import show_examination, summary

    console = out()
    for one in batch.examinations:
        show_examination(console, one, everything=everything)
        console.print()
    if len(batch.examinations) > 1:
        console.print(summary([(one.person, one, study) for one in batch.examinations for study in one.studies]))


def _write(batch: Batch, out: Path | None, cursors: Path | None, *, overwrite: bool) -> None:
    from endplate.cli import outputs
    from endplate.cli.console import progress, say

    if not batch.examinations:
        return
    try:
        if cursors is not None:
            from endplate.exam.measure import write_cursors

            write_cursors(cursors, batch.recordings[0], batch.examinations[0].studies[0].measurements)
            say(f"wrote {cursors}; move cursors there, then measure with --cursors {cursors}")
    finally:  # cursors that cannot be written do not cost the report
        if out is not None:
            with progress(f"Writing the report into {out}"):
                page, _ = outputs.write_report(batch.examinations, out, overwrite=overwrite)
            say(f"Open {page}")


def _to_facts(batch: Batch, path: Path | None) -> None:
    from endplate.cli.console import say
    from endplate.cli.facts_files import add_measured

    if path is None or not batch.examinations:
        return
    number = add_measured(path, batch.examinations)
    studies = "1 study" if number == 1 else f"{number} studies"
    say(f'Wrote {studies}, unconfirmed, into {path}. Next: endplate clinic confirm {path} --by "NAME"')


def _name_unread(batch: Batch) -> None:
    """Name what could not be measured, last, where it is seen."""
    from endplate.cli.console import say
    from endplate.cli.main import BAD_INPUT

    for path, reason in batch.unread:
        told = reason if Path(path).name in reason else f"{path}: {reason}"
        say(f"Error: {told}")
    if batch.unread:
        done = len(batch.examinations)
        if done:
            say(f"{done} measured, {len(batch.unread)} not.")
        raise typer.Exit(BAD_INPUT)
