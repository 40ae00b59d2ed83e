"""Short points lists that imitate the models, and how faithfully."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskaudit.artefacts import Explanations
from riskaudit.report.data import Block, Cell, Paragraph, TableBlock
from riskaudit.report.evidence import Evidence
from riskaudit.report.statistics import label_of
from riskaudit.report.words import Words

__all__ = ["imitations"]

_FIDELITY = ("surrogate_flags_shared", "surrogate_rank_correlation", "surrogate_r2")
_LEAD = (
    "A short list of signs, with whole points, learnt from each model’s own scores, never from an outcome, and tried on "
    "families whom neither has seen. Where it flags nearly the same families, the model does little more than the list; "
    "where it does not, no short list says what the model does."
)


def imitations(explanations: Explanations, words: Words) -> list[Block]:
    """Return how faithful each model's lists are, and the lists themselves, folded."""
    evidence = Evidence(explanations.surrogate)
    rows = [
        (words.model(model), f"at most {size}", *(_cell(evidence, model, name, size) for name in _FIDELITY))
        for model in evidence.distinct("subject")
        for size in evidence.distinct("level", subject=model)
    ]
    if not rows:
        return []
    columns = ("Model", "Signs on the list", *map(label_of, _FIDELITY))
    faithful = TableBlock("How well a short points list imitates each model", columns, tuple(rows))
    return [Paragraph(_LEAD), faithful, *_lists(explanations, words)]


def _cell(evidence: Evidence, model: str, statistic: str, size: str) -> Cell:
    return evidence.value(model, statistic, "indicators", size) or "not measured"


def _lists(explanations: Explanations, words: Words) -> list[Block]:
    rows = tuple(
        (words.model(model), f"at most {tried['indicators']}", *line["words"].rsplit(": ", 1), _having(line, tried))
        for model, lists in explanations.surrogate_lists.items()
        for tried in lists
        for line in tried["points"]
    )
    note = (
        "What imitates a model is not how it works: another list may do as well. No sign is on a list that fewer than 1 child "
        "in 100 has."
    )
    columns = ("Model", "Signs on the list", "Sign", "Points", "Children who have it")
    return (
        [TableBlock("The lists that imitate the models", columns, rows, note, folded=True, stacked=True)]
        if rows
        else []
    )


def _having(line: Mapping[str, Any], tried: Mapping[str, Any]) -> str:
    """Return how many of the children that a list was learnt from have a sign; a study of an earlier version does not say."""
    return f"{line['share']:.1%} of {tried['learnt_from']:,}" if "share" in line else "not told"
