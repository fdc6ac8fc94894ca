"""The stored comparison of the fast engine with particles over the whole grid."""

import json
from pathlib import Path

import numpy as np

from studies import activezone_grid as grid

STORED = json.loads((Path(grid.__file__).parent / "activezone_grid.json").read_text(encoding="utf-8"))
ROWS = [grid.Difference(**row) for row in STORED["differences"]]


def test_the_stored_grid_is_of_the_conditions_in_the_study():
    assert list(dict.fromkeys(row.condition for row in ROWS)) == [condition.name for condition in grid.GRID]


def test_no_more_quantities_leave_a_tenth_and_two_errors_than_chance_lets():
    # two-sided normal errors leave two deviations in 4.6 % of rows; rows of one condition are correlated
    outside = [row for row in ROWS if not row.is_within]
    assert len(outside) < 0.07 * len(ROWS)
    far = [row for row in outside if abs(row.fast - row.particles) > 4.5 * row.standard_error]
    assert not [row for row in far if abs(row.relative) > 0.15]


def test_the_mean_of_the_largest_bound_is_within_a_tenth_everywhere():
    main = [row for row in ROWS if row.quantity == "largest bound"]
    for row in main:
        assert abs(row.fast - row.particles) < max(0.1 * row.particles, 2.5 * row.standard_error), row
    # and over all conditions together, where single errors average out
    weights = np.array([(row.particles / max(row.standard_error, 1e-9)) ** 2 for row in main])
    together = float((weights * np.array([row.relative for row in main])).sum() / weights.sum())
    assert abs(together) < 0.03


def test_the_table_has_one_line_for_each_condition():
    text = grid.as_markdown(ROWS, "a test")
    assert all(f"| {condition.name} |" in text for condition in grid.GRID)


def test_the_worst_row_is_the_one_furthest_beyond_its_allowance():
    near = grid.Difference("a", "b", 1.0, 1.05, 0.01)
    far = grid.Difference("a", "c", 1.0, 1.2, 0.01)
    assert grid.worst([near, far]) is far
    assert near.is_within
    assert not far.is_within
