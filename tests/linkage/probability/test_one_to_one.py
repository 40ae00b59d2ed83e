"""Best-first choice against the plain loop that it stands for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riskaudit.linkage.probability.one_to_one import best_first

pairs = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, 6)), unique_by=lambda pair: pair[1:], max_size=40
)


def one_by_one(rows: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """Go down the sorted list and take every pair whose two ends are both free."""
    records: set[int] = set()
    places: set[int] = set()
    for _, record, place in sorted(rows, key=lambda row: (-row[0], row[1], row[2])):
        if record not in records and place not in places:
            records.add(record)
            places.add(place)
            yield record, place


@given(pairs)
def test_best_first_equals_taking_pairs_one_by_one(rows):
    weight, record, place = (np.array([row[column] for row in rows], int) for column in range(3))
    kept = best_first(weight.astype(float), record, place)
    assert {(record[at], place[at]) for at in kept} == set(one_by_one(rows))


def test_the_best_pair_spends_both_its_ends():
    #                              a takes y, so b must make do with x
    weight, record, place = np.array([3.0, 5.0, 4.0, 1.0]), np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0])
    assert best_first(weight, record, place).tolist() == [1, 3]


def test_ties_go_to_the_smaller_record_then_the_smaller_place():
    assert best_first(np.ones(4), np.array([1, 1, 0, 0]), np.array([0, 1, 1, 0])).tolist() == [1, 3]


def test_no_pairs_give_no_choice():
    nothing = np.array([], int)
    assert best_first(nothing.astype(float), nothing, nothing).tolist() == []
