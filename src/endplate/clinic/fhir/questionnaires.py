"""Questionnaires that we publish: plain items, and scores as FHIRPath that any form filler can calculate."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from endplate.clinic.fhir.names import CHOICE, QUESTIONNAIRE
from endplate.clinic.fhir.units import UCUM, units
from endplate.clinic.record.vocabulary import Entry, groups, vocabulary
from endplate.foundation.errors import unknown_name

_FILE: Final = Path(__file__).with_name("questionnaires.toml")
CALCULATED: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
_UNIT: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
_TYPES: Final = {"yes-no": "boolean", "number": "decimal", "date": "date", "choice": "choice", "text": "string"}
_NAME: Final = re.compile(r"\{([\w-]+)\}")


@functools.cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def questionnaires() -> tuple[str, ...]:
    """Return the names of the questionnaires.

    Examples
    --------
    >>> questionnaires()
    ('deltap', 'three-tug', 'before-visit')
    """
    return tuple(_tables())


def questionnaire(name: str) -> dict[str, Any]:
    """Return one questionnaire as a FHIR resource.

    Raises
    ------
    UnknownNameError
        With the nearest name.

    Examples
    --------
    >>> form = questionnaire("deltap")
    >>> form["url"], form["item"][1]["linkId"], form["item"][-1]["readOnly"]
    ('urn:endplate:questionnaire:deltap', 'bulbar_involvement', True)
    """
    if name not in _tables():
        raise unknown_name("questionnaire", name, _tables())
    table = _tables()[name]
    entries = [vocabulary()[one] for one in table.get("items", ())]
    entries += [entry for group in table.get("groups", ()) for entry in groups()[group].values()]
    return {
        "resourceType": "Questionnaire",
        "id": name,
        "url": QUESTIONNAIRE + name,
        "version": table["version"],
        "name": "".join(part.capitalize() for part in name.split("-")),
        "title": table["title"],
        "status": "draft",
        "experimental": True,
        "subjectType": ["Patient"],
        "purpose": table["purpose"],
        "copyright": table["copyright"],
        "item": [
            *map(_item, entries),
            *({"linkId": own["id"], "text": own["text"], "type": own["type"]} for own in table.get("own", ())),
            *_scores(table),
        ],
    }


def _item(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if entry.unit in units() and entry.unit != "1":
        code = units()[entry.unit].ucum
        found["extension"] = [{"url": _UNIT, "valueCoding": {"system": UCUM, "code": code, "display": entry.unit}}]
    found |= {"linkId": entry.id, "text": entry.plain, "type": _TYPES[entry.kind]}
    if entry.kind == "choice":
        system = f"{CHOICE}:{entry.id}"
        found["answerOption"] = [{"valueCoding": {"system": system, "code": one}} for one in entry.choices]
    return found


def _scores(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for score in table.get("scores", ()):
        expression = {"language": "text/fhirpath", "expression": _expression(score["sum"])}
        yield {
            "extension": [{"url": CALCULATED, "valueExpression": expression}],
            "linkId": score["id"],
            "text": score["text"],
            "type": score.get("type", "integer"),
            "readOnly": True,
        }


def _expression(terms: list[str]) -> str:
    def answer(match: re.Match[str]) -> str:
        entry = vocabulary().get(match[1])
        of_choice = ".code" if entry is not None and entry.kind == "choice" else ""
        return f"%resource.item.where(linkId='{match[1]}').answer.value{of_choice}"

    return " + ".join(_NAME.sub(answer, term) for term in terms)


def expressions(name: str) -> dict[str, str]:
    """Return the FHIRPath expression of each score of a questionnaire.

    Examples
    --------
    >>> list(expressions("deltap"))
    ['score-low', 'score-high']
    """
    return {
        item["linkId"]: item["extension"][0]["valueExpression"]["expression"]
        for item in questionnaire(name)["item"]
        if item.get("readOnly")
    }
