"""Rules as data: what has no source, an unknown key or a wrong word is refused with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from endplate.clinic.heads import check_keys, head_of, read_tables
from endplate.clinic.knowledge.references import references
from endplate.clinic.outlook import outlook_results
from endplate.clinic.respiratory import red_flag_results, respiratory_results
from endplate.clinic.risk import risk_results
from endplate.clinic.surveillance import surveillance_results
from endplate.clinic.treatment import treatment_results
from endplate.foundation.errors import DataError
from endplate.foundation.records.clinical import Record

TODAY = date(2026, 2, 1)
GOOD: dict[str, Any] = {
    "title": "T", "version": "1", "valid_from": TODAY, "sources": ["A"], "where": "p. 1", "checked": "paper",
    "support": "published", "rows": ["M001"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sources": []}, "only a proposal of ours may stand without one"),
        ({"sources": ["B"]}, r"source \['B'\]"),
        ({"support": "sure"}, "support is one of published, unverified, proposal"),
        ({"checked": "memory"}, "checked one of paper, abstract, none"),
    ],
)
def test_a_rule_that_nobody_could_check_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        head_of("x", {**GOOD, **changed}, known=frozenset({"A"}), where="rules.toml")


def test_a_key_that_nobody_reads_is_refused() -> None:
    with pytest.raises(DataError, match=r"unknown key \['treshold'\]"):
        check_keys({**GOOD, "treshold": "3"}, ("threshold",), "rules.toml: x")


def test_a_broken_file_says_which_one(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text("[x\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"rules\.toml: not valid TOML"):
        read_tables(tmp_path / "rules.toml")


def test_a_proposal_may_stand_without_a_source_and_carries_its_mark_into_the_result() -> None:
    head = head_of("x", {**GOOD, "sources": [], "support": "proposal"}, known=frozenset(), where="rules.toml")
    assert head.result(verdict="known", statement="S.").support == "proposal"


def test_every_line_of_these_rooms_cites_what_the_references_hold_and_names_its_rows() -> None:
    record, known = Record(), references()
    lines = (
        *risk_results(record), *surveillance_results(record, today=TODAY), *respiratory_results(record, today=TODAY),
        *red_flag_results(record, audience="patient"), *red_flag_results(record), *outlook_results(record),
        *treatment_results(record, today=TODAY),
    )  # fmt: skip
    for one in lines:
        assert set(one.sources) <= set(known), one.rule
        assert one.sources or one.support in ("proposal", "unverified"), one.rule
        assert one.rows, one.rule
        assert one.support != "unverified" or "unverified" in one.statement, one.rule
        assert one.statement.endswith("."), one.rule
