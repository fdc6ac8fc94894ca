"""EDF, BDF, BrainVision, Spike2 and AcqKnowledge: real files, written to the format's own rules."""

from __future__ import annotations

import struct

import edfio
import numpy as np
import pytest

from endplate.exam.recording import load_recording
from endplate.foundation.errors import FileFormatError, InputError

TTL_UV = 100.0


def write_edf(path, trace, files, *, annotations=(), other=(), record_s=0.1):
    kind, signal = (edfio.Bdf, edfio.BdfSignal) if path.suffix == ".bdf" else (edfio.Edf, edfio.EdfSignal)
    signals = [
        signal(trace * 1000, files.rate_hz, label="ADM", physical_dimension="uV", prefiltering="HP:3Hz LP:3000Hz")
    ]
    signals += [signal(values, files.rate_hz, label=label, physical_dimension=unit) for label, unit, values in other]
    marks = [edfio.EdfAnnotation(time_s, None, text) for time_s, text in annotations]
    kind(signals, annotations=marks or None, data_record_duration=record_s).write(path)
    return path


# ---------------------------------------------------------------- EDF, EDF+, BDF


@pytest.mark.parametrize("suffix", [".edf", ".bdf"])
def test_annotations_of_edf_and_bdf_give_the_stimuli(tmp_path, files, suffix):
    trace = files.continuous(files.train_s, 3.6)
    marks = [(0.0, "Recording starts"), *((time_s, "Stim 20 mA") for time_s in files.train_s)]
    recording = load_recording(write_edf(tmp_path / f"a{suffix}", trace, files, annotations=marks))
    np.testing.assert_allclose(recording.stimulus_s, files.train_s, atol=1e-9)
    assert [(t.role, len(t.sweeps)) for t in recording.trains] == [("low rate", 10)]
    assert (recording.highpass_hz, recording.lowpass_hz) == (3.0, 3000.0)
    first = round((files.train_s[0] + recording.start_ms / 1000) * files.rate_hz)
    step_mv = 2 * np.abs(trace).max() / 65_535
    assert np.abs(recording.signal_mv[0, 0] - trace[first : first + recording.signal_mv.shape[2]]).max() < step_mv


def test_a_ttl_channel_gives_the_stimuli_where_nothing_is_annotated(tmp_path, files):
    trace, pulse = files.continuous(files.train_s, 3.6), files.ttl(files.train_s, 3.6)
    recording = load_recording(write_edf(tmp_path / "a.edf", trace, files, other=[("TTL", "V", pulse)]))
    np.testing.assert_allclose(recording.stimulus_s, files.train_s, atol=1e-4)
    assert recording.channels == ("ADM",)


def test_an_active_low_trigger_is_taken_at_its_falling_edge(tmp_path, files):
    trace, pulse = files.continuous(files.train_s, 3.6), 5.0 - files.ttl(files.train_s, 3.6)
    recording = load_recording(write_edf(tmp_path / "a.edf", trace, files, other=[("Trigger", "V", pulse)]))
    np.testing.assert_allclose(recording.stimulus_s, files.train_s, atol=1e-4)


def test_the_stimulus_artefact_is_found_where_there_is_no_mark_at_all(tmp_path, files):
    trace = files.continuous(files.train_s, 3.6, artefact_mv=8.0)
    recording = load_recording(write_edf(tmp_path / "a.edf", trace, files))
    np.testing.assert_allclose(recording.stimulus_s, files.train_s, atol=1.01e-4)
    assert "stimulus times from the stimulus artefact" in recording.notes


def test_responses_without_artefact_are_no_stimuli(tmp_path, files):
    with pytest.raises(FileFormatError, match=r"no stimulus found.*--stimulus"):
        load_recording(write_edf(tmp_path / "a.edf", files.continuous(files.train_s, 3.6), files))


def test_the_source_of_stimuli_can_be_asked_for(tmp_path, files):
    trace, pulse = files.continuous(files.train_s, 3.6, artefact_mv=8.0), files.ttl(files.train_s[:4], 3.6)
    marks = [(time_s, "stim") for time_s in files.train_s[:7]] + [(3.0, "cough")]
    path = write_edf(tmp_path / "a.edf", trace, files, annotations=marks, other=[("TTL", "V", pulse)])
    counts = {
        how: load_recording(path, stimulus=how).n_sweeps
        for how in (None, "annotations:cough", "channel:TTL", "artefact")
    }
    assert counts == {None: 7, "annotations:cough": 1, "channel:TTL": 4, "artefact": 10}
    with pytest.raises(InputError, match=r"no annotation matches 'sneeze'; the file has: 'cough', 'stim'"):
        load_recording(path, stimulus="annotations:sneeze")
    with pytest.raises(LookupError, match="did you mean TTL"):
        load_recording(path, stimulus="channel:TL")


