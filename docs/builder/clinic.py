"""The clinic: its claims, its medicines, its hazards and the trace of its rows, from its own data."""

from __future__ import annotations

from pathlib import Path

from docs.builder.markdown import code, escaped, page, table
from endplate.clinic.knowledge.claims import claims
from endplate.clinic.knowledge.references import cited
from endplate.clinic.knowledge.rows import rows
from endplate.clinic.medicines import substances
from endplate.clinic.safety import hazards
from endplate.clinic.safety.trace import counts, trace

TESTS = Path(__file__).resolve().parents[2] / "tests"


def claims_page() -> str:
    """Return every claim with its stance, both texts and its sources."""
    parts = []
    for name, claim in claims().items():
        sources = [
            f"- {escaped(cited(one.id))} Says: {escaped(one.says)} (read: {one.checked})" for one in claim.sources
        ]
        refuted = f"**Refuted, not advice:** “{escaped(claim.refutes)}”\n\n" if claim.refutes else ""
        unverified = "**Unverified:** no source of it has been read for this text.\n\n" if claim.is_unverified else ""
        parts.append(
            f"## {name}: {escaped(rows()[name].title)}\n\n*{claim.stance}*, class {claim.safety_class}, holds: "
            f"{escaped(claim.jurisdiction)}. {escaped(claim.review_note)} Review due {claim.review_due}.\n\n{refuted}"
            f"{unverified}**For clinicians:** {escaped(claim.clinician)}\n\n"
            f"**For patients:** {escaped(claim.patient)}\n\n" + "\n".join(sources)
        )
    return page(
        "Claims of the clinic",
        "One claim per statement of the rows, with its stance: supported, qualified, contested, refuted or unknown. "
        "In the terminal: `endplate claims`. They are for clinicians to review; nothing here is a medical device.",
        *parts,
    )


def medicines_page() -> str:
    """Return every medicine with what it does in LEMS."""
    listed = sorted(substances(), key=lambda one: (one.group.name, one.name))
    return page(
        "Medicines of the clinic",
        "A: avoid. B: specialist decision and monitoring. C: caution. A star: the grade depends on the person, the "
        "route or what it is given for. Evidence: seen in LEMS, extrapolated from myasthenia gravis, or mechanism "
        "only. A medicine that is not here is unknown, and unknown is not safe. In the terminal: "
        "`endplate clinic medicines`. For clinicians to review; not a medical device, and no clinician has "
        "approved the wording yet.",
        table(
            ("Medicine", "Group", "Grade", "What may happen", "What can be done", "Evidence", "Support"),
            (
                (
                    code(one.name),
                    escaped(one.group.name),
                    escaped(f"{one.group.grade} *" if one.group.gradings else one.group.grade),
                    escaped(one.group.consequence),
                    escaped(one.group.action),
                    escaped(one.evidence),
                    one.group.support,
                )
                for one in listed
            ),
        ),
    )


def safety_page() -> str:
    """Return the register of hazards and the trace from rows to tests."""
    found = trace(TESTS)
    said = "; ".join(f"{number} {status}" for status, number in counts(found).items())
    return page(
        "Hazards, and the trace to tests",
        "Severity and probability are those before the control: a judgement of ours, reviewed by no clinician yet.",
        table(
            ("Id", "Hazard", "Harm", "Severity", "Probability", "Control", "Held by"),
            (
                (
                    one.id,
                    escaped(one.title),
                    escaped(one.harm),
                    one.severity,
                    one.probability,
                    escaped(one.control),
                    "waits for the site"
                    if one.waits
                    else ", ".join(code(test.rpartition("::")[2]) for test in one.tests),
                )
                for one in hazards().values()
            ),
        ),
        "## The trace",
        f"{len(found)} rows: {said}. A test file holds a row when it tests what embodies it: it imports the room of "
        "the rule or claim, or names the row. That is weaker than a test written for the row alone, so both are "
        "counted.",
        table(
            ("Row", "What", "Embodied by", "Test files", "Naming the row"),
            (
                (
                    one.row.id,
                    escaped(one.row.title),
                    escaped(", ".join(one.row.embodied_by)),
                    str(len(one.tests)),
                    str(len(one.tests_of_the_row)),
                )
                for one in found
            ),
            right=("Test files", "Naming the row"),
        ),
    )
