"""Links lead somewhere, numbers are parameters, and what exists is described."""

import doctest
import importlib
import json
import re
from pathlib import Path

import pytest

from docs.builder import api, calibration, formulas, markdown, offline
from docs.builder.parameters import anchor, subject
from endplate.body.muscle import muscles
from endplate.change.disease import DISEASES
from endplate.change.presets import PRESETS
from endplate.change.therapy import treatments
from endplate.exam.measure import FLAGS
from endplate.exam.protocols import protocols
from endplate.exam.recording.load import READERS
from endplate.foundation.parameters import parameters_of, references, rooms
from endplate.foundation.records import LEVERS
from endplate.foundation.records.recording import ROLES
from endplate.foundation.rules import reference_sets, rules

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "docs" / "reference" / "generated"
DRAWN = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "figures").glob("*.py"))


def is_there(target, generated):
    """Tell whether a file exists, or will when the documentation is built."""
    target = Path(target)
    if target.parent == GENERATED / "figures":
        return f'"{target.stem}"' in DRAWN
    if target.parent == GENERATED:
        return target.name in generated
    return target.exists()


def test_every_link_of_a_page_leads_to_a_file(page, generated):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.prose())
    links += re.findall(r"^```\{(?:include|figure|image)\} (\S+)", page.text, re.MULTILINE)
    for link in links:
        if not re.match(r"[a-z]+:", link):
            assert is_there((page.path.parent / link).resolve(), generated), link


def test_every_page_of_a_list_of_pages_exists(page, generated):
    for block in re.findall(r"```\{toctree\}\n(.*?)```", page.text, re.DOTALL):
        if ":glob:" in block:
            continue
        for entry in (line.strip() for line in block.splitlines() if line.strip() and not line.startswith(":")):
            assert is_there((page.path.parent / f"{entry}.md").resolve(), generated), entry


def test_every_link_between_generated_pages_leads_somewhere(generated):
    labels = {label for text in generated.values() for label in re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE)}
    for name, text in generated.items():
        for link in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", text):
            if link.startswith("#"):
                assert link[1:] in labels, f"{name}: {link}"
            elif not link.startswith("http"):
                assert is_there((GENERATED / link).resolve(), generated), f"{name}: {link}"


def test_every_page_of_docs_stands_in_a_list_of_pages(page):
    if page.path.parent.name not in ("howto", "explanation", "tutorial", "reference") or page.path.stem == "index":
        return
    lists = [page.path.parent / "index.md", ROOT / "docs" / "index.md"]
    text = "".join(path.read_text(encoding="utf-8") for path in lists if path.is_file())
    assert re.search(rf"^(\w+/)?{page.path.stem}$", text, re.MULTILINE)


def test_every_number_in_the_text_is_a_parameter_with_a_place_to_link_to(page, generated):
    for room, name in re.findall(r"\{value\}`([^`:]+):([^`]+)`", page.text):
        assert name in parameters_of(room)
        assert f'id="{anchor(room, name)}"' in generated[f"parameters-{markdown.slug(room)}.md"]


def test_every_formula_can_be_drawn(page):
    prose = re.sub(r"`[^`\n]*`", "", page.prose())
    display = re.findall(r"\$\$(.+?)\$\$", prose, re.DOTALL)
    inline = re.findall(r"\$([^$\n]+)\$", re.sub(r"\$\$.+?\$\$", "", prose, flags=re.DOTALL))
    for latex in (*display, *inline):
        drawn = formulas.svg(latex)
        assert "<path" in drawn
        assert "currentColor" in drawn


@pytest.mark.parametrize(
    ("page_name", "names"),
    [
        ("protocols.md", protocols()),
        ("muscles.md", muscles()),
        ("persons.md", (*PRESETS, *DISEASES)),
        ("treatments.md", treatments()),
        ("levers.md", LEVERS),
        ("rules.md", rules()),
        ("reference-sets.md", reference_sets()),
    ],
)
def test_everything_that_exists_has_a_place_in_the_reference(page_name, names, generated):
    for name in names:
        assert f"`{name}`" in generated[page_name]


def test_every_parameter_and_every_source_stands_in_the_reference(generated):
    for room in rooms():
        assert subject(room) != room, "docs/builder/parameters.py says in words what each room is about"
        for name in parameters_of(room):
            assert f"`{name}`" in generated[f"parameters-{markdown.slug(room)}.md"]
    for key in references():
        assert f"(ref-{markdown.slug(key)})=" in generated["bibliography.md"]


def test_every_quality_flag_is_explained(generated):
    for flag in FLAGS:
        assert f"| {flag} |" in generated["quality-flags.md"]


def test_the_explanation_of_change_names_every_disease_and_treatment():
    text = (ROOT / "docs" / "explanation" / "change.md").read_text(encoding="utf-8").lower()
    for name in (*DISEASES, *treatments()):
        assert name in text


def test_the_page_of_formats_names_every_reader_and_every_role():
    text = (ROOT / "docs" / "reference" / "recording-formats.md").read_text(encoding="utf-8")
    for name in (*READERS, *ROLES):
        assert f"`{name}`" in text


def test_every_public_name_of_every_room_has_an_entry(generated):
    everything = "".join(text for name, text in generated.items() if name.startswith("api"))
    for room in api.ROOMS:
        for name in api.public_names(importlib.import_module(room.module)):
            assert re.search(rf"\.{name}\n|`{name}`", everything), f"{room.module}.{name}"


def test_a_page_that_would_fetch_from_outside_is_found():
    assert offline.outside_requests('<link rel="stylesheet" href="//fonts.example/css">') == ["//fonts.example/css"]
    assert offline.outside_requests("@import url('https://a.example/b.css');") == ["https://a.example/b.css"]
    assert not offline.outside_requests('<a href="https://doi.org/1">1</a><img src="_images/a.svg">')


def test_the_calibration_page_counts_its_misses(tmp_path, monkeypatch):
    study = tmp_path / "calibration.json"
    common = {"target": 1, "low": 0, "high": 2, "unit": "1", "evidence": "memory"}
    rows = [
        {"row": "lems.0", "model": 1.0, "inside": True} | common,
        {"row": "lems.1", "model": 3.0, "inside": False} | common,
    ]

    study.write_text(json.dumps({"date": "2026-01-01", "seed": 1, "rows": rows, "fitted": {}}), encoding="utf-8")
    monkeypatch.setattr(calibration, "STUDY", study)
    text = calibration.calibration_page()
    assert "1 of 2 rows" in text
    assert "`lems.1`" in text.partition("miss it")[2]
    monkeypatch.setattr(calibration, "STUDY", tmp_path / "none.json")
    assert "has not been run" in calibration.calibration_page()


def test_the_overview_picture_is_small_enough_for_a_readme():
    assert 10_000 < (ROOT / "docs" / "images" / "overview.png").stat().st_size < 400_000


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "docs" / "builder").glob("*.py")))
def test_the_examples_of_the_builder_run(name):
    module = importlib.import_module("docs.builder" if name == "__init__" else f"docs.builder.{name}")
    assert doctest.testmod(module).failed == 0
