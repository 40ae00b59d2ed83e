"""Rates corrected for wrong links: planted rates undone exactly, what they ask too much of, and every fault of the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskaudit.audit import audit_predictions
from riskaudit.errors import BadInput
from riskaudit.estimates import EstimateTable

_TRUTH = {"a": np.array([[600, 200], [80, 120]]), "b": np.array([[700, 100], [100, 100]])}  # label, flag
_MISSED, _FALSE = {"a": 0.25, "b": 0.1}, {"a": 0.0, "b": 0.1}


def _frame(tables: dict[str, np.ndarray]) -> pd.DataFrame:
    rows = [(level, flag, label) for level, table in tables.items() for label in (0, 1) for flag in (0, 1)
            for _ in range(int(np.rint(table[label, flag])))]  # fmt: skip
    return pd.DataFrame(rows, columns=["g", "flag", "label"])


def _recorded() -> dict[str, np.ndarray]:
    """What is recorded once a share of positives is missed, and a share of those recorded is about somebody else."""
    found = {}
    for level, table in _TRUTH.items():
        positives = table[1] * (1 - _MISSED[level]) / (1 - _FALSE[level])
        found[level] = np.array([table.sum(axis=0) - positives, positives])
    return found


def _links(**changed: object) -> pd.DataFrame:
    rows = [
        ("all agencies", statistic, "g", level, rate)
        for statistic, rates in (("missed_match_rate", _MISSED), ("false_match_rate", _FALSE))
        for level, rate in rates.items()
    ]
    return pd.DataFrame(rows, columns=["subject", "statistic", "group", "level", "estimate"]).assign(**changed)


def _audited(frame: pd.DataFrame, links: object, **asked: object) -> EstimateTable:
    return audit_predictions(frame, flag="flag", label="label", groups=["g"], linkage_error=links, **asked).table  # type: ignore[arg-type]


def test_planted_rates_of_wrong_links_are_undone_exactly() -> None:
    found, true = _audited(_frame(_recorded()), _links()), _audited(_frame(_TRUTH), None)
    for rate in ("base_rate", "true_positive_rate", "false_positive_rate", "precision", "false_flags_per_1000"):
        for level in ("a", "b"):
            wanted = true.row(statistic=rate, group="g", level=level)["estimate"]
            row = found.row(statistic=f"{rate}_linkage_corrected", group="g", level=level)
            assert row["estimate"] == pytest.approx(wanted, abs=1e-12)
            assert row["lower"] < wanted < row["upper"]
    gap = found.row(statistic="false_positive_rate_linkage_corrected_difference", level="a")
    assert gap["estimate"] == pytest.approx(200 / 800 - 100 / 800)
    assert gap["reference"] == "everyone else"


def test_with_two_levels_everyone_else_and_the_other_level_are_one() -> None:
    frame = _frame(_recorded())
    rest, named = _audited(frame, _links()), _audited(frame, _links(), reference={"g": "b"})
    for rate in ("base_rate", "false_positive_rate", "precision"):
        one, other = (table.row(statistic=f"{rate}_linkage_corrected_difference", level="a") for table in (rest, named))
        assert (one["estimate"], one["lower"], one["upper"]) == pytest.approx(
            (other["estimate"], other["lower"], other["upper"])
        )


def test_a_correction_widens_the_interval_and_none_leaves_wilsons() -> None:
    frame = _frame(_recorded())
    none = _audited(frame, _links(estimate=0.0)).row(statistic="base_rate_linkage_corrected", level="a")
    some = _audited(frame, _links()).row(statistic="base_rate_linkage_corrected", level="a")
    plain = _audited(frame, None).row(statistic="base_rate", group="g", level="a")
    assert (none["lower"], none["upper"]) == pytest.approx((plain["lower"], plain["upper"]))
    assert some["upper"] - some["lower"] > none["upper"] - none["lower"]


@pytest.mark.parametrize("reference", [{}, {"g": "b"}])
def test_clusters_of_one_change_nothing_and_units_counted_twice_say_what_they_say_once(reference: dict) -> None:
    frame = _frame(_recorded())
    frame = frame.assign(own=np.arange(len(frame))[::-1])
    alone, own, twice = (
        _audited(rows, _links(), reference=reference, cluster=cluster)
        for rows, cluster in ((frame, None), (frame, "own"), (pd.concat([frame, frame]), "own"))
    )
    for statistic in ("base_rate_linkage_corrected", "base_rate_linkage_corrected_difference",
                      "false_positive_rate_linkage_corrected_difference", "precision_linkage_corrected_difference"):  # fmt: skip
        first, same, doubled = (table.row(statistic=statistic, level="a") for table in (alone, own, twice))
        for end in ("estimate", "lower", "upper"):
            assert same[end] == pytest.approx(first[end], abs=1e-9)
            assert doubled[end] == pytest.approx(
                first[end], abs=2e-4
            )  # 2m - 1 over 2m - 2 in variances, of 1,000 clusters
        assert same["method"] == f"{first['method']}, clusters kept together"


def test_a_family_in_several_levels_is_one_on_both_sides() -> None:
    """Every family has a child in each of three levels, all alike: what they share falls out of the differences."""
    rng = np.random.default_rng(2)
    family, level = np.repeat(np.arange(600), 3), np.tile(["a", "b", "c"], 600)
    flag, label = (np.repeat(rng.random(600) < share, 3).astype(int) for share in (0.3, 0.2))
    frame = pd.DataFrame({"flag": flag, "label": label, "g": level, "family": family})
    links = pd.DataFrame(
        [
            ("x", name, "g", one, rate)
            for name, rate in (("missed_match_rate", 0.1), ("false_match_rate", 0.0))
            for one in "abc"
        ],
        columns=["subject", "statistic", "group", "level", "estimate"],
    )
    together, apart = (_audited(frame, links, cluster=cluster) for cluster in ("family", None))
    for statistic in ("base_rate", "false_positive_rate"):
        wide, narrow = (
            table.row(statistic=f"{statistic}_linkage_corrected_difference", level="a") for table in (apart, together)
        )
        assert narrow["estimate"] == pytest.approx(0, abs=1e-12)
        assert narrow["upper"] - narrow["lower"] < 0.2 * (wide["upper"] - wide["lower"])


def test_rates_that_ask_for_more_positives_than_there_are_cases_give_no_estimate_and_say_so() -> None:
    frame = pd.DataFrame(
        {"g": ["a"] * 10 + ["b"] * 10, "flag": [1] * 10 + [0, 1] * 5, "label": [1] * 9 + [0] + [0, 1] * 5}
    )
    table = _audited(frame, _links())
    row = table.row(statistic="base_rate_linkage_corrected", level="a")  # 9 / 0.75 = 12 of 10
    assert (row["estimate"], row["lower"]) == (None, None)
    assert row["note"] == "no estimate: these rates of wrong links ask for more positives than there are cases"
    assert not table.rows(statistic="base_rate_linkage_corrected_difference")


def test_levels_without_rates_are_named_and_left_as_they_are() -> None:
    frame = _frame(_recorded() | {"c": _TRUTH["a"]})
    audit = audit_predictions(frame, flag="flag", label="label", groups=["g"], linkage_error=_links())
    assert {row["level"] for row in audit.table.rows(statistic="base_rate_linkage_corrected")} == {"a", "b"}
    assert not audit.table.rows(statistic="base_rate_linkage_corrected_difference")
    assert any("None are given for g 'c'." in note for note in audit.about["notes"])


def test_a_table_of_riskaudits_own_is_read_and_other_rows_are_left_alone() -> None:
    own = EstimateTable.build(
        subject="all agencies",
        statistic=["missed_match_rate", "false_match_rate", "missed_match_rate", "recall", "missed_match_rate"],
        group=["g", "g", "g", "g", "age"],
        level=["a", "a", "b", "b", "0-4"],
        estimate=[0.25, 0.0, 0.1, 0.9, 0.5],
        n=10,
    )
    row = _audited(_frame(_recorded()), own).row(statistic="base_rate_linkage_corrected", level="a")
    assert row["estimate"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (_links().drop(columns="level"), "linkage_error: has no column 'level'"),
        (_links(statistic="recall"), "linkage_error: has no rows of missed_match_rate or false_match_rate"),
        (_links(subject=["gp", "school"] * 2), "has rates of several subjects: gp, school"),
        (_links(estimate=1.0), "missed_match_rate of 'g' 'a' is no share"),
        (_links(estimate=["x"] * 4), "missed_match_rate of 'g' 'a' is no share"),
        (_links(estimate=-0.1), "is no share"),
        (pd.concat([_links(), _links()]), "missed_match_rate of 'g' 'a' stands twice"),
        (_links(level=["A", "b", "A", "b"]), "level 'A' is not in the predictions"),
        (_links(group="h"), "has none of the groups: it has h"),
    ],
)
def test_every_fault_of_the_table_says_what_is_allowed(links: pd.DataFrame, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        _audited(_frame(_TRUTH), links)
    assert said in str(caught.value)


def test_a_level_that_is_only_absent_is_no_fault() -> None:
    frame = _frame({"a": _TRUTH["a"]})
    frame.loc[0, "g"] = None
    assert _audited(frame, _links()).rows(statistic="base_rate_linkage_corrected", level="a")
