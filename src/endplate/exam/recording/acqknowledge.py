"""AcqKnowledge .acq, through bioread."""

from __future__ import annotations

import io
import logging
import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from endplate.exam.recording.limits import require_count
from endplate.exam.recording.raw import Channel, Event, Piece, RawFile
from endplate.foundation.errors import FileFormatError

_MAX_CHANNELS: Final = 128  # twice what AcqKnowledge records; bioread searches 4096 places for each
_MAX_PATTERN: Final = 1_000_000  # samples after which the interleaving of the channels repeats
_MAX_READS: Final = 12_000  # four for each marker: 2500 markers are more than any session has
_STIMULUS_TYPE: Final = "stim"  # bioread's code of "Stimulus Delivery"


class _Metered(io.FileIO):
    """A file that ends a search that gets nowhere: damaged marker counts keep bioread busy for minutes."""

    n_reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.n_reads += 1
        if self.n_reads > _MAX_READS:
            raise OSError("its header leads in circles")
        return super().read(-1 if size is None else size) or b""


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


def _check_headers(path: Path, stream: _Metered) -> None:
    """Refuse what bioread would spend minutes or gigabytes on, and files with samples missing."""
    from bioread.header_reader import GraphHeaderReader
    from bioread.reader import Reader

    n_channels = GraphHeaderReader.bootstrap(stream).channel_count
    if not 0 < n_channels <= _MAX_CHANNELS:
        raise FileFormatError(
            f"{path.name}: the header announces {n_channels} channels; 1 to {_MAX_CHANNELS} are possible. "
            "The header is damaged, or the file is not what its name says."
        )
    stream.seek(0)
    head = Reader.read_headers(stream)
    if head.datafile is None:
        raise FileFormatError(
            f"{path.name} cannot be read as an AcqKnowledge file: its header is damaged or of an unknown version. "
            "In AcqKnowledge save it as .txt or .mat, or as a version 3 to 5 .acq file."
        )
    if min(h.point_count for h in head.channel_headers) < 0:
        raise FileFormatError(f"{path.name}: a channel announces a negative number of samples. The header is damaged.")
    require_count(path.name, n_channels, sum(h.point_count for h in head.channel_headers))
    dividers = [h.frequency_divider for h in head.channel_headers]
    if min(dividers) < 1 or math.lcm(*dividers) > _MAX_PATTERN:
        raise FileFormatError(f"{path.name}: the rates of its channels (divided by {dividers[:8]}) are impossible.")
    missing = head.data_start_offset + (head.data_length or 0) - path.stat().st_size
    if missing > 0:
        raise FileFormatError(f"{path.name} is truncated: {missing} bytes of its samples are missing. Copy it again.")
    if head.event_markers is None:  # bioread would go on without them, and every stimulus be lost
        raise FileFormatError(f"{path.name}: its event markers cannot be read. The file is truncated or damaged.")


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

        try:
            with _Metered(path) as stream:
                _check_headers(path, stream)
                stream.seek(0)
                file = bioread.read(stream)
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
