"""The end-plate: from quanta to potential."""

from endplate.body.junction.junction import (
    Junction,
    build_junction,
    endplate_potential,
    potential_course,
    quantal_size,
    receptors_left,
)

__all__ = ["Junction", "build_junction", "endplate_potential", "potential_course", "quantal_size", "receptors_left"]
