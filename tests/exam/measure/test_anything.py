"""Whatever the samples are, measuring gives numbers in order or nan, and never a warning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from endplate.exam.find import find, findings_to_dict
from endplate.exam.measure import measure, measure_all, measurements_to_dict
from endplate.foundation.records import Recording, Train

TRAINS = (
    Train("rest", "rest", (0,), intensity=1.3, rest_before_s=200.0),
    Train("after", "immediate", (1,), intensity=1.3, after_effort_s=1.0, effort_s=10.0, effort_fraction=1.0),
    Train("3 Hz", "low rate", (2, 3, 4, 5, 6, 7), rate_hz=3.0, intensity=1.3),
    Train("30 Hz", "high rate", (5, 6, 7), rate_hz=30.0, intensity=1.3),
)
SAMPLES = arrays(
    np.float64,
    (8, 1, 120),
    elements=st.one_of(st.just(0.0), st.sampled_from([-5.0, 5.0]), st.floats(-10, 10, width=32)),
    fill=st.sampled_from([0.0, 1.0]),
)


@given(signal=SAMPLES, start_ms=st.sampled_from([-3.0, 0.0, 2.0]), negative_up=st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_samples_give_ordered_cursors_and_findings(signal, start_ms, negative_up):
    recording = Recording(
        signal, 10_000.0, start_ms, np.arange(8.0), trains=TRAINS, muscle="adm", negative_up=negative_up
    )
    m = measure(recording)
    for early, late in ((m.onset_ms, m.peak_ms), (m.peak_ms, m.end_ms)):
        both = np.isfinite(early) & np.isfinite(late)
        assert (early[both] <= late[both] + 1e-9).all()
    assert (m.amplitude_mv[np.isfinite(m.amplitude_mv)] > 0).all()
    assert (m.peak_to_peak_mv >= 0).all()
    measurements_to_dict(m)
    findings_to_dict(find(recording, m, reference_set="aanem-2016"))


@given(signal=SAMPLES, stimulation=st.sampled_from(["electrical", "voluntary"]))
@settings(max_examples=30, deadline=None)
def test_any_needle_samples_give_latencies_or_blocks(signal, stimulation):
    recording = Recording(signal, 10_000.0, 0.0, np.arange(8.0), electrode="concentric needle", stimulation=stimulation)
    (m,) = measure_all(recording)
    assert [("blocked" in row) for row in m.row_flags] == list(np.isnan(m.amplitude_mv))
    find(recording, m)


@pytest.mark.parametrize(
    ("amplitude", "expected"),
    [
        ([8.0, 8.2, *[8.0] * 6], {"increment": "does not support", "decrement": "does not support"}),
        ([0.9, 3.1, *np.linspace(0.9, 0.6, 6)], {"increment": "supports", "decrement": "supports"}),
        ([8.0, 8.3, 8.0, 6.8, 6.5, 6.4, 6.5, 6.6], {"increment": "does not support", "decrement": "supports"}),
    ],
    ids=["healthy", "presynaptic", "postsynaptic"],
)
def test_from_waveform_to_finding_the_pattern_is_kept(make, amplitude, expected):
    recording = make(
        amplitude, noise_mv=0.004, trains=TRAINS[:3], muscle="adm", temperature_degc=34.0, drug="none",
        stimulus_s=np.array([0, 15, 200, 200.33, 200.67, 201, 201.33, 201.67]),
    )  # fmt: skip
    findings = find(recording, measure(recording))
    for kind, verdict in expected.items():
        assert findings.of(kind)[0].verdict == verdict
    change = 100 * (amplitude[1] / amplitude[0] - 1)
    assert findings.of("increment")[0].value == pytest.approx(change, abs=3.0)
