"""The JSON Schema of a report, as tables."""

from __future__ import annotations

from typing import Any

from docs.builder.markdown import code, escaped, page, slug, table
from endplate.report import schema


def _kind(item: dict[str, Any]) -> str:
    if "$ref" in item:
        name = str(item["$ref"]).rpartition("/")[2]
        return f"[{name}](#schema-{slug(name)})"
    if "const" in item:
        return code(repr(item["const"]))
    if "enum" in item:
        return ", ".join(code(value) for value in item["enum"])
    for word in ("anyOf", "oneOf"):
        if word in item:
            return " or ".join(_kind(option) for option in item[word])
    kind = item.get("type", "")
    kinds = kind if isinstance(kind, list) else [kind]
    if "array" in kinds and isinstance(item.get("items"), dict):
        others = [k for k in kinds if k != "array"]
        return " or ".join([f"list of {_kind(item['items'])}", *others])
    if "object" in kinds and isinstance(item.get("additionalProperties"), dict):
        return f"object of {_kind(item['additionalProperties'])}"
    return " or ".join(kinds)


def _rows(definition: dict[str, Any]) -> str:
    if "properties" not in definition:
        return f"{_kind(definition)}. {escaped(definition.get('description', ''))}"
    needed = set(definition.get("required", ()))
    return table(
        ("Key", "Type", "Meaning"),
        (
            (
                code(key) + ("" if key in needed else " (may be absent)"),
                _kind(item),
                escaped(item.get("description", "")),
            )
            for key, item in definition["properties"].items()
        ),
    )


def schema_page() -> str:
    """Return the schema as one table per object."""
    whole = schema()
    parts = [_rows(whole)]
    for name, definition in whole.get("$defs", {}).items():
        parts.append(f"(schema-{slug(name)})=\n## {code(name)}\n\n{_rows(definition)}")
    return page(
        "JSON of a report",
        "`report.json` in a report folder and the `--json` of `exam`, `measure`, `compare` and `run` fit one JSON "
        f"Schema (2020-12), `{whole['$id']}`. `endplate schema` prints it, and it stands beside each report as "
        "`report.schema.json`. " + escaped(whole.get("description", "")),
        *parts,
    )
