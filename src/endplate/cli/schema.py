"""`endplate schema`: the JSON Schema of every ``--json``."""

from __future__ import annotations

import sys
from typing import Final

EPILOG: Final = "Example:\n\nendplate schema > report.schema.json"


def schema() -> None:
    """Print the JSON Schema that the output of exam, measure, compare and run --json fits."""
    from endplate.report.machine import schema_text

    sys.stdout.write(schema_text())
