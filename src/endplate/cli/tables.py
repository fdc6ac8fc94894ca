"""Tables of examinations for the terminal, from the same words and numbers as the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from endplate.cli.console import noted, table

if TYPE_CHECKING:
    from endplate.exam.examination import Examination, Study
    from endplate.foundation.records import Finding, Measurements
    from endplate.report.gathering import Gathered

SIMULATED: Final = " SIMULATED "
_VERDICTS: Final = {"supports": "bold yellow", "does not support": "", "cannot tell": "dim"}
_UNITS: Final = {"us": "µs", "1": ""}
_MOST_ROWS: Final = 50
_NOTE: Final = "Research and education; not a medical device. A finding supports a claim or not; it is no diagnosis."


def show_examination(console: Console, one: Examination, *, everything: bool = False) -> None:
    """Print header, responses and findings of one examination."""
    from endplate.report.reading import is_single_fibre

    console.print(header(one))
    if len(one.studies) > 1:
        console.print(variants(one))
    if len(one.studies) == 1 or everything:
        for study in one.studies:
            console.print()
            if len(one.studies) > 1:
                console.print(Text(study.title, style="bold"))
            console.print(endplates(study) if is_single_fibre(study) else responses(study))
            for effort in _efforts(study):
                console.print(effort)
            console.print()
            console.print(findings(study, everything=everything))
    console.print(Text(_NOTE, style="dim"))


def header(one: Examination) -> Text:
    """Return who was examined and how; SIMULATED comes first where it is."""
    from endplate.report.reading import label
    from endplate.report.words import muscle_side

    words = Text()
    if one.simulated:
        words.append(SIMULATED, style="black on yellow")
        words.append(" ")
    words.append(f"{label(one.person)}, {muscle_side(one)}, {_protocol(one)}", style="bold")
    said = {key: value for key, value in one.conditions.items() if key not in ("Muscle", "Side", "Protocol")}
    words.append("\n" + "; ".join(f"{key.lower()} {value}" for key, value in said.items()))
    for line in (*one.changes, *one.cautions):
        words.append(f"\n{line}")
    words.append("\n" + ", ".join(f"{key} {value}" for key, value in one.provenance.items()), style="dim")
    return words


def _protocol(one: Examination) -> str:
    title = one.conditions.get("Protocol", "")
    return f"protocol {one.protocol}" + (f" ({title})" if title and title != one.protocol else "")


def responses(study: Study) -> Group:
    """Return one row per train, or one per sweep where no trains are known."""
    from endplate.report.tables import groups

    trains = [train for train in groups(study) if train is not None and train.role != "unknown"]
    if any(len(train.sweeps) > 1 and train.rate_hz for train in trains) or len(trains) > 1:
        return _per_train(study)
    return _per_sweep(study.measurements[0], study)


def _per_train(study: Study) -> Group:
    from endplate.report.reading import decrement_percent
    from endplate.report.tables import groups, sweeps_of
    from endplate.report.words import NOT_MEASURED, number, percent

    numbers = ("Stimuli", "First, mV", "Area, mV·ms", "Fall 1 to 4", "Largest rise")
    shown = table("Train", "Rate", "After effort", *numbers, "Flags", right=("Rate", "After effort", *numbers))
    measured = study.measurements[0]
    for train in groups(study):
        sweeps = sweeps_of(study, train)
        if not sweeps:
            continue
        amplitude = measured.amplitude_mv[sweeps]
        is_low = train is not None and train.role == "low rate" and len(sweeps) > 3
        fall = percent(decrement_percent(study, train), signed=False) if is_low and train is not None else ""
        rise = _largest_rise(amplitude) if train is not None and train.role == "high rate" else None
        after = train.after_effort_s if train is not None else None
        shown.add_row(
            train.name if train is not None else "others",
            f"{train.rate_hz:g} Hz" if train is not None and train.rate_hz else "",
            "" if after is None else f"{after:.1f} s" if after < 60 else f"{after / 60:.0f} min",
            str(len(sweeps)),
            number(float(amplitude[0]), 2),
            number(float(measured.area_mvms[sweeps[0]]), 1),
            fall,
            NOT_MEASURED if rise is not None and not math.isfinite(rise) else "" if rise is None else percent(rise),
            ", ".join(dict.fromkeys(flag for sweep in sweeps for flag in measured.row_flags[sweep])),
        )
    return _with_flags(shown, measured.flags)


def _largest_rise(amplitude: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    good = amplitude[np.isfinite(amplitude)]
    if not good.size or not amplitude[0] > 0:
        return math.nan
    return float(100 * (good.max() - amplitude[0]) / amplitude[0])


def _per_sweep(measured: Measurements, study: Study) -> Group:
    from endplate.report.words import number

    level = study.recording.stimulus_level
    levels = ("Level",) if level is not None else ()
    numbers = (
        "Stimulus",
        "At, s",
        *levels,
        "Amplitude, mV",
        "Peak to peak, mV",
        "Area, mV·ms",
        "Duration, ms",
        "Latency, ms",
    )
    shown = table(*numbers, "Flags", right=numbers)
    for sweep in range(min(measured.n_sweeps, _MOST_ROWS)):
        strength = (f"{float(level[sweep]):g}",) if level is not None else ()
        shown.add_row(
            str(sweep + 1),
            number(float(measured.stimulus_s[sweep]), 3),
            *strength,
            number(float(measured.amplitude_mv[sweep]), 3),
            number(float(measured.peak_to_peak_mv[sweep]), 3),
            number(float(measured.area_mvms[sweep]), 2),
            number(float(measured.duration_ms[sweep]), 1),
            number(float(measured.latency_ms[sweep]), 2),
            ", ".join(measured.row_flags[sweep]) + (" (cursors by hand)" if sweep in measured.moved_by_hand else ""),
        )
    left_out = f"{_MOST_ROWS} of {measured.n_sweeps} stimuli; --json and --out hold all."
    return _with_flags(shown, measured.flags, *((left_out,) if measured.n_sweeps > _MOST_ROWS else ()))


def _with_flags(shown: Table, flags: Sequence[str], *more: str) -> Group:
    whole = (f"The whole recording: {', '.join(flags)}.",) if flags else ()
    return noted(shown, note=" ".join((*whole, *more)))


def endplates(study: Study) -> Table:
    """Return one row per end-plate: jitter and blocked impulses."""
    from endplate.report.words import number

    numbers = ("Jitter, µs", "Blocked, %")
    shown = table("End-plate", *numbers, "Verdict", "Flags", right=numbers)
    blocked = {f.name.partition(":")[0]: f for f in study.findings.of("blocking")}
    for finding in study.findings.of("jitter"):
        name = finding.name.partition(":")[0]
        if name in blocked:
            share = blocked[name].value
            shown.add_row(
                name.removeprefix("end-plate "), number(finding.value, 1), number(share, 0), verdict(finding),
                ", ".join(finding.flags),
            )  # fmt: skip
    return shown


def _efforts(study: Study) -> list[Group]:
    from endplate.report.words import number

    made = []
    for effort in study.efforts:
        seconds, force = np.asarray(effort.time_s), np.asarray(effort.force_newton)
        shown = table(
            "Second",
            "Force, N",
            "Fibres firing, %",
            right=("Second", "Force, N", "Fibres firing, %"),
        )
        for second in range(math.ceil(float(seconds[-1])) if seconds.size else 0):
            inside = (seconds >= second) & (seconds < second + 1)
            if inside.any():
                fired = 100 * float(effort.fired_fraction[inside].mean())
                shown.add_row(f"{second}-{second + 1}", number(float(force[inside].mean()), 1), number(fired, 0))
        made.append(noted(shown, title=effort.name))
    return made


def findings(study: Study, *, everything: bool = False) -> Group:
    """Return one row per number and rule; without `everything`, those that stand on the page's cards."""
    from endplate.report.gathering import gather, leading

    whole = gather(study.findings.findings)
    kept = whole if everything else leading(study)
    shown = table("Finding", "Value", "Verdict", "Because", "Rule (source)", right=("Value",))
    for group in kept:
        for place, finding in enumerate(group.rules):
            shown.add_row(
                _name(group) if place == 0 else "", value(finding) if place == 0 else "", verdict(finding),
                because(finding), f"{finding.rule} ({finding.source})" if finding.rule else "-",
            )  # fmt: skip
    notes = []
    if any(finding.interval for group in kept for finding in group.rules):
        notes.append(f"In brackets: {study.findings.provenance.get('interval', 'interval over seeds')}.")
    if len(kept) < len(whole):
        notes.append(f"{len(kept)} of {len(whole)} numbers; --all shows every one.")
    return noted(shown, note=" ".join(notes))


