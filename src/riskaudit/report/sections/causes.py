"""Where a disparity comes from: split over the mechanisms that make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from riskaudit.artefacts import ALL_OFF, ALL_ON, DisparityCauses
from riskaudit.report.data import (
    Block,
    Cell,
    ChartBlock,
    ChartKind,
    Finding,
    Mark,
    Paragraph,
    Section,
    TableBlock,
    Tone,
    Value,
)
from riskaudit.report.evidence import Row, shown
from riskaudit.report.formats import Form, counted, defined
from riskaudit.report.statistics import STATISTICS, form_of, label_of
from riskaudit.report.waterfall import AGAINST, FOR, STANDS, WATERFALL_SERIES
from riskaudit.report.words import Words, in_words, listed, lower_first

__all__ = ["causes_findings", "causes_lines", "causes_section", "causes_sections", "causes_subtitle"]

_TITLE = "Where a difference comes from"
_OFF_NAME, _ON_NAME = "With all of these off", "As it is"
_LEFT_OVER = (
    "What is there with all of these off is not theirs: it comes from how the model works, from groups whose true needs differ, "
    "and from mechanisms that were not switched."
)


def causes_subtitle(found: DisparityCauses) -> str:
    """Return what was split, in whom, and over how many worlds."""
    populations = counted(found.about["replicates"], "made-up population", "made-up populations")
    return f"{_disparity(found)}; {found.about['worlds']:,} worlds of {populations}"


def causes_sections(found: DisparityCauses) -> tuple[Section, ...]:
    """Return the split of the level asked about, each mechanism in words, every other level, and how it was worked out."""
    others = [level for level in found.about["levels"] if level not in (found.about["level"], found.about["reference"])]
    return (
        Section("causes", _TITLE, _lead(found), (*_split(found), Paragraph(_LEFT_OVER))),
        Section("mechanisms", "Mechanism by mechanism", _LEAD, tuple(_sentences(found))),
        *([Section("levels", "Every level", _OTHERS, (_every_level(found),))] if others else []),
        Section("worked-out", "How this was worked out", _how(found), tuple(_worked_out(found))),
    )


def causes_section(found: DisparityCauses) -> Section:
    """Return the split of the level asked about as one section of a study's report: the chart, and each mechanism in words."""
    blocks = (*_split(found), *_sentences(found), Paragraph(f"{_LEFT_OVER} {_how(found)} More in causes/causes.html."))
    return Section("causes", _TITLE, _lead(found), blocks)


def causes_findings(found: DisparityCauses) -> tuple[Finding, ...]:
    """Return how large the disparity is with all mechanisms on and off, and which of them clearly make it."""
    rows = _rows(found, found.about["level"])
    on, off = _value(rows[ALL_ON]), _value(rows[ALL_OFF])
    if not defined(on):
        return (Finding(f"{_disparity(found)}: not enough to say. {rows[ALL_ON]['note']}.", "causes"),)
    first = f"{_disparity(found)}: {on.text} as it is, {off.text} with {_switched(found)} off."
    named = {one["id"]: one["label"] for one in found.about["mechanisms"]}
    clear = sorted((one for one in named if _is_clear(rows[one])), key=lambda one: -abs(rows[one]["estimate"]))
    said = [f"{lower_first(named[one])} {_signed(rows[one]).short}" for one in clear]
    second = f"What clearly makes it, or takes from it: {listed(said)}." if said else _NOTHING_CLEAR
    return (Finding(first, "causes"), Finding(second, "causes"))


def causes_lines(found: DisparityCauses) -> tuple[str, list[tuple[str, str, str, str]]]:
    """Return what was split, and a line of text each for everything off, every mechanism and everything on."""
    rows, named = _rows(found, found.about["level"]), {one["id"]: one["label"] for one in found.about["mechanisms"]}
    names = {ALL_OFF: _OFF_NAME, **named, ALL_ON: _ON_NAME}
    values = {key: _signed(rows[key]) if key in named else _value(rows[key]) for key in names}
    return _disparity(found), [
        (name, values[key].text if defined(values[key]) else "not defined", str(rows[key]["n"]), rows[key]["note"])
        for key, name in names.items()
    ]


