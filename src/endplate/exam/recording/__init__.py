"""Recordings: read from any file, written to EDF+, CSV and NetCDF, always the same record."""

from endplate.exam.recording.load import FOLDER_SIDECAR, READERS, Recordings, Unread, load_recording, load_recordings
from endplate.exam.recording.settings import KEYS
from endplate.exam.recording.write import write_recording

__all__ = [
    "FOLDER_SIDECAR",
    "KEYS",
    "READERS",
    "Recordings",
    "Unread",
    "load_recording",
    "load_recordings",
    "write_recording",
]
