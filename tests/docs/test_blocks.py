"""What the documentation tells people to type, typed."""

import re
import shlex
import tomllib
from pathlib import Path

import matplotlib as mpl
import pytest
import typer

from endplate.change.presets import load_person
from endplate.cli.app import app
from endplate.exam.protocols import load_protocol
from endplate.exam.recording.settings import read_sidecar
from endplate.foundation.rules import read_reference_set

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs" / "tutorial" / "first-patient.md").read_text(encoding="utf-8")


def first_python_block(text):
    return re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]


def write_files(page, folder):
    """Write the TOML blocks that begin with the name of their file."""
    written = {}
    for block in page.blocks("toml"):
        name = block.partition("\n")[0].removeprefix("#").strip()
        assert name.endswith(".toml"), f"the first line of a TOML block names its file, this one is {name!r}"
        (folder / name).write_text(block, encoding="utf-8")
        written[name] = block
    return written


def test_the_python_blocks_of_a_page_run_one_after_the_other(page_with_python, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    write_files(page_with_python, tmp_path)
    names = {"__name__": "documentation"}
    with mpl.rc_context():
        for block in page_with_python.blocks("python"):
            exec(compile(block, page_with_python.name, "exec"), names)
    assert capsys.readouterr().out.strip(), "a block that shows nothing teaches nothing"


def test_readme_and_tutorial_show_the_same_ten_lines():
    block = first_python_block(README)
    assert block == first_python_block(TUTORIAL)
    assert len(block.splitlines()) <= 10


def test_every_toml_block_is_read_by_what_it_is_for(page, tmp_path):
    readers = {
        "anna.toml": load_person,
        "short.toml": load_protocol,
        "sweeps.toml": read_sidecar,
        "our-laboratory.toml": read_reference_set,
    }
    if page.name == "CONTRIBUTING.md":  # shows a parameter, which the loader of parameters tests
        return
    for name, block in write_files(page, tmp_path).items():
        assert tomllib.loads(block)
        readers[name](tmp_path / name)


def commands(text):
    """Return every endplate command of a shell block as words."""
    found = []
    for line in text.splitlines():
        line = line.partition("  #")[0].strip().removeprefix(".venv/bin/")
        if line.startswith("endplate "):
            found.append(shlex.split(line.partition(" > ")[0])[1:])
    return found


def refuse_unknown(words):
    """Raise if the command line has no such verb or option."""
    group = typer.main.get_command(app)
    verb, words = group.commands[words[0]], words[:]
    while hasattr(verb, "commands") and len(words) > 1:
        words = [f"{words[0]} {words[1]}", *words[2:]]
        verb = verb.commands[words[0].rpartition(" ")[2]]
    known = {name for parameter in verb.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    for word in words[1:]:
        if re.match(r"-[a-z-]", word):
            assert word in known, f"endplate {words[0]} has no {word}"


def test_every_command_of_a_page_has_a_verb_and_options_that_exist(page):
    inline = re.findall(r"`((?:\.venv/bin/)?endplate [a-z-]+[^`…]*)`", page.prose())
    for words in commands("\n".join([*page.blocks("sh"), *inline])):
        refuse_unknown([word for word in words if word != "NAME"])


def test_every_command_of_the_generated_reference_exists(generated):
    shell = re.findall(r"```sh\n(.*?)```", generated["command-line.md"], re.DOTALL)
    assert shell
    for words in commands("\n".join(shell)):
        refuse_unknown(words)


@pytest.mark.parametrize("words", [["exams"], ["exam", "lems", "--protocl"]])
def test_a_command_that_does_not_exist_would_be_found(words):
    with pytest.raises((KeyError, AssertionError)):
        refuse_unknown(words)


def test_every_make_verb_that_is_named_exists(page):
    verbs = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for verb in re.findall(r"`make ([a-z]+)", page.text) + re.findall(r"^make ([a-z]+)", page.text, re.MULTILINE):
        assert verb in verbs


def test_every_study_that_is_named_exists(page):
    for study in re.findall(r"studies/\w+\.(?:py|toml)", page.text):
        assert (ROOT / study).is_file()
