"""Lines: how each result of a review is said on the page, and which ones stay small until they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from endplate.clinic.result import Result
from endplate.clinic.review.alerts import alerts
from endplate.clinic.review.glance import glances
from endplate.clinic.review.review import Review, Section

# a section whose lines are many: these verdicts are gathered by name, each opens by itself
_QUIET: Final[Mapping[str, Mapping[str, str]]] = {
    "breathing": {
        "absent": "Not present",
        "no flag": "Not met",
        "cannot tell": "Cannot tell, something is not known",
        "for reading": "To keep in mind",
    },
    "differential": {
        "cannot tell": "Not ruled out",
        "ruled out": "Ruled out by what was given",
        "no pointer found": "No pointer found",
    },
    "treatment": {"not on these facts": "Not on these facts"},
    "outlook": {"withheld": "Withheld unless asked for"},
}
_ROOM: Final = 925_000.0
VIEWS_ON_PAPER: Final = 2
_LARGEST_PT: Final = 8.4
_SMALLEST_PT: Final = 6.0
_BY_TITLE: Final = ("outlook",)  # sections whose lines share titles: the title is said once, above them
_UNSAID: Final = ("applies", "shown", "known")  # verdicts that say nothing beside their own sentence
_MARKS: Final = {"yes": "yes", "no": "no", "unknown": "not known"}


@dataclass(frozen=True, slots=True)
class Line:
    """One result on the page; a checklist item or a figure has no title of its own."""

    result: Result
    title: str
    words: str

    @property
    def verdict(self) -> str:
        """The verdict, where it says more than the sentence."""
        return "" if self.result.verdict in _UNSAID else self.result.verdict

    @property
    def is_said_on_paper(self) -> bool:
        """Whether paper says the sentence; a set that is met needs only the word, the grade shows its parts."""
        return not (self.result.values.get("legs") and self.result.verdict == "met")


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one small heading; quiet ones show their names only."""

    heading: str
    lines: tuple[Line, ...]
    is_quiet: bool = False

    @property
    def is_running(self) -> bool:
        """Whether its lines have no titles, so that paper can hold them as one paragraph."""
        return not any(line.title for line in self.lines)


def groups_of(section: Section) -> tuple[Group, ...]:
    """Return the lines of a section, loud ones first and quiet ones gathered by verdict.

    Examples
    --------
    >>> from endplate.clinic.result import Result
    >>> results = (Result("other-diagnoses", "1", "Botulism", "no pointer found", "Botulism: no pointer found."),)
    >>> [(one.heading, one.is_quiet) for one in groups_of(Section("differential", "", "", results))]
    [('No pointer found', True)]
    """
    quiet = _QUIET.get(section.id, {})
    groups: dict[tuple[str, bool], list[Line]] = {}
    for result in section.results:
        is_quiet = result.verdict in quiet and result.rule not in ("mg-or-lems", "mg-that-may-be-lems")
        heading = quiet[result.verdict] if is_quiet else result.title if section.id in _BY_TITLE else _phase(result)
        is_titled = is_quiet or not heading
        title = _title(result) if is_titled else ""
        groups.setdefault((heading, is_quiet), []).append(Line(result, title, words_of_line(result)))
    ordered = sorted(groups.items(), key=lambda pair: pair[0][1])
    return tuple(Group(heading, tuple(lines), is_quiet) for (heading, is_quiet), lines in ordered)


def _phase(result: Result) -> str:
    phase = str(result.values.get("phase", ""))
    return phase[:1].upper() + phase[1:]


def _title(result: Result) -> str:
    for prefix in ("Red flag: ", "Anaesthesia, "):
        if result.title.startswith(prefix):
            short = result.title.removeprefix(prefix).rpartition(": ")[2]
            return short[:1].upper() + short[1:]
    return result.title


def words_of_line(result: Result) -> str:
    """Return the sentence of a line without what its title and its verdict say already.

    Examples
    --------
    >>> from endplate.clinic.result import Result
    >>> words_of_line(Result("x", "1", "The rule", "met", "The rule: met."))
    ''
    >>> words_of_line(Result("x", "1", "The rule", "met", "Another sentence."))
    'Another sentence.'
    """
    legs = result.values.get("legs")
    if legs:
        return _legs(legs).replace(">=", "≥")
    words = result.statement.replace(">=", "≥").replace("<=", "≤")
    option = str(result.values.get("option", ""))
    for said in (result.title, result.title.removeprefix(f"{option} ")):
        words = words.removeprefix(f"{said}: ")
    if result.rule.startswith("edx-") and "percent" in result.values:
        words = words.removeprefix(f"{result.title.partition(': ')[2]}: ").partition(", ")[2]
    for said in (f"{result.verdict}; ", f"{result.verdict}. ", f"{result.verdict}."):
        words = words.removeprefix(said)
    return words[:1].upper() + words[1:]


def _legs(legs: Sequence[Mapping[str, Any]]) -> str:
    found: dict[str, list[str]] = {}
    for one in legs:
        found.setdefault(one["answer"], []).append(one["leg"])
    return ". ".join(
        f"{_MARKS[answer].capitalize()}: {'; '.join(found[answer])}" for answer in _MARKS if answer in found
    )


def print_size_pt(review: Review) -> float:
    """Return the size of letters that lets a review fill two sheets of A4 and no more.

    The room that letters take grows with the square of their size; `_ROOM` was measured on the synthetic persons.

    Examples
    --------
    >>> from datetime import date
    >>> from endplate.clinic.record import example
    >>> from endplate.clinic.review import Settings, review_of
    >>> 7 <= print_size_pt(review_of(example("antibody-only"), Settings(on=date(2026, 11, 21)))) <= 8.4
    True
    """
    fitting = (_ROOM / _letters(review)) ** 0.5
    return min(_LARGEST_PT, max(_SMALLEST_PT, int(10 * fitting) / 10))


def _letters(review: Review) -> int:
    """Count what paper holds, with a part of a line lost at the end of each paragraph."""
    heads = [*(len(one.words) + 60 for one in glances(review)), *(len(one.words) + 60 for one in alerts(review))]
    return sum(heads) + sum(90 + sum(_printed(group) for group in groups_of(one)) for one in review.sections)


def _printed(group: Group) -> int:
    if group.is_quiet:
        return len(group.heading) + sum(len(line.title) + 2 for line in group.lines)
    if group.is_running:
        return len(group.heading) + 40 + sum(len(line.words) + 12 for line in group.lines)
    return sum(
        30
        + len(line.title)
        + len(line.verdict)
        + line.is_said_on_paper * len(line.words)
        + sum(40 + len(view) for view in line.result.other_views[:VIEWS_ON_PAPER])
        + sum(80 for _ in comparison_of(line.result))
        for line in group.lines
    )


def comparison_of(result: Result) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of the table against myasthenia gravis whose finding is known."""
    rows = result.values.get("rows", ()) if result.rule == "mg-or-lems" else ()
    return tuple(row for row in rows if row["seen"] != "unknown")
