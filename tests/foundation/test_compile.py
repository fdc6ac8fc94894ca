"""Compiled kernels: where they are kept, and when they are made anew."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from endplate.foundation import compile as compiling
from endplate.foundation.compile import cache_folder, kernel

SHOW = "from endplate.foundation.compile import cache_folder; print(cache_folder())"
DRAW = "from endplate.foundation.random import _kernels; print(_kernels.poisson_from_unit(0.5, 3.0))"


def _python(code, **environment):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@kernel
def _halved(x: float) -> float:
    """Return half of x."""
    return x / 2.0


def test_a_kernel_keeps_its_source_and_releases_the_interpreter():
    assert _halved(3.0) == _halved.py_func(3.0) == 1.5
    assert _halved.targetoptions["nogil"]
    assert not _halved.targetoptions.get("fastmath")
    assert not _halved.targetoptions.get("parallel")


def test_a_division_by_zero_is_infinite_as_in_numpy():
    @kernel
    def inverse(x: float) -> float:
        return 1.0 / x

    assert inverse(0.0) == float("inf")


def test_the_cache_folder_is_writable_and_named_by_all_kernel_sources():
    folder = cache_folder()
    assert os.access(folder, os.W_OK)
    assert folder.name == f"kernels-{compiling._source_hash(Path(compiling.__file__).parents[1])}"


def test_one_changed_name_or_byte_of_a_kernel_source_changes_the_folder(tmp_path):
    hashes = set()
    for room, text in (("a", "x = 1"), ("a", "x = 2"), ("b", "x = 2")):
        shutil.rmtree(tmp_path / "package", ignore_errors=True)
        (tmp_path / "package" / room).mkdir(parents=True)
        (tmp_path / "package" / room / "_kernels.py").write_text(text, encoding="utf-8")
        hashes.add(compiling._source_hash(tmp_path / "package"))
    assert len(hashes) == 3


def test_compiled_code_is_kept_where_the_user_says(tmp_path):
    assert _python(DRAW, ENDPLATE_CACHE_DIR=str(tmp_path)) == "3"
    assert list(tmp_path.glob("kernels-*/**/*.nbi"))


def test_a_home_that_cannot_be_written_is_no_obstacle_and_the_key_stays(tmp_path):
    blocked = tmp_path / "a file, not a folder"
    blocked.touch()
    (tmp_path / "temporary").mkdir()
    settings = {"ENDPLATE_CACHE_DIR": str(blocked), "TMPDIR": str(tmp_path / "temporary")}
    assert _python(DRAW, **settings) == "3"
    folder = Path(_python(SHOW, **settings))
    assert folder.name == cache_folder().name
    assert folder.is_relative_to(tmp_path / "temporary")
    assert list(folder.rglob("*.nbi"))
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_a_fallback_folder_that_others_can_write_to_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    planted = tmp_path / f"endplate-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    folder = compiling._private_folder()
    assert folder != planted
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(("days", "stays"), [(1, True), (31, False)])
def test_code_of_older_sources_is_removed_after_a_month(tmp_path, days, stays):
    old = tmp_path / "kernels-0123"
    old.mkdir()
    then = time.time() - days * 86_400
    os.utime(old, (then, then))
    compiling._forget_unused(tmp_path)
    assert old.is_dir() is stays