def test_an_interrupted_edf_keeps_the_true_time_of_every_segment(tmp_path, files):
    times = [0.02, 0.12, 0.22]  # one stimulus in each record of 0.1 s; then the records move apart
    path = write_edf(tmp_path / "d.edf", files.continuous(times, 0.3), files, annotations=[(t, "stim") for t in times])
    data = bytearray(path.read_bytes())
    data[192:197] = b"EDF+D"
    for old, new in ((b"+0.1\x14\x14", b"+5.1\x14\x14"), (b"+0.12\x14stim", b"+5.12\x14stim"),
                     (b"+0.2\x14\x14", b"+9.2\x14\x14"), (b"+0.22\x14stim", b"+9.22\x14stim")):  # fmt: skip
        assert data.count(old) == 1
        data = data.replace(old, new)
    path.write_bytes(data)
    recording = load_recording(path)
    np.testing.assert_allclose(recording.stimulus_s, [0.02, 5.12, 9.22], atol=1e-9)
    assert recording.signal_mv.shape == (3, 1, 1000)  # the whole segments
    assert recording.start_ms == pytest.approx(-20.0)


def test_a_truncated_edf_says_how_many_bytes_are_missing(tmp_path, files):
    path = write_edf(tmp_path / "a.edf", files.continuous(files.train_s, 3.6), files)
    path.write_bytes(path.read_bytes()[:-1234])
    with pytest.raises(FileFormatError, match="1234 bytes are missing"):
        load_recording(path)


def test_huge_header_counts_are_refused_before_anything_is_allocated(tmp_path, files):
    path = write_edf(tmp_path / "a.edf", files.continuous(files.train_s, 3.6), files)
    good = path.read_bytes()
    path.write_bytes(good[:252] + b"9999" + good[256:])
    with pytest.raises(FileFormatError, match="announces 9999 channels"):
        load_recording(path)
    path.write_bytes(good[:236] + b"99999999" + good[244:])
    with pytest.raises(FileFormatError, match="truncated"):
        load_recording(path)
    path.write_bytes(good[:236] + b"many    " + good[244:])
    with pytest.raises(FileFormatError, match="holds 'many' as number of records"):
        load_recording(path)


def test_another_format_renamed_to_edf_is_refused(tmp_path):
    path = tmp_path / "a.edf"
    path.write_bytes(b"RIFF" + bytes(1000))
    with pytest.raises(FileFormatError, match="no EDF or BDF file"):
        load_recording(path)


def test_the_status_channel_of_a_biosemi_file_gives_the_stimuli(tmp_path, files):
    trace, pulse = files.continuous(files.train_s, 3.6), files.ttl(files.train_s, 3.6)
    path = tmp_path / "a.bdf"
    status = np.where(pulse > 0, 3.0, 0.0)
    signals = [
        edfio.BdfSignal(trace * 1000, files.rate_hz, label="ADM", physical_dimension="uV"),
        edfio.BdfSignal(status, files.rate_hz, label="Status", physical_dimension="Boolean",
                        physical_range=(-8388608, 8388607), digital_range=(-8388608, 8388607)),
    ]  # fmt: skip
    edfio.Bdf(signals, data_record_duration=0.1).write(path)
    np.testing.assert_allclose(load_recording(path).stimulus_s, files.train_s, atol=1e-4)


def test_a_slow_channel_beside_a_fast_one_is_left_aside(tmp_path, files):
    trace = files.continuous(files.train_s, 3.6)
    slow = edfio.EdfSignal(np.zeros(360), 100.0, label="Temperature", physical_dimension="uV")
    fast = edfio.EdfSignal(trace * 1000, files.rate_hz, label="ADM", physical_dimension="uV")
    marks = [edfio.EdfAnnotation(t, None, "stim") for t in files.train_s]
    edfio.Edf([slow, fast], annotations=marks, data_record_duration=0.1).write(tmp_path / "a.edf")
    assert load_recording(tmp_path / "a.edf").channels == ("ADM",)
    with pytest.raises(FileFormatError, match=r"sampled at 100 Hz.*2000 Hz"):
        load_recording(tmp_path / "a.edf", channel="Temperature")
    with pytest.raises(LookupError, match="did you mean ADM"):
        load_recording(tmp_path / "a.edf", channel="ADMM")


