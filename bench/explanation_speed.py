"""What explanations cost: the closed form beside shap's, trees beside shap itself, and the stage of a whole study.

Run it with `make bench`. The machine may be shared: times are CPU times, and ratios are of the same run.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SCENARIO = Path(__file__).parent.parent / "scenarios" / "early_help.toml"
ROWS, FEATURES = 100_000, 40
TREE_ROWS = 5_000


@dataclass(frozen=True)
class Fitted:
    """A model as an explanation takes it."""

    card: Any
    estimator: Any
    said: Callable[[np.ndarray], np.ndarray]

    def margin(self, values: np.ndarray) -> np.ndarray:
        """Return the model's output."""
        return self.said(values)

    def score(self, values: np.ndarray) -> np.ndarray:
        """Return the same: no method here asks for the score."""
        return self.said(values)


def fitted(
    kind: str, estimator: Any, said: Callable[[np.ndarray], np.ndarray], weights: np.ndarray | None = None
) -> Fitted:
    """Return a model with its card."""
    from riskaudit.artefacts import ModelCard

    names = tuple(f"f{at}" for at in range(FEATURES))
    weighed = {} if weights is None else dict(zip(names, weights.tolist(), strict=True))
    card = ModelCard(kind, kind, kind, "nothing", names, weighed, 0.0, 0.5, {}, 0)
    return Fitted(card, estimator, said)


def cpu(work: Callable[[], Any]) -> float:
    """Return the CPU time of one run."""
    started = time.process_time()
    work()
    return time.process_time() - started


def by_turns(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int) -> tuple[float, float, float]:
    """Return the least CPU time of each, and the median of the ratios of theirs to ours, round by round."""
    pairs = [(cpu(ours), cpu(theirs)) for _ in range(rounds)]
    ratio = statistics.median(them / us for us, them in pairs)
    return min(us for us, _ in pairs), min(them for _, them in pairs), ratio


def linear() -> None:
    """Print the closed form beside shap's LinearExplainer, the same rows as background."""
    import shap

    from riskaudit.explanation.shapley import contributions_of
    from riskaudit.explanation.shapley.linear import weighted_distance

    rng = np.random.default_rng(1)
    values, weights = rng.normal(size=(ROWS, FEATURES)), rng.normal(size=FEATURES)
    model = fitted("logistic_regression", None, lambda given: given @ weights, weights)

    def explainer() -> Any:
        return shap.LinearExplainer((weights, 0.0), shap.maskers.Independent(values, max_samples=ROWS))

    made, usual = explainer(), values.mean(axis=0)
    apart = np.abs(contributions_of(model, values, values).values - made.shap_values(values)).max()
    jobs = {
        "explainer and values": (lambda: contributions_of(model, values, values), lambda: explainer().shap_values(values), 3),
        "explainer called on rows": (lambda: contributions_of(model, values, values), lambda: made(values), 3),
        "values alone": (lambda: weighted_distance(values, usual, weights), lambda: made.shap_values(values), 9),
    }  # fmt: skip
    print(f"{f'linear, {ROWS:,} x {FEATURES}, CPU ms':<40}{'riskaudit':>10}{'shap':>10}{'ratio':>8}")
    for name, (ours, theirs, rounds) in jobs.items():
        us, them, ratio = by_turns(ours, theirs, rounds)
        print(f"{name:<40}{1e3 * us:>10.1f}{1e3 * them:>10.1f}{ratio:>8.1f}")
    print(f"at most {apart:.0e} apart; target: 10 times faster\n")


def trees() -> None:
    """Print trees beside shap itself."""
    import shap
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from threadpoolctl import threadpool_limits

    from riskaudit.explanation.shapley import contributions_of

    rng = np.random.default_rng(2)
    values = rng.normal(size=(TREE_ROWS, FEATURES)).astype(np.float32).astype(float)
    outcome = rng.random(TREE_ROWS) < 1 / (1 + np.exp(2 - values[:, 0] - values[:, 1] * values[:, 2]))
    with threadpool_limits(limits=1):
        boosted = HistGradientBoostingClassifier(max_iter=200, max_leaf_nodes=4, early_stopping=False).fit(
            values, outcome
        )
        forest = RandomForestClassifier(50, min_samples_leaf=20, random_state=0).fit(values, outcome)
        models = {
            "boosted_trees": fitted("boosted_trees", boosted, boosted.decision_function),
            "random_forest": fitted("random_forest", forest, lambda given: forest.predict_proba(given)[:, 1]),
        }
        print(f"{f'trees, {TREE_ROWS:,} rows, CPU s':<40}{'riskaudit':>10}{'shap':>10}{'ratio':>8}")
        for name, model in models.items():
            for checked in (False, True):
                ours = model if checked else Fitted(model.card, model.estimator, lambda given: np.zeros(len(given)))

                def mine(ours: Fitted = ours) -> Any:
                    return contributions_of(ours, values, values)

                def theirs(ours: Fitted = ours, checked: bool = checked) -> Any:
                    return shap.TreeExplainer(ours.estimator).shap_values(values, check_additivity=checked)

                us, them, ratio = by_turns(mine, theirs, 5)
                said = f"{name}, {'checked' if checked else 'values alone'}"
                print(f"{said:<40}{us:>10.2f}{them:>10.2f}{1 / ratio:>8.2f}")
    print(
        "the ratio is riskaudit's time to shap's; target: at most 1.05, of the values. We check them against the model's own"
    )
    print("output, shap against its own copy of the trees\n")


def stage() -> None:
    """Print what the explanation stage of the default study costs, for a sample and for everybody."""
    from riskaudit.pipeline import run

    text = SCENARIO.read_text(encoding="utf-8")
    print(f"{'explanation stage, early_help':<40}{'CPU s':>10}{'children':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in ("400", '"all"'):
            scenario = Path(folder) / "early_help.toml"
            scenario.write_text(
                text.replace("[explanation]\nrows = 400", f"[explanation]\nrows = {rows}"), encoding="utf-8"
            )
            run(scenario, Path(folder) / "study", until="audit")  # imports and other stages are no part of it
            started = time.process_time()
            study = run(scenario, Path(folder) / "study", until="explanation").study
            seconds = time.process_time() - started
            explained = next(iter(study.explanations.trust.values()))["rows_explained"]
            print(f"{'rows = ' + rows:<40}{seconds:>10.2f}{explained:>10,}")
    print("with reading and writing of files, and fitting the models; target: below 10 s for the default")


if __name__ == "__main__":
    linear()
    trees()
    stage()
