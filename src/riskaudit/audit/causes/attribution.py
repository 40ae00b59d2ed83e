"""Split a disparity over the mechanisms that make it, with intervals from populations of other seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskaudit.artefacts import ALL_OFF, ALL_ON, SWITCHED
from riskaudit.audit.causes.disparity import DISPARITIES, NO_REFERENCE, gaps, statistic_name
from riskaudit.audit.causes.shapley import WorldPlan
from riskaudit.estimates import EstimateTable, student

__all__ = ["Question", "attribute"]


@dataclass(frozen=True)
class Question:
    """What is asked: which rate, of which characteristic's levels, less that of which reference."""

    metric: str
    """A name in `DISPARITIES`."""
    group: str
    levels: tuple[str, ...]
    reference: str
    """A level, `EVERYONE_ELSE` or `NO_REFERENCE`."""

    @property
    def statistic(self) -> str:
        """The name of what is split."""
        return statistic_name(self.metric, self.reference)


def attribute(
    counts: np.ndarray,
    plan: WorldPlan,
    mechanisms: Sequence[str],
    question: Question,
    *,
    subject: str,
    confidence: float = 0.95,
) -> EstimateTable:
    """Return the split of a disparity for every level: one row a mechanism, and what there is with all off and with all on.

    The mean over replicates of each replicate's Shapley values. The rows of one level add up: all off, and every mechanism's
    part, make all on. A replicate in which the disparity is not defined in some world does not count for that level.

    Parameters
    ----------
    counts
        Counts of cases, with the axes replicate, world (as `plan` lists them), level, true need (no, yes), flagged (no, yes).
    plan
        The worlds, and how they are put together.
    mechanisms
        Their names, in the order of the bits of worlds.
    question
        What is asked.
    subject
        What is measured: the model.
    confidence
        Nominal coverage, 0 to 1. Intervals are Student's over replicates; where orders are sampled, the error of sampling is
        added to theirs.
    """
    reference = (
        question.levels.index(question.reference) if question.reference in question.levels else question.reference
    )
    values = np.moveaxis(gaps(counts, DISPARITIES[question.metric], reference), -1, 0)
    compared = [at for at, level in enumerate(question.levels) if level != question.reference]
    return EstimateTable.concat(
        _of_level(values[at], plan, mechanisms, question, f"{subject}: {question.levels[at]}", confidence)
        for at in compared
    )


def _of_level(
    values: np.ndarray, plan: WorldPlan, mechanisms: Sequence[str], question: Question, subject: str, confidence: float
) -> EstimateTable:
    """Return one level's rows, given its disparity by replicate and world."""
    known = values[np.isfinite(values).all(axis=1)]
    ends = [known[:, :1], plan.split(known), known[:, -1:], known[:, -1:] - known[:, :1]]
    found = np.concatenate(ends, axis=1)
    sampling = np.zeros(found.shape[1])
    if len(known):
        sampling[1:-2] = plan.sampling_error(known.mean(axis=0))
    n = len(known)
    estimate = found.mean(axis=0) if n else np.full(found.shape[1], np.nan)
    chance = found.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(found.shape[1], np.nan)
    error = np.sqrt(chance**2 + np.nan_to_num(sampling) ** 2)
    interval = student(estimate, error, np.full(found.shape[1], n - 1), confidence)
    return EstimateTable.build(
        subject=subject,
        statistic=question.statistic,
        group="mechanism",
        level=[ALL_OFF, *mechanisms, ALL_ON, SWITCHED],
        reference="" if question.reference == NO_REFERENCE else question.reference,
        estimate=estimate,
        std_error=error,
        lower=interval.lower,
        upper=interval.upper,
        n=n,
        method=f"Shapley over {len(plan.worlds)} worlds, {interval.method} over replicates" if n > 1 else "",
        note=_notes(sampling, n, len(values)),
    )


def _notes(sampling: np.ndarray, n: int, replicates: int) -> list[str] | str:
    if not n:
        return "not defined: in every replicate some world has no such cases"
    said = [] if n == replicates else [f"not defined in some world of {replicates - n} of {replicates} replicates"]
    if n == 1:
        said.append("one replicate: no interval")
    each = [f"of the standard error, {error:.2g} is from sampling orders" if error > 0 else "" for error in sampling]
    return ["; ".join([*said, one] if one else said) for one in each]
