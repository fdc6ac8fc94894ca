"""From a number, a rule and quality flags to a finding; a spoiled verdict becomes "cannot tell"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from endplate.exam.measure import FLAGS
from endplate.exam.measure.flags import in_order
from endplate.foundation.records import Finding, Measurements
from endplate.foundation.records.findings import Verdict
from endplate.foundation.rules import Rule, judge
from endplate.foundation.rules.judging import Number

# Jitter and blocking of one end-plate do not depend on how many axons the stimulus reached.
_NEEDLE_SPOILERS: Final = frozenset({"cold skin", "drug on board", "direct stimulation"})
# A train is compared with itself: what came before it and how hard the effort was decide other findings.
_OF_PAIRS: Final = frozenset(
    {"not rested", "rest unknown", "unequal intensity", "pseudo-facilitation", "read late", "wrong effort length",
     "reading time unknown"}
)  # fmt: skip
_OF_EFFORT: Final = frozenset({"effort not maximal", "effort unknown"})
_IGNORED: Final[dict[str, frozenset[str]]] = {
    "decrement": _OF_PAIRS | _OF_EFFORT,
    "decrement shape": _OF_PAIRS | _OF_EFFORT,
    "repair": _OF_PAIRS,
    "exhaustion": _OF_PAIRS,
}
_RATE_SLACK: Final = 1.02  # stimulus times rounded to a sample move a rate by up to 2 %


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured number with what a reader must know of it.

    `value` keeps its exact form until it has been judged; `absent` names what is missing when it
    is None.
    """

    kind: str
    name: str
    value: Number | None
    unit: str
    flags: tuple[str, ...] = ()
    sweeps: tuple[int, ...] = ()
    absent: tuple[str, ...] = ()
    reference_set: str = ""


def flags_of(measured: Measurements, sweeps: Iterable[int]) -> tuple[str, ...]:
    """Return the flags of the recording and of the named sweeps, each once."""
    return in_order({*measured.flags, *(flag for sweep in sweeps for flag in measured.row_flags[sweep])})


def _relevant(reading: Reading) -> tuple[str, ...]:
    return tuple(name for name in reading.flags if name not in _IGNORED.get(reading.kind, ()))


def _spoilers(reading: Reading, verdict: Verdict) -> list[str]:
    needle = reading.kind in ("jitter", "blocking")
    return [
        name
        for name in _relevant(reading)
        if verdict in FLAGS[name].spoils and (not needle or name in _NEEDLE_SPOILERS)
    ]


def _finding(
    reading: Reading, verdict: Verdict, because: str, rule: str = "", source: str = "", missing: Iterable[str] = ()
) -> Finding:
    return Finding(
        kind=reading.kind,
        name=reading.name,
        value=None if reading.value is None else float(reading.value),
        unit=reading.unit,
        verdict=verdict,
        because=because,
        rule=rule,
        source=source,
        reference_set=reading.reference_set,
        missing=tuple(dict.fromkeys(missing)),
        flags=_relevant(reading),
        sweeps=reading.sweeps,
    )


def settle(reading: Reading, rule: Rule, *, on: date | None = None) -> Finding:
    """Judge a reading, then take the verdict back if its flags could have made it."""
    judgement = judge(rule, reading.value, reading.unit, on=on)
    label = f"{judgement.rule}, {judgement.version}" if judgement.version else judgement.rule
    if reading.value is None:
        because = f"not measured: {', '.join(reading.absent)}" if reading.absent else judgement.because
        return _finding(reading, "cannot tell", because, label, judgement.source, reading.absent)
    spoilers = _spoilers(reading, judgement.verdict)
    if spoilers:
        reasons = "; ".join(f"{name}: {FLAGS[name].meaning}" for name in spoilers)
        needed = (FLAGS[name].needed for name in spoilers)
        return _finding(reading, "cannot tell", f"{judgement.because}, but {reasons}", label, judgement.source, needed)
    return _finding(reading, judgement.verdict, judgement.because, label, judgement.source)


def settle_at_rate(reading: Reading, rule: Rule, rate_hz: float | None, *, on: date | None = None) -> Finding:
    """Judge a reading of a train by a rule that names the rates it reads."""
    if reading.value is None or rule.rates_hz is None:
        return settle(reading, rule, on=on)
    if rate_hz is None:
        return outside(reading, rule, "the rate of this train is not known", "the stimulus rate", on=on)
    low, high = rule.rates_hz
    if low / _RATE_SLACK <= rate_hz <= high * _RATE_SLACK:
        return settle(reading, rule, on=on)
    rates = f"{low:g} Hz" if low == high else f"{low:g}-{high:g} Hz"
    because = f"{rule.id} reads {rates}, this train has {rate_hz:g} Hz"
    return outside(reading, rule, because, f"a train at {rates}", on=on)


def outside(reading: Reading, rule: Rule, reason: str, missing: str, *, on: date | None = None) -> Finding:
    """Return "cannot tell" for a reading that a rule does not cover."""
    version = rule.in_force(on)
    label = f"{rule.id}, {version.version}" if version else rule.id
    return _finding(reading, "cannot tell", reason, label, rule.versions[-1].source, (missing,))


def unjudged(reading: Reading, because: str) -> Finding:
    """Return a number that no published rule reads: it stands beside the others, without a verdict."""
    missing = reading.absent or ("a published limit",)
    return _finding(reading, "cannot tell", because, missing=missing)
