"""A made-up population beside published figures: one section a family of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from riskaudit.artefacts import Basis, RealismCheck, Unit, Verdict
from riskaudit.report.data import Block, ChartBlock, ChartKind, Finding, Mark, Paragraph, Section, TableBlock, Value
from riskaudit.report.formats import Form, counted, number, value_of
from riskaudit.report.words import listed

__all__ = ["figure_text", "realism_findings", "realism_sections", "realism_subtitle"]

Row = Mapping[str, Any]

_UNITS = {
    Unit.SHARE: "Percent",
    Unit.PER_100: "For every 100 pupils, in a year",
    Unit.PER_1000: "For every 1,000, in a year",
    Unit.PER_10000: "For every 10,000 children",
    Unit.TIMES: "Times: 1 is no difference",
}
_DRAWN = (Verdict.PASS, Verdict.OFF, Verdict.TOO_FEW, Verdict.ASSUMPTION)
_METHODS = (
    "An interval says how far another seed could have moved a number; families, not children, are what is drawn. A figure "
    "passes when what came out lies inside the band of tolerance and the interval is no wider than the band. It is off when "
    "the whole interval lies outside. Everything else is too few to say: make more families to decide it. Figures called "
    "derived are arithmetic on published ones. A pass says that one figure was met, not that the families are like real ones."
)
_MADE_FOR_CHECK = (
    " These families were made for this check alone, with the records of every agency there is, whichever the scenario links: "
    "what an agency writes down is the same whichever others are linked. Nothing but this comparison was kept."
)


def realism_subtitle(check: RealismCheck, seed: int) -> str:
    """Return whose families were compared: how many, of which seed and day; of which scenario, where no study holds them."""
    about = check.about
    families = f"{about['families']:,} made-up families (seed {seed}), as they stood on {about['index_date']}"
    if "scenario" not in about:
        return families
    agencies = counted(len(about["agencies"]), "agency", "agencies")
    return f"{families}; made from {about['scenario']} for this check alone, with the records of all {agencies}"


def realism_sections(check: RealismCheck) -> tuple[Section, ...]:
    """Return one section a family of figures, and one on how they were compared."""
    topics = dict.fromkeys(row["subject"] for row in check.rows)
    sections = [_section(topic, [row for row in check.rows if row["subject"] == topic]) for topic in topics]
    methods = _METHODS + _MADE_FOR_CHECK if "scenario" in check.about else _METHODS
    return (*sections, Section("methods", "How figures were compared", methods))


def realism_findings(check: RealismCheck) -> tuple[Finding, ...]:
    """Return how many figures have each verdict, and which are off."""
    verdicts = check.counted()
    compared = sum(verdicts[verdict] for verdict in (Verdict.PASS, Verdict.OFF, Verdict.TOO_FEW))
    text = (
        f"Of {counted(compared, 'published figure', 'published figures')} that could be compared: {verdicts[Verdict.PASS]} pass, "
        f"{verdicts[Verdict.OFF]} off, {verdicts[Verdict.TOO_FEW]} with too few families to say. "
        f"{verdicts[Verdict.NOT_MEASURABLE]} could not be measured in this study."
    )
    off = [row for row in check.rows if row["verdict"] == Verdict.OFF]
    each = [
        Finding(f"Off: {row['statement']}: {here} here, {published} published.", _id(row["subject"]))
        for row in off
        for published, here in [figure_text(row)]
    ]
    return (Finding(text, "methods"), *each)


def figure_text(row: Row) -> tuple[str, str]:
    """Return a figure as published (or assumed), and as it came out with its interval."""
    return _target(row).text, row["note"] if row["verdict"] == Verdict.NOT_MEASURABLE else _value(row).text


def _section(topic: str, rows: Sequence[Row]) -> Section:
    measured = [row for row in rows if row["verdict"] in _DRAWN]
    absent = [row for row in rows if row["verdict"] not in _DRAWN]
    units = dict.fromkeys(row["unit"] for row in measured)
    blocks: list[Block] = [
        _chart(topic, Unit(unit), [row for row in measured if row["unit"] == unit]) for unit in units
    ]
    if not measured:
        blocks.append(Paragraph("None of these figures can be measured in this study."))
    if measured:
        blocks.append(_sources(measured))
    if absent:
        blocks.append(_absent(absent))
    return Section(_id(topic), topic.capitalize(), _lead(rows), tuple(blocks))


def _lead(rows: Sequence[Row]) -> str:
    if all(row["basis"] == Basis.ASSUMPTION for row in rows):
        return "No published figure was found for these: what came out stands beside what the scenario assumes."
    said = [f"{count} {verdict.value}" for verdict in Verdict if (count := _count(rows, verdict))]
    return f"{counted(len(rows), 'figure', 'figures')}: {listed(said)}."


def _count(rows: Sequence[Row], verdict: Verdict) -> int:
    return sum(row["verdict"] == verdict for row in rows)


def _chart(topic: str, unit: Unit, rows: Sequence[Row]) -> ChartBlock:
    off = [row["label"] for row in rows if row["verdict"] == Verdict.OFF]
    assumed = all(row["basis"] == Basis.ASSUMPTION for row in rows)
    quiet = "What came out, beside the scenario’s own assumption" if assumed else "No figure is off"
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS,
        topic.capitalize(),
        f"Off: {listed(off)}" if off else quiet,
        _UNITS[unit],
        "Figure",
        tuple(Mark(row["label"], _value(row), row["verdict"], target=_target(row)) for row in rows),
        series_name="Verdict",
        order=tuple(verdict.value for verdict in _DRAWN if _count(rows, verdict)) if assumed else _COMPARED,
        target_name="Assumed" if assumed else "Published",
    )


_COMPARED = tuple(verdict.value for verdict in _DRAWN if verdict is not Verdict.ASSUMPTION)


def _sources(rows: Sequence[Row]) -> TableBlock:
    columns = ("Figure", "Verdict", "Published or assumed", "Of", "Tolerance", "Source", "Keep in mind")
    cells = [
        (
            row["statement"], row["verdict"], _target(row).text, row["published_for"], _band(row), _source(row), row["note"],
        )
        for row in rows
    ]  # fmt: skip
    return TableBlock("What each figure is, and where it comes from", columns, tuple(cells), folded=True)


def _absent(rows: Sequence[Row]) -> TableBlock:
    cells = [(row["statement"], _target(row).text, row["note"], _source(row)) for row in rows]
    columns = ("Figure", "Published", "Why not", "Source")
    return TableBlock("Not measurable in this study", columns, tuple(cells), folded=len(cells) > 4)


def _value(row: Row) -> Value:
    return value_of({**row, "note": ""} if row["estimate"] is not None else row, _form(row))


def _target(row: Row) -> Value:
    published = row["target"]
    text = row["target_text"] or ("none" if published is None else _written(published, row))
    return Value(text, text, published, row["low"], row["high"])


def _written(figure: float, row: Row) -> str:
    """Return a figure as its source has it: no decimal added, none taken away."""
    if row["unit"] == Unit.SHARE:
        return f"{100 * figure:.3g}%"
    return f"{figure:.4g}"


def _band(row: Row) -> str:
    if row["low"] is None:
        return ""
    low, high = (None if row[name] is None else number(row[name], _form(row)).text for name in ("low", "high"))
    return f"{low} or more: {row['tolerance']}" if high is None else f"{low} to {high}: {row['tolerance']}"


def _source(row: Row) -> str:
    return f"{row['source']} (derived)" if row["basis"] == Basis.DERIVED else row["source"]


def _form(row: Row) -> Form:
    return Form.PERCENT if row["unit"] == Unit.SHARE else Form.AMOUNT


def _id(topic: str) -> str:
    return topic.replace(" ", "-")
