"""A simulated person under the instruments: the pattern of each disease, and the shape of the result."""

from dataclasses import replace

import numpy as np
import pytest

from endplate.body.person import Person
from endplate.change.presets import person
from endplate.exam.examination import examine, read, read_real
from endplate.exam.examination.session import Session, varied
from endplate.exam.protocols import load_protocol
from endplate.foundation.errors import EndplateError, InputError, UnknownNameError

N = 2500


def heights(result, train, study=0):
    one = result.studies[study]
    return one.measurements[0].amplitude_mv[list(one.recording.train(train).sweeps)]


@pytest.fixture(scope="module")
def studies():
    return {name: examine(name, protocol="lems", muscle="adm", n_fibres=N) for name in ("healthy", "lems", "mg")}


def pattern(result):
    rest, post = heights(result, "rest")[0], heights(result, "after 10 s effort")[0]
    train = heights(result, "3 Hz, rest")
    return rest, 100 * (1 - train / train[0]), 100 * (post / rest - 1)


def test_health_is_steady(studies):
    rest, decrement, increment = pattern(studies["healthy"])
    assert rest > 5
    assert np.abs(decrement).max() < 10
    assert -10 < increment < 40


def test_channel_loss_is_low_at_rest_falls_at_3_hz_and_rises_after_effort(studies):
    rest, decrement, increment = pattern(studies["lems"])
    healthy, _, _ = pattern(studies["healthy"])
    assert rest < 0.5 * healthy
    assert decrement[4] > 10
    assert increment > 100


def test_receptor_loss_is_nearly_normal_at_rest_and_its_decrement_levels_off(studies):
    rest, decrement, increment = pattern(studies["mg"])
    healthy, _, _ = pattern(studies["healthy"])
    assert rest > 0.7 * healthy
    assert decrement[4] > 8
    # by far the most of the fall comes within five stimuli
    assert decrement[9] - decrement[4] < 0.3 * decrement[4]
    assert increment < 40


def test_the_drug_raises_the_response_in_the_same_anatomy():
    plain = examine("lems", protocol="ncs", muscle="adm", n_fibres=N)
    drug = examine("lems", protocol="ncs", muscle="adm", n_fibres=N, treatments=("amifampridine:20mg",))
    assert heights(drug, "rest")[0] > 1.1 * heights(plain, "rest")[0]
    assert drug.studies[0].recording.drug
    assert drug.changes[-1].startswith("amifampridine")


def test_the_recording_carries_what_a_laboratory_writes_down(studies):
    recording = studies["lems"].studies[0].recording
    assert recording.simulated
    assert recording.n_sweeps == load_protocol("lems").n_stimuli
    assert recording.time_ms[0] == pytest.approx(-5.0)
    after = recording.train("after 10 s effort")
    assert after.after_effort_s == pytest.approx(1.5)
    assert after.effort_s == 10
    assert after.effort_fraction == 1
    assert after.intensity == pytest.approx(1.2)
    assert recording.train("3 Hz, rest").rest_before_s >= 120
    assert (np.diff(recording.stimulus_s) > 0).all()


def test_a_simulated_recording_read_again_gives_the_same_numbers(studies):
    study = studies["lems"].studies[0]
    again = read(study.recording)
    np.testing.assert_array_equal(again.measurements[0].amplitude_mv, study.measurements[0].amplitude_mv)
    as_real = read_real(replace(study.recording, simulated=False))
    np.testing.assert_array_equal(as_real.studies[0].measurements[0].area_mvms, study.measurements[0].area_mvms)
    assert not as_real.simulated


def test_several_seeds_put_an_interval_on_the_findings():
    result = examine("lems", protocol="ncs", muscle="adm", n_fibres=800, seeds=3)
    assert any(f.interval for f in result.studies[0].findings.findings)
    assert "1 to 3" in result.provenance["seed"]


def test_the_same_call_gives_the_same_examination():
    one, two = (examine("lems", protocol="reflex", muscle="biceps", n_fibres=N) for _ in range(2))
    np.testing.assert_array_equal(one.studies[0].recording.signal_mv, two.studies[0].recording.signal_mv)


def test_pitfalls_hide_what_the_right_technique_shows():
    result = examine("lems", protocol="pitfalls", muscle="adm", n_fibres=N)
    found = {}
    for number, study in enumerate(result.studies):
        rest, post = heights(result, "rest", number)[0], heights(result, "after 10 s effort", number)[0]
        found[study.title] = (rest, 100 * (post / rest - 1))
    right = found["as it should be"]
    assert found["cold"][0] > right[0]
    assert found["submaximal"][0] < right[0]
    assert found["poor effort"][1] < 0.6 * right[1]
    assert found["read late"][1] < 0.6 * right[1]
    assert found["on amifampridine"][0] > right[0]
    assert found["on amifampridine"][1] < right[1]


