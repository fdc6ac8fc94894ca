"""Golden pages: each class of defect on its synthetic pages, with its lines; nothing on a clean page."""

from pathlib import Path

import pytest

from endplate.clinic.lint_page.defects import CLASSES
from endplate.clinic.lint_page.lint import lint_page

PAGES = Path(__file__).parent / "pages"
DEFECTIVE = sorted((PAGES / "defective").iterdir())
# page, lines of its defects: read off the page, not off a run
LINES = {
    "badge-without-reviewer-team.html": [6, 7],
    "badge-without-reviewer-text.txt": [5],
    "contamination-back-pain.html": [8, 9, 12],
    "contamination-skin.txt": [7],
    "contradiction-course.txt": [5, 7, 9],
    "contradiction-sweating.html": [9, 14],
    "duplicate-item-paragraph.txt": [9],
    "duplicate-item-tests.html": [10],
    "leaked-editor-text-note.html": [7, 10],
    "leaked-editor-text-placeholder.txt": [5, 7],
    "missing-date-ambiguous.txt": [7],
    "missing-date-none.html": [1],
    "raw-markup-encoding.txt": [5, 7],
    "raw-markup-escaped.html": [6, 7],
    "references-broken.html": [6, 6, 6, 7, 7],
    "references-off-topic.html": [8, 9, 10, 10, 14],
    "truncated-list-end.txt": [8, 12],
    "truncated-list-lead-in.html": [7, 8],
    "unsafe-advice-drugs.html": [9, 10, 11, 12],
    "unsafe-advice-sentences.txt": [5, 7, 9, 11],
}


def test_there_are_ten_classes_and_a_defective_page_for_each():
    assert len(CLASSES) == 10
    assert {name for name in CLASSES if any(page.name.startswith(name) for page in DEFECTIVE)} == set(CLASSES)
    assert {page.name for page in DEFECTIVE} == set(LINES)


@pytest.mark.parametrize("page", DEFECTIVE, ids=lambda page: page.name)
def test_a_defective_page_shows_its_own_class_on_its_own_lines_and_no_other(page):
    findings = lint_page(page.name, page.read_bytes())
    assert {one.kind for one in findings} == {next(name for name in CLASSES if page.name.startswith(name))}
    assert [one.line for one in findings] == LINES[page.name]
    assert all(one.text.endswith(".") for one in findings)


@pytest.mark.parametrize("page", sorted((PAGES / "clean").iterdir()), ids=lambda page: page.name)
def test_a_clean_page_is_found_clean(page):
    assert lint_page(page.name, page.read_bytes()) == ()
