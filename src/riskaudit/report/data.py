"""The report as data: what every renderer draws from, and the only place its numbers come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

__all__ = [
    "SCHEMA",
    "Block",
    "BlockKind",
    "Cell",
    "ChartBlock",
    "ChartKind",
    "Finding",
    "KeyFigure",
    "KeyFigures",
    "Mark",
    "Paragraph",
    "RecordCard",
    "Report",
    "Section",
    "TableBlock",
    "Tone",
    "Value",
]

SCHEMA = "riskaudit.report/1"


class BlockKind(StrEnum):
    """The kinds of block that a section is made of."""

    PARAGRAPH = "paragraph"
    KEY_FIGURES = "key_figures"
    TABLE = "table"
    CHART = "chart"
    CARD = "card"


class ChartKind(StrEnum):
    """The kinds of chart."""

    ESTIMATE_INTERVALS = "estimate_intervals"  # a dot and its interval for every row
    CALIBRATION = "calibration"  # observed rate against mean score
    BARS = "bars"  # one bar for every row
    FLOW = "flow"  # boxes that split into boxes
    WATERFALL = "waterfall"  # what each part adds to where the ones before it had come
    CURVE = "curve"  # one line for every series, along something
    HUNDRED = "hundred"  # a hundred figures, so many of each series


class Tone(StrEnum):
    """How a paragraph speaks: as running text, or as something no reader may miss."""

    PLAIN = "plain"
    NOTICE = "notice"


@dataclass(frozen=True)
class Value:
    """One number as it is shown, with what stands behind it. Undefined has no estimate, and `text` says why."""

    text: str
    """As a table shows it: '12% (9 to 16)'."""
    short: str
    """As a chart shows it: '12%'."""
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    """How many cases stand behind it."""
    note: str = ""


Cell: TypeAlias = str | Value


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    text: str
    tone: Tone = Tone.PLAIN
    kind: BlockKind = field(default=BlockKind.PARAGRAPH, init=False)


@dataclass(frozen=True)
class KeyFigure:
    """One large number with its label."""

    label: str
    value: Value
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A row of large numbers."""

    figures: tuple[KeyFigure, ...]
    kind: BlockKind = field(default=BlockKind.KEY_FIGURES, init=False)


@dataclass(frozen=True)
class TableBlock:
    """A table. The first column names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    folded: bool = False
    """True where the page shows only the caption until the reader opens it."""
    shaded: bool = False
    """True where each column's cells are shaded by how large their numbers are. The numbers stand in them all the same."""
    stacked: bool = False
    """True where a narrow screen shows each row as a list of its cells, each under its column's name: tables of sentences."""
    on_screen: bool = False
    """True where paper names the table and leaves it out: one that nobody reads through, and that stands elsewhere too."""
    to_write_in: bool = False
    """True where the last column is empty for the reader to write in, and as wide as what it is about."""
    kind: BlockKind = field(default=BlockKind.TABLE, init=False)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table '{self.caption}': a row has more or fewer cells than there are columns")


@dataclass(frozen=True)
class Mark:
    """One row of a chart: what is drawn, and what the table beside it says."""

    label: str
    value: Value
    series: str = ""
    """Which of several marks of the same label it is: a model, a group."""
    panel: str = ""
    """Which of several charts side by side it stands in."""
    at: Value | None = None
    """Where it stands on the horizontal axis, where that is a number of its own (calibration, curve)."""
    parent: str = ""
    """The label of the box it comes out of (flow)."""
    target: Value | None = None
    """What it is held against: a figure, and between `lower` and `upper` how near is near enough (no `upper`: open)."""


@dataclass(frozen=True)
class ChartBlock:
    """A chart, and the very rows it draws. The table beside it is made of the same rows."""

    chart: ChartKind
    kicker: str
    """What is shown, in a few words: 'Missed, by ethnic group'."""
    title: str
    """What it shows, as a finding."""
    axis: str
    """What the numbers are, with the denominator in words."""
    label_name: str
    """Heading of the rows: 'Ethnic group'."""
    marks: tuple[Mark, ...]
    series_name: str = "Model"
    note: str = ""
    limits: tuple[float, float] | None = None
    """Ends of the axis where they are fixed, such as those of an answer scale."""
    mark: str = ""
    """What stands at the chart's foot where that is more than the report's own mark: SIMULATED answers."""
    order: tuple[str, ...] = ()
    """Every series in a fixed order, for charts that must look alike whichever of them occur."""
    target_name: str = ""
    """What the marks' targets are, where they have any: 'Published'."""
    along: str = ""
    """What the horizontal axis is, of a curve: 'Score from which one is flagged'."""
    equal: float | None = None
    """Where two groups are alike, in a chart of comparisons: 0 for a difference, 1 for a ratio. Of bars: what each is
    held against."""
    folded: bool = False
    """True where the page shows only what is shown, in a few words, until the reader opens it."""
    kind: BlockKind = field(default=BlockKind.CHART, init=False)

    @property
    def series(self) -> tuple[str, ...]:
        """The series: in their fixed order, or in the order in which they first occur."""
        return self.order or tuple(dict.fromkeys(mark.series for mark in self.marks))

    @property
    def panels(self) -> tuple[str, ...]:
        """The panels, in the order in which they first occur."""
        return tuple(dict.fromkeys(mark.panel for mark in self.marks))


@dataclass(frozen=True)
class RecordCard:
    """One thing held on somebody: what is said of it, fact by fact, and what stands on it."""

    title: str
    label: str
    """Whose it is, in words and with a sign of its own, so that no colour is needed to tell."""
    facts: tuple[tuple[str, str], ...]
    """Name and words of each fact."""
    table: TableBlock | None = None
    tone: Tone = Tone.PLAIN
    """A notice where it is not theirs."""
    kind: BlockKind = field(default=BlockKind.CARD, init=False)


Block: TypeAlias = Paragraph | KeyFigures | TableBlock | ChartBlock | RecordCard


@dataclass(frozen=True)
class Section:
    """One numbered section: its finding or question in a lead paragraph, then its blocks."""

    id: str
    title: str
    lead: str
    blocks: tuple[Block, ...] = ()
    new_page: bool = False
    """Whether it begins a new page where the report is printed."""


@dataclass(frozen=True)
class Finding:
    """One sentence of the summary, and the section that shows it."""

    text: str
    section: str


@dataclass(frozen=True)
class Report:
    """Everything a reader meets, in reading order."""

    title: str
    subtitle: str
    mark: str
    """The word that the page's name and every chart carry: SYNTHETIC or PRIVATE."""
    banner: tuple[str, ...]
    """What the mark means: the lines at the top and at the foot of the page."""
    summary: tuple[Finding, ...]
    sections: tuple[Section, ...]
    author: str = ""
    opening: Section | None = None
    """What stands before the summary and has no number: verdicts on stated limits."""
    running: str = ""
    """What stands at the head and foot of every printed page, where the report is for printing on A4."""

    def as_json(self) -> Mapping[str, Any]:
        """Return the report as JSON can hold it, under its versioned schema."""
        return {"schema": SCHEMA, **_plain(asdict(self))}


def _plain(value: Any) -> Any:
    """Return `value` with enums as their words and tuples as lists, as a JSON file would give it back."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value.value if isinstance(value, StrEnum) else value
