"""The muscle fibre at its end-plate: threshold, firing, time to threshold."""

from endplate.body.fibre.fibre import Fibres, build_fibres, fire

__all__ = ["Fibres", "build_fibres", "fire"]
