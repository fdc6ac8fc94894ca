"""BrainVision: header .vhdr, markers .vmrk, samples .eeg.

Read here and not through neo, whose reader (0.14) joins the segments of an interrupted file,
takes the marker positions as counted from 0 (they count from 1), ignores the resolution of
floating-point data, and refuses headers in Latin-1, as older recorders write them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.limits import checked_file, require_count
from endplate.exam.recording.raw import Channel, Event, Piece, RawFile
from endplate.exam.recording.text import decode
from endplate.foundation.errors import FileFormatError

_TYPES: Final = {"INT_16": "<i2", "INT_32": "<i4", "IEEE_FLOAT_32": "<f4"}
_SECTION: Final = re.compile(r"^\[(.+)\]\s*$")


class _Marker(NamedTuple):
    kind: str
    text: str
    sample: int  # from 0


def _sections(path: Path) -> dict[str, dict[str, str]]:
    """Read a header of the INI kind; its first line names the program."""
    text = decode(path.read_bytes(), path.name)
    if not text.lstrip("\ufeff").startswith(("Brain Vision", "BrainVision")):
        raise FileFormatError(f"{path.name} does not begin with 'Brain Vision', so it is no BrainVision header.")
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in text.splitlines():
        if (hit := _SECTION.match(line)) is not None:
            current = found.setdefault(hit.group(1).strip().lower(), {})
        elif "=" in line and not line.startswith(";"):
            key, _, value = line.partition("=")
            current[key.strip().lower()] = value.strip()
    return found


def _entry(sections: Mapping[str, Mapping[str, str]], section: str, key: str, name: str) -> str:
    value = sections.get(section, {}).get(key.lower())
    if not value:
        raise FileFormatError(f"{name} does not say {key} in its section [{section.title()}]. The header is damaged.")
    return value


def _number(text: str, key: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise FileFormatError(f"{name}: {key}={text} is no number.") from error
    if not 0 < value < 1e12:
        raise FileFormatError(f"{name}: {key}={text} is impossible; a positive number belongs there.")
    return value


def _beside(path: Path, named: str, suffix: str) -> Path:
    """Return the file of that name in the same folder, or the one with the stem of the header."""
    named = named.replace("$b", path.stem)
    if PurePosixPath(named).name != named or PureWindowsPath(named).name != named:
        raise FileFormatError(f"{path.name} names {named!r}: files of a BrainVision recording lie beside their header.")
    other = path.with_name(named)
    if not other.exists() and path.with_suffix(suffix).exists():
        other = path.with_suffix(suffix)  # renamed together, as people do
    return checked_file(other)


def _markers(path: Path) -> list[_Marker]:
    found = []
    for key, value in _sections(path).get("marker infos", {}).items():
        parts = value.split(",")
        if not key.startswith("mk"):
            continue
        if len(parts) < 5 or not parts[2].strip().isdigit():  # a position cut short would be a wrong time
            raise FileFormatError(f"{path.name}: marker {key}={value} is incomplete; the file was probably cut off.")
        found.append(_Marker(parts[0].strip(), parts[1].replace("\\1", ",").strip(), int(parts[2]) - 1))
    return found


def _samples(path: Path, data_type: str, n_channels: int, vectorised: bool) -> NDArray[np.float64]:
    """Return (time, channel) as stored."""
    kind = np.dtype(data_type)
    n_bytes = path.stat().st_size
    n, rest = divmod(n_bytes, kind.itemsize * n_channels)
    if rest or n == 0:
        raise FileFormatError(
            f"{path.name} has {n_bytes} bytes, which is no whole number of samples of {n_channels} channels of "
            f"{kind.itemsize} "
            "bytes. It is truncated, or the header belongs to another file."
        )
    require_count(path.name, n_channels, n * n_channels)
    flat = np.fromfile(path, dtype=kind).astype(np.float64)
    return flat.reshape(n_channels, n).T if vectorised else flat.reshape(n, n_channels)


def read(path: Path, settings: Mapping[str, Any]) -> RawFile:  # noqa: ARG001  (every reader has these two)
    """Read a BrainVision recording by its header.

    Raises
    ------
    FileFormatError
        If header, markers or samples are missing, damaged or do not fit each other.
    """
    sections = _sections(path)
    name = path.name
    if _entry(sections, "common infos", "DataFormat", name).upper() != "BINARY":
        raise FileFormatError(f"{name}: samples are stored as text. Export them as binary.")
    n_channels = int(_number(_entry(sections, "common infos", "NumberOfChannels", name), "NumberOfChannels", name))
    require_count(name, n_channels, 1)
    rate = 1e6 / _number(_entry(sections, "common infos", "SamplingInterval", name), "SamplingInterval", name)
    kind = _entry(sections, "binary infos", "BinaryFormat", name).upper()
    if kind not in _TYPES:
        raise FileFormatError(f"{name}: BinaryFormat={kind} is none of {', '.join(_TYPES)}.")
    vectorised = sections["common infos"].get("dataorientation", "MULTIPLEXED").upper() == "VECTORIZED"
    data = _samples(
        _beside(path, _entry(sections, "common infos", "DataFile", name), ".eeg"), _TYPES[kind], n_channels, vectorised
    )
    marked = sections["common infos"].get("markerfile")
    markers = _markers(_beside(path, marked, ".vmrk")) if marked else []
    starts = sorted({0, *(m.sample for m in markers if m.kind == "New Segment" and 0 < m.sample < len(data))})
    events = tuple(Event(m.sample / rate, m.text, kind=m.kind) for m in markers if m.kind != "New Segment")
    channels = []
    for index in range(n_channels):
        label, unit, resolution = _channel_info(_entry(sections, "channel infos", f"Ch{index + 1}", name), name)
        parts = np.split(data[:, index] * resolution, starts[1:])
        pieces = tuple(Piece(start / rate, part) for start, part in zip(starts, parts, strict=True))
        channels.append(Channel(label or str(index + 1), unit, rate, pieces))
    notes = ("the file is interrupted, and says where but not for how long: times are those of its samples",) * (
        len(starts) > 1
    )
    return RawFile("BrainVision", tuple(channels), events, notes=notes)


def _channel_info(text: str, name: str) -> tuple[str, str, float]:
    """Split ``name,reference,resolution,unit``; the format's default unit is microvolt, its resolution 1."""
    label, _, resolution, unit = (*(part.strip() for part in text.split(",")), "", "", "")[:4]
    return label.replace("\\1", ","), unit or "\u00b5V", _number(resolution, "resolution", name) if resolution else 1.0
