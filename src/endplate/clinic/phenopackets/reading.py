"""Read a phenopacket v2 into a record; nothing in it is assumed to be there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from endplate.clinic.fhir.codes import Meaning, meaning
from endplate.clinic.fhir.gathering import Gathering, Left, NotUnderstood, day
from endplate.clinic.fhir.text import parse_object
from endplate.clinic.fhir.units import convert
from endplate.clinic.phenopackets.checks import check, normalised
from endplate.clinic.phenopackets.ontologies import system_of
from endplate.clinic.record.checks import require_consistent
from endplate.clinic.record.values import value_of
from endplate.clinic.record.vocabulary import STUDY, vocabulary
from endplate.foundation.errors import FileFormatError, InputError
from endplate.foundation.records.clinical import Fact, Medicine, Record

_SEX: Final = {"MALE": "male", "FEMALE": "female", "OTHER_SEX": "other"}
_AGE: Final = re.compile(r"P(\d+)Y(?:\d+M)?(?:\d+W)?(?:\d+D)?")
_NOT_READ: Final = ("biosamples", "interpretations", "files")
_TITRE: Final = ("vgcc_pq_titre", "vgcc_pq_upper_limit")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a phenopacket says: the record, what was left and why, and the document itself."""

    record: Record
    not_understood: tuple[Left, ...]
    document: Mapping[str, Any]


def read(
    content: bytes | str | Mapping[str, Any], *, name: str = "the phenopacket", today: date | None = None
) -> Reading:
    """Read one phenopacket v2 about one person, after both tiers of validation.

    Raises
    ------
    FileFormatError
        If it is no JSON, does not fit the schema, or uses an ontology that it does not declare.
    InputError
        If facts that cannot be true together are in it.

    Notes
    -----
    Limit: terms are matched exactly, their ancestors in the ontology are not. Numbers are binary in the
    schema: 1.60 arrives as 1.6.

    Examples
    --------
    >>> from endplate.clinic.phenopackets import write
    >>> from endplate.foundation.records.clinical import Fact
    >>> facts = {"dry_mouth": Fact("dry_mouth", "yes"), "ptosis": Fact("ptosis", "no")}
    >>> read(write(Record(facts=facts), key="a", created="2026-01-10T00:00:00Z").document).record.known("ptosis")
    'no'
    """
    document = content if isinstance(content, Mapping) else parse_object(content, name=name)
    problems = check(_plain(document))
    if problems:
        more = f" And {len(problems) - 3} more." if len(problems) > 3 else ""
        raise FileFormatError(
            f"{name} is not a valid phenopacket (version 2), and nothing of it was taken over. "
            f"{' '.join(map(str, problems[:3]))}{more} All of them: endplate clinic phenopacket check."
        )
    found = normalised(_plain(document))
    into = Gathering()
    _subject(found.get("subject", {}), into)
    for group, reader in _READERS:
        for place, one in enumerate(found.get(group, ())):
            path = f"{group}[{place}]"
            try:
                reader(one, path, into)
            except (NotUnderstood, InputError) as error:
                into.leave(path, _label(one), str(error))
    for group in _NOT_READ:
        if found.get(group):
            into.leave(group, "", "it is not read")
    record = Record(
        facts=into.merged(name=name), medicines=tuple(medicine for _, medicine in into.medicines), label=into.label
    )
    require_consistent(record, today=today)
    return Reading(record, tuple(into.left), document)


def _plain(node: Any) -> Any:
    """Return JSON with floats where our parser kept decimals, for protobuf."""
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return float(node) if isinstance(node, Decimal) else node


def _label(one: Mapping[str, Any]) -> str:
    for key in ("type", "term", "assay"):
        if isinstance(one.get(key), Mapping):
            return f"{one[key].get('label', '')} {one[key].get('id', '')}".strip()
    agent = one.get("treatment", {}).get("agent", {})
    return str(agent.get("label", ""))


def _subject(subject: Mapping[str, Any], into: Gathering) -> None:
    source = "phenopacket subject"
    if subject.get("sex") in _SEX:
        into.add(Fact("sex", _SEX[subject["sex"]], source=source), "subject.sex")
    born = day(subject.get("dateOfBirth"))
    if born is not None:
        into.add(Fact("birth_date", born, source=source), "subject.dateOfBirth")
    age = _years(subject.get("timeAtLastEncounter"))
    if age is not None:
        into.add(Fact("age_years", age, source=source), "subject.timeAtLastEncounter")
    into.label = str(subject.get("id", ""))


