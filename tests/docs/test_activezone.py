"""The page of agreement and speed: from the studies, misses included, and honest where one was not run."""

import json

import pytest

from docs.builder import activezone


@pytest.fixture
def studies(tmp_path, monkeypatch):
    monkeypatch.setattr(activezone, "STUDIES", tmp_path)
    return tmp_path


def test_a_study_that_was_not_run_is_said(studies):
    page = activezone.results_page()
    for name in ("activezone_agreement", "crosscheck", "activezone_grid", "activezone_speed"):
        assert f"there is no `studies/{name}.json`" in page


def test_agreement_names_the_furthest_quantity_and_counts_those_beyond_two_errors(studies):
    def row(quantity, z):
        return {
            "section": "AZ4", "quantity": quantity, "ours": 1.0, "ours_se": 0.1, "reference": 2.0,
            "reference_se": 0.0, "z": z,
        }  # fmt: skip

    rows = [row("ions entered", 0.5), row("P(largest >= 3)", -2.6)]
    (studies / "activezone_agreement.json").write_text(json.dumps({"about": "10 trials", "rows": rows}))
    page = activezone.results_page()
    assert "Of 2 quantities 1 lie beyond 2 standard errors" in page
    assert "the furthest is P(largest \\>= 3) with −2.6" in page
    assert "| ions entered | 1 ± 0.1 | 2 | +0.5 |" in page


def test_every_program_has_its_column(studies):
    one = {"mean": 51.3, "sem": 0.9}
    row = {
        "quantity": "free ions at 0.25 ms", "unit": "1", "mcell3": one, "smoldyn": one, "particles": one,
        "smoldyn_z": -1.0, "particles_z": 0.4, "particles_smoldyn_z": 0.5,
    }  # fmt: skip
    about = {"mcell3": 60, "smoldyn": 30, "particles": 600}
    (studies / "crosscheck.json").write_text(json.dumps({"about": about, "rows": [row]}))
    page = activezone.results_page()
    assert "60 trials of MCell3, 30 of Smoldyn 2.74, 600 of our particles" in page
    assert "| free ions at 0.25 ms | 51.3 ± 0.9 | 51.3 ± 0.9 | 51.3 ± 0.9 | −1.0 | +0.4 |" in page


def test_the_grid_says_how_many_comparisons_miss_and_which_is_worst(studies):
    worst = {
        "condition": "AZ4, 4 mM",
        "quantity": "largest bound",
        "particles": 2.0,
        "fast": 2.5,
        "standard_error": 0.1,
    }
    (studies / "activezone_grid.json").write_text(
        json.dumps({"about": "500 trials", "rows": 40, "outside": 1, "worst": worst, "differences": [worst]})
    )
    (studies / "activezone_grid.md").write_text("<!-- made -->\n\n| condition |\n| --- |\n| AZ4, 4 mM |\n")
    page = activezone.results_page()
    assert "Of 40 comparisons 1 lie outside" in page
    assert "largest bound of AZ4, 4 mM, 2 with particles and 2.5 fast" in page
    assert "| AZ4, 4 mM |" in page


def test_speed_is_shown_as_ratios_with_a_dash_where_nothing_was_measured(studies):
    rows = [{"case": "AZ4, fast", "times_faster_than_mcell": 18000.0, "moves_per_trial": None}]
    (studies / "activezone_speed.json").write_text(json.dumps({"about": "One core.", "rows": rows}))
    page = activezone.results_page()
    assert "| case | times faster than mcell | moves per trial |" in page
    assert "| AZ4, fast | 18000 | – |" in page
