"""Load: one file or a whole folder, by suffix, with its sidecar."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from endplate.exam.recording.assemble import assemble
from endplate.exam.recording.limits import checked_file, checksum_of
from endplate.exam.recording.raw import RawFile
from endplate.exam.recording.settings import checked_settings, read_sidecar
from endplate.foundation.errors import DataError, EndplateError, FileFormatError, nearest
from endplate.foundation.records import Recording

# Suffix -> module with read(path, settings) -> RawFile. Imported on use: most need a heavy library.
READERS: Final = {
    ".csv": "delimited", ".tsv": "delimited", ".txt": "delimited", ".asc": "delimited",
    ".edf": "edf", ".bdf": "edf",
    ".vhdr": "brainvision",
    ".smr": "spike2",
    ".mat": "matlab",
    ".acq": "acqknowledge",
    ".nc": "netcdf",
}  # fmt: skip
_COMPANIONS: Final = frozenset({".toml", ".vmrk", ".eeg", ".md", ".json"})  # belong to a recording, are none
_ADVICE: Final = {
    ".smrx": "is a 64-bit Spike2 file, which only CED's own library reads. In Spike2 export it: File, Export As, "
    "32-bit .smr or MATLAB .mat",
    ".cfs": "is a CED Signal file. In Signal export it: File, Export As, MATLAB .mat",
    ".adicht": "is a LabChart file. In LabChart export it: File, Export, MATLAB .mat",
    ".eeg": "holds the samples of a BrainVision recording. Give the .vhdr file beside it",
    ".vmrk": "holds the markers of a BrainVision recording. Give the .vhdr file beside it",
    ".xls": "is a spreadsheet. Save it as .csv",
    ".xlsx": "is a spreadsheet. Save it as .csv",
    ".toml": "is a sidecar of settings. Give the recording beside it",
}
FOLDER_SIDECAR: Final = "recordings.toml"


class Unread(NamedTuple):
    """A file that could not be read, and why."""

    path: str
    reason: str


class Recordings(list[Recording]):
    """The recordings of a folder in order of name; `unread` names every file that was not read."""

    def __init__(self, recordings: Iterable[Recording] = (), unread: Sequence[Unread] = ()) -> None:
        super().__init__(recordings)
        self.unread = tuple(unread)


def _reader(path: Path) -> Callable[[Path, Mapping[str, Any]], RawFile]:
    suffix = path.suffix.lower()
    if suffix in _ADVICE:
        raise FileFormatError(f"{path.name} {_ADVICE[suffix]}.")
    if suffix not in READERS:
        hit = nearest(suffix, READERS)
        guess = f"; did you mean {hit}?" if hit else "."
        raise FileFormatError(
            f"{path.name}: no reader for {suffix or 'a name without suffix'!r}{guess} Read: {', '.join(READERS)}."
        )
    module = importlib.import_module(f"endplate.exam.recording.{READERS[suffix]}")
    return cast("Callable[[Path, Mapping[str, Any]], RawFile]", module.read)


def _settings(path: Path, sidecar: Path | str | Mapping[str, Any] | None) -> dict[str, Any]:
    if isinstance(sidecar, Mapping):
        return checked_settings(sidecar, "settings")
    if sidecar is not None:
        return read_sidecar(Path(sidecar))
    for beside in (path.with_name(path.name + ".toml"), path.with_suffix(".toml"), path.parent / FOLDER_SIDECAR):
        if os.path.isfile(beside):  # noqa: PTH113  (unlike Path.is_file it never raises)
            return read_sidecar(beside)
    return {}


def load_recording(
    path: Path | str,
    *,
    units: str | None = None,
    sidecar: Path | str | Mapping[str, Any] | None = None,
    channel: str | int | Sequence[str | int] | None = None,
    stimulus: str | None = None,
    layout: str | None = None,
    sweep_ms: tuple[float, float] | None = None,
    cut_to_shortest: bool | None = None,
) -> Recording:
    r"""Read one recording, whatever made it.

    Parameters
    ----------
    path
        ``.csv .tsv .txt .asc`` (sweeps in columns, or continuous), ``.edf .bdf``, ``.vhdr``
        (BrainVision), ``.smr`` (Spike2), ``.mat`` (CED Signal, Spike2, LabChart; v5 and v7.3),
        ``.acq`` (AcqKnowledge) or ``.nc`` (our own).
    units
        Unit of the samples (V, mV, uV), where the file does not say it.
    sidecar
        TOML file of settings, or the settings themselves; None looks for ``name.csv.toml``, then
        ``name.toml``, then ``recordings.toml`` beside ``name.csv``. Its keys, with their meaning,
        are ``endplate.exam.recording.KEYS``.
    channel
        Name or number (from 1) of the channel or channels to read; None reads every channel of
        potential at the highest rate.
    stimulus
        ``annotations``, ``annotations:TEXT``, ``channel:NAME`` or ``artefact``; None tries them
        in that order.
    layout
        ``sweeps`` or ``continuous``, where the file does not show it.
    sweep_ms
        First and last time after the stimulus of sweeps cut from a continuous recording. [ms]
    cut_to_shortest
        Cut segments of different length to the shortest instead of refusing them.

    Returns
    -------
    Recording
        Signal in mV with the sign of the file; `negative_up` as the sidecar says.

    Raises
    ------
    FileFormatError, UnitError, InputError
        One sentence that says what came in, what is allowed and the way out.

    Notes
    -----
    Arguments go before the sidecar, and the sidecar before the file. Nothing is guessed that
    would change a number: what was concluded (source of stimulus times, unit of a time column)
    stands in `notes`.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "two.csv"
    >>> rows = [f"{k / 10},{k % 7},{k % 5}" for k in range(200)]
    >>> _ = file.write_text("\n".join(["time (ms),1,2", *rows]))
    >>> load_recording(file, units="mV").signal_mv.shape
    (2, 1, 200)
    """
    path = Path(path)
    if os.path.isdir(path):  # noqa: PTH112  (unlike Path.is_dir it never raises)
        checked_file(path)  # which says so
    read = _reader(path)
    checked_file(path)
    settings = _settings(path, sidecar)
    asked: dict[str, Any] = {
        "unit": units,
        "channel": channel,
        "stimulus": stimulus,
        "layout": layout,
        "cut_to_shortest": cut_to_shortest,
        "sweep_ms": None if sweep_ms is None else list(sweep_ms),
    }
    settings |= checked_settings({k: v for k, v in asked.items() if v is not None}, "options")
    try:
        raw = read(path, settings)
        return assemble(raw, settings, source=path.name, checksum=checksum_of(path))
    except EndplateError as error:
        if path.name in str(error) or isinstance(error, DataError):  # a fault of ours is not the file's
            raise
        raise type(error)(f"{path.name}: {error}") from error


def load_recordings(path_or_folder: Path | str, **options: Any) -> Recordings:
    """Read one file, or every recording of a folder, in order of name.

    Parameters
    ----------
    path_or_folder
        A file, or a folder; its sub-folders are not entered. Links that leave the folder are not
        followed.
    **options
        As for :func:`load_recording`, for every file.

    Returns
    -------
    Recordings
        A list of recordings; its `unread` names each file that could not be read, with the reason.

    Raises
    ------
    FileFormatError
        If nothing could be read; the reasons are listed.
    """
    folder = Path(path_or_folder)
    if not os.path.isdir(folder):  # noqa: PTH112  (unlike Path.is_dir it never raises)
        return Recordings([load_recording(folder, **options)])
    found: list[Recording] = []
    unread: list[Unread] = []
    home = folder.resolve()
    for path in sorted(folder.iterdir()):
        if path.is_dir() or path.name.startswith(".") or path.suffix.lower() in _COMPANIONS:
            continue
        try:
            if path.is_symlink() and not os.path.realpath(path).startswith(f"{home}{os.sep}"):
                raise FileFormatError(f"{path.name} is a link that leaves the folder; give the file itself.")
            found.append(load_recording(path, **options))
        except EndplateError as error:
            unread.append(Unread(path.name, str(error)))
        except OSError as error:
            unread.append(Unread(path.name, f"cannot be opened: {error.strerror}"))
    if not found:
        why = " ".join(f"[{item.path}] {item.reason}" for item in unread[:5])
        more = f" and {len(unread) - 5} more." if len(unread) > 5 else ""
        raise FileFormatError(f"nothing readable in {folder}: {why or 'it holds no recording.'}{more}")
    return Recordings(found, unread)
