"""Rules of the house that no general linter knows; ``python -m tools.house`` checks them all.

Each rule is a function from a repository's root to the places that break it.
"""

from tools.house.kernels import misused_kernels
from tools.house.leaks import leaks
from tools.house.sizes import long_modules
from tools.house.words import words_of_causes

__all__ = ["leaks", "long_modules", "misused_kernels", "words_of_causes"]
