"""Examinations from analytic waveforms: no simulator, no instrument, every number known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from endplate.exam.examination.types import Effort, Examination, Physiology, Study
from endplate.foundation.records import Finding, Findings, Measurements, Recording, Train

ONSET_MS, PEAK_MS, END_MS, TROUGH_MS = 3.0, 5.9, 9.2, 12.0
TIME_MS = np.arange(-2.0, 40.0, 0.1)


def shape(time_ms: np.ndarray) -> np.ndarray:
    """A biphasic potential with a negative peak of exactly 1 at 5.9 ms, plotted up."""
    t = time_ms - ONSET_MS
    negative = np.where((t > 0) & (time_ms <= END_MS), np.sin(np.pi * np.clip(t / (END_MS - ONSET_MS), 0, 1)) ** 1.5, 0)
    warped = np.interp(time_ms, [ONSET_MS, PEAK_MS, END_MS], [ONSET_MS, 6.1, END_MS])
    negative = np.interp(warped, time_ms, negative)
    late = np.where(time_ms > END_MS, np.clip((time_ms - END_MS) / 2.8, 0, None), 0)
    return negative - 0.38 * late * np.exp(1 - late)


def measured(amplitude_mv: np.ndarray, stimulus_s: np.ndarray, **other: Any) -> Measurements:
    n = amplitude_mv.size
    full = np.full
    return Measurements(
        channel=other.get("channel", "1"),
        stimulus_s=stimulus_s,
        amplitude_mv=amplitude_mv,
        peak_to_peak_mv=amplitude_mv * 1.38,
        area_mvms=amplitude_mv * 3.5,
        duration_ms=full(n, END_MS - ONSET_MS),
        latency_ms=other.get("latency_ms", full(n, ONSET_MS)),
        baseline_mv=np.zeros(n),
        noise_mv=full(n, 0.005),
        onset_ms=full(n, ONSET_MS),
        peak_ms=full(n, PEAK_MS),
        end_ms=full(n, END_MS),
        trough_ms=full(n, TROUGH_MS),
        row_flags=other.get("row_flags", ((),) * n),
        flags=other.get("flags", ()),
        moved_by_hand=other.get("moved_by_hand", ()),
    )


def finding(kind: str, name: str, value: float | None, verdict: str, because: str, **other: Any) -> Finding:
    return Finding(
        kind=kind,
        name=name,
        value=value,
        unit=other.pop("unit", "%"),
        verdict=verdict,  # type: ignore[arg-type]
        because=because,
        rule=f"{kind} rule of the test, 2024",
        source="Synthetic2024",
        reference_set=other.pop("reference_set", "synthetic set"),
        **other,
    )


def clinical(person: str, rest_mv: float, drop: list[float], gain: float, **other: Any) -> Examination:
    """A whole `lems` protocol: rest, effort, immediate, singles to 5 min, trains, high rate."""
    trains: list[Train] = []
    amplitude: list[float] = []
    stimulus: list[float] = []
    clock = 0.0

    def add(name: str, role: str, values: list[float], rate: float | None = None, **kw: Any) -> None:
        nonlocal clock
        first = len(amplitude)
        trains.append(Train(name, role, tuple(range(first, first + len(values))), rate_hz=rate, **kw))  # type: ignore[arg-type]
        for value in values:
            amplitude.append(value)
            stimulus.append(clock)
            clock += 1 / rate if rate else 1.0
        clock += 30

    steps = [rest_mv * (1 - d) for d in drop]
    add("rest", "rest", [rest_mv], rest_before_s=120.0, intensity=1.2)
    add("3 Hz rest", "low rate", steps, 3.0)
    add("after 10 s", "immediate", [rest_mv * gain], after_effort_s=2.0, effort_s=10.0)
    for minute in range(6):
        rise = 1 + (gain - 1) * np.exp(-minute * 1.2)
        deeper = 1 + 0.25 * minute / 3
        add(f"3 Hz {minute}", "low rate", [rest_mv * rise * (1 - d * deeper) for d in drop], 3.0,
            after_effort_s=5.0 if minute == 0 else 60.0 * minute, effort_s=10.0)  # fmt: skip
    ramp = 1 + (gain - 1) * (1 - np.exp(-np.arange(60) / 15))
    add("30 Hz", "high rate", [float(rest_mv * r) for r in ramp], 30.0)
    values, times = np.array(amplitude), np.array(stimulus)
    signal = -values[:, None] * shape(TIME_MS)
    simulated = other.get("simulated", True)
    recording = Recording(
        signal[:, None, :], 10_000.0, -2.0, times, trains=tuple(trains), muscle="abductor digiti minimi", side="left",
        temperature_degc=33.5, highpass_hz=2.0, lowpass_hz=10_000.0, montage="belly-tendon", simulated=simulated,
        seed=3 if simulated else None, drug=other.get("drug"), hours_since_dose=1.0 if other.get("drug") else None,
        source=other.get("source", "synthetic waveforms of the tests"),
    )  # fmt: skip
    decrement = 100 * drop[3]
    found = (
        finding("increment", "increment after 10 s of effort", 100 * (gain - 1),
                "supports" if gain >= 1.6 else "does not support",
                f"{100 * (gain - 1):.0f} % is {'at least' if gain >= 1.6 else 'below'} 60 %",
                sweeps=(0, trains[2].sweeps[0]), interval=(100 * (gain - 1) * 0.9, 100 * (gain - 1) * 1.1)),
        finding("decrement", "decrement at 3 Hz, 1st to 4th", decrement,
                "supports" if decrement > 10 else "does not support",
                f"{decrement:.0f} % is {'more' if decrement > 10 else 'not more'} than 10 %", sweeps=trains[1].sweeps),
        finding("low amplitude", "amplitude at rest", rest_mv, "cannot tell",
                "no lower limit of this laboratory was given", unit="mV", sweeps=(0,),
                missing=("lower limit of the laboratory",)),
    )  # fmt: skip
    physiology = None
    if simulated:
        physiology = Physiology(np.clip(values / max(values.max(), 1.0), 0, 1), 20 * values, 3.0 * values)
    study = Study(
        person, recording, (measured(values, times, flags=other.get("flags", ())),),
        Findings(found, muscle="abductor digiti minimi", side="left", reference_set="synthetic set",
                 simulated=simulated),
        physiology, other.get("efforts", ()),
    )  # fmt: skip
    return Examination(
        person, "lems", "abductor digiti minimi", (study,), simulated,
        conditions=other.get("conditions", {}), changes=other.get("changes", ()),
        provenance={"endplate": "0.1.0", "seed": "3", "parameters": "terminal 1, junction 1", "rules": "2024-01"},
        cautions=("30 Hz for 2 s hurts: use it only when exercise is impossible.",),
    )  # fmt: skip


def effort() -> Effort:
    time_s = np.arange(0.0, 10.0, 0.05)
    force = 24 * (1 - np.exp(-time_s / 0.4)) * (0.55 + 0.45 * np.exp(-time_s / 6))
    return Effort("10 s maximal effort", 60.0, time_s, force, 0.4 + 0.4 * (1 - np.exp(-time_s / 2)))


def healthy() -> Examination:
    return clinical("healthy", 10.4, [0, 0.004, 0.01, 0.012, 0.012, 0.01, 0.01, 0.01, 0.008, 0.008], 1.06)


def lems() -> Examination:
    drop = [0, 0.13, 0.22, 0.28, 0.31, 0.33, 0.345, 0.355, 0.36, 0.36]
    return clinical(
        "lems", 1.9, drop, 3.43, efforts=(effort(),), flags=("coarse sampling",),
        changes=("P/Q channels to 46 % by antibody: fewer calcium channels in each zone (Synthetic2024).",),
    )  # fmt: skip


def treated() -> Examination:
    drop = [0, 0.09, 0.14, 0.17, 0.19, 0.2, 0.2, 0.2, 0.2, 0.2]
    return clinical("lems", 4.6, drop, 1.75, drug="amifampridine 20 mg")


def mg() -> Examination:
    drop = [0, 0.13, 0.19, 0.22, 0.215, 0.2, 0.18, 0.17, 0.165, 0.16]
    return clinical("mg", 9.1, drop, 1.08)


def real() -> Examination:
    """A recruitment curve that says it is real; its waveforms are as synthetic as the others."""
    level = np.repeat([1.5, 2.0, 2.5, 3.0, 4.0, 6.0], 5)
    values = 4.2 / (1 + np.exp(-(level - 3.2) / 0.4)) * np.tile([0.95, 1.0, 1.03, 0.98, 1.01], 6)
    times = np.arange(level.size) * 10.0
    recording = Recording(
        (-values[:, None] * shape(TIME_MS))[:, None, :], 3200.0 * 3.125, -2.0, times, muscle="soleus",
        trains=(Train("sweeps", "recruitment", tuple(range(level.size))),), stimulus_level=level,
        source="a file of the tests", checksum="sha256:0123456789abcdef",
    )  # fmt: skip
    study = Study("recruitment", recording, (measured(values, times, moved_by_hand=(4,)),), Findings(()))
    return Examination("recorded file", "measure", "soleus", (study,), False, provenance={"checksum": "sha256:0123"})


def single_fibre() -> Examination:
    n, plates = 50, 20
    rng = np.random.default_rng(4)
    time_ms = np.arange(-1.0, 8.0, 0.02)
    times = np.arange(n) * 0.1
    names = tuple(f"{k + 1:02d}" for k in range(plates))
    signal = np.zeros((n, plates, time_ms.size))
    columns, found = [], []
    for k, name in enumerate(names):
        latency = 3.0 + 0.1 * k / plates + rng.normal(0, 0.02 + 0.004 * k, n)
        if k > 15:
            latency[rng.random(n) < 0.2] = np.nan
        for sweep in range(n):
            if np.isfinite(latency[sweep]):
                d = (time_ms - latency[sweep]) / 0.12
                signal[sweep, k] = 0.8 * d * np.exp(0.5 - d**2 / 2)
            signal[sweep, k] += rng.normal(0, 0.008, time_ms.size)
        columns.append(measured(np.full(n, 0.8), times, channel=name, latency_ms=latency))
        found.append(finding("jitter", f"end-plate {name}: MCD", 30.0, "cannot tell", "test", unit="µs"))
    recording = Recording(
        signal, 50_000.0, -1.0, times, channels=names, electrode="concentric needle", simulated=True, seed=5,
        trains=(Train("all", "single fibre", tuple(range(n)), rate_hz=10.0),), muscle="extensor digitorum",
    )  # fmt: skip
    study = Study("single fibre", recording, tuple(columns), Findings(tuple(found[:3]), simulated=True))
    return Examination("mg", "sfemg-stimulated", "extensor digitorum", (study,), True, provenance={"seed": "5"})


@pytest.fixture(scope="session")
def build() -> SimpleNamespace:
    """The builders, by name."""
    return SimpleNamespace(
        healthy=healthy, lems=lems, treated=treated, mg=mg, real=real, single_fibre=single_fibre,
        clinical=clinical, finding=finding, measured=measured, effort=effort, shape=shape,
    )  # fmt: skip


@pytest.fixture(scope="session")
def everyone() -> list[Examination]:
    return [healthy(), lems(), treated(), mg(), real(), single_fibre()]


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Leave PNGs blank where a test is not about them: painting is most of a report's time."""
    monkeypatch.setattr("endplate.report.write.png_bytes", lambda drawing, width_px=None: b"\x89PNG blank")
    return lambda: None