_LEAD = (
    "What each mechanism is, and what it does to the difference on average over every order in which the mechanisms could be "
    "switched on."
)
_OTHERS = "The same split for every other level of the characteristic. The rows of the tidy table have the intervals."
_NOTHING_CLEAR = "No mechanism clearly makes it: every interval covers nothing at all."


def _lead(found: DisparityCauses) -> str:
    about = found.about
    definition = STATISTICS[about["metric"]].definition if about["metric"] in STATISTICS else ""
    return f"{_disparity(found)}. {definition} Against true need, of {about['children']:,} made-up children on average."


def _split(found: DisparityCauses) -> list[Block]:
    """Return the chart, under a notice where there is nothing to draw."""
    rows = _rows(found, found.about["level"])
    if defined(_value(rows[ALL_ON])):
        return [_waterfall(found, rows)]
    return [Paragraph(f"There was not enough to say: {rows[ALL_ON]['note']}.", Tone.NOTICE), _waterfall(found, rows)]


def _disparity(found: DisparityCauses) -> str:
    """Return what is split, in words: 'Flagged wrongly: Black, less everyone else'."""
    about, words = found.about, Words(unit="child")
    whom = words.level(about["level"])
    if about["reference"] == "none":
        return f"{label_of(about['metric'])}: {lower_first(whom) if about['level'] == 'all' else whom}"
    return f"{label_of(about['metric'])}: {whom}, less {lower_first(words.level(about['reference']))}"


def _switched(found: DisparityCauses) -> str:
    many = len(found.about["mechanisms"])
    return "this mechanism" if many == 1 else f"all {many} mechanisms"


def _rows(found: DisparityCauses, level: str) -> Mapping[str, Row]:
    """Return mechanism -> row, for one level."""
    return {row["level"]: row for row in found.estimates.rows(subject=f"{found.about['model']}: {level}")}


def _form(row: Row) -> Form:
    """Return the form of a row's number: a share's difference counts in percentage points."""
    form = form_of(row["statistic"].removesuffix("_difference"))
    return Form.POINTS if form is Form.PERCENT else form


def _value(row: Row) -> Value:
    return shown(row, _form(row))


def _signed(row: Row) -> Value:
    """Return a part as it is shown, with its sign."""
    value = _value(row)
    if value.estimate is None or value.estimate <= 0:
        return value
    return Value(f"+{value.text}", f"+{value.short}", value.estimate, value.lower, value.upper, value.n, value.note)


def _is_clear(row: Row) -> bool:
    return row["lower"] is not None and (row["lower"] > 0 or row["upper"] < 0)


def _waterfall(found: DisparityCauses, rows: Mapping[str, Row]) -> ChartBlock:
    about = found.about
    parts = [
        Mark(one["label"], _signed(rows[one["id"]]), FOR if (rows[one["id"]]["estimate"] or 0) >= 0 else AGAINST)
        for one in about["mechanisms"]
    ]
    marks = (Mark(_OFF_NAME, _value(rows[ALL_OFF]), STANDS), *parts, Mark(_ON_NAME, _value(rows[ALL_ON]), STANDS))
    clear = [one["label"] for one in about["mechanisms"] if _is_clear(rows[one["id"]])]
    unit = ", in percentage points" if _form(rows[ALL_ON]) is Form.POINTS else " per 1,000 children"
    return ChartBlock(
        ChartKind.WATERFALL, _disparity(found),
        f"Clearly at work: {listed([lower_first(one) for one in clear])}" if clear else "No mechanism is clearly at work",
        f"{'Rate' if about['reference'] == 'none' else 'Difference'}{unit}", "Mechanism", marks,
        series_name="What it does", order=WATERFALL_SERIES,
        note=f"Intervals: {about['confidence']:.0%}, over {counted(about['replicates'], 'population', 'populations')}.",
    )  # fmt: skip


