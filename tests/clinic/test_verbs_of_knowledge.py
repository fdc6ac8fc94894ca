"""The verbs claims and lint-page, as the command line runs them."""

import json
from pathlib import Path

import pytest

from endplate.cli.main import main
from endplate.clinic.knowledge.claims import claims

PAGES = Path(__file__).parent / "pages"


@pytest.fixture
def run(capsys):
    """Run words as the command line does; return the exit code and what was printed."""

    def running(*words):
        code = main([str(word) for word in words])
        return code, capsys.readouterr()

    return running


def test_claims_lists_all_and_says_that_none_is_reviewed(run):
    code, told = run("claims")
    assert code == 0
    assert "138 claims, 0 reviewed by clinicians" in told.out


def test_claims_lists_one_stance_and_never_a_refuted_statement_without_the_word(run):
    code, told = run("claims", "list", "--stance", "refuted", "--json")
    assert code == 0
    assert [one["id"] for one in json.loads(told.out)] == ["M046", "M072", "M109", "M117", "M120", "M121"]
    _, told = run("claims", "list", "--stance", "refuted")
    assert told.out.count("Refuted: ") == 6


def test_claims_shows_sources_rules_scenario_and_the_missing_review(run):
    code, told = run("claims", "show", "m109", "M007")
    assert code == 0
    for part in (
        "REFUTED, not advice",
        "No clinician has reviewed this text yet.",
        "Rules: medicines/heart-calcium-blockers",
        "Mechanism: endplate exam lems+verapamil",
        "Dobrev",
        "unverified: no source of it has been read",
    ):
        assert part in told.out, part


def test_claims_shows_json_that_holds_everything(run):
    _, told = run("claims", "show", "M058", "--json")
    (one,) = json.loads(told.out)
    assert one["title"] == "Antibody test"
    assert one["stated"] == "2026-11-21"
    assert {source["id"] for source in one["sources"]} >= {"LowSpecificity2018", "OSuilleabhain1998"}


def test_claims_check_finds_nothing_on_its_day_and_everything_overdue_later(run):
    code, told = run("claims", "check", "--date", "2026-11-21")
    assert (code, told.out) == (0, f"{len(claims())} claims checked on 2026-11-21: no defects.\n")
    code, told = run("claims", "check", "--date", "2030-01-01", "--json")
    assert code == 1
    found = json.loads(told.out)
    assert {one["kind"] for one in found["defects"]} == {"overdue"}
    assert len(found["defects"]) == len(claims())


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("claims", "chek"), "did you mean check"),
        (("claims", "show"), "needs an id"),
        (("claims", "show", "M135"), "that row is no statement"),
        (("claims", "show", "M1O9"), "did you mean M109"),
        (("claims", "show", "M999"), "ids go from M001 to M194"),
        (("claims", "list", "M109"), "takes no ids"),
        (("claims", "list", "--stance", "wrong"), "no stance 'wrong'"),
        (("claims", "check", "--stance", "refuted"), "--stance belongs to 'list'"),
        (("claims", "check", "--date", "21.11.2026"), "must be a day as YYYY-MM-DD"),
        (("lint-page", "no-such-page.html"), "there is no such file or folder"),
        (("lint-page", PAGES, "--format", "yaml"), "no format 'yaml'"),
    ],
)
def test_bad_input_is_told_in_one_sentence_with_exit_code_two(run, words, part):
    code, told = run(*words)
    assert code == 2
    assert part in " ".join(told.err.split())
    assert told.out == ""


def test_lint_page_leaves_with_zero_on_clean_pages(run):
    code, told = run("lint-page", PAGES / "clean")
    assert (code, told.out) == (0, "2 pages read: no defects.\n")


def test_lint_page_leaves_with_one_and_names_file_and_line(run):
    page = PAGES / "defective" / "missing-date-none.html"
    code, told = run("lint-page", page)
    assert code == 1
    assert told.out.startswith(f"{page}:1: missing-date: the page does not say")
    assert told.out.endswith("1 page read: 1 defect.\n")


def test_lint_page_prints_json_with_counts(run):
    code, told = run("lint-page", PAGES, "--json")
    assert code == 1
    found = json.loads(told.out)
    assert len(found["counts"]) == 10
    assert len(found["pages"]) == 22


def test_lint_page_prints_sarif(run):
    code, told = run("lint-page", PAGES / "defective", "--format", "sarif")
    log = json.loads(told.out)
    assert code == 1
    assert log["version"] == "2.1.0"
    assert len(log["runs"][0]["results"]) == sum(len(one["findings"]) for one in _found(run))


def _found(run):
    return json.loads(run("lint-page", PAGES / "defective", "--json")[1].out)["pages"]


def test_lint_page_leaves_with_two_for_a_page_it_cannot_read_and_still_tells_of_the_others(run, tmp_path):
    (tmp_path / "a.html").write_bytes(b"\xff\x00\xff")
    (tmp_path / "b.txt").write_text("LEMS can be cured.\n\nUpdated 2026-11-21.", encoding="utf-8")
    code, told = run("lint-page", tmp_path)
    assert code == 2
    assert "b.txt:1: contradiction:" in told.out
    assert "a.html: not UTF-8 at byte 0" in " ".join(told.err.split())


def test_a_claim_and_the_condition_are_shown_as_linked_data_for_a_web_page(run):
    code, told = run("claims", "show", "M109", "--json-ld")
    assert code == 0
    assert json.loads(told.out)["@context"] == "https://schema.org"
    code, told = run("claims", "show", "--json-ld")
    assert code == 0
    assert "MedicalCondition" in told.out
