"""What would change the score: the family scored again in worlds with other records, and what it could do."""

from __future__ import annotations

from riskaudit.artefacts import DataShadow, WhatIf, WhatIfKind
from riskaudit.report.data import Block, ChartBlock, ChartKind, Mark, Paragraph, Section, TableBlock, Tone, Value
from riskaudit.report.formats import counted
from riskaudit.report.sections.shadow.names import Names, changed, score

__all__ = ["recourse_section", "what_if_section"]

_OVER_TIME = (WhatIfKind.YEAR, WhatIfKind.WAIT)
_FLAGGED, _NOT = "Flagged", "Not flagged"
_LEAD = (
    "Here the records are other than they are. They are joined, counted and scored all over again. Each bar is the family’s "
    "score then. The black line is where flagging begins."
)
_NO_MODEL = "Nothing can be said of it: the model cannot be run again."


def what_if_section(shadow: DataShadow, names: Names) -> Section:
    """Return the family's score in every world but those without one record, which stand at the records themselves."""
    told = [one for one in shadow.what_ifs if one.kind is not WhatIfKind.RECORD]
    if not told:
        return Section("what-if", "What would change it", _NO_MODEL)
    over_time = [one for one in told if one.kind in _OVER_TIME]
    other = [one for one in told if one.kind not in _OVER_TIME]
    blocks: list[Block] = [
        _chart(shadow, kicker, cases)
        for kicker, cases in (("Other records", other), ("Time gone by", over_time))
        if cases
    ]
    blocks += [_children(told, names)] if len(shadow.children) > 1 else []
    return Section("what-if", "What would change it", _LEAD, tuple(blocks), new_page=True)


def recourse_section(shadow: DataShadow) -> Section:
    """Return what the family could do. That it could do nothing is a finding about the model."""
    lead, *more = shadow.recourse or (_NO_MODEL,)
    note = "This is about how the model works. It does not say that the family should do anything."
    return Section("recourse", "What the family could do", lead, (*map(Paragraph, more), Paragraph(note, Tone.NOTICE)))


def _chart(shadow: DataShadow, kicker: str, told: list[WhatIf]) -> ChartBlock:
    now = _mark("As it is", shadow.family_score, shadow.flagged, "")
    marks = (now, *(_mark(_if(one), one.family_score, one.flagged, _note(one, shadow.family_score)) for one in told))
    ends = sum(one.flagged != shadow.flagged for one in told)
    would = "would not be flagged" if shadow.flagged else "would be flagged"
    line = "nobody is flagged" if shadow.threshold is None else f"black line: flagged from {score(shadow.threshold)}"
    return ChartBlock(
        ChartKind.BARS, f"{kicker}: what the score would be",
        f"In {ends} of {counted(len(told), 'case', 'cases')} the family {would}", f"Score of the family, 0 to 1; {line}", "Case",
        marks, series_name="Then", order=(_FLAGGED, _NOT), equal=shadow.threshold,
    )  # fmt: skip


def _mark(label: str, found: float | None, flagged: bool, note: str) -> Mark:
    word = _FLAGGED if flagged else _NOT
    if found is None:
        return Mark(label, Value("not scored: no child would be", "not scored", note=note), word)
    return Mark(label, Value(score(found), f"{score(found)} {word.lower()}", found, note=note), word)


def _if(one: WhatIf) -> str:
    return f"If {one.words}"


def _note(one: WhatIf, now: float) -> str:
    change = None if one.family_score is None else one.family_score - now
    if one.kind is WhatIfKind.WAIT:
        return changed(change)
    return f"{changed(change)}; {counted(one.records_changed, 'record', 'records')} other than now"


def _children(told: list[WhatIf], names: Names) -> TableBlock:
    rows = tuple(
        (
            _if(one),
            names.person(then.child_id),
            "not scored" if then.score is None else score(then.score),
            changed(then.change),
        )
        for one in told
        for then in one.scores
    )
    return TableBlock(
        "Each child in each case", ("Case", "Child", "Score", "Change"), rows, folded=True, on_screen=True
    )
