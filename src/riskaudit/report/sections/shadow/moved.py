"""What moved each child's score: by feature, as a waterfall, and by agency."""

from __future__ import annotations

from riskaudit.artefacts import DataShadow, Moved, ShadowChild
from riskaudit.report.data import Block, ChartBlock, ChartKind, Mark, Paragraph, Section, TableBlock, Tone, Value
from riskaudit.report.formats import Form, counted, number
from riskaudit.report.sections.shadow.names import Names
from riskaudit.report.waterfall import AGAINST, FOR, STANDS, WATERFALL_SERIES
from riskaudit.report.words import agency_name

__all__ = ["moved_section"]

_TOP = 8
_LEAD = (
    "These records moved the score up or down from the usual. This is how the model used them. It does not say that they caused "
    "anything, and it does not say that they are right."
)


def moved_section(shadow: DataShadow, names: Names) -> Section:
    """Return what moved the score of each child, in words first and exactly below."""
    if shadow.not_explained:
        return Section("moved", "What moved the score", f"Nothing is said of it: {shadow.not_explained}.")
    blocks: list[Block] = []
    told = {" ".join(child.base_rates) for child in shadow.children}  # the opening has them
    for child in sorted(shadow.children, key=lambda child: -child.score):  # the family's score is the highest
        parts = child.sentences.get("page", "").split("\n\n")
        blocks += (
            [Paragraph(f"On {names.person(child.child_id).lower()}:", Tone.NOTICE)] if len(shadow.children) > 1 else []
        )
        blocks += [Paragraph(part) for part in parts if part and part not in told]
        told.update(parts)
        blocks += [
            _waterfall(child, names, shadow.unit),
            _agencies(child, names, shadow.unit),
            _all(child, names, shadow.unit),
        ]
    return Section("moved", "What moved the score", _LEAD, tuple(blocks))


def _waterfall(child: ShadowChild, names: Names, unit: str) -> ChartBlock:
    top, rest = child.moved[:_TOP], child.moved[_TOP:]
    steps = [_step(names.feature(one.feature), one.contribution) for one in top]
    if rest:
        steps.append(
            _step(f"{counted(len(rest), 'other feature', 'other features')}", sum(one.contribution for one in rest))
        )
    total = sum(one.contribution for one in child.moved)
    marks = (Mark("The usual", _signed(0.0), STANDS), *steps, Mark("This child", _signed(total), STANDS))
    name = names.person(child.child_id)
    return ChartBlock(
        ChartKind.WATERFALL, f"{name}: what moved the score",
        f"{name}: {_signed(total).short} {unit} from the usual, step by step",
        f"In {unit}, from the usual child at 0", "Feature", marks, series_name="What it does", order=WATERFALL_SERIES,
    )  # fmt: skip


def _agencies(child: ShadowChild, names: Names, unit: str) -> ChartBlock:
    marks = tuple(
        Mark(agency_name(agency), _signed(total), FOR if total >= 0 else AGAINST)
        for agency, total in child.by_agency.items()
    )
    name = names.person(child.child_id)
    title = (
        f"{name}: moved furthest by {marks[0].label} ({marks[0].value.short})"
        if marks
        else f"{name}: moved by no records"
    )
    child_at = Mark("This child", _signed(sum(child.by_agency.values())), STANDS)
    return ChartBlock(
        ChartKind.BARS, f"{name}: by who holds the record", title, f"Sum of what its features add, in {unit}", "Records of",
        (*marks, child_at), series_name="What it does", order=WATERFALL_SERIES,
    )  # fmt: skip


def _all(child: ShadowChild, names: Names, unit: str) -> TableBlock:
    rows = tuple(
        (names.feature(one.feature), _words(one), _plain(one.value), _signed(one.contribution)) for one in child.moved
    )
    columns = ("Feature", "In plain words", "Value", f"Moves the score by, {unit}")
    caption = f"{names.person(child.child_id)}: every feature that moved the score"
    note = "“Your child” and “your home” are this made-up family’s."
    return TableBlock(caption, columns, rows, note, folded=True, on_screen=True)


def _words(one: Moved) -> str:
    return one.words[:1].upper() + one.words[1:]


def _plain(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _step(label: str, contribution: float) -> Mark:
    return Mark(label, _signed(contribution), FOR if contribution >= 0 else AGAINST)


def _signed(contribution: float) -> Value:
    plain = number(contribution, Form.AMOUNT)
    text = f"+{plain.text}" if contribution > 0 else plain.text
    return Value(text, text, contribution)
