"""Spike2 .smr (32-bit SON files), through neo."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from endplate.exam.recording.limits import require_count
from endplate.exam.recording.raw import Channel, Event, Piece, RawFile
from endplate.foundation.errors import FileFormatError


def read(path: Path, settings: Mapping[str, Any]) -> RawFile:  # noqa: ARG001  (every reader has these two)
    """Read every segment of a Spike2 file, with the events of all its event and marker channels.

    A pause in the sampling starts a new segment; each keeps its true time. Events are read for the
    whole file, because a trigger just before a segment belongs to none.

    Raises
    ------
    FileFormatError
        If the file is damaged or no 32-bit Spike2 file.
    """
    with path.open("rb") as stream:
        head = stream.read(512)
    if len(head) < 512 or b"CED" not in head[:20]:
        raise FileFormatError(
            f"{path.name} is no 32-bit Spike2 file: its header does not name CED. A .smrx file is exported from Spike2 "
            "to 32-bit .smr or to .mat, not renamed."
        )
    n_channels = int(np.frombuffer(head[30:32], "<i2")[0])
    require_count(path.name, n_channels, 1)
    if path.stat().st_size < 512 + 140 * n_channels:
        raise FileFormatError(
            f"{path.name} is truncated: its header announces {n_channels} channels, which do not fit in it."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path)
    except FileFormatError:
        raise
    except Exception as error:  # neo raises whatever its arithmetic meets in a damaged file
        raise FileFormatError(
            f"{path.name} cannot be read as a Spike2 file: {error}. It is probably damaged."
        ) from error


def _read(path: Path) -> RawFile:
    from neo.rawio.spike2rawio import Spike2RawIO

    source = Spike2RawIO(filename=str(path), try_signal_grouping=True)
    source.parse_header()
    n_segments = source.segment_count(0)
    channels: list[Channel] = []
    for stream in range(source.signal_streams_count()):
        mask = source.header["signal_channels"]["stream_id"] == source.header["signal_streams"]["id"][stream]
        infos = source.header["signal_channels"][mask]
        total = sum(source.get_signal_size(0, segment, stream) for segment in range(n_segments)) * len(infos)
        require_count(path.name, len(infos), int(total))
        pieces: list[list[Piece]] = [[] for _ in infos]
        for segment in range(n_segments):
            start_s = float(source.get_signal_t_start(0, segment, stream))
            block = source.get_analogsignal_chunk(0, segment, stream_index=stream)
            for index, info in enumerate(infos):
                samples = block[:, index].astype(np.float64) * float(info["gain"]) + float(info["offset"])
                pieces[index].append(Piece(start_s, samples))
        for info, found in zip(infos, pieces, strict=True):
            unit = str(info["units"]).strip() or None
            channels.append(
                Channel(str(info["name"]).strip() or str(info["id"]), unit, float(info["sampling_rate"]), tuple(found))
            )
    if not channels:
        raise FileFormatError(f"{path.name} holds no waveform channel.")
    return RawFile("Spike2", tuple(channels), tuple(_events(source)))


def _events(source: Any) -> list[Event]:
    events = []
    whole_s = 1e6  # the longest file its 32-bit clock can hold at 1 us a tick is shorter
    for index, info in enumerate(source.header["event_channels"]):
        times, _, labels = source.get_event_timestamps(0, 0, index, t_start=0.0, t_stop=whole_s)
        seconds = source.rescale_event_timestamp(times, dtype="float64", event_channel_index=index)
        name = str(info["name"]).strip()
        events += [
            Event(float(t), str(label).strip(), "event channel", name) for t, label in zip(seconds, labels, strict=True)
        ]
    return events
