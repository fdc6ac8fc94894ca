"""SOX1: a predictor beside DELTA-P and not inside it, with likelihood ratios, prior and post-test."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from endplate.clinic.heads import Head, head_of, known_sources, read_tables
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Result
from endplate.clinic.risk.base_rate import DEFAULT, base_rate
from endplate.clinic.risk.likelihood import LikelihoodRatio, likelihood_ratios, post_test
from endplate.foundation.errors import DataError, unknown_name
from endplate.foundation.records.clinical import Record

DEFAULT_ASSAY: Final = "any-sox-elisa"
_FILE: Final = Path(__file__).with_name("sox1.toml")


@dataclass(frozen=True, slots=True)
class Assay:
    """One assay's counts, and the ratios that follow from them."""

    name: str
    label: str
    source: str
    counts: str
    positive: LikelihoodRatio
    negative: LikelihoodRatio
    note: str


@functools.cache
def _tables() -> tuple[Head, dict[str, Assay]]:
    tables = read_tables(_FILE)
    known = known_sources(_FILE)
    head = head_of("sox1", tables["sox1"], known=known, where=_FILE.name)
    found = {}
    for name, one in tables["assays"].items():
        if one["source"] not in known:
            raise DataError(f"{_FILE.name}: assay {name!r}: no reference {one['source']!r}.")
        positive, negative = likelihood_ratios(
            positive_with=one["positive_with"], with_condition=one["with_tumour"],
            positive_without=one["positive_without"], without_condition=one["without_tumour"],
        )  # fmt: skip
        counts = (
            f"{one['positive_with']} of {one['with_tumour']} with, "
            f"{one['positive_without']} of {one['without_tumour']} without tumour"
        )
        found[name] = Assay(name, one["label"], one["source"], counts, positive, negative, one["note"])
    return head, found


def assays() -> dict[str, Assay]:
    """Return every assay by its name.

    Examples
    --------
    >>> assays()["sox2-elisa"].counts
    '39 of 71 with, 7 of 105 without tumour'
    """
    return dict(_tables()[1])


def sox1_result(
    record: Record,
    *,
    prior: Decimal | float | None = None,
    prior_source: str = DEFAULT,
    assay: str = DEFAULT_ASSAY,
) -> Result:
    """Return the chance of a tumour after a SOX1 test, from a prior that is shown.

    Parameters
    ----------
    prior
        A probability in [0, 1] that the user chose; None takes the share of `prior_source`.
    prior_source
        A cohort of `base_rates`.
    assay
        One of `assays`.

    Raises
    ------
    UnknownNameError, InputError
        For a cohort or an assay that does not exist, or a prior outside [0, 1].

    Examples
    --------
    >>> result = sox1_result(Record(), prior=0.60)
    >>> result.verdict, round(result.values["if_positive"], 3), round(result.values["if_negative"], 3)
    ('cannot tell', 0.956, 0.339)
    """
    head, known_assays = _tables()
    if assay not in known_assays:
        raise unknown_name("SOX assay", assay, known_assays)
    chosen, rate = known_assays[assay], base_rate(prior_source)
    chance = float(rate.share) if prior is None else float(prior)
    origin = f"{rate.label}, {rate.counts}" if prior is None else "chosen by the user"
    after = {
        "if_positive": post_test(prior=chance, likelihood_ratio=chosen.positive.value),
        "if_negative": post_test(prior=chance, likelihood_ratio=chosen.negative.value),
    }
    state = record.known("sox1_antibody")
    words = {key: f"{100 * value:.1f} %" for key, value in after.items()}
    statement = {
        "yes": f"SOX1 positive: {words['if_positive']} after the test, from a prior of {100 * chance:.0f} %.",
        "no": f"SOX1 negative: {words['if_negative']} after the test, from a prior of {100 * chance:.0f} %.",
        "unknown": (
            f"SOX1 is not known: a positive test would give {words['if_positive']} and a negative one "
            f"{words['if_negative']}, from a prior of {100 * chance:.0f} %."
        ),
    }[state]
    return head.result(
        verdict={"yes": "raises", "no": "lowers", "unknown": "cannot tell"}[state],
        statement=statement,
        because=(
            f"Prior {100 * chance:.0f} %: {origin}.",
            f"{chosen.label} ({chosen.source}; {chosen.note}): {chosen.counts}.",
            f"Positive: {_ratio(chosen.positive)}. Negative: {_ratio(chosen.negative)}.",
            "It stands beside DELTA-P and adds no point to it.",
        ),
        inputs=inputs_of(record, "sox1_antibody"),
        missing=() if state != "unknown" else ("sox1_antibody",),
        sources=tuple(dict.fromkeys((chosen.source, *((rate.source,) if prior is None else ()), *head.sources))),
        severity="warning" if state == "yes" else "info",
        values=_values(chosen, chance, None if prior is not None else rate.name, state, after),
    )


def _ratio(ratio: LikelihoodRatio) -> str:
    return f"likelihood ratio {ratio.value:.3g} ({ratio.low:.2g}-{ratio.high:.2g})"


def _values(
    chosen: Assay, prior: float, prior_source: str | None, state: str, after: dict[str, float]
) -> dict[str, Any]:
    post = {"yes": after["if_positive"], "no": after["if_negative"], "unknown": None}[state]
    return {
        "prior": prior, "prior_source": prior_source, "assay": chosen.name, "post_test": post, **after,
        "positive_ratio": [chosen.positive.value, chosen.positive.low, chosen.positive.high],
        "negative_ratio": [chosen.negative.value, chosen.negative.low, chosen.negative.high],
    }  # fmt: skip
