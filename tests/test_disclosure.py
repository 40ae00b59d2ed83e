"""What is withheld cannot be worked out: an adversary with the whole release copy, linear algebra and whole numbers tries."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from riskaudit.artefacts import ModelAudit
from riskaudit.audit import audit_predictions
from riskaudit.disclosure import WITHHELD_LEVEL, cell_counts, is_withheld, known_between, withhold, without
from riskaudit.errors import BadInput
from riskaudit.estimates import EstimateTable
from riskaudit.pipeline import release_copy

THRESHOLD = 10
WIDTH = 5  # what is promised: the ends of what can be known of a small count are at least so far apart
SMALL = {  # count -> the labels and flags that it sums over: 0 no, 1 yes, 2 missing
    "units": ((0, 1, 2), (0, 1, 2)), "flagged": ((0, 1, 2), (1,)), "not flagged": ((0, 1, 2), (0,)), "found": ((1,), (1,)),
    "missed": ((1,), (0,)), "flagged wrongly": ((0,), (1,)), "rightly not": ((0,), (0,)), "positive": ((1,), (0, 1, 2)),
    "negative": ((0,), (0, 1, 2)),
}  # fmt: skip
RELEASED = {  # statistic -> what it is the share of, and its n
    "selection_rate": (((0, 1, 2), (1,)), ((0, 1, 2), (0, 1))),
    "base_rate": (((1,), (0, 1, 2)), ((0, 1), (0, 1, 2))),
    "true_positive_rate": (((1,), (1,)), ((1,), (0, 1))),
    "false_positive_rate": (((0,), (1,)), ((0,), (0, 1))),
    "false_negative_rate": (((1,), (0,)), ((1,), (0, 1))),
    "true_negative_rate": (((0,), (0,)), ((0,), (0, 1))),
    "precision": (((1,), (1,)), ((0, 1), (1,))),
}


def predictions(seed: int, size: int = 400, missing: float = 0.1) -> pd.DataFrame:
    """Made-up rows in groups of very different sizes."""
    rng = np.random.default_rng(seed)

    def levels(names: str, skew: float) -> np.ndarray:
        share = skew ** np.arange(len(names))
        return rng.choice(list(names), size, p=share / share.sum())

    frame = pd.DataFrame(
        {"score": rng.random(size), "a": levels("pqrs", 0.35), "b": levels("xyz", 0.4), "c": levels("mn", 0.6)}
    )
    frame["label"] = (rng.random(size) < 0.1 + 0.4 * frame["score"]).astype(float)
    frame.loc[rng.random(size) < missing, "label"] = np.nan
    frame["flag"] = (frame["score"] > 0.7).astype(float)
    frame.loc[rng.random(size) < missing / 4, "flag"] = np.nan
    return frame


def audited(frame: pd.DataFrame, groups: str = "abc", by_intersection: int = 2, **more: Any) -> ModelAudit:
    asked = {"label": "label", "groups": list(groups), "flag": "flag", "by_intersection": by_intersection} | more
    return audit_predictions(frame, **asked)


class Adversary:
    """Knows the release copy and nothing else: writes down every equation that it gives, and solves in whole numbers."""

    def __init__(self, released: ModelAudit) -> None:
        self.rows = [row for row in released.table.table.to_pylist() if row["group"] != "score_band"]
        self.cells = list(
            dict.fromkeys((row["group"], row["level"]) for row in self.rows if row["statistic"] == "count")
        )
        self.at = {cell: place for place, cell in enumerate(self.cells)}
        left, right = zip(*self.equations(), strict=True)
        self.constraints = LinearConstraint(np.array(left), right, right)

    def sums(self, cell: tuple[str, str], over: tuple[tuple[int, ...], tuple[int, ...]]) -> np.ndarray:
        found = np.zeros((len(self.cells), 3, 3))
        for label in over[0]:
            found[self.at[cell], label, list(over[1])] = 1
        return found.ravel()

    def equations(self) -> Iterator[tuple[np.ndarray, float]]:
        for row in self.rows:
            cell = row["group"], row["level"]
            if row["suppressed"] or row["reference"]:
                continue
            if row["statistic"] == "count":
                yield self.sums(cell, SMALL["units"]), row["n"]
            elif row["statistic"] in RELEASED:
                top, of = RELEASED[row["statistic"]]
                yield self.sums(cell, of), row["n"]
                if row["n"]:
                    yield self.sums(cell, top), round(row["estimate"] * row["n"])
        yield from self.lines()

    def lines(self) -> Iterator[tuple[np.ndarray, float]]:
        """The levels of a group add up to everybody, and the parts of a level to the level: in each of nine states."""
        parts = {cell: dict(zip(cell[0].split(" × "), cell[1].split(" × "), strict=True)) for cell in self.cells}
        parts["all", "all"] = {}
        for parent, made in parts.items():
            for group in dict.fromkeys(cell[0] for cell in self.cells):
                inside = [cell for cell in self.cells if cell[0] == group and made.items() < parts[cell].items()]
                if inside and len(parts[inside[0]]) == len(made) + 1:
                    for state in range(9):
                        over = (state // 3,), (state % 3,)
                        yield sum(self.sums(cell, over) for cell in inside) - self.sums(parent, over), 0.0

    def ends(self, cell: tuple[str, str], over: tuple[tuple[int, ...], tuple[int, ...]]) -> tuple[int, int]:
        """The least and the most that a count can be, in whole numbers."""
        sought = self.sums(cell, over)
        found = [
            milp(
                sign * sought, constraints=self.constraints, integrality=np.ones(len(sought)), bounds=Bounds(0, np.inf)
            ).fun
            for sign in (1, -1)
        ]
        return round(found[0]), round(-found[1])


def small_counts(frame: pd.DataFrame, by_intersection: int, groups: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Every count from 1 to 9 of the private rows, counted from the rows themselves."""
    state = {name: frame[name].fillna(2).to_numpy(int) for name in ("label", "flag")}
    for size in range(1, by_intersection + 1):
        for chosen in combinations(groups, size):
            level = frame[list(chosen)].agg(" × ".join, axis=1).to_numpy()
            for one in np.unique(level):
                for name, (labels, flags) in SMALL.items():
                    many = ((level == one) & np.isin(state["label"], labels) & np.isin(state["flag"], flags)).sum()
                    if 0 < many < THRESHOLD:
                        yield (" × ".join(chosen), one), name


