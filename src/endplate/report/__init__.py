"""Reports: one self-contained page with its pictures and tables, and the same for machines.

What draws is loaded when it is first named, so that a page of the clinic does not wait for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from endplate.report.folder import check_folder
    from endplate.report.machine import as_json, schema
    from endplate.report.write import compare_report, write_report

_MODULE_OF: Final = {
    "as_json": "machine",
    "check_folder": "folder",
    "compare_report": "write",
    "schema": "machine",
    "write_report": "write",
}

__all__ = ["as_json", "check_folder", "compare_report", "schema", "write_report"]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)