def _sentences(found: DisparityCauses) -> Sequence[Block]:
    rows = _rows(found, found.about["level"])
    return [
        Paragraph(f"{one['label']}. {one['what']} {_does(rows[one['id']], found)}") for one in found.about["mechanisms"]
    ]


def _does(row: Row, found: DisparityCauses) -> str:
    """Return what a mechanism does, in one sentence."""
    it = "rate" if found.about["reference"] == "none" else "difference"
    value = _value(row)
    if value.estimate is None:
        return f"What it does to the {it} cannot be said: {row['note']}."
    if value.lower is None:
        return f"Here it moves the {it} by {_signed(row).text}, in one made-up population, so chance is not told apart."
    if not _is_clear(row):
        return f"Here it cannot be told from nothing: it moves the {it} by {_signed(row).text}."
    if value.estimate > 0:
        return f"Here it adds {value.text} to the {it}."
    ends = _bare_interval(value)
    return f"Here it takes {ends} off the {it}."


def _bare_interval(value: Value) -> str:
    """Return a negative part as an amount taken away."""
    short, ends = value.text.split(" (", 1) if " (" in value.text else (value.text, "")
    low, high = ends.removesuffix(")").split(" to ") if ends else ("", "")
    flipped = f" ({high.replace('−', '')} to {low.replace('−', '')})" if ends else ""
    return short.replace("−", "") + flipped


def _every_level(found: DisparityCauses) -> TableBlock:
    about, words = found.about, Words(unit="child")
    names = [_OFF_NAME, *(one["label"] for one in about["mechanisms"]), _ON_NAME]
    levels = [level for level in about["levels"] if level != about["reference"]]
    keys = [ALL_OFF, *(one["id"] for one in about["mechanisms"]), ALL_ON]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (words.level(level), *(_value(_rows(found, level)[key]) for key in keys)) for level in levels
    )
    return TableBlock("Every level’s split", (words.group(about["group"]), *names), rows)


def _how(found: DisparityCauses) -> str:
    about = found.about
    populations = counted(about["replicates"], "made-up population", "made-up populations")
    every = (
        f"All {about['worlds']:,} worlds were made"
        if about["exact"]
        else f"{about['worlds']:,} of {about['worlds_in_all']:,} worlds were made, those that sampled orders pass through"
    )
    return (
        f"Each mechanism was switched on and off while everything else, down to every draw of chance, stayed as it was. {every}, "
        f"in each of {populations} of {about['families']:,} families. A mechanism’s part is its Shapley value: what it adds, on "
        "average over the orders of switching on. Parts add up exactly."
    )


def _worked_out(found: DisparityCauses) -> Sequence[Block]:
    about = found.about
    table = TableBlock(
        "What switching off means", ("Mechanism", "Off"),
        tuple((one["label"], f"{one['off'][0].upper()}{one['off'][1:]}.") for one in about["mechanisms"]),
    )  # fmt: skip
    left = [name for name in about["acting"] if name not in {one["id"] for one in about["mechanisms"]}]
    blocks: list[Block] = [
        table,
        Paragraph(
            "Children are counted, not linked families, because linkage makes other families of the same children. Every child "
            "is scored by a model that was fitted on other families. Nobody could do this with real records: it takes knowing "
            "who truly needs help, and worlds in which one thing is otherwise."
        ),
        Paragraph(
            "The split says what these assumptions make of made-up families. It does not say how much of a real council’s "
            "disparity comes from where."
        ),
    ]
    if left:
        blocks.append(
            Paragraph(
                f"Also at work in this scenario, and not switched: {listed([lower_first(in_words(one)) for one in left])}."
            )
        )
    return blocks