def _name(group: Gathered) -> str:
    return group.name if group.name.startswith(group.kind) else f"{group.kind}, {group.name}"


def value(finding: Finding) -> str:
    """Return a number with unit, and its interval in brackets.

    Examples
    --------
    >>> from endplate.foundation.records import Finding
    >>> value(Finding("increment", "i", 72.4, "%", "supports", "", "", "", interval=(60.0, 80.0)))
    '72.4 % [60.0 to 80.0]'
    """
    from endplate.report.words import NOT_MEASURED, number

    if finding.value is None:
        return NOT_MEASURED
    digits = 2 if finding.unit == "mV" else 1
    shown = f"{number(finding.value, digits)} {_UNITS.get(finding.unit, finding.unit)}".strip()
    if finding.interval is None:
        return shown
    low, high = finding.interval
    return f"{shown} [{number(low, digits)} to {number(high, digits)}]"


def verdict(finding: Finding) -> Text:
    """Return the verdict in its style."""
    return Text(finding.verdict, style=_VERDICTS[finding.verdict])


def because(finding: Finding) -> str:
    """Return the reason, with what is missing."""
    missing = [item for item in finding.missing if item not in finding.because]
    return f"{finding.because}; missing: {', '.join(missing)}" if missing else finding.because


def variants(one: Examination) -> Table:
    """Return one row per study of an examination that holds several."""
    return summary([(study.title, one, study) for study in one.studies])


