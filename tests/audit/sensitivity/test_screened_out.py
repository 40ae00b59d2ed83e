"""Labels known only of those somebody looked into: hand-worked cases, a planted odds ratio, and coverage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskaudit.audit import Plan, Predictions, audit_predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.measuring import curves_of, estimates_of
from riskaudit.audit.rates.rates import RATES
from riskaudit.audit.sensitivity.screened_out import screened_out_tables
from riskaudit.estimates import EstimateTable


def _repeated(rows: list[tuple]) -> list[np.ndarray]:
    """Rows of (times, ...) as columns."""
    return [np.array(column) for column in zip(*[row for times, *row in rows for _ in range(times)], strict=True)]


def _measured(rows: list[tuple], **plan: object) -> Measurement:
    """Rows of (times, score, flagged, label or nan, level)."""
    score, flagged, label, level = _repeated(rows)
    predictions = Predictions(score, flagged.astype(bool), label.astype(float), {"g": level}, "row")
    return Measurement(predictions, "m", Plan(sensitivity=True, **{"bands": 2} | plan))  # type: ignore[arg-type]


_UNKNOWN = float("nan")
# flagged, high scores: 8 of 10 known are positive, 10 unknown. unflagged, low scores: 2 of 10 known positive, 30 unknown.
_HALF_KNOWN = [
    (8, 0.9, 1, 1.0, "a"), (2, 0.9, 1, 0.0, "a"), (10, 0.9, 1, _UNKNOWN, "a"),
    (2, 0.1, 0, 1.0, "a"), (8, 0.1, 0, 0.0, "a"), (30, 0.1, 0, _UNKNOWN, "a"),
]  # fmt: skip


def test_reweighting_worked_by_hand() -> None:
    # expected positives: 20 * 0.8 = 16 flagged, 40 * 0.2 = 8 not; negatives: 4 flagged, 32 not
    table = estimates_of(_measured(_HALF_KNOWN))
    wanted = {"true_positive_rate": 16 / 24, "false_positive_rate": 4 / 36, "precision": 0.8, "base_rate": 24 / 60,
              "missed_per_1000": 1000 * 8 / 60}  # fmt: skip
    for rate, value in wanted.items():
        row = table.row(statistic=f"{rate}_reweighted", group="all")
        assert row["estimate"] == pytest.approx(value)
        assert row["lower"] < value < row["upper"]
    assert table.row(statistic="true_positive_rate_reweighted", group="all")["n"] == 10
    assert table.row(statistic="true_positive_rate", group="all")["estimate"] == pytest.approx(8 / 10)  # as recorded


def test_where_the_odds_differ_worked_by_hand() -> None:
    # odds of 4 and 1/4 become 8 and 1/2: 8/9 of 10 and 1/3 of 30
    curve = curves_of(_measured(_HALF_KNOWN)).to_pandas()
    row = curve.query("curve == 'screened_out' and at == 2 and statistic == 'true_positive_rate' and group == 'all'")
    found, missed = 8 + 10 * 8 / 9, 2 + 30 / 3
    assert row["estimate"].item() == pytest.approx(found / (found + missed))


def test_the_ends_are_manskis_with_chance_added() -> None:
    table = estimates_of(_measured(_HALF_KNOWN))
    row, plain = (
        table.row(statistic=f"true_positive_rate_{kind}", group="all") for kind in ("screened_bounds", "bounds")
    )
    # fewest found: no unknown flagged one is positive, all unflagged are: 8 of 40. most: 18 of 20
    assert (plain["lower"], plain["upper"]) == pytest.approx((8 / 40, 18 / 20))
    assert row["lower"] < plain["lower"] < plain["upper"] < row["upper"]
    assert "lies between 0.2 and 0.9" in row["note"]
    assert row["estimate"] is None


def test_a_stratum_without_a_known_label_gives_no_estimate_but_ends() -> None:
    rows = [*_HALF_KNOWN[:3], (40, 0.1, 0, _UNKNOWN, "a")]
    table = estimates_of(_measured(rows))
    row = table.row(statistic="true_positive_rate_reweighted", group="all")
    assert row["estimate"] is None
    assert "no label is known in 1 of its strata of score band and flag, with 40 cases" in row["note"]
    assert row["lower"] < 16 / 56  # all 40 positive
    assert row["upper"] == pytest.approx(1)  # none
    # what rests on the flagged alone is not touched
    assert table.row(statistic="precision_reweighted", group="all")["estimate"] == pytest.approx(0.8)


def test_the_label_of_somebody_nobody_looked_into_is_not_known() -> None:
    frame = pd.DataFrame(
        {"s": [0.9] * 20 + [0.1] * 40, "y": [1] * 8 + [0] * 2 + [0] * 10 + [1] * 2 + [0] * 8 + [0] * 30,
         "look": [1] * 10 + [0] * 9 + [None] + [1] * 10 + [0] * 30, "g": "a"}
    )  # fmt: skip
    audit = audit_predictions(frame, score="s", label="y", groups=["g"], flag_at=0.5, screened="look", bands=2)
    row = audit.table.row(statistic="true_positive_rate_reweighted", group="all")
    assert row["estimate"] == pytest.approx(16 / 24)
    assert audit.table.row(statistic="true_positive_rate", group="all")["estimate"] == pytest.approx(8 / 10)
    (note,) = (note for note in audit.about["notes"] if "looked into" in note)
    assert note.startswith("39 of 60 rows were not looked into, and of 1 it is not said whether.")


def test_where_all_labels_are_known_there_is_nothing_to_say() -> None:
    complete = [row for row in _HALF_KNOWN if row[3] == row[3]]
    names = {row["statistic"] for row in estimates_of(_measured(complete)).rows()}
    assert not [name for name in names if "reweighted" in name or "screened" in name]


def test_a_planted_odds_ratio_is_found() -> None:
    """b's unknown are as its known; a's have twice the odds; the two are truly alike."""
    known_odds, ratio = 1 / 4, 2.0  # a: 20 of 100 known; its unknown 1/3
    both = (20 + 300 / 3) / 400
    rows = [
        (20, 0.5, 1, 1.0, "a"), (80, 0.5, 1, 0.0, "a"), (300, 0.5, 1, _UNKNOWN, "a"),
        (int(both * 1000), 0.5, 1, 1.0, "b"), (int((1 - both) * 1000), 0.5, 1, 0.0, "b"), (1000, 0.5, 1, _UNKNOWN, "b"),
    ]  # fmt: skip
    assert known_odds == 20 / 80
    table = estimates_of(_measured(rows))
    row = table.row(statistic="base_rate_reversed_at_screened_out_alone", level="a")
    assert row["estimate"] == pytest.approx(ratio, abs=1e-6)
    # at the root, the curve's difference is zero
    curve = curves_of(_measured(rows)).to_pandas()
    gap = curve.query(
        "curve == 'screened_out_alone' and at == 2 and level == 'a' and statistic == 'base_rate_difference'"
    )
    assert gap["estimate"].item() == pytest.approx(0, abs=1e-9)
    alike = table.row(statistic="base_rate_reversed_at_screened_out", level="a")
    assert alike["estimate"] != pytest.approx(ratio, abs=0.1)


def test_where_nothing_reverses_it_the_note_says_so() -> None:
    rows = [(10, 0.5, 1, 1.0, "a"), (90, 0.5, 1, 0.0, "a"), (10, 0.5, 1, _UNKNOWN, "a"),
            (90, 0.5, 1, 1.0, "b"), (10, 0.5, 1, 0.0, "b"), (10, 0.5, 1, _UNKNOWN, "b")]  # fmt: skip
    row = estimates_of(_measured(rows)).row(statistic="base_rate_reversed_at_screened_out", level="a")
    assert row["estimate"] is None
    assert row["note"].startswith("nothing from 1/20 to 20 times reverses it")


_UNIT = st.tuples(
    st.sampled_from([0.1, 0.4, 0.6, np.nan]),
    st.sampled_from([0.0, 1.0, np.nan]),
    st.sampled_from([0.0, 1.0, np.nan, np.nan]),
    st.sampled_from(["a", "b"]),
)


def _table(units: list[tuple]) -> EstimateTable:
    score, flagged, label, level = (np.array(column) for column in zip(*units, strict=True))
    predictions = Predictions(score, flagged, label, {"g": level}, "row")
    return EstimateTable.concat(screened_out_tables(Measurement(predictions, "m", Plan(sensitivity=True, bands=3))))


@settings(deadline=None, max_examples=20)
@given(st.lists(_UNIT, min_size=2, max_size=50), st.randoms(use_true_random=False))
def test_order_never_matters_and_estimates_lie_within_their_ends(units: list, random: object) -> None:
    shuffled = list(units)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found, other = _table(units), _table(shuffled)
    pd.testing.assert_frame_equal(found.frame(), other.frame(), rtol=1e-9, atol=1e-9)
    for rate in RATES:
        if not rate.needs_label:
            continue
        ends = {(row["group"], row["level"]): row for row in found.rows(statistic=f"{rate.name}_screened_bounds")}
        for row in found.rows(statistic=f"{rate.name}_reweighted"):
            end = ends[row["group"], row["level"]]
            if row["estimate"] is not None:
                assert end["lower"] - 1e-9 <= row["estimate"] <= end["upper"] + 1e-9
                assert row["lower"] - 1e-9 <= row["estimate"] <= row["upper"] + 1e-9
                assert row["lower"] < row["upper"]


@pytest.fixture(scope="module")
def screened_world() -> Callable[[int, int], Predictions]:
    """Labels that are missing at random within ten scores, two levels and the flag; the true rates are known."""

    def make(seed: int, size: int) -> Predictions:
        rng = np.random.default_rng([23, seed])
        a, tenth = rng.random(size) < 0.4, rng.integers(0, 10, size)
        flagged = tenth >= 7
        known = rng.random(size) < 0.2 + 0.05 * tenth + 0.1 * a
        label = (rng.random(size) < 0.05 + 0.05 * tenth + 0.1 * a).astype(float)
        groups = {"g": np.where(a, "a", "b")}
        return Predictions(tenth / 10 + 0.05, flagged, np.where(known, label, np.nan), groups, "row")

    return make


def _true_rates(a: int) -> dict[str, float]:
    tenth = np.arange(10)
    chance, flagged = 0.05 + 0.05 * tenth + 0.1 * a, tenth >= 7
    return {
        "base_rate": float(chance.mean()),
        "true_positive_rate": float((chance * flagged).sum() / chance.sum()),
        "false_positive_rate": float(((1 - chance) * flagged).sum() / (1 - chance).sum()),
        "precision": float(chance[flagged].mean()),
    }


@pytest.mark.slow
def test_reweighted_intervals_cover_the_true_rates_and_recorded_ones_do_not(screened_world: Callable) -> None:
    """300 worlds of 2,000 units: 95% nominal, 92 to 98% found (Monte-Carlo error 1.3 points), 93 to 97% on average."""
    hits: dict[str, list[bool]] = {}
    recorded = []
    true = {"a": _true_rates(1), "b": _true_rates(0)}
    for world in range(300):
        measured = Measurement(screened_world(world, 2_000), "m", Plan(sensitivity=True))
        table = estimates_of(measured).frame().query("group == 'g'").set_index(["statistic", "level"])
        for rate in true["a"]:
            for level in ("a", "b"):
                row = table.loc[(f"{rate}_reweighted", level)]
                hits.setdefault(f"{rate} {level}", []).append(row["lower"] <= true[level][rate] <= row["upper"])
            gap = table.loc[(f"{rate}_reweighted_difference", "a")]
            wanted = true["a"][rate] - true["b"][rate]
            hits.setdefault(f"{rate} difference", []).append(gap["lower"] <= wanted <= gap["upper"])
        plain = table.loc[("base_rate", "b")]
        recorded.append(plain["lower"] <= true["b"]["base_rate"] <= plain["upper"])
    cover = {name: float(np.mean(found)) for name, found in hits.items()}
    assert all(0.915 <= share <= 0.985 for share in cover.values()), cover
    assert 0.93 <= np.mean(list(cover.values())) <= 0.97, cover
    assert np.mean(recorded) < 0.5
