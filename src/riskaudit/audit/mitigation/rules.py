"""Other rules of who is flagged: each is learnt on some rows and says of others with what chance they are flagged."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.audit.mitigation.rows import Rows

__all__ = ["RULES", "Rule"]

Chances = Callable[[Rows, Rows, np.random.Generator], np.ndarray]
_MOST_FITTED = 10_000
"""A reduction fits a model some fifty times: on at most so many rows of a half, drawn at random."""
_HALVINGS = 50


@dataclass(frozen=True)
class Rule:
    """One rule: its id, what it does in words, and the chances of being flagged that it gives rows, learnt on others."""

    id: str
    words: str
    chances: Chances


def _handing_on() -> Any:
    """Return what fairlearn takes for a fitted model: a line through zero with slope 1, which hands the scores on."""
    from sklearn.linear_model import LinearRegression

    line = LinearRegression()
    line.coef_, line.intercept_, line.n_features_in_ = np.ones(1), 0.0, 1
    return line


def _optimised(constraint: str) -> Chances:
    """Return fairlearn's threshold optimiser: thresholds by level, with lots drawn between two (Hardt, Price and Srebro 2016)."""

    def chances(fitted: Rows, rows: Rows, _: np.random.Generator) -> np.ndarray:
        from fairlearn.postprocessing import ThresholdOptimizer

        rule = ThresholdOptimizer(
            estimator=_handing_on(), constraints=constraint, objective="balanced_accuracy_score", prefit=True,
            predict_method="predict",
        )  # fmt: skip
        rule.fit(fitted.score[:, None], fitted.label.astype(int), sensitive_features=fitted.level)
        found = rule._pmf_predict(rows.score[:, None], sensitive_features=rows.level)
        return np.asarray(found)[:, 1]

    return chances


def _as_many(labels: tuple[int, ...]) -> Chances:
    """Return thresholds by level at which the same share of the rows with these labels is flagged, and as many in all as now."""

    def chances(fitted: Rows, rows: Rows, _: np.random.Generator) -> np.ndarray:
        levels = [fitted.at(fitted.level == level) for level in range(len(fitted.levels))]
        among = [np.sort(one.score[np.isin(one.label, labels)])[::-1] for one in levels]
        wanted = float(fitted.flagged.sum())
        low, high = 0.0, 1.0
        for _step in range(_HALVINGS):
            share = (low + high) / 2
            flags = sum(
                float(_chance(one.score, *_threshold(scores, share)).sum())
                for one, scores in zip(levels, among, strict=True)
            )
            low, high = (share, high) if flags < wanted else (low, share)
        found = np.array([_threshold(scores, (low + high) / 2) for scores in among])
        return _chance(rows.score, *found[rows.level].T)

    return chances


def _threshold(highest_first: np.ndarray, share: float) -> tuple[float, float]:
    """Return the score above which all are flagged, and the chance of those who have it, so that this share is flagged."""
    wanted = share * len(highest_first)
    at = float(highest_first[min(int(wanted), len(highest_first) - 1)])
    above, tied = int((highest_first > at).sum()), int((highest_first == at).sum())
    return at, min((wanted - above) / tied, 1.0)


def _chance(score: np.ndarray, at: Any, tied: Any) -> np.ndarray:
    return np.where(score > at, 1.0, np.where(score == at, tied, 0.0))


def _reduction(constraint: str) -> Chances:
    """Return fairlearn's exponentiated gradient (Agarwal et al. 2018) over logistic regressions on the score alone."""

    def chances(fitted: Rows, rows: Rows, draw: np.random.Generator) -> np.ndarray:
        import fairlearn.reductions as reductions
        from sklearn.linear_model import LogisticRegression

        some = fitted
        if len(fitted) > _MOST_FITTED:
            some = fitted.at(np.sort(draw.choice(len(fitted), _MOST_FITTED, replace=False)))
        centre, scale = some.score.mean(), some.score.std() or 1.0
        scores, labels = (some.score[:, None] - centre) / scale, some.label.astype(int)
        rule = reductions.ExponentiatedGradient(
            LogisticRegression(),
            getattr(reductions, constraint)(),
            objective=reductions.ErrorRate(costs=_costs_of_now(scores, labels, some.flagged)),
        )
        with warnings.catch_warnings():
            # fairlearn 0.15 sets values in a way that pandas 3 calls deprecated; nothing here can act on it
            warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"fairlearn\.")
            rule.fit(scores, labels, sensitive_features=some.level)
        return np.asarray(rule._pmf_predict((rows.score[:, None] - centre) / scale))[:, 1]

    return chances


def _costs_of_now(scores: np.ndarray, labels: np.ndarray, flagged: np.ndarray) -> dict[str, float]:
    """Return costs of the two errors at which, without a constraint, about as many would be flagged as now.

    They are the odds of a positive label at the score above which the share flagged now lies.
    """
    from sklearn.linear_model import LogisticRegression

    cut = np.quantile(scores[:, 0], 1 - flagged.mean())
    chance = float(LogisticRegression().fit(scores, labels).predict_proba([[cut]])[0, 1])
    return {"fp": chance, "fn": 1 - chance}


def _now(_fitted: Rows, rows: Rows, _draw: np.random.Generator) -> np.ndarray:
    return rows.flagged


_BALANCED = (
    "errors among positives and among negatives count alike, so that the number of flags can be far from today's"
)
_SAME = "as many flags in all as now, as far as half of the rows tells"
_BY_LEVEL = "a threshold for each level"
_ONE_FOR_ALL = (
    "one mixture of thresholds for all (fairlearn's exponentiated gradient): the level is not looked at when flagging, "
    "so that mostly by flagging far fewer, or far more, do levels become alike"
)
_COSTS = "errors cost what would have about as many flagged as now, were nothing to be made alike"

RULES = (
    Rule("as_it_is", "who is flagged now", _now),
    Rule("equal_selection_rates_same_flags",
         f"{_BY_LEVEL}, so that the same share of each is flagged; {_SAME}", _as_many((0, 1))),
    Rule("equal_false_positive_rates_same_flags",
         f"{_BY_LEVEL}, so that the same share of those with a negative label is flagged; {_SAME}", _as_many((0,))),
    Rule("equal_true_positive_rates_same_flags",
         f"{_BY_LEVEL}, so that the same share of those with a positive label is flagged; {_SAME}", _as_many((1,))),
    Rule("equal_selection_rates",
         f"{_BY_LEVEL} (fairlearn), so that the same share of each is flagged; {_BALANCED}",
         _optimised("selection_rate_parity")),
    Rule("equal_false_positive_rates",
         f"{_BY_LEVEL} (fairlearn), so that the same share of those with a negative label is flagged; {_BALANCED}",
         _optimised("false_positive_rate_parity")),
    Rule("equal_true_positive_rates",
         f"{_BY_LEVEL} (fairlearn), so that the same share of those with a positive label is flagged; {_BALANCED}",
         _optimised("true_positive_rate_parity")),
    Rule("equalized_odds",
         f"thresholds for each level (fairlearn), so that both shares are the same; {_BALANCED}; it cannot also keep the number "
         "of flags", _optimised("equalized_odds")),
    Rule("reduction_selection_rates",
         f"{_ONE_FOR_ALL}, with shares flagged as alike as that allows; {_COSTS}",
         _reduction("DemographicParity")),
    Rule("reduction_equalized_odds",
         f"{_ONE_FOR_ALL}, with both shares as alike as that allows; {_COSTS}", _reduction("EqualizedOdds")),
)  # fmt: skip
"""Each rule that is tried, in the order it is shown, which is no order of merit."""
