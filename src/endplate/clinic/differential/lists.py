"""Lists: the audit of many persons, row by row from a CSV file into another; no row is lost and none stops the rest."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TextIO

from endplate.clinic.differential.audit import mg_that_may_be_lems
from endplate.clinic.record.checks import require_consistent
from endplate.clinic.record.values import shown, value_of
from endplate.clinic.record.vocabulary import SCAN, STUDY, Entry, vocabulary
from endplate.foundation.errors import FileFormatError, InputError, OutputError, nearest
from endplate.foundation.records.clinical import Fact, Record

ID: Final = "id"
COLUMNS: Final = (ID, "verdict", "pointers", "not_known", "note")
UNREADABLE: Final = "unreadable"
_DELIMITERS: Final = (",", ";", "\t")
_LONGEST_ID: Final = 100
_LONGEST_HEADER: Final = 100_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class AuditCounts:
    """How many rows were read, how many got each verdict, and what the first unreadable rows said."""

    rows: int
    verdicts: dict[str, int]
    first_problems: tuple[str, ...]

    @property
    def unreadable(self) -> int:
        """Return how many rows could not be read."""
        return self.verdicts.get(UNREADABLE, 0)


def audit_list(
    source: Path | str, out: Path | str, *, ignore: Sequence[str] = (), today: date | None = None
) -> AuditCounts:
    """Audit every person of a CSV list and write one row for each into another list.

    Parameters
    ----------
    source
        CSV with a header (comma, semicolon or tab; UTF-8). Its columns are `id` and names of the vocabulary; those
        of the group `study` describe one study of that person. An empty cell is unknown.
    out
        The list to write: id, verdict, pointers, what is not known, note. It appears when it is complete.
    ignore
        Columns that the audit may leave aside; any other unknown column is refused, because it may be misspelt.
    today
        The day on which dates may not lie ahead; None is the day of this machine.

    Returns
    -------
    AuditCounts
        A row that cannot be read has the verdict "unreadable" and its reason as note; the others go on.

    Raises
    ------
    FileFormatError
        If the file cannot be read as such a list.
    InputError
        If a column is unknown or doubled, or `id` is missing.
    OutputError
        If the result cannot be written.
    """
    file, target = Path(source), Path(out)
    last = today or date.today()
    verdicts: Counter[str] = Counter()
    problems: list[str] = []
    with _rows(file) as rows, _written(target, file) as writer:
        entries = _columns(next(rows, []), file, ignore)
        writer.writerow(COLUMNS)
        for number, row in enumerate(rows, start=2):
            if not any(row):
                continue
            answer = _answer(row, entries, last)
            verdicts[answer[1]] += 1
            if answer[1] == UNREADABLE and len(problems) < 5:
                problems.append(f"row {number}: {answer[-1]}")
            writer.writerow([_harmless(cell) for cell in answer])
    return AuditCounts(sum(verdicts.values()), dict(verdicts), tuple(problems))


def _answer(row: list[str], entries: list[Entry | None], last: date) -> tuple[str, str, str, str, str]:
    """Audit one row; what is wrong with it is its note."""
    place = entries.index(None)
    name = row[place].strip()[:_LONGEST_ID] if place < len(row) else ""
    try:
        if len(row) != len(entries):
            raise InputError(f"the row has {len(row)} cells, the header {len(entries)}. Is a delimiter inside a cell?")
        record = _record(row, entries)
        require_consistent(record, today=last)
    except InputError as error:
        return name, UNREADABLE, "", "", str(error)
    values = mg_that_may_be_lems(record)
    carried, still_open = "; ".join(values.values["carried"]), "; ".join(values.values["open"])
    return name, values.verdict, carried, still_open, ""


def _record(row: list[str], entries: list[Entry | None]) -> Record:
    facts: dict[str, Fact] = {}
    study: dict[str, Fact] = {}
    for cell, entry in zip(row, entries, strict=True):
        if not cell or entry is None or entry is _LEFT_ASIDE:
            continue
        value = value_of(entry, cell, entry.id)
        if value is not None:
            (study if entry.group == STUDY else facts)[entry.id] = Fact(entry.id, value)
    return Record(facts=facts, studies=(study,) if study else ())


_LEFT_ASIDE: Final = Entry(id="", group="", kind="text", label="", plain="")


def _columns(header: list[str], file: Path, ignore: Sequence[str]) -> list[Entry | None]:
    """Return the entry of each column; None is `id`."""
    if not header:
        raise FileFormatError(f"{file} is empty. The first row must name the columns: id and facts.")
    names = [name.strip() for name in header]
    doubled = [name for name, times in Counter(names).items() if times > 1]
    if doubled:
        raise InputError(f"{file}: the column {shown(doubled[0])} stands twice. Keep the right one.")
    if ID not in names:
        raise InputError(f"{file} has no column 'id'. Name the column by which you find the person again 'id'.")
    allowed = {name: one for name, one in vocabulary().items() if one.group != SCAN}
    found: list[Entry | None] = []
    for name in names:
        if name != ID and name not in allowed and name not in ignore:
            hit = nearest(name[:80], allowed)
            guess = f"; did you mean {hit}?" if hit else "."
            raise InputError(f"{file}: no fact {shown(name)}{guess} To leave a column aside: --ignore NAME.")
        found.append(None if name == ID else allowed.get(name, _LEFT_ASIDE))
    return found


@contextmanager
def _rows(file: Path) -> Iterator[Iterator[list[str]]]:
    try:
        stream = file.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise FileFormatError(f"{file} could not be read: {error.strerror}. Check the path.") from error
    with stream:
        yield _guarded(stream, file)


def _guarded(stream: TextIO, file: Path) -> Iterator[list[str]]:
    """Yield the rows of a list; what is wrong with the file as a whole is said in one sentence."""
    try:
        head = stream.readline(_LONGEST_HEADER)
        stream.seek(0)
        yield from csv.reader(stream, delimiter=max(_DELIMITERS, key=head.count))
    except UnicodeDecodeError as error:
        wrong = error.object[error.start]
        raise FileFormatError(f"{file} is not UTF-8 (byte 0x{wrong:02x}). Save it as UTF-8.") from error
    except csv.Error as error:
        raise FileFormatError(f"{file} is not a CSV list: {error}. Is a quotation mark left open?") from error
    except OSError as error:
        raise FileFormatError(f"{file} could not be read to its end: {error.strerror}.") from error


@contextmanager
def _written(target: Path, source: Path) -> Iterator[Any]:
    """Write beside the target and put it in place at the end, so that a half list is never taken for a whole one."""
    if target.resolve() == source.resolve():
        raise OutputError(f"{target} is the list that is read. Choose another name for the result.")
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield csv.writer(stream)
        part.replace(target)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{target} could not be written: {error.strerror}. Choose another place.") from error
    finally:
        part.unlink(missing_ok=True)


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; an apostrophe before it is how they mark text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
