"""True children counted whatever linkage made of them, on families worked by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from riskaudit.audit.causes.true_children import TrueChildren
from riskaudit.scenario import GroupVariable


@pytest.fixture
def children(truth):
    return TrueChildren.of(truth, [GroupVariable.ETHNICITY, GroupVariable.FAMILY_SIZE], {})


def test_every_true_child_is_counted_once_in_every_split(children, truth):
    flagged = np.zeros(truth.outcomes.num_rows, bool)
    for counts in children.counts(flagged).values():
        assert counts.sum() == truth.outcomes.num_rows
        assert counts[:, :, 1].sum() == 0
        assert counts[:, 1].sum() == int(truth.outcomes.column("in_need").to_numpy().sum())


def test_flags_land_on_the_child_whom_the_spine_record_is_of(children, truth, linked):
    people = linked.people.to_pylist()
    of_children = [one for one in people if one["role"] == "child"]
    places = children.of_linked(pa.chunked_array([[one["person_id"] for one in of_children]]), linked)
    keys = dict(zip(*(truth.keys.column(name).to_pylist() for name in ("record_id", "person_id")), strict=True))
    true_ids = truth.outcomes.column("person_id").to_pylist()
    assert [None if at < 0 else true_ids[at] for at in places] == [
        person if (person := keys[one["spine_record_id"]]) in true_ids else None for one in of_children
    ]


def test_what_is_nobodys_is_not_in_need(children):
    assert children.in_need_of(np.array([-1])).tolist() == [False]
    assert children.in_need_of(np.arange(3)).tolist() == children.in_need[:3].tolist()
