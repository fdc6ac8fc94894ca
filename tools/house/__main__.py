"""Print every place that breaks a rule of the house; exit code 1 if there is one."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.house import leaks, long_modules, misused_kernels, words_of_causes

RULES = (long_modules, words_of_causes, misused_kernels, leaks)


def main() -> int:
    """Check the repository this file stands in."""
    root = Path(__file__).resolve().parents[2]
    broken = [str(place) for rule in RULES for place in rule(root)]
    for line in broken:
        print(line)
    print(f"Rules of the house: {len(RULES)} checked, {len(broken)} broken.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