def _years(element: Any) -> Decimal | None:
    """Return the completed years of an age such as P62Y3M, or None."""
    age = element.get("age", {}) if isinstance(element, Mapping) else {}
    match = _AGE.fullmatch(str(age.get("iso8601duration", "")))
    return Decimal(match[1]) if match else None


def _meaning(term: Any) -> Meaning:
    curie = str(term.get("id", "")) if isinstance(term, Mapping) else ""
    prefix, _, code = curie.partition(":")
    address = system_of(prefix)
    # codes of HPO and MONDO carry their prefix, the others do not
    coding = {"system": address, "code": curie if prefix in ("HP", "MONDO") else code}
    found = meaning({"coding": [coding]}) if address else None
    if found is None:
        raise NotUnderstood(f"{curie or 'a term without id'} is not one that is read")
    return found


def _feature(one: Mapping[str, Any], path: str, into: Gathering) -> None:
    """Read a feature or a disease: present or excluded."""
    meant = _meaning(one.get("type") or one.get("term"))
    if vocabulary()[meant.fact].kind != "yes-no":
        raise NotUnderstood(f"{meant.fact} is no yes or no")
    if one.get("resolution"):
        raise NotUnderstood("it is resolved, and the fact asks about now")
    is_excluded = bool(one.get("excluded"))
    note = "" if meant.is_checked else f"the code of {meant.name} was not looked up by us"
    fact = Fact(
        meant.fact,
        "no" if is_excluded else "yes",
        source=f"phenopacket {path}",
        note=note,
        is_confirmed=meant.is_checked,
    )
    into.add(fact, path)
    if meant.fact == "lems_diagnosis" and not is_excluded:
        for found in _onset(one.get("onset", {}), path):
            into.add(found, path)


def _onset(onset: Mapping[str, Any], path: str) -> Iterator[Fact]:
    began, years = day(onset.get("timestamp")), _years(onset)
    if began is not None:
        yield Fact("onset_date", began, source=f"phenopacket {path}")
    if years is not None:
        yield Fact("age_at_onset_years", years, source=f"phenopacket {path}")


def _measurement(one: Mapping[str, Any], path: str, into: Gathering) -> None:
    meant = _meaning(one.get("assay"))
    entry = vocabulary()[meant.fact]
    quantity = one.get("value", {}).get("quantity")
    if entry.kind != "number" or not isinstance(quantity, Mapping):
        raise NotUnderstood(f"it is no number of {meant.fact}")
    prefix, _, code = str(quantity.get("unit", {}).get("id", "")).partition(":")
    if prefix != "UCUM":
        raise NotUnderstood(f"its unit {prefix}:{code} is no UCUM code, and units are not guessed")
    number = Decimal(repr(quantity.get("value", 0.0)))
    on = day(one.get("timeObserved", {}).get("timestamp"))
    if entry.id in _TITRE:
        convert(number, code, "nmol/L")
        into.imply(Fact("vgcc_pq_titre_unit", code, on=on, source=f"phenopacket {path}"), path)
        converted = number
    else:
        converted = convert(number, code, entry.unit)
    note = "" if converted is number else f"converted from {number} {code}"
    value = value_of(entry, converted, entry.id)
    is_confirmed = meant.is_checked and entry.group != STUDY
    into.add(Fact(entry.id, value, on=on, source=f"phenopacket {path}", note=note, is_confirmed=is_confirmed), path)


def _action(one: Mapping[str, Any], path: str, into: Gathering) -> None:
    treatment = one.get("treatment")
    if not isinstance(treatment, Mapping) or not treatment.get("agent", {}).get("label"):
        raise NotUnderstood("it is no treatment with a named medicine")
    agent = treatment["agent"]
    prefix, _, code = str(agent.get("id", "")).partition(":")
    if treatment.get("doseIntervals"):
        into.leave(path, agent["label"], "its doses were not read; the amounts stay unknown")
    is_over = bool(one.get("treatmentTerminationReason"))
    medicine = Medicine(
        name=agent["label"],
        status="stopped" if is_over else "taken",
        atc=code if prefix == "ATC" else "",
        rxnorm=code if prefix == "RXNORM" else "",
        route=str(treatment.get("routeOfAdministration", {}).get("label", "")),
        source=f"phenopacket {path}",
    )
    into.medicines.append((path, medicine))


_READERS: Final = (
    ("phenotypicFeatures", _feature),
    ("diseases", _feature),
    ("measurements", _measurement),
    ("medicalActions", _action),
)
