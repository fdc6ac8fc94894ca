"""Text files of any common encoding, as lines; and the numbers in them."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import FileFormatError

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES: Final = {"\t": "tab", ",": "comma", ";": "semicolon", " ": "space"}
_NUMBER: Final = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(nan|inf)$", re.IGNORECASE)
_MISSING: Final = frozenset({"", "na", "n/a", "nan", "-", "--"})


class Table(NamedTuple):
    """Headings and numbers of a text file; `first_line` is the line of the first row of numbers."""

    headings: tuple[str, ...]
    values: NDArray[np.float64]  # (row, column)
    first_line: int


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """Return the text of a file: UTF-8, UTF-16 (with or without mark) or Latin-1.

    Raises
    ------
    FileFormatError
        If it is no text, or not in the encoding given.

    Examples
    --------
    >>> decode("µV".encode("latin-1"), "a.csv")
    'µV'
    """
    if encoding is not None:
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeError) as error:
            raise FileFormatError(f"{name} is not text in {encoding!r}: {error}.") from error
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _strict(data, codec, name)
    head = data[:4000]
    if len(head) >= 4 and head[1::2].count(0) > 0.9 * (len(head) // 2) and head[::2].count(0) == 0:
        return _strict(data, "utf-16-le", name)
    if len(head) >= 4 and head[::2].count(0) > 0.9 * (len(head) // 2) and head[1::2].count(0) == 0:
        return _strict(data, "utf-16-be", name)
    if sum(byte < 32 and byte not in b"\t\n\r\f\v" for byte in head):
        raise FileFormatError(
            f"{name} is not text: it holds binary data. Was a recording of another format renamed? Give it its own "
            "suffix."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # never fails; only headings can differ from cp1252


def _strict(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{name} begins as {codec} text but breaks off: the copy is probably incomplete."
        ) from error


def _cells(line: str, delimiter: str) -> list[str]:
    parts = line.split() if delimiter == " " else line.split(delimiter)
    cells = [part.strip().strip('"').strip() for part in parts]
    if delimiter != " " and len(cells) > 1 and cells[-1] == "":
        cells.pop()  # many exports end every line with a delimiter
    return cells


def _is_number(cell: str, decimal: str) -> bool:
    if decimal == ",":
        if "." in cell:
            return False
        cell = cell.replace(",", ".")
    return _NUMBER.match(cell) is not None or cell.lower() in _MISSING


def _numeric(line: str, delimiter: str, decimal: str) -> bool:
    cells = _cells(line, delimiter)
    return any(cell for cell in cells) and all(_is_number(cell, decimal) for cell in cells)


def _dialect(lines: Sequence[str], delimiter: str | None, decimal: str | None, name: str) -> tuple[str, str]:
    """Find the delimiter and the decimal sign that make most lines numbers, in most columns."""
    tail = [line for line in lines if line.strip()][-200:]
    ways = [
        (d, p)
        for d in ([delimiter] if delimiter else ["\t", ";", ",", " "])
        for p in ([decimal] if decimal else [".", ","])
        if d != p
    ]
    best, score = None, (0.0, 0.0)
    for way in ways:
        good = [line for line in tail if _numeric(line, *way)]
        columns = Counter(len(_cells(line, way[0])) for line in good).most_common(1)
        mark = (len(good) / max(len(tail), 1), float(columns[0][0]) if columns else 0.0)
        if mark > score:
            best, score = way, mark
    if best is None or score[0] < 0.5:
        raise FileFormatError(
            f"{name} holds no table of numbers separated by comma, semicolon, tab or space. "
            "If its cells hold units or text, say which columns to read, or export numbers only."
        )
    if best == (",", ".") and decimal is None:
        _refuse_decimal_commas_between_commas(tail, name)
    return best


def _refuse_decimal_commas_between_commas(tail: Sequence[str], name: str) -> None:
    """`0,1,0,25` may be four numbers or two: a fractional part of constant width betrays it."""
    rows = [_cells(line, ",") for line in tail]
    n = len(rows[0])
    if n < 4 or n % 2 or any(len(row) != n for row in rows) or len(rows) < 3:
        return
    integers = all(cell.lstrip("+-").isdigit() for row in rows for cell in row)
    widths = [{len(row[column]) for row in rows} for column in range(1, n, 2)]
    if integers and all(len(width) == 1 and max(width) >= 2 for width in widths):
        raise FileFormatError(
            f"{name} has commas both between cells and, it seems, as decimal sign: 0,10,0,25 may be four numbers "
            "or two. "
            'Export it with semicolons or tabs, or say decimal = "." in the sidecar file if all are whole numbers.'
        )


def read_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    header_rows: int | None = None,
) -> Table:
    """Read a table of numbers with any headings above it.

    Raises
    ------
    FileFormatError
        If the file is no text, has no numbers, has rows of different length or a cell that is no
        number; the line is named.
    """
    lines = decode(path.read_bytes(), path.name, encoding).splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    if not any(line.strip() for line in lines):
        raise FileFormatError(f"{path.name} is empty: it holds only blank lines. The export was probably interrupted.")
    delimiter = {"tab": "\t", "space": " "}.get(delimiter or "", delimiter)
    delimiter, decimal = _dialect(lines, delimiter, decimal, path.name)
    if header_rows is None:
        first = next(i for i, line in enumerate(lines) if _numeric(line, delimiter, decimal))
    else:
        first = header_rows
    body = [(number, line) for number, line in enumerate(lines[first:], start=first + 1) if line.strip()]
    if not body:
        raise FileFormatError(f"{path.name} has {len(lines)} lines, but header_rows = {first} skips them all.")
    values = _numbers(body, delimiter, decimal, path.name)
    above = [_cells(line, delimiter) for line in lines[:first] if line.strip()]
    headings = next((tuple(row) for row in reversed(above) if len(row) == values.shape[1]), ())
    return Table(headings, values, body[0][0])


def _numbers(body: Sequence[tuple[int, str]], delimiter: str, decimal: str, name: str) -> NDArray[np.float64]:
    width = len(_cells(body[0][1], delimiter))
    try:  # the fast way, for a clean file
        text = "\n".join(line.rstrip().rstrip(delimiter) if delimiter != " " else line for _, line in body)
        if decimal == ",":
            text = text.replace(",", ".")
        values = np.loadtxt(io.StringIO(text), delimiter=None if delimiter == " " else delimiter, ndmin=2)
        if values.shape == (len(body), width):
            return values
    except ValueError:
        pass  # a missing cell or a fault: go row by row and say where
    rows = np.full((len(body), width), np.nan)
    for index, (number, line) in enumerate(body):
        cells = _cells(line, delimiter)
        if len(cells) != width:
            raise FileFormatError(
                f"{name} has rows of different length: line {number} has {len(cells)} cells, line {body[0][0]} has "
                f"{width} "
                f"({_NAMES[delimiter]} between cells, decimal {decimal!r}). The export was cut off, or a cell "
                f"holds a {_NAMES[delimiter]}."
            )
        for column, cell in enumerate(cells):
            if not _is_number(cell, decimal):
                raise FileFormatError(
                    f"{name}: line {number}, column {column + 1} holds {cell[:30]!r}, which is no number "
                    f"({_NAMES[delimiter]} between cells, decimal {decimal!r})."
                )
            if cell.lower() not in _MISSING:
                rows[index, column] = float(cell.replace(",", ".") if decimal == "," else cell)
    return rows
