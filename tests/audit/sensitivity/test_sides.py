"""Sums over clusters, against pairs counted one by one, and what they do to intervals."""

from __future__ import annotations

import numpy as np
import pytest

from riskaudit.audit import Plan, Predictions
from riskaudit.audit.measures.measurement import Measurement
from riskaudit.audit.sensitivity.shares import EXAMINED, difference, shares
from riskaudit.audit.sensitivity.sides import CELLS, everybody, sides


def _measured(size: int, cluster: object, times: int = 1, **plan: object) -> Measurement:
    rng = np.random.default_rng(11)
    group, label, flagged = rng.choice(list("abc"), size), rng.random(size) < 0.4, rng.random(size) < 0.3
    columns = (np.repeat(values, times) for values in (flagged, label.astype(float), group))
    flags, labels, groups = columns
    return Measurement(Predictions(None, flags, labels, {"g": groups}, "row", cluster), "m", Plan(**plan))  # type: ignore[arg-type]


@pytest.mark.parametrize("reference", [{}, {"g": "b"}])
def test_sums_are_those_counted_cluster_by_cluster(reference: dict) -> None:
    cluster = np.random.default_rng(5).integers(0, 40, 120) * 3
    measured = _measured(120, cluster, reference=reference)
    units, found = everybody(measured), sides(measured)
    assert found.crossed is not None
    levels = measured.predictions.groups["g"]
    for place, level in enumerate(["all", "a", "b", "c"]):
        reference_cell = measured.reference_cell[place]
        products, others, crossed = (np.zeros((CELLS, CELLS)) for _ in range(3))
        clusters = other_clusters = 0
        for one in np.unique(cluster):
            inside = (cluster == one) & ((levels == level) | (level == "all"))
            beside = (cluster == one) & (levels == "b" if reference_cell >= 0 else (levels != level) & (level != "all"))
            own, other = (np.bincount(measured.cell[kept], minlength=CELLS) for kept in (inside, beside))
            products += np.outer(own, own)
            others += np.outer(other, other)
            crossed += np.outer(own, other)
            clusters += inside.any()
            other_clusters += beside.any()
        assert np.array_equal(units.products[place], products)  # type: ignore[index]
        assert units.clusters[place] == clusters
        for at in np.flatnonzero(found.cells == place):
            assert np.array_equal(found.own.products[at], products)  # type: ignore[index]
            assert np.array_equal(found.other.products[at], others)  # type: ignore[index]
            assert np.array_equal(found.crossed[at], crossed)
            assert (found.own.clusters[at], found.other.clusters[at]) == (clusters, other_clusters)
    assert list(found.cells) == ([1, 3] if reference else [1, 2, 3])


def test_units_each_in_a_cluster_of_its_own_vary_as_units_alone() -> None:
    alone, own = sides(_measured(400, None)), sides(_measured(400, np.arange(400)))
    for rate in EXAMINED:
        one, other = (shares(rate, side.own, np.eye(CELLS), 0.95) for side in (alone, own))
        assert other.variance == pytest.approx(one.variance)
        assert (other.lower, other.upper) == (pytest.approx(one.lower), pytest.approx(one.upper))


def test_units_counted_twice_in_one_cluster_say_no_more_than_once() -> None:
    once = sides(_measured(400, None))
    twice = sides(_measured(400, np.repeat(np.arange(400), 2), times=2))
    for rate in EXAMINED:
        first, second = (shares(rate, side.own, np.eye(CELLS), 0.95) for side in (once, twice))
        assert second.value == pytest.approx(first.value)
        m = twice.own.clusters  # m / (m - 1) of clusters, over n / (n - 1) of n = 2 m units
        assert second.variance == pytest.approx(first.variance * m / (m - 1) * (2 * m - 1) / (2 * m))
        assert (second.upper - second.lower >= (first.upper - first.lower) - 1e-9).all()


def test_clusters_on_both_sides_of_a_difference_narrow_it() -> None:
    """Each family has one child in a and one in b, alike: what families share falls out of the difference."""
    rng = np.random.default_rng(2)
    family = np.repeat(np.arange(500), 2)
    flagged = np.repeat(rng.random(500) < 0.3, 2)
    groups = {"g": np.tile(["a", "b"], 500)}
    label = np.zeros(1_000)
    together, apart = (
        sides(Measurement(Predictions(None, flagged, label, groups, "row", cluster), "m", Plan()))
        for cluster in (family, None)
    )
    rate = next(one for one in EXAMINED if one.name == "false_positive_rate")
    widths = []
    for both in (together, apart):
        own, other = (shares(rate, side, np.eye(CELLS), 0.95) for side in (both.own, both.other))
        gap = difference(own, other, both.covariance(own.weights, other.weights))
        widths.append(float((gap.upper - gap.lower)[0]))
    assert widths[0] < 0.3 * widths[1]
