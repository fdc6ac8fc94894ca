"""Regimen: whether the doses of a day, and a step from one day's dose to the next, keep to a label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from endplate.clinic.dosing.decision import Decision, Limits, decide
from endplate.clinic.dosing.packs import Pack, pack_named
from endplate.clinic.dosing.plan import amounts_of, result_of
from endplate.clinic.reading import plain, words_of
from endplate.clinic.result import Result
from endplate.foundation.errors import InputError, UnitError
from endplate.foundation.records.clinical import Record

_LOWEST_DAILY_MG: Final = Decimal(5)  # the smallest day of any label; less was meant as mg per kg
_MOST_DOSES: Final = 24
_PART: Final = re.compile(r"^(?:(\d+)\s*[x×*]\s*)?(\d+(?:[.,]\d+)?)\s*([a-zµ/]*)$", re.I)


@dataclass(frozen=True, slots=True)
class Regimen:
    """The doses of one day, in mg of base.

    Raises
    ------
    InputError
        If there is no dose, one is not above 0, or the day is so small that mg per kg were meant.

    Examples
    --------
    >>> Regimen((Decimal(20),) * 5).daily_mg
    Decimal('100')
    """

    doses_mg: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        if not self.doses_mg or len(self.doses_mg) > _MOST_DOSES:
            raise InputError(f"a regimen has 1 to {_MOST_DOSES} doses a day, got {len(self.doses_mg)}.")
        wrong = [dose for dose in self.doses_mg if not dose.is_finite() or dose <= 0]
        if wrong:
            raise InputError(f"a dose must be a number of mg above 0, got {wrong[0]}.")
        if self.daily_mg < _LOWEST_DAILY_MG:
            raise InputError(
                f"{plain(self.daily_mg)} mg a day is below the smallest day of any label ({_LOWEST_DAILY_MG} mg). "
                "Was it mg per kg? Multiply it by the weight, and give mg."
            )

    @property
    def daily_mg(self) -> Decimal:
        """Mg of the whole day."""
        return sum(self.doses_mg, Decimal(0))

    @property
    def shown(self) -> str:
        """The regimen as a person writes it."""
        if len(set(self.doses_mg)) == 1:
            return f"{len(self.doses_mg)} x {plain(self.doses_mg[0])} mg"
        return " + ".join(plain(dose) for dose in self.doses_mg) + " mg"


def read_regimen(text: str) -> Regimen:
    """Read a regimen such as "5x20", "4 x 15 mg" or "10+5+5".

    Raises
    ------
    UnitError
        If mg per kg, mg of the phosphate or another unit is written.
    InputError
        If it cannot be read.

    Examples
    --------
    >>> read_regimen("5x20 mg").shown, read_regimen("10+5+5").daily_mg
    ('5 x 20 mg', Decimal('20'))
    """
    if re.search(r"mg\s*(?:/|per)\s*kg", text, re.I):
        raise UnitError(f"{text!r} is mg per kg; labels of amifampridine give mg. Multiply by the weight, and give mg.")
    if re.search(r"phosphate|salt", text, re.I):
        raise UnitError(
            f"{text!r} names the phosphate; labels give mg of amifampridine base. Read the mg of base from the package."
        )
    doses: list[Decimal] = []
    for part in text.split("+"):
        found = _PART.match(part.strip())
        if not found:
            raise InputError(f"{text!r} is no regimen. Write 5x20, or 10+5+5, in mg.")
        if found[3].lower() not in ("", "mg"):
            raise UnitError(f"a regimen is in mg, got {found[3]!r} in {text!r}. 1 g is 1000 mg, 1 mcg is 0.001 mg.")
        try:
            doses += [Decimal(found[2].replace(",", "."))] * min(int(found[1] or 1), _MOST_DOSES + 1)
        except InvalidOperation as error:
            raise InputError(f"{text!r} is no regimen. Write 5x20, or 10+5+5, in mg.") from error
    return Regimen(tuple(doses))


def faults_of(pack: Pack, limits: Limits, regimen: Regimen) -> tuple[list[str], list[str]]:
    """Return what breaks the label, and what is allowed with a remark."""
    band, faults, remarks = limits.band, [], []
    most = max(regimen.doses_mg)
    if most > band.single_mg:
        faults.append(f"a dose of {plain(most)} mg is above the cap of {plain(band.single_mg)} mg")
    faults_of_day, remarks_of_day = _of_day(pack, band.daily_mg, regimen.daily_mg)
    count, (fewest, highest) = len(regimen.doses_mg), limits.doses
    if not fewest <= count <= highest:
        times = f"{fewest} to {highest}" if fewest != highest else f"{fewest}"
        faults.append(f"{count} doses a day; the label has {times}")
    off = [dose for dose in regimen.doses_mg if dose % pack.parts_mg]
    if off and pack.suspension_mg is None:
        faults.append(f"{plain(off[0])} mg cannot be made from half tablets of {plain(pack.parts_mg)} mg")
    elif off and any(dose % (pack.suspension_mg or 1) for dose in off):
        faults.append(
            f"{plain(off[0])} mg is no step of {plain(pack.suspension_mg or Decimal(1))} mg by the suspension"
        )
    elif off:
        remarks.append(f"{plain(off[0])} mg: {pack.suspension_note}")
    return faults + faults_of_day, remarks + remarks_of_day


def day_faults(pack: Pack, limits: Limits, daily_mg: Decimal) -> list[str]:
    """Return what is wrong with the amount of a day alone, where its doses are not known."""
    return _of_day(pack, limits.band.daily_mg, daily_mg)[0]


def _of_day(pack: Pack, cap_mg: Decimal, daily_mg: Decimal) -> tuple[list[str], list[str]]:
    if daily_mg <= cap_mg:
        return [], []
    extra = pack.exceptional
    if extra is not None and daily_mg <= extra.daily_mg:
        return [], [f"exceptional: {plain(daily_mg)} mg a day is above {plain(cap_mg)}; {extra.note}"]
    top = f" ({plain(extra.daily_mg)} mg in single cases)" if extra is not None else ""
    return [f"{plain(daily_mg)} mg a day is above the cap of {plain(cap_mg)} mg{top}"], []


def check_regimen(record: Record, regimen: Regimen, *, pack: str, today: date | None = None) -> Result:
    """Say whether the doses of a day keep to a label, for one person.

    Returns
    -------
    Result
        Rule ``amifampridine-regimen``: a blocking verdict of the plan first; then "rejected"; then "cannot tell"
        while something is unknown, or "decision"; then "exceptional" (Switzerland above 60 mg); else "within the
        label".
        ``values["within_caps"]`` says alone whether the amounts keep to the caps.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> check_regimen(record_of({"age_years": 60}), read_regimen("4x25"), pack="us").verdict
    'rejected'
    """
    named = pack_named(pack)
    decision = decide(record, named, today=today or date.today())
    if decision.limits is None:
        return _blocked(named, decision, record, regimen)
    faults, remarks = faults_of(named, decision.limits, regimen)
    is_exceptional = any(words.startswith("exceptional") for words in remarks)
    verdict = (
        "rejected" if faults else decision.verdict if decision.verdict != "within the label"
        else "exceptional" if is_exceptional else "within the label"
    )  # fmt: skip
    said = "; ".join([*faults, *remarks]) or f"{regimen.shown} keeps to the caps of the label"
    unknown = (
        f" Cannot tell while these are unknown: {', '.join(map(words_of, decision.missing[:4]))}."
        if verdict == "cannot tell"
        else ""
    )
    values = {
        **_doses(regimen), "within_caps": not faults, "faults": faults, "remarks": remarks,
        "amounts": amounts_of(named, decision.limits),
    }  # fmt: skip
    result = result_of(
        named, decision, record, verdict=verdict, statement=f"{named.label} label: {regimen.shown}: {said}.{unknown}",
        severity="critical" if faults else "info" if verdict == "within the label" else "warning", values=values,
    )  # fmt: skip
    return _as_regimen(result)


def _as_regimen(result: Result) -> Result:
    return replace(result, rule="amifampridine-regimen", title="Amifampridine: the doses of a day")


def _doses(regimen: Regimen) -> dict[str, Any]:
    return {"doses_mg": [plain(dose) for dose in regimen.doses_mg], "daily_mg": plain(regimen.daily_mg)}


def _blocked(pack: Pack, decision: Decision, record: Record, regimen: Regimen) -> Result:
    reasons = "; ".join(decision.reasons)
    statement = f"{pack.label} label: {regimen.shown}: {decision.verdict} ({reasons}), whatever the dose."
    values = {
        **_doses(regimen), "within_caps": False, "faults": list(decision.reasons), "remarks": [], "amounts": None,
    }  # fmt: skip
    return _as_regimen(result_of(pack, decision, record, statement=statement, values=values))


def check_step(
    record: Record, before: Regimen, after: Regimen, *, days: int, pack: str, today: date | None = None
) -> Result:
    """Say whether a rise from one regimen to the next keeps to the step and the interval of a label.

    A fall is always allowed. `days` are those that `before` was taken.

    Raises
    ------
    InputError
        If the days are negative.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> one, two = read_regimen("3x5"), read_regimen("10+5+5")
    >>> check_step(record_of({"age_years": 60}), one, two, days=2, pack="us").values["faults"]
    ['after 2 days; the label waits at least 3']
    """
    if days < 0:
        raise InputError(f"the days between two regimens cannot be negative, got {days}. Were the dates exchanged?")
    named = pack_named(pack)
    result = check_regimen(record, after, pack=pack, today=today)
    limits = decide(record, named, today=today or date.today()).limits
    if limits is None:
        return result
    faults = [*result.values["faults"], *_step_faults(named, limits, before.daily_mg, after.daily_mg, days)]
    verdict = "rejected" if faults else result.verdict
    said = "; ".join(faults) or "the step keeps to the label"
    return replace(
        result, rule="amifampridine-step", title="Amifampridine: a step of titration", verdict=verdict,
        statement=f"{named.label} label: {before.shown} to {after.shown} after {days} days: {said}.",
        severity="critical" if faults else result.severity, values={**result.values, "faults": faults, "days": days},
    )  # fmt: skip


def _step_faults(pack: Pack, limits: Limits, before_mg: Decimal, after_mg: Decimal, days: int) -> Sequence[str]:
    rise = after_mg - before_mg
    if rise <= 0:
        return []
    faults = []
    if rise > limits.band.step_mg:
        faults.append(f"a rise of {plain(rise)} mg a day is above the step of {plain(limits.band.step_mg)} mg")
    earliest = limits.days_between_steps[0]
    if pack.exceptional is not None and after_mg > limits.band.daily_mg:
        earliest = max(earliest, pack.exceptional.days)
    if days < earliest:
        faults.append(f"after {days} days; the label waits at least {earliest}")
    return faults
