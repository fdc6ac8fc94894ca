"""The only way to compile a kernel.

A kernel takes scalars and contiguous arrays, writes into arrays it was given, releases the
interpreter lock and is compiled once: the machine code is cached in the user's cache folder,
under a hash of every kernel source, so that a change in one kernel never meets stale code
of another that calls it.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config as numba_config
from platformdirs import user_cache_dir

Function = TypeVar("Function", bound=Callable[..., Any])


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@functools.cache
def cache_folder() -> Path:
    """Return the folder that holds compiled kernels of exactly this source tree."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(package.rglob("_kernels.py")):
        digest.update(source.read_bytes())
    digest.update(f"{package} {numba.__version__}".encode())
    base = os.environ.get("ENDPLATE_CACHE_DIR") or user_cache_dir("endplate", appauthor=False)
    folder = Path(base) / f"kernels-{digest.hexdigest()}"
    if _writable(folder):
        return folder
    fallback = Path(tempfile.gettempdir()) / f"endplate-{os.getuid() if hasattr(os, 'getuid') else 0}"
    _writable(fallback)
    return fallback


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
    before = numba_config.CACHE_DIR
    numba_config.CACHE_DIR = str(cache_folder())
    try:
        # numpy's error model: a division by zero gives inf instead of a hidden branch per division
        compiled: Function = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # no file to cache against (a doctest, an interactive session)
        compiled = numba.njit(nogil=True, error_model="numpy")(function)
    finally:
        numba_config.CACHE_DIR = before
    return compiled
