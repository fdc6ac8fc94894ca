"""Structure: what the R4B models of fhir.resources say of a resource (R4B equals R4 in the resources read here).

Nothing but ``fhir.resources.R4B`` is ever imported: the top level of that package is R5.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any, Final

from endplate.clinic.fhir.problems import Problem
from endplate.foundation.errors import EndplateError

_PACKAGE: Final = "fhir.resources.R4B"


class MissingPackageError(EndplateError, ImportError):
    """A package of the extra `clinic` that is not installed."""


@functools.cache
def model(kind: str) -> Any:
    """Return the model of one resource type, or None where R4B has none.

    Raises
    ------
    MissingPackageError
        If fhir.resources is not installed.

    Examples
    --------
    >>> model("Observation").__name__, model("Banana")
    ('Observation', None)
    """
    try:
        importlib.import_module(_PACKAGE)
    except ImportError as error:
        raise MissingPackageError(
            "reading and writing FHIR needs fhir.resources; install it with: pip install 'endplate[clinic]'."
        ) from error
    if not kind.isalpha() or importlib.util.find_spec(f"{_PACKAGE}.{kind.lower()}") is None:
        return None
    return getattr(importlib.import_module(f"{_PACKAGE}.{kind.lower()}"), kind, None)


def check_structure(resource: Mapping[str, Any], path: str = "") -> list[Problem]:
    """Return every property that is unknown, missing or of the wrong type.

    Raises
    ------
    MissingPackageError
        If fhir.resources is not installed.

    Examples
    --------
    >>> print(check_structure({"resourceType": "Patient", "colour": "red"})[0])
    Patient.colour: FHIR R4 has no such property here (is it of another version, or misspelt?).
    """
    kind = str(resource.get("resourceType"))
    found = model(kind)
    if found is None:
        return [Problem(path or kind, f"FHIR R4 has no resource {kind!r}.")]
    from pydantic import ValidationError

    empty = list(_nulls(resource, path or kind))
    if empty:
        return empty
    try:
        found.model_validate(resource)
    except ValidationError as error:
        return list(_problems(error.errors(include_url=False, include_context=False), path or kind))
    return []


def _nulls(node: Any, path: str) -> Iterator[Problem]:
    """Yield every property that is null, which the models let through; in a list of values it may be."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if value is None:
                yield Problem(f"{path}.{key}", "null is no value in FHIR; leave the property out.")
            else:
                yield from _nulls(value, f"{path}.{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            if isinstance(value, (Mapping, list)):
                yield from _nulls(value, f"{path}[{place}]")


def _problems(errors: Any, path: str) -> Iterator[Problem]:
    for error in errors:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])
        if error["type"] == "extra_forbidden":
            says = "FHIR R4 has no such property here (is it of another version, or misspelt?)."
        else:
            says = str(error["msg"]).strip().splitlines()[0].rstrip(".") + "."
            if isinstance(error.get("input"), (str, int, float, bool)):
                says += f" Got {str(error['input'])[:60]!r}."
        yield Problem(path + place, says)
