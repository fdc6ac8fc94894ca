"""Reviewing: nobody is said, one of two is said, and a list of ours needs its reviewers beside those of its rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from endplate.clinic.medicines import recognise
from endplate.clinic.medicines.interactions import interactions, pairs_of
from endplate.clinic.medicines.pairs import pair_result
from endplate.clinic.reviewing import review_limits
from endplate.foundation.records.clinical import Medicine


@pytest.mark.parametrize(
    ("reviewers", "safety_class", "says"),
    [
        ((), "A", "class A needs two"),
        ((), "C", "No clinician has reviewed this wording yet."),
        (("one",), "A", "second reviewer is still missing"),
        (("one", "one"), "A", "second reviewer is still missing"),
        (("one",), "B", ""),
        (("one", "two"), "A", ""),
    ],
)
def test_a_missing_reviewer_is_a_limit(reviewers: tuple[str, ...], safety_class: str, says: str) -> None:
    limits = review_limits(reviewers, safety_class)  # type: ignore[arg-type]
    assert (says in limits[0]) if says else limits == ()


def test_a_rule_that_rests_on_a_list_of_ours_is_reviewed_only_with_its_list() -> None:
    medicines = [recognise(Medicine(name)) for name in ("amifampridine", "ondansetron")]
    (pair,) = [one for one in pairs_of(medicines) if one.interaction.id == "amifampridine-qt"]
    reviewed = replace(pair, interaction=replace(pair.interaction, reviewers=("one", "two")))
    assert pair_result(reviewed, "EU").reviewers == ()
    assert any("No clinician" in limit for limit in pair_result(reviewed, "EU").limits)


def test_nothing_here_claims_a_reviewer() -> None:
    assert all(one.reviewers == () for one in interactions())
