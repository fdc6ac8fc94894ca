"""Readability: the Flesch-Kincaid grade of English text, with syllables counted on the safe side.

A hyphenation dictionary misses syllables that no line may be broken at ("a-bout"), so the count of a
word is the larger of its hyphenation points and its groups of vowels: a grade is rather too high.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Final

from endplate.foundation.errors import InputError

LIMIT: Final = 8.0  # every text for patients
TARGET: Final = 6.0
_WORD: Final = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"')]*\s+|\n{2,}")
_SILENT: Final = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$")
_VOWELS: Final = re.compile(r"[aeiouy]+")


@functools.cache
def _dictionary() -> Any:
    try:
        import pyphen  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError(
            "the reading grade needs the package pyphen, which is not installed; "
            "install it with the extra clinic: pip install 'endplate[clinic]'."
        ) from error
    return pyphen.Pyphen(lang="en_US", left=1, right=1)


def syllables(word: str) -> int:
    """Return the syllables of one English word; capitals alone (LEMS) are read as a word.

    Examples
    --------
    >>> [syllables(word) for word in ("strength", "muscle", "antibody", "weaker", "tired")]
    [1, 2, 4, 2, 1]
    """
    lower = word.lower().replace("’", "'")
    by_breaks = len(_dictionary().positions(lower)) + 1
    by_vowels = len(_VOWELS.findall(_SILENT.sub("", lower))) or 1
    return max(by_breaks, by_vowels)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; an abbreviation with a stop inside ends none.

    Examples
    --------
    >>> sentences("Do you tire? Rest. Then try again.")
    ['Do you tire?', 'Rest.', 'Then try again.']
    """
    return [part for part in (one.strip() for one in _SENTENCE_END.split(text)) if _WORD.search(part)]


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: years of school that a reader needs.

    Raises
    ------
    InputError
        If the text holds no word, or the hyphenation dictionary is not installed.

    References
    ----------
    .. [1] Kincaid 1975, as usually given: 0.39 words/sentence + 11.8 syllables/word - 15.59.

    Examples
    --------
    >>> grade("Your legs may feel weak. They may get stronger after you use them.") < 4
    True
    """
    words = _WORD.findall(text)
    if not words:
        raise InputError("no word to read: the reading grade needs English text.")
    per_sentence = len(words) / len(sentences(text))
    per_word = sum(syllables(word) for word in words) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59
