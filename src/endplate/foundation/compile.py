"""The only way to compile a kernel.

A kernel takes scalars and contiguous arrays, writes into arrays it was given, releases the
interpreter lock and is compiled once: the machine code is cached in the user's cache folder,
under a hash of every kernel source, so that a change in one kernel never meets stale code
of another that calls it. A number that a kernel reads from its module is frozen into the code,
so such numbers live in ``_kernels.py`` too.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config
from platformdirs import user_cache_dir

Function = TypeVar("Function", bound=Callable[..., Any])

_numba_config: Any = config  # its settings are made while it loads: no checker sees them
_UNUSED_S = 30 * 24 * 3600.0


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _source_hash(package: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(package.rglob("_kernels.py")):
        digest.update(f"{source.relative_to(package).as_posix()}\0".encode())
        digest.update(source.read_bytes())
    digest.update(f"{package} {numba.__version__}".encode())
    return digest.hexdigest()


def _forget_unused(base: Path) -> None:
    """Remove what was compiled from older sources and has not been used for a month."""
    for folder in base.glob("kernels-*"):
        try:
            if time.time() - folder.stat().st_mtime > _UNUSED_S:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # another process was quicker
            continue


def _private_folder() -> Path:
    """Return a folder that nobody else can write to: cached code is executed."""
    if hasattr(os, "getuid"):
        folder = Path(tempfile.gettempdir()) / f"endplate-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
            return folder
    folder = Path(tempfile.mkdtemp(prefix="endplate-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def cache_folder() -> Path:
    """Return the folder that holds compiled kernels of exactly this source tree.

    ``ENDPLATE_CACHE_DIR`` names another place than the user's cache folder. Where that cannot
    be written, a private folder among the temporary files stands in.

    Examples
    --------
    >>> cache_folder().name.startswith("kernels-")
    True
    """
    name = f"kernels-{_source_hash(Path(__file__).resolve().parents[1])}"
    base = Path(os.environ.get("ENDPLATE_CACHE_DIR") or user_cache_dir("endplate", appauthor=False))
    is_new = not (base / name).is_dir()
    if not _writable(base / name):
        base = _private_folder()
        (base / name).mkdir(exist_ok=True)
    os.utime(base / name)  # in use: its age counts from now
    if is_new:
        _forget_unused(base)
    return base / name


def kernel(function: Function) -> Function:
    """Compile a numeric function; its Python source stays reachable as ``.py_func``.

    Notes
    -----
    No fast-math and no automatic threads: the compiled kernel equals its Python source bit
    for bit, which the twin test checks. Threads run chunks above the kernel.

    Examples
    --------
    >>> @kernel
    ... def double(x: float) -> float:
    ...     return 2.0 * x
    >>> double(3.0) == double.py_func(3.0)
    True
    """
    before = _numba_config.CACHE_DIR
    _numba_config.CACHE_DIR = str(cache_folder())
    try:
        # numpy's error model: a division by zero gives inf instead of a hidden branch per division
        compiled: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # no file to cache against (a doctest, an interactive session)
        compiled = numba.njit(nogil=True, error_model="numpy")(function)
    finally:
        _numba_config.CACHE_DIR = before
    return cast("Function", compiled)
