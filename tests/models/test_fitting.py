"""The whole of fit: splits, determinism and the score table."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest

from riskaudit.artefacts import FeatureTable, RiskScores
from riskaudit.errors import BadInput
from riskaudit.models import fit
from riskaudit.scenario import FlagRule, ModelKind

MADE = tuple(kind for kind in ModelKind if kind is not ModelKind.OWN)


@pytest.fixture(scope="module")
def fitted(planted, asked):
    return fit(planted, asked(), seed=3)


@pytest.fixture(scope="module")
def frame(fitted):
    return fitted.scores.frame()


def test_every_child_and_family_is_scored_once_by_every_model(planted, frame):
    table = planted.frame()
    for model in MADE:
        mine = frame[frame["model"] == model]
        assert mine.loc[mine["unit"] == "child", "unit_id"].tolist() == sorted(table["child_id"])
        assert mine.loc[mine["unit"] == "family", "unit_id"].tolist() == sorted(table["family_id"].unique())
    assert frame["score"].between(0, 1).all()


def test_a_family_is_wholly_in_train_or_in_test(planted, frame):
    assert (frame.groupby("family_id", observed=True)["split"].nunique() == 1).all()
    families = frame[(frame["unit"] == "family") & (frame["model"] == "points_list")]
    assert (families["split"] == "test").sum() == round(0.5 * len(families))


def test_models_share_one_split(frame):
    assert (frame.groupby("unit_id")["split"].nunique() == 1).all()


@pytest.mark.parametrize("rule", [FlagRule(share=0.05), FlagRule(count=17)], ids=["share", "count"])
def test_exactly_the_capacity_of_test_families_is_flagged(planted, asked, rule):
    made = fit(planted, asked(flag=rule), seed=3).scores.frame()
    test = made[(made["unit"] == "family") & (made["split"] == "test")]
    per_model = test.groupby("model", observed=True)["flagged"].sum()
    families = len(test) // len(MADE)
    assert (per_model == (17 if rule.count else round(0.05 * families))).all()
    assert set(made.loc[made["flagged"], "why_flagged"]) == {rule.by.value}
    assert set(made.loc[~made["flagged"], "why_flagged"]) == {""}


def test_flagged_families_score_at_or_above_the_cards_threshold(fitted, frame):
    for card in fitted.scores.cards:
        mine = frame[(frame["model"] == card.id) & (frame["unit"] == "family")]
        assert mine.loc[mine["flagged"], "score"].min() >= card.threshold
        assert mine.loc[~mine["flagged"], "score"].max() <= card.threshold


def test_stored_scores_are_what_the_model_gives(planted, fitted, frame):
    table = planted.frame().set_index("child_id")
    for model in fitted.models:
        mine = frame[(frame["model"] == model.card.id) & (frame["unit"] == "child")]
        again = model.score(table.loc[mine["unit_id"], list(model.card.features)].to_numpy())
        np.testing.assert_allclose(mine["score"], again, rtol=0, atol=2e-12)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_split(planted, asked, fitted):
    assert fit(planted, asked(), seed=3).scores == fitted.scores
    other = fit(planted, asked(), seed=4).scores.scores
    assert other["split"].to_pylist() != fitted.scores.scores["split"].to_pylist()


def test_the_order_of_rows_changes_no_score(planted, asked, fitted):
    order = np.random.default_rng(8).permutation(planted.table.num_rows)
    shuffled = FeatureTable(planted.catalogue, planted.table.take(order), planted.labels.take(order))
    assert fit(shuffled, asked(), seed=3).scores == fitted.scores


def test_asking_for_one_model_changes_nothing_about_it(planted, asked, fitted):
    alone = fit(planted, asked(use=(ModelKind.BOOSTED_TREES,)), seed=3)
    frame = fitted.scores.frame()
    same = frame[frame["model"] == "boosted_trees"].reset_index(drop=True)
    assert alone.scores.frame().astype({"model": str}).equals(same.astype({"model": str}))
    assert alone.models[0].card == fitted.models[4].card


def test_left_out_features_reach_no_model(planted, asked):
    entries = tuple(dataclasses.replace(entry, used=entry.id != "amount") for entry in planted.catalogue)
    fewer = FeatureTable(type(planted.catalogue)(entries), planted.table, planted.labels)
    for model in fit(fewer, asked(), seed=3).models:
        assert "amount" not in model.card.features


def test_cards_survive_json(fitted):
    read = {"models.json": json.loads(json.dumps(fitted.scores.parts()["models.json"]))}
    again = RiskScores.of(lambda name: read.get(name, fitted.scores.scores), ())
    assert again.cards == fitted.scores.cards


def test_progress_ends_at_one(planted, asked):
    told: list[float] = []
    fit(planted, asked(trees=2), seed=3, progress=told.append)
    assert told == pytest.approx([1 / 5, 2 / 5, 3 / 5, 4 / 5, 1])


def test_no_child_is_a_fault(feature_table, asked):
    with pytest.raises(BadInput, match="no linked child"):
        fit(feature_table({"signal": [], "rare": []}, []), asked(), seed=3)


def test_faults_of_all_models_are_reported_at_once(feature_table, asked):
    with pytest.raises(BadInput) as caught:
        fit(feature_table({"other": [1.0] * 20}), asked(), seed=3)
    wheres = [fault.where for fault in caught.value.faults]
    assert wheres == ["[models.points_list] points"] * 2 + ["[models.rule_set] headings", "[models] use"]


def test_importing_the_room_loads_no_heavy_library():
    code = "import sys; import riskaudit.models; print({'sklearn', 'pandas', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
