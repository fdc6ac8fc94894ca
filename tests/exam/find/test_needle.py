"""Jitter and blocking of end-plates, and of a study, against a named set that is never mixed."""

from __future__ import annotations

import numpy as np
import pytest

from endplate.exam.find import find
from endplate.foundation.records import Measurements, Recording


@pytest.fixture
def study():
    """Build a study of end-plates with exactly the jitter that is asked for."""

    def build(jitter_us, *, n=60, blocked=0, flags=(), muscle="frontalis", **about):
        channels = tuple(str(k + 1) for k in range(len(jitter_us)))
        signal = np.zeros((n, len(channels), 20))
        recording = Recording(
            signal, 50_000.0, 0.0, np.arange(n) * 0.1, channels=channels, muscle=muscle,
            **{"electrode": "concentric needle", "temperature_degc": 34.0, "drug": "none", **about},
        )  # fmt: skip
        measured = []
        for channel, wanted in zip(channels, jitter_us, strict=True):
            latency = 3.0 + np.where(np.arange(n) % 2, wanted / 1000, 0.0)  # every difference is the jitter
            latency[: 2 * blocked : 2] = np.nan
            rest = np.zeros(n)
            marks = ("direct stimulation",) if wanted < 5 else ()
            measured.append(
                Measurements(
                    channel, recording.stimulus_s, *([rest + 1.0] * 4), latency, *([rest] * 6),
                    tuple(("blocked",) if np.isnan(one) else () for one in latency), (*flags, *marks),
                )
            )  # fmt: skip
        return recording, measured

    return build


def of_study(findings):
    mean, share = (one for one in findings.of("jitter") if one.name.startswith("study"))
    return mean, share


@pytest.mark.parametrize(
    ("jitter_us", "verdict"), [(27.9, "does not support"), (28.0, "does not support"), (28.1, "supports")]
)
def test_one_endplate_is_judged_by_the_individual_limit(study, jitter_us, verdict):
    first = find(*study([jitter_us])).of("jitter")[0]
    assert first.name == "end-plate 1: MCD"
    assert first.value == pytest.approx(jitter_us)
    assert first.verdict == verdict
    assert first.reference_set == "stalberg-2016"
    assert first.source == "Stalberg2016"


def test_voluntary_and_stimulated_have_their_own_limits(study):
    assert find(*study([35.0])).of("jitter")[0].verdict == "supports"
    assert find(*study([35.0], stimulation="voluntary")).of("jitter")[0].verdict == "does not support"


def test_the_chosen_set_is_used_whole(study):
    recording, measured = study([35.0] * 20)
    findings = find(recording, measured, reference_set="japan-2012")
    assert findings.of("jitter")[0].verdict == "does not support"
    mean, share = of_study(findings)
    assert mean.verdict == "cannot tell"  # this set has no limit of the mean, and no other set lends one
    assert "japan-2012 has no mean limit" in mean.because
    assert share.verdict == "does not support"


@pytest.mark.parametrize(
    ("about", "chosen", "because"),
    [
        ({"electrode": "single-fibre needle"}, None, "was made with a concentric needle"),
        ({"muscle": "adm"}, None, "has no individual limit for adm"),
        ({"muscle": None}, None, "an unnamed muscle"),
        ({}, "aanem-2016", "holds limits of cmap amplitude, not of jitter"),
    ],
)
def test_a_set_that_does_not_fit_is_not_used(study, about, chosen, because):
    first = find(*study([35.0], **about), reference_set=chosen).of("jitter")[0]
    assert first.verdict == "cannot tell"
    assert because in first.because
    assert first.value == pytest.approx(35.0)


def test_a_study_needs_twenty_endplates(study):
    for number, told in ((19, False), (20, True)):
        mean, share = of_study(find(*study([20.0] * number)))
        assert (mean.verdict != "cannot tell") == told
        assert (share.verdict != "cannot tell") == told
    assert of_study(find(*study([20.0] * 19)))[0].missing == ("at least 20 end-plates, this study has 19",)


@pytest.mark.parametrize(("high", "verdict"), [(2, "cannot tell"), (3, "supports")])
def test_endplates_too_blocked_to_be_measured_do_not_hide_those_above_the_limit(study, high, verdict):
    mean, share = of_study(find(*study([60.0] * high + [15.0] * 5)))
    assert mean.verdict == "cannot tell"
    assert share.verdict == verdict
    if verdict == "supports":  # the 12 that are missing may all be normal: 3 of 20
        assert share.value == pytest.approx(15.0)
        assert share.because == "at least 15 % is above 10 %: 3 of 8 measured, and 20 are wanted"


@pytest.mark.parametrize(("high", "verdict"), [(2, "does not support"), (3, "supports")])
def test_more_than_a_tenth_above_the_limit_is_abnormal(study, high, verdict):
    mean, share = of_study(find(*study([60.0] * high + [15.0] * (20 - high))))
    assert share.value == pytest.approx(5.0 * high)
    assert share.verdict == verdict
    assert mean.value == pytest.approx((60.0 * high + 15.0 * (20 - high)) / 20, abs=0.051)


@pytest.mark.parametrize(("jitter_us", "verdict"), [(20.9, "does not support"), (21.1, "supports")])
def test_the_mean_of_a_study_has_its_own_limit(study, jitter_us, verdict):
    assert of_study(find(*study([jitter_us] * 20)))[0].verdict == verdict


def test_fibres_stimulated_directly_are_left_out_and_cannot_be_judged(study):
    findings = find(*study([20.0] * 20 + [2.0] * 5))
    assert of_study(findings)[0].value == pytest.approx(20.0)
    last = next(one for one in findings.of("jitter") if one.name.startswith("end-plate 25"))
    assert last.verdict == "cannot tell"
    assert last.missing == ("another end-plate",)


def test_too_few_discharges_are_no_jitter(study):
    first = find(*study([20.0], n=49)).of("jitter")[0]
    assert first.value is None
    assert first.missing == ("at least 50 discharges",)


@pytest.mark.parametrize(("blocked", "verdict"), [(0, "does not support"), (1, "supports"), (6, "supports")])
def test_blocking_is_a_share_of_impulses(study, blocked, verdict):
    (found,) = find(*study([20.0], blocked=blocked)).of("blocking")
    assert found.value == pytest.approx(100.0 * blocked / 60)
    assert found.verdict == verdict


def test_on_a_drug_normal_jitter_excludes_nothing(study):
    first = find(*study([20.0], flags=("drug on board",))).of("jitter")[0]
    assert first.verdict == "cannot tell"


def test_the_intensity_of_a_nerve_study_does_not_spoil_jitter(study):
    first = find(*study([20.0], flags=("temperature unknown",))).of("jitter")[0]
    assert first.verdict == "does not support"
