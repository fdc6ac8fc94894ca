"""Kernels live in ``_kernels.py``, are compiled in one way and stay in their room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.house.files import Place, python_files

SHARED = "endplate.foundation.random._kernels"  # the only kernels that every room may call
COMPILER = "src/endplate/foundation/compile.py"  # the only module that may import numba
# the cache is keyed by the kernel sources alone, so what kernels read must stand in them
_KERNELS_MAY_IMPORT = frozenset({"__future__", "collections", "math", "numpy", "typing"})
_COMPILER_MODULE = "endplate.foundation.compile"
# numpy's functions differ from math's in the last bit between compiled and interpreted code
_INEXACT = frozenset(
    {"exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "power", "hypot", "random"}
    | {"sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "arctan2"}
)


def _imports(tree: ast.AST, package: str) -> Iterator[tuple[str, int]]:
    """Yield every imported module in full, with its line; also names imported from a package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield base, node.lineno
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


def _room_of(package: str) -> str:
    """Return the room that a package stands in: endplate.body.terminal, endplate.exam.measure."""
    return ".".join(package.split(".")[:3])


def _foreign_kernels(tree: ast.AST, package: str) -> Iterator[tuple[str, int]]:
    for module, line in _imports(tree, package):
        pieces = module.split(".")
        if pieces[0] != "endplate" or "_kernels" not in pieces:
            continue
        kernels = ".".join(pieces[: pieces.index("_kernels") + 1])
        room = kernels.removesuffix("._kernels")
        if kernels != SHARED and _room_of(package) != _room_of(room):
            yield f"imports {kernels}: kernels are private to their room; call its public function.", line


def _outside_kernel_file(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Name) and mark.id == "kernel":
                    yield f"kernel {node.name!r} must live in _kernels.py.", node.lineno


def _inexact_calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        if node.value.id in ("np", "numpy") and node.attr in _INEXACT:
            yield f"np.{node.attr} in a kernel: use math.*, so that compiled equals interpreted.", node.lineno


def _frozen_imports(tree: ast.AST, package: str) -> Iterator[tuple[str, int]]:
    for module, line in _imports(tree, package):
        pieces = module.split(".")
        if pieces[0] in _KERNELS_MAY_IMPORT or "_kernels" in pieces or module.startswith(_COMPILER_MODULE):
            continue
        yield f"imports {module}: a number from elsewhere is frozen into compiled code that is not made anew.", line


def misused_kernels(root: Path) -> list[Place]:
    """Return imports of another room's kernels, kernels outside their file, and second ways to compile."""
    found = []
    for path in python_files(root, "src/endplate"):
        name = path.relative_to(root).as_posix()
        package = ".".join(path.relative_to(root / "src").parent.parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        broken = list(_foreign_kernels(tree, package))
        if path.name == "_kernels.py":
            broken += [*_inexact_calls(tree), *_frozen_imports(tree, package)]
        else:
            broken += _outside_kernel_file(tree)
        if name != COMPILER:
            broken += [
                (f"imports {module}: compile only through endplate.foundation.compile.kernel.", line)
                for module, line in _imports(tree, package)
                if module.split(".")[0] == "numba"
            ]
        said: dict[int, str] = {}  # one sentence a line: an import is seen twice, as module and as name
        for says, line in broken:
            said.setdefault(line, says)
        found += [Place(name, line, says) for line, says in sorted(said.items())]
    return found
