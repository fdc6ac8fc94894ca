"""Change: what the difference between two scores of one person means, by what a source says of it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from endplate.clinic.reading import plain
from endplate.clinic.result import Input, Result
from endplate.clinic.scales.catalogue import Scale, scale_named
from endplate.clinic.scales.score import VERSION
from endplate.foundation.errors import InputError


def compare_scores(name: str, *, before: Decimal, after: Decimal) -> Result:
    """Compare two scores.

    Parameters
    ----------
    name
        A scale.
    before, after
        Its scores, or seconds for 3TUG.

    Returns
    -------
    Result
        Verdict "no rule" where no source says what a change means; else "within repeatability", "better" or
        "worse", and for 3TUG "worse by the trial's rule" above 30 %.

    Raises
    ------
    InputError
        If a score is impossible.

    Examples
    --------
    >>> compare_scores("mgc", before=Decimal(12), after=Decimal(9)).verdict
    'better'
    >>> compare_scores("3tug", before=Decimal(10), after=Decimal("13.1")).verdict
    "worse by the trial's rule"
    """
    scale = scale_named(name)
    highest = Decimal(scale.highest) if scale.highest is not None else scale.items[0].high
    lowest = Decimal(0) if scale.highest is not None else scale.items[0].low
    for word, score in (("before", before), ("after", after)):
        if not score.is_finite() or not lowest <= score <= highest:
            raise InputError(
                f"{word} must be a score of {scale.short} in [{plain(lowest)}, {plain(highest)}], got {score}."
            )
    verdict, because = _verdict(scale, before, after)
    return Result(
        rule=f"scale-{scale.id}-change", version=VERSION, title=f"{scale.title}: change",
        verdict=verdict, statement=f"{scale.short} {plain(before)} to {plain(after)}: {verdict} ({because}).",
        because=(because, *((scale.change_note,) if scale.change_note else ())),
        inputs=(Input(f"{scale.id}.before", plain(before)), Input(f"{scale.id}.after", plain(after))),
        sources=scale.sources, support=scale.support, rows=scale.rows,
        limits=(scale.warning, "A difference is no judgement of a treatment.", f"Licence: {scale.licence}"),
        values={"scale": scale.id, "before": plain(before), "after": plain(after), "verdict": verdict},
    )  # fmt: skip


def _verdict(scale: Scale, before: Decimal, after: Decimal) -> tuple[str, str]:
    rise = after - before
    direction = "better" if (rise < 0) == (scale.worse == "higher") else "worse"
    if scale.change is not None:
        if abs(rise) < scale.change:
            return "within repeatability", f"a difference of {plain(abs(rise))} is below {plain(scale.change)} points"
        return direction, f"a difference of {plain(abs(rise))} is at least {plain(scale.change)} points"
    if scale.change_percent is None:
        return "no rule", "no source of ours says what a difference means"
    percent = 100 * Fraction(rise) / Fraction(before)  # exact: thresholds are compared as decimals of what was given
    shown = f"{float(percent):+.1f} %"
    if abs(percent) < scale.change_percent:
        return "within repeatability", f"{shown} is below {plain(scale.change_percent)} %"
    trial = scale.trial_worsening_percent
    if trial is not None and percent > trial:
        return "worse by the trial's rule", f"{shown} is above {plain(trial)} %"
    return direction, f"{shown} is at least {plain(scale.change_percent)} %"
