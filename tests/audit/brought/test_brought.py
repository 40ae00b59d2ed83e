"""Anybody's predictions: what is read, what is counted, and every fault at once."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from riskaudit.audit import audit_predictions
from riskaudit.errors import BadInput


def _faults(frame: pd.DataFrame, **asked: object) -> list[str]:
    with pytest.raises(BadInput) as caught:
        audit_predictions(frame, **asked)  # type: ignore[arg-type]
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "p": [0.9, 0.8, 0.8, 0.3, 0.2, 0.1],
            "y": [1, 0, 1, 0, 1, 0],
            "tenure": ["rented", "owned", "rented", "owned", "owned", "rented"],
        }
    )


def test_text_from_a_csv_gives_the_same_audit_as_numbers(frame: pd.DataFrame) -> None:
    asked = {"score": "p", "label": "y", "groups": ["tenure"], "flag_at": 0.5}
    text = audit_predictions(frame.astype(str), **asked)
    pd.testing.assert_frame_equal(audit_predictions(frame, **asked).estimates, text.estimates)


@pytest.mark.parametrize(
    "words", [("yes", "no"), ("TRUE", "False"), ("1", "0"), (" Yes ", "NO"), (True, False), (1.0, 0.0)]
)
def test_yes_and_no_can_be_written_in_many_ways(frame: pd.DataFrame, words: tuple) -> None:
    wanted = audit_predictions(frame, label="y", flag="y").estimates
    frame["y"] = pd.Series([words[0] if value else words[1] for value in frame["y"]])
    pd.testing.assert_frame_equal(audit_predictions(frame, label="y", flag="y").estimates, wanted)


def test_flag_at_flags_that_score_and_above(frame: pd.DataFrame) -> None:
    audit = audit_predictions(frame, score="p", flag_at=0.3)
    assert audit.about["flagged"] == {"p": 4}
    assert audit.about["flag_rule"] == "score of 0.3 or above"


def test_flag_top_flags_all_who_tie_at_the_cut_and_says_how_many_more(frame: pd.DataFrame) -> None:
    audit = audit_predictions(frame, score="p", flag_top=1 / 3)
    assert audit.about["flagged"] == {"p": 3}
    assert "1 more than the 2 asked for are flagged: their score ties at the cut of 0.8." in audit.about["notes"]


def test_flag_top_counts_the_rows_that_have_a_score() -> None:
    frame = pd.DataFrame({"p": [0.4, None, 0.3, None, 0.2, 0.1]})
    audit = audit_predictions(frame, score="p", flag_top=0.5)
    assert audit.about["flagged"] == {"p": 2}
    assert audit.about["missing"] == {"p": 2}
    assert any("2 of 6 rows have no 'p' and are not flagged" in note for note in audit.about["notes"])
    assert audit.table.row(statistic="selection_rate")["n"] == 6


def test_missing_flags_are_left_out_of_flag_rates_and_counted() -> None:
    audit = audit_predictions(pd.DataFrame({"f": ["yes", "", "no", None]}), flag="f")
    assert audit.table.row(statistic="selection_rate")["n"] == 2
    assert audit.about["missing"] == {"f": 2}


def test_about_says_what_was_audited_and_is_json(frame: pd.DataFrame) -> None:
    about = audit_predictions(frame, score="p", label="y", groups=["tenure"], flag_at=0.5, source="mine.csv").about
    assert json.loads(json.dumps(about)) == about
    assert (about["source"], about["unit"], about["rows"], about["labels"]) == ("mine.csv", "row", 6, ["y"])
    assert about["groups"] == ["tenure"]
    assert about["synthetic"] is None


def test_the_subject_is_the_score_against_the_label(frame: pd.DataFrame) -> None:
    assert set(audit_predictions(frame, score="p", label="y", flag_at=0.5).estimates["subject"]) == {"p:y"}
    assert set(audit_predictions(frame, flag="y").estimates["subject"]) == {"y"}


def test_the_users_frame_is_not_changed(frame: pd.DataFrame) -> None:
    before = frame.copy()
    audit_predictions(frame, score="p", label="y", groups=["tenure"], flag_top=0.2)
    pd.testing.assert_frame_equal(frame, before)


def test_an_index_of_the_users_own_changes_nothing(frame: pd.DataFrame) -> None:
    asked = {"score": "p", "label": "y", "groups": ["tenure"], "flag_at": 0.5}
    other = frame.set_axis([5, 5, 5, 1, 0, 9])
    pd.testing.assert_frame_equal(
        audit_predictions(frame, **asked).estimates, audit_predictions(other, **asked).estimates
    )


# Faults -------------------------------------------------------------------------------------------------------------


def test_every_fault_is_listed_at_once_with_rows_as_a_spreadsheet_numbers_them() -> None:
    frame = pd.DataFrame(
        {
            "p": ["0.5", "high", "", "inf", "0,7"],
            "y": ["1", "maybe", "0", "", "2"],
            "f": ["yes", "no", "x", "", "no"],
        }
    )
    faults = _faults(frame, score="p", label="y", flag="f", groups=["tenur"], source="mine.csv")
    assert [fault.splitlines()[0] for fault in faults] == [
        "mine.csv: has no column 'tenur'",
        "mine.csv, column 'p': rows 3, 6: not a number ('high', '0,7')",
        "mine.csv, column 'p': row 5: not a finite number ('inf')",
        "mine.csv, column 'y': rows 3, 6: neither yes nor no ('maybe', '2')",
        "mine.csv, column 'f': row 4: neither yes nor no ('x')",
    ]


def test_at_most_ten_rows_are_named() -> None:
    faults = _faults(pd.DataFrame({"p": ["x"] * 1_234}), score="p", flag_at=0.5)
    assert faults[0].startswith(
        "predictions, column 'p': rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 1,224 more: not a number ('x')"
    )


def test_the_first_row_can_have_another_number() -> None:
    assert "row 10" in _faults(pd.DataFrame({"p": ["x"]}), score="p", flag_at=0.5, first_row=10)[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"score": "p"}, "needs exactly one rule; none is given"),
        ({}, "needs exactly one rule; none is given"),
        ({"score": "p", "flag_at": 0.5, "flag_top": 0.1}, "flag_at and flag_top is given"),
        ({"flag_at": 0.5}, "flag_at and flag_top need a score"),
        ({"score": "p", "flag_top": 5.0}, "flag_top is 5.0"),
        ({"score": "p", "flag_at": np.nan}, "flag_at is nan"),
        ({"flag": "y", "confidence": 95.0}, "is 95.0"),
        ({"flag": "y", "bands": 1}, "is 1"),
        ({"flag": "y", "groups": ["Tenure"]}, "did you mean 'tenure'?"),
    ],
)
def test_a_request_that_cannot_be_met_says_what_is_allowed(frame: pd.DataFrame, asked: dict, said: str) -> None:
    assert said in "\n".join(_faults(frame, **asked))


def test_an_id_is_not_a_group() -> None:
    frame = pd.DataFrame({"f": [0, 1] * 600, "id": [f"u{number}" for number in range(1_200)]})
    assert "has more than 1,000 different values" in _faults(frame, flag="f", groups=["id"])[0]


@pytest.mark.parametrize("name", ["all", "score_band"])
def test_a_group_may_not_have_a_name_that_the_table_uses(name: str) -> None:
    assert (
        f"a group column is called '{name}'"
        in _faults(pd.DataFrame({"f": [1], name: ["x"]}), flag="f", groups=[name])[0]
    )


def test_two_columns_of_one_name_are_a_fault() -> None:
    frame = pd.DataFrame([[1, 0]], columns=["f", "f"])
    assert "has more than one column called 'f'" in _faults(frame, flag="f")[0]


# Hostile frames -----------------------------------------------------------------------------------------------------


def test_scores_that_are_all_missing_flag_nobody_and_say_so() -> None:
    audit = audit_predictions(pd.DataFrame({"p": [np.nan] * 3, "y": [0, 1, 1]}), score="p", label="y", flag_top=0.5)
    assert audit.about["flagged"] == {"p": 0}
    row = audit.table.row(statistic="roc_auc")
    assert (row["estimate"], row["note"]) == (None, "no cases with a score and a label")


def test_one_row_one_group_one_label_is_still_an_audit() -> None:
    audit = audit_predictions(
        pd.DataFrame({"p": [0.5], "y": [1], "g": ["a"]}), score="p", label="y", groups=["g"], flag_at=0.1
    )
    row = audit.table.row(statistic="true_positive_rate", group="g")
    assert (row["estimate"], row["upper"], row["n"]) == (1, 1, 1)
    assert row["lower"] == pytest.approx(0.025)  # exact: 0.025 ** (1 / 1)
    difference = audit.table.row(statistic="selection_rate_difference")
    assert (difference["estimate"], difference["note"]) == (None, "no cases with a flag among everyone else")


def test_formulas_as_group_names_stay_text() -> None:
    frame = pd.DataFrame({"f": [0, 1, 1], "g": ["=cmd()", "@SUM(1)", "<b>"]})
    levels = [
        row["level"]
        for row in audit_predictions(frame, flag="f", groups=["g"]).table.rows(statistic="count", group="g")
    ]
    assert levels == ["<b>", "=cmd()", "@SUM(1)"]


@pytest.mark.parametrize("values", [pd.Series(["a", "b"], dtype="category"), pd.to_datetime(["2024-01-01"] * 2)])
def test_a_score_that_is_no_number_in_any_type_is_a_fault(values: object) -> None:
    assert "not a number" in _faults(pd.DataFrame({"p": values}), score="p", flag_at=0.5)[0]


@pytest.mark.parametrize("dtype", ["Float64", "float32", "category", "object", "string"])
def test_scores_of_any_type_are_read(dtype: str) -> None:
    frame = pd.DataFrame({"p": pd.Series([0.5, 0.25, None], dtype=object).astype("Float64").astype(dtype)
                          if dtype != "float32" else pd.Series([0.5, 0.25, np.nan], dtype=dtype)})  # fmt: skip
    assert audit_predictions(frame, score="p", flag_at=0.3).about == audit_predictions(
        pd.DataFrame({"p": [0.5, 0.25, np.nan]}), score="p", flag_at=0.3
    ).about  # fmt: skip


@pytest.mark.parametrize("dtype", [object, "string", "category"])
def test_cells_that_say_not_recorded_are_counted_with_empty_ones_and_the_audit_says_so(dtype: str) -> None:
    says = pd.Series(["not recorded", " not recorded ", None, "", "owned", "Not recorded"], dtype=dtype)
    audit = audit_predictions(pd.DataFrame({"f": [1, 0, 1, 0, 1, 0], "tenure": says}), flag="f", groups=["tenure"])
    assert audit.about["missing"]["tenure"] == 4
    (note,) = (note for note in audit.about["notes"] if "tenure" in note)
    assert note == (
        "4 of 6 rows have no 'tenure': they are the level \"not recorded\". "
        "In 2 of them the cell says so in words, and is not empty."
    )


def test_where_no_cell_says_not_recorded_nothing_is_said_of_it(frame: pd.DataFrame) -> None:
    frame.loc[0, "tenure"] = None
    audit = audit_predictions(frame, score="p", flag_at=0.5, groups=["tenure"])
    (note,) = (note for note in audit.about["notes"] if "tenure" in note)
    assert note == "1 of 6 rows have no 'tenure': they are the level \"not recorded\"."
