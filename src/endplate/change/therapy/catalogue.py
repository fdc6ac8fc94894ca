"""The treatments by name."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType

from endplate.change.therapy import calcium_entry, esterase, potassium, relaxants, temperature
from endplate.change.therapy.treatment import Treatment


@functools.cache
def treatments() -> Mapping[str, Treatment]:
    """Return every treatment and hazard by its name, those that help first.

    Examples
    --------
    >>> list(treatments())[:2]
    ['amifampridine', 'pyridostigmine']
    >>> treatments()["amifampridine"].example
    'amifampridine:20mg,1h,slow,single'
    """
    listed = (
        Treatment(
            "amifampridine",
            "treatment",
            "closes part of the terminal's fast potassium channels: longer action potential, more calcium enters",
            potassium.amifampridine,
            (potassium.DOSE, potassium.SINCE, potassium.PER_DAY),
            (potassium.ACETYLATOR, potassium.REGIMEN),
            ("3,4-dap", "3,4-diaminopyridine", "dap", "firdapse"),
        ),
        Treatment(
            "pyridostigmine",
            "treatment",
            "inhibits acetylcholinesterase: acetylcholine stays longer at its receptors",
            esterase.pyridostigmine,
            (esterase.PYRIDOSTIGMINE_DOSE, esterase.PYRIDOSTIGMINE_SINCE),
            aliases=("mestinon",),
        ),
        Treatment(
            "neostigmine",
            "treatment",
            "inhibits acetylcholinesterase, given into a vein: acetylcholine stays longer at its receptors",
            esterase.neostigmine,
            (esterase.NEOSTIGMINE_DOSE, esterase.NEOSTIGMINE_SINCE),
        ),
        Treatment(
            "edrophonium",
            "test",
            "inhibits acetylcholinesterase for minutes: the edrophonium test",
            esterase.edrophonium,
            (esterase.EDROPHONIUM_DOSE, esterase.EDROPHONIUM_SINCE),
            aliases=("tensilon",),
        ),
        Treatment(
            "rocuronium",
            "hazard",
            "a competitive antagonist holds acetylcholine receptors",
            relaxants.rocuronium,
            (relaxants.ROCURONIUM_DOSE, relaxants.ROCURONIUM_SINCE),
        ),
        Treatment(
            "succinylcholine",
            "hazard",
            "an agonist holds acetylcholine receptors open, and they desensitise",
            relaxants.succinylcholine,
            (relaxants.SUCCINYLCHOLINE_DOSE, relaxants.SUCCINYLCHOLINE_SINCE),
            aliases=("suxamethonium",),
        ),
        Treatment(
            "aminoglycoside",
            "hazard",
            "lowers calcium entry into the terminal and blocks receptors",
            calcium_entry.aminoglycoside,
            (calcium_entry.AMINOGLYCOSIDE_DOSE, calcium_entry.AMINOGLYCOSIDE_SINCE),
            aliases=("gentamicin",),
        ),
        Treatment(
            "verapamil",
            "hazard",
            "blocks the L-type channels that stand in for lost ones, and a few others",
            calcium_entry.verapamil,
            (calcium_entry.VERAPAMIL_DOSE, calcium_entry.VERAPAMIL_SINCE),
        ),
        Treatment(
            "magnesium",
            "hazard",
            "magnesium sulphate into a vein competes with calcium at the terminal's channels",
            calcium_entry.magnesium,
            (calcium_entry.MAGNESIUM_DOSE, calcium_entry.MAGNESIUM_SINCE),
            aliases=("magnesium sulphate", "magnesium sulfate", "mgso4"),
        ),
        Treatment(
            "cooling", "condition", "a colder muscle: slower channels and conduction, less failure",
            temperature.cooling, (temperature.COOL_TO,), aliases=("cold",),
        ),
        Treatment(
            "warming", "condition", "a warmer muscle: faster channels and conduction, more failure",
            temperature.warming, (temperature.WARM_TO,), aliases=("warm",),
        ),
    )  # fmt: skip
    return MappingProxyType({treatment.name: treatment for treatment in listed})


def describe_treatments() -> dict[str, str]:
    """Return for each treatment one line: what it does, how to write it, which doses it takes.

    Examples
    --------
    >>> print(describe_treatments()["cooling"])
    a colder muscle: slower channels and conduction, less failure (also cold). Write cooling:26degC; 15 to 36 degC
    """
    lines = {}
    for name, treatment in treatments().items():
        parts = [f"{quantity.low:g} to {quantity.high:g} {quantity.unit}" for quantity in treatment.quantities]
        parts += [" or ".join(choice.options) for choice in treatment.choices]
        also = f" (also {', '.join(treatment.aliases)})" if treatment.aliases else ""
        lines[name] = f"{treatment.mechanism}{also}. Write {treatment.example}; {', '.join(parts)}"
    return lines
