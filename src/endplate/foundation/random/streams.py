"""Keys of random streams, and the table behind fast normal draws."""

from __future__ import annotations

import functools
import hashlib
import math
import operator
import statistics

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import InputError

TABLE_BITS = 12


def _whole(name: str, number: object) -> int:
    try:
        return operator.index(number)  # type: ignore[arg-type]  # it refuses what is no integer
    except TypeError:
        raise InputError(f"{name} must be a whole number, got {number!r}.") from None


def stream(seed: int, *what: str | int) -> np.uint64:
    """Return the 64-bit Philox key of one stream.

    Parameters
    ----------
    seed
        The person's or the study's seed, any integer of any size.
    what
        Names and whole numbers that tell this stream from every other one: room, purpose, muscle.

    Returns
    -------
    numpy.uint64
        Hash of all arguments; the same on every machine.

    Raises
    ------
    InputError
        If the seed is no whole number, or a name is neither text nor a whole number.

    Examples
    --------
    >>> int(stream(1, "terminal", "adm")) == int(stream(1, "terminal", "adm"))
    True
    >>> int(stream(1, "terminal")) == int(stream(2, "terminal"))
    False
    """
    names = [f"str:{part}" if isinstance(part, str) else f"int:{_whole('a stream name', part)}" for part in what]
    text = "\x1f".join([str(_whole("seed", seed)), *names])
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


@functools.cache
def normal_quantiles() -> NDArray[np.float64]:
    """Return the knots of the standard normal quantile that the kernel ``normal_fast`` draws from.

    Returns
    -------
    numpy.ndarray
        (2**12 + 1,), float64, read-only. [1]

    Notes
    -----
    The outermost cells hold the mean of their tail, so the table's draws have mean zero, variance
    one within 2e-4 and a largest size of about 4.0; use ``normal`` where tails matter.

    Examples
    --------
    >>> normal_quantiles()[[0, 1024, 2048, 3072, 4096]].round(3)
    array([-3.991, -0.674,  0.   ,  0.674,  3.991])
    """
    cells = 2**TABLE_BITS
    standard = statistics.NormalDist()
    upper = [standard.inv_cdf(cell / cells) for cell in range(cells // 2 + 1, cells)]
    # mean of the normal beyond the last knot is phi(z)/tail; the end knot makes the cell average equal it
    tail_mean = math.exp(-0.5 * upper[-1] ** 2) / math.sqrt(2 * math.pi) * cells
    upper.append(2 * tail_mean - upper[-1])
    table = np.array([*(-knot for knot in reversed(upper)), 0.0, *upper])
    table.flags.writeable = False  # one cached array for every caller
    return table
