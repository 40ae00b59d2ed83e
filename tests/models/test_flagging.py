"""The flag rule, worked by hand and as properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.models.flagging import flag
from riskaudit.scenario import FlagRule

SCORES = np.array([0.9, 0.5, 0.5, 0.5, 0.1, 0.95, 0.5, 0.5])
IN_TEST = np.array([True, True, True, True, True, False, False, False])
DRAWS = np.array([0, 7, 2, 5, 1, 3, 4, 6])


@pytest.mark.parametrize(
    ("rule", "flagged", "threshold", "ties", "ties_flagged", "places_left"),
    [
        (FlagRule(count=1), "f....f..", 0.9, 1, 1, 0),
        (FlagRule(count=2), "f.f..f..", 0.5, 3, 1, 0),  # of three ties the lowest draw, 2, goes first
        (FlagRule(count=3), "f.ff.ff.", 0.5, 3, 2, 0),  # now draws to 5: the train family with draw 4 is in as well
        (FlagRule(count=99), "ffffffff", 0.1, 1, 1, 94),  # five families are kept out of fitting
        (FlagRule(share=0.6), "f.ff.ff.", 0.5, 3, 2, 0),
        (FlagRule(share=0.05), "........", None, 0, 0, 0),  # a twentieth of five families is nobody
        (FlagRule(per_month=1, months=3), "f.ff.ff.", 0.5, 3, 2, 0),
        (FlagRule(per_month=1), "ffffffff", 0.1, 1, 1, 7),  # twelve months
        (FlagRule(score=0.5), "ffff.fff", 0.5, 3, 3, None),
        (FlagRule(score=0.7), "f....f..", 0.7, 0, 0, None),
        (FlagRule(score=0.0), "ffffffff", 0.0, 0, 0, None),
        # of five test families one scores lower than 0.5 and four lower than 0.9: bands 5 and 17 are the highest they reach
        (FlagRule(band=5), "ffff.fff", 0.5, 3, 3, None),
        (FlagRule(band=6), "f....f..", 0.9, 1, 1, None),
        (FlagRule(band=17), "f....f..", 0.9, 1, 1, None),
        (FlagRule(band=18), ".....f..", 0.95, 0, 0, None),  # only a train family scores above every test family
        (FlagRule(band=1), "ffffffff", 0.1, 1, 1, None),
    ],
)
def test_the_rule_worked_by_hand(rule, flagged, threshold, ties, ties_flagged, places_left):
    found = flag(SCORES, IN_TEST, DRAWS, rule)
    assert "".join(np.where(found.flagged, "f", ".")) == flagged
    assert (found.threshold, found.ties, found.ties_flagged) == (threshold, ties, ties_flagged)
    assert found.places_left == places_left


@pytest.mark.parametrize(
    ("rule", "flagged", "places_left"),
    [
        (FlagRule(count=3), "f.f..f", 1),
        (FlagRule(share=0.99), "f.f..f", 2),
        (FlagRule(count=1), "f.....", 0),  # the train family ties, with a higher draw
        (FlagRule(score=0.0), "f.f..f", None),
        (FlagRule(band=1), "f.f..f", None),
    ],
)
def test_where_zero_means_nothing_found_places_stay_empty_rather_than_go_by_lot(rule, flagged, places_left):
    scores, in_test = np.array([0.9, 0.0, 0.5, 0.0, 0.0, 0.9]), np.array([True, True, True, True, False, False])
    found = flag(scores, in_test, np.arange(6), rule, zero_too=False)
    assert "".join(np.where(found.flagged, "f", ".")) == flagged
    assert found.places_left == places_left


def test_nobody_is_flagged_and_no_line_is_named_where_everybody_scores_zero():
    found = flag(np.zeros(4), np.array([True, True, True, False]), np.arange(4), FlagRule(count=2), zero_too=False)
    assert (found.flagged.any(), found.threshold, found.places_left) == (False, None, 2)


@st.composite
def _families(draw):
    size = draw(st.integers(2, 60))
    scores = draw(st.lists(st.sampled_from([0.0, 0.2, 0.25, 0.7, 1.0]), min_size=size, max_size=size))
    tests = draw(st.integers(1, size))
    return np.array(scores), np.arange(size) < tests, np.array(draw(st.permutations(range(size))))


@given(_families(), st.integers(1, 80))
def test_a_count_flags_exactly_so_many_test_families_and_never_a_lower_score_before_a_higher(families, count):
    scores, in_test, draws = families
    flagged = flag(scores, in_test, draws, FlagRule(count=count)).flagged
    assert flagged[in_test].sum() == min(count, in_test.sum())
    assert scores[flagged].min() >= scores[~flagged].max(initial=0)


@given(_families(), st.floats(0.01, 0.99))
def test_a_share_flags_the_nearest_whole_number_of_test_families(families, share):
    scores, in_test, draws = families
    found = flag(scores, in_test, draws, FlagRule(share=share))
    assert abs(found.flagged[in_test].sum() - share * in_test.sum()) <= 0.5
    assert found.ties_flagged <= found.ties


@given(_families(), st.integers(1, 80), st.randoms())
def test_the_order_of_families_does_not_matter(families, count, random):
    scores, in_test, draws = families
    order = np.array(random.sample(range(len(scores)), len(scores)))
    rule = FlagRule(count=count)
    moved = flag(scores[order], in_test[order], draws[order], rule)
    np.testing.assert_array_equal(moved.flagged, flag(scores, in_test, draws, rule).flagged[order])
