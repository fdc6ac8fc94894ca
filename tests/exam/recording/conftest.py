"""Signals with known truth, and the files that recorders would write of them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from endplate.foundation.records import Recording, Train

RATE_HZ = 10_000.0
Trace = NDArray[np.float64]


def response_mv(time_ms: Trace, amplitude_mv: float = 5.0) -> Trace:
    """A smooth biphasic response from 3 to 13 ms after the stimulus, negative phase first."""
    phase = np.clip((time_ms - 3.0) / 10.0, 0.0, 1.0)
    return -amplitude_mv * np.sin(2 * np.pi * phase) * np.sin(np.pi * phase) / (4 / (3 * np.sqrt(3)))


def continuous(
    times_s: Sequence[float], duration_s: float, *, artefact_mv: float = 0.0, rate_hz: float = RATE_HZ
) -> Trace:
    """A continuous record with one response per stimulus, noise of 2 uV, and a brief artefact if asked."""
    n = round(duration_s * rate_hz)
    noise = np.random.Generator(np.random.Philox(11)).normal(0.0, 0.002, n)
    trace = noise.astype(np.float64)
    for k, time_s in enumerate(times_s):
        after_ms = np.arange(n) / rate_hz * 1000 - time_s * 1000
        trace += response_mv(after_ms, 5.0 * 0.95**k)
        at = round(time_s * rate_hz)
        trace[at : at + 2] += artefact_mv
    return trace


def ttl(times_s: Sequence[float], duration_s: float, rate_hz: float = RATE_HZ) -> Trace:
    """A 5 V pulse of 1 ms at each stimulus."""
    trace = np.zeros(round(duration_s * rate_hz))
    for time_s in times_s:
        at = round(time_s * rate_hz)
        trace[at : at + round(0.001 * rate_hz)] = 5.0
    return trace


TRAIN_S = tuple(0.2 + k / 3 for k in range(10))  # 3 Hz x 10


@pytest.fixture
def recording() -> Recording:
    """One response at rest, then a train of ten at 3 Hz with a falling amplitude; two channels."""
    times = np.array([0.0, *(60.0 + k / 3 for k in range(10))])
    time_ms = -5.0 + np.arange(500) / 10.0
    sweeps = np.stack([response_mv(time_ms, 5.0 - 0.1 * k) for k in range(11)])
    return Recording(
        signal_mv=np.stack([sweeps, 0.1 * sweeps], axis=1),
        sampling_hz=RATE_HZ,
        start_ms=-5.0,
        stimulus_s=times,
        channels=("ADM", "FDI"),
        trains=(
            Train("before", "rest", (0,), rest_before_s=120.0, intensity=1.2),
            Train("3 Hz", "low rate", tuple(range(1, 11)), rate_hz=3.0, intensity=1.2),
        ),
        muscle="adm",
        side="left",
        temperature_degc=33.5,
        highpass_hz=3.0,
        lowpass_hz=10_000.0,
        montage="belly-tendon",
        negative_up=True,
        drug="amifampridine",
        hours_since_dose=12.0,
        simulated=True,
        source="example",
        seed=7,
        stimulus_level=np.linspace(10.0, 20.0, 11),
        notes=("left hand", 'quotes " and µ'),
    )


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    """Write sweeps in columns: time in ms and the columns given, with any separators."""

    def write(
        columns: Sequence[Trace],
        *,
        name: str = "sweeps.csv",
        heading: str | None = "time (ms),1 (mV),2 (mV)",
        delimiter: str = ",",
        decimal: str = ".",
        encoding: str = "utf-8",
        start_ms: float = 0.0,
        step_ms: float = 0.1,
    ) -> Path:
        rows = [] if heading is None else [heading]
        for k, values in enumerate(zip(*columns, strict=True)):
            cells = [f"{start_ms + k * step_ms:.4f}", *(f"{value:.6f}" for value in values)]
            rows.append(delimiter.join(cell.replace(".", decimal) for cell in cells))
        path = tmp_path / name
        path.write_bytes("\n".join([*rows, ""]).encode(encoding))
        return path

    return write


@pytest.fixture
def two_sweeps() -> list[Trace]:
    time_ms = np.arange(300) / 10.0
    return [np.round(response_mv(time_ms, 5.0), 6), np.round(response_mv(time_ms, 4.0), 6)]


def smr_bytes(segments: Sequence[tuple[int, Trace]], events_ticks: Sequence[int], *, rate_hz: float = RATE_HZ) -> bytes:
    """A Spike2 file (SON version 9): one 16-bit waveform channel in mV, one event channel.

    Blocks are padded to 512 bytes and linked; the clock ticks every microsecond; a pause between
    segments is a gap in the start times of blocks. Laid out as in the SON library's documentation.
    """
    tick_s, block, scale = 1e-6, 512, 10.0  # int16 * scale / 6553.6 = mV
    per_sample = round(1 / rate_hz / tick_s)
    n_samples = (block - 20) // 2
    adc: list[tuple[int, int, bytes]] = []
    for start, trace in segments:
        digital = np.rint(trace * 6553.6 / scale).astype("<i2")
        for at in range(0, len(digital), n_samples):
            part = digital[at : at + n_samples]
            first = start + at * per_sample
            adc.append((first, first + (len(part) - 1) * per_sample, part.tobytes()))
    marks = np.array(events_ticks, dtype="<i4")
    event = [(int(marks[0]), int(marks[-1]), marks.tobytes())] if marks.size else []

    def pascal(text: str, length: int) -> bytes:
        return bytes([len(text)]) + text.encode("ascii").ljust(length - 1, b"\0")

    def channel(kind: int, title: str, first: int, n_blocks: int, tail: bytes) -> bytes:
        head = struct.pack("<hiiihhhhhh", 0, -1, first, first + n_blocks - 1, n_blocks, 0, 0, 0, 0, n_samples)
        head += pascal("", 72) + struct.pack("<iih", 0, per_sample, 0) + pascal(title, 10)
        return (head + struct.pack("<fBb", rate_hz, kind, 0) + tail).ljust(140, b"\0")

    first_block = 2  # after 512 bytes of header and 512 of channels
    channels = channel(1, "ADM", first_block, len(adc), struct.pack("<ff", scale, 0.0) + pascal("mV", 6) + b"\0\0")
    channels += channel(2, "Stim", first_block + len(adc), len(event), b"")
    head = struct.pack("<h10s8shhhihhhhhid", 9, b"(C) CED 87", b"", 1, 1, 0, 1, 2, 0, 0, 0, 0, 0, tick_s).ljust(
        512, b"\0"
    )
    body = b""
    number = first_block
    for index, chain in enumerate((adc, event)):
        for k, (start, end, data) in enumerate(chain):
            later = number + 1 if k + 1 < len(chain) else -1
            items = len(data) // (2 if index == 0 else 4)
            body += (struct.pack("<iiiihh", number - 1 if k else -1, later, start, end, index + 1, items) + data).ljust(
                block, b"\0"
            )
            number += 1
    return head + channels.ljust(512, b"\0") + body


def acq_bytes(traces_mv: Sequence[Trace], marks: Sequence[tuple[int, str]], *, rate_hz: float = RATE_HZ) -> bytes:
    """An AcqKnowledge file of version 3.0 (revision 34): 16-bit interleaved samples and text markers.

    Laid out as in the manufacturer's application note on its file format.
    """
    n, n_channels = len(traces_mv[0]), len(traces_mv)
    scale = 0.001
    head = struct.pack(
        "<hhh5d4h6hhdh40s10s6h",
        n_channels,
        0,
        0,
        1000 / rate_hz,
        0,
        0,
        0,
        0,
        *[0] * 4,
        *[0] * 6,
        0,
        0.0,
        0,
        b"",
        b"",
        *[0] * 6,
    )
    head += struct.pack("<7h", *[0] * 7)
    graph = struct.pack("<hIi", 0, 34, 10 + len(head)) + head
    body = b""
    for index in range(n_channels):
        tail = struct.pack(
            "<h40s4Bhdd20sidd3hd",
            index + 1,
            f"EMG {index + 1}".encode(),
            *[0] * 4,
            0,
            0.0,
            0.0,
            b"mV",
            n,
            scale,
            0.0,
            index,
            0,
            0,
            0.0,
        )
        body += struct.pack("<i", 4 + len(tail)) + tail
    body += struct.pack("<hh", 4, 0) + struct.pack("<hh", 2, 2) * n_channels
    body += np.rint(np.stack(traces_mv, axis=1) / scale).astype("<i2").tobytes()
    items = b"".join(struct.pack("<ihhh", at, 0, 0, len(text) + 1) + text.encode() + b"\0" for at, text in marks)
    return graph + body + struct.pack("<ii", 8 + len(items), len(marks)) + items


class Files:
    """The builders of this file, for tests: importlib mode has no imports between test files."""

    rate_hz = RATE_HZ
    train_s = TRAIN_S
    response_mv = staticmethod(response_mv)
    continuous = staticmethod(continuous)
    ttl = staticmethod(ttl)
    smr_bytes = staticmethod(smr_bytes)
    acq_bytes = staticmethod(acq_bytes)


@pytest.fixture(scope="session")
def files() -> type[Files]:
    return Files
