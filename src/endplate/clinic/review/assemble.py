"""Assemble: ask every room of the clinic, in the order a clinician reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import endplate
from endplate.clinic.result import Result
from endplate.clinic.review.review import Review, Section, Settings
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Record

Answers = Callable[[Record, Settings], Iterable[Result]]


def _breathing(record: Record, settings: Settings) -> Iterable[Result]:
    from endplate.clinic.respiratory import red_flag_results, respiratory_results

    return (*red_flag_results(record), *respiratory_results(record, today=settings.on))


def _diagnosis(record: Record, settings: Settings) -> Iterable[Result]:
    from endplate.clinic.diagnosis import diagnosis_results

    found = diagnosis_results(record, today=settings.on)
    # the grade gathers what the sets say, so it is read first; it stays marked as ours
    return sorted(found, key=lambda result: result.rule != "endplate-grade")


def _electrodiagnosis(record: Record, settings: Settings) -> Iterable[Result]:  # noqa: ARG001  (as all sections)
    from endplate.clinic.electrodiagnosis import electrodiagnosis_results

    return electrodiagnosis_results(record)


def _differential(record: Record, settings: Settings) -> Iterable[Result]:  # noqa: ARG001
    from endplate.clinic.differential import differential_results

    return differential_results(record)


def _risk(record: Record, settings: Settings) -> Iterable[Result]:  # noqa: ARG001
    from endplate.clinic.risk import risk_results

    return risk_results(record)


def _surveillance(record: Record, settings: Settings) -> Iterable[Result]:
    from endplate.clinic.surveillance import surveillance_results

    return surveillance_results(record, today=settings.on)


def _treatment(record: Record, settings: Settings) -> Iterable[Result]:
    from endplate.clinic.dosing import dosing_results
    from endplate.clinic.treatment import monitoring_results, treatment_results

    doses = dosing_results(record, pack=settings.pack, today=settings.on)
    for option in treatment_results(record, today=settings.on, pack=settings.pack):
        yield option
        if option.values.get("option") == "T2":
            yield from doses
    yield from monitoring_results(record, today=settings.on, pack=settings.pack)


def _medicines(record: Record, settings: Settings) -> Iterable[Result]:
    from endplate.clinic.medicines import check_medicines

    found = check_medicines(record, pack=settings.pack)
    if found:
        return found
    is_none = record.known("no_other_medicines") == "yes"
    return [
        Result(
            rule="medicine-list",
            version="2026-11-21",
            title="List of medicines",
            verdict="none taken" if is_none else "cannot tell",
            statement="No medicine is taken." if is_none else "No medicine is on the list: not asked is not none.",
            missing=() if is_none else ("medicines",),
            support="proposal",
            rows=("M102", "M162"),
        )
    ]


def _anaesthesia(record: Record, settings: Settings) -> Iterable[Result]:  # noqa: ARG001
    from endplate.clinic.anaesthesia import anaesthesia_checklist

    return anaesthesia_checklist(record)


def _scales(record: Record, settings: Settings) -> Iterable[Result]:  # noqa: ARG001
    from endplate.clinic.scales import score_scale

    for scale, item, name in (("karnofsky", "status", "karnofsky"), ("3tug", "seconds", "three_tug_s")):
        given = record.number(name)
        if given is not None:
            yield score_scale(scale, {item: f"{given:f}"})


def _outlook(record: Record, settings: Settings) -> Iterable[Result]:  # noqa: ARG001
    from endplate.clinic.outlook import outlook_results

    return outlook_results(record, sensitive=False)


_SECTIONS: Final[tuple[tuple[str, str, str, Answers], ...]] = (
    ("breathing", "Breathing and red flags", "Is anything an emergency?", _breathing),
    ("diagnosis", "Support for LEMS", "Which published sets are met, and what is our grade?", _diagnosis),
    ("electrodiagnosis", "Electrodiagnosis", "What do the amplitudes show, by which technique?", _electrodiagnosis),
    ("differential", "What else it could be", "Myasthenia gravis, or something else?", _differential),
    ("tumour", "Tumour risk", "How likely is a tumour, by which cohort?", _risk),
    ("surveillance", "Tumour search", "Which scan is due when, by which protocol?", _surveillance),
    ("treatment", "Treatment options", "Which options, in which order, and what speaks against them?", _treatment),
    ("medicines", "Medicines", "Does a medicine endanger this person?", _medicines),
    ("anaesthesia", "Anaesthesia plan", "What if an operation is needed?", _anaesthesia),
    ("scales", "Scales", "Which scores were given?", _scales),
    ("outlook", "Outlook", "What did cohorts find? No prediction for one person.", _outlook),
)  # fmt: skip


def review_of(record: Record, settings: Settings) -> Review:
    """Return what every rule says of one record.

    Sections without a line are left out. Breathing and red flags stand first where one is raised;
    otherwise they stand before the treatment.

    Raises
    ------
    InputError
        If simulated findings are in the record and this is no lesson.

    Examples
    --------
    >>> from datetime import date
    >>> from endplate.clinic.record import example
    >>> review = review_of(example("antibody-only"), Settings(on=date(2026, 11, 21)))
    >>> review.section("tumour").results[0].rule
    'deltap'
    """
    made = [
        Section(name, title, question, tuple(answers(record, settings))) for name, title, question, answers in _SECTIONS
    ]
    if not any(result.severity in ("critical", "warning") for result in made[0].results):
        before = next(place for place, section in enumerate(made) if section.id == "treatment")
        made.insert(before - 1, made.pop(0))
    review = Review(record, settings, tuple(section for section in made if section.results), endplate.__version__)
    if review.is_simulated and not settings.is_teaching:
        raise InputError(
            "simulated findings are in these facts, and a person's review takes none. For teaching only: --teaching."
        )
    return review
