"""Cards: one result as a clinician's system shows it, with its basis; a summary below 140 characters."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Final

import endplate
from endplate.clinic.cds.discovery import tables
from endplate.clinic.result import Result

MOST_CHARACTERS: Final = 139  # CDS Hooks: a summary is shorter than 140 characters
INDICATORS: Final = {"info": "info", "caution": "info", "warning": "warning", "critical": "critical"}
INTENDED_USE: Final = (
    "For a licensed professional who reviews the basis; options, no orders; not a medical device, no diagnosis."
)
_PDDI: Final = ("consequence", "seriousness", "mechanism", "action", "evidence")  # HL7 minimum information model
_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:endplate:cds")
_MARKS: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "[": "\\[", "]": "\\]", "`": "\\`"})


def plain(text: str) -> str:
    r"""Return text that markdown shows as it is: no HTML, no links, from whatever system it came.

    Examples
    --------
    >>> plain("<script>[x](y)")
    '&lt;script&gt;\\[x\\](y)'
    """
    return " ".join(text.split()).translate(_MARKS)


def summary_of(text: str) -> str:
    """Return text of at most 139 characters, cut between words.

    Examples
    --------
    >>> len(summary_of("word " * 60)) < 140, summary_of("short")
    (True, 'short')
    """
    one_line = " ".join(text.split())
    if len(one_line) <= MOST_CHARACTERS:
        return one_line or "Endplate"
    cut = one_line[: MOST_CHARACTERS - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[60:] else cut) + "…"


def card(result: Result, *, instance: str, summary: str = "") -> dict[str, Any]:
    """Return one result as a card of CDS Hooks 2.0.

    Parameters
    ----------
    result
        Of any rule.
    instance
        The request's hookInstance: with it the same answer to the same request has the same UUID.
    summary
        If not said, the title and the statement, as far as they fit.
    """
    mark = "" if result.support == "published" else f" ({result.support})"
    told = summary_of(summary or f"{result.title}{mark}: {result.statement}")
    found: dict[str, Any] = {
        "uuid": str(uuid.uuid5(_SPACE, "\n".join((instance, result.rule, result.title, result.statement)))),
        "summary": told,
        "indicator": INDICATORS[result.severity],
        "detail": "\n".join(_detail(result)),
        "source": {
            "label": f"Endplate {endplate.__version__}, rule {result.rule} ({result.version})",
            "topic": {"system": "urn:endplate:rule", "code": result.rule, "display": plain(result.title)},
        },
        "overrideReasons": override_reasons(),
    }
    links = list(_links(result))
    return {**found, "links": links} if links else found


def override_reasons() -> list[dict[str, str]]:
    """Return the reasons that a clinician may choose for not following a card."""
    table = tables()["override"]
    return [{"code": code, "system": table["system"], "display": said} for code, said in table["reasons"].items()]


def _detail(result: Result) -> Iterator[str]:
    mark = "" if result.support == "published" else f" **{result.support}**"
    yield f"**{plain(result.title)}**: {plain(result.verdict)}{mark}"
    yield ""
    yield plain(result.statement)
    for heading, lines in (
        ("What is known", tuple(f"{key}: {result.values[key]}" for key in _PDDI if result.values.get(key))),
        ("Basis", result.because),
        ("Read", tuple(f"{one.name}: {one.shown}" for one in result.inputs)),
        ("Missing", result.missing),
        ("Limits", result.limits),
        ("Other views", result.other_views),
        ("Sources", result.sources),
    ):
        if lines:
            yield from ("", f"**{heading}**", "")
            yield from (f"- {plain(line)}" for line in lines)
    yield ""
    reviewers = plain(", ".join(result.reviewers)) or "no clinician yet"
    yield f"Jurisdiction: {result.jurisdiction}. Reviewed by: {reviewers}."
    yield INTENDED_USE


def _links(result: Result) -> Iterator[dict[str, str]]:
    """Yield a link to each source that has an address of its own."""
    from endplate.clinic.knowledge.references import references

    for key in result.sources:
        item = references().get(key, {})
        url = f"https://doi.org/{item['DOI']}" if item.get("DOI") else str(item.get("URL", ""))
        if url.startswith("https://"):
            yield {"label": f"{key}: {item.get('title', key)}"[:100], "url": url, "type": "absolute"}
