"""Whole examinations: what the instruments see of health, LEMS, LEMS on amifampridine, and MG."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from docs.builder.markdown import NO_BREAK, escaped, table
from docs.figures import style
from docs.figures.style import Drawn
from endplate.exam.examination import Examination, Study, examine

DRUG = "amifampridine:20mg"
PEOPLE = (
    ("healthy", (), "Health", style.HEALTHY),
    ("lems", (), "LEMS", style.LEMS),
    ("lems", (DRUG,), "LEMS on amifampridine", style.TREATED),
    ("mg", (), "MG", style.MG),
)


def _before_and_after(studies: list[Study]) -> Figure:
    figure, axes = style.panels(4, height_in=3.2, sharey=True, sharex=True)
    for panel, study, (_, _, title, colour) in zip(axes, studies, PEOPLE, strict=True):
        recording = study.recording
        for name, shade, words in (("rest", "-", "rest"), ("after 10 s effort", ":", "after 10 s")):
            sweep = recording.train(name).sweeps[0]
            signal = -recording.signal_mv[sweep, 0]
            panel.plot(recording.time_ms, signal, shade, color=colour, linewidth=1.6, label=words)
        style.label(
            panel, title=title.replace(" on ", "\non "), x="ms", y="mV, negative up" if panel is axes[0] else ""
        )
        style.legend(panel, loc="upper right", fontsize=8.5)
    axes[0].set_xlim(-2, 28)
    axes[0].set_ylim(top=1.25 * axes[0].get_ylim()[1])
    return figure


def _trains(studies: list[Study]) -> Figure:
    figure, (train, series) = style.panels(2, height_in=3.4)
    for study, (_, _, title, colour) in zip(studies, PEOPLE, strict=True):
        amplitude = study.measurements[0].amplitude_mv
        sweeps = np.array(study.recording.train("3 Hz, rest").sweeps)
        train.plot(np.arange(1, 11), amplitude[sweeps], color=colour, marker="o", markersize=4, label=title)
        times, drops = [-0.5], [_drop(study, "3 Hz, rest")]
        for minute in range(6):
            times.append(minute)
            drops.append(_drop(study, f"3 Hz, {minute} min"))
        series.plot(times[1:], drops[1:], color=colour, marker="o", markersize=4)
        series.plot(times[:1], drops[:1], color=colour, marker="s", markersize=6)
    train.set_ylim(0, 1.45 * train.get_ylim()[1])
    train.set_xticks(range(1, 11))
    series.axhline(10.0, color=style.MUTED, linewidth=1.0)
    series.set_xticks([-0.5, 0, 1, 2, 3, 4, 5], ["rest", "0", "1", "2", "3", "4", "5"])
    style.label(train, title="3 Hz at rest", x="stimulus", y="amplitude (mV)")
    style.label(series, title="Decrement after 10 s of effort", x="minutes", y="decrement at the 4th (%)")
    style.legend(train, loc="upper left", fontsize=8.5, ncols=2)
    return figure


def _drop(study: Study, name: str) -> float:
    amplitude = study.measurements[0].amplitude_mv[list(study.recording.train(name).sweeps)]
    return float(100 * (1 - amplitude[3] / amplitude[0]))


def _row(study: Study, title: str) -> tuple[str, ...]:
    amplitude = study.measurements[0].amplitude_mv
    rest, after = (amplitude[study.recording.train(name).sweeps[0]] for name in ("rest", "after 10 s effort"))
    fast = amplitude[list(study.recording.train("30 Hz for 2 s").sweeps)]
    return (
        title,
        f"{rest:.1f} mV",
        f"{after:.1f} mV",
        f"{100 * (after / rest - 1):+.0f} %",
        f"{_drop(study, '3 Hz, rest'):.0f} %",
        f"{100 * (fast.max() / fast[0] - 1):+.0f} %",
    )


def _findings(study: Study) -> str:
    """Return the findings that a reader sees first, as a table."""
    wanted = ("increment", "decrement", "decrement shape", "repair")
    rows, last = [], ""
    for one in study.findings.findings:
        if one.kind not in wanted or "area" in one.name or not _is_at_rest(one.name) or one.value is None:
            continue
        name = one.name if one.name.startswith(one.kind) else f"{one.kind}, {one.name}"
        number = f"{one.value:.0f}{NO_BREAK}{one.unit}".replace("-", "−")
        shown = ("", "") if name == last else (escaped(name), number)
        rows.append((*shown, one.verdict, escaped(one.because.replace("-", "−")), escaped(one.rule)))
        last = name
    return table(("Finding", "Value", "Verdict", "Because", "Rule"), rows, right=("Value",))


def _is_at_rest(name: str) -> bool:
    """Tell whether a finding is of the rested muscle, first against fourth response."""
    others = (*(f"3 Hz, {minute} min:" for minute in range(6)), "1 to 5", "1 to smallest")
    return not any(other in name for other in others)


def draw() -> Drawn:
    """Examine the four and draw what was recorded."""
    examined: list[Examination] = [
        examine(name, protocol="lems", muscle="adm", treatments=drugs) for name, drugs, _, _ in PEOPLE
    ]
    studies = [one.studies[0] for one in examined]
    columns = ("", "At rest", "After 10 s of effort", "Increment", "Decrement, 3 Hz", "Largest gain at 30 Hz")
    rows = [_row(study, title) for study, (_, _, title, _) in zip(studies, PEOPLE, strict=True)]
    return Drawn(
        {"exam-before-after": _before_and_after(studies), "exam-trains": _trains(studies)},
        {"exam-four": table(columns, rows, right=columns[1:]), "exam-findings": _findings(studies[1])},
    )
