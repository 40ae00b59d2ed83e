"""Learning from an earlier day, and from labels given from outside. No family is on both sides, also across time."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from riskaudit.artefacts import LABELS, EarlierFeatures, FeatureTable
from riskaudit.errors import BadInput
from riskaudit.models import fit
from riskaudit.models.cohort import lay_out
from riskaudit.scenario import ModelKind

LEARNED = (ModelKind.LOGISTIC_REGRESSION, ModelKind.RANDOM_FOREST, ModelKind.BOOSTED_TREES)
DAY = date(2021, 4, 1)


def _earlier(table, kept, labels, families=None, values=None):
    """The table as of an earlier day: some of its rows, in another order, with other labels."""
    rows = table.table.take(kept)
    keys = {"child_id": rows.column("child_id"), "family_id": families or rows.column("family_id").to_pylist()}
    columns = {name: rows.column(name) for name in rows.column_names[2:]} | (values or {})
    return EarlierFeatures(
        DAY,
        FeatureTable.spec(table.catalogue).build(keys | columns),
        LABELS.build(keys | {"recorded_outcome": labels}),
    )


@pytest.fixture(scope="module")
def turned(planted):
    """Earlier rows of three in four children, in another order, whose labels are today's turned round."""
    order = np.random.default_rng(5).permutation(planted.table.num_rows)[:1500]
    labels = ~planted.labels.column("recorded_outcome").to_numpy()[order]
    return FeatureTable(planted.catalogue, planted.table, planted.labels, _earlier(planted, order, labels))


def test_models_learn_from_the_earlier_rows_and_score_todays(planted, turned, asked):
    now, then = (fit(table, asked(use=LEARNED), seed=7) for table in (planted, turned))
    values = planted.frame()[list(now.models[0].card.features)].to_numpy()
    for today, before in zip(now.models, then.models, strict=True):
        assert np.corrcoef(today.score(values), before.score(values))[0, 1] < -0.5  # what was learnt is turned round
        assert (today.card.trained_as_of, before.card.trained_as_of) == ("", "2021-04-01")
        cohort = lay_out(turned, 0.5, 7)
        assert before.card.trained_on == len(cohort.fitted_rows) < today.card.trained_on
    table = then.scores.frame()
    assert table[table["unit"] == "child"].groupby("model", observed=True)["unit_id"].nunique().eq(2000).all()


def test_the_earlier_rows_learnt_from_are_exactly_the_training_families(planted, turned):
    cohort = lay_out(turned, 0.5, 7)
    training = {
        child for child, test in zip(cohort.child_ids, cohort.in_test[cohort.family_of], strict=True) if not test
    }
    earlier = turned.earlier.table.to_pandas().set_index("child_id")
    wanted = earlier.loc[sorted(set(earlier.index) & training)]
    np.testing.assert_array_equal(cohort.fitted_rows.columns["signal"], wanted["signal"])
    labels = turned.earlier.labels.to_pandas().set_index("child_id").loc[wanted.index, "recorded_outcome"]
    np.testing.assert_array_equal(cohort.fitted_rows.labels, labels)


def test_a_child_who_moved_from_or_to_a_family_kept_out_teaches_nothing(feature_table):
    # By hand: of four families two are kept out. The child of each training family was in a kept-out one before, or is in a
    # training family only now; whoever is not there today has no side, and teaches nothing either.
    table = feature_table({"signal": [1, 2, 3, 4]}, families=["a", "b", "c", "d"])
    cohort = lay_out(table, 0.5, 1)
    held_out = cohort.family_ids[cohort.in_test].tolist()
    kept_in = [family for family in "abcd" if family not in held_out]
    then = {"a": "a", "b": "b", "c": "c", "d": "d"} | {kept_in[0]: held_out[0], held_out[1]: kept_in[1]}
    earlier = _earlier(table, [0, 1, 2, 3], [True, False, True, False], [then[one] for one in "abcd"])
    rows = lay_out(FeatureTable(table.catalogue, table.table, table.labels, earlier), 0.5, 1).fitted_rows
    assert rows.columns["signal"].tolist() == ["abcd".index(kept_in[1]) + 1]
    gone = EarlierFeatures(DAY, _renamed(earlier.table), _renamed(earlier.labels))
    assert len(lay_out(FeatureTable(table.catalogue, table.table, table.labels, gone), 0.5, 1).fitted_rows) == 0


def _renamed(table):
    ids = [f"gone-{row}" for row in range(table.num_rows)]
    spec = table.schema
    return table.set_column(0, spec.field(0), [ids])


def test_labels_of_the_earlier_rows_of_one_kind_only_are_a_fault_that_names_the_day(planted, asked):
    earlier = _earlier(planted, np.arange(500), [False] * 500)
    table = FeatureTable(planted.catalogue, planted.table, planted.labels, earlier)
    with pytest.raises(BadInput, match="children to fit on as of 2021-04-01 have a recorded outcome"):
        fit(table, asked(use=LEARNED), seed=7)


@pytest.mark.parametrize("with_time", [False, True])
def test_labels_from_outside_are_learnt_in_place_of_the_recorded_outcome(planted, turned, asked, with_time):
    table = turned if with_time else planted
    rows = table.earlier.labels if with_time else table.labels
    other = np.random.default_rng(2).random(rows.num_rows) < 0.3
    given = fit(table, asked(use=LEARNED), seed=7, labels=other)
    replaced = rows.set_column(2, rows.schema.field(2), [other])
    if with_time:
        same = FeatureTable(
            table.catalogue, table.table, table.labels, EarlierFeatures(DAY, table.earlier.table, replaced)
        )
    else:
        same = FeatureTable(table.catalogue, table.table, replaced)
    assert fit(same, asked(use=LEARNED), seed=7).scores == given.scores
    assert given.scores != fit(table, asked(use=LEARNED), seed=7).scores