@pytest.mark.parametrize("seed", range(12))
def test_an_adversary_never_pins_down_a_small_count(seed: int) -> None:
    by_intersection, size = 1 + seed % 3, 250 + 120 * (seed % 5)
    frame = predictions(seed, size)
    adversary = Adversary(release_copy(audited(frame, by_intersection=by_intersection)))
    rng = np.random.default_rng(seed)
    found = list(small_counts(frame, by_intersection, "abc"))
    assert found
    for place in rng.permutation(len(found))[:12]:
        cell, name = found[place]
        low, high = adversary.ends(cell, SMALL[name])
        assert high - low >= WIDTH, (cell, name, low, high)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
def test_an_adversary_never_pins_down_any_small_count(seed: int) -> None:
    rng = np.random.default_rng(seed)
    by_intersection, groups = int(rng.integers(1, 4)), "abc"[: int(rng.integers(1, 4))]
    frame = predictions(seed, int(rng.integers(120, 2000)), missing=float(rng.choice([0, 0.1, 0.4])))
    adversary = Adversary(release_copy(audited(frame, groups, by_intersection)))
    for cell, name in small_counts(frame, min(by_intersection, len(groups)), groups):
        low, high = adversary.ends(cell, SMALL[name])
        assert high - low >= WIDTH, (cell, name, low, high)


def test_the_adversary_can_pin_down_what_primary_suppression_alone_withholds() -> None:
    """The attack has teeth: with only the small cells withheld, it finds them."""
    frame = pd.DataFrame(
        {"a": ["p"] * 50 + ["q"] * 47 + ["r"] * 3, "flag": ([1] * 20 + [0] * 30) + ([1] * 20 + [0] * 27) + [1, 1, 0]}
    )
    audit = audited(frame, "a", 1, label=None)
    hidden = np.array([row["level"] == "r" for row in audit.table.table.to_pylist()])
    leaking = ModelAudit(EstimateTable(without(audit.table.table, hidden)), audit.about)
    assert Adversary(leaking).ends(("a", "r"), SMALL["flagged"]) == (2, 2)
    low, high = Adversary(release_copy(audit)).ends(("a", "r"), SMALL["flagged"])
    assert high - low >= WIDTH


def counts_of(rows: dict[str, tuple[int, int]]) -> ModelAudit:
    """An audit without labels: level -> flagged and not flagged."""
    frame = pd.DataFrame(
        [(level, flag) for level, (yes, no) in rows.items() for flag in [1] * yes + [0] * no], columns=["a", "flag"]
    )
    return audited(frame, "a", 1, label=None)


def withheld_levels(audit: ModelAudit) -> set[str]:
    return {row["level"] for row in release_copy(audit).table.rows(statistic="selection_rate") if row["suppressed"]}


