"""Fit each muscle's amplitude scale to its healthy amplitude (parameter ``<muscle>.cmap``) and print both.

``python studies/amplitude_scale.py [muscle ...]`` prints the line for parameters.toml; a scale near 1
says that the volume conductor needs no help.
"""

from __future__ import annotations

import sys

from endplate.body.muscle import describe, fit_amplitude_scale, muscles


def main(chosen: list[str]) -> None:
    for muscle in chosen or muscles():
        target = describe(muscle).cmap
        scale = fit_amplitude_scale(muscle, target)
        print(f"{muscle}: target {target:g} mV, amplitude_scale {scale:.3f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
