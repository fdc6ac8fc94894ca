"""Result: what every rule of the clinic returns, so that each line of a page shows its basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Support = Literal["published", "unverified", "proposal"]
Severity = Literal["info", "caution", "warning", "critical"]


@dataclass(frozen=True, slots=True)
class Input:
    """One fact that a rule read: its name in the vocabulary, how it was given, from where and when."""

    name: str
    shown: str
    source: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What one rule says of one record; options and their basis for a clinician to review, never a directive.

    Parameters
    ----------
    rule, version
        Id and version of the rule; versions are dated.
    title
        The heading, in a clinician's words.
    verdict
        One of the few words that the rule defines, "cannot tell" among them.
    statement
        One sentence to read.
    because
        The trace: one sentence per step, in order.
    inputs
        What was read.
    missing
        Names of facts that would change or firm up the verdict, the most useful first.
    sources
        Ids of references.
    support
        published: a source says it and was read; unverified: general knowledge that a person must
        still check; proposal: ours.
    limits
        Where the rule must not be used.
    other_views
        What other sources say where they differ.
    rows
        Ids of the rows that this embodies (M001 ...).
    severity
        How loudly a page or a card shows it.
    safety_class
        "A" for dose, red flag and contraindication (needs two reviewers), else "B" or "C".
    reviewers
        Names of clinicians who approved the wording; empty says that nobody has.
    jurisdiction
        Whose label or guideline: "US", "EU", "UK", "CH" or "international".
    values
        Numbers, dates and tables for programs, JSON-ready.
    """

    rule: str
    version: str
    title: str
    verdict: str
    statement: str
    because: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    missing: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    support: Support = "published"
    limits: tuple[str, ...] = ()
    other_views: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    severity: Severity = "info"
    safety_class: Literal["A", "B", "C"] = "C"
    reviewers: tuple[str, ...] = ()
    jurisdiction: str = "international"
    values: Mapping[str, Any] = field(default_factory=dict)
