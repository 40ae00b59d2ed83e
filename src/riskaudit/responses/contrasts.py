"""What needs a regression: component effects, and tests that groups answer differently."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from riskaudit.estimates import EstimateTable, student
from riskaudit.responses.answers import FEW_RESPONDENTS, NOT_RECORDED, Answers, Coded
from riskaudit.responses.clustered import FTest, clustered_regression, wald_f_test

__all__ = ["component_effects", "group_tests"]

Floats = NDArray[np.float64]


def component_effects(answers: Answers, confidence: float) -> Iterator[EstimateTable]:
    """Yield each attribute's effects against its first level, from one regression on every attribute's levels.

    The average marginal component effect of Hainmueller, Hopkins and Yamamoto (2014), for a design whose attributes are
    close to independent. Never for comparing groups: its sign there depends on the reference level (Leeper, Hobolt and
    Tilley 2020).
    """
    blocks = {attribute: _shown(coded) for attribute, coded in answers.levels.items()}
    design = np.column_stack(
        [np.ones(answers.size), *(_dummies(answers.levels[name], blocks[name]) for name in blocks)]
    )
    fit = clustered_regression(answers.rating, design, weights=answers.weight, clusters=answers.respondent)
    start = 1
    for attribute, shown in blocks.items():
        coded = answers.levels[attribute]
        effect, error = (np.full(len(coded.values), np.nan) for _ in range(2))
        # without the reference level there is nothing to compare with, whatever the regression took as its base
        if 0 in shown:
            place = slice(start, start + len(shown) - 1)
            effect[shown[1:]], error[shown[1:]] = fit.coefficients[place], fit.std_error[place]
        start += max(len(shown) - 1, 0)
        yield _effect_rows(attribute, coded, effect, error, fit.clusters, confidence)


def group_tests(answers: Answers) -> Iterator[EstimateTable]:
    """Yield, per group variable and attribute, the test that the groups answer the attribute's levels differently.

    The omnibus test of Leeper, Hobolt and Tilley (2020): every attribute's levels, the groups, and the groups crossed with
    the attribute; the crossed terms are tested together. Left out: parents whose group is not recorded, and groups of
    fewer than 30 respondents, whose spread is not known well enough to test with.
    """
    for group, coded in answers.groups.items():
        kept, left_out = _groups_to_compare(answers, coded)
        for attribute, levels in answers.levels.items():
            rows = np.isin(coded.codes, kept)
            test = _interaction(answers, levels, coded, kept, rows) if len(kept) > 1 else None
            yield EstimateTable.build(
                subject=attribute,
                statistic="interaction_f_test",
                group=group,
                estimate=test.statistic if test else None,
                n=int(rows.sum()),
                method="adjusted Wald F, clustered on respondent, factor g/(g-1)",
                note="; ".join(part for part in (_verdict(test), left_out) if part),
            )


def _effect_rows(
    attribute: str, coded: Coded, effect: Floats, error: Floats, respondents: int, confidence: float
) -> EstimateTable:
    interval = student(effect, error, respondents - 1, confidence)
    few = f"few respondents: {respondents}" if respondents < FEW_RESPONDENTS else ""
    shown = np.bincount(coded.codes, minlength=len(coded.values))
    others = range(1, len(coded.values))
    return EstimateTable.build(
        subject=[attribute for _ in others],
        statistic="average_marginal_component_effect",
        level=list(coded.values[1:]),
        reference=coded.values[0],
        estimate=effect[1:],
        std_error=error[1:],
        lower=interval.lower[1:],
        upper=interval.upper[1:],
        n=[int(shown[at] + shown[0]) for at in others],
        method=f"{interval.method}, weighted least squares, clustered on respondent, factor g/(g-1)",
        note=[few if np.isfinite(effect[at]) else _why_no_effect(shown, at) for at in others],
    )


def _why_no_effect(shown: NDArray[np.int64], level: int) -> str:
    if shown[level] == 0:
        return "shown to none of these respondents"
    return "the answers do not tell the levels apart" if shown[0] else "the reference level was not shown"


def _groups_to_compare(answers: Answers, coded: Coded) -> tuple[list[int], str]:
    """Return the groups that can be tested, and a sentence on those that cannot."""
    sizes = [len(np.unique(answers.respondent[coded.codes == at])) for at in range(len(coded.values))]
    named = [at for at, value in enumerate(coded.values) if value != NOT_RECORDED]
    small = [at for at in named if sizes[at] < FEW_RESPONDENTS]
    sentence = ", ".join(f"{coded.values[at]} ({sizes[at]} respondents)" for at in small)
    return [at for at in named if at not in small], f"few respondents, left out: {sentence}" if sentence else ""


def _interaction(answers: Answers, levels: Coded, coded: Coded, kept: list[int], rows: NDArray[np.bool_]) -> FTest:
    groups = _dummies(coded, np.array(kept))[rows]
    mains = [_dummies(each, _shown(each, rows))[rows] for each in answers.levels.values()]
    tested = _dummies(levels, _shown(levels, rows))[rows]
    crossed = (tested[:, :, None] * groups[:, None, :]).reshape(len(tested), -1)
    design = np.column_stack([np.ones(len(groups)), *mains, groups, crossed])
    fit = clustered_regression(
        answers.rating[rows], design, weights=answers.weight[rows], clusters=answers.respondent[rows]
    )
    return wald_f_test(fit, np.arange(design.shape[1] - crossed.shape[1], design.shape[1]))


def _verdict(test: FTest | None) -> str:
    if test is None:
        return "no test: fewer than two groups to compare"
    if not np.isfinite(test.statistic):
        return "no test: not every group rated every level, or too few respondents"
    p = "p < 0.001" if test.p_value < 0.001 else f"p = {test.p_value:.3f}"
    return f"F on {test.df_between} and {test.df_within} degrees of freedom, {p}"


def _shown(coded: Coded, rows: NDArray[np.bool_] | slice = slice(None)) -> NDArray[np.int64]:
    return np.unique(coded.codes[rows])


def _dummies(coded: Coded, kept: NDArray[np.int64]) -> Floats:
    """Return one 0/1 column for each kept value but the first."""
    return (coded.codes[:, None] == kept[None, 1:]).astype(float)
