"""What the calibrated model says to published findings that no target row holds: checks, never targets.

    python studies/checks.py        # about half a minute; writes studies/checks.json

Nothing here may be tuned to. A finding that the model misses is printed with its size.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from endplate.body.person import Person
from endplate.exam.examination import Study, examine

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Check:
    """One published finding: what it says, from where, and what the model gives."""

    finding: str
    source: str
    measure: Callable[[], float]
    unit: str
    low: float | None = None
    high: float | None = None

    def row(self) -> dict[str, object]:
        """Return the printed record."""
        model = self.measure()
        holds = (self.low is None or model >= self.low) and (self.high is None or model <= self.high)
        return {
            "finding": self.finding, "source": self.source, "model": round(model, 3), "unit": self.unit,
            "low": self.low, "high": self.high, "holds": bool(holds),
        }  # fmt: skip


def study(person: str, protocol: str = "lems", *, muscle: str = "adm", treatments: tuple[str, ...] = ()) -> Study:
    """Return one examination at full size."""
    return examine(person, protocol=protocol, muscle=muscle, treatments=treatments).studies[0]


def heights(one: Study, train: str) -> np.ndarray:
    """Return the amplitudes of one train. [mV]"""
    rows = list(one.recording.train(train).sweeps)
    return np.nan_to_num(one.measurements[0].amplitude_mv[rows], nan=0.01)


def fall(values: np.ndarray, pulse: int) -> float:
    """Return the decrement at one stimulus, counted from 1. [%]"""
    return float(100.0 * (1.0 - values[pulse - 1] / values[0]))


def high_rate_gain(person: str) -> float:
    """Return the largest rise within 2 s at 30 Hz. [%]"""
    train = heights(study(person), "30 Hz for 2 s")
    return float(100.0 * (train.max() / train[0] - 1.0))


def fall_after_turning(person: str) -> float:
    """Return how much further a 3 Hz train falls from stimulus 5 to 10. [percentage points]"""
    train = heights(study(person), "3 Hz, rest")
    return fall(train, 10) - fall(train, 5)


def exhaustion() -> float:
    """Return how much larger the MG decrement is 2 min after 60 s of effort than at rest. [percentage points]"""
    one = study("mg", "mg")
    return fall(heights(one, "3 Hz, 2 min"), 4) - fall(heights(one, "3 Hz, rest"), 4)


def repair() -> float:
    """Return how much smaller the MG decrement is right after effort than at rest. [percentage points]"""
    one = study("mg", "mg")
    return fall(heights(one, "3 Hz, rest"), 4) - fall(heights(one, "3 Hz, 0 min"), 4)


def gain(treatment: str) -> float:
    """Return the rise of the LEMS rest response under one treatment. [mV]"""
    before, after = (heights(study("lems", "ncs", treatments=t), "rest")[0] for t in ((), (treatment,)))
    return float(after - before)


def jitter(protocol: str, studies: int = 3) -> float:
    """Return the mean MCD of healthy studies of 20 end-plates. [us]"""
    found = []
    for seed in range(1, studies + 1):
        one = examine(replace(Person(), seed=seed), protocol=protocol, muscle="extensor_digitorum").studies[0]
        found += [f.value for f in one.findings.of("jitter") if f.name.startswith("study: mean") and f.value]
    return float(np.mean(found))


def cold_decrement() -> float:
    """Return the MG decrement at 26 degC over that at 34 degC. [1]"""
    warm, cold = (
        fall(heights(study("mg", treatments=treatment), "3 Hz, rest"), 4) for treatment in ((), ("cooling:26degC",))
    )
    return cold / warm


def release_at_30_hz() -> float:
    """Return the largest quantal content within 2 s at 30 Hz over the rested one, LEMS. [1]"""
    one = study("lems")
    assert one.physiology is not None
    quanta = one.physiology.quantal_content[list(one.recording.train("30 Hz for 2 s").sweeps)]
    return float(quanta.max() / quanta[0])


NORWAY = "guideline of the Norwegian society of clinical neurophysiology"
CHECKS = (
    Check(
        "LEMS: more than 100 % increment at high rate (10 of 10)",
        "series of 12 patients, cjcnn.org article 2941",
        lambda: high_rate_gain("lems"),
        "%",
        low=100,
    ),
    Check(
        "LEMS: quantal content rises 2 to 5 fold at 20 to 50 Hz",
        "Lambert and Elmqvist 1971, from memory",
        release_at_30_hz,
        "1",
        low=2,
        high=5,
    ),
    Check(
        "MG: no increment of 60 % at high rate (534 of 538 tests)",
        "Oh 2005, 10.1002/mus.20389",
        lambda: high_rate_gain("mg"),
        "%",
        high=60,
    ),
    Check(
        "LEMS: a 3 Hz train keeps falling after stimulus 5",
        "Miralles 2016, 10.1007/s11517-016-1462-4",
        lambda: fall_after_turning("lems"),
        "points",
        low=2,
    ),
    Check(
        "MG: a 3 Hz train turns up or levels off after stimulus 5",
        "Miralles 2016, 10.1007/s11517-016-1462-4",
        lambda: fall_after_turning("mg"),
        "points",
        high=2,
    ),
    Check("MG: repair right after 60 s of effort", NORWAY, repair, "points", low=2),
    Check("MG: exhaustion 2 min after 60 s of effort", NORWAY, exhaustion, "points", low=2),
    Check(
        "LEMS: amifampridine 20 mg raises the rest response more than pyridostigmine 60 mg",
        "Cochrane review 2011, CD003279 (anticholinesterases weak alone)",
        lambda: gain("amifampridine:20mg") - gain("pyridostigmine:60mg"),
        "mV",
        low=0,
    ),
    Check("MG: cold hides the decrement (26 over 34 degC)", NORWAY, cold_decrement, "1", high=0.8),
    Check(
        "health: voluntary jitter of the extensor digitorum, mean of 20 pairs",
        "Stalberg 2016",
        lambda: jitter("sfemg-voluntary"),
        "us",
        high=30,
    ),
    Check(
        "health: no decrement 2 min after 60 s of effort",
        NORWAY,
        lambda: fall(heights(study("healthy", "mg"), "3 Hz, 2 min"), 4),
        "%",
        high=10,
    ),
)


def wanted(row: dict[str, object]) -> str:
    """Return the range of a check in words."""
    low, high = row["low"], row["high"]
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}"


def main() -> None:
    """Measure every check and write the table."""
    rows = [check.row() for check in CHECKS]
    for row in rows:
        row["wanted"] = wanted(row)
        print(
            f"{'holds ' if row['holds'] else 'MISSES'} {row['finding']}: {row['model']:g} {row['unit']}, "
            f"{row['wanted']}"
        )
    (HERE / "checks.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
