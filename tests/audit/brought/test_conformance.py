"""Cases that well-known audit tools get silently wrong, or refuse, with the answers worked out by hand.

What the others give was run on fairlearn 0.15.0, Aequitas 1.1.0 and AIF360 0.6.1.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskaudit.audit import audit_predictions, rate_table
from riskaudit.errors import BadInput
from riskaudit.estimates import EstimateTable


def _audited(**columns: list) -> EstimateTable:
    label = "label" if "label" in columns else None
    return audit_predictions(pd.DataFrame(columns), flag="flag", label=label, groups=["group"]).table


def test_none_of_four_wrongly_flagged_has_an_upper_limit_of_60_percent() -> None:
    # fairlearn's bootstrap: [0, 0]. Exact: 1 - 0.025 ** (1 / 4).
    row = _audited(flag=[0, 0, 0, 0], label=[0, 0, 0, 0], group=["a"] * 4).row(
        statistic="false_positive_rate", group="group", level="a"
    )
    assert (row["estimate"], row["lower"], row["n"]) == (0, 0, 4)
    assert row["upper"] == pytest.approx(1 - 0.025**0.25, rel=1e-12)
    assert round(row["upper"], 3) == 0.602


def test_a_group_without_positives_has_no_true_positive_rate_and_no_disparity() -> None:
    # fairlearn: TPR 0 and FNR 0 and a disparity of 0.5. AIF360: equal opportunity difference -0.5. Aequitas: NaN.
    audit = audit_predictions(
        pd.DataFrame({"flag": [1, 0, 1, 0], "label": [1, 1, 0, 0], "group": list("aabb")}),
        flag="flag", label="label", groups=["group"],
    )  # fmt: skip
    for statistic in ("true_positive_rate", "false_negative_rate"):
        row = audit.table.row(statistic=statistic, group="group", level="b")
        assert (row["estimate"], row["lower"], row["upper"], row["n"]) == (None, None, None, 0)
        assert row["note"] == "no cases with a positive label"
    for level, note in {"a": "no cases with a positive label among everyone else",
                        "b": "no cases with a positive label"}.items():  # fmt: skip
        row = audit.table.row(statistic="true_positive_rate_difference", level=level)
        assert (row["estimate"], row["note"]) == (None, note)
    listed = [(one["statistic"], one["level"]) for one in audit.about["undefined"]]
    assert ("true_positive_rate", "b") in listed
    assert ("true_positive_rate_difference", "a") in listed


def test_rows_without_a_group_are_a_group_of_their_own() -> None:
    # fairlearn raises. Aequitas drops the rows and still prints a total of 8. AIF360 drops them with a warning.
    audit = audit_predictions(
        pd.DataFrame({"flag": [1, 0] * 4, "label": [1, 0] * 4, "group": ["a", "a", "a", "b", "b", "b", None, " "]}),
        flag="flag", label="label", groups=["group"],
    )  # fmt: skip
    counts = {row["level"]: row["n"] for row in audit.table.rows(statistic="count", group="group")}
    assert counts == {"a": 3, "b": 3, "not recorded": 2}
    assert audit.about["missing"]["group"] == 2
    assert any("2 of 8 rows have no 'group'" in note for note in audit.about["notes"])


def test_missing_labels_leave_flag_rates_whole_and_bound_the_rest() -> None:
    # fairlearn and Aequitas raise.
    table = _audited(flag=[1, 1, 0, 0, 1, 0], label=[1, 0, 1, 0, None, None], group=["a"] * 6)
    assert table.row(statistic="selection_rate", group="all")["n"] == 6
    rate = table.row(statistic="true_positive_rate", group="all")
    assert (rate["estimate"], rate["n"]) == (0.5, 2)
    # 1 of 2 found; the missing flagged one positive: 2 of 3; the missing unflagged one positive: 1 of 3
    bounds = table.row(statistic="true_positive_rate_bounds", group="all")
    assert (bounds["lower"], bounds["upper"]) == pytest.approx((1 / 3, 2 / 3))
    base = table.row(statistic="base_rate_bounds", group="all")
    assert (base["lower"], base["upper"]) == pytest.approx((2 / 6, 4 / 6))


def test_no_label_column_at_all_still_gives_flag_rates() -> None:
    # Aequitas: KeyError.
    table = _audited(flag=[1, 0, 0, 0], group=list("aabb"))
    assert table.row(statistic="selection_rate", level="a")["estimate"] == 0.5
    assert not table.rows(statistic="false_positive_rate")


def test_a_reference_rate_of_zero_gives_a_difference_and_no_invented_ratio() -> None:
    # Aequitas prints 10.0 as the disparity.
    table = _audited(flag=[1, 0, 0, 0], label=[0, 0, 0, 0], group=list("aabb"))
    row = table.row(statistic="false_positive_rate_difference", level="a")
    assert row["estimate"] == 0.5
    assert row["lower"] < 0.5 < row["upper"]
    ratio = table.row(statistic="false_positive_rate_ratio", level="a")
    assert (ratio["estimate"], ratio["upper"]) == (None, None)
    assert 0 < ratio["lower"] < 1  # where the score test puts it: 1 of 2 against 0 of 2 says next to nothing
    assert ratio["note"] == "the rate of everyone else is 0: a ratio has no upper end"


def test_data_that_are_not_there_are_one_clear_fault() -> None:
    # AIF360's CompasDataset() ends the process with sys.exit(1).
    with pytest.raises(BadInput, match="has no rows"):
        audit_predictions(pd.DataFrame({"flag": np.array([], int)}), flag="flag")


def test_all_of_four_found_has_a_lower_limit_of_40_percent() -> None:
    # fairlearn's bootstrap: [1, 1]. Exact: 0.025 ** (1 / 4).
    row = _audited(flag=[1] * 4, label=[1] * 4, group=["a"] * 4).row(statistic="true_positive_rate", group="group")
    assert (row["estimate"], row["upper"], row["n"]) == (1, 1, 4)
    assert row["lower"] == pytest.approx(0.025**0.25, rel=1e-12)
    assert round(row["lower"], 3) == 0.398


def test_a_missing_flag_is_not_a_no() -> None:
    # fairlearn counts it as not flagged: a selection rate of 0.5 for "a".
    audit = audit_predictions(
        pd.DataFrame({"flag": [1, None, 0, 1], "label": [1, 0, 1, 0], "group": list("aabb")}),
        flag="flag", label="label", groups=["group"],
    )  # fmt: skip
    row = audit.table.row(statistic="selection_rate", level="a")
    assert (row["estimate"], row["n"]) == (1, 1)
    assert audit.table.row(statistic="count", level="a")["n"] == 2
    assert audit.about["missing"]["flag"] == 1


def test_yes_and_no_in_words_are_counted() -> None:
    # fairlearn: a selection rate of 0 for both groups.
    table = _audited(flag=["yes", "no"], label=["yes", "no"], group=["a", "b"])
    rates = {row["level"]: row["estimate"] for row in table.rows(statistic="selection_rate", group="group")}
    assert rates == {"a": 1, "b": 0}


def test_a_group_whose_only_member_has_no_label_keeps_its_flag_rate() -> None:
    # fairlearn raises for every rate that needs a label.
    table = _audited(flag=[1, 0, 1], label=[1, 0, None], group=["a", "a", "b"])
    assert table.row(statistic="selection_rate", level="b")["estimate"] == 1
    for statistic in ("true_positive_rate", "false_positive_rate", "precision", "base_rate"):
        row = table.row(statistic=statistic, group="group", level="b")
        assert (row["estimate"], row["lower"], row["upper"], row["n"]) == (None, None, None, 0)
    # flagged, so it is a true positive if its label is yes, and of no true positive rate if it is no: 1 or nothing, and
    # that the one label is not known must not look like certainty
    bounds = table.row(statistic="true_positive_rate_bounds", level="b")
    assert (bounds["lower"], bounds["upper"]) == (None, None)
    assert "whatever they are, the rate in these cases is 1" in bounds["note"]
    assert table.row(statistic="precision_bounds", level="b")["lower"] == 0


def test_an_intersection_with_nobody_in_it_is_no_row_and_nobody_is_lost() -> None:
    # fairlearn: a row of NaN, its count too.
    audit = audit_predictions(
        pd.DataFrame({"flag": [1, 1, 0, 0], "one": list("aabb"), "two": list("xyxx")}),
        flag="flag", groups=["one", "two"], by_intersection=2,
    )  # fmt: skip
    counts = {row["level"]: row["n"] for row in audit.table.rows(statistic="count", group="one × two")}
    assert counts == {"a × x": 1, "a × y": 1, "b × x": 2}
    assert sum(counts.values()) == 4


def test_the_precision_of_nobody_flagged_is_not_0() -> None:
    # fairlearn with scikit-learn's precision: 0 for "b", with a warning, and so a difference of 1.
    frame = pd.DataFrame({"flag": [1, 0, 0, 0], "label": [1, 0, 1, 0], "group": list("aabb")})
    row = audit_predictions(frame, flag="flag", label="label", groups=["group"]).table.row(
        statistic="precision", level="b"
    )
    assert (row["estimate"], row["n"], row["note"]) == (None, 0, "no flagged cases with a label")
    found = rate_table(frame, flag="flag", label="label", groups=["group"])
    assert np.isnan(found.difference()["precision"])


def test_a_ratio_to_0_is_never_infinite() -> None:
    # fairlearn: the same. Aequitas divides by the reference and prints 10.0.
    frame = pd.DataFrame({"flag": [1, 0, 0, 0], "label": [0] * 4, "group": list("aabb")})
    found = rate_table(frame, flag="flag", label="label", groups=["group"])
    assert (found.ratio()["false_positive_rate"], found.difference()["false_positive_rate"]) == (0, 0.5)
    nobody = rate_table(frame.assign(flag=0), flag="flag", label="label", groups=["group"])
    assert np.isnan(nobody.ratio()["false_positive_rate"])
    assert nobody.difference()["false_positive_rate"] == 0


def test_two_rows_of_two_groups_show_no_gap_in_rates_that_only_one_has() -> None:
    # fairlearn: a true positive rate of 0 for "b", a difference of 1; precision likewise.
    frame = pd.DataFrame({"flag": [1, 0], "label": [1, 0], "group": ["a", "b"]})
    found = rate_table(frame, flag="flag", label="label", groups=["group"])
    assert found.by_group()["true_positive_rate"].isna().tolist() == [False, True]
    assert found.by_group()["false_positive_rate"].isna().tolist() == [True, False]
    assert found.difference()[["true_positive_rate", "false_positive_rate", "precision"]].isna().all()
    row = _audited(flag=[1, 0], label=[1, 0], group=["a", "b"]).row(statistic="true_positive_rate", group="all")
    assert (row["estimate"], row["n"]) == (1, 1)
    assert row["lower"] == pytest.approx(0.025)
