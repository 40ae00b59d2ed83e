"""How far the explanations can be trusted, in plain words: one row for each thing that was checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskaudit.report.data import Block, Cell, TableBlock
from riskaudit.report.evidence import Evidence
from riskaudit.report.statistics import label_of
from riskaudit.report.words import Words, in_words, said

__all__ = ["explanation_trust"]

_LABELS = {
    "method": "How contributions are made",
    "background": "What they are measured from",
    "unit": "Their unit",
    "rows_explained": "Children explained",
    "test_children": "Test children they stand for",
    "base": "Where they start, before any contribution",
    "additivity_error": "Largest miss when they are added up",
    "tolerance": "Largest miss allowed",
    "withheld": "Withheld",
    "reason": "Why withheld",
    "notes": "To keep in mind",
    "drawn": "Whom they were drawn from",
    "over_backgrounds": "Order of features over other backgrounds",
    "over_refits": "Order of features when fitted on other families",
    "second_method": "What a second method says",
}
"""What a stage says of itself -> its name on the page; what is not here goes by its own name in words."""
_MEASURED = ("top_reason_kept", "method_rank_correlation", "method_top_reason_same", "method_sign_same")


def explanation_trust(evidence: Evidence, trust: Mapping[str, Any], words: Words) -> list[Block]:
    """Return the table of what is known of how far each model's explanation holds."""
    facts = {model: found if isinstance(found, Mapping) else {"trust": found} for model, found in trust.items()}
    names = list(dict.fromkeys(name for found in facts.values() for name in found))
    if not names:
        return []
    rows: list[tuple[Cell, ...]] = [
        (label_of(name), *(_measured(evidence, model, name) for model in facts))
        for name in _MEASURED
        if evidence.pick(statistic=name)
    ]
    rows += [
        (_LABELS.get(name) or in_words(name), *(said(found.get(name)) for found in facts.values())) for name in names
    ]
    columns = ("What is known", *(words.model(model) for model in facts))
    return [TableBlock("How far to trust the explanations", columns, tuple(rows))]


def _measured(evidence: Evidence, model: str, statistic: str) -> Cell:
    return evidence.value(model, statistic, "all", "all") or "not measured: see below"
