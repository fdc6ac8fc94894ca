"""Reports: one self-contained page with its pictures and tables, and the same for machines."""

from endplate.report.folder import check_folder
from endplate.report.machine import as_json, schema
from endplate.report.write import compare_report, write_report

__all__ = ["as_json", "check_folder", "compare_report", "schema", "write_report"]
