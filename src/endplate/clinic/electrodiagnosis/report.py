"""Report: what each study says, number by number, and what a valid increment is worth."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from endplate.clinic.electrodiagnosis.gates import HOLD_HOURS, Reads
from endplate.clinic.electrodiagnosis.ratios import Evidence, evidence_named, post_test
from endplate.clinic.electrodiagnosis.readings import Reading, increment_known, read, read_amplitude
from endplate.clinic.heads import Head, head_of, known_sources, read_tables
from endplate.clinic.logic import any_of
from endplate.clinic.reading import inputs_of, words_of
from endplate.clinic.record.derived import bulbar_involvement
from endplate.clinic.result import Input, Result
from endplate.foundation.records.clinical import Fact, Known, Record

WORDS: Final[Mapping[Known, str]] = {"yes": "supports", "no": "does not support", "unknown": "cannot tell"}
INCREMENT_RULES: Final = (
    "increment-kohler", "increment-oh", "increment-doubled", "endplate-increment-doubtful",
)  # fmt: skip
HIGH_RATE_RULES: Final = ("increment-kohler", "increment-oh", "increment-zambelis", "increment-doubled")
DECREMENT_RULES: Final = ("decrement-aaem", "decrement-above-ten")
OTHER_CAUSES: Final = ("botulism", "magnesium_excess", "aminoglycoside_exposure", "blocker_exposure")
BETWEEN: Final = "in between"
_FILE: Final = Path(__file__).with_name("heads.toml")
_TRIGGERS: Final[Mapping[str, str]] = {
    "edx-increment": "after_mv", "edx-high-rate": "high_rate_largest_mv", "edx-decrement": "fourth_mv",
}  # fmt: skip


@functools.cache
def heads() -> dict[str, Head]:
    """Return the heads of this room by id.

    Raises
    ------
    DataError
        If one of them is incomplete or names an unknown source.
    """
    known = known_sources(_FILE)
    return {
        name: head_of(name, table, known=known, where=_FILE.name) for name, table in read_tables(_FILE).items()
    }  # fmt: skip


def electrodiagnosis_results(record: Record, *, prior: Decimal | float | None = None) -> tuple[Result, ...]:
    """Read every electrodiagnostic study of a record.

    Parameters
    ----------
    record
        Its `studies`.
    prior
        Probability of LEMS before the test, above 0 and below 1; without it no probability is shown.

    Returns
    -------
    tuple of Result
        For each study the increment, the fast train, the decrement and the resting amplitude, as far as they were
        measured; then what a valid increment is worth.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> [result.verdict for result in electrodiagnosis_results(example("typical-sclc-lems"))]
    ['supports', 'supports', 'supports', 'supports']
    """
    found: list[Result] = []
    for number, study in enumerate(record.studies, start=1):
        found += _of_study(record, study, number)
    found += _probability(record, prior)
    return tuple(found)


def study_name(study: Mapping[str, Fact], number: int) -> str:
    """Return how a study is called: its muscle and side, or its number."""
    row = Record(facts=study)
    muscle, side, day = row.word("muscle"), row.word("side"), row.day("study_date")
    words = " ".join(word for word in (muscle.upper() if muscle and len(muscle) <= 4 else muscle, side) if word)
    return (words or f"study {number}") + (f", {day}" if day else "")


def _of_study(record: Record, study: Mapping[str, Fact], number: int) -> list[Result]:
    where = study_name(study, number)
    found = []
    hold = _hold(record, study)
    kinds: tuple[tuple[str, Reads, tuple[str, ...]], ...] = (
        ("edx-increment", "increment", INCREMENT_RULES),
        ("edx-high-rate", "high-rate increment", HIGH_RATE_RULES),
        ("edx-decrement", "decrement", DECREMENT_RULES),
    )
    for name, reads, rules in kinds:
        if _TRIGGERS[name] in study:
            found.append(_result(name, where, study, [read(study, reads, rule) for rule in rules], number, hold))
    if "before_mv" in study:
        found.append(_result("edx-amplitude", where, study, [read_amplitude(study)], number, ()))
    return found


def _hold(record: Record, study: Mapping[str, Fact]) -> tuple[str, ...]:
    """Return what to think of where a normal result was found on amifampridine; never a reason to stop it alone."""
    if Record(facts=study).known("on_amifampridine") != "yes":
        return ()
    weak = any_of([bulbar_involvement(record), record.known("respiratory_weakness")])
    words = {
        "yes": "with the bulbar or respiratory weakness of this person it is not paused for a study",
        "no": "it is paused only if the treating neurologist agrees",
        "unknown": "it is paused only if the treating neurologist agrees, and never with bulbar or respiratory "
        "weakness, which is not fully known here",
    }[weak]
    return (
        "on amifampridine a normal result cannot exclude: record medicine, dose and hours since",
        f"the usual pause before a study is {HOLD_HOURS} h (unverified), but {words}",
    )


def _result(
    name: str, where: str, study: Mapping[str, Fact], readings: list[Reading], number: int, hold: tuple[str, ...]
) -> Result:
    head, first = heads()[name], readings[0]
    missing = tuple(dict.fromkeys(item for one in readings for item in one.missing))
    facts = dict.fromkeys(name for one in readings for gate in one.gates for name in gate.facts)
    return head.result(
        verdict=_word(readings),
        title=f"{head.title}: {where}",
        statement=f"{where}: {first.reads}, {_statement(first)}",
        because=(*_trace(readings), *(() if first.is_abnormal == "yes" else hold)),
        safety_class="A" if hold else head.safety_class,
        inputs=_inputs(study, tuple(facts)),
        missing=missing if first.verdict == "unknown" else (),
        values={
            "study": number, "percent": None if first.percent is None else float(first.percent),
            "rules": [
                {"rule": one.rule, "source": one.source, "checked": one.checked, "number_alone": WORDS[one.is_abnormal],
                 "verdict": WORDS[one.verdict], "because": one.because}
                for one in readings
            ],
            "gates": [
                {"gate": gate.name, "met": gate.is_met, "because": gate.because, "support": gate.support,
                 "guards": gate.guards, "sources": list(gate.sources)}
                for gate in first.gates
            ],
        },
    )  # fmt: skip


def _word(readings: list[Reading]) -> str:
    """Return the verdict of the first rule; a valid increment from 25 % up to it is neither for nor against."""
    found = {one.rule: one.verdict for one in readings}
    is_between = readings[0].verdict == "no" and found.get("endplate-increment-doubtful") == "yes"
    return BETWEEN if is_between else WORDS[readings[0].verdict]


def _statement(first: Reading) -> str:
    """Say the number and, where technique forbids a verdict, what failed and what was not recorded."""
    failed = [gate.because for gate in first.in_the_way if gate.is_met == "no"]
    open_ones = [words_of(gate.facts[0]) for gate in first.in_the_way if gate.is_met == "unknown"]
    failed += [f"not recorded: {', '.join(open_ones)}"] if open_ones else []
    return f"{first.because}. Cannot tell: {'; '.join(failed)}." if failed else f"{first.because}."


def _trace(readings: list[Reading]) -> list[str]:
    """Return a line for each rule, then one for each gate that is in the way of any."""
    lines = []
    for one in readings:
        is_held = one.verdict == "unknown" and one.is_abnormal != "unknown"
        lines.append(f"{one.rule}: {one.because}{'; cannot tell, because of technique' if is_held else ''}")
    gates = {gate.name: gate for one in readings for gate in one.in_the_way}
    return lines + [f"technique: {gate.because}" for gate in gates.values()]


def _inputs(study: Mapping[str, Fact], gates: tuple[str, ...]) -> tuple[Input, ...]:
    return inputs_of(Record(facts=study), *study, *gates)


def _probability(record: Record, prior: Decimal | float | None) -> list[Result]:
    """Return what a valid increment (or its absence) is worth, where one was measured."""
    answer = increment_known(record, "increment-kohler")
    if answer == "unknown":
        return []
    head, is_positive = heads()["edx-probability"], answer == "yes"
    open_causes = tuple(cause for cause in OTHER_CAUSES if record.known(cause) != "no")
    if is_positive and open_causes:
        return [_another_cause(record, open_causes)]
    tables = [_worth(evidence_named(name), is_positive, prior) for name in ("lipka-60", "oh-60-against-mg")]
    told = "An increment of 60 % or more" if is_positive else "No increment of 60 % or more, in valid studies,"
    statement = f"{told} has a likelihood ratio of {tables[0]['shown']} against {tables[0]['against']}"
    if prior is not None:
        statement += f": from a prior of {float(prior):.1%} to {tables[0]['probability']:.1%}"
    because = [f"against {one['against']}: {one['shown']} ({one['source']}; {one['note']})" for one in tables]
    because.append(f"prior {float(prior):.3f}, as given" if prior is not None else "no prior was given")
    return [
        head.result(
            verdict="supports" if is_positive else "does not support",
            statement=f"{statement}.",
            because=tuple(because),
            values={"prior": None if prior is None else float(prior), "ratios": tables},
        )
    ]


def _another_cause(record: Record, causes: tuple[str, ...]) -> Result:
    """A ratio against people without LEMS is none against botulism, magnesium or a blocker."""
    found = [cause for cause in causes if record.known(cause) == "yes"]
    words = f"found: {_listed(found)}" if found else f"not ruled out: {_listed(causes)}"
    return heads()["edx-probability"].result(
        verdict="cannot tell",
        statement=f"Another cause can give this increment ({words}), so no likelihood ratio is shown.",
        inputs=inputs_of(record, *OTHER_CAUSES),
        missing=tuple(cause for cause in causes if record.known(cause) == "unknown"),
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(words_of(name) for name in names)


def _worth(one: Evidence, is_positive: bool, prior: Decimal | float | None) -> dict[str, Any]:
    ratio = one.ratio(is_positive=is_positive)
    found: dict[str, Any] = {
        "evidence": one.id, "against": one.against, "value": ratio.value, "low": ratio.low, "high": ratio.high,
        "shown": ratio.shown(), "source": one.source, "checked": one.checked, "note": one.note,
    }  # fmt: skip
    if prior is not None:
        for key, value in (
            ("probability", ratio.value),
            ("probability_low", ratio.low),
            ("probability_high", ratio.high),
        ):
            found[key] = post_test(prior=prior, ratio=value)
    return found
