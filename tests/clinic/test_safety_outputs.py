"""What every output of the clinic must say: what it is for, whose label, who reviewed it, what is unverified."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from endplate.cli.clinic_verbs.lines import print_results
from endplate.clinic.record import example
from endplate.clinic.record.examples import examples
from endplate.clinic.result import Result as ClinicResult
from endplate.clinic.review import INTENDED_USE, NO_REVIEWER, Review, Settings, review_of
from endplate.clinic.review.alerts import alerts
from endplate.clinic.review.files import further_files
from endplate.clinic.review.letters import LETTERS, letter
from endplate.clinic.review.machine import as_json
from endplate.report.clinic import render_letter, render_review
from endplate.report.clinic.lines import Group, groups_of
from tests.cli.conftest import Result

DAY = date(2026, 11, 21)


def _review(name: str = "mg-that-is-lems", pack: str = "eu") -> Review:
    return review_of(example(name), Settings(on=DAY, pack=pack))


def _unfolded(text: str) -> str:
    return " ".join(text.replace("\r\n ", "").replace("\\,", ",").replace("\\n", " ").replace("\\;", ";").split())


def _outputs(review: Review) -> Mapping[str, str]:
    """Return every output of one review as text."""
    files, problems = further_files(review)
    assert not problems
    return {
        "page": render_review(review),
        "json": json.dumps(as_json(review), ensure_ascii=False),
        **{f"letter to the {kind}": render_letter(letter(kind, review)) for kind in LETTERS},
        "bundle": files["bundle.json"].decode(),
        "calendar": _unfolded(files["surveillance.ics"].decode()),
    }


def test_every_output_says_what_it_is_for_and_what_not(capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in _outputs(_review()).items():
        said = _unfolded(text)
        assert "not a medical device" in said.lower(), name
        assert "emergenc" in said.lower(), name
    assert INTENDED_USE in _unfolded(render_review(_review()))
    assert INTENDED_USE in _terminal(capsys, "review").out


def _terminal(capsys: pytest.CaptureFixture[str], *words: str) -> Result:
    from endplate.cli.main import main

    code = main(["clinic", *words, "mg-that-is-lems", "--date", DAY.isoformat()])
    seen = capsys.readouterr()
    return Result(code, _unfolded(seen.out), seen.err)


@pytest.mark.parametrize("verb", [("diagnosis",), ("deltap",), ("treatment",), ("schedule",), ("outlook",)])
def test_the_terminal_says_it_too(capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]) -> None:
    assert "not a medical device" in _terminal(capsys, *verb).out


@pytest.mark.parametrize("verb", ["diagnosis", "deltap", "treatment", "anaesthesia"])
def test_each_line_of_json_says_it_too_and_names_whose_label_counts(
    capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    lines = json.loads(_terminal(capsys, verb, "--json").out)
    assert all("not a medical device" in line["intended_use"] and line["jurisdiction"] for line in lines)


@pytest.mark.parametrize(("pack", "said"), [("eu", "EU"), ("us", "US")])
def test_every_output_names_whose_label_counts(pack: str, said: str) -> None:
    review = _review(pack=pack)
    outputs = _outputs(review)
    for name in ("page", "json", "bundle", *(f"letter to the {kind}" for kind in LETTERS)):
        assert said in outputs[name], name
    assert all(result.jurisdiction for result in review.results)
    assert f"{said} label" in outputs["letter to the oncologist"] or f"{said}/UK label" in outputs["page"]


@pytest.mark.parametrize("name", list(examples()))
def test_every_line_of_class_a_names_its_reviewers_or_that_there_are_none(name: str) -> None:
    review = _review(name)
    class_a = [result for result in review.results if result.safety_class == "A"]
    assert {"treatment", "breathing", "anaesthesia"} <= {
        section.id for section in review.sections if any(one in class_a for one in section.results)
    }
    page = render_review(review)
    assert page.count("of class A (two reviewers needed): not yet approved") == len(
        [section for section in review.sections if any(one.safety_class == "A" for one in section.results)]
    )
    assert page.count(NO_REVIEWER) >= len(review.results)
    lines = [line for section in as_json(review)["sections"] for line in section["results"]]
    assert all("reviewers" in line and "safety_class" in line for line in lines)


@pytest.mark.parametrize("name", list(examples()))
def test_what_no_source_stands_behind_says_so_on_every_output(name: str) -> None:
    """On the page within the line itself, in words; in JSON as a field; in an alert inside the sentence."""
    review = _review(name)
    page = re.split(r'<details class="[^"]*" id="r\d+">', render_review(review))[1:]
    shown = [result for section in review.sections for group in groups_of(section) for result in _results(group)]
    assert len(page) == len(shown) == len(review.results)
    for result, text in zip(shown, page, strict=True):
        said = text.partition("</details>")[0]
        if result.support == "unverified":
            assert "unverified" in said, result.rule
        if result.support == "proposal":
            assert "our proposal" in said, result.rule
    for alert in alerts(review):
        if alert.result.support != "published":
            assert "unverified" in alert.words or "our proposal" in alert.words
    lines = [line for section in as_json(review)["sections"] for line in section["results"]]
    assert [line["support"] for line in lines] == [result.support for result in review.results]


def _results(group: Group) -> list[ClinicResult]:
    return [line.result for line in group.lines]


def test_the_terminal_marks_each_line_that_no_source_stands_behind(capsys: pytest.CaptureFixture[str]) -> None:
    print_results(_review().results, as_json=False)
    told = capsys.readouterr().out
    counted = Counter(result.support for result in _review().results)
    assert told.count("[unverified]") == counted["unverified"] > 0
    assert told.count("[our proposal]") == counted["proposal"] > 0


def test_a_letter_marks_each_line_that_no_source_stands_behind() -> None:
    found = letter("anaesthetist", _review())
    unsure = {result.statement for result in _review().section("anaesthesia").results if result.support == "unverified"}
    lines = [line for block in found.blocks for line in block.lines]
    assert unsure
    for statement in unsure:
        assert any(line.startswith(statement) and "unverified" in line for line in lines), statement


def test_the_calendar_names_no_disease_and_still_says_what_it_is_for() -> None:
    calendar = _outputs(_review())["calendar"]
    assert "not a medical device" in calendar.lower()
    assert "lambert" not in calendar.lower()


def test_a_page_is_one_file_that_asks_nothing_of_any_network(tmp_path: Path) -> None:
    for text in (render_review(_review()), render_letter(letter("referral", _review()))):
        assert "default-src 'none'" in text
        assert "<script" not in text
        assert "src=" not in text.replace("default-src", "")


def test_words_of_a_form_never_become_markup() -> None:
    from dataclasses import replace

    record = replace(example("child"), label="<script>alert(1)</script>")
    review = review_of(record, Settings(on=DAY))
    for text in (render_review(review), render_letter(letter("referral", review))):
        assert "<script" not in text
        assert "&lt;script&gt;" in text
