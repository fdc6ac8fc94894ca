"""What is checked before a byte of a file is read: that it is a file, and not too large."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from endplate.foundation.errors import FileFormatError

# A session of 20 minutes, two channels at 20 kHz and 16 bits is 96 MB. More than twice that is a
# long-term recording; it would need several times its size in memory.
MAX_FILE_BYTES: Final = 200_000_000
# Far more than any EMG amplifier has: a larger count is a damaged or hostile header.
MAX_CHANNELS: Final = 512
MAX_SAMPLES: Final = MAX_FILE_BYTES // 2  # of all channels together: two bytes is the smallest sample


def megabytes(n_bytes: int) -> str:
    """Return a size as a person would say it.

    Examples
    --------
    >>> megabytes(250_000_000)
    '250 MB'
    """
    return f"{n_bytes / 1e6:.3g} MB" if n_bytes >= 100_000 else f"{n_bytes} bytes"


def checked_file(path: Path) -> Path:
    """Return `path` if it is a regular file of a size that can be read.

    A link is followed; devices, pipes and folders are refused, because opening them could block
    or never end.

    Raises
    ------
    FileFormatError
        If there is no such file, it is no regular file, it is empty, unreadable, or larger than
        `MAX_FILE_BYTES`.
    """
    try:
        status = path.stat()
    except FileNotFoundError as error:
        if path.is_symlink():
            raise FileFormatError(f"{path} is a link to a file that is not there.") from error
        raise FileFormatError(f"there is no file {path}. Check the spelling and the folder.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileFormatError(f"{str(path)!r} cannot be opened: {reason}.") from error
    if stat.S_ISDIR(status.st_mode):
        raise FileFormatError(f"{path} is a folder, not a recording. Use load_recordings to read a whole folder.")
    if not stat.S_ISREG(status.st_mode):
        raise FileFormatError(f"{path} is a device or a pipe, not a file; save the recording as a file first.")
    if status.st_size == 0:
        raise FileFormatError(f"{path.name} is empty (0 bytes). The export or the copy was probably interrupted.")
    if status.st_size > MAX_FILE_BYTES:
        raise FileFormatError(
            f"{path.name} is {megabytes(status.st_size)}; at most {megabytes(MAX_FILE_BYTES)} are read. "
            "Export only the stimulated part of the session, or split it by time."
        )
    if not os.access(path, os.R_OK):
        raise FileFormatError(f"{path.name} may not be read by this user; change its permissions.")
    return path


def checksum_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def require_count(name: str, n_channels: int, n_samples: int) -> None:
    """Refuse header counts that no recording of this size can have.

    Raises
    ------
    FileFormatError
        If a count is not positive, or beyond `MAX_CHANNELS` or `MAX_SAMPLES`.
    """
    if not 0 < n_channels <= MAX_CHANNELS:
        raise FileFormatError(
            f"{name}: the header announces {n_channels} channels; 1 to {MAX_CHANNELS} are possible. "
            "The header is damaged, or the file is not what its name says."
        )
    if not 0 < n_samples <= MAX_SAMPLES:
        raise FileFormatError(
            f"{name}: the header announces {n_samples} samples; 1 to {MAX_SAMPLES} are possible. "
            "The header is damaged, or the file holds no data."
        )
