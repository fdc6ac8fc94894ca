"""Findings gathered: one card per measured number with what each rule says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from endplate.foundation.records import Finding
from endplate.report.reading import finding_of, is_rested, trains

if TYPE_CHECKING:
    from endplate.exam.examination.types import Study

_ENDPLATE = "end-plate "


@dataclass(frozen=True, slots=True)
class Gathered:
    """One number and the rules that read it, in the order of the findings."""

    kind: str
    name: str
    first: Finding
    rules: tuple[Finding, ...]

    @property
    def heading(self) -> str:
        """Kind and name in one phrase, without saying the kind twice.

        Examples
        --------
        >>> Gathered("decrement", "3 Hz, rest: 1 to 4", None, ()).heading  # type: ignore[arg-type]
        'Decrement: 3 Hz, rest, 1 to 4'
        """
        name = self.name.replace(": ", ", ")
        words = name if self.kind in name.lower() else f"{self.kind}: {name}"
        return words[:1].upper() + words[1:]


def gather(findings: Sequence[Finding]) -> list[Gathered]:
    """Return findings of one kind and name together."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.kind, finding.name), []).append(finding)
    return [Gathered(kind, name, rules[0], tuple(rules)) for (kind, name), rules in groups.items()]


def leading(study: Study) -> list[Gathered]:
    """Return what stands on cards: the rest is the same kind at other moments, areas, single end-plates.

    Of the decrements that is the rested train, 1st to 4th; of needle studies the study as a whole.
    """
    rested = [train for train in trains(study, "low rate") if is_rested(train)]
    decrement = finding_of(study, "decrement", rested[0]) if rested else finding_of(study, "decrement")
    kept = []
    for group in gather(study.findings.findings):
        is_other_moment = group.kind == "decrement" and decrement is not None and group.name != decrement.name
        is_area = group.name.endswith(" area")
        is_part = group.kind in ("jitter", "blocking") and group.name.startswith(_ENDPLATE)
        if not (is_other_moment or is_area or is_part):
            kept.append(group)
    return kept or gather(study.findings.findings)[:6]