@pytest.mark.parametrize(
    ("rows", "gone"),
    [
        ({"p": (40, 60), "q": (20, 30), "r": (15, 20)}, set()),
        ({"p": (40, 60), "q": (20, 30), "r": (3, 20)}, {"q", "r"}),  # q is the smaller of those that could hide r
        ({"p": (40, 60), "q": (20, 30), "r": (3, 5)}, {"q", "r"}),
        ({"p": (40, 60), "q": (20, 30), "r": (12, 0)}, {"q", "r"}),  # everybody in r is flagged
        ({"p": (40, 60), "q": (20, 30), "r": (0, 12)}, set()),  # a zero is about nobody
        (
            {"p": (40, 60), "q": (20, 30), "r": (3, 20), "s": (3, 20)},
            {"q", "r", "s"},
        ),  # 6 of r and s together are few too
        ({"p": (40, 60), "r": (3, 20)}, {"p", "r"}),
    ],
)
def test_small_levels_are_withheld_and_others_with_them(rows: dict[str, tuple[int, int]], gone: set[str]) -> None:
    assert withheld_levels(counts_of(rows)) == gone


def test_the_counts_behind_a_table_are_the_rows_that_were_counted() -> None:
    frame = predictions(5)
    cells = cell_counts(audited(frame).table.table, ["a", "b", "c"])
    state = frame[["label", "flag"]].fillna(2).astype(int)
    for (group, level), found in zip(cells.names, cells.states, strict=True):
        kept = np.ones(len(frame), bool)
        if group != "all":
            for name, value in zip(group.split(" × "), level.split(" × "), strict=True):
                kept &= (frame[name] == value).to_numpy()
        counted = np.zeros((3, 3), int)
        np.add.at(counted, (state["label"][kept], state["flag"][kept]), 1)
        assert (found == counted).all(), (group, level)


def test_a_withheld_row_has_no_number_and_says_nothing_of_why() -> None:
    released = release_copy(audited(predictions(3), score="score"))
    rows = [row for row in released.table.table.to_pylist() if row["suppressed"]]
    assert rows
    assert {row["note"] for row in rows} == {
        "withheld: it rests on too few cases, or would give away a number that does"
    }
    assert all(row[name] is None for row in rows for name in ("estimate", "lower", "upper", "std_error"))
    assert {(row["n"], row["method"]) for row in rows} == {(0, "")}
    shown = {
        (row["statistic"], row["group"], row["level"])
        for row in released.table.table.to_pylist()
        if not row["suppressed"]
    }
    assert all((one["statistic"], one["group"], one["level"]) in shown for one in released.about["undefined"])


def row_of(statistic: str, level: str, reference: str = "", n: int = 50) -> EstimateTable:
    return EstimateTable.build(
        subject="s", statistic=statistic, group="a", level=level, reference=reference, estimate=0.3, n=n
    )


@pytest.mark.parametrize(
    ("statistic", "level", "reference", "n", "hidden"),
    [
        ("selection_rate_difference", "p", "everyone else", 50, False),
        ("selection_rate_difference", "p", "r", 50, True),  # p's rate is shown, so the difference would tell r's
        ("selection_rate_ratio", "r", "p", 50, True),
        ("selection_rate_gap", "p", "q", 50, True),  # r and another are withheld: they lie between
        ("selection_rate_worst_off", "p", "everyone else", 50, True),
        ("true_positive_rate_reweighted", "p", "", 50, True),  # rests on a column whose counts nobody sees
        ("true_positive_rate_reweighted_difference", "p", "q", 50, True),
        ("true_positive_rate_reversed_at_screened_out", "p", "q", 50, True),
        ("something_new", "p", "", 9, True),
        ("mean_prediction", "p", "", 50, False),
        ("score_quantile_50", "p", "", 50, False),
        ("score_quantile_05", "p", "", 50, True),  # two or three people lie below it
        ("score_quantile_05", "p", "", 200, False),
        ("selection_rate", "nobody", "", 50, True),
    ],
)
def test_what_would_tell_a_withheld_number_is_withheld(
    statistic: str, level: str, reference: str, n: int, hidden: bool
) -> None:
    audit = counts_of({"p": (40, 160), "q": (20, 30), "r": (3, 20)})
    cells = cell_counts(audit.table.table, ["a"])
    row = row_of(statistic, level, reference, n).table
    assert is_withheld(row, cells, withhold(cells, THRESHOLD)).tolist() == [hidden]


def test_a_gap_that_is_withheld_does_not_name_the_level_that_stands_out() -> None:
    blank = without(row_of("selection_rate_gap", "p", "q").table, np.array([True])).to_pylist()[0]
    assert (blank["level"], blank["reference"], blank["estimate"]) == (WITHHELD_LEVEL, WITHHELD_LEVEL, None)


