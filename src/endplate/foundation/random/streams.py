"""Keys of random streams, and the table behind fast normal draws."""

from __future__ import annotations

import functools
import hashlib

import numpy as np
from numpy.typing import NDArray

TABLE_BITS = 12


def stream(seed: int, *what: str | int) -> np.uint64:
    """Return the 64-bit Philox key of one stream.

    Parameters
    ----------
    seed
        The person's or the study's seed, any integer.
    what
        Names that tell this stream from every other one: room, purpose, muscle.

    Examples
    --------
    >>> stream(1, "terminal", "adm") == stream(1, "terminal", "adm")
    True
    >>> stream(1, "terminal") == stream(2, "terminal")
    False
    """
    text = "\x1f".join([str(int(seed)), *(f"{type(part).__name__}:{part}" for part in what)])
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


@functools.cache
def normal_quantiles() -> NDArray[np.float64]:
    """Return 2**12 + 1 knots of the standard normal quantile for :func:`normal_fast`.

    The two outermost cells hold the mean of their tail, so the table's draws have variance
    one within 2e-4 and a largest size of about 3.7; use `normal` where tails matter.
    """
    from scipy.special import ndtri

    cells = 2**TABLE_BITS
    knots = np.asarray(ndtri(np.arange(1, cells) / cells))
    # mean of the normal beyond the last knot is phi(z)/tail; the end knot makes the cell average equal it
    tail_mean = np.exp(-0.5 * knots[-1] ** 2) / np.sqrt(2 * np.pi) * cells
    end = 2 * tail_mean - knots[-1]
    return np.concatenate([[-end], knots, [end]])
