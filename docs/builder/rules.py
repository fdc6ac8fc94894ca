"""Rules and reference sets, as they are judged."""

from __future__ import annotations

from docs.builder.markdown import code, escaped, page, shown_unit, slug, table
from docs.builder.references import link
from endplate.foundation.rules import reference_sets, rules

_SIGNS = {">=": "≥", "<=": "≤"}


def rules_page() -> str:
    """Return every rule with all its dated versions."""
    parts = []
    for key, rule in rules().items():
        rates = f", at {rule.rates_hz[0]:g} to {rule.rates_hz[1]:g} Hz" if rule.rates_hz else ""
        reviewer = rule.reviewer or "nobody has yet"
        versions = table(
            ("Version", "In force from", "Holds when", "Source", "Place", "Read"),
            (
                (
                    escaped(v.version),
                    str(v.valid_from),
                    f"{v.threshold} to {v.upper} {shown_unit(rule.unit)}"
                    if v.upper is not None
                    else escaped(f"{_SIGNS.get(v.operator, v.operator)} {v.threshold} {shown_unit(rule.unit)}"),
                    link(v.source),
                    escaped(v.where) + (f" — {escaped(v.note)}" if v.note else ""),
                    v.checked,
                )
                for v in rule.versions
            ),
        )
        parts.append(
            f"## {code(key)}\n\nReads the {escaped(rule.reads)} ({shown_unit(rule.unit)}{rates}). Where it holds, it "
            f"supports: *{escaped(rule.claim)}*. Kind of finding: {rule.kind}. Wording approved by: {reviewer}.\n\n"
            + versions
        )
    return page(
        "Rules",
        "A rule reads one number. Its verdict is *supports*, *does not support* or *cannot tell*, never a diagnosis. "
        "Amplitudes are rounded half-even to 0.01 mV, percentages are compared exactly, and ≥ is not >. The version "
        "that was in force on the day of the study is used. In the terminal: `endplate rules`.",
        *parts,
    )


def sets_page() -> str:
    """Return every reference set with its limits."""
    parts = []
    for name, one in reference_sets().items():
        keys = list(dict.fromkeys(key for limits in one.limits.values() for key in limits))
        limits = table(
            ("Muscle", *(key.replace("_", ", ") for key in keys)),
            ((escaped(m), *(str(found.get(key, "–")) for key in keys)) for m, found in one.limits.items()),
        )
        note = f" {escaped(one.note)}." if one.note else ""
        parts.append(
            f"(set-{slug(name)})=\n## {code(name)}\n\n{escaped(one.title)}: {one.quantity} in {shown_unit(one.unit)}, "
            f"{one.electrode} electrode. Source: {link(one.source)}, {escaped(one.where)} (read: {one.checked}).{note}"
            f"\n\n{limits}"
        )
    return page(
        "Reference sets",
        "A reference set is a laboratory's or a publication's normal limits. It is used whole or not at all: limits of "
        "two sets are never mixed. A muscle without a limit gives *cannot tell*. Without `--reference-set` no limit of "
        "amplitude is applied, because amplitudes depend on the laboratory. In the terminal: "
        "`endplate reference-sets`.",
        *parts,
    )
