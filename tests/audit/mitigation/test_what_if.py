"""Other flag rules: what they make alike, what they cost, and that nothing is chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskaudit.artefacts import ModelAudit
from riskaudit.audit import Plan, Predictions, audit_predictions
from riskaudit.audit.mitigation.rows import rows_of
from riskaudit.audit.mitigation.rules import RULES
from riskaudit.audit.mitigation.trying import try_rules
from riskaudit.errors import BadInput

_MADE_ALIKE = {
    "equal_selection_rates": ("selection_rate",),
    "equal_false_positive_rates": ("false_positive_rate",),
    "equal_true_positive_rates": ("true_positive_rate",),
    "equalized_odds": ("true_positive_rate", "false_positive_rate"),
    "equal_selection_rates_same_flags": ("selection_rate",),
    "equal_false_positive_rates_same_flags": ("false_positive_rate",),
    "equal_true_positive_rates_same_flags": ("true_positive_rate",),
}


def _frame(size: int = 8_000, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    group = rng.choice(list("ab"), size, p=[0.7, 0.3])
    score = np.clip(rng.beta(2, 6, size) + np.where(group == "b", 0.12, 0), 0, 1).round(2)
    return pd.DataFrame({"s": score, "y": (rng.random(size) < score).astype(int), "g": group})


@pytest.fixture(scope="module")
def audit() -> ModelAudit:
    frame = _frame()
    frame.loc[:9, "y"] = None
    frame.loc[10:12, "g"] = "rare"
    return audit_predictions(frame, score="s", label="y", groups=["g"], flag_top=0.1, what_if="g")


def _value(audit: ModelAudit, rule: str, statistic: str, level: str) -> float:
    return float(audit.what_if.row(subject=rule, statistic=statistic, level=level)["estimate"])


def test_as_it_is_gives_the_rates_of_the_same_rows(audit: ModelAudit) -> None:
    for level in ("a", "b"):
        row = audit.what_if.row(subject="as_it_is", statistic="false_positive_rate", level=level)
        own = audit.table.row(statistic="false_positive_rate", group="g", level=level)
        assert (row["estimate"], row["n"]) == pytest.approx((own["estimate"], own["n"]))
    assert not audit.what_if.rows(subject="as_it_is", statistic="flags_lost")


@pytest.mark.parametrize("rule", _MADE_ALIKE)
def test_each_rule_makes_alike_what_it_says_and_as_it_is_they_are_not(audit: ModelAudit, rule: str) -> None:
    for statistic in _MADE_ALIKE[rule]:
        before, after = (
            abs(_value(audit, one, statistic, "a") - _value(audit, one, statistic, "b")) for one in ("as_it_is", rule)
        )
        assert before > 0.08
        assert after < 0.035  # learnt on one half, measured on the other


@pytest.mark.parametrize("rule", [rule.id for rule in RULES if rule.id.endswith("same_flags")])
def test_rules_that_keep_the_number_of_flags_keep_it(audit: ModelAudit, rule: str) -> None:
    now, then = (_value(audit, one, "selection_rate", "all") for one in ("as_it_is", rule))
    assert then == pytest.approx(now, abs=0.006)
    gained, lost = (_value(audit, rule, statistic, "all") for statistic in ("flags_gained", "flags_lost"))
    assert (gained - lost) / 1000 == pytest.approx(then - now, abs=1e-9)
    assert _value(audit, rule, "flags_gained", "a") > 0  # what b loses, a is given
    assert _value(audit, rule, "flags_lost", "b") > 0


def test_who_is_left_out_is_counted(audit: ModelAudit) -> None:
    about = audit.about["what_if"]
    assert about["levels"] == ["a", "b"]
    assert about["left_out"]["no score, label or flag"] == 10
    (rare,) = (count for why, count in about["left_out"].items() if why.startswith("'rare' has"))
    assert rare == 3
    assert about["rows"] == 8_000 - 13
    assert audit.what_if.row(subject="as_it_is", statistic="selection_rate", level="all")["n"] == 8_000 - 13


def test_no_rule_is_chosen_and_every_one_shows_its_cost(audit: ModelAudit) -> None:
    assert list(audit.about["what_if"]["rules"]) == [rule.id for rule in RULES]
    for rule in RULES:
        found = {row["statistic"] for row in audit.what_if.rows(subject=rule.id, level="b")}
        assert {"false_flags_per_1000", "missed_per_1000", "selection_rate", "precision"} <= found
    said = " ".join([*audit.about["what_if"]["notes"], *audit.about["what_if"]["rules"].values()]).lower()
    assert not any(word in said for word in ("best", "recommend", "unfair", " fair ", "optimal"))
    assert "legal question" in said


def test_every_row_has_an_interval_or_says_why_not(audit: ModelAudit) -> None:
    for row in audit.what_if.rows():
        assert row["method"] if row["lower"] is not None else row["note"]
        if row["lower"] is not None:
            assert row["lower"] - 1e-9 <= row["estimate"] <= row["upper"] + 1e-9
            assert row["lower"] < row["upper"]


def test_the_order_of_rows_never_matters_and_a_seed_gives_the_same_again() -> None:
    frame = _frame(1_500)
    asked = {"score": "s", "label": "y", "groups": ["g"], "flag_top": 0.2, "what_if": "g"}
    one, again = audit_predictions(frame, **asked), audit_predictions(frame, **asked)
    other = audit_predictions(frame.sample(frac=1, random_state=4), **asked)
    pd.testing.assert_frame_equal(one.what_if.frame(), again.what_if.frame())
    pd.testing.assert_frame_equal(one.what_if.frame(), other.what_if.frame(), rtol=1e-9, atol=1e-12)


def test_halves_hold_as_many_of_each_level_and_label() -> None:
    frame = _frame(1_001)
    predictions = Predictions(
        frame["s"].to_numpy(),
        (frame["s"] > 0.5).to_numpy(),
        frame["y"].to_numpy(float),
        {"g": frame["g"].to_numpy()},
        "row",
    )
    rows = rows_of(predictions, "g", 0)
    for level in (0, 1):
        for label in (0, 1):
            halves = np.bincount(rows.half[(rows.level == level) & (rows.label == label)], minlength=2)
            assert abs(int(halves[0] - halves[1])) <= 1


def test_many_rows_are_sampled_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskaudit.audit.mitigation.rows.MOST_ROWS", 1_000)
    frame = _frame(1_500)
    predictions = Predictions(
        frame["s"].to_numpy(),
        (frame["s"] > 0.5).to_numpy(),
        frame["y"].to_numpy(float),
        {"g": frame["g"].to_numpy()},
        "row",
    )
    about = try_rules(predictions, "g", Plan()).about
    assert about["rows"] == 1_000
    assert about["left_out"] == {"more than 1,000 rows: a random sample is used": 500}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"what_if": "h"}, "what_if: 'h' is no group"),
        ({"label": None}, "what_if: needs a label"),
        ({"score": None, "flag": "y", "flag_top": None}, "what_if: needs a score"),
    ],
)
def test_a_request_that_cannot_be_met_says_what_is_needed(asked: dict, said: str) -> None:
    given = {"score": "s", "label": "y", "groups": ["g"], "flag_top": 0.1, "what_if": "g"} | asked
    with pytest.raises(BadInput, match=said):
        audit_predictions(_frame(200), **given)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.assign(g="a"), r"'g' has 1 level"),
        (lambda frame: frame.assign(y=np.where(frame["g"] == "b", 1, frame["y"])), "'b' has .* and 0 negative labels"),
    ],
)
def test_too_few_levels_with_both_labels_are_a_fault_that_counts_them(change: object, said: str) -> None:
    frame = change(_frame(400))  # type: ignore[operator]
    with pytest.raises(BadInput, match=said):
        audit_predictions(frame, score="s", label="y", groups=["g"], flag_top=0.1, what_if="g")
