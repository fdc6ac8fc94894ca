"""Weight: the kilograms by which a vital capacity is divided; predicted from height, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from endplate.clinic.logic import known_of
from endplate.clinic.reading import plain
from endplate.clinic.record.derived import age_at_onset_years, age_years
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Known, Record

# ARDS Network: 50 (men) or 45.5 (women) + 0.91 (height - 152.4); as recommended by LinaresPerdomo2015, adults only
_BASE_KG: Final = {"male": Decimal("50"), "female": Decimal("45.5")}
_PER_CM: Final = Decimal("0.91")
_AT_CM: Final = Decimal("152.4")
ADULT_YEARS: Final = 18


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight to divide by; `is_certain` where it is an adult's predicted one, not the heaviest of those known."""

    kg: Decimal
    basis: str
    is_certain: bool


def predicted_body_weight_kg(*, height_cm: Decimal, sex: str) -> Decimal:
    """Return the predicted body weight of an adult.

    Raises
    ------
    InputError
        If the sex is neither male nor female, or the height leaves no positive weight.

    References
    ----------
    .. [1] LinaresPerdomo2015, on the equation of the ARDS Network.

    Examples
    --------
    >>> predicted_body_weight_kg(height_cm=Decimal(175), sex="male")
    Decimal('70.566')
    """
    if sex not in _BASE_KG:
        raise InputError(f"the equation of predicted weight knows male and female, got {sex!r}. Use a known weight.")
    weight = _BASE_KG[sex] + _PER_CM * (height_cm - _AT_CM)
    if weight <= 0:
        raise InputError(f"a height of {plain(height_cm)} cm predicts no weight. Is it in metres or inches?")
    return weight


def weight_of(record: Record, *, today: date) -> Weight | None:
    """Return the predicted weight, or the highest weight that is known, or None.

    The highest makes mL/kg lowest: where the right weight is not known, a low result is shown and a
    normal one is not.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> weight_of(record_of({"weight_kg": 70, "usual_weight_kg": 74}), today=date(2026, 1, 1)).basis
    'highest known weight (usual), because height or sex is not known'
    """
    height, sex, adult = record.number("height_cm"), record.word("sex"), _is_adult(record, today)
    if height is not None and sex in _BASE_KG and adult != "no":
        note = "" if adult == "yes" else "; age not known, and the equation is for adults"
        return Weight(
            predicted_body_weight_kg(height_cm=height, sex=sex), f"predicted from height{note}", adult == "yes"
        )
    candidates = {"usual": record.number("usual_weight_kg"), "actual": record.number("weight_kg")}
    if height is not None and adult != "no":
        # as for a man: the heavier of the two predictions
        candidates["predicted, as for a man"] = predicted_body_weight_kg(height_cm=height, sex="male")
    known = {name: kg for name, kg in candidates.items() if kg is not None}
    if not known:
        return None
    name = max(known, key=lambda one: known[one])
    why = "because the equation is for adults" if adult == "no" else "because height or sex is not known"
    return Weight(known[name], f"highest known weight ({name}), {why}", False)


def _is_adult(record: Record, today: date) -> Known:
    """Return whether the person is of age; who was at onset still is."""
    now, at_onset = age_years(record, today), age_at_onset_years(record)
    if at_onset is not None and at_onset >= ADULT_YEARS:
        return "yes"
    return known_of(None if now is None else now >= ADULT_YEARS)
