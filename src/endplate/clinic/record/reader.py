"""Reader: one person's form, TOML or JSON, as a record; what is wrong with it is said in one sentence."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast

from endplate.clinic.record.checks import require_consistent
from endplate.clinic.record.values import day_of, fact_of, number_of, shown, text_of
from endplate.clinic.record.vocabulary import SCAN, STUDY, Entry, groups, vocabulary
from endplate.foundation.errors import FileFormatError, InputError, nearest
from endplate.foundation.records.clinical import Fact, Medicine, Record

LARGEST_BYTES: Final = 1_000_000
MOST_ROWS: Final = 500
LISTS: Final = {"medicines": "medicine", "studies": STUDY, "scans": SCAN}
_PLAIN: Final = ("label", "synthetic")
MEDICINE_KEYS: Final = (
    "name", "status", "atc", "rxnorm", "route", "daily_dose_mg", "single_dose_mg", "doses_per_day", "since", "source",
    "indication",
)  # fmt: skip
MEDICINE_STATUSES: Final = ("taken", "proposed", "stopped")


def read_record(source: Path | str, *, today: date | None = None, is_teaching: bool = False) -> Record:
    r"""Read one person's form.

    Parameters
    ----------
    source
        A file (a path, or its name as text of one line), or the text of a form itself.
    today
        The day on which dates may not lie ahead; None is the day of this machine.
    is_teaching
        Accept facts that are marked as simulated.

    Returns
    -------
    Record
        Whatever the form does not name, or calls unknown, is unknown.

    Raises
    ------
    FileFormatError
        If the file cannot be read as a form: not there, too large, not UTF-8, neither TOML nor JSON.
    InputError
        If a fact has no place in the vocabulary, is impossible, contradicts another, or is simulated.

    Examples
    --------
    >>> read_record('label = "synthetic"\n[clinical]\ndry_mouth = "yes"').known("dry_mouth")
    'yes'
    """
    is_text = isinstance(source, str) and ("\n" in source or source.lstrip().startswith(("{", "[")))
    data = str(source).encode() if is_text else _bytes_of(Path(source))
    name = "the text" if is_text else str(source)
    record = record_of(_tables(_decoded(data, name), name), today=today, is_teaching=is_teaching)
    provenance = {"read_from": "text" if is_text else Path(source).name, "sha256": hashlib.sha256(data).hexdigest()}
    return replace(record, provenance=provenance)


def record_of(form: Mapping[str, Any], *, today: date | None = None, is_teaching: bool = False) -> Record:
    """Return the record of a form that is already a mapping; facts may also stand outside their groups.

    Raises
    ------
    InputError
        As `read_record`.

    Examples
    --------
    >>> record_of({"dry_mouth": "yes", "clinical": {"ptosis": "no"}}).known("ptosis")
    'no'
    """
    facts: dict[str, Fact] = {}
    for key, value in form.items():
        if key in _PLAIN or key in LISTS:
            continue
        entries = _in_person().get(key)
        inside = value if entries is not None else {key: value}
        if not isinstance(inside, Mapping):
            raise InputError(f"[{key}] must be a group of facts, got {shown(value)}.")
        for name, raw in inside.items():
            _add(facts, str(name), raw, key if entries is not None else "")
    record = Record(
        facts=facts,
        medicines=tuple(_medicine(row, here) for row, here in _rows(form, "medicines")),
        studies=tuple(_row_facts(row, STUDY, here) for row, here in _rows(form, "studies")),
        scans=tuple(_row_facts(row, SCAN, here) for row, here in _rows(form, "scans")),
        label=text_of(form.get("label", ""), "label"),
        is_synthetic=_truth(form.get("synthetic", False), "synthetic"),
    )
    _refuse_simulated(record, is_teaching)
    require_consistent(record, today=today)
    return record


def _in_person() -> dict[str, dict[str, Entry]]:
    return {name: entries for name, entries in groups().items() if name not in (STUDY, SCAN)}


def _add(facts: dict[str, Fact], name: str, raw: object, group: str) -> None:
    """Put one fact into the record, in its own group and only once."""
    found = vocabulary().get(name)
    if found is None or found.group in (STUDY, SCAN):
        raise _no_such_fact(name, _in_person(), "")
    if group and found.group != group:
        raise InputError(f"{name} belongs into [{found.group}], not into [{group}].")
    fact = fact_of(found, raw, name)
    earlier = facts.get(name)
    if earlier is not None and earlier.value != fact.value:
        raise InputError(f"two values for {name}: {shown(earlier.value)} and {shown(fact.value)}. Keep the right one.")
    if fact.value is not None:
        facts[name] = fact


def _no_such_fact(name: str, allowed: Mapping[str, Mapping[str, Entry]], where: str) -> InputError:
    names = [one for entries in allowed.values() for one in entries]
    hit = nearest(name[:80], [*names, *(() if where else (*allowed, *LISTS))])
    guess = f"; did you mean {hit}?" if hit else "."
    return InputError(f"{where}no fact {shown(name)}{guess} All names: endplate clinic form.")


def _rows(form: Mapping[str, Any], key: str) -> list[tuple[Mapping[str, Any], str]]:
    rows = form.get(key, [])
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not all(isinstance(row, Mapping) for row in rows):
        raise InputError(f"{key} must be a list of tables, each begun with [[{key}]], got {shown(rows)}.")
    if len(rows) > MOST_ROWS:
        raise InputError(f"{key} holds {len(rows)} rows, at most {MOST_ROWS} are allowed for one person.")
    return [(row, f"{key} {number}: ") for number, row in enumerate(rows, start=1)]


def _row_facts(row: Mapping[str, Any], group: str, here: str) -> dict[str, Fact]:
    entries = groups()[group]
    facts = {}
    for name, raw in row.items():
        if name not in entries:
            raise _no_such_fact(str(name), {group: entries}, here)
        fact = fact_of(entries[name], raw, f"{here}{name}")
        if fact.value is not None:
            facts[name] = fact
    return facts


def _medicine(row: Mapping[str, Any], here: str) -> Medicine:
    for key in row:
        if key not in MEDICINE_KEYS:
            hit = nearest(str(key), MEDICINE_KEYS)
            guess = f"; did you mean {hit}?" if hit else "."
            raise InputError(f"{here}no key {shown(key)}{guess} Allowed: {', '.join(MEDICINE_KEYS)}.")
    name = text_of(row.get("name", ""), f"{here}name")
    if not name:
        raise InputError(f"{here}a medicine needs its name.")
    status = row.get("status", "taken")
    if status not in MEDICINE_STATUSES:
        raise InputError(f"{here}status must be one of {', '.join(MEDICINE_STATUSES)}, got {shown(status)}.")
    times = _amount(row, "doses_per_day", here, "1", highest=24)
    if times is not None and times != int(times):
        raise InputError(f"{here}doses_per_day must be a whole number, got {times}.")
    texts = {
        key: text_of(row.get(key, ""), f"{here}{key}") for key in ("atc", "rxnorm", "route", "source", "indication")
    }
    return Medicine(
        name=name, status=cast(Any, status),
        daily_dose_mg=_amount(row, "daily_dose_mg", here, "mg", highest=1_000_000),
        single_dose_mg=_amount(row, "single_dose_mg", here, "mg", highest=1_000_000),
        doses_per_day=None if times is None else int(times),
        since=None if row.get("since") in (None, "", "unknown") else day_of(row["since"], f"{here}since"),
        **texts,
    )  # fmt: skip


def _amount(row: Mapping[str, Any], key: str, here: str, unit: str, *, highest: int) -> Decimal | None:
    if row.get(key) in (None, "", "unknown"):
        return None
    number = number_of(row[key], f"{here}{key}", unit)
    if not 0 < number <= highest:
        raise InputError(f"{here}{key} must be above 0 and at most {highest} {unit}, got {number}.")
    return number


def _truth(raw: object, name: str) -> bool:
    if not isinstance(raw, bool):
        raise InputError(f"{name} must be true or false, got {shown(raw)}.")
    return raw


def _refuse_simulated(record: Record, is_teaching: bool) -> None:
    everywhere = [record.facts, *record.studies, *record.scans]
    simulated = [fact.name for facts in everywhere for fact in facts.values() if fact.is_simulated]
    if simulated and not is_teaching:
        raise InputError(
            f"{', '.join(simulated[:5])} came from a simulation and cannot enter a person's record. "
            "For teaching only: --teaching."
        )


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise FileFormatError(f"{path} is a folder. Name one form inside it.")
        if size > LARGEST_BYTES:
            raise FileFormatError(
                f"{path} holds {size} bytes, a form of one person at most {LARGEST_BYTES}. "
                "A list of many persons is read by: endplate clinic audit."
            )
        return path.read_bytes()
    except OSError as error:
        raise FileFormatError(f"{path} could not be read: {error.strerror}. Check the path.") from error


def _decoded(data: bytes, name: str) -> str:
    if len(data) > LARGEST_BYTES:
        raise FileFormatError(f"{name} holds {len(data)} bytes, a form of one person at most {LARGEST_BYTES}.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileFormatError(f"{name} is written in UTF-16. Save it as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{name} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}. "
            "Was it saved as Latin-1? Save it as UTF-8."
        ) from error


def _tables(text: str, name: str) -> dict[str, Any]:
    is_json = text.lstrip().startswith("{")
    try:
        tables = _json(text) if is_json else tomllib.loads(text, parse_float=Decimal)
    except RecursionError as error:
        raise FileFormatError(f"{name} is nested too deeply to be a form.") from error
    except InputError:
        raise
    except ValueError as error:  # TOMLDecodeError and JSONDecodeError are its kinds
        said = " ".join(str(error).split())[:200]
        raise FileFormatError(
            f"{name} is not valid {'JSON' if is_json else 'TOML'}: {said}.{_way_out(said)}"
        ) from error
    _refuse_other_formats(tables, name)
    for key, value in tables.items():
        if key in vocabulary() and not isinstance(value, Mapping):
            raise InputError(f"{key} belongs under its heading: write it below [{vocabulary()[key].group}].")
    return tables


def _way_out(said: str) -> str:
    if "Cannot overwrite" in said:
        return " The same fact or heading stands twice: keep the right one."
    if "Invalid date" in said:
        return " That day is not in the calendar, or is not written YYYY-MM-DD."
    return ""


def _refuse_other_formats(tables: Mapping[str, Any], name: str) -> None:
    """Say the way in for what another system exported."""
    for key, what, verb in (("resourceType", "FHIR", "fhir"), ("phenotypicFeatures", "a phenopacket", "phenopacket")):
        if key in tables:
            raise FileFormatError(
                f"{name} is {what}, not a form of facts. Read it into a form, look it over, and review that: "
                f"endplate clinic {verb} read {name} --out facts.toml."
            )


def _json(text: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found and found[key] != value:
                raise InputError(f"two values for {key}: {shown(found[key])} and {shown(value)}. Keep the right one.")
            found[key] = value
        return found

    def no_number(word: str) -> Any:
        raise InputError(f"{word} is not a number that a form can hold. Leave out what is unknown.")

    return cast(
        dict[str, Any],
        json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=no_number, object_pairs_hook=once),
    )
