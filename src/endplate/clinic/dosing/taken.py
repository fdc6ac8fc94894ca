"""Taken: the amifampridine of a record beside what its label allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from endplate.clinic.dosing.decision import decide
from endplate.clinic.dosing.packs import pack_named
from endplate.clinic.dosing.plan import dose_plan
from endplate.clinic.dosing.regimen import Regimen, check_regimen, day_faults
from endplate.clinic.medicines.naming import find_substance
from endplate.clinic.reading import plain
from endplate.clinic.result import Result
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Medicine, Record

AMIFAMPRIDINE = "amifampridine"


def regimen_of(medicine: Medicine) -> tuple[Regimen | None, str]:
    """Return the doses of a day as the record tells them, or None and why they are not known.

    Nothing is guessed: a day of unequal doses that are not written down stays unknown.

    Examples
    --------
    >>> regimen_of(Medicine("Firdapse", single_dose_mg=Decimal(15), doses_per_day=3))[0].shown
    '3 x 15 mg'
    >>> regimen_of(Medicine("Firdapse", daily_dose_mg=Decimal(20), doses_per_day=3))
    (None, '20 mg a day in 3 doses are not equal: each dose must be known')
    """
    try:
        return _regimen(medicine.single_dose_mg, medicine.doses_per_day, medicine.daily_dose_mg)
    except InputError as error:  # such as mg per kg: said of this medicine, and nothing else is lost
        return None, str(error).rstrip(".")


def _regimen(single: Decimal | None, count: int | None, daily: Decimal | None) -> tuple[Regimen | None, str]:
    if count is not None and single is not None:
        if daily is not None and single * count != daily:
            return None, f"{count} doses of {plain(single)} mg are not {plain(daily)} mg a day: one of them is wrong"
        return Regimen((single,) * count), ""
    if count is None or daily is None:
        if daily is not None and daily < 1:
            Regimen((daily,))  # refuses what was meant as mg per kg, and says so
        return None, "the doses of the day are not known"
    if daily % (count * Decimal("0.5")):
        return None, f"{plain(daily)} mg a day in {count} doses are not equal: each dose must be known"
    return Regimen((daily / count,) * count), ""


def dosing_results(record: Record, *, pack: str, today: date | None = None) -> tuple[Result, ...]:
    """Return what a label allows, and how the amifampridine of the record stands to it.

    Parameters
    ----------
    record
        Its amifampridine, taken or proposed, is checked where its doses are known.
    pack
        "us", "eu", "uk" or "ch".
    today
        The day of the age; None is the day of this machine.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> form = {"age_years": 60, "medicines": [{"name": "Firdapse", "single_dose_mg": 25, "doses_per_day": 4}]}
    >>> [one.verdict for one in dosing_results(record_of(form), pack="us")]
    ['cannot tell', 'rejected']
    """
    results = [dose_plan(record, pack=pack, today=today)]
    for medicine in record.medicines:
        found = find_substance(medicine.name)
        if medicine.status == "stopped" or found is None or found.name != AMIFAMPRIDINE:
            continue
        regimen, why = regimen_of(medicine)
        if regimen is not None:
            results.append(check_regimen(record, regimen, pack=pack, today=today))
        else:
            results.append(_unknown(results[0], record, medicine, why, pack=pack, today=today))
    return tuple(results)


def _unknown(plan: Result, record: Record, medicine: Medicine, why: str, *, pack: str, today: date | None) -> Result:
    """Return what can be said while the single doses are not known: a day above the cap is above it all the same."""
    named = pack_named(pack)
    limits = decide(record, named, today=today or date.today()).limits
    daily = medicine.daily_dose_mg
    faults = day_faults(named, limits, daily) if limits is not None and daily is not None else []
    verdict = plan.verdict if limits is None else "rejected" if faults else "cannot tell"
    return replace(
        plan, rule="amifampridine-regimen", title="Amifampridine: the doses of a day", verdict=verdict,
        statement=f"{named.label} label: {medicine.name}: {'; '.join([*faults, why])}.",
        severity="critical" if faults or limits is None else "warning",
        missing=tuple(dict.fromkeys(["medicines", *plan.missing])),
        values={**plan.values, "faults": faults, "within_caps": not faults},
    )  # fmt: skip
