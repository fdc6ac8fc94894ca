"""Make the table of lead fields that the muscle room ships: src/endplate/body/muscle/lead_field.npz.

Run it again after any change of a limb's measures, an electrode's radius or a conductivity:
``python studies/lead_field.py`` (about two minutes on one core); name muscles to renew only those.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from endplate.body.muscle.catalogue import describe, muscles
from endplate.body.muscle.lead_table import TABLE_PATH, compute_table, geometry


def main(chosen: list[str]) -> None:
    tables: dict[str, np.ndarray] = {}
    if TABLE_PATH.is_file():
        with np.load(TABLE_PATH) as file:
            tables = {name: file[name] for name in file.files}
    known = {name for muscle in muscles() for name in (muscle, f"{muscle}.geometry")}
    tables = {name: table for name, table in tables.items() if name in known}
    for muscle in chosen or muscles():
        description, start = describe(muscle), time.perf_counter()
        tables[muscle] = compute_table(description)
        tables[f"{muscle}.geometry"] = geometry(description)
        print(f"{muscle}: {tables[muscle].shape} in {time.perf_counter() - start:.1f} s", flush=True)
    np.savez_compressed(TABLE_PATH, **dict(sorted(tables.items())))
    print(f"{TABLE_PATH.name}: {TABLE_PATH.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
