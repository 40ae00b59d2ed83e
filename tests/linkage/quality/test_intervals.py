"""Intervals of quality keep a family's records together: against a bootstrap of families, and against plain Wilson."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from riskaudit.estimates import ratio_variance, wilson, wilson_of_clusters
from riskaudit.linkage.quality.shares import PARTS, Counted, HarmonicMean, Share, measured

SHARE = Share("share", "hits", "cases", "cases")
OTHER = Share("other", "parts", "others", "others", PARTS)
BOTH = HarmonicMean("mean", SHARE, OTHER)


def table_of(columns):
    db = duckdb.connect(":memory:")
    import pyarrow as pa

    db.register("given", pa.table(columns))
    db.execute("CREATE TABLE counts AS FROM given")
    return Counted(db, "counts", "everyone", {"kind": "kind"}, "families")


@pytest.fixture(scope="module")
def families():
    rng = np.random.default_rng(5)
    size = 4000
    chance = rng.beta(2, 3, size)
    cases, others = rng.integers(1, 7, size), rng.integers(1, 5, size)
    return {
        "cluster": np.arange(size), "kind": rng.choice(["a", "b"], size), "cases": cases, "others": others,
        "hits": rng.binomial(cases, chance), "parts": np.rint(PARTS * others * np.clip(chance + 0.1, 0, 1)).astype(int),
    }  # fmt: skip


def test_standard_errors_are_those_of_a_bootstrap_of_families(families):
    found = measured(table_of(families), (SHARE, OTHER, BOTH))
    rng = np.random.default_rng(6)
    drawn = rng.multinomial(len(families["cases"]), np.full(len(families["cases"]), 1 / len(families["cases"])), 2000)
    p = (drawn @ families["hits"]) / (drawn @ families["cases"])
    r = (drawn @ families["parts"]) / PARTS / (drawn @ families["others"])
    for name, again in (("share", p), ("other", r), ("mean", 2 * p * r / (p + r))):
        row = found.row(statistic=name, group="all")
        # 2,000 draws fix a standard error to within 1.6% (one standard error): 4 of those
        assert row["std_error"] == pytest.approx(again.std(), rel=0.065)


def test_families_of_one_record_have_wilsons_interval():
    hits = np.array([1] * 30 + [0] * 70)
    counted = table_of({"cluster": np.arange(100), "kind": ["a"] * 100, "hits": hits, "cases": np.ones(100, int)})
    row = measured(counted, (SHARE,), 0.9).row(group="all")
    plain = wilson(0.3 * 99, 99, 0.9)
    assert (row["lower"], row["upper"]) == pytest.approx((float(plain.lower), float(plain.upper)))
    assert row["method"] == "Wilson 90%, families as clusters"


def test_records_that_go_wrong_together_make_the_interval_wider():
    together = table_of({"cluster": np.arange(50), "kind": ["a"] * 50, "hits": [4] * 10 + [0] * 40, "cases": [4] * 50})
    apart = table_of({"cluster": np.arange(200), "kind": ["a"] * 200, "hits": [1] * 40 + [0] * 160, "cases": [1] * 200})
    wide, narrow = (measured(one, (SHARE,)).row(group="all") for one in (together, apart))
    assert wide["estimate"] == narrow["estimate"] == 0.2
    # four records that always agree are worth one: twice the width, as 200 cases become 50
    assert (wide["upper"] - wide["lower"]) / (narrow["upper"] - narrow["lower"]) == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize(("hits", "ends"), [(0, (0.0, None)), (4, (None, 1.0))])
def test_none_or_all_of_the_records_count_as_many_cases_as_families(hits, ends):
    row = measured(
        table_of({"cluster": [1, 2, 3], "kind": ["a"] * 3, "hits": [hits] * 3, "cases": [4] * 3}), (SHARE,)
    ).row(group="all")
    plain = wilson(3 * hits / 4, 3)
    assert (row["lower"], row["upper"]) == pytest.approx((float(plain.lower), float(plain.upper)))
    assert all(wanted is None or row[name] == wanted for name, wanted in zip(("lower", "upper"), ends, strict=True))


def test_no_case_gives_no_estimate_and_says_why():
    row = measured(table_of({"cluster": [1], "kind": ["a"], "hits": [0], "cases": [0]}), (SHARE,)).row(group="all")
    assert (row["estimate"], row["std_error"], row["lower"], row["upper"], row["n"]) == (None, None, None, None, 0)
    assert row["note"] == "not defined: no cases"


def test_a_row_of_no_known_group_counts_for_everyone_and_for_no_level():
    counted = table_of({"cluster": [1, 2], "kind": ["a", None], "hits": [1, 0], "cases": [1, 1]})
    found = measured(counted, (SHARE,))
    assert [(row["group"], row["level"], row["n"]) for row in found.rows()] == [("all", "all", 2), ("kind", "a", 1)]


def test_the_order_of_rows_changes_no_bit(families):
    order = np.random.default_rng(7).permutation(len(families["cases"]))
    mixed = {name: values[order] for name, values in families.items()}
    one, other = (measured(table_of(columns), (SHARE, OTHER, BOTH)).table for columns in (families, mixed))
    assert one.equals(other)


def test_a_single_cluster_shows_no_variance():
    assert ratio_variance(1, 4, 2, 16, 8, 4) == 0
    interval = wilson_of_clusters(0.5, 0.0, 4, 1)
    plain = wilson(0.5, 1)
    assert (interval.lower, interval.upper) == (plain.lower, plain.upper)
