"""Random numbers as a function of (seed, what, who) and (object, draw): no hidden state.

Nothing here depends on order, threads, chunks or restarts: a draw is *counted*, never consumed.
"""

from endplate.foundation.random.streams import normal_quantiles, stream

__all__ = ["normal_quantiles", "stream"]
