"""Outputs: a report with its recordings, templates, and files that are never replaced unasked."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from endplate.cli.checks import refuse_existing
from endplate.foundation.errors import EndplateError, OutputError

if TYPE_CHECKING:
    from endplate.exam.examination import Examination

FORMATS: Final = ("edf", "nc", "csv", "none")


def write_report(
    examinations: Sequence[Examination],
    out: Path,
    *,
    title: str | None = None,
    overwrite: bool = False,
    recordings: str = "none",
    is_comparison: bool = False,
) -> tuple[Path, tuple[str, ...]]:
    """Write a report and, if asked, its simulated recordings beside it, all or none.

    Returns
    -------
    pathlib.Path, tuple of str
        The page, and a sentence for each recording that its format could not hold.

    Raises
    ------
    OutputError
        If the folder is refused, full or cannot be written; the message names where the report is.
    """
    from endplate.report.folder import write_files
    from endplate.report.write import report_files

    files = report_files(examinations, title=title, is_comparison=is_comparison)
    problems: list[str] = []
    if recordings != "none":
        more, problems = _recordings(examinations, recordings)
        files |= more
    return write_files(files, out, overwrite=overwrite) / "index.html", tuple(problems)


def _recordings(examinations: Sequence[Examination], suffix: str) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of every recording, in memory as the rest of the report."""
    from endplate.exam.recording import write_recording

    files: dict[str, bytes] = {}
    problems = []
    studies = [(one, study) for one in examinations for study in one.studies]
    for number, (one, study) in enumerate(studies, start=1):
        words = f"{one.person}-{one.muscle}-{study.title if len(one.studies) > 1 else one.protocol}"
        stem = f"recording-{number}-{file_stem(words)}" if len(studies) > 1 else f"recording-{file_stem(words)}"
        try:
            with tempfile.TemporaryDirectory(prefix="endplate-") as folder:
                for file in write_recording(study.recording, Path(folder) / f"{stem}.{suffix}"):
                    files[file.name] = file.read_bytes()
        except (EndplateError, OSError) as error:
            problems.append(f"{stem}.{suffix} is missing from the report: {error}")
    return files, problems


def file_stem(words: str) -> str:
    """Return words as the stem of a file that every system can store.

    Examples
    --------
    >>> file_stem("lems + amifampridine 20 mg/ADM")
    'lems-amifampridine-20-mg-adm'
    """
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60] or "recording"


def write_text(path: Path, text: str, *, overwrite: bool) -> Path:
    """Write a text file; one that exists is replaced only if asked.

    Raises
    ------
    OutputError
        If the file exists already or cannot be written.
    """
    refuse_existing(path, overwrite=overwrite)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} could not be written: {error.strerror}. Choose another folder.") from error
    return path
