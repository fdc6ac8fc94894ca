"""Outlook: figures with cohort, n and year; nothing about one person; sensitive ones only when asked for."""

from __future__ import annotations

from endplate.clinic.outlook import figures, outlook_results
from endplate.clinic.record import record_of
from endplate.foundation.records.clinical import Record


def test_every_figure_names_cohort_n_and_year() -> None:
    for one in figures():
        assert one.cohort in one.shown
        assert f"n = {one.n}" in one.shown
        assert str(one.year) in one.shown
        assert one.source


def test_survival_is_withheld_until_a_reader_asks() -> None:
    by_default = {one.values["id"]: one for one in outlook_results(Record())}
    assert by_default["survival-with-sclc"].verdict == "withheld"
    assert "17 months" not in str(by_default)
    asked = {one.values["id"]: one for one in outlook_results(Record(), sensitive=True)}
    assert "17 months" in asked["survival-with-sclc"].statement


def test_a_known_tumour_leaves_out_the_group_without_one_and_an_unknown_leaves_out_none() -> None:
    groups = {one.values["group"] for one in outlook_results(record_of({"sclc": "yes"}))}
    assert groups == {"all", "with-sclc"}
    for facts in ({}, {"sclc": "no"}, {"sclc": "unknown"}):
        assert {one.values["group"] for one in outlook_results(record_of(facts))} == {
            "all",
            "with-sclc",
            "without-tumour",
        }


def test_no_line_predicts_one_person() -> None:
    for one in outlook_results(Record(), sensitive=True):
        assert any("predicts nobody's own course" in limit for limit in one.limits)
