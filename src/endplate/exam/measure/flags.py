"""Every quality flag: what it means, when it is set, which verdicts it spoils, what would help.

A flag that says "unknown" is not a no: it spoils the verdicts that the unknown thing could have
changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from endplate.foundation.records.findings import Verdict

_BOTH: Final[tuple[Verdict, ...]] = ("supports", "does not support")
_POSITIVE: Final[tuple[Verdict, ...]] = ("supports",)
_NEGATIVE: Final[tuple[Verdict, ...]] = ("does not support",)


@dataclass(frozen=True, slots=True)
class Flag:
    """One quality flag; `spoils` are the verdicts that become "cannot tell", `needed` what would settle it."""

    meaning: str
    rule: str
    spoils: tuple[Verdict, ...] = ()
    needed: str = ""


FLAGS: Final[dict[str, Flag]] = {
    # the whole recording
    "cold skin": Flag(
        "cold hides a decrement and enlarges the CMAP", "skin below 32 degC", _BOTH, "a skin of at least 32 degC"
    ),
    "temperature unknown": Flag("nobody recorded the skin temperature", "no temperature", _BOTH, "skin temperature"),
    "drug on board": Flag(
        "a drug that helps transmission can hide the disease: a normal result cannot exclude it",
        "a drug is named and it is not 'none'",
        _NEGATIVE,
        "a study without the drug, if the treating neurologist agrees",
    ),
    "drug unknown": Flag("nobody recorded whether a drug was taken", "no drug named; write 'none' if there was none"),
    "coarse sampling": Flag("peaks are interpolated over wide steps", "sampled below 10 kHz"),
    "direct stimulation": Flag(
        "the fibre was stimulated directly: no end-plate was tested", "jitter below 5 us", _BOTH, "another end-plate"
    ),
    # the signal of one sweep
    "no response": Flag(
        "nothing stands clear of the noise", "peak below 5 SD of the noise", _BOTH, "a measurable response"
    ),
    "blocked": Flag("the impulse did not cross this end-plate", "needle: no spike above noise and 0.3 of the usual"),
    "trigger missing": Flag(
        "the triggering potential of the pair is absent: this discharge counts neither as arrived nor as blocked",
        "voluntary pair: no trigger potential in this sweep",
    ),
    "too noisy": Flag(
        "noise alone can fake a change", "noise above 5 % of the amplitude", _BOTH, "a quieter recording"
    ),
    "clipped": Flag(
        "the amplifier was overdriven: the true peak is higher",
        "3 equal extreme samples in a row",
        _BOTH,
        "a lower gain",
    ),
    "moving baseline": Flag(
        "electrode or limb moved, or the last response is not over",
        "baseline off its median, or drifting within the sweep, by more than a tenth of the amplitude",
        _BOTH,
        "a steady baseline",
    ),
    "artefact": Flag("the stimulus artefact runs into the response", "no quiet sample before the deflection"),
    "initial positivity": Flag(
        "a positive deflection comes first: the active electrode is off the end-plate zone",
        "more than a tenth of the amplitude below the baseline before the onset",
    ),
    "no return to baseline": Flag("area and duration could not be measured", "no crossing within the sweep"),
    "peak at window edge": Flag(
        "the largest deflection may lie outside the window", "peak on its first or last sample"
    ),
    # how the response was made
    "submaximal intensity": Flag(
        "not every axon was stimulated", "below 1.2 of the maximal stimulus", _BOTH, "a supramaximal stimulus"
    ),
    "intensity unknown": Flag(
        "nobody recorded the intensity", "no intensity", _BOTH, "stimulus intensity over the maximal one"
    ),
    "unequal intensity": Flag(
        "the responses compared were not stimulated alike", "differs by more than 2 %", _BOTH, "equal intensity"
    ),
    "not rested": Flag(
        "the response before was depressed or potentiated by what came before it",
        "less than 2 min of rest, or stimuli within it",
        _BOTH,
        "a response after 2 min of rest",
    ),
    "rest unknown": Flag(
        "nobody recorded the rest before it", "no rest time", _BOTH, "the rest before the first response"
    ),
    "below 0.3 mV": Flag(
        "too small for a percentage", "first response below 0.3 mV", _BOTH, "a muscle with a larger response"
    ),
    "effort not maximal": Flag(
        "a weak effort facilitates little: a normal result is not valid",
        "below 0.9 of the maximal force",
        _NEGATIVE,
        "a maximal effort",
    ),
    "effort unknown": Flag(
        "nobody recorded how strong or long the effort was",
        "no effort strength or length",
        _NEGATIVE,
        "effort strength and length",
    ),
    "wrong effort length": Flag(
        "too short to facilitate or long enough to exhaust", "outside 5-15 s", _NEGATIVE, "an effort of 10 s"
    ),
    "read late": Flag(
        "facilitation had begun to fade",
        "more than 5 s after the effort",
        _NEGATIVE,
        "a response within 5 s of the effort",
    ),
    "reading time unknown": Flag(
        "nobody recorded how long after the effort it was read",
        "no time after effort",
        _NEGATIVE,
        "the time after effort",
    ),
    "pseudo-facilitation": Flag(
        "fibres fire more nearly together, not more of them",
        "amplitude up, duration down, area up less than 20 %",
        _POSITIVE,
        "an area that grows with the amplitude",
    ),
}


def in_order(names: set[str]) -> tuple[str, ...]:
    """Return flags in the order of `FLAGS`."""
    return tuple(name for name in FLAGS if name in names)
