"""Whole processes: import, help, and an examination with its memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

from benchmarks.row import Row

_EXAMINATION = """
import json, resource, sys, time
from endplate.body.muscle import build_anatomy
from endplate.exam.examination import examine
n = int(sys.argv[1])
examine("lems", muscle="fdi", n_fibres=2000)                 # compile and load
began = time.perf_counter(); build_anatomy("fdi", seed=1, n_fibres=n); anatomy = time.perf_counter() - began
examine("lems", protocol="ncs", muscle="fdi", n_fibres=n)   # anatomy and basis are cached by muscle and seed
before = resource.getrusage(resource.RUSAGE_SELF)
began = time.perf_counter(); examine("lems", muscle="fdi", n_fibres=n); wall = time.perf_counter() - began
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps({"anatomy": anatomy, "wall": wall, "cpu": cpu, "mb": after.ru_maxrss / 1024}))
"""


def _median_run(command: list[str], repeats: int = 5) -> float:
    found = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append(time.perf_counter() - began)
    return statistics.median(found[1:])


def starting() -> list[Row]:
    """Return import and help times of a fresh process."""
    bare = _median_run([sys.executable, "-c", "pass"])
    module = _median_run([sys.executable, "-c", "import endplate"])
    help_text = _median_run([sys.executable, "-m", "endplate", "--help"])
    clinic = _median_run([sys.executable, "-c", "from endplate.clinic.review import review_of"])
    review = _median_run([sys.executable, "-m", "endplate", "clinic", "review", "mg-that-is-lems"])
    return [
        Row("import endplate, fresh process", module, "s", 0.2, None, bare, "the bound is an empty Python process"),
        Row("endplate --help", help_text, "s", 0.4, None, bare),
        Row("import endplate.clinic with its review", clinic, "s", 0.15, None, bare),
        Row("endplate clinic review, one person", review, "s", 0.5, None, bare),
    ]


def examination(n_fibres: int) -> list[Row]:
    """Return time and peak memory of the lems protocol on one muscle, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _EXAMINATION, str(n_fibres)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    return [
        Row("anatomy, not cached", found["anatomy"], "s", 3.0, 0.3),
        Row("lems protocol, wall time on the cores here", found["wall"], "s", 2.0, 0.7),
        Row("the same, processor time", found["cpu"], "s"),
        Row("peak memory of the process", found["mb"], "MB", 400.0, None, None, "its peak, imports included"),
    ]
