"""Protocols: the built-in ones can be carried out; broken ones are refused with the way out."""

import re

import pytest

from endplate.exam.protocols import describe_protocols, load_protocol, protocols
from endplate.exam.protocols.load import parse_protocol
from endplate.foundation.errors import FileFormatError, InputError, UnknownNameError

ONE = {"do": "stimulate", "name": "rest", "role": "rest"}
NEEDLE = {"electrode": "concentric needle", "window_ms": [-1, 20]}


def test_the_protocols_of_the_field_are_built_in():
    assert set(protocols()) == {
        "lems", "mg", "ncs", "pitfalls", "reflex", "sfemg-stimulated", "sfemg-voluntary", "strength",
    }  # fmt: skip


@pytest.mark.parametrize("name", protocols())
def test_every_built_in_protocol_reads_and_says_what_it_is_for_and_how_much_it_hurts(name):
    protocol = load_protocol(name)
    assert protocol.purpose
    assert protocol.pain
    assert protocol.source
    assert protocol.n_stimuli >= 1
    assert describe_protocols()[name] == protocol


def test_the_lems_protocol_rests_reads_exerts_and_reads_again():
    steps = [step for step in load_protocol("lems").steps if step.do != "rest" or step.seconds]
    assert [step.do for step in steps[:4]] == ["rest", "stimulate", "effort", "stimulate"]
    assert steps[0].seconds >= 120
    assert steps[2].seconds == 10
    assert steps[3].role == "immediate"
    assert steps[3].delay_s <= 5
    series = [step for step in steps if step.role == "low rate"]
    assert len(series) == 7
    assert all(step.count == 10 and step.rate_hz == 3 for step in series)
    fast = next(step for step in steps if step.role == "high rate")
    assert fast.count / fast.rate_hz == 2


def test_after_effort_trains_of_the_series_come_at_whole_minutes():
    clock = after = 0.0
    at = []
    for step in load_protocol("mg").steps:
        clock += step.delay_s
        if step.do == "effort":
            clock += step.seconds
            after = clock
        elif step.do == "rest":
            clock += step.seconds
        else:
            if after:
                at.append(clock - after)
            clock += (step.count - 1) / step.rate_hz
    assert at == pytest.approx([1.5, 60, 120, 180, 240, 300], abs=1.5)


def test_an_unknown_protocol_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean lems"):
        load_protocol("lmes")


def test_a_missing_file_is_named():
    with pytest.raises(InputError, match=r"no protocol file .*mine\.toml"):
        load_protocol("mine.toml")


def test_a_laboratory_can_write_its_own(tmp_path):
    path = tmp_path / "short.toml"
    path.write_text('purpose = "two"\n[[step]]\ndo = "stimulate"\ncount = 2\nrate_hz = 5.0\n', encoding="utf-8")
    protocol = load_protocol(path)
    assert protocol.name == "short"
    assert protocol.n_stimuli == 2
    assert protocol.duration_s == pytest.approx(0.2)


