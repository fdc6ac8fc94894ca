"""Print the line ``amplitude_scale = ...`` of new muscles for parameters.toml.

    python studies/amplitude_scale.py MUSCLE [MUSCLE ...]

The calibration study owns the fit and writes it for every muscle; this only spares a new muscle the search.
"""

import sys

from calibrate import amplitude_line

for muscle in sys.argv[1:]:
    print(f"[{muscle}]\n{amplitude_line(muscle)}", flush=True)
