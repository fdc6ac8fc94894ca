"""The folder: only our own files are overwritten, and nothing computed is lost."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path

import pytest

from endplate.foundation.errors import OutputError
from endplate.report.folder import MANIFEST, check_folder, write_files

FILES = {"index.html": b"<p>one", "a.svg": b"<svg/>"}


def shelter_of(error: OutputError) -> Path:
    found = re.search(r"the report is in (\S+)\.$", str(error))
    assert found
    return Path(found[1])


@pytest.fixture(autouse=True)
def _shelters_stay_in_the_test(tmp_path_factory, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("shelter")))


def test_a_new_folder_gets_the_files_and_a_manifest(tmp_path):
    folder = write_files(FILES, tmp_path / "new" / "report")
    assert sorted(p.name for p in folder.iterdir()) == ["a.svg", "index.html", MANIFEST]
    assert set(json.loads((folder / MANIFEST).read_text())["files"]) == set(FILES)


def test_a_second_run_replaces_its_own_files_and_removes_those_it_no_longer_makes(tmp_path):
    write_files(FILES, tmp_path)
    write_files({"index.html": b"<p>two"}, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["index.html", MANIFEST]
    assert (tmp_path / "index.html").read_bytes() == b"<p>two"


def test_a_folder_with_other_files_is_refused_and_the_report_is_saved_elsewhere(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(OutputError, match=r"did not write.*thesis\.docx") as caught:
        write_files(FILES, tmp_path)
    assert (shelter_of(caught.value) / "index.html").read_bytes() == b"<p>one"
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_of_ours_that_somebody_changed_is_not_overwritten(tmp_path):
    write_files(FILES, tmp_path)
    (tmp_path / "index.html").write_text("with my notes")
    with pytest.raises(OutputError, match=r"changed since: index\.html"):
        write_files(FILES, tmp_path)
    assert (tmp_path / "index.html").read_text() == "with my notes"


def test_overwriting_when_asked_leaves_files_of_other_names(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    write_files(FILES, tmp_path, overwrite=True)
    assert (tmp_path / "thesis.docx").read_text() == "mine"
    assert (tmp_path / "index.html").is_file()


def test_a_manifest_cannot_make_us_delete_outside_the_folder(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"precious")
    folder = write_files(FILES, tmp_path / "report")
    manifest = json.loads((folder / MANIFEST).read_text())
    import hashlib

    manifest["files"]["../outside.txt"] = hashlib.sha256(b"precious").hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))
    write_files({"index.html": b"x"}, folder)
    assert outside.read_bytes() == b"precious"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "report").write_text("a file")
    with pytest.raises(OutputError, match="is a file"):
        check_folder(tmp_path / "report")


def test_a_full_disk_leaves_the_earlier_report_whole_and_names_the_rescue(tmp_path, monkeypatch):
    folder = write_files(FILES, tmp_path / "report")
    write = Path.write_bytes

    def full(self, data):
        if folder in self.parents and self.name == "a.svg":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device") as caught:
        write_files({"index.html": b"<p>two", "a.svg": b"<svg/>"}, folder)
    assert (shelter_of(caught.value) / "index.html").read_bytes() == b"<p>two"
    monkeypatch.undo()
    assert (folder / "index.html").read_bytes() == b"<p>one"
    assert sorted(p.name for p in folder.iterdir()) == ["a.svg", "index.html", MANIFEST]


def test_a_disk_with_no_room_anywhere_says_so(tmp_path, monkeypatch):
    def full(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="free some space"):
        write_files(FILES, tmp_path / "report")


def test_a_place_below_a_file_cannot_be_written_and_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="Nothing computed is lost"):
        write_files(FILES, tmp_path / "file" / "report")
