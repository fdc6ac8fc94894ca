"""Glance: one sentence per section, for a reader who has ten seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from endplate.clinic.result import Result, Severity
from endplate.clinic.review.alerts import LOUDNESS, of_medicines, of_protocols
from endplate.clinic.review.review import Review, Section

_SETS: Final = (
    "triad-2017", "oh-2009", "zambelis-2020", "kohler-2018", "dutch-cohort", "aaem-2001", "pns-care-2021",
)  # fmt: skip
_SETS_MET: Final = ("met", "supports", "definite", "probable")


@dataclass(frozen=True, slots=True)
class Glance:
    """One section in one sentence."""

    section: str
    title: str
    words: str
    severity: Severity


def glances(review: Review) -> tuple[Glance, ...]:
    """Return one sentence per section, in the order of the review.

    Examples
    --------
    >>> from datetime import date
    >>> from endplate.clinic.record import example
    >>> from endplate.clinic.review import Settings, review_of
    >>> one = glances(review_of(example("antibody-only"), Settings(on=date(2026, 11, 21))))[0]
    >>> one.title, "antibody" in one.words
    ('Support for LEMS', True)
    """
    return tuple(
        Glance(section.id, section.title, _SAYS[section.id](section.results), _loudest(section))
        for section in review.sections
    )


def _loudest(section: Section) -> Severity:
    if section.id == "anaesthesia":
        return "info"
    return min((result.severity for result in section.results), key=LOUDNESS.index)


def _breathing(results: Sequence[Result]) -> str:
    raised = [result.statement for result in results if result.verdict in ("present", "flag", "high risk")]
    unsure = sum(result.verdict == "cannot tell" for result in results)
    open_ = f" {unsure} limits or signs cannot be judged." if unsure else ""
    if raised:
        return " ".join(raised) + open_
    return f"No red flag or limit that can be judged is raised.{open_}"


def _diagnosis(results: Sequence[Result]) -> str:
    by_rule = {result.rule: result for result in results}
    sets = [by_rule[name] for name in _SETS if name in by_rule]
    met = sum(result.verdict in _SETS_MET for result in sets)
    unsure = sum(result.verdict == "cannot tell" for result in sets)
    counted = f"Of {len(sets)} published sets {met} {'is' if met == 1 else 'are'} met"
    return f"{by_rule['endplate-grade'].statement} {counted}, {unsure} cannot tell."


def _electrodiagnosis(results: Sequence[Result]) -> str:
    studies: dict[str, list[str]] = {}
    for result in results:
        if "percent" not in result.values:
            continue
        what, _, study = result.title.partition(": ")
        percent = result.values["percent"]
        size = "" if percent is None else f" {percent:.1f} %"
        studies.setdefault(study, []).append(f"{what.lower()}{size} ({result.verdict})")
    return "; ".join(f"{study}: {', '.join(words)}" for study, words in studies.items()) + "."


def _differential(results: Sequence[Result]) -> str:
    table, audit = results[0], results[1]
    pointers = [
        result.title + " (ruled out by what was given)" * bool(result.values.get("ruled_out"))
        for result in results[2:]
        if result.verdict == "pointer found"
    ]
    words = [audit.statement if audit.verdict == "look again" else table.statement]
    if pointers:
        words.append(f"Pointers to other explanations (unverified): {', '.join(pointers)}.")
    return " ".join(words)


def _tumour(results: Sequence[Result]) -> str:
    score, *columns = [result for result in results if result.rule.startswith("deltap")]
    if score.values["tumour_on_record"]:
        return "A lung tumour is on record: the score, which asks how likely one is, decides nothing here."
    if score.verdict == "cannot tell":
        return "DELTA-P cannot be told: none of its items is known."
    found = [
        f"{result.statement.partition('was found in ')[2].partition(' at DELTA-P')[0]} in the cohorts of "
        f"{result.values['year']}"
        for result in columns
    ]
    return f"{score.statement} Small-cell lung cancer was found in {', '.join(found)}."


def _surveillance(results: Sequence[Result]) -> str:
    protocols = [result for result in results if "protocol" in result.values]
    raised = of_protocols([result for result in protocols if result.severity in ("critical", "warning")])
    if raised:
        return " ".join(alert.words for alert in raised)
    coming = sorted(
        (step["due"], step["what"])
        for result in protocols
        for step in result.values["steps"]
        if step["status"] in ("planned", "due now")
    )
    without_pet = [result.title.partition(" (")[0] for result in protocols if result.values["lacks_pet"]]
    pet = f" No FDG-PET after the negative CT is on record: {'; '.join(without_pet)} add one." if without_pet else ""
    return f"Next: {coming[0][1]} by {coming[0][0]}.{pet}" if coming else protocols[0].statement


def _treatment(results: Sequence[Result]) -> str:
    by_verdict: dict[str, list[str]] = {}
    for result in results:
        if "option" in result.values and result.verdict != "not on these facts":
            short = result.title.partition(":")[0].partition(" (")[0].partition(", with")[0]
            taken = " (taken already)" if result.values["taken"] else ""
            by_verdict.setdefault(result.verdict, []).append(short + taken)
    order = ("conflict", "consider now", "consider", "later, if needed", "cannot tell")
    said = {
        "conflict": "Spoken against",
        "later, if needed": "Only where earlier steps do not suffice",
        "cannot tell": "Depends on what is not known",
    }
    kinds = sorted(by_verdict.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    return ". ".join(f"{said.get(kind, kind.capitalize())}: {'; '.join(names)}" for kind, names in kinds) + "."


def _medicines(results: Sequence[Result]) -> str:
    if results[0].rule == "medicine-list":
        return results[0].statement
    loud = [result for result in results if result.severity in ("critical", "warning")]
    if loud:
        return " ".join(alert.words for alert in of_medicines(loud))
    return f"{', '.join(result.title for result in results)}: nothing that endangers was found in our list."


def _anaesthesia(results: Sequence[Result]) -> str:
    first = [result.statement.rstrip(".") for result in results if result.severity == "critical"][:3]
    return f"{len(results)} points; above all: {'; '.join(first)}."


def _every(results: Sequence[Result]) -> str:
    return " ".join(result.statement for result in results)


def _outlook(results: Sequence[Result]) -> str:
    shown = sum(result.verdict == "shown" for result in results)
    return f"{shown} figures of cohorts, each with number and year; none of them predicts for one person."


_SAYS: Final[Mapping[str, Callable[[Sequence[Result]], str]]] = {
    "breathing": _breathing,
    "diagnosis": _diagnosis,
    "electrodiagnosis": _electrodiagnosis,
    "differential": _differential,
    "tumour": _tumour,
    "surveillance": _surveillance,
    "treatment": _treatment,
    "medicines": _medicines,
    "anaesthesia": _anaesthesia,
    "scales": _every,
    "outlook": _outlook,
}
