"""What age and height do to nerve and muscle: factors that the muscle room multiplies with its own table."""

from __future__ import annotations

from endplate.foundation.errors import require_between
from endplate.foundation.parameters import values_of

ROOM = "body/person"


def nerve_length_scale(*, height_cm: float) -> float:
    """Return the length of limb nerves over that of a person of reference height (170 cm).

    Limb length is taken as proportional to stature; the sexes do not differ beyond it.

    Examples
    --------
    >>> nerve_length_scale(height_cm=170.0)
    1.0
    >>> nerve_length_scale(height_cm=187.0)
    1.1
    """
    height = require_between("height_cm", height_cm, 40, 230, "Height is in centimetres: 1.70 m is 170.")
    return height / values_of(ROOM)["reference_height_cm"]


def motor_unit_fraction(*, age_y: float) -> float:
    """Return the number of motor units over that of a young adult.

    One up to the age at which loss begins, then a straight line through the published value at
    71 years, and never below the floor.

    Notes
    -----
    Cross-sectional counts of small and distal muscles; large proximal muscles may lose fewer.
    Limit: children have the young adult's number.

    References
    ----------
    .. [1] Piasecki2016: about 40 % fewer at about 71 years; McNeil2005: 150, 91 and 59 units in
       tibialis anterior at about 25, 65 and over 80 years.

    Examples
    --------
    >>> motor_unit_fraction(age_y=25)
    1.0
    >>> round(motor_unit_fraction(age_y=71), 3)
    0.6
    """
    age = require_between("age_y", age_y, 0, 110, "Age is in years.")
    table = values_of(ROOM)
    onset, late = table["motor_unit_loss_onset_y"], table["motor_unit_loss_reference_y"]
    lost_per_year = (1.0 - table["motor_unit_fraction_late"]) / (late - onset)
    return max(table["motor_unit_fraction_floor"], 1.0 - lost_per_year * max(0.0, age - onset))
