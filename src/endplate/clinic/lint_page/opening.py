"""Opening: a file becomes a page, or one sentence says why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from endplate.clinic.lint_page.html_reader import read_html
from endplate.clinic.lint_page.page import Page
from endplate.clinic.lint_page.text_reader import read_text
from endplate.foundation.errors import FileFormatError

SUFFIXES: Final = (".html", ".htm", ".xhtml", ".txt", ".md")
_TEXT_SUFFIXES: Final = (".txt", ".md")
LARGEST_BYTES: Final = 4_000_000  # a page that people read is far below a tenth of it
_MARKUP: Final = re.compile(r"<(?:!doctype|html|head|body|h[1-6]|p|div|ul|ol|li|section|article|main|span)\b", re.I)
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I)
_KNOWN_CHARSETS: Final = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "cp1252",
    "latin-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252",
}  # fmt: skip
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def page_of(name: str, content: bytes) -> Page:
    r"""Return the page that bytes hold; a name that ends with .txt or .md is text unless it begins with a tag.

    Raises
    ------
    FileFormatError
        If the file is empty, too large, binary, or not in the encoding that it states (UTF-8 where it
        states none).

    Examples
    --------
    >>> page_of("page.txt", b"PK\x03\x04")
    Traceback (most recent call last):
    endplate.foundation.errors.FileFormatError: page.txt: no text (byte 0x03 at place 2); save it as HTML or as text.
    """
    if len(content) > LARGEST_BYTES:
        raise FileFormatError(
            f"{name}: {len(content):,} bytes, at most {LARGEST_BYTES:,}. That is no page that people read; "
            "give the page without the pictures and data inside it."
        )
    text = _decoded(name, content)
    if control := _CONTROLS.search(text):
        raise FileFormatError(
            f"{name}: no text (byte 0x{ord(control.group()):02x} at place {control.start()}); "
            "save it as HTML or as text."
        )
    is_named_text = Path(name).suffix.lower() in _TEXT_SUFFIXES and not text.lstrip().startswith("<")
    page = read_html(name, text) if _MARKUP.search(text) and not is_named_text else read_text(name, text)
    if not any(block.text for block in page.blocks):
        raise FileFormatError(f"{name}: no text to read. An empty page is not a clean one; give the finished page.")
    return page


def _decoded(name: str, content: bytes) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "")
    stated = _CHARSET.search(content[:4096])
    if not encoding and stated:
        word = stated.group(1).decode("ascii", "replace").lower()
        encoding = _KNOWN_CHARSETS.get(word, "")
        if not encoding:
            raise FileFormatError(f"{name}: the page states the encoding {word!r}; save it as UTF-8, and state that.")
    encoding = encoding or "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileFormatError(
            f"{name}: not {encoding.upper()} at byte {error.start} (0x{content[error.start]:02x}). "
            "It was probably saved in another encoding, such as Windows-1252; save it as UTF-8."
        ) from error


def pages_under(path: Path) -> list[Path]:
    """Return the file itself, or every page under a folder, in order of name; links to folders are not followed.

    Raises
    ------
    FileFormatError
        If there is nothing at the path, or no page under the folder.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileFormatError(f"{path}: there is no such file or folder. Give a page or a folder with pages.")
    found = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file())
    if not found:
        raise FileFormatError(f"{path}: no page in this folder; pages end with {', '.join(SUFFIXES)}.")
    return found