# ---------------------------------------------------------------- BrainVision


def write_brainvision(
    folder, trace_mv, files, *, kind="INT_16", orientation="MULTIPLEXED", encoding="utf-8", segments=()
):
    data = np.stack([trace_mv * 1000 / 0.5, trace_mv * 100 / 0.5], axis=1)  # resolution 0.5 uV
    stored = data.astype({"INT_16": "<i2", "IEEE_FLOAT_32": "<f4"}[kind])
    (folder / "b.eeg").write_bytes((stored.T if orientation == "VECTORIZED" else stored).tobytes())
    markers = ["New Segment,,1,1,0", *(f"New Segment,,{first + 1},1,0" for first in segments)]
    markers += [f"Stimulus,S  1,{round(t * files.rate_hz) + 1},1,0" for t in files.train_s]  # counted from 1
    (folder / "b.vmrk").write_text(
        "Brain Vision Data Exchange Marker File, Version 1.0\n\n[Common Infos]\nDataFile=b.eeg\n\n[Marker Infos]\n"
        + "\n".join(f"Mk{k + 1}={text}" for k, text in enumerate(markers))
    )
    path = folder / "b.vhdr"
    path.write_bytes(
        (
            "Brain Vision Data Exchange Header File Version 1.0\n; made for a test\n\n[Common Infos]\nDataFile=b.eeg\n"
            f"MarkerFile=b.vmrk\nDataFormat=BINARY\nDataOrientation={orientation}\nNumberOfChannels=2\n"
            f"SamplingInterval={1e6 / files.rate_hz:g}\n\n[Binary Infos]\nBinaryFormat={kind}\n\n[Channel Infos]\n"
            "Ch1=ADM,,0.5,µV\nCh2=FDI\\1 dorsal,,0.5,µV\n"
        ).encode(encoding)
    )
    return path