def test_a_file_that_is_not_toml_or_not_utf8_is_refused(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("step = [", encoding="utf-8")
    with pytest.raises(FileFormatError, match="not valid TOML"):
        load_protocol(path)
    path.write_bytes("purpose = 'é'".encode("utf-16"))
    with pytest.raises(FileFormatError, match="UTF-8"):
        load_protocol(path)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "no .*step"),
        ({"step": [{"do": "rest", "seconds": 5}]}, "never reads"),
        ({"step": [{**ONE, "read": False}]}, "never reads"),
        ({"step": [{**ONE, "count": 3, "rate_hz": -3}]}, "rate_hz must be in"),
        ({"step": [{**ONE, "count": 3}]}, "need a rate_hz"),
        ({"step": [{"do": "stimulat"}]}, "must be stimulate, rest or effort"),
        ({"step": [{**ONE, "role": "resting"}]}, "did you mean rest"),
        ({"step": [{**ONE, "rate": 3}]}, "did you mean rate_hz"),
        ({"steps": [ONE]}, "did you mean step"),
        ({"step": [ONE, {"do": "effort", "seconds": -1}]}, "seconds must be in"),
        ({"step": [ONE, {"do": "effort", "seconds": 10, "fraction": 50}]}, "50 % is 0.5"),
        ({"step": [{**ONE, "intensity": 120}]}, "1.2 is 120 %"),
        ({"step": [{**ONE, "count": 9, "rate_hz": 50}], "window_ms": [0, 35]}, "Shorten window_ms"),
        ({"step": [ONE], "sampling_hz": 1000}, "at least 2 kHz"),
        ({"step": [ONE], "window_ms": [5, 30]}, "at or before the stimulus"),
        ({"step": [ONE], "electrode": "needle"}, "electrode"),
        ({"step": [ONE], "endplates": 20}, "read with a needle"),
        ({"step": [ONE], "variant": [{"name": "x", "temp": 3}]}, "key in a variant"),
        ({"step": ONE}, r"write \[\[step\]\]"),
        ({"step": [ONE], "variant": {"name": "x"}}, r"write \[\[variant\]\]"),
        ({"step": [{"do": "effort", "seconds": 10}]}, "never reads a response"),
        ({"step": [{**ONE, "count": 2.5, "rate_hz": 3}]}, "count must be a whole number"),
        ({"step": [{**ONE, "read": "no"}]}, "read must be true or false"),
        ({"step": [{**ONE, "name": 3}]}, "name must be text"),
        ({"step": [ONE, ONE]}, "step 2 stimulates 0 ms after the stimulus before it"),
        ({"step": [ONE, {**ONE, "delay_s": 0.02}]}, "stimulates 20 ms after"),
        ({"step": [{**ONE, "read": False}, {**ONE, "delay_s": 0.001}]}, "stimulates 1 ms after"),
        ({"step": [{**ONE, "count": 9, "rate_hz": 150, "jitter": 0.3}]}, "faster than a nerve ending"),
        ({"step": [{**ONE, "count": 9, "rate_hz": 20, "jitter": 0.1}]}, "25 ms apart"),
        ({"step": [ONE, {"do": "effort", "seconds": 0}]}, "seconds must be in"),
        ({"step": [ONE, {"do": "effort", "seconds": 700}]}, "seconds must be in"),
        ({"step": [ONE], "window_ms": "abc"}, "window_ms must be a list"),
        ({"step": [ONE], "window_ms": [1]}, "a beginning and an end"),
        ({"step": [ONE], "window_ms": [-5, 4]}, "end of window_ms must be in"),
        ({"step": [ONE], "muscles": "adm"}, "muscles must be a list"),
        ({"step": [ONE], "muscles": [3]}, "a muscle must be text"),
        ({"step": [ONE], "title": 3}, "title must be text"),
        ({"step": [ONE], **NEEDLE}, "set endplates"),
        ({"step": [ONE], **NEEDLE, "endplates": 2.5}, "endplates must be a whole number"),
        ({"step": [ONE], "stimulation": "electric"}, "did you mean electrical"),
        ({"step": [ONE], "variant": [{"note": "x"}]}, "has no name"),
        ({"step": [ONE], "variant": [{"name": "x", "intensity": 120}]}, "1.2 is 120 %"),
        ({"step": [ONE], "variant": [{"name": "x", "temperature_degc": 93}]}, "degrees Celsius"),
        ({"step": [ONE], "variant": [{"name": "x", "effort_fraction": 20}]}, "50 % is 0.5"),
        ({"step": [ONE], "variant": [{"name": "x", "read_delay_s": -1}]}, "read_delay_s must be in"),
        ({"step": [ONE], "variant": [{"name": "x", "treatments": "cooling"}]}, "treatments must be a list"),
        ({"step": [ONE], "variant": [{"name": "x", "treatments": [1]}]}, "treatment must be text"),
    ],
)
def test_a_protocol_that_cannot_be_carried_out_says_why(table, says):
    with pytest.raises((InputError, UnknownNameError), match=says):
        parse_protocol(table)


@pytest.mark.parametrize("name", protocols())
def test_a_protocol_that_counts_its_stimuli_counts_them_right(name):
    protocol = load_protocol(name)
    counted = re.match(r"(?:One maximal effort and )?(\d+) (?:single )?electrical stimuli", protocol.pain)
    if protocol.electrode == "surface" and not protocol.variants:
        assert int(counted[1]) == protocol.n_stimuli


def test_a_sweep_begins_on_the_grid_of_its_samples():
    odd = parse_protocol({"step": [ONE], "window_ms": [-1.01, 20], "sampling_hz": 10_000})
    assert odd.samples_before == 10
    assert odd.start_ms == pytest.approx(-1.0)


def test_a_protocol_for_a_muscle_that_nobody_has_is_refused_with_the_nearest_name():
    steps = [{"do": "stimulate", "name": "rest", "role": "rest"}]
    with pytest.raises(UnknownNameError, match="no muscle 'deltoidd'; did you mean deltoid"):
        parse_protocol({"muscles": ["deltoidd"], "step": steps})
