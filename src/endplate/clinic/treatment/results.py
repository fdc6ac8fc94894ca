"""Results of the treatment room: every option in order, with reasons, conflicts, checks, evidence and monitoring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from endplate.clinic.conditions import Situation, holds
from endplate.clinic.diagnosis import is_lems
from endplate.clinic.logic import all_of
from endplate.clinic.reading import inputs_of, words_of
from endplate.clinic.result import Result, Severity
from endplate.clinic.treatment.catalogue import Catalogue, Check, Conflict, Option, catalogue
from endplate.clinic.treatment.signals import signal
from endplate.foundation.records.clinical import Known, Medicine, Record

AMIFAMPRIDINE: Final = "amifampridine"
LATER: Final = "later, if needed"
_PACKS_OF_THE_EU_LABEL: Final = ("eu", "uk", "ch")
_JURISDICTION: Final = {"us": "US", "eu": "EU", "uk": "UK", "ch": "CH"}
_WORDS: Final[dict[Known, str]] = {"yes": "consider now", "no": "not on these facts", "unknown": "cannot tell"}


@dataclass(frozen=True, slots=True)
class Found:
    """A conflict that holds (`known` is yes) or that nobody has excluded (unknown)."""

    conflict: Conflict
    known: Known


def treatment_results(record: Record, *, today: date, pack: str | None = None) -> tuple[Result, ...]:
    """Return the options T0 to T8 in their order.

    Parameters
    ----------
    pack
        "us", "eu", "uk" or "ch": whose label of amifampridine counts; None shows what any label says.

    Raises
    ------
    UnknownNameError
        If there is no such pack.

    Examples
    --------
    >>> results = treatment_results(Record(), today=date(2026, 1, 1), pack="us")
    >>> [(result.rule, result.verdict) for result in results][:3]
    [('treatment.T0', 'cannot tell'), ('treatment.T1', 'cannot tell'), ('treatment.T2', 'cannot tell')]
    """
    from endplate.clinic.medicines.check import label_of, recognised_medicines, situation_of

    label_of(pack)
    situation = situation_of(record, recognised_medicines(record))
    known = catalogue()
    return tuple(_result(one, situation, known, today=today, pack=pack) for one in known.options)


def applies(pack_of_line: str, pack: str | None) -> bool:
    """Return whether a line of one label counts under the chosen one; without a choice every label does."""
    if not pack_of_line or pack is None:
        return True
    return pack_of_line == ("eu" if pack.lower() in _PACKS_OF_THE_EU_LABEL else pack.lower())


def _conflicts(option: Option, situation: Situation, known: Catalogue, pack: str | None) -> list[Found]:
    mine = [one for one in known.conflicts if one.option == option.id and applies(one.pack, pack)]
    found = [Found(one, holds(one.condition, situation)) for one in mine]
    return [one for one in found if one.known != "no"]


def _pairs(option: Option, record: Record, pack: str | None) -> tuple[Result, ...]:
    """Return interactions of the record's medicines with amifampridine as if it were proposed."""
    from endplate.clinic.medicines import check_medicines

    if option.id != "T2":
        return ()
    proposed = replace(record, medicines=(*record.medicines, Medicine(AMIFAMPRIDINE, status="proposed")))
    return tuple(
        one
        for one in check_medicines(proposed, pack=pack)
        if one.values.get("kind") == "interaction"
        and AMIFAMPRIDINE in one.values["medicines"]
        and set(one.values["medicines"]) != {AMIFAMPRIDINE}
    )


def _result(option: Option, situation: Situation, known: Catalogue, *, today: date, pack: str | None) -> Result:
    record = situation.record
    now, why, asks = _now(option, situation, today)
    conflicts, pairs = _conflicts(option, situation, known, pack), _pairs(option, record, pack)
    holding = [one for one in conflicts if one.known == "yes"]
    against = [one.conflict.text for one in holding if one.conflict.bars == "option"]
    against += [_named_pair(one) for one in pairs if one.values.get("grade") == "A"]
    partly = [one.conflict.text for one in holding if one.conflict.bars == "part"]
    unsure = _not_excluded(option, situation, conflicts)
    taken = _taken(option, record)
    lems = is_lems(record) if option.is_for_lems else "yes"
    verdict = _verdict(option, all_of([lems, now or "yes"]), against=bool(against), unsure=bool(unsure))
    checks = _checks(option, record, known, pack)
    mark = " (unverified)" if option.support == "unverified" else ""
    result = known.head.result(
        verdict=verdict,
        statement=f"{option.title}{mark}: {option.text}."
        + "".join(f" Against it: {text}." for text in against)
        + "".join(f" Against a part of it: {text}." for text in partly)
        + (f" Not excluded yet: {', '.join(unsure)}." if unsure else ""),
        title=f"{option.id} {option.title}",
        because=(
            *why,
            *_whom(lems),
            *((f"On the list of medicines already: {', '.join(taken)}.",) if taken else ()),
            *(f"{one.conflict.text[0].upper()}{one.conflict.text[1:]}." for one in holding),
            *(one.statement for one in pairs),
            *(f"Before the start: {check.text} ({'answered' if is_done else 'open'})." for check, is_done in checks),
            *(f"{known.evidence[name].text}." for name in option.evidence),
        ),
        inputs=inputs_of(record, *_facts(option, conflicts)),
        missing=_missing((*_asks_lems(record, lems), *asks), conflicts, checks),
        sources=_all_sources(option, known, conflicts, pairs),
        support=option.support,
        rows=option.rows,
        severity=_severity(verdict, holding, option),
        jurisdiction=_JURISDICTION.get((pack or "").lower(), "international"),
        values={**_values(option, conflicts, pairs, checks, known), "taken": taken},
    )
    return replace(result, rule=f"treatment.{option.id}")


