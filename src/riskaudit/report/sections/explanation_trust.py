"""How far the explanations can be trusted, in plain words: one row for each thing that was checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from riskaudit.report.data import Block, Cell, TableBlock
from riskaudit.report.evidence import Evidence
from riskaudit.report.statistics import label_of
from riskaudit.report.words import Words, in_words, lower_first, said

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
    "drawn_by_group": "How many of them are of each group",
    "fewer_rows": "Why fewer are explained than were asked for",
    "background_rows": "Children that each one is compared with",
    "permutations": "Orders of features tried for each child",
    "sampling_error": "Standard error that the orders drawn leave, on average",
    "sampling_error_share": "The same as a share of what contributions come to",
    "over_backgrounds": "Order of features over other backgrounds",
    "over_refits": "Order of features when fitted on other families",
    "second_method": "What a second method says",
    "reading": "How hard the texts are to read",
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
    rows += [(_LABELS.get(name) or in_words(name), *_cells(name, facts, words)) for name in names]
    columns = ("What is known", *(words.model(model) for model in facts))
    return [TableBlock("How far to trust the explanations", columns, tuple(rows), stacked=True)]


def _measured(evidence: Evidence, model: str, statistic: str) -> Cell:
    return evidence.value(model, statistic, "all", "all") or "not measured: see below"


def _cells(name: str, facts: Mapping[str, Mapping[str, Any]], words: Words) -> tuple[str, ...]:
    """Return one cell a model; what is long and alike for all stands once."""
    cells = [_told(name, found, words) for found in facts.values()]
    alike = name in _SAMPLE and len(set(cells)) == 1
    return (cells[0], *("the same children" for _ in cells[1:])) if alike else tuple(cells)


def _told(name: str, found: Mapping[str, Any], words: Words) -> str:
    """Return one thing that a stage says of itself; what it does not say of this model is no zero and no "none"."""
    if name not in found:
        return "withheld" if found.get("withheld") else "does not apply"
    value = found[name]
    if value is None:
        return "not a number"
    return _WORDED[name](value, words) if name in _WORDED else said(value)


def _strata(drawn: Mapping[str, int], words: Words) -> str:
    return "; ".join(f"{_stratum(name, words)}: {number:,}" for name, number in drawn.items() if number)


def _stratum(name: str, words: Words) -> str:
    """Return a stratum's name; of a rare level's, 'other: ethnicity Mixed', the characteristic as the page calls it."""
    rest, of_level, named = name.partition(": ")
    group, _, level = named.partition(" ")
    return f"{rest}, {lower_first(words.group(group))}: {words.level(level)}" if of_level else name


def _groups(drawn: Mapping[str, Mapping[str, int]], words: Words) -> str:
    told = (
        f"{words.group(group)}: " + ", ".join(f"{words.level(level)} {number:,}" for level, number in levels.items())
        for group, levels in drawn.items()
    )
    return "; ".join(told) or "none recorded"


def _reading(grades: Mapping[str, Any], _: Words) -> str:
    if not grades["texts"]:
        return "no text"
    span = f"{grades['texts']:,} texts of grades {grades['lowest_grade']:.1f} to {grades['highest_grade']:.1f}"
    return f"{span}; over grade {grades['target_grade']:g}: {grades['over_target']:,}"


_WORDED: Mapping[str, Callable[[Any, Words], str]] = {
    "drawn": _strata,
    "drawn_by_group": _groups,
    "reading": _reading,
    "sampling_error_share": lambda share, _: f"{share:.1%}",
    "base": lambda base, _: f"{base:.3g}".replace("-", "−"),
    "tolerance": lambda tolerance, _: f"{tolerance:f}",
    "notes": lambda notes, _: " ".join(notes) or "none",
}
"""What is more than a number or a phrase -> how it is told."""
_SAMPLE = ("drawn", "drawn_by_group")
