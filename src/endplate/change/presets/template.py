"""A person's file to start from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from endplate.foundation.errors import OutputError

TEMPLATE: Final = """\
# A person for endplate. Every line is optional; what is left out is as in health.
# Use it as: endplate exam {file}

name = {name}
age_y = 58            # years
sex = "female"        # female or male
height_cm = 168
weight_kg = 64
seed = 7              # the same seed gives the same anatomy

# Either a person that ships (healthy, lems, lems-mild, mg, ...):
# preset = "lems"

# What is given acts on top of everything below:
# treatments = ["amifampridine:20mg,slow,single,1h"]

# or a disease with its own numbers (fractions, not percent):
[disease.lems]
channel_fraction = 0.5         # calcium channels left
l_type_compensation = 0.0      # share of the lost channels that L-type channels replace
zone_disorganisation = 0.0     # 0 = ordered active zones, 1 = scattered

# [disease.mg]
# receptor_fraction = 0.4      # acetylcholine receptors left
# homeostatic_release = true   # the terminal docks more vesicles in answer

# [disease.botulism]
# release_machinery = 0.2

# [disease.magnesium]
# serum_mmolar = 4.0

# Any lever by hand, for all muscles or for one:
# [levers]
# temperature_degc = 33.0

# [muscles.adm.levers]
# pq_channel_fraction = 0.6
"""


def write_person_template(path: Path | str) -> Path:
    """Write a person's file with every key explained, and return its path.

    Raises
    ------
    OutputError
        If the file exists already or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from endplate.change.presets import person
    >>> with TemporaryDirectory() as folder:
    ...     person(write_person_template(Path(folder) / "anna.toml")).levers.pq_channel_fraction
    0.5
    """
    file = Path(path)
    if file.suffix.lower() != ".toml":
        file = file.with_name(f"{file.name}.toml")
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(TEMPLATE.format(file=file.name, name=json.dumps(file.stem, ensure_ascii=False)))
    except FileExistsError as error:
        raise OutputError(f"{file} exists already and is not overwritten. Choose another name.") from error
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}. Choose another folder.") from error
    return file
