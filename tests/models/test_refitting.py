"""Refits: other families each time, the same bytes for the same draw, families whole, and nothing of test families."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from riskaudit.artefacts import LABELS, FeatureTable
from riskaudit.errors import BadInput
from riskaudit.models import refit, why_no_refits
from riskaudit.models.cohort import FittedRows, lay_out
from riskaudit.models.refitting import _resampled
from riskaudit.scenario import ModelKind
from riskaudit.seeds import stream

LEARNT = (ModelKind.LOGISTIC_REGRESSION, ModelKind.RANDOM_FOREST, ModelKind.BOOSTED_TREES)
BY_HAND = (ModelKind.POINTS_LIST, ModelKind.RULE_SET)


def _values(table: FeatureTable) -> np.ndarray:
    return np.column_stack([table.table[feature.id].to_numpy() for feature in table.catalogue.used])


@pytest.mark.parametrize("kind", LEARNT)
def test_draws_differ_and_the_same_draw_gives_the_same_bytes(
    planted: FeatureTable, asked: Any, kind: ModelKind
) -> None:
    made = [refit(planted, asked(), kind, seed=3, draw=draw).margin(_values(planted)) for draw in (0, 1, 2, 1)]
    assert made[1].tobytes() == made[3].tobytes()
    assert len({one.tobytes() for one in made}) == 3


@pytest.mark.parametrize("kind", LEARNT)
def test_test_families_play_no_part(planted: FeatureTable, asked: Any, kind: ModelKind) -> None:
    cohort = lay_out(planted, asked().test_share, 3)
    held_out = set(cohort.family_ids[cohort.in_test].tolist())
    table = planted.table.to_pandas()
    outside = table["family_id"].isin(held_out).to_numpy()
    assert 0 < outside.sum() < len(table)
    table.loc[outside, "signal"] = 9
    labels = planted.labels.to_pandas()
    labels.loc[outside, "recorded_outcome"] = ~labels.loc[outside, "recorded_outcome"]
    changed = replace(
        planted,
        table=FeatureTable.spec(planted.catalogue).build(table.to_dict("list")),
        labels=LABELS.build(labels.to_dict("list")),
    )
    before, after = (refit(one, asked(), kind, seed=3, draw=0).margin(_values(planted)) for one in (planted, changed))
    assert before.tobytes() == after.tobytes()


def test_a_family_is_drawn_with_all_its_children_or_not_at_all() -> None:
    families = np.repeat([f"f{number:02}" for number in range(40)], np.arange(40) % 4 + 1)
    rows = FittedRows({"at": np.arange(len(families))}, np.arange(len(families)) % 2 == 0, "", families)
    drawn = _resampled(rows, stream(1, "models/refit", "boosted_trees", 0))
    times = np.bincount(drawn.columns["at"], minlength=len(families))
    by_family = {family: set(times[families == family].tolist()) for family in np.unique(families)}
    assert all(len(found) == 1 for found in by_family.values())
    assert sum(found.pop() for found in by_family.values()) == 40
    np.testing.assert_array_equal(drawn.labels, drawn.columns["at"] % 2 == 0)
    np.testing.assert_array_equal(drawn.families, families[drawn.columns["at"]])


def test_the_spread_of_a_refitted_weight_is_about_its_standard_error(planted: FeatureTable, asked: Any) -> None:
    # Oracle: statsmodels' logit clustered by family, unpenalised. 60 draws know a spread to about 9%; half to twice leaves room
    # for the penalty.
    import statsmodels.api as sm

    section = asked(regularisation=100.0)
    rows = lay_out(planted, section.test_share, 3).fitted_rows
    found = sm.Logit(rows.labels.astype(float), sm.add_constant(rows.columns["signal"].astype(float))).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": np.unique(rows.families, return_inverse=True)[1]}
    )
    kind = ModelKind.LOGISTIC_REGRESSION
    weights = [refit(planted, section, kind, seed=3, draw=draw).card.weights["signal"] for draw in range(60)]
    assert 0.5 < np.std(weights, ddof=1) / found.bse[1] < 2
    assert abs(np.mean(weights) - found.params[1]) < 3 * found.bse[1]


@pytest.mark.parametrize("kind", [*BY_HAND, ModelKind.OWN])
def test_what_cannot_be_refitted_says_why(planted: FeatureTable, asked: Any, kind: ModelKind) -> None:
    reason = why_no_refits(kind)
    assert ("as it came" in reason) == (kind is ModelKind.OWN)
    with pytest.raises(BadInput, match=reason):
        refit(planted, asked(), kind, seed=3, draw=0)
    assert not any(map(why_no_refits, LEARNT))


def test_families_without_anything_to_learn_are_refused(feature_table: Any, asked: Any) -> None:
    table = feature_table({"signal": [0.0, 1.0, 2.0, 3.0]}, [False, False, False, False])
    with pytest.raises(BadInput, match="nothing to learn"):
        refit(table, asked(), ModelKind.BOOSTED_TREES, seed=1, draw=0)
