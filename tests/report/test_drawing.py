"""Traces, scales and labels: what is drawn is what was measured."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.foundation.records import Recording, Train
from endplate.report.conditions import conditions
from endplate.report.drawing import Stroke, simplify
from endplate.report.panels import single_fibre
from endplate.report.panels.overview import card, shared_gain, summarise_study
from endplate.report.panels.trace import spread
from endplate.report.reading import decrement_percent, headings, is_rested, one_gain, upward, when
from endplate.report.scale import round_step
from endplate.report.views import examination_views

FINITE = st.floats(-500, 500, allow_nan=False, width=32)


@given(st.lists(FINITE, min_size=2, max_size=60))
def test_a_thinned_trace_never_leaves_the_true_one_by_more_than_its_tolerance(levels):
    line = np.column_stack([np.arange(len(levels), dtype=float), levels])
    thin = simplify(line, 0.5)
    np.testing.assert_array_equal(thin[[0, -1]], line[[0, -1]])
    kept = thin[:, 0].astype(int)
    for first, last in pairwise(kept):
        along = line[last] - line[first]
        off = line[first : last + 1] - line[first]
        distance = np.abs(along[0] * off[:, 1] - along[1] * off[:, 0]) / np.hypot(*along)
        assert distance.max() <= 0.5 + 1e-9


@given(st.floats(1e-4, 1e4), st.integers(2, 12))
def test_a_gain_is_one_two_or_five_and_covers_the_span(span, divisions):
    step = round_step(span, divisions)
    assert step * divisions >= span * (1 - 1e-6)
    assert f"{step:.0e}"[0] in "125"
    assert step * divisions <= span * 2.6


@given(st.lists(st.floats(20, 180), min_size=1, max_size=9))
def test_labels_stand_apart_and_keep_their_order(wanted):
    placed = spread(wanted, 12.0, 0.0, 200.0)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(np.array(placed)[order]) >= 12.0 - 1e-6).all()


def test_the_negative_phase_is_drawn_upwards_whatever_the_file_stored(build):
    study = build.lems().studies[0]
    up = upward(study.recording, study.measurements[0], 0)
    assert up.max() == pytest.approx(1.9, rel=1e-3)
    turned = dataclasses.replace(study.recording, signal_mv=-study.recording.signal_mv, negative_up=True)
    np.testing.assert_allclose(upward(turned, study.measurements[0], 0), up)


def test_the_trace_is_drawn_from_the_baseline_that_the_instrument_read(build):
    study = build.lems().studies[0]
    shifted = dataclasses.replace(study.recording, signal_mv=study.recording.signal_mv - 0.7)
    measured = dataclasses.replace(study.measurements[0], baseline_mv=np.full(study.recording.n_sweeps, 0.7))
    expected = upward(study.recording, study.measurements[0], 3)
    np.testing.assert_allclose(upward(shifted, measured, 3), expected, atol=1e-12)


def test_panels_of_one_series_share_one_gain_that_shows_every_peak(build):
    study = build.lems().studies[0]
    trains = [t for t in study.recording.trains if t.role == "low rate"]
    gain = one_gain([(study, t.sweeps) for t in trains])
    peaks = study.measurements[0].amplitude_mv[[s for t in trains for s in t.sweeps]]
    assert gain.ms_per_div == 5
    assert gain.high_mv > peaks.max()
    assert gain.low_mv < -0.38 * peaks.max()


def test_a_train_named_rest_is_rested_even_after_an_earlier_effort():
    named = Train("3 Hz, rest", "low rate", (0,), after_effort_s=181.5)
    assert is_rested(named)
    assert when(named) == "rest"
    assert not is_rested(Train("3 Hz, 1 min", "low rate", (0,), after_effort_s=60.0))


def test_the_decrement_shown_is_the_one_that_was_found(build):
    study = build.mg().studies[0]
    train = study.recording.trains[1]
    assert decrement_percent(study, train) == pytest.approx(22.0)
    bare = dataclasses.replace(study, findings=dataclasses.replace(study.findings, findings=()))
    assert decrement_percent(bare, train) == pytest.approx(22.0)


def test_two_examinations_of_one_person_have_headings_that_differ(build):
    found = headings([build.lems(), build.treated(), build.mg(), build.single_fibre(), build.mg()])
    assert found[:2] == ["LEMS", "LEMS, amifampridine"]
    assert len(set(found)) == 5


def test_every_panel_of_the_page_layout_is_there(build):
    view, needle = examination_views([build.lems(), build.single_fibre()])
    study = view.studies[0]
    assert len(study.main) == 1
    assert len(study.series) == 7
    assert [p.drawing.title for p in study.trends] == ["Decrement against time", "Amplitude against time"]
    assert len(study.efforts) == len(study.high) == len(study.strength) == 1
    assert len(needle.studies[0].endplates) == 20
    assert len(needle.studies[0].featured) == 2


def test_the_increment_stands_in_the_picture_as_a_large_number(build):
    drawing = examination_views([build.lems()])[0].studies[0].efforts[0].drawing
    big = [item for item in drawing.items if getattr(item, "size", 0) > 30]
    assert [item.text for item in big] == ["+243 %"]


def test_no_line_of_any_drawing_leaves_its_picture(everyone):
    for view in examination_views(everyone):
        for drawing in (d for study in view.studies for d in study.drawings()):
            for item in drawing.items:
                if isinstance(item, Stroke):
                    assert item.points.min() >= -8, drawing.key
                    assert (item.points.max(axis=0) <= [drawing.width + 8, drawing.height + 8]).all(), drawing.key


def voluntary_pairs(build):
    """Pairs whose first potential comes at 12 ms, give or take 1 ms, and the second 0.8 ms later."""
    one = build.single_fibre()
    study = one.studies[0]
    n, time_ms = 30, np.arange(-1.0, 25.0, 0.02)
    first_ms = 12.0 + np.linspace(-1.0, 1.0, n)

    def peak(at_ms):
        return -np.exp(-(((time_ms - at_ms[:, None]) / 0.1) ** 2))

    recording = Recording(
        np.stack([peak(first_ms), 0.5 * peak(first_ms + 0.8)], axis=1), 50_000.0, -1.0, np.arange(n) * 0.1,
        channels=("trigger 01", "01"), electrode="concentric needle", stimulation="voluntary", simulated=True,
        trains=(Train("all", "single fibre", tuple(range(n)), rate_hz=10.0),),
    )  # fmt: skip
    columns = {
        name: np.full(n, 0.5) for name in ("amplitude_mv", "area_mvms", "duration_ms", "noise_mv", "peak_to_peak_mv")
    }
    measured = dataclasses.replace(
        study.measurements[0], stimulus_s=recording.stimulus_s, latency_ms=np.full(n, 0.8), peak_ms=first_ms + 0.8,
        onset_ms=first_ms, end_ms=first_ms, trough_ms=first_ms, baseline_mv=np.zeros(n), row_flags=((),) * n, **columns,
    )  # fmt: skip
    return dataclasses.replace(study, recording=recording, measurements=(measured,))


def test_a_voluntary_pair_stands_on_its_first_potential_and_shows_both(build):
    study = voluntary_pairs(build)
    (endplate,) = single_fibre.endplates(study)
    drawing = single_fibre.discharges(study, endplate, key="pair", simulated=True, small=False)
    traces = [item.points for item in drawing.items if isinstance(item, Stroke) and item.tone == "sweep"]
    assert len(traces) == 30
    tallest = [line[line[:, 1].argmin(), 0] for line in traces]  # the page counts from the top
    assert np.ptp(tallest) < 3  # px: though the nerve impulses came up to 2 ms apart
    for line in traces:
        right = line[line[:, 0] > tallest[0] + 40]
        assert right[:, 1].min() < line[:, 1].max() - 50  # the second potential, half as high


def test_a_study_of_strength_shows_its_force_and_no_empty_grid(build):
    one = build.lems()
    study = one.studies[0]
    kept = [train for train in study.recording.trains if train.role in ("rest", "immediate")]
    study = dataclasses.replace(study, recording=dataclasses.replace(study.recording, trains=tuple(kept)))
    summary = summarise_study(one, study)
    words = [
        item.text
        for item in card(summary, shared_gain([summary]), key="c", heading="LEMS").items
        if hasattr(item, "text")
    ]
    assert any(text.startswith("force of the") for text in words)
    assert not any("no rested train" in text for text in words)


def test_simulated_single_stimuli_have_no_unknown_rate(build):
    one = build.lems()
    study = one.studies[0]
    kept = tuple(dataclasses.replace(train, rate_hz=None) for train in study.recording.trains)
    study = dataclasses.replace(study, recording=dataclasses.replace(study.recording, trains=kept))
    assert conditions(dataclasses.replace(one, studies=(study,), conditions={}))["Rate"] == "single stimuli"


def test_every_drug_joins_the_heading(build):
    one = build.treated()
    study = one.studies[0]
    both = "amifampridine 20 mg, single dose, 1 h since dose; pyridostigmine 60 mg, 1 h since dose"
    study = dataclasses.replace(study, recording=dataclasses.replace(study.recording, drug=both))
    one = dataclasses.replace(one, person="lems", studies=(study,))
    assert headings([one]) == ["LEMS, amifampridine + pyridostigmine"]


def test_the_summary_of_a_single_fibre_study_names_its_jitter(build):
    from endplate.report.write import report_files

    page = report_files([build.single_fibre()])["index.html"].decode()
    summary = page.split("<caption>Summary</caption>")[1].split("</table>")[0]
    assert re.search(r"mean jitter [\d.]+ µs of 20 end-plates, \d+ % blocked", summary)


def test_a_recording_without_any_response_still_makes_a_page(build, fast):
    from endplate.report.write import report_files

    one = build.lems()
    study = one.studies[0]
    nothing = np.full(study.recording.n_sweeps, np.nan)
    columns = ("amplitude_mv", "area_mvms", "duration_ms", "latency_ms", "onset_ms", "peak_ms", "end_ms", "trough_ms")
    measured = dataclasses.replace(study.measurements[0], **dict.fromkeys(columns, nothing))
    silent = dataclasses.replace(study.recording, signal_mv=np.zeros_like(study.recording.signal_mv))
    findings = dataclasses.replace(study.findings, findings=())
    study = dataclasses.replace(study, recording=silent, measurements=(measured,), findings=findings, efforts=())
    page = report_files([dataclasses.replace(one, studies=(study,))])["index.html"].decode()
    assert not re.search(r"\bnan\b", page)
    assert "–" in page