def test_where_nothing_could_be_shown_nothing_is_released() -> None:
    with pytest.raises(BadInput, match="fewer than 10 rows are flagged"):
        release_copy(counts_of({"p": (3, 100), "q": (2, 100)}))


def test_notes_and_missing_values_do_not_tell_what_the_table_withholds() -> None:
    frame = predictions(1)
    frame.loc[:3, "a"] = None
    audit = audited(frame, "a", 1)
    released = release_copy(audit)
    assert audit.about["missing"]["a"] == 4
    assert released.about["missing"]["a"] == "withheld"
    assert any("4 of 400" in note for note in audit.about["notes"])
    assert not any(any(sign.isdigit() for sign in note) for note in released.about["notes"])


def test_a_note_of_a_number_that_is_shown_does_not_count_too_few() -> None:
    frame = pd.DataFrame({"score": np.tile([0.2, 0.4, 0.6, 0.8], 100), "label": np.repeat([0, 1, 1, 0, 0], 80)})
    frame.loc[:2, "score"] = 1.0  # three people: no log-odds
    audit = audit_predictions(frame, score="score", label="label", flag_at=0.5)
    private = [row["note"] for row in audit.table.table.to_pylist() if row["statistic"] == "calibration_slope"]
    assert "3 of 400" in private[0]
    released = release_copy(audit)
    told = [row["note"] for row in released.table.table.to_pylist() if row["statistic"] == "calibration_slope"]
    assert "some of 400" in told[0]
    assert "3 of" not in told[0]
    assert not any("3 of 400" in one["note"] for one in released.about["undefined"])


def test_a_share_of_what_is_missing_is_withheld_wherever_few_lack_it() -> None:
    frame = predictions(1, missing=0)
    frame.loc[:2, "label"] = np.nan
    released = release_copy(audited(frame, "c", 1)).table.table.to_pylist()
    missing = [row for row in released if row["statistic"].startswith("label_missing_rate")]
    assert missing
    assert all(row["suppressed"] and row["estimate"] is None for row in missing)
    assert any(row["statistic"] == "base_rate" and not row["suppressed"] for row in released)


def banded(near: int) -> ModelAudit:
    """Return an audit with bands of 50 to 55 cases in ten; `near` with the outcome score between 0.85 and the line of 0.9."""
    score = np.repeat(np.arange(0.05, 1, 0.1), 100)
    label = np.tile(np.repeat([0, 1], 50), 10)
    flag = score > 0.9
    flag[np.flatnonzero((score < 0.9) & (score > 0.8) & (label == 1))[:near]] = True
    frame = pd.DataFrame({"score": score, "label": label, "flag": flag.astype(int)})
    return audit_predictions(frame, score="score", label="label", flag="flag")


@pytest.mark.parametrize(("near", "shown"), [(0, True), (4, False), (20, True)])
def test_score_bands_are_not_shown_where_the_flagged_lie_too_near_their_edges(near: int, shown: bool) -> None:
    rows = release_copy(banded(near)).table.rows(group="score_band")
    assert rows
    assert {not row["suppressed"] for row in rows} == {shown}


def test_intersections_whose_names_are_not_clear_are_withheld_alone() -> None:
    frame = predictions(1, 2000).rename(columns={"c": "m × n"})
    cells = cell_counts(audit_predictions(
        frame, label="label", flag="flag", groups=["b", "m × n"], by_intersection=2
    ).table.table, ["b", "m × n"])  # fmt: skip
    found = withhold(cells, THRESHOLD)
    assert cells.unclear.any()
    assert found.all_counts[cells.unclear].all()
    assert not found.all_counts[0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=6), st.sampled_from([3, 5, 10, 20])
)
def test_levels_of_one_group_hide_each_other(rows: list[tuple[int, int]], threshold: int) -> None:
    named = {f"l{place}": row for place, row in enumerate(rows) if sum(row)}
    flagged, unflagged = (sum(row[side] for row in named.values()) for side in (0, 1))
    if flagged < threshold or unflagged < threshold:
        return
    cells = cell_counts(counts_of(named).table.table, ["a"])
    gone = withhold(cells, threshold)
    hidden = gone.all_counts
    assert hidden.sum() != 1
    for name in ("units", "flagged", "not flagged"):
        count = cells.counts[name]
        assert not ((count > 0) & (count < threshold) & ~hidden).any()
        together = count[hidden].sum()
        assert together == 0 or together >= threshold
        sought = [(int(cell), name) for cell in np.flatnonzero(hidden & (count > 0) & (count < threshold))]
        low, high = known_between(cells, hidden, gone.label_counts, sought).T
        assert (high - low >= threshold // 2).all()
