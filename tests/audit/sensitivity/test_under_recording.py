"""Wrong recording of labels: hand-worked cases, planted shares that are found again, and properties."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measuring import curves_of, estimates_of
from riskaudit.audit.sensitivity.under_recording import MODELS
from riskaudit.estimates import EstimateTable

# level -> (flagged, label) -> units
Cells = Mapping[str, Mapping[tuple[int, int], int]]


def _measured(cells: Cells, **plan: object) -> Measurement:
    rows = [(level, *cell) for level, table in cells.items() for cell, count in table.items() for _ in range(count)]
    levels, flagged, label = (np.array(column) for column in zip(*rows, strict=True))
    predictions = Predictions(None, flagged.astype(bool), label.astype(float), {"g": levels}, "row")
    return Measurement(predictions, "m", Plan(sensitivity=True, **plan))  # type: ignore[arg-type]


def _row(measured: Measurement, statistic: str, level: str = "a") -> dict:
    return estimates_of(measured).row(statistic=statistic, group="g", level=level)


# a: 30 of 100 negatives flagged. b: 20 of 100.
_A = {(1, 1): 20, (0, 1): 20, (1, 0): 30, (0, 0): 70}
_B = {(1, 1): 20, (0, 1): 20, (1, 0): 20, (0, 0): 80}


def test_the_share_that_makes_a_difference_vanish_worked_by_hand() -> None:
    # r more positives per recorded one: (30 - 20 r) / (100 - 40 r) = 0.2, so r = 10 / 12, and u = r / (1 + r) = 10 / 22
    row = _row(_measured({"a": _A, "b": _B}), "false_positive_rate_reversed_at")
    assert row["estimate"] == pytest.approx(10 / 22, abs=1e-12)
    assert (row["reference"], row["n"]) == ("everyone else", 100)
    assert 0 <= row["lower"] < row["estimate"] < row["upper"] <= 1


def test_only_among_the_unflagged_a_higher_rate_is_never_brought_down() -> None:
    # 30 / (100 - 20 r) only rises
    row = _row(_measured({"a": _A, "b": _B}), "false_positive_rate_reversed_at_unflagged")
    assert row["estimate"] is None
    assert row["note"].startswith("no amount reverses it: share of true positives among the unflagged")
    # in b: 20 / (100 - 20 r) = 0.3, so r = 5 / 3, and u = 5 / 8
    below = _row(_measured({"a": _A, "b": _B}), "false_positive_rate_reversed_at_unflagged", "b")
    assert below["estimate"] == pytest.approx(5 / 8, abs=1e-12)


def test_the_reference_can_be_wrong_in_place_of_the_level() -> None:
    measured = _measured({"a": _A, "b": _B})
    own = _row(measured, "false_positive_rate_reversed_at_unflagged", "b")
    other = _row(measured, "false_positive_rate_reversed_at_unflagged_in_reference", "a")
    assert other["estimate"] == pytest.approx(own["estimate"], abs=1e-12)
    assert "in the reference alone" in other["note"]


def test_positives_that_are_none_worked_by_hand() -> None:
    # of 30 positives of 100 in a and 20 in b, a third must be none
    cells = {"a": {(1, 1): 30, (0, 0): 70}, "b": {(1, 1): 20, (0, 0): 80}}
    row = _row(_measured(cells), "base_rate_reversed_at_over_recorded")
    assert row["estimate"] == pytest.approx(1 / 3, abs=1e-12)


def test_found_positives_as_a_share_do_not_change_with_labels_lost_alike() -> None:
    cells = {"a": _A, "b": {(1, 1): 30, (0, 1): 10, (1, 0): 20, (0, 0): 80}}
    row = _row(_measured(cells), "true_positive_rate_reversed_at")
    assert row["estimate"] is None
    assert row["note"].startswith("no amount reverses it: the rate does not change")


def test_a_difference_that_may_be_chance_says_so_and_its_share_starts_at_0() -> None:
    few = {
        "a": {cell: count // 10 for cell, count in _A.items()},
        "b": {cell: count // 10 for cell, count in _B.items()},
    }
    row = _row(_measured(few), "false_positive_rate_reversed_at")
    assert "the interval of the difference covers 0 already" in row["note"]
    assert row["lower"] == 0
    many = {
        "a": {cell: count * 100 for cell, count in _A.items()},
        "b": {cell: count * 100 for cell, count in _B.items()},
    }
    sure = _row(_measured(many), "false_positive_rate_reversed_at")
    assert "covers 0" not in sure["note"]
    assert sure["lower"] > 0.4


def test_no_more_positives_are_supposed_than_units_have_a_negative_label() -> None:
    # 5 flagged negatives cannot hold the positives that 80 recorded ones would need
    cells = {"a": {(1, 1): 80, (1, 0): 5, (0, 0): 15}, "b": {(1, 1): 99, (0, 0): 1}}
    row = _row(_measured(cells), "base_rate_reversed_at")
    assert row["estimate"] is None
    assert "no amount" in row["note"]


def test_nothing_that_no_amount_reverses_is_listed_as_not_estimable() -> None:
    from riskaudit.audit import audit_predictions

    frame = pd.DataFrame({"f": [1, 0, 1, 0] * 10, "y": [1, 1, 0, 0] * 10, "g": list("aabb") * 10})
    audit = audit_predictions(frame, flag="f", label="y", groups=["g"])
    assert audit.table.rows(statistic="false_positive_rate_reversed_at")
    assert not [one for one in audit.about["undefined"] if "_reversed_at" in one["statistic"]]


def test_only_where_asked() -> None:
    predictions = Predictions(None, np.array([1, 0]), np.array([1.0, 0.0]), {"g": np.array(["a", "b"])}, "row")
    table = estimates_of(Measurement(predictions, "m", Plan()))
    assert not [row for row in table.rows() if "_reversed_at" in row["statistic"]]


@pytest.mark.parametrize("model", [model for model in MODELS if model.suffix], ids=lambda model: model.curve)
def test_planted_shares_are_found(model: object) -> None:
    """Groups truly alike, one recorded wrongly by a known share: that share, and no other, makes them alike again."""
    truth = np.array([[640.0, 160.0], [80.0, 120.0]])  # label, flag
    planted = 0.25
    recorded = truth.copy()
    flags = [flag for flag in model.flags if flag < 2]  # type: ignore[attr-defined]
    if model.over:  # type: ignore[attr-defined]
        moved = truth[1, flags] / (1 - planted) - truth[1, flags]  # the share is of recorded positives
        recorded[1, flags] += moved
        recorded[0, flags] -= moved
    else:
        recorded[1, flags] -= planted * truth[1, flags]
        recorded[0, flags] += planted * truth[1, flags]
    cells = {
        level: {(flag, label): int(np.rint(30 * table[label, flag])) for label in (0, 1) for flag in (0, 1)}
        for level, table in (("a", recorded), ("b", truth))
    }
    table = estimates_of(_measured(cells))
    found = 0
    for rate in ("base_rate", "false_positive_rate", "true_positive_rate", "precision", "missed_per_1000"):
        row = table.row(statistic=rate + model.suffix, group="g", level="a")  # type: ignore[attr-defined]
        if row["estimate"] is not None:
            assert row["estimate"] == pytest.approx(planted, abs=1e-3)
            found += 1
    assert found >= 3


def test_at_the_share_found_the_difference_on_the_curve_is_zero() -> None:
    measured = _measured({"a": _A, "b": {(1, 1): 20, (0, 1): 20, (1, 0): 25, (0, 0): 75}})
    # (30 - 20 r) / (100 - 40 r) = 0.25: r = 0.5, u = 1 / 3; the difference changes sign between places 0.3 and 0.5
    row = _row(measured, "false_positive_rate_reversed_at")
    assert row["estimate"] == pytest.approx(1 / 3)
    curve = curves_of(measured).to_pandas().query(
        "curve == 'under_recording' and level == 'a' and statistic == 'false_positive_rate_difference'"
    )  # fmt: skip
    by_place = dict(zip(curve["at"], curve["estimate"], strict=True))
    assert by_place[0.0] == pytest.approx(0.05)
    assert by_place[0.3] > 0 > by_place[0.5]


def test_the_curves_start_at_what_is_recorded_and_leave_out_what_counts_do_not_allow() -> None:
    measured = _measured({"a": _A, "b": {(1, 1): 90, (1, 0): 5, (0, 1): 1, (0, 0): 4}})
    table, curve = estimates_of(measured), curves_of(measured).to_pandas()
    start = curve[(curve["at"] == 0) & (curve["reference"] == "")]
    for row in start.itertuples():
        plain = table.row(statistic=row.statistic, group=row.group, level=row.level)
        assert row.estimate == pytest.approx(plain["estimate"])
        assert row.n == plain["n"]
    places = curve.query("curve == 'under_recording' and level == 'b' and statistic == 'base_rate'")["at"]
    assert places.max() == 0.05  # 0.05 / 0.95 * 90 = 4.7 of 5 flagged negatives; 0.1 would need 10


def test_without_correction_an_interval_is_wilsons_and_a_differences_newcombes() -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

    curve = curves_of(_measured({"a": _A, "b": _B})).to_pandas()
    start = curve[(curve["at"] == 0) & (curve["level"] == "a") & (curve["curve"] == "under_recording")]
    rate = start[start["statistic"] == "false_positive_rate"].iloc[0]
    assert (rate["lower"], rate["upper"]) == pytest.approx(proportion_confint(30, 100, method="wilson"), abs=1e-12)
    gap = start[start["statistic"] == "false_positive_rate_difference"].iloc[0]
    wanted = confint_proportions_2indep(30, 100, 20, 100, method="newcomb", compare="diff")
    assert (gap["lower"], gap["upper"]) == pytest.approx(wanted, abs=1e-10)


# Properties ---------------------------------------------------------------------------------------------------------

_COUNT = st.integers(0, 40)
_TABLE = st.tuples(_COUNT, _COUNT, _COUNT, _COUNT)


def _cells(a: tuple, b: tuple) -> dict:
    keys = [(1, 1), (0, 1), (1, 0), (0, 0)]
    return {"a": dict(zip(keys, a, strict=True)), "b": dict(zip(keys, b, strict=True))}


def _rate(statistic: str, tp: float, fn: float, fp: float, tn: float) -> float:
    total = tp + fn + fp + tn
    return {
        "base_rate": lambda: (tp + fn) / total,
        "true_positive_rate": lambda: tp / (tp + fn),
        "false_positive_rate": lambda: fp / (fp + tn),
        "false_negative_rate": lambda: fn / (tp + fn),
        "precision": lambda: tp / (tp + fp),
        "false_flags_per_1000": lambda: fp / total,
        "missed_per_1000": lambda: fn / total,
    }[statistic]()


@settings(deadline=None, max_examples=30)
@given(_TABLE, _TABLE)
def test_every_root_makes_the_two_rates_equal_and_intervals_hold_it(a: tuple, b: tuple) -> None:
    if not sum(a) or not sum(b):
        return
    for row in estimates_of(_measured(_cells(a, b))).rows(group="g", level="a"):
        rate, _, kind = row["statistic"].partition("_reversed_at")
        if not kind and not row["statistic"].endswith("_reversed_at"):
            continue
        if row["estimate"] is None:
            assert row["note"]
            continue
        assert 0 <= row["estimate"] <= 1
        if row["lower"] is not None:
            assert row["lower"] - 1e-9 <= row["estimate"] <= row["upper"] + 1e-9
        own, other = (b, a) if kind.endswith("_in_reference") else (a, b)
        share, (tp, fn, fp, tn) = row["estimate"], own
        more = -share if "over_recorded" in kind else share / (1 - share)
        flagged = 0 if "unflagged" in kind else more
        true = (tp * (1 + flagged), fn * (1 + more), fp - tp * flagged, tn - fn * more)
        assert min(true) > -1e-6
        assert _rate(rate, *true) == pytest.approx(_rate(rate, *other), abs=1e-7)


@settings(deadline=None, max_examples=25)
@given(_TABLE, _TABLE)
def test_other_names_only_permute_the_rows(a: tuple, b: tuple) -> None:
    if not sum(a) or not sum(b):
        return

    def found(table: EstimateTable, level: str) -> list:
        return [
            (row["statistic"], row["estimate"], row["lower"], row["note"])
            for row in table.rows(group="g", level=level)
            if "reversed_at" in row["statistic"]
        ]

    one, other = estimates_of(_measured(_cells(a, b))), estimates_of(_measured(_cells(b, a)))
    assert found(one, "a") == found(other, "b")


@pytest.mark.slow
def test_intervals_cover_the_planted_share() -> None:
    """Two groups truly alike, 30% of one's positives unrecorded: 400 worlds of 3,000. Monte-Carlo error: 1.1 points."""
    hits: dict[str, list[bool]] = {}
    for world in range(400):
        rng = np.random.default_rng([7, world])
        group, label = rng.random(3_000) < 0.4, rng.random(3_000) < 0.35
        flagged = rng.random(3_000) < np.where(label, 0.5, 0.2)
        recorded = label & ~(group & (rng.random(3_000) < 0.3))
        predictions = Predictions(None, flagged, recorded.astype(float), {"g": np.where(group, "a", "b")}, "row")
        table = estimates_of(Measurement(predictions, "m", Plan(sensitivity=True)))
        for rate in ("base_rate", "false_positive_rate", "precision"):
            row = table.row(statistic=f"{rate}_reversed_at", level="a")
            known = row["lower"] is not None
            hits.setdefault(rate, []).append(known and row["lower"] <= 0.3 <= row["upper"])
    assert {rate: bool(np.mean(found) >= 0.92) for rate, found in hits.items()} == dict.fromkeys(hits, True)
