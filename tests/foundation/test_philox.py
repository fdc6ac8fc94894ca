"""Philox against the vectors its authors published, and the streams built on it."""

import numpy as np
import pytest

from endplate.foundation.errors import InputError
from endplate.foundation.random import _kernels, stream

# kat_vectors of Random123, rows "philox4x32 10": counter, key, expected words
PUBLISHED = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def _integers(text):
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize("philox", [_kernels.philox, _kernels.philox.py_func], ids=["compiled", "interpreted"])
@pytest.mark.parametrize(("counter", "key", "expected"), PUBLISHED, ids=["zeros", "ones", "pi"])
def test_philox_gives_the_published_words(philox, counter, key, expected):
    low, high = _integers(key)
    words = philox(np.uint64(low | high << 32), *(np.uint64(word) for word in _integers(counter)))
    assert [int(word) for word in words] == _integers(expected)


def test_the_counter_is_object_draw_attempt():
    key, item, draw, attempt = np.uint64(99), 0x1234_5678_9ABC, 7, 3
    expected = _kernels.philox(key, *(np.uint64(part) for part in (0x5678_9ABC, 0x1234, draw, attempt)))
    assert _kernels.words(key, item, draw, attempt) == expected


def test_a_row_of_words_holds_what_each_object_would_draw():
    key, first = stream(3, "row"), 2**32 - 5  # crosses into the second counter word
    rows = np.empty((4, 12), dtype=np.uint32)
    _kernels.word_rows(key, first, 9, *rows)
    for j in range(12):
        assert tuple(int(word) for word in rows[:, j]) == _kernels.words(key, first + j, 9, 0)


def test_uniform_draws_never_reach_zero_or_one():
    ones, zeros = np.uint64(0xFFFFFFFF), np.uint64(0)
    for unit in (_kernels.unit_from_words, _kernels.unit_from_words.py_func):
        assert unit(ones, ones) == 1.0 - 2.0**-53
        assert unit(zeros, zeros) == 2.0**-53


def test_streams_differ_in_every_argument():
    keys = {
        int(key)
        for key in (
            stream(1),
            stream(2),
            stream(-1),
            stream(1, "a"),
            stream(1, "b"),
            stream(1, "a", "b"),
            stream(1, "b", "a"),
            stream(1, "ab"),
            stream(1, 1),
            stream(1, "1"),
            stream(11),
        )
    }
    assert len(keys) == 11


def test_a_stream_is_the_same_for_every_kind_of_whole_number():
    assert int(stream(np.int64(5), "unit", np.uint8(3))) == int(stream(5, "unit", 3))


@pytest.mark.parametrize(("seed", "name"), [(1.5, "a"), ("1", "a"), (None, "a"), (1, 0.5), (1, None)], ids=repr)
def test_a_stream_refuses_what_is_no_seed_or_name(seed, name):
    with pytest.raises(InputError, match="must be a whole number, got"):
        stream(seed, name)
