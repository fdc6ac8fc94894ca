"""Score: the sum of a scale, exact where every item is known, else the interval that stays possible."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from endplate.clinic.reading import plain
from endplate.clinic.result import Input, Result
from endplate.clinic.reviewing import review_limits
from endplate.clinic.scales.answers import Answer, read_answer
from endplate.clinic.scales.catalogue import Scale, scale_named
from endplate.foundation.errors import InputError, unknown_name

VERSION: Final = "2026-11-21"
_UNVERIFIED: Final = "Unverified: items and cut-offs are general knowledge that a person must still check."


def score_scale(name: str, answers: Mapping[str, str], *, sex: str | None = None) -> Result:
    """Score a scale from the values of its items.

    Parameters
    ----------
    name
        "qmg", "mgc", "mrc-sum", "3tug", "karnofsky" or "deltap"; "mg-adl" is known by its licence note only.
    answers
        By item: an option, a measurement, yes or no, "2 points", or "unknown". Items left out are unknown.
    sex
        "male" or "female" where cut-offs differ (grip).

    Returns
    -------
    Result
        Verdict "score", "interval" or "not shipped"; ``values`` hold low, high and the points of each item.

    Raises
    ------
    UnknownNameError
        If there is no such scale, item or option.
    InputError
        If an answer is impossible.

    Examples
    --------
    >>> score_scale("karnofsky", {"status": "60"}).statement
    'Karnofsky: 60 of 100.'
    >>> score_scale("deltap", {"D": "yes", "A": "no"}).values["high"]
    '5'
    """
    scale = scale_named(name)
    if not scale.items:
        return _result(scale, [], verdict="not shipped", statement=f"{scale.title}: {scale.licence}", values={})
    known = {item.id.lower(): item for item in scale.items}
    for given in answers:
        if given.lower() not in known:
            raise unknown_name(f"item of {scale.short}", given, [item.id for item in scale.items])
    if sex not in (None, "male", "female", "other"):
        raise InputError(f"sex must be male, female or other, got {sex!r}.")
    texts = {given.lower(): text for given, text in answers.items()}
    read = [read_answer(item, texts.get(item.id.lower(), ""), sex=sex) for item in scale.items]
    low, high = sum((one.low for one in read), Decimal(0)), sum((one.high for one in read), Decimal(0))
    unit = scale.items[0].unit if scale.highest is None else ""
    of = f" of {scale.highest}" if scale.highest is not None else f" {unit}"
    values = {
        "scale": scale.id, "low": plain(low), "high": plain(high), "highest": scale.highest, "worse": scale.worse,
        "items": {one.item.id: _span_of(one) for one in read},
    }  # fmt: skip
    if low == high:
        return _result(scale, read, verdict="score", statement=f"{scale.short}: {plain(low)}{of}.", values=values)
    unknown = ", ".join(one.item.id for one in read if not one.is_known)
    said = f"{scale.short}: between {plain(low)} and {plain(high)}{of}; not known: {unknown}."
    return _result(scale, read, verdict="interval", statement=said, values=values)


def _span_of(one: Answer) -> str:
    return plain(one.low) if one.is_known else f"{plain(one.low)}-{plain(one.high)}"


def _result(scale: Scale, read: list[Answer], *, verdict: str, statement: str, values: dict[str, Any]) -> Result:
    return Result(
        rule=f"scale-{scale.id}", version=VERSION, title=scale.title, verdict=verdict, statement=statement,
        because=tuple(
            f"{one.item.label}: {one.shown}" + (f", {_span_of(one)} points" if one.item.kind != "number" else "")
            for one in read
        ),
        inputs=tuple(Input(f"{scale.id}.{one.item.id}", one.shown) for one in read),
        missing=tuple(f"{scale.id}.{one.item.id}" for one in read if not one.is_known),
        sources=scale.sources, support=scale.support, rows=scale.rows, safety_class="C", values=values,
        limits=(
            scale.warning, f"Licence: {scale.licence}", *((_UNVERIFIED,) if scale.support == "unverified" else ()),
            *review_limits((), "C"),
        ),
    )  # fmt: skip
