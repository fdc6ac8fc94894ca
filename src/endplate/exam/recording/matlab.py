"""MATLAB files of any version as one tree of Python values, and the exports that we know in them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from endplate.exam.recording import labchart, signal_export, spike2_export
from endplate.exam.recording.limits import MAX_SAMPLES
from endplate.exam.recording.mat5 import is_mat5, read_mat5
from endplate.exam.recording.raw import RawFile
from endplate.foundation.errors import FileFormatError

_MAX_ITEMS: Final = 200_000  # datasets and structs in one file
_MAX_DEPTH: Final = 8
Tree = dict[str, Any]
_Layout = tuple[str, Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any], str], RawFile]]
_LAYOUTS: Final[tuple[_Layout, ...]] = (
    (labchart.NAME, labchart.recognises, labchart.from_tree),
    (signal_export.NAME, signal_export.recognises, signal_export.from_tree),
    (spike2_export.NAME, spike2_export.recognises, spike2_export.from_tree),
)


def _require_size(path: Path, n: int) -> None:
    if n > MAX_SAMPLES:
        raise FileFormatError(
            f"{path.name} announces {n} numbers; at most {MAX_SAMPLES} are read. Export only the stimulated part "
            "of the session."
        )


def _read_v4(path: Path) -> Tree:
    from scipy.io import loadmat, whosmat

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _require_size(path, sum(int(np.prod(shape, dtype=float)) for _, shape, _ in whosmat(path)))
        content = loadmat(path, squeeze_me=True, chars_as_strings=True)
    values = {name: np.asarray(value) for name, value in content.items() if not name.startswith("__")}
    return {name: value.tolist() if value.dtype.kind == "U" else value for name, value in values.items()}


class _Hdf5:
    """Reader of v7.3 files: HDF5 with MATLAB's attributes; arrays are transposed back."""

    def __init__(self, path: Path, file: Any) -> None:
        self.path, self.file, self.items, self.numbers = path, file, 0, 0

    def tree(self) -> Tree:
        return {name: self.item(self.file, name) for name in self.file if not name.startswith("#")}

    def item(self, group: Any, name: str) -> Any:
        import h5py

        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise FileFormatError(f"{self.path.name} points to data outside itself ({name!r}), which is not followed.")
        return self.value(group[name], 0)

    def value(self, node: Any, depth: int) -> Any:
        import h5py

        self.items += 1
        if self.items > _MAX_ITEMS or depth > _MAX_DEPTH:
            raise FileFormatError(f"{self.path.name} nests or holds too many items to be a recording.")
        if isinstance(node, h5py.Group):
            return {name: self.item(node, name) for name in node}
        if node.external or node.is_virtual:
            raise FileFormatError(f"{self.path.name} keeps its data in another file, which is not followed.")
        self.numbers += int(node.size)
        _require_size(self.path, self.numbers)
        if node.attrs.get("MATLAB_empty", 0):
            return "" if node.attrs.get("MATLAB_class") == b"char" else np.empty(0)
        data = node[()]
        if data.dtype == h5py.ref_dtype:
            return [self.value(self.file[reference], depth + 1) for reference in data.T.ravel(order="F")]
        array = np.asarray(data).T
        if node.attrs.get("MATLAB_class") == b"char":
            rows = ["".join(map(chr, row)) for row in np.atleast_2d(array)]
            return rows[0] if len(rows) == 1 else rows
        return np.squeeze(array)


def _read_v73(path: Path) -> Tree:
    import h5py

    with h5py.File(path, "r") as file:
        return _Hdf5(path, file).tree()


def read_tree(path: Path) -> Tree:
    """Return every variable of a MATLAB file: structs as dicts, cells as lists, chars as str.

    Raises
    ------
    FileFormatError
        If the file is damaged, too large inside, or refers to other files.
    """
    with path.open("rb") as stream:
        head = stream.read(520)
    is_hdf5 = head[512:520] == b"\x89HDF\r\n\x1a\n" or head[:8] == b"\x89HDF\r\n\x1a\n"
    try:
        if is_hdf5:
            return _read_v73(path)
        return read_mat5(path) if is_mat5(head) else _read_v4(path)
    except FileFormatError:
        raise
    except Exception as error:  # scipy and h5py raise whatever a damaged file makes them meet
        text = str(error).split("\n")[0][:120]
        raise FileFormatError(
            f"{path.name} cannot be read as a MATLAB file: {text}. It is damaged, or another format renamed."
        ) from error


def read(path: Path, settings: Mapping[str, Any]) -> RawFile:  # noqa: ARG001  (every reader has these two)
    """Read an export of CED Signal, Spike2 or LabChart.

    Raises
    ------
    FileFormatError
        If the file holds none of these layouts; its variables are listed.
    """
    tree = read_tree(path)
    for name, recognises, from_tree in _LAYOUTS:
        if recognises(tree):
            try:
                return from_tree(tree, path.name)
            except (KeyError, IndexError, TypeError, ValueError) as error:
                if isinstance(error, FileFormatError):
                    raise
                raise FileFormatError(
                    f"{path.name} is a {name} export, but incomplete: {error!r}. Export it again."
                ) from error
    held = ", ".join(sorted(tree)[:12]) or "nothing"
    raise FileFormatError(
        f"{path.name} is no export of CED Signal, Spike2 or LabChart; it holds {held}. "
        "Export from those programs, or save the sweeps as CSV."
    )
