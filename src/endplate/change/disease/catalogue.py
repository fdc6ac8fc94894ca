"""The diseases by name, as a person's file and the documentation use them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from endplate.body.person import Person
from endplate.change.disease.postsynaptic import mg
from endplate.change.disease.presynaptic import botulism, lems, magnesium_excess


@dataclass(frozen=True, slots=True)
class Disease:
    """One disease: the function that applies it, and what each of its settings means.

    The first setting is the one that must be given; the others have defaults.
    """

    name: str
    apply: Callable[..., Person]
    settings: Mapping[str, str]

    @property
    def required(self) -> str:
        """Name of the setting without a default."""
        return next(iter(self.settings))


DISEASES: Final[dict[str, Disease]] = {
    disease.name: disease
    for disease in (
        Disease(
            "lems",
            lems,
            {
                "channel_fraction": "P/Q-type calcium channels left, 0 to 1",
                "l_type_compensation": "share of the lost channels that L-type channels replace, 0 to 1",
                "zone_disorganisation": "0 = ordered active zones, 1 = scattered",
            },
        ),
        Disease(
            "mg",
            mg,
            {
                "receptor_fraction": "acetylcholine receptors left, 0 to 1",
                "homeostatic_release": "true, false, or the factor on docked vesicles, 1 to 2",
            },
        ),
        Disease("botulism", botulism, {"release_machinery": "docked vesicles with intact release machinery, 0 to 1"}),
        Disease("magnesium", magnesium_excess, {"serum_mmolar": "total magnesium in serum, mmol/L (normal about 0.8)"}),
    )
}