def test_strength_builds_up_with_channel_loss_and_is_steady_in_health():
    force = {}
    for name in ("healthy", "lems"):
        effort = examine(name, protocol="strength", muscle="adm", n_fibres=N).studies[0].efforts[0]
        early = effort.force_newton[(effort.time_s > 0.3) & (effort.time_s < 0.8)].mean()
        late = effort.force_newton[(effort.time_s > 6) & (effort.time_s < 8)].mean()
        force[name] = late / early
    assert force["lems"] > 1.1
    assert force["lems"] > force["healthy"]


@pytest.mark.parametrize("protocol", ["sfemg-stimulated", "sfemg-voluntary"])
def test_jitter_is_normal_in_health_and_large_with_blocking_in_disease(protocol):
    found = {}
    for name in ("healthy", "mg"):
        study = examine(name, protocol=protocol, muscle="extensor_digitorum").studies[0]
        blocked = np.mean([np.isnan(m.latency_ms).mean() for m in study.measurements])
        steps = [np.abs(np.diff(m.latency_ms)) for m in study.measurements]
        found[name] = (1000 * np.nanmedian([np.nanmean(s) for s in steps if np.isfinite(s).any()]), blocked)
        assert len(study.measurements) == 20
    assert found["healthy"][0] < 45
    assert found["mg"][0] > 1.5 * found["healthy"][0]
    assert found["healthy"][1] < 0.02


def test_progress_runs_from_zero_to_one():
    seen = []
    examine("healthy", protocol="ncs", muscle="adm", n_fibres=800, seeds=2, progress=lambda _, done: seen.append(done))
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == 1


def test_noise_has_the_amplifiers_size_before_the_stimulus():
    session = Session(Person(), "adm", load_protocol("ncs"), n_fibres=800, noise_mv=0.01)
    session.run()
    recording = session.recording()
    before = recording.signal_mv[:, 0, recording.time_ms < -0.5]
    assert 0.003 < before.std() < 0.012  # the amplifier's low-pass takes part of it away


def test_a_variant_changes_only_what_it_names():
    plan = load_protocol("pitfalls")
    late = varied(plan, next(v for v in plan.variants if v.name == "read late"))
    assert [s.delay_s for s in late.steps if s.role == "immediate"] == [60]
    assert late.intensity == plan.intensity
    assert not late.variants


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"person": "lmes"}, "did you mean lems"),
        ({"person": "lems", "muscle": "amd"}, "did you mean adm"),
        ({"person": "lems", "protocol": "lem"}, "did you mean lems"),
        ({"person": "lems", "treatments": ("amifampridin:20mg",)}, "amifampridine"),
        ({"person": "lems", "seeds": 0}, "seeds must be in"),
        ({"person": "lems", "n_fibres": 3}, "n_fibres must be in"),
        ({"person": "lems", "reference_set": "nowhere"}, "nowhere"),
    ],
)
def test_an_unknown_or_impossible_input_is_refused_with_the_way_out(arguments, says):
    with pytest.raises(EndplateError, match=says):
        examine(arguments.pop("person"), **{"n_fibres": 800, **arguments})


def test_persons_can_be_given_as_objects():
    result = examine(person("mg"), protocol="ncs", muscle="adm", n_fibres=800)
    assert result.person == "mg"
    with pytest.raises(UnknownNameError):
        examine("nobody")


def test_a_protocol_that_reads_no_response_is_refused_also_from_python():
    silent = replace(load_protocol("ncs"), steps=tuple(replace(s, read=False) for s in load_protocol("ncs").steps))
    with pytest.raises(InputError, match="read no response"):
        examine("healthy", protocol=silent, n_fibres=300)


def test_each_voluntary_train_draws_intervals_of_its_own_read_or_not():
    plan = load_protocol("sfemg-voluntary")
    given = []
    session = Session(Person(), "extensor_digitorum", plan, n_fibres=3000)
    original = session._intervals
    session._intervals = lambda step: given.append(original(step)) or given[-1]
    session.run()
    settling, read_train = (np.diff(times) for times in given)
    assert not np.isclose(settling, read_train[: settling.size]).any()
    assert min(settling.min(), read_train.min()) >= 0.5 / 10 - 1e-12
