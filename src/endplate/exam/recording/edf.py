"""EDF, EDF+ and BDF: continuous or interrupted, with annotations or a status channel."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.limits import MAX_CHANNELS, require_count
from endplate.exam.recording.raw import Channel, Event, Piece, RawFile
from endplate.foundation.errors import FileFormatError

_FIXED: Final = 256  # bytes of the fixed header, and of the header of each signal
_ONSET: Final = re.compile(rb"^([+-]\d+(?:\.\d+)?)\x14")
_FILTERS: Final = {"highpass_hz": re.compile(r"HP:\s*([\d.]+)\s*Hz"), "lowpass_hz": re.compile(r"LP:\s*([\d.]+)\s*Hz")}
# Annotations by which our own files say what a viewer's user must know, and we read back.
SIMULATED: Final = "SIMULATED"
TIMES_UNKNOWN: Final = "true times unknown: sweeps are a second or more apart by convention"


class _Header(NamedTuple):
    bdf: bool
    interrupted: bool
    header_bytes: int
    n_records: int
    record_s: float
    labels: tuple[str, ...]
    samples: tuple[int, ...]  # per record and signal

    @property
    def sample_bytes(self) -> int:
        return 3 if self.bdf else 2

    @property
    def record_bytes(self) -> int:
        return self.sample_bytes * sum(self.samples)


def _field(block: bytes, start: int, length: int, what: str, name: str) -> int:
    text = block[start : start + length].decode("ascii", errors="replace").strip()
    try:
        return int(text)
    except ValueError as error:
        raise FileFormatError(
            f"{name}: the EDF header holds {text!r} as {what}; a whole number belongs there."
        ) from error


def _header(path: Path) -> _Header:
    """Read the header and compare what it announces with the size of the file."""
    size, name = path.stat().st_size, path.name
    with path.open("rb") as stream:
        fixed = stream.read(_FIXED)
        bdf = fixed[:1] == b"\xff"
        if len(fixed) < _FIXED or not (fixed[:8] == b"0       " or (bdf and fixed[1:7] == b"BIOSEM")):
            raise FileFormatError(
                f"{name} is no EDF or BDF file: it does not begin with their signature. Was another format renamed?"
            )
        n_signals = _field(fixed, 252, 4, "number of signals", name)
        if not 0 < n_signals <= MAX_CHANNELS:
            require_count(name, n_signals, 1)
        header_bytes = _field(fixed, 184, 8, "size of the header", name)
        if header_bytes != _FIXED * (n_signals + 1) or header_bytes > size:
            raise FileFormatError(
                f"{name}: the header should have {_FIXED * (n_signals + 1)} bytes for {n_signals} signals; it "
                "announces "
                f"{header_bytes}, and the file has {size}. The file is truncated or damaged."
            )
        block = stream.read(_FIXED * n_signals)
    labels = tuple(block[16 * i : 16 * i + 16].decode("latin-1").strip() for i in range(n_signals))
    samples = tuple(_field(block, 216 * n_signals + 8 * i, 8, "samples per record", name) for i in range(n_signals))
    n_records = _field(fixed, 236, 8, "number of records", name)
    try:
        record_s = float(fixed[244:252])
    except ValueError as error:
        raise FileFormatError(f"{name}: the duration of a record, {fixed[244:252]!r}, is no number.") from error
    header = _Header(bdf, fixed[192:197] in (b"EDF+D", b"BDF+D"), header_bytes, n_records, record_s, labels, samples)
    return _checked(header, size, name)


def _checked(header: _Header, size: int, name: str) -> _Header:
    if min(header.samples) < 0 or header.record_bytes == 0:
        raise FileFormatError(f"{name}: the header announces records without samples. The header is damaged.")
    there = size - header.header_bytes
    if header.n_records == -1:  # a recorder that was switched off never filled it in
        header = header._replace(n_records=there // header.record_bytes)
    if header.n_records <= 0:
        raise FileFormatError(f"{name} holds no data record. The recording was not saved, or the copy was interrupted.")
    missing = header.n_records * header.record_bytes - there
    if missing > 0:
        raise FileFormatError(
            f"{name} is truncated: {missing} bytes are missing of {header.n_records} records of "
            f"{header.record_bytes} bytes. "
            "Copy it again from the recorder; the part that is there could mislead."
        )
    require_count(name, len(header.labels), header.n_records * sum(header.samples))
    if not header.record_s > 0:
        raise FileFormatError(
            f"{name}: a record lasts {header.record_s:g} s by the header, so no sampling rate follows."
        )
    return header


def _record_onsets(path: Path, header: _Header) -> NDArray[np.float64] | None:
    """Return the onset of each record by its timekeeping annotation, None if there is none."""
    marks = [i for i, label in enumerate(header.labels) if label in ("EDF Annotations", "BDF Annotations")]
    if not marks:
        return None
    start = header.sample_bytes * sum(header.samples[: marks[0]])
    length = header.sample_bytes * header.samples[marks[0]]
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=header.header_bytes)
    records = data[: header.n_records * header.record_bytes].reshape(header.n_records, header.record_bytes)
    onsets = []
    for record in records:
        hit = _ONSET.match(record[start : start + length].tobytes())
        if hit is None:
            return None
        onsets.append(float(hit.group(1)))
    return np.array(onsets)


def _breaks(path: Path, header: _Header) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the first record of each uninterrupted stretch, and its start. [s]"""
    onsets = _record_onsets(path, header) if header.interrupted else None
    if onsets is None:
        if header.interrupted:
            raise FileFormatError(
                f"{path.name} is an interrupted EDF+ file without record times. Export it as continuous EDF+."
            )
        return np.array([0]), np.array([0.0])
    gaps = np.abs(np.diff(onsets) - header.record_s) > 1e-4
    first = np.concatenate([[0], np.flatnonzero(gaps) + 1])
    return first, onsets[first] - onsets[0]


