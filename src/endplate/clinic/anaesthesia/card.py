"""Card: a neuromuscular block that lasts longer than it should, most of all at a lung biopsy, may be LEMS."""

from __future__ import annotations

from endplate.clinic.result import Result
from endplate.clinic.reviewing import review_limits

_STEPS = (
    "keep ventilated and sedated as needed; recovery is watched, not forced; no magnesium, no aminoglycoside",
    "ask: proximal weakness, dry mouth, smoking, weight loss, reflexes before; medicines of the operation",
    "train-of-four and compound muscle action potential at rest and after 10 s of effort once awake; skin warm",
    "P/Q calcium-channel antibody, and acetylcholine receptor antibody for myasthenia gravis",
    "cholinesterase activity and genotype where suxamethonium or mivacurium was given",
    "search for small-cell lung cancer where LEMS is likely; the biopsy of the day may hold the answer",
)


def prolonged_block_card() -> Result:
    """Return the card on an unexpected prolonged block.

    Examples
    --------
    >>> prolonged_block_card().verdict
    'think of LEMS'
    """
    return Result(
        rule="anaesthesia-prolonged-block", version="2026-11-21", title="Unexpected prolonged neuromuscular block",
        verdict="think of LEMS",
        statement=(
            "A block that lasts longer than expected, most of all after lung biopsy or mediastinoscopy, can be the "
            "first sign of LEMS: testing for it is an option before other explanations are accepted."
        ),
        because=(
            "3 of 4 respiratory complications among 37 persons fell on undiagnosed or untreated ones, after blockers",
            "a person without symptoms before mediastinoscopy stayed weak after a relaxant and had LEMS",
        ),
        sources=("Weingarten2014", "Lee2010Mediastinoscopy"), rows=("M123",), severity="critical", safety_class="A",
        limits=(
            "Other causes come first in number: dose, cold, electrolytes, slow cholinesterase, stroke.",
            "The steps are general knowledge: unverified.",
            *review_limits((), "A"),
        ),
        values={"steps": list(_STEPS)},
    )  # fmt: skip
