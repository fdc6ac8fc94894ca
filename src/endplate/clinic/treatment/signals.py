"""Signals: what other rooms say that decides the order of treatment, as yes, no or unknown."""

from __future__ import annotations

from datetime import date

from endplate.clinic.logic import any_of, known_of
from endplate.clinic.respiratory.red_flags import red_flags
from endplate.clinic.respiratory.rules import answer, flagged, rule_set
from endplate.clinic.surveillance.scans import scans_of
from endplate.foundation.records.clinical import Known, Record


def signal(record: Record, name: str, *, today: date) -> tuple[Known, str, tuple[str, ...]]:
    """Return one signal, why, and which facts would settle it."""
    return _respiratory_emergency(record, today) if name == "respiratory_emergency" else _tumour_found(record)


def _respiratory_emergency(record: Record, today: date) -> tuple[Known, str, tuple[str, ...]]:
    sets = [rule_set(name) for name in ("rule-20-30-40", "ventilation-bmj")]
    answers = [answer(record, one, today=today) for rules in sets for one in rules.criteria]
    flags = [flag for flag in red_flags("clinician") if flag.id in ("bulbar-and-respiratory", "hypercapnia")]
    present = any_of([flagged(tuple(answers)), *(flag.present(record) for flag in flags)])
    if present == "yes":
        met = [one.because for one in answers if one.met == "yes"]
        return present, "; ".join([*met, *(flag.text for flag in flags if flag.present(record) == "yes")]), ()
    words = (
        "no respiratory limit is crossed" if present == "no" else "whether a respiratory limit is crossed is not known"
    )
    asks = [name for one in answers if one.met == "unknown" for name in one.asks]
    return present, words, tuple(dict.fromkeys(asks)) if present == "unknown" else ()


def _tumour_found(record: Record) -> tuple[Known, str, tuple[str, ...]]:
    facts = {name: record.known(name) for name in ("sclc", "lung_cancer", "other_cancer")}
    scans = scans_of(record)
    is_seen = any(scan.result == "positive" for scan in scans)
    is_clear = bool(scans) and all(scan.result == "negative" for scan in scans)
    found = any_of([*facts.values(), known_of(True if is_seen else False if is_clear else None)])
    if found == "yes":
        named = [name.replace("_", " ") for name, known in facts.items() if known == "yes"]
        return found, ", ".join([*named, *(scan.shown for scan in scans if scan.result == "positive")]), ()
    if found == "no":
        return found, "no tumour on record", ()
    asks = tuple(name for name, known in facts.items() if known == "unknown")
    return found, "whether there is a tumour is not known", asks if is_clear else (*asks, "scans")
