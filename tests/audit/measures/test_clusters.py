"""Clusters: sums over them against pandas, variances against statsmodels, and what cases are worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from riskaudit.audit import Plan, Predictions, measure
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.rates.comparisons import Compared
from riskaudit.audit.rates.rates import RATES, Shares


def _families(seed: int = 3, size: int = 600, alike: float = 0.4) -> Predictions:
    """Return children in families of 1 to 5 of two levels, a fourth of families with children in both."""
    rng = np.random.default_rng(seed)
    family = np.sort(rng.integers(0, size // 3, size))
    home = rng.integers(0, 2, size)[family]
    straddles = (rng.random(size) < 0.25)[family]
    level = np.where(straddles, rng.integers(0, 2, size), home)
    shared = rng.random(size) < np.sqrt(alike)
    draw = np.where(shared, rng.random(size)[family], rng.random(size))
    label = np.where(rng.random(size) < 0.05, np.nan, rng.random(size) < 0.3)
    groups = {"g": np.array(["a", "b"])[level], "h": rng.choice(["x", "y", "z"], size)}
    return Predictions(None, draw < 0.3 + 0.1 * level, label, groups, "child", cluster=family * 7 + 11)


def test_moments_are_sums_over_clusters_of_products_of_counts() -> None:
    predictions = _families()
    measured = Measurement(predictions, "m", Plan(by_intersection=2, reference={"g": "b"}))
    moments, layout = measured.moments, measured.layout
    assert moments is not None
    for cell, (group, level) in enumerate(zip(layout.group, layout.level, strict=True)):
        if group not in ("all", "g", "h"):
            continue
        inside = np.ones(600, bool) if group == "all" else predictions.groups[group] == level
        other = predictions.groups["g"] == "b" if group == "g" else np.zeros(600, bool)
        tables = [
            pd.crosstab(predictions.cluster, np.where(chosen, measured.cell, -1)).reindex(
                columns=range(9), fill_value=0
            )
            for chosen in (inside, np.ones(600, bool), other)
        ]
        own, everybody, reference = (table.to_numpy() for table in tables)
        assert np.array_equal(moments.within[cell], own.T @ own)
        assert np.array_equal(moments.with_everybody[cell], own.T @ everybody)
        assert np.array_equal(moments.with_reference[cell], own.T @ reference)


@pytest.mark.parametrize("reference", [{}, {"g": "b"}])
def test_the_variance_of_a_difference_is_statsmodels_cluster_robust_one(reference: dict[str, str]) -> None:
    # ordinary least squares of the flag on the level, cluster-robust without small-sample factors, is the same linearisation.
    # What both sides are worth then gives that variance, but for both factors m / (m - 1).
    predictions = _families(size=3_000)
    measured = Measurement(predictions, "m", Plan(reference=reference))
    found = Compared.of(measured, RATES[:1], measured.reference_cell)
    place = [measured.layout.level[cell] for cell in found.cells].index("a")
    top, n, other_top, other_n = (one[0, place] for one in found.worth_of_difference)
    ours = top / n * (1 - top / n) / n + other_top / other_n * (1 - other_top / other_n) / other_n
    inside = sm.add_constant((predictions.groups["g"] == "a").astype(float))
    fitted = sm.OLS(predictions.flagged.astype(float), inside).fit(
        cov_type="cluster", cov_kwds={"groups": predictions.cluster, "use_correction": False}
    )
    assert ours == pytest.approx(fitted.cov_params()[1, 1], rel=0.005)


def test_units_that_are_their_own_clusters_have_the_plain_intervals() -> None:
    plain = _families()
    alone = Predictions(None, plain.flagged, plain.label, plain.groups, "child", cluster=np.arange(600)[::-1])
    none = Predictions(None, plain.flagged, plain.label, plain.groups, "child")
    for by_intersection in (1, 2):
        plan = Plan(by_intersection=by_intersection, resamples=0, reference={"g": "b"})
        one, other = (measure(each, "m", plan).frame() for each in (alone, none))
        assert one["method"].str.endswith(", clusters kept together").any()
        one["method"] = one["method"].str.removesuffix(", clusters kept together")
        pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-9)


def test_clusters_of_cases_that_are_all_alike_count_as_one_case_each() -> None:
    flagged = np.repeat([True, False, False, True, False], 20)
    predictions = Predictions(None, flagged, None, {}, "child", cluster=np.repeat(np.arange(5), 20))
    measured = Measurement(predictions, "m", Plan())
    assert Shares.of_rates(RATES[:1], measured.layout.counts).worth(measured)[0] == pytest.approx([5])
    row = measure(predictions, "m", Plan()).row(statistic="selection_rate")
    single = Predictions(None, flagged[::20], None, {}, "child")
    expected = measure(single, "m", Plan()).row(statistic="selection_rate")
    assert (row["lower"], row["upper"]) == pytest.approx((expected["lower"], expected["upper"]))
    assert (row["n"], row["method"]) == (100, "exact binomial 95%, clusters kept together")


def test_nobody_of_a_few_clusters_is_no_more_evidence_than_as_many_cases() -> None:
    predictions = Predictions(None, np.zeros(40, bool), None, {}, "child", cluster=np.repeat([0, 1], 20))
    row = measure(predictions, "m", Plan()).row(statistic="selection_rate")
    assert (row["lower"], row["upper"]) == pytest.approx((0, 1 - 0.025 ** (1 / 2)))


def test_the_order_of_rows_and_the_numbers_of_clusters_do_not_matter() -> None:
    one = _families()
    order = np.random.default_rng(8).permutation(600)
    groups = {name: values[order] for name, values in one.groups.items()}
    assert one.label is not None
    assert one.cluster is not None
    renumbered = np.unique(-one.cluster[order], return_inverse=True)[1]
    other = Predictions(None, one.flagged[order], one.label[order], groups, "child", cluster=renumbered)
    plan = Plan(by_intersection=2, resamples=40)
    pd.testing.assert_frame_equal(
        measure(one, "m", plan).frame(), measure(other, "m", plan).frame(), rtol=1e-9, atol=1e-9
    )
