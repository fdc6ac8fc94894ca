"""Pairs: what two medicines mean together, by the label in force, with the other labels beside it."""

from __future__ import annotations

from endplate.clinic.medicines.catalogue import MEANS
from endplate.clinic.medicines.hazards import LIMIT, SEVERITY_OF, UNVERIFIED, SafetyClass, begun, medicine_input
from endplate.clinic.medicines.interactions import LABELS, Interaction, Pair, named_lists
from endplate.clinic.result import Result
from endplate.clinic.reviewing import review_limits


def pair_result(pair: Pair, label: str | None) -> Result:
    """Return the result of a pair: what the label in force says, and what the others say where they differ."""
    rule = pair.interaction
    names = list(pair.names)
    is_held = rule.holds_in(label)
    said_by = "/".join(rule.packs)
    held = f"{rule.title} ({names[0]} and {names[1]}): {_said(rule.verdict)}. {begun(rule.action)}."
    if is_held:
        statement = held if said_by == "international" else f"{said_by} label: {held}"
        verdict, severity = rule.verdict, SEVERITY_OF[rule.grade]
        views = tuple(rule.elsewhere.values())
    else:
        statement = rule.elsewhere.get(label or "", f"The {label} label has no rule for {names[0]} with {names[1]}.")
        verdict, severity = "not in this label", "caution" if rule.grade == "A" else "info"
        views = (f"{said_by} label: {held}",)
    because = [f"{names[0]} and {names[1]} are both taken or proposed"]
    if pair.basis is not None:
        named = named_lists()[rule.other[1]]
        because.append(f"on our list of {named.title}, version {named.version}; basis of this name: {pair.basis}")
    because.append(f"evidence: {rule.evidence} ({rule.where})")
    is_general = pair.basis == "general" or rule.support == "unverified"
    statement += " (unverified)" if is_general else ""
    safety_class: SafetyClass = "A" if rule.grade == "A" else "B"
    reviewers = _reviewers(pair)
    return Result(
        rule=rule.id, version=rule.version, title=rule.title, verdict=verdict, statement=statement,
        because=tuple(because), sources=rule.sources,
        inputs=(medicine_input(pair.one.medicine), medicine_input(pair.other.medicine)),
        support="unverified" if is_general else "proposal" if pair.basis == "review" else rule.support,
        limits=(*((UNVERIFIED,) if is_general else ()), LIMIT, *review_limits(reviewers, safety_class)),
        other_views=views, rows=rule.rows,
        severity=severity, safety_class=safety_class, reviewers=reviewers,
        jurisdiction=label or said_by,
        values={
            "kind": "interaction", "medicines": names, "grade": rule.grade if is_held else None, "packs": _packs(rule),
            "basis": pair.basis or "", "consequence": rule.consequence, "seriousness": rule.seriousness,
            "mechanism": rule.mechanism, "action": rule.action, "evidence": rule.evidence,
            "sources": list(rule.sources), "where": rule.where, "checked": rule.checked,
            "valid_from": rule.valid_from.isoformat(),
        },
    )  # fmt: skip


def _reviewers(pair: Pair) -> tuple[str, ...]:
    """Return who approved the rule; a rule that rests on a list of ours needs them for the list too."""
    if pair.basis is None:
        return pair.interaction.reviewers
    approved = named_lists()[pair.interaction.other[1]].reviewers
    return tuple(name for name in pair.interaction.reviewers if name in approved)


def _said(verdict: str) -> str:
    return f"{verdict}, {MEANS[verdict]}" if verdict in ("A", "B", "C") else verdict


def _packs(rule: Interaction) -> dict[str, str]:
    """Return what each label says of the pair, for a table of labels side by side."""
    return {label: rule.verdict if rule.holds_in(label) else rule.elsewhere.get(label, "no rule") for label in LABELS}
