"""Each rule of the house finds what it forbids and lets pass what it allows."""

import subprocess

import pytest

from tools.house import leaks, long_modules, misused_kernels, words_of_causes
from tools.house import sizes as size_rule
from tools.house.words import parts_of


def _write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def _said(places):
    return [str(place) for place in places]


def test_a_module_over_500_lines_is_found(tmp_path):
    _write(tmp_path, "src/endplate/long.py", "x = 1\n" * 501)
    _write(tmp_path, "src/endplate/short.py", "x = 1\n" * 500)
    assert _said(long_modules(tmp_path)) == ["src/endplate/long.py:501: 501 lines, at most 500: split it by subject."]


def test_an_exemption_holds_as_long_as_it_is_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(size_rule, "EXEMPT", {"src/table.py": "one table", "src/short.py": "once long"})
    _write(tmp_path, "src/table.py", "x = 1\n" * 600)
    _write(tmp_path, "src/short.py", "x = 1\n")
    assert [place.path for place in long_modules(tmp_path)] == ["src/short.py"]


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("lems_decrement", ["lems", "decrement"]),
        ("LEMSDecrement", ["lems", "decrement"]),
        ("drugDose2", ["drug", "dose", "2"]),
        ("_magnesium_mmolar", ["magnesium", "mmolar"]),
        ("N_MG", ["n", "mg"]),
    ],
)
def test_identifiers_are_split_at_underscores_case_and_digits(identifier, parts):
    assert parts_of(identifier) == parts


@pytest.mark.parametrize(
    "code",
    ["lems_fraction = 1", "def dose_of_drug(): ...", "class MGJunction: ...", "f(patient=1)", "import x as botulism"],
)
def test_a_name_of_a_cause_below_person_is_found(tmp_path, code):
    _write(tmp_path, "src/endplate/body/junction/potential.py", f'"""Text may say lems."""\n\n{code}\n')
    (place,) = words_of_causes(tmp_path)
    assert (place.path, place.line) == ("src/endplate/body/junction/potential.py", 3)


def test_a_file_named_after_a_cause_is_found(tmp_path):
    _write(tmp_path, "src/endplate/body/terminal/lems.py", "")
    assert "'lems' says lems" in str(words_of_causes(tmp_path)[0])


def test_mechanisms_below_person_and_causes_above_are_allowed(tmp_path):
    _write(
        tmp_path, "src/endplate/body/terminal/release.py", "magnesium_mmolar = margin = image = systems = 1  # lems\n"
    )
    _write(tmp_path, "src/endplate/body/person/person.py", "drug = patient = 1\n")
    _write(tmp_path, "src/endplate/change/disease.py", "lems = 1\n")
    assert words_of_causes(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("muscle/field.py", "from endplate.body.terminal import _kernels", "private to their room"),
        ("muscle/field.py", "from endplate.body.terminal._kernels import release", "private to their room"),
        ("muscle/field.py", "import endplate.body.terminal._kernels as k", "private to their room"),
        ("muscle/field.py", "from ..terminal._kernels import release", "private to their room"),
        ("muscle/field.py", "import numba", "compile only through"),
        ("muscle/field.py", "from numba import njit", "compile only through"),
        ("muscle/field.py", "@kernel\ndef f(x): ...", "must live in _kernels.py"),
        ("muscle/_kernels.py", "import numpy as np\nnp.exp(1.0)", "use math.*"),
        ("muscle/_kernels.py", "from endplate.foundation.records import LEVERS", "frozen into compiled code"),
    ],
)
def test_a_misused_kernel_is_found(tmp_path, path, code, says):
    _write(tmp_path, f"src/endplate/body/{path}", code + "\n")
    (place,) = misused_kernels(tmp_path)
    assert says in place.says


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("body/muscle/field.py", "from endplate.body.muscle import _kernels"),
        ("body/muscle/field.py", "from . import _kernels"),
        ("body/muscle/parts/field.py", "from endplate.body.muscle._kernels import deposit"),
        ("body/muscle/field.py", "from endplate.body.muscle.parts._kernels import deposit"),
        ("body/muscle/field.py", "from endplate.foundation.random._kernels import normal"),
        ("foundation/compile.py", "import numba"),
        (
            "body/muscle/_kernels.py",
            "from __future__ import annotations\nimport math\nimport numpy as np\nfrom numpy.typing import NDArray\n"
            "from endplate.foundation.compile import kernel\nfrom endplate.foundation.random._kernels import normal\n"
            "@kernel\ndef f(x: NDArray[np.float64]): return math.exp(x[0])",
        ),
    ],
)
def test_a_kernel_at_home_is_allowed(tmp_path, path, code):
    _write(tmp_path, f"src/endplate/{path}", code + "\n")
    assert misused_kernels(tmp_path) == []


@pytest.mark.parametrize(
    ("pieces", "what"),
    [
        (("index = https://py", "pi.org/simple"), "registry"),
        (("--extra-ind", "ex-url x"), "registry"),
        (("path = '/wo", "rk/main/src'"), "machine"),
        (("open('/ho", "me/somebody/data.csv')"), "machine"),
        (("see C:\\Us", "ers\\somebody"), "machine"),
        (("-----BEGIN RSA PRIV", "ATE KEY-----"), "secret"),
        (("gh", "p_" + "a1B2" * 9), "secret"),
        (("pass", "word = 'correct horse'".replace(" h", "-h")), "secret"),
        (("https://somebody:", "hidden@example.org"), "secret"),
    ],
    ids=lambda item: item if isinstance(item, str) else None,
)
def test_what_belongs_to_one_machine_or_registry_is_found(tmp_path, pieces, what):
    _write(tmp_path, "notes/how.md", "first line\n" + "".join(pieces) + "\n")
    (place,) = leaks(tmp_path)
    assert (place.path, place.line) == ("notes/how.md", 2)
    assert what in place.says


def test_plain_text_relative_paths_and_binary_files_are_allowed(tmp_path):
    place, home = "wo" + "rk", "ro" + "ot"  # in pieces, so that this file itself holds no such path
    text = f"see ../{place}/x, src/{home}/y, https://example.org/{place}/z and a homework/ folder\n"
    _write(tmp_path, "a.md", text)
    (tmp_path / "b.bin").write_bytes(b"\0\1/" + b"root/secret")
    assert leaks(tmp_path) == []


def test_only_files_that_git_would_keep_are_searched_for_leaks(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    text = "/ro" + "ot/x\n"
    _write(tmp_path, ".gitignore", "out/\n")
    _write(tmp_path, "out/ignored.txt", text)
    _write(tmp_path, "kept.txt", text)
    assert [place.path for place in leaks(tmp_path)] == ["kept.txt"]
