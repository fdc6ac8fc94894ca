"""Patient, Condition, Procedure, DiagnosticReport and QuestionnaireResponse -> facts and scans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from endplate.clinic.fhir.codes import codings, meaning, tables, too_wide
from endplate.clinic.fhir.findings_in import with_details
from endplate.clinic.fhir.gathering import Gathering, NotUnderstood, day, extension, words
from endplate.clinic.fhir.names import (
    CHOICE,
    CLINICAL,
    DETAILS,
    PROVENANCE,
    QUESTIONNAIRE,
    SYNTHETIC,
    VERIFICATION,
    VOCABULARY,
)
from endplate.clinic.fhir.units import code_of, convert
from endplate.clinic.record.values import value_of
from endplate.clinic.record.vocabulary import SCAN, groups, vocabulary
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Fact

_OVER: Final = ("inactive", "remission", "resolved")
_SAYS: Final = {"confirmed": "yes", "refuted": "no", "": "yes"}
_NOT_DONE: Final = ("not-done", "entered-in-error", "preparation", "unknown")


def _code(concept: Any, system: str) -> str:
    listed = concept.get("coding", ()) if isinstance(concept, Mapping) else ()
    return next((str(one.get("code")) for one in listed if one.get("system") == system), "")


def read_patient(resource: Mapping[str, Any], path: str, into: Gathering) -> None:
    """Read name, sex and day of birth; whether the person is invented; and where a record came from."""
    source = f"FHIR {path.split(' ')[-1]}"
    if resource.get("gender") in ("male", "female", "other"):
        into.add(Fact("sex", resource["gender"], source=source), path)
    if resource.get("birthDate"):
        born = day(resource["birthDate"])
        if born is None:
            into.leave(path, "birthDate", f"{resource['birthDate']} is no single day; give age_years")
        else:
            into.add(Fact("birth_date", born, source=source), path)
    if resource.get("deceasedBoolean") or resource.get("deceasedDateTime"):
        into.leave(path, "deceased", "the person has died, which no fact here says")
    if any(link.get("type") in ("replaced-by", "seealso") for link in resource.get("link", ())):
        into.leave(path, "link", "another record of this person exists, or stands in its place; it was not read")
    names = [name for name in resource.get("name", ()) if isinstance(name, Mapping)]
    if names:
        parts = [*names[0].get("given", ()), names[0].get("family", "")]
        into.label = str(names[0].get("text") or " ".join(str(part) for part in parts if part))
    tags = resource.get("meta", {}).get("security", ())
    into.is_synthetic = any((tag.get("system"), tag.get("code")) == SYNTHETIC for tag in tags)
    kept = extension(resource, PROVENANCE)
    for pair in kept.get("extension", ()) if kept else ():
        key, _, value = str(pair.get("valueString", "")).partition("\n")
        into.provenance[key] = value


def read_condition(resource: Mapping[str, Any], path: str, into: Gathering) -> None:
    """Read one Condition as yes or no of the fact that its code stands for.

    Raises
    ------
    NotUnderstood
        If the code is not read, or says too little to be a yes or a no.
    """
    concept = resource.get("code")
    meant = meaning(concept)
    if meant is None or vocabulary()[meant.fact].kind != "yes-no":
        raise NotUnderstood(too_wide(concept) or "its code is not one that is read")
    verified = _code(resource.get("verificationStatus"), VERIFICATION)
    if verified not in _SAYS:
        raise NotUnderstood(f"its verification status is {verified}, which is neither yes nor no")
    over = _code(resource.get("clinicalStatus"), CLINICAL)
    if over in _OVER and meant.fact not in tables()["lasting"]["facts"] and extension(resource, DETAILS) is None:
        raise NotUnderstood(f"it is {over}, and {meant.fact} asks about now")
    fact = Fact(
        meant.fact,
        _SAYS[verified],
        on=day(resource.get("recordedDate")),
        source=f"FHIR {path.split(' ')[-1]}",
        # no status, or a code that nobody looked up, is for a person to confirm
        is_confirmed=bool(verified) and meant.is_checked,
        note="" if verified else "no verification status",
    )
    own = extension(resource, DETAILS)
    into.add(with_details(fact, own) if own is not None else fact, path)
    if meant.fact == "lems_diagnosis" and _SAYS[verified] == "yes":
        for found in _onset(resource, path, into):
            into.add(found, path)


def _onset(resource: Mapping[str, Any], path: str, into: Gathering) -> Iterator[Fact]:
    source = f"FHIR {path.split(' ')[-1]}"
    if resource.get("onsetDateTime"):
        began = day(resource["onsetDateTime"])
        if began is None:
            into.leave(path, "onset", f"{resource['onsetDateTime']} is no single day")
        else:
            yield Fact("onset_date", began, source=source)
    age = resource.get("onsetAge")
    if isinstance(age, Mapping) and age.get("value") is not None:
        try:
            years = convert(Decimal(str(age["value"])), code_of(age), "years")
            yield Fact(
                "age_at_onset_years", value_of(vocabulary()["age_at_onset_years"], years, "onset"), source=source
            )
        except InputError as error:
            into.leave(path, "onsetAge", str(error))


def read_procedure(resource: Mapping[str, Any], path: str, into: Gathering) -> None:
    """Read one Procedure, if it is a scan for a tumour; its result is not in it.

    Raises
    ------
    NotUnderstood
        If it is none, was not done, or does not say when.
    """
    kind = _scan_kind(resource)
    if resource.get("status") in _NOT_DONE:
        raise NotUnderstood(f"its status is {resource.get('status')}")
    period = resource.get("performedPeriod")
    on = day(resource.get("performedDateTime")) or day(period.get("start") if isinstance(period, Mapping) else None)
    _keep_scan(kind, on, path, into)
    into.leave(path, words(resource.get("code")), "what the scan showed is not in a Procedure; it stays unknown")


def read_report(resource: Mapping[str, Any], path: str, into: Gathering) -> None:
    """Read one DiagnosticReport, if it is of a scan for a tumour.

    Raises
    ------
    NotUnderstood
        If it is none, or is not final.
    """
    if resource.get("status") in ("entered-in-error", "cancelled", "registered", "unknown"):
        raise NotUnderstood(f"its status is {resource.get('status')}")
    own = extension(resource, DETAILS)
    if own is not None and any(name == VOCABULARY for name, _ in codings(resource.get("code"))):
        into.scans.append(dict(_own_scan(own)))
        return
    kind = _scan_kind(resource)
    _keep_scan(kind, day(resource.get("effectiveDateTime")), path, into)
    if resource.get("conclusion"):
        into.leave(path, "conclusion", "the words of a report are for a person to read; its result stays unknown")


def _scan_kind(resource: Mapping[str, Any]) -> str:
    table = tables()["scan"]
    for short, code in codings(resource.get("code")):
        if f"{short}|{code}" in table:
            return str(table[f"{short}|{code}"]["kind"])
    raise NotUnderstood("its code is not one that is read")


def _keep_scan(kind: str, on: Any, path: str, into: Gathering) -> None:
    if on is None:
        raise NotUnderstood("a scan without a day cannot be counted")
    source = f"FHIR {path.split(' ')[-1]}"
    into.scans.append(
        {
            "scan_date": Fact("scan_date", on, source=source),
            "kind": Fact("kind", kind, source=source),
            "result": Fact("result", None, source=source),
        }
    )


def _own_scan(own: Mapping[str, Any]) -> Iterator[tuple[str, Fact]]:
    """Yield the facts of a scan that we wrote ourselves."""
    for inner in own.get("extension", ()):
        name = str(inner.get("url"))
        entry = groups()[SCAN].get(name)
        if entry is None:
            continue
        value = next(
            (v for node in inner["extension"] for k, v in node.items() if node["url"] == "value" and k != "url"), None
        )
        yield name, with_details(Fact(name, value_of(entry, value, name)), inner)


def read_answers(resource: Mapping[str, Any], path: str, into: Gathering) -> None:
    """Read the answers to a questionnaire of ours; the link ids of others may mean anything.

    Raises
    ------
    NotUnderstood
        If the questionnaire is not ours, or was not completed.
    """
    if not str(resource.get("questionnaire", "")).startswith(QUESTIONNAIRE):
        raise NotUnderstood("it answers a questionnaire that is not ours, whose questions are not known here")
    if resource.get("status") not in ("completed", "amended"):
        raise NotUnderstood(f"its status is {resource.get('status')}")
    on = day(resource.get("authored"))
    waiting = list(resource.get("item", ()))
    while waiting:
        item = waiting.pop(0)
        waiting.extend(item.get("item", ()))
        entry = vocabulary().get(str(item.get("linkId")))
        for answered in item.get("answer", ())[:1]:
            if entry is None:
                if not str(item.get("linkId")).startswith("score"):
                    into.leave(path, str(item.get("linkId")), "it is no fact of the vocabulary")
                continue
            try:
                value = value_of(entry, _answered(entry.id, entry.kind, answered), entry.id)
                into.add(Fact(entry.id, value, on=on, source=f"FHIR {path.split(' ')[-1]}"), path)
            except InputError as error:
                into.leave(path, entry.id, str(error))


def _answered(name: str, kind: str, answered: Mapping[str, Any]) -> Any:
    coding = answered.get("valueCoding")
    if isinstance(coding, Mapping):
        own = f"{CHOICE}:{name}"
        if coding.get("system") == own:
            return coding.get("code")
        raise InputError(f"the answer is coded in {coding.get('system')}, not in {own}")
    quantity = answered.get("valueQuantity")
    if isinstance(quantity, Mapping):
        unit = vocabulary()[name].unit
        return convert(Decimal(str(quantity["value"])), code_of(quantity), unit)
    for key in ("valueBoolean", "valueDecimal", "valueInteger", "valueDate", "valueString"):
        if key in answered:
            return answered[key]
    raise InputError(f"{name} ({kind}) has an answer of a type that is not read")
