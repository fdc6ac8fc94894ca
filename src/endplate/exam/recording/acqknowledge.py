"""AcqKnowledge .acq, through bioread."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from endplate.exam.recording.limits import MAX_CHANNELS, require_count
from endplate.exam.recording.raw import Channel, Event, Piece, RawFile
from endplate.foundation.errors import FileFormatError

_STIMULUS_TYPE: Final = "stim"  # bioread's code of "Stimulus Delivery"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's log and warnings off the user's terminal: we report in our own words."""
    logger = logging.getLogger("bioread")
    before = logger.disabled
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logger.disabled = True
            yield
    finally:
        logger.disabled = before


def read(path: Path, settings: Mapping[str, Any]) -> RawFile:  # noqa: ARG001  (every reader has these two)
    """Read an AcqKnowledge file with its event markers.

    Markers of the type "stimulus delivery" are stimuli; "append" markers start a new segment.

    Raises
    ------
    FileFormatError
        If the file is truncated, damaged or no AcqKnowledge file.
    """
    with _quiet():
        import bioread
        from bioread.reader import Reader

        try:
            with path.open("rb") as stream:
                head = Reader.read_headers(stream)
                if (
                    head.graph_header is None
                    or head.datafile is None
                    or not 0 < head.graph_header.channel_count <= MAX_CHANNELS
                ):
                    raise FileFormatError(
                        f"{path.name} cannot be read as an AcqKnowledge file: its header is damaged or of an "
                        "unknown version. "
                        "In AcqKnowledge save it as .txt or .mat, or as a version 3 to 5 .acq file."
                    )
                total = sum(header.point_count for header in head.channel_headers)
                require_count(path.name, len(head.channel_headers), total)
                missing = head.data_start_offset + (head.data_length or 0) - path.stat().st_size
                if missing > 0:
                    raise FileFormatError(
                        f"{path.name} is truncated: {missing} bytes of its samples are missing. Copy it again."
                    )
            file = bioread.read(str(path))
        except FileFormatError:
            raise
        except Exception as error:  # bioread raises struct, zlib and index errors as they come
            raise FileFormatError(
                f"{path.name} cannot be read as an AcqKnowledge file: {error}. It is probably damaged."
            ) from error
    markers = file.event_markers or []
    base_hz = float(file.samples_per_second)
    breaks = sorted({m.sample_index / base_hz for m in markers if m.type_code == "apnd" and m.sample_index > 0})
    channels = tuple(_channel(channel, index, breaks) for index, channel in enumerate(file.channels))
    events = tuple(
        Event(m.sample_index / base_hz, m.text or m.type, kind="stimulus" if m.type_code == _STIMULUS_TYPE else m.type)
        for m in markers
        if m.type_code != "apnd"
    )
    notes = (
        "the file was recorded in parts, and does not say how long it stood still: times are those of its samples",
    ) * bool(breaks)
    return RawFile("AcqKnowledge", channels, events, notes=notes)


def _channel(channel: Any, index: int, breaks: list[float]) -> Channel:
    rate = float(channel.samples_per_second)
    data = np.asarray(channel.data, dtype=np.float64)
    at = [round(time_s * rate) for time_s in breaks if 0 < round(time_s * rate) < data.size]
    parts = np.split(data, at)
    pieces = tuple(Piece(first / rate, part) for first, part in zip([0, *at], parts, strict=True))
    units = str(channel.units or "").strip() or None
    return Channel(str(channel.name or "").strip() or str(index + 1), units, rate, pieces)
