"""What is found in surface recordings: each rule beside the others, and cannot tell where quality forbids."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from endplate.exam.find import find
from endplate.exam.measure import FLAGS
from endplate.foundation.errors import InputError, UnknownNameError
from endplate.foundation.records import Measurements, Recording, Train

MG = [5.0, 4.3, 4.1, 4.0, 4.0, 4.05, 4.1, 4.1, 4.15, 4.15]
LEMS = [1.0, 0.88, 0.82, 0.78, 0.75, 0.72, 0.70, 0.68, 0.66, 0.65]


def by_rule(findings, kind):
    return {finding.rule.split(",")[0]: finding for finding in findings.of(kind) if finding.rule}


# increment ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "kohler", "oh", "doubled", "suspicious"),
    [
        (1.24, "does not support", "does not support", "does not support", "does not support"),
        (1.25, "does not support", "does not support", "does not support", "supports"),
        (1.59, "does not support", "does not support", "does not support", "supports"),
        (1.60, "supports", "does not support", "does not support", "supports"),
        (1.61, "supports", "supports", "does not support", "does not support"),
        (2.00, "supports", "supports", "does not support", "does not support"),
        (2.01, "supports", "supports", "supports", "does not support"),
    ],
)
def test_each_published_increment_rule_stands_beside_the_others(effort, after, kohler, oh, doubled, suspicious):
    found = by_rule(find(*effort(1.0, after)), "increment")
    verdicts = [found[f"increment-{name}"].verdict for name in ("kohler", "oh", "doubled", "suspicious")]
    assert verdicts == [kohler, oh, doubled, suspicious]
    assert "increment-zambelis" not in found  # it reads a high rate only


def test_an_increment_names_its_value_rule_source_and_sweeps(effort):
    finding = by_rule(find(*effort(1.0, 3.43)), "increment")["increment-kohler"]
    assert finding.value == pytest.approx(243.0)
    assert finding.because == "243 % is at least 60 %"
    assert finding.rule == "increment-kohler, 2018"
    assert finding.source == "Kohler2018"
    assert finding.sweeps == (0, 1)


def test_the_area_stands_beside_the_amplitude_without_a_verdict(effort):
    (area,) = [one for one in find(*effort(1.0, 2.0, area_mvms=[3.0, 4.5])).of("increment") if not one.rule]
    assert area.value == pytest.approx(50.0)
    assert area.verdict == "cannot tell"
    assert area.missing == ("a published limit",)


def test_the_rules_of_the_day_are_used(effort):
    recording, measured = effort(1.0, 3.0)
    early = find(recording, measured, on=date(2010, 6, 1))
    found = by_rule(early, "increment")
    assert found["increment-kohler"].verdict == "cannot tell"
    assert "not in force" in found["increment-kohler"].because
    assert found["increment-oh"].rule == "increment-oh, 2009"
    assert early.provenance["rules on"] == "2010-06-01"


@pytest.mark.parametrize(("name", "flag"), [(name, flag) for name, flag in FLAGS.items() if flag.spoils])
def test_a_flag_takes_back_the_verdicts_that_it_could_have_made(effort, name, flag):
    for after, plain in ((3.0, "supports"), (1.1, "does not support")):
        found = by_rule(find(*effort(1.0, after, row_flags=[(), (name,)])), "increment")["increment-kohler"]
        assert found.flags == (name,)
        if plain in flag.spoils:
            assert found.verdict == "cannot tell"
            assert found.missing == (flag.needed,)
            assert name in found.because
            assert found.value is not None  # the number is still shown
        else:
            assert found.verdict == plain


def test_on_a_drug_a_normal_result_excludes_nothing_but_an_increment_stands(effort):
    normal = by_rule(find(*effort(5.0, 5.2, flags=("drug on board",))), "increment")["increment-kohler"]
    large = by_rule(find(*effort(1.0, 3.0, flags=("drug on board",))), "increment")["increment-kohler"]
    assert (normal.verdict, large.verdict) == ("cannot tell", "supports")


@pytest.mark.parametrize("before", [float("nan"), 0.001])
def test_without_a_response_before_there_is_no_percentage(effort, before):
    found = by_rule(find(*effort(before, 3.0)), "increment")["increment-kohler"]
    assert found.value is None
    assert found.verdict == "cannot tell"
    assert found.missing == ("measurable responses before and after effort",)


def test_without_an_effort_the_increment_names_what_is_missing(train):
    (found,) = find(*train(MG)).of("increment")
    assert found.verdict == "cannot tell"
    assert found.missing == ("a response before and one just after effort",)


# decrement ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fourth", "aaem", "elsewhere", "equivocal"),
    [
        (1.81, "does not support", "does not support", "supports"),
        (1.80, "supports", "does not support", "supports"),
        (1.79, "supports", "supports", "does not support"),
        (1.91, "does not support", "does not support", "does not support"),
    ],
)
def test_a_decrement_is_judged_by_each_rule_set_with_its_own_operator(train, fourth, aaem, elsewhere, equivocal):
    findings = find(*train([2.0, 1.95, 1.92, fourth, 1.95]))
    found = {one.rule.split(",")[0]: one.verdict for one in findings.of("decrement") if one.name == "rest: 1 to 4"}
    assert found == {"decrement-aaem": aaem, "decrement-above-ten": elsewhere, "decrement-equivocal": equivocal}


def test_fourth_fifth_and_smallest_are_read_in_amplitude_and_area(train):
    recording, measured = train([4.0, 3.6, 3.0, 3.2, 3.4], area_mvms=[10.0, 9.5, 9.0, 9.2, 9.3])
    values = {one.name: one.value for one in find(recording, measured).of("decrement")}
    assert values == pytest.approx(
        {
            "rest: 1 to 4": 20.0, "rest: 1 to 5": 15.0, "rest: 1 to smallest of 2-5": 25.0,
            "rest: 1 to 4, area": 8.0, "rest: 1 to 5, area": 7.0, "rest: 1 to smallest of 2-5, area": 10.0,
        }
    )  # fmt: skip


def test_a_train_at_another_rate_is_not_read_by_a_rule_for_two_to_five_hertz(train):
    found = by_rule(find(*train(LEMS, rate_hz=1.0)), "decrement")
    assert found["decrement-aaem"].verdict == "cannot tell"
    assert found["decrement-aaem"].missing == ("a train at 2-5 Hz",)
    assert found["decrement-above-ten"].verdict == "supports"
    unknown = by_rule(find(*train(LEMS, rate_hz=None)), "decrement")["decrement-aaem"]
    assert unknown.missing == ("the stimulus rate",)


def test_a_rate_rounded_by_sampling_is_still_its_rate(train):
    assert by_rule(find(*train(LEMS, rate_hz=1.999)), "decrement")["decrement-aaem"].verdict == "supports"


def test_a_train_of_four_has_no_fifth(train):
    findings = find(*train([2.0, 1.9, 1.8, 1.7]))
    fifth = [one for one in findings.of("decrement") if one.name == "rest: 1 to 5" and one.rule]
    assert {one.verdict for one in fifth} == {"cannot tell"}
    assert fifth[0].missing == ("at least 5 measurable responses",)


@pytest.mark.parametrize("flag", ["rest unknown", "wrong effort length", "effort unknown", "read late"])
def test_a_train_is_compared_with_itself_so_rest_and_effort_do_not_spoil_its_decrement(train, flag):
    recording, measured = train(MG)
    marked = replace(measured, row_flags=((flag,), *measured.row_flags[1:]))
    found = by_rule(find(recording, marked), "decrement")["decrement-aaem"]
    assert found.verdict == "supports"
    assert found.flags == ()


# shape, repair, exhaustion -----------------------------------------------------------------------


def test_a_decrement_that_turns_and_one_that_keeps_falling_are_told_apart(train):
    for amplitude, turns, falls in ((MG, "supports", "does not support"), (LEMS, "does not support", "supports")):
        found = by_rule(find(*train(amplitude)), "decrement shape")
        assert found["shape-turns"].verdict == turns
        assert found["shape-keeps-falling"].verdict == falls


def test_a_turn_without_the_largest_drop_first_is_not_the_postsynaptic_shape(train):
    found = by_rule(find(*train([5.0, 4.9, 4.4, 4.0, 4.0, 4.1, 4.2, 4.2])), "decrement shape")["shape-turns"]
    assert found.verdict == "does not support"
    assert found.because == "the largest drop is from 2 to 3, not from 1 to 2"


def test_a_steady_train_has_no_shape_and_a_short_one_cannot_tell(train):
    assert find(*train([5.0, 4.99, 5.0, 4.98, 5.0, 5.0, 5.0])).of("decrement shape") == ()
    short = find(*train(MG[:5])).of("decrement shape")
    assert {one.verdict for one in short} == {"cannot tell"}
    assert short[0].missing == ("at least 6 measurable responses",)


@pytest.fixture
def exercise():
    """Build trains at rest, just after and minutes after an effort, each with its decrement at the fifth."""

    def build(rest, early, late, late_after_s=180.0):
        trains, amplitude = [], []
        for name, after_s, lost in (("rest", None, rest), ("0 min", 5.0, early), ("3 min", late_after_s, late)):
            sweeps = tuple(range(len(amplitude), len(amplitude) + 5))
            effort_s = None if after_s is None else 60.0
            trains.append(Train(name, "low rate", sweeps, rate_hz=3.0, after_effort_s=after_s, effort_s=effort_s))
            amplitude += [5.0 * (1 - lost / 100 * step / 4) for step in range(5)]
        n = len(amplitude)
        recording = Recording(np.zeros((n, 1, 20)), 20_000.0, 0.0, np.arange(n) * 1.0, trains=tuple(trains))
        flat = np.ones(n)
        columns = [np.array(amplitude), flat, 3.0 * np.array(amplitude), *(flat for _ in range(8))]
        return recording, Measurements("1", recording.stimulus_s, *columns, tuple([()] * n))

    return build


def test_repair_and_exhaustion_are_found(exercise):
    findings = find(*exercise(20.0, 6.0, 30.0))
    (repair,), (exhaustion,) = findings.of("repair"), findings.of("exhaustion")
    assert (repair.verdict, exhaustion.verdict) == ("supports", "supports")
    assert repair.value == pytest.approx(14.0)
    assert exhaustion.value == pytest.approx(10.0)
    assert exhaustion.name == "exhaustion: 3 min against rest"


def test_what_does_not_change_is_neither_repair_nor_exhaustion(exercise):
    findings = find(*exercise(20.0, 19.0, 21.0))
    assert [one.verdict for one in (*findings.of("repair"), *findings.of("exhaustion"))] == ["does not support"] * 2


def test_exhaustion_can_show_where_rest_was_normal_and_repair_cannot(exercise):
    findings = find(*exercise(2.0, 2.0, 15.0))
    assert findings.of("exhaustion")[0].verdict == "supports"
    assert findings.of("repair")[0].missing == ("a decrement at rest",)


def test_a_rested_train_between_two_efforts_is_the_reference_of_the_second(train):
    def low_rate(name, start, after_s, rest_s):
        sweeps = tuple(range(start, start + 5))
        about = {"after_effort_s": after_s, "effort_s": 10.0, "rest_before_s": rest_s}
        return Train(name, "low rate", sweeps, rate_hz=3.0, **about)

    trains = (
        low_rate("3 Hz, rest", 0, 185.0, 180.0),  # a first effort was 3 min ago: not exhaustion, but rest
        low_rate("0 min", 5, 2.0, 2.0),
        low_rate("2 min", 10, 120.0, 57.0),
    )
    lost = [20.0, 5.0, 28.0]
    amplitude = [5.0 * (1 - share / 100 * step / 4) for share in lost for step in range(5)]
    recording, measured = train(amplitude)
    start = np.repeat([300.0, 400.0, 520.0], 5) + np.tile(np.arange(5) / 3, 3)
    findings = find(replace(recording, trains=trains, stimulus_s=start), measured)
    (repair,), (exhaustion,) = findings.of("repair"), findings.of("exhaustion")
    assert (repair.name, repair.value) == ("repair: 0 min against 3 Hz, rest", pytest.approx(15.0))
    assert (exhaustion.name, exhaustion.value) == ("exhaustion: 2 min against 3 Hz, rest", pytest.approx(8.0))
    assert {one.name.split(":")[0] for one in findings.of("decrement shape")} == {"3 Hz, rest"}


def test_a_train_ten_minutes_later_says_nothing_of_exhaustion(exercise):
    assert find(*exercise(20.0, 6.0, 30.0, late_after_s=600.0)).of("exhaustion") == ()


# high rate ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate_hz", "reads"),
    [
        (20.0, {"kohler", "doubled", "suspicious"}),
        (30.0, {"kohler", "doubled", "suspicious", "zambelis"}),
        (50.0, {"kohler", "doubled", "suspicious", "oh"}),
    ],
)
def test_each_rule_reads_only_the_rates_of_its_source(train, rate_hz, reads):
    found = by_rule(find(*train([1.0, 1.5, 2.5, 2.4], rate_hz=rate_hz, role="high rate")), "high-rate increment")
    for name in ("kohler", "doubled", "suspicious", "zambelis", "oh"):
        finding = found[f"increment-{name}"]
        assert finding.value == pytest.approx(150.0)
        assert (finding.verdict != "cannot tell") == (name in reads), name


def test_a_high_rate_train_of_nothing_cannot_tell(train):
    found = find(*train([np.nan] * 4, rate_hz=30.0, role="high rate")).of("high-rate increment")
    assert {one.verdict for one in found} == {"cannot tell"}


# low amplitude -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amplitude", "verdict"), [(7.89, "supports"), (7.90, "does not support"), (7.91, "does not support")]
)
def test_low_amplitude_is_below_the_limit_of_the_chosen_set(effort, amplitude, verdict):
    findings = find(*effort(amplitude, 8.0), reference_set="aanem-2016")
    (found,) = findings.of("low amplitude")
    assert found.verdict == verdict
    assert found.reference_set == findings.reference_set == "aanem-2016"
    assert found.source == "Chen2016"


def test_sets_differ_and_are_never_mixed(effort):
    recording, measured = effort(6.0, 6.1)
    verdicts = {
        name: find(recording, measured, reference_set=name).of("low amplitude")[0].verdict
        for name in ("aanem-2016", "buschbacher", "czech-2014")
    }
    assert verdicts == {"aanem-2016": "supports", "buschbacher": "supports", "czech-2014": "does not support"}


@pytest.mark.parametrize(
    ("muscle", "chosen", "because"),
    [
        ("adm", None, "no reference set was chosen; sets for adm: aanem-2016, buschbacher, czech-2014"),
        ("fdi", "aanem-2016", "aanem-2016 has no amplitude limit for fdi; sets that have: czech-2014"),
        ("trapezius", "czech-2014", "none built in; bring your own"),
        (None, "aanem-2016", "the muscle is not named"),
    ],
)
def test_no_limit_means_cannot_tell_and_names_the_sets_that_have_one(effort, muscle, chosen, because):
    (found,) = find(*effort(1.0, 1.1, muscle=muscle), reference_set=chosen).of("low amplitude")
    assert found.verdict == "cannot tell"
    assert because in found.because
    assert found.value == 1.0


def test_a_response_that_is_absent_at_rest_cannot_be_called_low(effort):
    (found,) = find(*effort(np.nan, 1.0, row_flags=[("no response",), ()]), reference_set="aanem-2016").of(
        "low amplitude"
    )
    assert found.verdict == "cannot tell"
    assert found.missing == ("a measurable response at rest",)


# reflex, strength, and the rest ------------------------------------------------------------------


def test_the_reflex_volley_is_compared_with_rest(effort):
    (found,) = find(*effort(0.5, 1.5, name="reflex after 10 s")).of("reflex")
    assert found.value == pytest.approx(200.0)
    assert "grows after effort" in found.because
    (absent,) = find(*effort(np.nan, 1.5, name="reflex after 10 s")).of("reflex")
    assert absent.value is None
    assert find(*effort(0.5, 1.5)).of("reflex") == ()


def test_strength_that_rises_and_falls_is_read_from_the_trace(effort):
    time = np.arange(0, 10, 0.01)
    force = 50.0 * (1 - np.exp(-time / 0.1)) * (1 + 0.3 * (1 - np.exp(-np.maximum(time - 0.75, 0) / 1.0)))
    trace = SimpleNamespace(name="10 s", time_s=time, force_newton=np.where(time > 6, 0.8 * force, force))
    rise, fall = find(*effort(), efforts=(trace,)).of("strength")
    assert rise.value == pytest.approx(29.0, abs=3.0)
    assert fall.value == pytest.approx(20.0, abs=1.0)
    assert rise.verdict == "cannot tell"


def test_an_effort_without_force_says_what_is_missing(effort):
    trace = SimpleNamespace(name="short", time_s=np.arange(0, 1, 0.1), force_newton=np.ones(10))
    (found,) = find(*effort(), efforts=(trace,)).of("strength")
    assert found.missing == ("at least 2 s of force",)


def test_a_recording_without_trains_cannot_tell_and_says_why(effort):
    recording, measured = effort()
    bare = Recording(recording.signal_mv, 20_000.0, 0.0, recording.stimulus_s, muscle="adm")
    findings = find(bare, measured, reference_set="aanem-2016")
    assert {one.kind for one in findings.findings} == {"low amplitude", "increment", "decrement"}
    assert all(one.verdict == "cannot tell" and one.missing for one in findings.findings)


def test_a_response_to_magnetic_stimulation_is_not_read_by_rules_of_transmission(effort):
    recording, measured = effort(stimulation="magnetic")
    assert find(recording, measured).findings == ()


def test_findings_carry_their_recording_and_rules(effort):
    recording, measured = effort(simulated=True, checksum="abc")
    findings = find(recording, (measured,))
    assert findings.simulated
    assert findings.muscle == "adm"
    assert findings.side == "right"
    assert findings.provenance["recording"] == "abc"
    assert "increment-kohler, 2018" in findings.provenance["rules"]


def test_measurements_of_another_recording_are_refused(effort, train):
    recording, _ = effort()
    with pytest.raises(InputError, match="do not belong"):
        find(recording, train(MG)[1])
    with pytest.raises(InputError, match="nothing was measured"):
        find(recording, ())


def test_an_unknown_reference_set_offers_the_nearest(effort):
    with pytest.raises(UnknownNameError, match="did you mean aanem-2016"):
        find(*effort(), reference_set="aanem-2015")
