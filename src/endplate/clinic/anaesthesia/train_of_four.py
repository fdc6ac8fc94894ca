"""Train-of-four: a ratio is read against the person's own baseline, or not at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from endplate.clinic.logic import all_of
from endplate.clinic.reading import plain
from endplate.clinic.result import Input, Result
from endplate.clinic.reviewing import review_limits
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Known

SHARE_OF_BASELINE: Final = Decimal("0.9")
_HIGHEST: Final = Decimal("2")


def _checked(name: str, ratio: Decimal | None) -> Decimal | None:
    if ratio is None:
        return None
    if not ratio.is_finite() or not 0 <= ratio <= _HIGHEST:
        raise InputError(
            f"{name} is the fourth response over the first, between 0 and {_HIGHEST}, got {ratio}. "
            "Divide percent by 100."
        )
    return ratio


def judge_train_of_four(
    *,
    ratio: Decimal | None,
    baseline: Decimal | None,
    clinical_power: Known = "unknown",
    is_baseline_before_blocker: Known = "unknown",
) -> Result:
    """Read a train-of-four ratio after a blocker.

    Untreated LEMS decrements at 2-3 Hz, so that a ratio near 0.7 needs no drug. Recovery is at least 0.9 of the
    baseline that was recorded before any blocker and any tetanic stimulus, together with clinical power.

    Parameters
    ----------
    ratio, baseline
        Fourth response over first, now and before any blocker. [1]
    clinical_power
        Whether clinical power is back to what it was.
    is_baseline_before_blocker
        Whether the baseline was recorded before any blocker and before any tetanic stimulus.

    Returns
    -------
    Result
        Verdict "not interpretable" without a baseline of its own, "cannot tell", "not recovered" or "recovered".

    Raises
    ------
    InputError
        If a ratio is outside [0, 2]; percent were meant.

    Examples
    --------
    >>> judge_train_of_four(ratio=Decimal("0.9"), baseline=None).verdict
    'not interpretable'
    >>> judge_train_of_four(
    ...     ratio=Decimal("0.63"), baseline=Decimal("0.7"), clinical_power="yes", is_baseline_before_blocker="yes"
    ... ).verdict
    'recovered'
    """
    now, before = _checked("ratio", ratio), _checked("baseline", baseline)
    verdict, because, missing = _verdict(now, before, clinical_power, is_baseline_before_blocker)
    shown = [("train_of_four_ratio", now), ("train_of_four_baseline", before)]
    return Result(
        rule="train-of-four-baseline", version="2026-11-21", title="Train-of-four against its own baseline",
        verdict=verdict, statement=f"{verdict.capitalize()}: {because}.",
        because=(because, "untreated LEMS decrements at 2-3 Hz: a ratio near 0.7 needs no drug"),
        inputs=(
            *(Input(name, "unknown" if value is None else plain(value)) for name, value in shown),
            Input("clinical_power", clinical_power), Input("baseline_before_blocker", is_baseline_before_blocker),
        ),
        missing=missing, support="proposal", rows=("M122", "M061"), severity="critical", safety_class="A",
        limits=(
            "A rule of ours from the clinical review: 0.9 of the own baseline has not been tested in LEMS.",
            "Recovery of the ratio alone is no reason to extubate.",
            *review_limits((), "A"),
        ),
        values={"share_of_baseline": plain(SHARE_OF_BASELINE)},
    )  # fmt: skip


def _verdict(
    now: Decimal | None, before: Decimal | None, power: Known, is_before: Known
) -> tuple[str, str, tuple[str, ...]]:
    if before is None or is_before == "no" or before == 0:
        why = "no baseline was recorded" if before is None else "the baseline was recorded after a blocker or tetanus"
        return "not interpretable", "the fourth response was absent before" if before == 0 else why, ("baseline",)
    if power == "no":
        return "not recovered", "clinical power is not back", ()
    if now is None:
        return "cannot tell", "no ratio was given", ("ratio",)
    limit = SHARE_OF_BASELINE * before
    if now < limit:
        return "not recovered", f"{plain(now)} is below 0.9 of the baseline ({plain(limit)})", ()
    said = f"{plain(now)} is at least 0.9 of the baseline ({plain(limit)})"
    if all_of([power, is_before]) == "yes":
        return "recovered", f"{said}, and clinical power is back", ()
    asked = (("clinical_power", power), ("baseline_before_blocker", is_before))
    return "cannot tell", said, tuple(name for name, known in asked if known == "unknown")
