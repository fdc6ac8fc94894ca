"""Calendar: titration with dates, from the lowest start to a target, made only where nothing stands against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from endplate.clinic.dosing.decision import Limits, decide
from endplate.clinic.dosing.packs import Pack, pack_named
from endplate.clinic.dosing.plan import result_of
from endplate.clinic.dosing.regimen import Regimen
from endplate.clinic.reading import plain, words_of
from endplate.clinic.result import Result
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Record

Pace = Literal["slow", "quick"]


def divided(daily_mg: Decimal, *, count: int, part_mg: Decimal) -> Regimen:
    """Divide a day into doses as equal as the parts of a tablet allow, the larger ones first.

    Examples
    --------
    >>> divided(Decimal(20), count=3, part_mg=Decimal(5)).shown
    '10 + 5 + 5 mg'
    """
    parts = int(daily_mg / part_mg)
    each, more = divmod(parts, count)
    return Regimen(tuple(part_mg * (each + (1 if index < more else 0)) for index in range(count)))


def _regimen(daily_mg: Decimal, pack: Pack, limits: Limits) -> Regimen:
    """Return the day in the fewest doses that the label allows, in the coarsest parts that make them."""
    needed = int((daily_mg / limits.band.single_mg).to_integral_value(ROUND_CEILING))
    count = min(max(limits.doses[0], needed, _usual(daily_mg, limits)), limits.doses[1])
    finest = pack.suspension_mg or pack.parts_mg
    parts = (pack.parts_mg, limits.band.step_mg, finest)
    part = next((one for one in parts if daily_mg % one == 0 and daily_mg / one >= count), finest)
    return divided(daily_mg, count=count, part_mg=part)


def _usual(daily_mg: Decimal, limits: Limits) -> int:
    """Return the doses of an impaired start: once or twice a day, then as the day grows."""
    if limits.start_doses == limits.doses:
        return limits.doses[0]
    return max(limits.start_doses[0], min(3, int(daily_mg / limits.band.step_mg)))


def titration(
    record: Record,
    *,
    pack: str,
    start: date,
    target_mg: Decimal | None = None,
    pace: Pace = "slow",
    today: date | None = None,
) -> Result:
    """Write the calendar of a titration: a date, the day's mg and its doses for each step.

    Parameters
    ----------
    record
        As for :func:`dose_plan`; the calendar is only written where the plan says "within the label".
    pack
        "us", "eu", "uk" or "ch".
    start
        The first day.
    target_mg
        The day's mg at which it ends; None is the cap of the label. It stops earlier with enough benefit or the
        first side effect.
    pace
        "slow" waits the longer interval of the label, "quick" the shorter one.

    Returns
    -------
    Result
        Rule ``amifampridine-titration``; ``values["steps"]`` holds date, daily_mg and doses_mg of each step, and is
        empty where the verdict is another than "within the label".

    Raises
    ------
    InputError
        If the target is below the start or above the cap.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> titration(record_of({"age_years": 60}), pack="us", start=date(2026, 1, 5)).values["steps"]
    []
    """
    named = pack_named(pack)
    decision = decide(record, named, today=today or start)
    limits = decision.limits
    if decision.verdict != "within the label" or limits is None:
        unknown = (
            f"unknown: {', '.join(map(words_of, decision.missing[:4]))}"
            if decision.missing
            else "; ".join(decision.warnings)
        )
        reasons = "; ".join(decision.reasons) or unknown
        said = f"{named.label} label: no calendar is written: {decision.verdict} ({reasons})."
        return _named(result_of(named, decision, record, statement=said, values={"steps": []}))
    steps = _steps(named, limits, start, _target(limits, target_mg), pace)
    last = steps[-1]
    said = (
        f"{named.label} label: from {steps[0]['daily_mg']} mg a day on {start.isoformat()} to {last['daily_mg']} mg on "
        f"{last['date']}, {len(steps)} steps; stop at enough benefit or at the first side effect."
    )
    return _named(result_of(named, decision, record, statement=said, values={"steps": steps, "pace": pace}))


def _named(result: Result) -> Result:
    return replace(result, rule="amifampridine-titration", title="Amifampridine: calendar of a titration")


def _target(limits: Limits, target_mg: Decimal | None) -> Decimal:
    low, high = limits.start_mg[0], limits.band.daily_mg
    target = high if target_mg is None else target_mg
    if not low <= target <= high:
        raise InputError(
            f"the target must be in [{plain(low)}, {plain(high)}] mg a day by this label, got {plain(target)}. "
            "Is it mg of base for the whole day?"
        )
    return target


def _steps(pack: Pack, limits: Limits, start: date, target: Decimal, pace: Pace) -> list[dict[str, Any]]:
    days = limits.days_between_steps[1 if pace == "slow" else 0]
    steps, daily, on = [], limits.start_mg[0], start
    while True:
        regimen = _regimen(daily, pack, limits)
        steps.append(
            {
                "date": on.isoformat(), "daily_mg": plain(daily), "doses_mg": [plain(one) for one in regimen.doses_mg],
                "shown": regimen.shown,
            }
        )  # fmt: skip
        if daily + limits.band.step_mg > target:
            return steps
        daily, on = daily + limits.band.step_mg, on + timedelta(days=days)
