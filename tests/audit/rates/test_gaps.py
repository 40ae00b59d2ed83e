"""Gaps by hand, resamples against drawing rows, and gaps by chance against drawing counts."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from riskaudit.audit import Plan, Predictions, measure
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.gap_tables import GAPS, gap_tables
from riskaudit.audit.rates.gaps import bootstrap_gaps, gaps_by_chance
from riskaudit.audit.rates.rates import Shares
from riskaudit.audit.rates.resampling import resampled
from riskaudit.estimates import EstimateTable

SELECTION = GAPS[:1]


def _flags(flagged: dict[str, tuple[int, int]]) -> Predictions:
    """Return levels by how many of how many are flagged."""
    level = np.repeat(list(flagged), [n for _, n in flagged.values()])
    flags = np.concatenate([np.arange(n) < top for top, n in flagged.values()])
    return Predictions(None, flags, None, {"g": pd.Categorical(level, list(flagged))}, "row")


def _gaps(predictions: Predictions, **plan: object) -> EstimateTable:
    return EstimateTable.concat(gap_tables(Measurement(predictions, "m", Plan(**plan))))  # type: ignore[arg-type]


def test_a_gap_is_the_highest_level_less_the_lowest() -> None:
    table = _gaps(_flags({"a": (30, 100), "b": (45, 90), "c": (8, 80)}))
    gap, ratio = table.row(statistic="selection_rate_gap"), table.row(statistic="selection_rate_gap_ratio")
    assert (gap["group"], gap["level"], gap["reference"], gap["n"]) == ("g", "b", "c", 270)
    assert gap["estimate"] == pytest.approx(0.5 - 0.1)
    assert 0.2 < gap["lower"] < gap["estimate"] < gap["upper"] < 0.6
    assert gap["method"] == "bootstrap, 2,000 resamples of rows 95%"
    assert (ratio["level"], ratio["reference"], ratio["estimate"]) == ("b", "c", pytest.approx(0.1 / 0.5))
    assert 0 < ratio["lower"] < ratio["estimate"] < ratio["upper"] < 1


def test_a_level_without_cases_is_neither_the_highest_nor_the_lowest_and_is_counted() -> None:
    # 'd' has no positives: other tools give it a true-positive rate of 0, and so the widest gap
    level = np.repeat(["a", "b", "d"], 40)
    label = np.where(level == "d", 0.0, np.tile([1.0, 0.0], 60))
    flagged = np.where(level == "a", label == 1, np.arange(120) % 4 == 0)
    table = _gaps(Predictions(None, flagged, label, {"g": level}, "row"))
    row = table.row(statistic="true_positive_rate_gap")
    assert (row["level"], row["reference"], row["estimate"]) == ("a", "b", 0.5)
    assert row["note"] == "1 level has no cases"
    assert table.row(statistic="false_positive_rate_gap")["note"] == ""


def test_one_level_with_cases_makes_no_gap() -> None:
    for row in _gaps(_flags({"a": (3, 10)})).rows():
        assert (row["estimate"], row["lower"], row["method"]) == (None, None, "")
        assert row["note"] == "fewer than two levels have cases: there is no gap"


def test_resamples_that_are_all_alike_are_no_interval() -> None:
    table = _gaps(_flags({"a": (0, 10), "b": (0, 30)}))
    assert table.row(statistic="selection_rate_gap")["estimate"] == 0
    assert table.row(statistic="selection_rate_gap_ratio")["note"] == "all rates are 0: a ratio is not defined"
    for row in table.rows():
        assert (row["lower"], row["upper"], row["method"]) == (None, None, "")
        assert row["note"]


def test_nothing_is_measured_where_no_resamples_are_asked_for() -> None:
    assert not len(_gaps(_flags({"a": (3, 10), "b": (3, 9)}), resamples=0))


def test_resampled_counts_are_those_of_drawing_rows_with_replacement() -> None:
    predictions = _flags({"a": (3, 12), "b": (20, 25), "c": (0, 5)})
    measured = Measurement(predictions, "m", Plan(resamples=4_000))
    shares = Shares.of_rates(SELECTION, measured.layout.counts)
    top, n = np.split(
        np.concatenate(list(resampled(measured, np.concatenate([shares.counted, shares.of])).sums)), 2, axis=1
    )
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, 42, (4_000, 42))
    level = np.asarray(predictions.groups["g"].codes)[drawn]
    assert (n[:, 0, 0] == 42).all()
    for place in range(3):
        counts = ((level == place).sum(axis=1), ((level == place) & predictions.flagged[drawn]).sum(axis=1))
        for ours, theirs in zip((n[:, 0, place + 1], top[:, 0, place + 1]), counts, strict=True):
            error = max(theirs.std(), 0.05) * np.sqrt(2 / 4_000)
            assert abs(ours.mean() - theirs.mean()) < 4 * error
            assert ours.std() == pytest.approx(theirs.std(), rel=0.06)


def test_resampled_clusters_vary_as_clusters_do() -> None:
    # all of a cluster are alike, so that the flag rate varies as that of 30 cases does, and not as that of 300
    cluster = np.repeat(np.arange(30), 10)
    predictions = Predictions(None, cluster % 3 == 0, None, {"g": np.repeat(["a", "b"], 150)}, "row", cluster=cluster)
    measured = Measurement(predictions, "m", Plan(resamples=4_000))
    drawn = resampled(
        measured, np.concatenate([(shares := Shares.of_rates(SELECTION, measured.layout.counts)).counted, shares.of])
    )
    top, n = np.split(np.concatenate(list(drawn.sums)), 2, axis=1)
    assert drawn.method == "4,000 resamples of clusters with Poisson weights"
    assert (top[:, 0, 0] / n[:, 0, 0]).std() == pytest.approx(np.sqrt(1 / 3 * 2 / 3 / 30), rel=0.06)


def test_gaps_by_chance_are_those_of_levels_that_share_one_rate() -> None:
    flagged = {"a": (1, 12), "b": (20, 25), "c": (30, 200)}
    measured = Measurement(_flags(flagged), "m", Plan(resamples=4_000))
    ours = gaps_by_chance(measured, Shares.of_rates(SELECTION, measured.layout.counts))[:, 0, 0]
    rng, sizes = np.random.default_rng(2), np.array([12, 25, 200])
    shares = rng.binomial(sizes, 51 / 237, (4_000, 3)) / sizes
    theirs = shares.max(axis=1) - shares.min(axis=1)
    assert ours.mean() == pytest.approx(theirs.mean(), abs=4 * theirs.std() * np.sqrt(2 / 4_000))
    row = _gaps(_flags(flagged), resamples=4_000).row(statistic="selection_rate_gap_by_chance")
    assert (row["level"], row["reference"], row["estimate"]) == ("all", "no difference", pytest.approx(ours.mean()))
    assert (row["lower"], row["upper"]) == pytest.approx(tuple(np.quantile(ours, [0.025, 0.975])))


def test_with_many_thin_levels_a_wide_gap_is_shown_to_be_chance() -> None:
    rng = np.random.default_rng(4)
    table = _gaps(_flags({f"l{place:02}": (int(rng.binomial(10, 0.3)), 10) for place in range(40)}))
    gap, chance = (table.row(statistic=f"selection_rate_gap{of}") for of in ("", "_by_chance"))
    assert gap["estimate"] >= 0.5
    assert gap["lower"] < 0.1
    assert chance["lower"] < gap["estimate"] < chance["upper"]


def test_the_same_seed_gives_the_same_gaps_and_another_seed_others() -> None:
    predictions = _flags({"a": (3, 12), "b": (20, 25)})
    one, same, other = (_gaps(predictions, seed=seed).table for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


@pytest.mark.slow
@pytest.mark.parametrize(("levels", "spread"), [(2, 0.0), (5, 0.0), (12, 0.0), (5, 0.05), (12, 0.2)])
def test_the_interval_covers_the_true_gap_also_where_there_is_none(levels: int, spread: float) -> None:
    # 200 cases a level. The percentile interval of the same resamples never covers where five levels or more do not differ.
    rng = np.random.default_rng(6)
    worlds, inside, by_percentile = 300, 0, 0
    for world in range(worlds):
        true = np.clip(rng.choice([0.1, 0.3, 0.6]) + rng.normal(0, spread, levels), 0.02, 0.95)
        flags = _flags({f"l{place:02}": (int(top), 200) for place, top in enumerate(rng.binomial(200, true))})
        row = _gaps(flags, resamples=400, seed=world).row(statistic="selection_rate_gap")
        drawn = bootstrap_gaps(Measurement(flags, "m", Plan(resamples=400, seed=world)), SELECTION).difference[:, 0, 0]
        by_percentile += np.quantile(drawn, 0.025) <= np.ptp(true)
        inside += row["lower"] - 1e-12 <= np.ptp(true) <= row["upper"] + 1e-12
    if levels >= 5 and not spread:
        assert by_percentile == 0
    assert inside / worlds > 0.93 - 2 * np.sqrt(0.05 * 0.95 / worlds)


@pytest.mark.slow
def test_two_thousand_resamples_of_a_million_rows_take_less_than_three_seconds() -> None:
    # 62 cells, 6 rates; measured: 0.15 s plain, 2.0 s in families; the limit allows for a slow shared machine
    rng = np.random.default_rng(3)
    size = 1_000_000
    score = rng.random(size)
    groups = {name: pd.Categorical(rng.choice(list(of), size)) for name, of in
              {"one": "abcde", "two": "xy", "three": "pqrst"}.items()}  # fmt: skip
    label = (rng.random(size) < score).astype(float)
    measured = Measurement(Predictions(score, score > 0.9, label, groups, "row"), "m", Plan(by_intersection=3))
    assert measured.layout.size >= 62
    start = time.process_time()
    found = bootstrap_gaps(measured, GAPS)
    assert time.process_time() - start < 3
    assert found.difference.shape[:2] == (2_000, 6)


def test_gaps_stand_in_the_table_of_measures() -> None:
    found = {row["statistic"] for row in measure(_flags({"a": (3, 12), "b": (20, 25)}), "m", Plan(resamples=50)).rows()}
    assert {"selection_rate_gap", "selection_rate_gap_ratio", "selection_rate_gap_by_chance"} <= found
