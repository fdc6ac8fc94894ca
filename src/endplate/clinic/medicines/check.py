"""Check: the medicines of one record, one result per medicine and one per interaction, the most serious first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from endplate.clinic.conditions import Situation
from endplate.clinic.medicines.hazards import hazard_result, unknown_result
from endplate.clinic.medicines.interactions import LABELS, pairs_of
from endplate.clinic.medicines.naming import Recognised, recognise
from endplate.clinic.medicines.pairs import pair_result
from endplate.clinic.result import Result
from endplate.foundation.errors import unknown_name
from endplate.foundation.records.clinical import Record

_ORDER: Final = ("critical", "warning", "caution", "info")


def label_of(pack: str | None) -> str | None:
    """Return the label of a pack in capitals, or None for all of them.

    Raises
    ------
    UnknownNameError
        If there is no such pack.

    Examples
    --------
    >>> label_of("eu"), label_of(None)
    ('EU', None)
    """
    if pack is None:
        return None
    if pack.upper() not in LABELS:
        raise unknown_name("pack", pack, [label.lower() for label in LABELS])
    return pack.upper()


def situation_of(record: Record, recognised: Iterable[Recognised]) -> Situation:
    """Return the record with the tags and names of every medicine that is taken or proposed.

    A tag that is not found is absent only where the list is said to be complete and was recognised in full.
    """
    found = list(recognised)
    substances = [one for item in found for one in (item.substance, item.other) if one is not None]
    tags = {tag for one in substances for tag in (*one.tags, one.name)}
    is_complete = record.known("no_other_medicines") == "yes"
    return Situation(
        record, tags=frozenset(tags), is_list_known=is_complete and all(one.substance is not None for one in found)
    )


def recognised_medicines(record: Record) -> tuple[Recognised, ...]:
    """Recognise the medicines that are taken or proposed; stopped ones are left out."""
    return tuple(recognise(one) for one in record.medicines if one.status != "stopped")


def check_medicines(record: Record, *, pack: str | None = None) -> tuple[Result, ...]:
    """Check the medicines of a record.

    Parameters
    ----------
    record
        Its medicines that are taken or proposed are checked; conditions read its facts.
    pack
        "us", "eu", "uk" or "ch": whose label of amifampridine counts; None shows all side by side.

    Returns
    -------
    tuple of Result
        Rule ``medicine-hazard`` per medicine (verdict A, B, C, info, "no LEMS hazard known" or "unknown"), and
        one result per interaction. A medicine that was not recognised is a warning: unknown is not safe.

    Raises
    ------
    UnknownNameError
        If there is no such pack.

    Examples
    --------
    >>> from endplate.foundation.records.clinical import Medicine
    >>> [one.verdict for one in check_medicines(Record(medicines=(Medicine("gentamicin"), Medicine("xyzzy"))))]
    ['B', 'unknown']
    """
    label = label_of(pack)
    recognised = recognised_medicines(record)
    situation = situation_of(record, recognised)
    results = [result for one in recognised for result in _of_medicine(one, situation)]
    results += [pair_result(pair, label) for pair in pairs_of(recognised)]
    return tuple(sorted(results, key=lambda one: _ORDER.index(one.severity)))


def _of_medicine(one: Recognised, situation: Situation) -> tuple[Result, ...]:
    if one.substance is None:
        return (unknown_result(one),)
    results = [hazard_result(one, one.substance, situation)]
    if one.other is not None:
        results.append(hazard_result(one, one.other, situation))
    return tuple(results)
