"""Plan: what one label says of amifampridine for one person, as a result to review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from endplate.clinic.dosing.decision import BLOCKING, Decision, Limits, decide
from endplate.clinic.dosing.packs import BASE_NOTE, Pack, pack_named, packs
from endplate.clinic.reading import inputs_of, plain, words_of
from endplate.clinic.result import Input, Result, Severity
from endplate.clinic.reviewing import review_limits
from endplate.foundation.records.clinical import Record

READS = (
    "birth_date", "age_years", "weight_kg", "sex", "pregnancy", "lactation", "seizure_history", "epilepsy",
    "hypersensitivity_aminopyridine", "asthma_uncontrolled", "congenital_long_qt", "kidney_impairment", "crcl_ml_min",
    "egfr_ml_min", "liver_impairment", "nat2_status", "no_other_medicines",
)  # fmt: skip
_LIMITS = (
    BASE_NOTE,
    "For a prescriber who knows the disease; the label in full stands above this summary.",
    "Amounts are mg a dose or a day, never mg per kg.",
)
_LISTED = "Which medicines prolong QTc or have a narrow window is a dated list of ours; the label names few."
_OURS = "The degree of kidney impairment is read by a band of ours (a proposal): the label gives no limits."


def dose_plan(record: Record, *, pack: str, today: date | None = None) -> Result:
    """Say what one label allows to one person.

    Parameters
    ----------
    record
        Age (or date of birth), weight, kidney, liver, acetylator, contraindications, pregnancy and medicines are
        read.
    pack
        "us", "eu", "uk" or "ch"; there is no default, because the labels differ.
    today
        The day of the age; None is the day of this machine.

    Returns
    -------
    Result
        Verdict "contraindicated", "stop and review", "no recommendation", "do not use", "cannot tell", "decision"
        (pregnancy under the US label, breastfeeding) or "within the label". A blocking verdict has no
        amounts. What is unknown makes it "cannot tell", with the more cautious amounts.

    Raises
    ------
    UnknownNameError
        If there is no such pack.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> dose_plan(record_of({"age_years": 60, "seizure_history": "yes"}), pack="us").verdict
    'contraindicated'
    """
    named = pack_named(pack)
    decision = decide(record, named, today=today or date.today())
    return result_of(named, decision, record, statement=_statement(named, decision), values=_values(named, decision))


def result_of(
    pack: Pack, decision: Decision, record: Record, *, statement: str, values: dict[str, Any], **more: Any
) -> Result:
    """Return a result of a label with the trace, the limits and the other labels of a decision."""
    severity: Severity = (
        "critical" if decision.verdict in BLOCKING else "info" if decision.verdict == "within the label" else "warning"
    )
    because = (*decision.because, *(f"warning: {words}" for words in decision.warnings), *pack.notes)
    fields: dict[str, Any] = {
        "title": f"Amifampridine by the {pack.head.title}",
        "verdict": decision.verdict, "because": because, "missing": decision.missing, "severity": severity,
        "inputs": (*inputs_of(record, *READS), *_medicines(record)),
        "limits": (
            *_LIMITS, *((_LISTED,) if pack.label != "US" else ()), *((_OURS,) if decision.is_ours else ()),
            *review_limits(pack.head.reviewers, "A"),
        ),
        "other_views": _other_views(pack), "support": "proposal" if decision.is_ours else pack.head.support,
    }  # fmt: skip
    return replace(
        pack.head.result(statement=statement, **{**fields, **more}), values={"pack": pack.id, **values}
    )  # fmt: skip


def _medicines(record: Record) -> tuple[Input, ...]:
    return tuple(Input("medicines", f"{one.name}, {one.status}", one.source) for one in record.medicines)


def _statement(pack: Pack, decision: Decision) -> str:
    limits = decision.limits
    if limits is None:
        return f"{pack.label} label: {decision.verdict} ({'; '.join(decision.reasons)})."
    amounts = _amounts(limits)
    if decision.verdict == "cannot tell":
        first = ", ".join(map(words_of, decision.missing[:4]))
        return (
            f"{pack.label} label: cannot tell while these are unknown: {first}; the most cautious reading is {amounts}."
        )
    if decision.verdict == "decision":
        return (
            f"{pack.label} label: a decision of benefit and harm ({'; '.join(decision.warnings)}); amounts: {amounts}."
        )
    return f"{pack.label} label: {amounts}."


def _amounts(limits: Limits) -> str:
    low, high = limits.start_mg
    start = plain(low) if low == high else f"{plain(low)} to {plain(high)}"
    first, last = limits.start_doses
    doses = {1: "once a day", 2: "twice a day"}.get(first, f"in {first} doses") if first == last else (
        f"in {first} to {last} doses"
    )  # fmt: skip
    early, late = limits.days_between_steps
    days = f"{early}" if early == late else f"{early} or {late}"
    band = limits.band
    return (
        f"start {start} mg a day {doses}, rise by {plain(band.step_mg)} mg a day every {days} days, at most "
        f"{plain(band.single_mg)} mg a dose and {plain(band.daily_mg)} mg a day"
    )


def _values(pack: Pack, decision: Decision) -> dict[str, Any]:
    limits = decision.limits
    if limits is None:
        return {"amounts": None, "reasons": list(decision.reasons)}
    return {"amounts": amounts_of(pack, limits), "reasons": list(decision.reasons)}


def amounts_of(pack: Pack, limits: Limits) -> dict[str, Any]:
    """Return the amounts for programs; decimals as text."""
    band = limits.band
    return {
        "band": band.id, "start_daily_mg": [plain(one) for one in limits.start_mg],
        "start_doses_per_day": list(limits.start_doses), "doses_per_day": list(limits.doses),
        "step_mg": plain(band.step_mg), "days_between_steps": list(limits.days_between_steps),
        "max_single_mg": plain(band.single_mg), "max_daily_mg": plain(band.daily_mg),
        "exceptional_daily_mg": plain(pack.exceptional.daily_mg) if pack.exceptional else None,
        "valid_from": pack.head.valid_from.isoformat(),
    }  # fmt: skip


def _other_views(pack: Pack) -> tuple[str, ...]:
    """Return what the other labels cap, so that the difference between them is never out of sight."""
    views = []
    for other in packs().values():
        if other.id == pack.id or (other.adult.daily_mg == pack.adult.daily_mg and other.exceptional is None):
            continue
        extra = f"; {other.exceptional.note}" if other.exceptional else ""
        cap: Decimal = other.adult.daily_mg
        views.append(f"{other.label} label: at most {plain(cap)} mg a day in adults{extra}.")
    return (*views, *((pack.older_view,) if pack.older_view else ()))
