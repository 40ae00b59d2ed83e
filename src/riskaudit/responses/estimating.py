"""What the answers say about each attribute level: design-based estimates, overall and by group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from riskaudit.artefacts import LevelEstimates, Provenance, Responses, VignetteDeck
from riskaudit.estimates import EstimateTable, Interval, student, wilson
from riskaudit.responses.answers import FEW_RESPONDENTS, Answers, Coded, answers_in
from riskaudit.responses.clustered import Means, clustered_means
from riskaudit.responses.contrasts import component_effects, group_tests

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ALL_VIGNETTES", "estimate"]

ALL_VIGNETTES = "all vignettes"


def estimate(responses: Responses, deck: VignetteDeck, *, confidence: float = 0.95) -> LevelEstimates:
    """Return how acceptable parents find each attribute level, overall and by group.

    One row per statistic, subject and group level. `n` counts answers; standard errors are by Taylor linearisation with
    respondents as clusters, with the small-sample factor g / (g - 1) for g respondents.

    ============================================  =======================================================================
    ``marginal_mean``                             weighted mean rating (Leeper, Hobolt and Tilley 2020), points of the
                                                  scale; Student's t with g - 1 degrees of freedom
    ``share_accepting``                           weighted share of answers above the scale's midpoint, 0 to 1; Wilson's
                                                  interval at the effective sample size (Korn and Graubard 1998)
    ``unweighted_marginal_mean``                  the same mean without weights, where weights differ: a reader sees both
    ``average_marginal_component_effect``         difference from the attribute's first level with every other attribute
                                                  held (Hainmueller, Hopkins and Yamamoto 2014); n counts the answers
                                                  about either level
    ``interaction_f_test``                        F statistic that a group variable's groups answer an attribute's levels
                                                  differently; degrees of freedom and p in `note`
    ``kish_design_effect``                        what unequal weights cost: 1 is nothing (Kish 1965)
    ``share_unanswered``                          vignettes put to respondents and not rated, 0 to 1
    ============================================  =======================================================================

    Where answers are simulated, every note begins with SIMULATED.

    Parameters
    ----------
    responses
        Checked answers.
    deck
        The deck they answer.
    confidence
        Nominal coverage of every interval, 0 to 1.
    """
    answers = answers_in(responses, deck)
    rows = EstimateTable.concat(
        [
            *(_means(answers, split, each, confidence) for split in _splits(answers) for each in _statistics(answers)),
            *component_effects(answers, confidence),
            *group_tests(answers),
            _kish_design_effect(answers),
            _share_unanswered(answers, deck),
        ]
    )
    return LevelEstimates(_labelled(rows) if responses.provenance is Provenance.SIMULATED else rows)


@dataclass(frozen=True)
class _Split:
    """Cells that means are taken over: one row of the result per cell, and the cell of each answer."""

    subjects: list[str]
    group: str
    levels: list[str]
    cell: NDArray[np.int64]


@dataclass(frozen=True)
class _Statistic:
    """A mean that is taken over every split."""

    name: str
    values: Callable[[Answers], NDArray[np.float64]]
    weights: Callable[[Answers], NDArray[np.float64]]
    interval: Callable[[Means, float], Interval]


def _splits(answers: Answers) -> Iterator[_Split]:
    everything = np.zeros(answers.size, int)
    yield _Split([ALL_VIGNETTES], "all", ["all"], everything)
    for attribute, shown in answers.levels.items():
        yield _Split([attribute] * len(shown.values), "all", list(shown.values), shown.codes)
    for group, coded in answers.groups.items():
        yield _crossed([ALL_VIGNETTES], everything, group, coded)
        for attribute, shown in answers.levels.items():
            yield _crossed([f"{attribute}={level}" for level in shown.values], shown.codes, group, coded)


def _crossed(subjects: list[str], codes: NDArray[np.int64], group: str, coded: Coded) -> _Split:
    width = len(coded.values)
    each = [subject for subject in subjects for _ in coded.values]
    return _Split(each, group, list(coded.values) * len(subjects), codes * width + coded.codes)


def _means(answers: Answers, split: _Split, statistic: _Statistic, confidence: float) -> EstimateTable:
    means = clustered_means(
        statistic.values(answers),
        weights=statistic.weights(answers),
        clusters=answers.respondent,
        domains=split.cell,
        count=len(split.subjects),
    )
    interval = statistic.interval(means, confidence)
    flat = _has_no_spread(means)
    return EstimateTable.build(
        subject=split.subjects,
        statistic=statistic.name,
        group=split.group,
        level=split.levels,
        estimate=means.mean,
        std_error=np.where(flat, np.nan, means.std_error),
        lower=interval.lower,
        upper=interval.upper,
        n=means.n,
        method=f"{interval.method}, clustered on respondent, factor g/(g-1)",
        note=[_note(g, bool(same)) for g, same in zip(means.clusters.tolist(), flat, strict=True)],
    )


def _note(respondents: int, flat: bool) -> str:
    if respondents == 0:
        return "shown to none of these respondents"
    if respondents == 1:
        return "few respondents: 1, so no interval"
    few = f"few respondents: {respondents}" if respondents < FEW_RESPONDENTS else ""
    same = "no standard error: respondents do not differ" if flat else ""
    return "; ".join(part for part in (few, same) if part)


def _has_no_spread(means: Means) -> NDArray[np.bool_]:
    """Return where the standard error is 0 but for rounding: agreement in a sample is not certainty about everyone."""
    return (means.clusters > 1) & (means.std_error <= 1e-9)


def _student(means: Means, confidence: float) -> Interval:
    error = np.where(_has_no_spread(means), np.nan, means.std_error)
    return student(means.mean, error, means.clusters - 1, confidence)


def _effective_wilson(means: Means, confidence: float) -> Interval:
    """Return Wilson's interval at the sample size that would give the same standard error under random sampling.

    Korn and Graubard (1998), with Wilson's interval in place of the exact one (Franco et al. 2019). The effective size is
    never above the number of answers; where all or none accept, it is the effective number of respondents.
    """
    from scipy.special import ndtri, stdtrit

    p, df = means.mean, means.clusters - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        as_random = np.minimum(means.n, p * (1 - p) / means.std_error**2)
    size = np.where((p == 0) | (p == 1), means.effective_clusters, as_random)
    tail = 0.5 + confidence / 2
    reach = np.where(df > 0, stdtrit(np.maximum(df, 1), tail), np.nan)
    size = size * (ndtri(tail) / reach) ** 2
    interval = wilson(p * size, size, confidence)
    return Interval(interval.lower, interval.upper, f"{interval.method} at effective n")


_STATISTICS = (
    _Statistic("marginal_mean", lambda each: each.rating, lambda each: each.weight, _student),
    _Statistic("share_accepting", lambda each: each.accepting, lambda each: each.weight, _effective_wilson),
    _Statistic("unweighted_marginal_mean", lambda each: each.rating, lambda each: np.ones(each.size), _student),
)


def _statistics(answers: Answers) -> tuple[_Statistic, ...]:
    """Return the means to take: without weights as well, where weights make a difference."""
    return _STATISTICS if len(np.unique(answers.weight)) > 1 else _STATISTICS[:2]


def _kish_design_effect(answers: Answers) -> EstimateTable:
    weight = answers.weight[np.unique(answers.respondent, return_index=True)[1]]
    return EstimateTable.build(
        subject=ALL_VIGNETTES,
        statistic="kish_design_effect",
        estimate=len(weight) * float((weight**2).sum()) / float(weight.sum()) ** 2,
        n=len(weight),
        method="from the weights",
        note="n counts respondents; no interval: it describes the weights",
    )


def _share_unanswered(answers: Answers, deck: VignetteDeck) -> EstimateTable:
    seen = np.unique(np.column_stack([answers.respondent, answers.deck]), axis=0)
    sizes = np.bincount(deck.table.column("deck").to_numpy())
    put = int(sizes[seen[:, 1]].sum())
    one_deck_each = len(seen) == len(np.unique(answers.respondent))
    described = "n counts vignettes put to respondents who answered at least one; no interval: it describes the file"
    return EstimateTable.build(
        subject=ALL_VIGNETTES,
        statistic="share_unanswered",
        estimate=1 - answers.size / put if one_deck_each else None,
        n=put,
        method="decks against answers",
        note=described
        if one_deck_each
        else "some respondents answered from several decks: not known what was put to them",
    )


def _labelled(rows: EstimateTable) -> EstimateTable:
    notes = rows.table.column("note")
    labelled = pc.if_else(pc.equal(notes, ""), "SIMULATED", pc.binary_join_element_wise("SIMULATED", notes, "; "))
    return EstimateTable(rows.table.set_column(rows.table.schema.get_field_index("note"), "note", labelled))
