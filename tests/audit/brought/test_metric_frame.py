"""Statistics under fairlearn's names: theirs where theirs are defined, and never an undefined extreme."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from fairlearn import metrics
from sklearn.metrics import precision_score

from riskaudit.artefacts import GroupMetrics
from riskaudit.audit import audit_predictions, rate_table
from riskaudit.errors import BadInput

_THEIRS: dict[str, Callable] = {
    "count": metrics.count,
    "selection_rate": metrics.selection_rate,
    "true_positive_rate": metrics.true_positive_rate,
    "false_positive_rate": metrics.false_positive_rate,
    "false_negative_rate": metrics.false_negative_rate,
    "true_negative_rate": metrics.true_negative_rate,
    "precision": precision_score,
}
_NAMES = list(_THEIRS)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    size = 3_000
    groups = {
        name: rng.choice(levels, size) for name, levels in {"area": ["n", "s", "e"], "tenure": ["own", "rent"]}.items()
    }
    return pd.DataFrame(groups | {"y": rng.integers(0, 2, size), "f": rng.random(size) < 0.3})


@pytest.fixture(scope="module", params=["audit", "rate_table"])
def ours(request: pytest.FixtureRequest, frame: pd.DataFrame) -> object:
    made = {"audit": audit_predictions, "rate_table": rate_table}[request.param]
    return made(frame, label="y", flag="f", groups=["area", "tenure"], by_intersection=2)


@pytest.fixture(scope="module", params=["area", "tenure", ("area", "tenure"), None])
def group(request: pytest.FixtureRequest) -> object:
    return request.param if isinstance(request.param, str | None) else list(request.param)


@pytest.fixture(scope="module")
def theirs(frame: pd.DataFrame, group: object) -> metrics.MetricFrame:
    features = frame[[group] if isinstance(group, str) else ["area", "tenure"]]
    return metrics.MetricFrame(
        metrics=_THEIRS, y_true=frame["y"], y_pred=frame["f"].astype(int), sensitive_features=features
    )


def test_by_group_and_overall_equal_fairlearns(ours: GroupMetrics, theirs: metrics.MetricFrame, group: object) -> None:
    np.testing.assert_allclose(ours.overall[_NAMES], theirs.overall[_NAMES].astype(float), rtol=0, atol=1e-12)
    mine, other = ours.by_group(group)[_NAMES], theirs.by_group[_NAMES]
    assert list(mine.index) == list(other.index)
    assert list(mine.index.names) == list(other.index.names)
    np.testing.assert_allclose(mine, other.astype(float), rtol=0, atol=1e-12)


def test_the_index_of_an_intersection_is_the_one_that_pandas_makes(ours: GroupMetrics) -> None:
    index = ours.by_group(["area", "tenure"]).index
    made = pd.MultiIndex.from_arrays([list(index.get_level_values(name)) for name in index.names], names=index.names)
    assert index.identical(made)
    for mine, theirs in zip(index.levels, made.levels, strict=True):
        assert mine.identical(theirs)
        assert mine.dtype == theirs.dtype


@pytest.mark.parametrize("method", ["between_groups", "to_overall"])
def test_differences_and_ratios_equal_fairlearns(
    ours: GroupMetrics, theirs: metrics.MetricFrame, group: object, method: str
) -> None:
    for name in ("difference", "ratio"):
        mine, other = getattr(ours, name)(group, method), getattr(theirs, name)(method=method)
        np.testing.assert_allclose(mine[_NAMES], other[_NAMES].astype(float), rtol=0, atol=1e-12)


def test_extremes_equal_fairlearns(ours: GroupMetrics, theirs: metrics.MetricFrame, group: object) -> None:
    for name in ("group_min", "group_max"):
        mine, other = getattr(ours, name)(group), getattr(theirs, name)()
        np.testing.assert_allclose(mine[_NAMES], other[_NAMES].astype(float), rtol=0, atol=1e-12)


def test_both_give_the_same_numbers(frame: pd.DataFrame) -> None:
    asked = {"label": "y", "flag": "f", "groups": ["area", "tenure"], "by_intersection": 2}
    audited, table = audit_predictions(frame, **asked), rate_table(frame, **asked)
    pd.testing.assert_series_equal(audited.overall[list(table.statistics)], table.overall)
    for group in ("area", ["tenure", "area"]):
        pd.testing.assert_frame_equal(audited.by_group(group)[list(table.statistics)], table.by_group(group))


def test_what_is_not_defined_is_never_an_extreme() -> None:
    # "b" has no positives: fairlearn 0.15 gives it a true positive rate of 0, and a difference of 0.5
    frame = pd.DataFrame({"f": [1, 0, 1, 1, 1, 0], "y": [1, 1, 1, 1, 0, 0], "g": list("aaccbb")})
    found = rate_table(frame, label="y", flag="f", groups=["g"])
    rates = found.by_group()["true_positive_rate"]
    assert (rates["a"], rates["c"], np.isnan(rates["b"])) == (0.5, 1, True)
    assert (found.group_min()["true_positive_rate"], found.difference()["true_positive_rate"]) == (0.5, 0.5)
    assert found.ratio()["true_positive_rate"] == 0.5
    theirs = metrics.MetricFrame(
        metrics=metrics.true_positive_rate, y_true=frame["y"], y_pred=frame["f"], sensitive_features=frame["g"]
    )
    assert (theirs.group_min(), theirs.difference()) == (0, 1)


def test_where_nothing_is_defined_nothing_is_compared() -> None:
    frame = pd.DataFrame({"f": [0, 0], "y": [0, 0], "g": ["a", None]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = rate_table(frame, label="y", flag="f", groups=["g"])
        for series in (found.difference(), found.ratio(), found.group_max(), found.ratio(method="to_overall")):
            assert np.isnan(series["true_positive_rate"])
    assert np.isnan(found.ratio()["false_positive_rate"])  # 0 over 0
    assert found.difference()["false_positive_rate"] == 0
    assert list(found.by_group().index) == ["a", "not recorded"]


def test_one_level_alone_differs_from_nobody() -> None:
    # fairlearn 0.15: a difference of 0 and a ratio of 1, as if groups had been compared
    found = rate_table(pd.DataFrame({"f": [1, 0], "g": ["a", "a"]}), flag="f", groups=["g"])
    assert np.isnan([found.difference()["selection_rate"], found.ratio()["selection_rate"]]).all()
    assert found.difference(method="to_overall")["selection_rate"] == 0


def test_intersections_that_nobody_is_in_have_no_row() -> None:
    frame = pd.DataFrame({"f": [0, 1], "g": ["a", "b"], "h": ["x", "y"]})
    assert list(rate_table(frame, flag="f", groups=["g", "h"], by_intersection=2).by_group().index) == [
        ("a", "x"),
        ("b", "y"),
    ]


def test_a_level_with_the_sign_of_intersections_in_it_is_shown_as_it_is() -> None:
    frame = pd.DataFrame({"f": [0, 1], "g": ["3 × 4", "b"], "h": ["x", "y"]})
    found = rate_table(frame, flag="f", groups=["g", "h"], by_intersection=2).by_group(["g", "h"])
    assert list(found.index) == ["3 × 4 × x", "b × y"]


def test_only_statistics_by_group_are_columns(frame: pd.DataFrame) -> None:
    scored = frame.assign(p=np.linspace(0, 1, len(frame)), y=frame["y"].where(frame.index > 5))
    audit = audit_predictions(scored, score="p", label="y", flag_at=0.5, groups=["area", "tenure"])
    assert {"roc_auc", "brier_score_loss", "precision"} <= set(audit.by_group("area").columns)
    assert not [name for name in audit.by_group("area").columns if name.endswith(("_bounds", "_difference"))]
    pd.testing.assert_frame_equal(audit.to_frame(), audit.estimates)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda found: found.by_group(), "group: is needed: several were measured"),
        (lambda found: found.by_group("tenur"), "did you mean 'tenure'?"),
        (lambda found: found.by_group(["area", "tenure"]), "'area × tenure' was not measured"),
        (lambda found: found.difference("area", "between"), "between_groups or to_overall"),
    ],
)
def test_what_was_not_measured_is_said(frame: pd.DataFrame, call: Callable, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        call(rate_table(frame, label="y", flag="f", groups=["area", "tenure"]))
    assert said in str(caught.value)


def test_an_audit_of_several_models_needs_the_subject(frame: pd.DataFrame) -> None:
    one = audit_predictions(frame, label="y", flag="f", groups=["area"])
    two = type(one)(
        type(one.table).concat([one.table, audit_predictions(frame, flag="f", groups=["area"]).table]), one.about
    )
    with pytest.raises(BadInput, match="is needed: the audit has several"):
        _ = two.overall
    with pytest.raises(BadInput, match="did you mean 'f:y'"):
        two.metrics("f:z")
    assert "precision" in two.metrics("f:y").overall
    assert "precision" not in two.metrics("f").overall
