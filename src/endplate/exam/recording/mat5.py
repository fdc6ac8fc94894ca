"""MATLAB version 5 to 7 files, read element by element with every size checked first.

scipy's reader of this format (1.17) ends the whole process on some damaged files, which no error
handling can catch; files that people send each other do get damaged. Version 4 still goes through
scipy. Sparse arrays, function handles and objects are passed over: no recording is kept in one.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.limits import MAX_FILE_BYTES
from endplate.foundation.errors import FileFormatError

_NUMERIC: Final = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_CODECS: Final = {2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32", 1: "latin-1"}
_MATRIX, _COMPRESSED = 14, 15
_CELL, _STRUCT, _CHAR, _DOUBLE, _UINT64 = 1, 2, 4, 6, 15
_MAX_DEPTH: Final = 8
_MAX_ITEMS: Final = 200_000
_MAX_UNPACKED: Final = 4 * MAX_FILE_BYTES


class _Element(NamedTuple):
    kind: int
    data: memoryview
    end: int  # of the element, with its padding


class DamagedError(ValueError):
    """An element that does not fit its parent; `read` says it in words."""


class _Reader:
    def __init__(self, order: str) -> None:
        self.order, self.items, self.unpacked = order, 0, 0

    def element(self, block: memoryview, at: int) -> _Element:
        """Return the element at an offset; short ones keep their data in the tag."""
        if at + 8 > len(block):
            raise DamagedError("an element is cut off")
        kind, size = struct.unpack_from(f"{self.order}II", block, at)
        if kind >> 16:
            size, kind = kind >> 16, kind & 0xFFFF
            if size > 4:
                raise DamagedError("a short element is too long")
            return _Element(kind, block[at + 4 : at + 4 + size], at + 8)
        if size > len(block) - at - 8:
            raise DamagedError(f"an element announces {size} bytes, but {len(block) - at - 8} are left")
        padding = 0 if kind == _COMPRESSED else -size % 8
        return _Element(kind, block[at + 8 : at + 8 + size], at + 8 + size + padding)

    def numbers(self, element: _Element) -> NDArray[Any]:
        """Return the numbers of an element as stored."""
        if element.kind not in _NUMERIC:
            raise DamagedError(f"numbers of unknown type {element.kind}")
        kind = np.dtype(_NUMERIC[element.kind]).newbyteorder("<" if self.order == "<" else ">")
        return np.frombuffer(element.data[: len(element.data) // kind.itemsize * kind.itemsize], dtype=kind)

    def unpack(self, element: _Element) -> memoryview:
        """Inflate a compressed variable, up to the size that a recording can have."""
        inflater = zlib.decompressobj()
        room = _MAX_UNPACKED - self.unpacked
        data = inflater.decompress(element.data, room)
        self.unpacked += len(data)
        if inflater.unconsumed_tail:
            raise DamagedError(f"it unpacks to more than {_MAX_UNPACKED} bytes")
        if not inflater.eof:
            raise DamagedError("a compressed variable is cut off")
        return memoryview(data)

    def matrix(self, block: memoryview, depth: int = 0) -> tuple[str, Any]:
        """Return name and value of one array; None for kinds that hold no recording."""
        self.items += 1
        if depth > _MAX_DEPTH or self.items > _MAX_ITEMS:
            raise DamagedError("it nests or holds too many items")
        if not len(block):  # an empty cell
            return "", np.empty(0)
        flags = self.element(block, 0)
        dims_at = self.element(block, flags.end)
        name_at = self.element(block, dims_at.end)
        matrix_class = int(self.numbers(flags)[0]) & 0xFF
        shape = tuple(int(n) for n in self.numbers(dims_at))
        if not 2 <= len(shape) <= 8 or min(shape) < 0:
            raise DamagedError(f"an array of shape {shape}")
        name = bytes(name_at.data).decode("latin-1")
        n = int(np.prod([float(size) for size in shape]))
        if matrix_class in (_CELL, _STRUCT) and n > _MAX_ITEMS:
            raise DamagedError(f"{n} cells or structs")
        if matrix_class == _CELL:
            return name, self.children(block, name_at.end, n, depth)[0]
        if matrix_class == _STRUCT:
            return name, self.struct(block, name_at.end, n, depth)
        if matrix_class == _CHAR:
            return name, self.text(self.element(block, name_at.end), shape)
        if _DOUBLE <= matrix_class <= _UINT64:
            values = self.numbers(self.element(block, name_at.end))
            if values.size < n:
                raise DamagedError(f"an array of shape {shape} has only {values.size} numbers")
            whole = values[:n].reshape(shape, order="F")
            return name, np.squeeze(whole.astype(np.float64) if matrix_class == _DOUBLE else whole)
        return name, None

    def children(self, block: memoryview, at: int, n: int, depth: int) -> tuple[list[Any], int]:
        """Return `n` arrays that follow each other."""
        found = []
        for _ in range(n):
            element = self.element(block, at)
            if element.kind != _MATRIX:
                raise DamagedError(f"an element of type {element.kind} where an array belongs")
            found.append(self.matrix(element.data, depth + 1)[1])
            at = element.end
        return found, at

    def struct(self, block: memoryview, at: int, n: int, depth: int) -> Any:
        """Return a dict for one struct, a list of dicts for an array of them."""
        length_at = self.element(block, at)
        names_at = self.element(block, length_at.end)
        length = int(self.numbers(length_at)[0])
        if not 0 < length <= 256 or len(names_at.data) % length:
            raise DamagedError(f"field names of {length} letters")
        raw = bytes(names_at.data)
        fields = [raw[i : i + length].split(b"\0")[0].decode("latin-1") for i in range(0, len(raw), length)]
        values, _ = self.children(block, names_at.end, n * len(fields), depth)
        rows = [dict(zip(fields, values[i * len(fields) :], strict=False)) for i in range(n)]
        return rows[0] if n == 1 else rows

    def text(self, element: _Element, shape: tuple[int, ...]) -> Any:
        """Return a string, or a list of strings for several rows."""
        if element.kind not in _CODECS:
            raise DamagedError(f"text of unknown type {element.kind}")
        codec = _CODECS[element.kind]
        if codec.startswith("utf-") and codec != "utf-8":
            codec += "-le" if self.order == "<" else "-be"
        letters = bytes(element.data).decode(codec, errors="replace")
        n_rows, width = shape[0], int(np.prod([float(size) for size in shape[1:]]))
        if len(letters) < n_rows * width:
            raise DamagedError("a text is cut off")
        rows = [letters[row : n_rows * width : n_rows] for row in range(min(n_rows, _MAX_ITEMS))]
        return rows[0] if len(rows) == 1 else rows


def is_mat5(head: bytes) -> bool:
    """Return whether the first 128 bytes are a version 5 header."""
    return len(head) >= 128 and head[126:128] in (b"IM", b"MI") and 1 in head[124:126]


def read_mat5(path: Path) -> dict[str, Any]:
    """Read every variable: numbers squeezed, structs as dicts, cells as lists, chars as str.

    Raises
    ------
    FileFormatError
        If an element does not fit the file.
    """
    block = memoryview(path.read_bytes())
    reader = _Reader("<" if bytes(block[126:128]) == b"IM" else ">")
    found: dict[str, Any] = {}
    at = 128
    try:
        while at < len(block):
            element = reader.element(block, at)
            at = element.end
            if element.kind == _COMPRESSED:
                element = reader.element(reader.unpack(element), 0)
            if element.kind == _MATRIX:
                name, value = reader.matrix(element.data)
                if name:
                    found[name] = value
    except (DamagedError, zlib.error, IndexError, ValueError, struct.error, OverflowError) as error:
        raise FileFormatError(f"{path.name} is a damaged MATLAB file: {error}. Export or copy it again.") from error
    return found
