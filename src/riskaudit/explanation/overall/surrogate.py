"""What simple rule imitates the model, and how faithfully: a surrogate points list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.artefacts import Feature, RiskModel
from riskaudit.estimates import EstimateTable, ratio_variance, wilson_of_clusters
from riskaudit.explanation.overall.points import PointsToImitate, lists_of
from riskaudit.explanation.weighing import Weighing, estimate_columns, family_draws
from riskaudit.seeds import stream

__all__ = ["SIZES", "Imitated", "Imitation", "imitate"]

SIZES = (3, 6, 10)
"""At most how many indicators each list has."""
_LEARNT_FROM, _TESTED_ON = 5_000, 10_000  # children at most, so that time does not grow with the study
_DRAWS = 200


@dataclass(frozen=True, eq=False)
class Imitated:
    """The children whom a list learns from (those of training families), and those whom it is tried on (test families')."""

    training: np.ndarray
    """Feature values of the children of training families, in the card's order."""
    test: np.ndarray
    families: np.ndarray
    """Each test child's family."""
    flagged: np.ndarray
    """Whether the model flags each test child's family, or the child where there is no roll-up."""


@dataclass(frozen=True, eq=False)
class Imitation:
    """Points lists as JSON, and how faithful each is (tidy)."""

    lists: list[dict[str, Any]]
    estimates: EstimateTable


def imitate(
    model: RiskModel, features: tuple[Feature, ...], children: Imitated, *, confidence: float, seed: int
) -> Imitation:
    """Return points lists of at most 3, 6 and 10 indicators that imitate a model, and how faithful each is.

    Learnt from the model's own output (`RiskModel.margin`) for children of training families, never from an outcome; tried
    on test families. Rows (subject: the model; group: `indicators`): `surrogate_flags_shared`, the share of what the model
    flags that the list flags too at the same number of flags, where units with the line's points share the places left
    (Wilson); `surrogate_rank_correlation` (Spearman) and `surrogate_r2`, of the model's output over test children, with
    percentile intervals over families drawn with replacement. A list is what imitates the model, not how the model works.

    Parameters
    ----------
    model, features
        The model, and the catalogue's entries of its card's features.
    children
        Whom a list learns from, and whom it is tried on; beyond 5,000 and 10,000 a draw of them.
    confidence
        Nominal coverage, 0 to 1.
    seed
        Children and families are drawn with the key ``explanation/surrogate``, the model's id.
    """
    draw = stream(seed, "explanation/surrogate", model.card.id)
    training = children.training[np.sort(draw.permutation(len(children.training))[:_LEARNT_FROM])]
    found = (
        sorted(lists_of(training, model.margin(training), SIZES), key=lambda one: one.asked) if len(training) else []
    )
    trial = _Trial(model, children, confidence, draw)
    rows = [row for one in found for row in trial.rows(one)]
    lists = [
        {
            "indicators": one.asked,
            "points": [line.as_json(features) for line in one.indicators],
            "learnt_from": len(training),
        }
        for one in found
    ]
    return Imitation(lists, EstimateTable.concat(EstimateTable.build(**row) for row in rows))


class _Trial:
    """One model's test children, on whom lists are tried."""

    def __init__(self, model: RiskModel, children: Imitated, confidence: float, draw: np.random.Generator) -> None:
        self._model, self._children = model, children
        self._few = _of_so_many_families(children.families, draw)
        self._margin = model.margin(children.test[self._few])
        self._weighing = Weighing(np.ones(len(self._margin)), children.families[self._few], confidence)
        # the same draws of families for every list, so that lists are compared on the same families
        self._drawn = family_draws(self._weighing, _DRAWS, draw)

    def rows(self, tried: PointsToImitate) -> list[dict[str, Any]]:
        """Return the columns of how faithful a list is."""
        points = tried.points(self._children.test)
        few = points[self._few]
        names = {"subject": self._model.card.id, "group": "indicators", "level": str(tried.asked)}
        ranks, error = _Spearman(self._margin, few), self._margin - (tried.intercept + tried.slope * few)
        return [
            names | {"statistic": "surrogate_flags_shared"} | self._flags_shared(points),
            names | {"statistic": "surrogate_rank_correlation"} | self._drawn_again(ranks),
            names | {"statistic": "surrogate_r2"} | self._drawn_again(lambda weights: self._r2(error, weights)),
        ]

    def _flags_shared(self, points: np.ndarray) -> dict[str, Any]:
        flagged, shared, families = _units(self._children, points, self._model.card.settings)
        _, cluster = np.unique(families, return_inverse=True)
        whole, part = (np.bincount(cluster, one) for one in (flagged.astype(float), shared * flagged))
        cases, clusters = float(whole.sum()), int((whole > 0).sum())
        share = part.sum() / cases if cases else np.nan
        sums = ((whole**2).sum(), (whole * part).sum(), (part**2).sum())
        variance = ratio_variance(clusters, cases, part.sum(), *sums)
        interval = wilson_of_clusters(share, variance, cases, clusters, self._weighing.confidence)
        return {
            "estimate": [share],
            "lower": [interval.lower],
            "upper": [interval.upper],
            "n": int(cases),
            "method": f"{interval.method}, families as clusters; those with the line's points share the places left",
            "note": "" if cases else "the model flags nobody",
        }

    def _drawn_again(self, of: Callable[[np.ndarray], np.ndarray]) -> dict[str, Any]:
        return estimate_columns(of, self._weighing, self._drawn)

    def _r2(self, error: np.ndarray, weights: np.ndarray) -> np.ndarray:
        total = weights.sum(axis=1)
        mean = weights @ self._margin / total
        spread = weights @ self._margin**2 / total - mean**2
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(spread > 0, 1 - weights @ error**2 / total / spread, np.nan)


class _Spearman:
    """Spearman's rank correlation of two numbers under any weights, ties having the mean of their ranks."""

    def __init__(self, one: np.ndarray, other: np.ndarray) -> None:
        self._codes = [np.unique(numbers.round(9), return_inverse=True)[1] for numbers in (one, other)]

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        """Return one correlation per row of weights."""
        total = weights.sum(axis=1, keepdims=True)
        one, other = (self._ranks(codes, weights) for codes in self._codes)
        one, other = (ranks - (weights * ranks).sum(axis=1, keepdims=True) / total for ranks in (one, other))
        product, squares = ((weights * one * other).sum(axis=1), [(weights * r**2).sum(axis=1) for r in (one, other)])
        with np.errstate(divide="ignore", invalid="ignore"):
            found: np.ndarray = product / np.sqrt(squares[0] * squares[1])
        return found

    def _ranks(self, codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(codes.max() + 1))
        of_code = np.add.reduceat(weights[:, order], starts, axis=1)
        ranks: np.ndarray = (np.cumsum(of_code, axis=1) - of_code / 2)[:, codes]
        return ranks


def _of_so_many_families(families: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return the places of the children of families drawn one after another, until there are as many as may be tried."""
    names, family_of = np.unique(families, return_inverse=True)
    place = draw.permutation(len(names))
    order = np.argsort(place[family_of], kind="stable")
    return np.sort(order[:_TESTED_ON])


def _units(
    children: Imitated, points: np.ndarray, settings: Mapping[str, Any]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, by family (by child, without a roll-up), whether the model flags it, what share of it the list does, its family."""
    flagged, families = children.flagged, children.families
    if settings.get("flag_unit") != "child":
        families, first, family_of = np.unique(families, return_index=True, return_inverse=True)
        flagged, points = flagged[first], _rolled_up(points, family_of, settings.get("roll_up", "maximum"))
    return flagged, _share_flagged(points, int(flagged.sum())), families


def _rolled_up(points: np.ndarray, family_of: np.ndarray, roll_up: str) -> np.ndarray:
    if roll_up == "mean":
        return np.bincount(family_of, points) / np.bincount(family_of)
    highest = np.full(family_of.max() + 1, -np.inf)
    np.maximum.at(highest, family_of, points)
    return highest


def _share_flagged(points: np.ndarray, places: int) -> np.ndarray:
    """Return 1 above the line that so many places make, 0 below; on it, the places left over those who have its points."""
    if not places:
        return np.zeros(len(points))
    line = np.sort(points)[-places]
    above, on = points > line, points == line
    return above + on * (places - above.sum()) / on.sum()