@pytest.mark.parametrize("kind", ["INT_16", "IEEE_FLOAT_32"])
@pytest.mark.parametrize("orientation", ["MULTIPLEXED", "VECTORIZED"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_brainvision_is_read_to_the_sample_in_every_variant(tmp_path, files, kind, orientation, encoding):
    trace = files.continuous(files.train_s, 3.6)
    path = write_brainvision(tmp_path, trace, files, kind=kind, orientation=orientation, encoding=encoding)
    recording = load_recording(path)
    assert recording.channels == ("ADM", "FDI, dorsal")
    np.testing.assert_allclose(recording.stimulus_s, np.round(files.train_s, 4), atol=1e-9)
    first = round((files.train_s[0] + recording.start_ms / 1000) * files.rate_hz)
    assert np.abs(recording.signal_mv[0, 0] - trace[first : first + recording.signal_mv.shape[2]]).max() < 0.5e-3 * 1.01


def test_brainvision_samples_agree_with_those_of_neo(tmp_path, files):
    from neo.rawio.brainvisionrawio import BrainVisionRawIO

    path = write_brainvision(tmp_path, files.continuous(files.train_s, 3.6), files)
    reader = BrainVisionRawIO(filename=str(path))
    reader.parse_header()
    theirs_uv = reader.rescale_signal_raw_to_float(reader.get_analogsignal_chunk(0, 0, stream_index=0))
    ours = load_recording(path)
    first = round((ours.stimulus_s[3] + ours.start_ms / 1000) * files.rate_hz)
    np.testing.assert_allclose(
        ours.signal_mv[3, 0] * 1000, theirs_uv[first : first + ours.signal_mv.shape[2], 0], atol=1e-3
    )


def test_a_brainvision_sweep_never_runs_over_a_break(tmp_path, files):
    at = round((files.train_s[4] + 0.03) * files.rate_hz)  # the recorder paused 30 ms after stimulus 5
    recording = load_recording(write_brainvision(tmp_path, files.continuous(files.train_s, 3.6), files, segments=[at]))
    assert recording.n_sweeps == 10
    assert recording.time_ms[-1] < 30.0  # every sweep ends before the break would be crossed


def test_a_brainvision_header_may_not_point_outside_its_folder(tmp_path, files):
    path = write_brainvision(tmp_path, files.continuous(files.train_s, 3.6), files)
    path.write_text(path.read_text().replace("DataFile=b.eeg", "DataFile=../../etc/passwd"))
    with pytest.raises(FileFormatError, match="lie beside their header"):
        load_recording(path)


def test_brainvision_samples_that_do_not_divide_are_refused(tmp_path, files):
    path = write_brainvision(tmp_path, files.continuous(files.train_s, 3.6), files)
    samples = tmp_path / "b.eeg"
    samples.write_bytes(samples.read_bytes()[:-3])
    with pytest.raises(FileFormatError, match="no whole number of samples of 2 channels"):
        load_recording(path)
    with pytest.raises(FileFormatError, match=r"Give the \.vhdr file"):
        load_recording(samples)


# ---------------------------------------------------------------- Spike2


def test_every_segment_of_a_triggered_spike2_file_is_read_with_its_true_time(tmp_path, files):
    starts_us = [0, 333_333, 10_666_667]  # the last one 10 s later
    traces = [files.continuous([0.02], 0.1) * (1 - 0.1 * k) for k in range(3)]
    path = tmp_path / "a.smr"
    path.write_bytes(files.smr_bytes(list(zip(starts_us, traces, strict=True)), [s + 20_000 for s in starts_us]))
    recording = load_recording(path)
    assert recording.signal_mv.shape == (3, 1, 1000)
    np.testing.assert_allclose(recording.stimulus_s, [0.02, 0.353333, 10.686667], atol=1e-9)
    step_mv = 10.0 / 6553.6
    for k, trace in enumerate(traces):
        assert np.abs(recording.signal_mv[k, 0] - trace).max() <= 0.5001 * step_mv


def test_segments_of_different_length_are_refused_or_cut_as_asked(tmp_path, files):
    traces = [files.continuous([0.02], 0.1), files.continuous([0.02], 0.08), files.continuous([0.02], 0.1)]
    starts_us = [0, 400_000, 800_000]
    path = tmp_path / "a.smr"
    path.write_bytes(files.smr_bytes(list(zip(starts_us, traces, strict=True)), [s + 20_000 for s in starts_us]))
    with pytest.raises(
        FileFormatError, match=r"number 2 has 800 samples \(80 ms\), number 1 has 1000.*cut_to_shortest"
    ):
        load_recording(path)
    recording = load_recording(path, cut_to_shortest=True)
    assert recording.signal_mv.shape == (3, 1, 800)
    assert any("cut to 800 samples" in note for note in recording.notes)


def test_a_smrx_file_is_refused_with_the_way_to_export_it(tmp_path):
    path = tmp_path / "a.smrx"
    path.write_bytes(b"S64\0" + bytes(100))
    with pytest.raises(FileFormatError, match=r"32-bit \.smr or MATLAB \.mat"):
        load_recording(path)


def test_a_damaged_spike2_file_is_refused_in_one_sentence(tmp_path, files):
    whole = files.smr_bytes([(0, files.continuous([0.02], 0.1))], [20_000])
    path = tmp_path / "a.smr"
    for broken in (
        whole[:700],
        whole[:1200],
        b"no CED file at all".ljust(600, b"\1"),
        whole[:30] + b"\xff\x7f" + whole[32:],
    ):
        path.write_bytes(broken)
        with pytest.raises(FileFormatError, match=r"a\.smr"):
            load_recording(path)


# ---------------------------------------------------------------- AcqKnowledge


def test_an_acqknowledge_file_is_read_with_its_markers(tmp_path, files):
    trace = files.continuous(files.train_s, 3.6)
    path = tmp_path / "a.acq"
    path.write_bytes(
        files.acq_bytes([trace, 0.1 * trace], [(round(t * files.rate_hz), "stimulus") for t in files.train_s])
    )
    recording = load_recording(path)
    assert recording.channels == ("EMG 1", "EMG 2")
    np.testing.assert_allclose(recording.stimulus_s, np.round(files.train_s, 4), atol=1e-9)
    first = round((files.train_s[0] + recording.start_ms / 1000) * files.rate_hz)
    assert np.abs(recording.signal_mv[0, 0] - trace[first : first + recording.signal_mv.shape[2]]).max() <= 0.0005001


def test_a_truncated_acqknowledge_file_says_how_many_bytes_are_missing(tmp_path, files, capfd):
    trace = files.continuous(files.train_s, 3.6)
    path = tmp_path / "a.acq"
    path.write_bytes(files.acq_bytes([trace], [])[: -8 - 5000])
    with pytest.raises(FileFormatError, match="5000 bytes"):
        load_recording(path)
    path.write_bytes(struct.pack("<hI", 0, 34) + bytes(3000))
    with pytest.raises(FileFormatError, match=r"a\.acq: the header announces 0 channels"):
        load_recording(path)
    assert capfd.readouterr() == ("", "")  # the library's own log stays off the terminal
