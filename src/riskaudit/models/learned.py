"""Models learned from the recorded outcome: what all of them need, and the logistic regression."""

from __future__ import annotations

from collections.abc import Iterator

from riskaudit.artefacts import ModelCard
from riskaudit.errors import Fault
from riskaudit.models.classifier import ClassifierModel, Output
from riskaudit.models.cohort import Cohort
from riskaudit.scenario import ModelKind, ModelsSection
from riskaudit.seeds import stream

__all__ = ["fit_logistic_regression", "learning_faults", "whole_number"]

_IMITATES = (
    "A regression score for each child from many agencies' records, the purpose of the Allegheny Family Screening Tool "
    "(county report, April 2019), which scored referred children on the chance of home removal or re-referral."
)
_DIFFERS = (
    "Here {who} is scored, and the label is that {label}. The L1 penalty and the scaling are assumptions of ours, not facts "
    "about that tool."
)


def fit_logistic_regression(cohort: Cohort, asked: ModelsSection, seed: int) -> ClassifierModel:
    """Return an L1-penalised logistic regression on standardised features (Tibshirani 1996), the intercept unpenalised.

    The card's weights are on the features' own scale: log odds per unit. Random: the order in which the solver visits
    features, by ``stream(seed, "models/logistic_regression")``.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    kind = ModelKind.LOGISTIC_REGRESSION
    # liblinear penalises the intercept over its scaling, so a large scaling frees it. (saga does not penalise it, but
    # stops before it has converged where the penalty drops every feature.) l1_ratio=1 is the lasso from sklearn 1.8 on.
    regression = LogisticRegression(
        l1_ratio=1.0,
        C=asked.regularisation,
        solver="liblinear",
        intercept_scaling=1e6,
        tol=1e-6,  # of twins, one or the other may weigh: 1e-7 takes twelve times as long and moves no score by more than 0.01
        max_iter=1_000,
        random_state=whole_number(seed, kind),
    )
    rows = cohort.fitted_rows
    estimator = make_pipeline(StandardScaler(), regression).fit(rows.values(cohort.features), rows.labels)
    scaler = estimator[0]
    weights = regression.coef_[0] / scaler.scale_
    card = ModelCard(
        id=kind.value,
        kind=kind.value,
        label="Logistic regression",
        imitates=_IMITATES,
        differs=_DIFFERS.format(who=cohort.who, label=cohort.label),
        features=cohort.features,
        weights=dict(zip(cohort.features, weights.tolist(), strict=True)),
        intercept=float(regression.intercept_[0] - scaler.mean_ @ weights),
        threshold=None,
        settings={"penalty": "L1", "regularisation": asked.regularisation, "label": "recorded_outcome"},
        trained_on=len(rows),
        trained_as_of=rows.as_of,
    )
    return ClassifierModel(card, estimator, Output.DECISION)


def learning_faults(cohort: Cohort, asked: ModelsSection) -> Iterator[Fault]:  # noqa: ARG001
    """Yield a fault where there is nothing to learn from."""
    if not cohort.features:
        yield Fault("[features]", "every feature is left out", "at least one feature that models may use")
    rows = cohort.fitted_rows
    recorded, day = int(rows.labels.sum()), f" as of {rows.as_of}" if rows.as_of else ""
    if recorded in (0, len(rows)):
        yield Fault(
            "[models] use",
            f"{recorded} of the {len(rows)} children to fit on{day} have a recorded outcome, so there is nothing to learn",
            "both children with and children without a recorded outcome",
            "ask for more [population] families, a longer [study] outcome_months, or only points_list",
        )


def whole_number(seed: int, kind: ModelKind) -> int:
    """Return a seed for scikit-learn, by ``stream(seed, "models/KIND")``."""
    return int(stream(seed, f"models/{kind}").integers(2**31))