def _verdict(option: Option, now: Known, *, against: bool, unsure: bool) -> str:
    """Return the word of an option: what speaks against it dominates, and an unknown never recommends it."""
    if against:
        return "conflict"
    if now == "no":
        return _WORDS[now]
    if unsure or now == "unknown":
        return _WORDS["unknown"]
    if option.condition is not None or option.signal:
        return _WORDS[now]
    return LATER if option.is_later else "consider"


def _whom(lems: Known) -> tuple[str, ...]:
    """Say why an option of LEMS is held back."""
    if lems == "yes":
        return ()
    if lems == "no":
        return ("LEMS was not diagnosed and is not supported by these facts.",)
    return ("Whether this is LEMS is not known: no diagnosis is on record, and our grade is below probable.",)


def _asks_lems(record: Record, lems: Known) -> tuple[str, ...]:
    return ("lems_diagnosis",) if lems == "unknown" and record.known("lems_diagnosis") == "unknown" else ()


def _taken(option: Option, record: Record) -> list[str]:
    """Return which medicines of an option are taken; a proposed one is not."""
    from endplate.clinic.medicines.naming import recognise

    found = [recognise(one).substance for one in record.medicines if one.status == "taken"]
    names = [one.name for one in found if one is not None]
    return [name for name in option.substances if name in names]


def _named_pair(one: Result) -> str:
    """Name what the record's own medicine is, since several can fall under one rule."""
    others = [name for name in one.values["medicines"] if name != AMIFAMPRIDINE]
    return f"{one.title} ({', '.join(others)})"


def _now(option: Option, situation: Situation, today: date) -> tuple[Known | None, tuple[str, ...], tuple[str, ...]]:
    """Return whether the option is to be considered now, None where its text alone says when; why; what would tell."""
    if option.signal:
        known, why, asks = signal(situation.record, option.signal, today=today)
        return known, (f"{why[0].upper()}{why[1:]}.",), asks
    if option.condition is None:
        return None, (), ()
    facts = ", ".join(f"{one.name}: {one.shown}" for one in inputs_of(situation.record, *option.condition.facts()))
    note = (f"{option.note[0].upper()}{option.note[1:]}.",) if option.note else ()
    now = holds(option.condition, situation)
    return now, (f"{facts}.", *note), option.condition.facts() if now == "unknown" else ()


def _not_excluded(option: Option, situation: Situation, conflicts: list[Found]) -> list[str]:
    """Name what would bar the option and has not been excluded: unknown is not no."""
    barring = [one.conflict for one in conflicts if one.known == "unknown" and one.conflict.bars == "option"]
    names = dict.fromkeys(words_of(name) for one in barring for name in one.condition.facts())
    if option.id == "T2" and not situation.is_list_known:
        return [*names, "medicines that its label bars"]
    return list(names)


def _checks(option: Option, record: Record, known: Catalogue, pack: str | None) -> list[tuple[Check, bool]]:
    """Return the checks before the start, each with whether the record answers it."""
    mine = [one for one in known.checks if one.option == option.id and applies(one.pack, pack)]
    return [(one, bool(one.facts) and all(_is_answered(record, name) for name in one.facts)) for one in mine]


def _is_answered(record: Record, name: str) -> bool:
    if name == "medicines":
        return record.known("no_other_medicines") == "yes"
    return not inputs_of(record, name)[0].shown.startswith("unknown")


def _facts(option: Option, conflicts: list[Found]) -> tuple[str, ...]:
    own = option.condition.facts() if option.condition is not None else ()
    names = (*own, *(name for one in conflicts for name in one.conflict.condition.facts()))
    return tuple(dict.fromkeys(name for name in names if name != "medicines"))


def _missing(own: tuple[str, ...], conflicts: list[Found], checks: list[tuple[Check, bool]]) -> tuple[str, ...]:
    asked = [name for one in conflicts if one.known == "unknown" for name in one.conflict.condition.facts()]
    todo = [name for check, is_done in checks if not is_done for name in check.facts]
    return tuple(dict.fromkeys((*own, *asked, *todo)))


def _all_sources(
    option: Option, known: Catalogue, conflicts: list[Found], pairs: tuple[Result, ...]
) -> tuple[str, ...]:
    names = [*option.sources, *(known.evidence[name].source for name in option.evidence)]
    names += [source for one in conflicts for source in one.conflict.sources]
    names += [source for one in pairs for source in one.sources]
    return tuple(dict.fromkeys(name for name in names if name))


def _severity(verdict: str, holding: list[Found], option: Option) -> Severity:
    if verdict == "conflict" or (option.id == "T0" and verdict == "consider now"):
        return "critical"
    if any(one.conflict.bars == "part" for one in holding):
        return "critical"
    return "caution" if holding or verdict == "consider now" else "info"


def _values(
    option: Option,
    conflicts: list[Found],
    pairs: tuple[Result, ...],
    checks: list[tuple[Check, bool]],
    known: Catalogue,
) -> dict[str, Any]:
    return {
        "option": option.id,
        "order": [one.id for one in known.options].index(option.id),
        "conflicts": [
            {"id": one.conflict.id, "text": one.conflict.text, "bars": one.conflict.bars, "known": one.known}
            for one in conflicts
        ],
        "interactions": [{"title": one.title, "verdict": one.verdict, "statement": one.statement} for one in pairs],
        "checks": [{"text": check.text, "done": is_done, "sources": list(check.sources)} for check, is_done in checks],
        "evidence": [
            {"text": one.text, "source": one.source, "support": one.support}
            for one in (known.evidence[name] for name in option.evidence)
        ],
    }