def read(path: Path, settings: Mapping[str, Any]) -> RawFile:  # noqa: ARG001  (every reader has these two)
    """Read an EDF, EDF+ or BDF file.

    Interrupted files (EDF+D) keep the true time of every stretch. The status channel of BDF gives
    an event wherever its trigger bits rise.

    Raises
    ------
    FileFormatError
        If the file is truncated, damaged or not what its name says.
    """
    import edfio

    header = _header(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they warn of was checked above, or is not needed here
            reader = edfio.read_bdf if header.bdf else edfio.read_edf
            file = reader(path, header_encoding="latin-1")
            events = [Event(float(a.onset), a.text) for a in file.annotations if a.text]
            signals = [
                (s.label, s.physical_dimension, s.prefiltering, s.samples_per_data_record, np.array(s.data, np.float64))
                for s in file.signals
            ]
    except (ValueError, IndexError, UnicodeError, ZeroDivisionError, OSError) as error:
        raise FileFormatError(f"{path.name} cannot be read as EDF: {error}. Its header is damaged.") from error
    first, starts = _breaks(path, header)
    channels: list[Channel] = []
    known: dict[str, object] = {}
    for label, unit, prefilter, per_record, data in signals:
        rate = per_record / header.record_s
        parts = np.split(data, first[1:] * per_record)
        pieces = tuple(Piece(float(start), part) for start, part in zip(starts, parts, strict=True))
        if header.bdf and label == "Status":
            events += _status_events(pieces, rate)
            continue
        channels.append(Channel(_unique(label, channels), unit.strip() or None, rate, pieces))
        for key, pattern in _FILTERS.items():
            if (hit := pattern.search(prefilter)) is not None:
                known.setdefault(key, float(hit.group(1)))
    if not channels:
        raise FileFormatError(f"{path.name} holds annotations only, no signal.")
    texts = {event.text for event in events}
    if SIMULATED in texts:
        known["simulated"] = True
    if TIMES_UNKNOWN in texts:
        known["times_unknown"] = True
    events = [event for event in events if event.text not in (SIMULATED, TIMES_UNKNOWN)]
    return RawFile("EDF", tuple(channels), tuple(events), known=known)


def _unique(label: str, channels: list[Channel]) -> str:
    taken = {channel.name for channel in channels}
    name, count = label or "1", 2
    while name in taken:
        name, count = f"{label} ({count})", count + 1
    return name


def _status_events(pieces: tuple[Piece, ...], rate: float) -> list[Event]:
    """Turn the lower 16 bits of a BioSemi status channel into events where they leave zero."""
    events = []
    for piece in pieces:
        code = piece.samples.astype(np.int64) & 0xFFFF
        code = np.where(code == np.bincount(code).argmax(), 0, code)  # the resting code need not be 0
        rises = np.flatnonzero((code[1:] != 0) & (code[1:] != code[:-1])) + 1
        events += [Event(piece.start_s + i / rate, str(int(code[i])), "event channel", "Status") for i in rises]
    return events