def summary(rows: Sequence[tuple[str, Examination, Study]]) -> Table:
    """Return the numbers of several studies below one another."""
    from endplate.report.panels.overview import summarise_study
    from endplate.report.reading import is_single_fibre
    from endplate.report.words import millivolt, percent

    numbers = ("At rest", "Low rate, 1 to 4", "After effort", "High rate")
    shown = table("", *numbers, "Supported by a rule", right=numbers)
    for name, one, study in rows:
        words = Text(name, style="bold")
        if not one.simulated:
            words.append(" (recorded)", style="default")
        if is_single_fibre(study):
            shown.add_row(words, "", "", "", "", f"{_jitter(study)}; {_supported(study)}")
            continue
        found = summarise_study(one, study)
        if not found.is_clinical:
            amplitude = study.measurements[0].amplitude_mv
            good = amplitude[np.isfinite(amplitude)]
            largest = millivolt(float(good.max())) if good.size else "none measurable"
            rest = millivolt(found.resting_mv) if math.isfinite(found.resting_mv) else ""
            shown.add_row(words, rest, "", "", "", f"{study.recording.n_sweeps} responses, largest {largest}")
            continue
        high = next((f.value for f in study.findings.of("high-rate increment") if f.value is not None), None)
        shown.add_row(
            words, millivolt(found.resting_mv), percent(-found.decrement), percent(found.increment), percent(high),
            _supported(study),
        )  # fmt: skip
    return shown


def _jitter(study: Study) -> str:
    from endplate.report.words import number

    each = [f.value for f in study.findings.of("jitter") if f.value is not None and f.name.startswith("end-plate ")]
    mean = number(float(np.mean(each)), 1) if each else "no"
    return f"mean jitter {mean} µs of {len(each)} end-plates"


def _supported(study: Study) -> str:
    from endplate.report.gathering import leading

    groups = leading(study)
    kinds = dict.fromkeys(group.kind for group in groups for f in group.rules if f.verdict == "supports")
    if kinds:
        return ", ".join(kinds)
    told = any(f.verdict != "cannot tell" for group in groups for f in group.rules)
    return "nothing" if told else "cannot tell"
