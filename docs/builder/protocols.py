"""The built-in protocols, step by step."""

from __future__ import annotations

from docs.builder.markdown import code, escaped, number, page, slug, table
from endplate.exam.protocols import Protocol, Step, describe_protocols


def _what(step: Step) -> str:
    pause = f"after {number(step.delay_s)} s " if step.delay_s else ""
    if step.do == "rest":
        return f"rest {number(step.seconds + step.delay_s)} s"
    if step.do == "effort":
        return f"{pause}effort at {100 * step.fraction:g} % for {number(step.seconds)} s"
    if step.count == 1:
        return f"{pause}one stimulus"
    scatter = f", intervals scatter by {100 * step.jitter:g} %" if step.jitter else ""
    return f"{pause}{step.count} stimuli at {step.rate_hz:g} Hz{scatter}"


def _section(name: str, protocol: Protocol) -> str:
    minutes = protocol.duration_s / 60.0
    muscles = ", ".join(code(muscle) for muscle in protocol.muscles) or "any"
    needle = f" {protocol.endplates} end-plates." if protocol.endplates else ""
    steps = table(
        ("Step", "What", "Read", "Role"),
        (
            (escaped(s.name or "–"), escaped(_what(s)), "yes" if s.read and s.do != "rest" else "–", s.role)
            for s in protocol.steps
        ),
    )
    parts = [
        f"(protocol-{slug(name)})=\n## {code(name)}",
        f"**{escaped(protocol.title)}.** {escaped(protocol.purpose)}",
        f"*What it asks of a person:* {protocol.n_stimuli} stimuli in {minutes:.1f} min. {escaped(protocol.pain)}",
        f"*Recording:* {protocol.electrode}, {protocol.stimulation} stimulation, {number(protocol.highpass_hz)} Hz to "
        f"{number(protocol.lowpass_hz)} Hz, {number(protocol.sampling_hz / 1000)} kHz, sweeps from "
        f"{number(protocol.window_ms[0])} to {number(protocol.window_ms[1])} ms.{needle} Usual muscles: {muscles}.",
        f"*Basis:* {escaped(protocol.source)}." if protocol.source else "",
        steps,
    ]
    if protocol.variants:
        parts.append(
            "Carried out once for each of these:\n\n"
            + table(("Variant", "What is different"), ((escaped(v.name), escaped(v.note)) for v in protocol.variants))
        )
    return "\n\n".join(part for part in parts if part)


def protocols_page() -> str:
    """Return every built-in protocol."""
    return page(
        "Protocols",
        "Each protocol is one TOML file in `src/endplate/exam/protocols/`. "
        "[Write your own](../../howto/write-a-protocol.md) in the same shape. In the terminal: `endplate protocols`.",
        *(_section(name, protocol) for name, protocol in describe_protocols().items()),
    )
