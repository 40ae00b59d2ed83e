"""What a user brings: a fitted model in a skops file, or scores in a table."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from riskaudit.errors import BadInput, MissingExtra
from riskaudit.models import BroughtModel, BroughtScores, fit, read_model
from riskaudit.scenario import ModelKind, OwnModel

NAMES = ["signal", "rare"]
OWN = {"use": (ModelKind.OWN,), "own": OwnModel(file="mine.skops")}


@pytest.fixture(scope="module")
def pipeline(planted):
    table = planted.frame()
    labels = planted.labels.column("recorded_outcome").to_numpy()
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(table[NAMES], labels)


def _model(estimator, about=""):
    return BroughtModel(estimator, "mine.skops", "My model", about)


def _scores(table, **given):
    return BroughtScores(table, "scores.csv", "My scores", "", **given)


def _faults(caught):
    return [(fault.where, fault.what) for fault in caught.value.faults]


def test_a_fitted_pipeline_scores_as_it_does_by_itself_and_is_not_fitted_again(planted, asked, pipeline):
    before = pipeline[-1].coef_.copy()
    fitted = fit(planted, asked(**OWN), seed=3, own=_model(pipeline, "A regression of mine."))
    children = fitted.scores.frame().query("unit == 'child'")
    values = planted.frame().set_index("child_id").loc[children["unit_id"], NAMES]
    np.testing.assert_allclose(children["score"], pipeline.predict_proba(values)[:, 1], rtol=0, atol=1e-11)
    np.testing.assert_array_equal(pipeline[-1].coef_, before)
    card = fitted.models[0].card
    assert (card.features, card.trained_on, card.imitates) == (tuple(NAMES), 0, "A regression of mine.")
    assert fitted.models[0].estimator is pipeline


def test_a_model_without_chances_ranks_as_its_decision_function_does(planted, asked):
    table = planted.frame()
    machine = LinearSVC().fit(table[NAMES], planted.labels.column("recorded_outcome").to_numpy())
    model = fit(planted, asked(**OWN), seed=3, own=_model(machine)).models[0]
    scores = model.score(table[NAMES].to_numpy())
    np.testing.assert_allclose(np.log(scores / (1 - scores)), machine.decision_function(table[NAMES]), atol=1e-6)


def test_every_feature_that_the_study_lacks_or_leaves_out_is_named_with_the_nearest(feature_table, asked):
    rows = pd.DataFrame({"signl": [0.0, 1, 2, 3], "amount": [0.0, 1, 0, 1], "nothing": [1.0, 1, 0, 0]})
    model = LogisticRegression().fit(rows, [0, 1, 0, 1])
    table = feature_table({"signal": [1, 2], "amount": [0, 1]}, left_out=("amount",))
    with pytest.raises(BadInput) as caught:
        fit(table, asked(**OWN), seed=1, own=_model(model))
    assert _faults(caught) == [
        ("mine.skops", "its feature 'signl' is not in this study's feature catalogue"),
        ("mine.skops", "its feature 'amount' is left out by [features]"),
        ("mine.skops", "its feature 'nothing' is not in this study's feature catalogue"),
    ]
    assert caught.value.faults[0].hint == "did you mean 'signal'?"


@pytest.mark.parametrize(
    ("estimator", "said"),
    [
        (LogisticRegression().fit([[0.0], [1.0]], [0, 1]), "does not say which features it was fitted on"),
        (LinearRegression().fit(pd.DataFrame({"signal": [0.0, 1.0]}), [0, 1]), "has neither predict_proba nor"),
        (LogisticRegression().fit(pd.DataFrame({"signal": [0.0, 1.0, 2.0]}), [0, 1, 2]), "tells 3 classes apart"),
    ],
)
def test_what_cannot_score_a_study_is_refused_and_says_why(planted, asked, estimator, said):
    with pytest.raises(BadInput, match=said):
        fit(planted, asked(**OWN), seed=1, own=_model(estimator))


def test_a_model_that_breaks_on_the_studys_values_is_a_fault_and_no_traceback(planted, asked, pipeline):
    class Breaks:
        classes_ = (False, True)
        feature_names_in_ = np.array(NAMES)

        def predict_proba(self, values):
            raise RuntimeError("out of order")

    with pytest.raises(BadInput, match="cannot score this study's children: out of order"):
        fit(planted, asked(**OWN), seed=1, own=_model(Breaks()))


def test_own_without_a_model_is_a_fault(planted, asked):
    with pytest.raises(BadInput, match="no model of your own is given"):
        fit(planted, asked(**OWN), seed=1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.pkl", b"\x80\x04", "a pickled model runs whatever code its maker put in it"),
        ("mine.skops", b"\x80\x04nothing else", "a pickled model runs whatever code"),  # under another name
        ("mine.joblib", b"x", "is no skops file"),
    ],
)
def test_a_pickle_is_refused_with_the_reason(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=said) as caught:
        read_model(tmp_path / name, "My model", "")
    assert "skops.io.dump" in caught.value.faults[0].hint


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(BadInput, match="there is no such file"):
        read_model(tmp_path / "mine.skops", "My model", "")


def test_without_the_extra_the_message_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "mine.skops").write_bytes(b"PK\x03\x04")
    monkeypatch.setitem(sys.modules, "skops", None)
    monkeypatch.setitem(sys.modules, "skops.io", None)
    with pytest.raises(MissingExtra, match=r'pip install "riskaudit\[skops\]"') as caught:
        read_model(tmp_path / "mine.skops", "My model", "")
    assert caught.value.exit_code == 4


def test_a_skops_file_of_known_types_is_opened_as_it_was(tmp_path, pipeline):
    skops = pytest.importorskip("skops.io", reason="the extra skops is not installed")
    skops.dump(pipeline, tmp_path / "mine.skops")
    brought = read_model(tmp_path / "mine.skops", "My model", "")
    np.testing.assert_array_equal(brought.estimator[-1].coef_, pipeline[-1].coef_)
    assert (brought.source, brought.label) == ("mine.skops", "My model")


def test_a_type_that_skops_does_not_know_as_safe_is_refused_by_name(tmp_path):
    skops = pytest.importorskip("skops.io", reason="the extra skops is not installed")
    skops.dump(make_pipeline(StandardScaler(), _Strange()), tmp_path / "mine.skops")
    with pytest.raises(BadInput, match=r"does not know as safe: .*_Strange") as caught:
        read_model(tmp_path / "mine.skops", "My model", "")
    assert "predictions" in caught.value.faults[0].hint


def test_an_archive_that_is_no_model_is_refused(tmp_path):
    pytest.importorskip("skops.io", reason="the extra skops is not installed")
    import zipfile

    with zipfile.ZipFile(tmp_path / "mine.skops", "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(BadInput, match="cannot be read by skops"):
        read_model(tmp_path / "mine.skops", "My model", "")


class _Strange(LogisticRegression):
    """A type that nobody but this test knows."""


def test_scores_of_children_are_taken_as_they_are_whatever_the_order(planted, asked):
    children = planted.frame()["child_id"]
    given = pd.Series(np.random.default_rng(1).random(len(children)).round(3), index=children)
    table = given.sample(frac=1, random_state=2).rename("score").reset_index().astype({"score": str})
    fitted = fit(planted, asked(use=(ModelKind.OWN,), own=OwnModel(predictions="s.csv")), seed=3, own=_scores(table))
    found = fitted.scores.frame().query("unit == 'child'").set_index("unit_id")["score"]
    np.testing.assert_array_equal(found, given.loc[found.index])
    families = fitted.scores.frame().query("unit == 'family'").set_index("unit_id")["score"]
    highest = planted.frame().set_index("child_id")["family_id"].to_frame().assign(score=given)
    assert highest.groupby("family_id")["score"].max().loc[families.index].tolist() == families.tolist()
    assert fitted.models[0].card.features == ()
    with pytest.raises(TypeError, match="came from a file"):
        fitted.models[0].score(np.zeros((2, 0)))


def test_scores_of_families_are_their_childrens_and_stay_the_families(planted, asked):
    families = sorted(set(planted.frame()["family_id"]))
    given = pd.DataFrame({"family_id": families, "score": np.linspace(0, 1, len(families)).round(6)})
    own = OwnModel(predictions="s.csv")
    fitted = fit(planted, asked(use=(ModelKind.OWN,), own=own, roll_up="mean"), seed=3, own=_scores(given))
    found = fitted.scores.frame().query("unit == 'family'")
    np.testing.assert_allclose(found["score"], given["score"], atol=1e-12)
    assert fitted.models[0].card.settings["scores_of"] == "families"


def test_everything_wrong_with_a_table_of_scores_is_told_at_once(feature_table, asked):
    table = feature_table({"signal": [1, 2, 3, 4, 5]})
    given = pd.DataFrame({
        "child_id": ["child-00000", "child-00000", None, "child-00009", "child-00003"],
        "score": ["0.5", "0.6", "1.7", "", "high"],
    })  # fmt: skip
    with pytest.raises(BadInput) as caught:
        fit(table, asked(use=(ModelKind.OWN,), own=OwnModel(predictions="s.csv")), seed=1, own=_scores(given))
    assert _faults(caught) == [
        ("scores.csv, row 4", "has no id"),
        ("scores.csv, row 3", "has an id that stands higher up already"),
        ("scores.csv, rows 4, 5, 6", "has no score from 0 to 1"),
        ("scores.csv", "names 1 child that this study lacks: child-00009"),
        ("scores.csv", "has no score of 3 children of this study: child-00001, child-00002, child-00004"),
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"childid": ["a"], "score": [1]}, ["has neither a column 'child_id' nor 'family_id'"]),
        ({"child_id": ["a"], "scor": [1]}, ["has no column 'score'"]),
        (
            {"child_id": ["a"], "family_id": ["b"]},
            ["has both a column 'child_id' and 'family_id'", "has no column 'score'"],
        ),
    ],
)
def test_columns_that_are_absent_are_told_with_the_nearest(feature_table, asked, columns, said):
    with pytest.raises(BadInput) as caught:
        fit(
            feature_table({"signal": [1, 2]}), asked(use=(ModelKind.OWN,), own=OwnModel(predictions="s.csv")), seed=1,
            own=_scores(pd.DataFrame(columns)),
        )  # fmt: skip
    assert [fault.what for fault in caught.value.faults] == said
