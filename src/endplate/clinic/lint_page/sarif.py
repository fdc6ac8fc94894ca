"""SARIF 2.1.0: the findings in the form that editors and code hosts show beside the lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from endplate.clinic.lint_page.defects import CLASSES, Finding
from endplate.clinic.lint_page.lint import Linted

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ORDER: Final = {name: place for place, name in enumerate(CLASSES)}


def sarif(linted: Iterable[Linted], *, version: str) -> dict[str, Any]:
    """Return a SARIF log of one run.

    Examples
    --------
    >>> log = sarif([Linted("a page.html", (Finding(3, "missing-date", "no date."),))], version="1")
    >>> place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    >>> place["artifactLocation"]["uri"], place["region"]["startLine"]
    ('a%20page.html', 3)
    """
    files = list(linted)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "endplate lint-page", "version": version, "rules": _rules()}},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(files)],
                "results": [_result(file.path, finding) for file in files for finding in file.findings],
            }
        ],
    }


def _rules() -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "shortDescription": {"text": one.title},
            "fullDescription": {"text": one.why},
            "help": {"text": one.remedy},
            "defaultConfiguration": {"level": one.level},
        }
        for one in CLASSES.values()
    ]


def _invocation(files: list[Linted]) -> dict[str, Any]:
    unread = [file for file in files if file.error]
    invocation: dict[str, Any] = {"executionSuccessful": not unread}
    if unread:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": file.error}, "locations": [_location(file.path, None)]}
            for file in unread
        ]
    return invocation


def _location(path: str, line: int | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(PurePath(path).as_posix())}}
    if line is not None:
        place["region"] = {"startLine": line}
    return {"physicalLocation": place}


def _result(path: str, finding: Finding) -> dict[str, Any]:
    text = f"{finding.text[:1].upper()}{finding.text[1:]}"
    mark = hashlib.sha256(f"{finding.kind}\n{finding.text}\n{finding.excerpt}".encode()).hexdigest()[:16]
    result: dict[str, Any] = {
        "ruleId": finding.kind,
        "ruleIndex": _ORDER[finding.kind],
        "level": CLASSES[finding.kind].level,
        "message": {"text": text},
        "locations": [_location(path, finding.line)],
        "partialFingerprints": {"finding/v1": mark},
    }
    if finding.claim:
        result["properties"] = {"claim": finding.claim}
    return result
