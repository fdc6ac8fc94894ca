"""The verbs deltap, schedule, respiratory, treatment and outlook, as functions of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from endplate.cli.clinic_verbs.deltap import deltap
from endplate.cli.clinic_verbs.outlook import outlook
from endplate.cli.clinic_verbs.respiratory import respiratory
from endplate.cli.clinic_verbs.schedule import schedule
from endplate.cli.clinic_verbs.treatment import treatment
from endplate.foundation.errors import EndplateError

DAY = "2026-11-21"
FORM = """
label = "Synthetic person: scans"
synthetic = true
scans = [{ scan_date = 2026-01-10, kind = "ct_chest", result = "negative" }]
[measures]
mip_cmh2o = 28
"""


@pytest.fixture
def form(tmp_path: Path) -> str:
    path = tmp_path / "facts.toml"
    path.write_text(FORM, encoding="utf-8")
    return str(path)


def _json(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("verb", [deltap, schedule, respiratory, treatment, outlook])
def test_each_verb_prints_for_people_and_json_for_machines(verb: Any, capsys: pytest.CaptureFixture[str]) -> None:
    verb("typical-sclc-lems", on=DAY)
    text = capsys.readouterr().out
    assert "for a clinician to review" in text
    assert "No clinician has reviewed these rules yet." in text
    verb("typical-sclc-lems", on=DAY, as_json=True)
    results = _json(capsys)
    assert all({"rule", "version", "verdict", "statement", "sources", "limits", "rows"} <= set(one) for one in results)


def test_deltap_takes_a_prior_of_ones_own(capsys: pytest.CaptureFixture[str], form: str) -> None:
    deltap(form, on=DAY, prior=0.5, as_json=True)
    sox = next(one for one in _json(capsys) if one["rule"] == "sox1")
    assert sox["values"]["if_positive"] == pytest.approx(0.935, abs=0.001)
    with pytest.raises(EndplateError, match="Divide a percentage by 100"):
        deltap(form, on=DAY, prior=50)


def test_schedule_shows_one_protocol_and_writes_its_calendar(
    capsys: pytest.CaptureFixture[str], form: str, tmp_path: Path
) -> None:
    file = tmp_path / "scans.ics"
    schedule(form, on=DAY, protocol="deltap-authors", ics=file, as_json=True)
    seen = capsys.readouterr()
    assert "scans.ics" in seen.err
    (one,) = json.loads(seen.out)
    assert one["values"]["steps"][0]["due"] == "2026-04-10"
    assert one["verdict"] == "overdue"
    assert len(Calendar.from_ical(file.read_bytes()).walk("VEVENT")) == 5
    with pytest.raises(EndplateError):
        schedule(form, on=DAY, ics=file)


def test_respiratory_speaks_to_patients_in_plain_words(capsys: pytest.CaptureFixture[str], form: str) -> None:
    respiratory(form, on=DAY, audience="patient")
    assert "You cannot finish a sentence." in capsys.readouterr().out
    respiratory(form, on=DAY)
    assert "28: below 30 cmH2O" in capsys.readouterr().out
    with pytest.raises(EndplateError, match="did you mean patient"):
        respiratory(form, on=DAY, audience="patients")


def test_outlook_shows_survival_only_when_asked(capsys: pytest.CaptureFixture[str], form: str) -> None:
    outlook(form, on=DAY)
    assert "17 months" not in capsys.readouterr().out
    outlook(form, on=DAY, sensitive=True)
    assert "17 months" in capsys.readouterr().out


def test_what_is_no_published_rule_is_marked(capsys: pytest.CaptureFixture[str], form: str) -> None:
    treatment(form, on=DAY)
    text = capsys.readouterr().out
    assert "[our proposal]" in text
    assert "[unverified]" in text
