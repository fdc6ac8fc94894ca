"""Facts files: measured numbers added to a form, without touching what a person wrote there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from endplate.foundation.errors import EndplateError, InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from endplate.exam.examination import Examination

_HEAD: Final = "# Measured numbers, unknown to every rule until a named person accepts each: endplate clinic confirm\n"


def check_facts_file(path: Path) -> None:
    """Refuse, before anything is measured, a name that no form can have."""
    if path.suffix.lower() != ".toml" or path.is_dir():
        raise InputError(f"--to-facts writes a form as TOML, so its name ends in .toml; got {path}.")


def add_measured(path: Path, examinations: Sequence[Examination]) -> int:
    """Add one study per measured muscle to a form, new or there already, and return how many.

    Raises
    ------
    EndplateError
        If nothing measured has a place in a study, or the form would not read back; it is then untouched.
    """
    from endplate.clinic.record import read_record, write_record
    from endplate.clinic.record.measured import study_of
    from endplate.foundation.records.clinical import Record

    studies = [
        study_of(study.recording, study.measurements[0])
        for one in examinations
        for study in one.studies
        if study.measurements and study.recording.electrode == "surface"
    ]
    if not studies:
        raise InputError("no surface recording was measured, so no study can be written into a form.")
    label = (
        "Simulated recording" if any(study.recording.simulated for one in examinations for study in one.studies) else ""
    )
    added = write_record(Record(studies=tuple(studies), label=label))
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        blocks = added[added.index("[[studies]]") :]
        text = f"{before.rstrip()}\n\n{_HEAD}{blocks}" if before else f"{_HEAD}{added}"
        read_record(text, is_teaching=True)  # a form that does not read back is never written
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} could not be written: {error.strerror or error}. Choose another folder.") from error
    except EndplateError as error:
        raise InputError(
            f"{path} was not changed, because with the measured study it would not read: {error}"
        ) from error
    return len(studies)
