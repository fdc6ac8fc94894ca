"""The bibliography, from the references.json of every room."""

from __future__ import annotations

from typing import Any

from docs.builder.markdown import escaped, page, slug
from endplate.foundation.parameters import parameters_of, references, rooms


def anchor(key: str) -> str:
    """Return the label of one reference."""
    return f"ref-{slug(key)}"


def link(key: str) -> str:
    """Return a link to one reference, or the text itself where it is a study of ours."""
    if key in references():
        return f"[{key}](#{anchor(key)})"
    return f"`{key}`" if key else ""


def _names(item: dict[str, Any]) -> str:
    authors = [f"{a.get('family', a.get('literal', ''))} {a.get('given', '')}".strip() for a in item.get("author", ())]
    if len(authors) > 6:
        authors = [*authors[:6], "et al."]
    return ", ".join(authors)


def entry(key: str, item: dict[str, Any]) -> str:
    """Return one reference as a paragraph with its label."""
    year = item.get("issued", {}).get("date-parts", [["n.d."]])[0][0]
    where = ", ".join(str(item[part]) for part in ("container-title", "publisher", "volume", "page") if item.get(part))
    parts = [f"**{escaped(key)}.** {escaped(_names(item))} ({year}). {escaped(item.get('title', ''))}."]
    if where:
        parts.append(f"*{escaped(where)}*.")
    if item.get("DOI"):
        parts.append(f"[doi:{escaped(item['DOI'])}](https://doi.org/{item['DOI']})")
    elif item.get("URL"):
        parts.append(f"<{item['URL']}>")
    return f"({anchor(key)})=\n{' '.join(parts)}\n"


def bibliography() -> str:
    """Return the page of all references with the rooms that use each for a parameter."""
    used: dict[str, set[str]] = {}
    for room in rooms():
        for parameter in parameters_of(room).values():
            used.setdefault(parameter.source, set()).add(room)
    lines = []
    for key, item in sorted(references().items(), key=lambda pair: pair[0].lower()):
        rooms_of = ", ".join(sorted(used.get(key, ())))
        lines.append(entry(key, item) + (f"Parameters of: {rooms_of}.\n" if rooms_of else ""))
    return page(
        "Bibliography",
        "Every source that a parameter, a rule or a reference set names. How each was read stands beside the number it "
        "supports (`checked`: paper, abstract or none). *None* means general knowledge of the literature: the "
        "direction is safe, the second digit is not.",
        "\n".join(lines),
    )
