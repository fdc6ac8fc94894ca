"""FHIR as text: JSON read without losing a digit, and refused with a sentence where it is something else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NoReturn

from endplate.foundation.errors import FileFormatError

_DEEPEST: Final = 100  # levels; the deepest official example has 22
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def _decoded(content: bytes, name: str) -> str:
    if content[:2] in _UTF16 or b"\0" in content[:4]:
        raise FileFormatError(f"{name} is UTF-16 or UTF-32, but JSON is UTF-8. Save it as UTF-8 and try again.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{name} is not UTF-8: byte {error.start} is 0x{content[error.start]:02x}. It may be Latin-1 or "
            "Windows-1252; save it as UTF-8, since letters would otherwise be guessed."
        ) from None


def _refuse_xml(text: str, name: str) -> None:
    if not text.lstrip().startswith("<"):
        return
    declares = "<!DOCTYPE" in text[:4096].upper() or "<!ENTITY" in text[:4096].upper()
    attack = " It declares a document type or entities, which FHIR forbids: somebody should look at it." * declares
    raise FileFormatError(
        f"{name} is XML, and only JSON is read; nothing of it was parsed.{attack} "
        "Ask the other system for JSON (Accept: application/fhir+json)."
    )


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object, and only one of them could be read")
    return found


def _depth(value: Any) -> int:
    level, layer = 0, [value]
    while layer and level <= _DEEPEST:
        level += 1
        layer = [
            inner
            for one in layer
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
    return level


def parse_object(content: bytes | str, *, name: str) -> dict[str, Any]:
    """Read one JSON object, of FHIR or of a phenopacket; decimals keep every digit.

    Raises
    ------
    FileFormatError
        If it is XML, in another encoding, no JSON object, or nested too deeply.

    Examples
    --------
    >>> parse_object('{"value": 1.60}', name="the text")
    {'value': Decimal('1.60')}
    """
    text = _decoded(content, name) if isinstance(content, bytes) else content
    _refuse_xml(text, name)
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique)
    except RecursionError:
        found = None
    except ValueError as error:
        raise FileFormatError(f"{name} is not JSON: {error}. If it was cut off, ask for it again.") from None
    if found is None or _depth(found) > _DEEPEST:
        raise FileFormatError(f"{name} is nested more than {_DEEPEST} levels deep, which no record of a person is.")
    if not isinstance(found, dict):
        raise FileFormatError(f"{name} is JSON, but no object in braces.")
    return found


def parse(content: bytes | str, *, name: str = "the FHIR text") -> dict[str, Any]:
    """Read FHIR JSON; decimals keep every digit.

    Raises
    ------
    FileFormatError
        If it is XML, in another encoding, no JSON, nested too deeply, or no resource.

    Examples
    --------
    >>> parse('{"resourceType": "Observation", "valueQuantity": {"value": 1.60}}')["valueQuantity"]
    {'value': Decimal('1.60')}
    >>> parse("<Patient/>")
    Traceback (most recent call last):
    endplate.foundation.errors.FileFormatError: the FHIR text is XML, and only JSON is read; nothing of it \
was parsed. Ask the other system for JSON (Accept: application/fhir+json).
    """
    found = parse_object(content, name=name)
    if not isinstance(found.get("resourceType"), str):
        raise FileFormatError(
            f"{name} is JSON but no FHIR resource: it needs a resourceType, as in "
            '{"resourceType": "Bundle", ...}. Facts in our own form are read by: endplate clinic review.'
        )
    return found


def write(document: Mapping[str, Any]) -> str:
    """Return FHIR JSON, decimals with the digits that they came with.

    Examples
    --------
    >>> print(write({"value": Decimal("1.60"), "list": [1]}))
    {
     "value": 1.60,
     "list": [
      1
     ]
    }
    """
    return "".join(_pieces(document, "\n"))


def _pieces(value: Any, newline: str) -> Iterator[str]:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is no number in JSON")
        yield str(value)
    elif isinstance(value, Mapping) and value:
        yield "{"
        for place, (key, inner) in enumerate(value.items()):
            yield f"{',' * bool(place)}{newline} {json.dumps(key, ensure_ascii=False)}: "
            yield from _pieces(inner, newline + " ")
        yield newline + "}"
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        yield "["
        for place, inner in enumerate(value):
            yield f"{',' * bool(place)}{newline} "
            yield from _pieces(inner, newline + " ")
        yield newline + "]"
    else:
        yield json.dumps(value, ensure_ascii=False, allow_nan=False)
