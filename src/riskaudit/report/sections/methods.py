"""How everything was worked out: definitions, intervals, the feature catalogue, how to run it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from riskaudit.artefacts import Feature, FeatureCatalogue
from riskaudit.estimates import EstimateTable
from riskaudit.report.data import Block, Paragraph, Section, TableBlock
from riskaudit.report.evidence import Row
from riskaudit.report.statistics import OF_LINKS, STATISTICS, Statistic
from riskaudit.report.words import agency_name
from riskaudit.scenario import StudySection

__all__ = ["links_methods_section", "methods_section", "study_methods_section"]

_ID = "methods"
_CAPTION = "What each statistic is"
_READING = (
    "An interval is shown in brackets after its estimate, such as 12% (9 to 16). Where there is none, the table says why. "
    "What cannot be estimated is called so; it is never shown as 0. A heading names a difference only where the two intervals "
    "do not overlap. Where many groups are compared, some will differ by chance."
)


def methods_section(found: Iterable[tuple[str, str]]) -> Section:
    """Return the section on definitions and intervals of whatever occurs: pairs of a statistic and a method."""
    return Section(_ID, "Methods and definitions", _READING, _defined(_CAPTION, STATISTICS, found))


def links_methods_section(tables: Sequence[EstimateTable]) -> Section:
    """Return the same section where the tables are of links and of nothing else."""
    return Section(_ID, "Methods and definitions", _READING, _definitions_of_links(tables))


def study_methods_section(
    tables: Sequence[EstimateTable], links: EstimateTable, catalogue: FeatureCatalogue, study: StudySection
) -> Section:
    """Return the section on definitions and intervals, the feature catalogue in full, and how to run the study again."""
    again = (
        f"The study’s folder holds the scenario it was made from. The same scenario, the same seed ({study.seed}) and the "
        "same versions give the same numbers. To run it again: riskaudit run SCENARIO --out FOLDER."
    )
    defined = (*_definitions(tables), *_definitions_of_links([links]))
    blocks: tuple[Block, ...] = (*defined, *_catalogue_tables(catalogue), Paragraph(again))
    return Section(_ID, "Methods and data dictionary", _READING, blocks)


def _definitions(tables: Sequence[EstimateTable]) -> tuple[Block, ...]:
    """Return a table with every statistic that occurs, differences left out: its words, its name, how its intervals are made."""
    rows = [row for table in tables for row in table.rows(reference="")]
    return _defined(_CAPTION, STATISTICS, map(_pair, rows))


def _definitions_of_links(tables: Sequence[EstimateTable]) -> tuple[Block, ...]:
    """Return the same for statistics of links, whose differences have names of their own."""
    return _defined(
        "What each statistic of links is", OF_LINKS, (_pair(row) for table in tables for row in table.rows())
    )


def _pair(row: Row) -> tuple[str, str]:
    return row["statistic"], row["method"]


def _defined(caption: str, words: Mapping[str, Statistic], found: Iterable[tuple[str, str]]) -> tuple[Block, ...]:
    methods: dict[str, list[str]] = {}
    for statistic, method in found:
        known = methods.setdefault(statistic, [])
        if method and method not in known:
            known.append(method)
    rows = tuple(
        (one.label, one.definition, one.id, "; ".join(methods[one.id]) or "no interval")
        for one in words.values()
        if one.id in methods
    )
    if not rows:
        return ()
    columns = ("Statistic", "Definition", "Name in the CSV", "Interval")
    return (TableBlock(caption, columns, rows, folded=len(rows) > _LONG, stacked=True),)


_LONG = 30


def _catalogue_tables(catalogue: FeatureCatalogue) -> tuple[TableBlock, TableBlock]:
    """Return every feature's entry, in two tables: what it is, and what is known against it."""
    size = f"all {len(catalogue):,} features"
    what = ("Feature", "Id", "In a parent’s words", "Definition", "Agency", "Whose record", "Window", "Kind and unit")
    against = ("Feature", "Sensitivity", "Proxy for", "Can be wrong when", "Seen in", "Used")
    return (
        TableBlock(f"The feature catalogue, what is counted: {size}", what, tuple(map(_what, catalogue)), folded=True),
        TableBlock(
            f"The feature catalogue, what to beware of: {size}", against, tuple(map(_against, catalogue)), folded=True
        ),
    )


def _what(feature: Feature) -> tuple[str, ...]:
    return (
        feature.label,
        feature.id,
        feature.plain,
        feature.definition,
        agency_name(feature.agency),
        feature.subject.value,
        "ever" if feature.window_days is None else f"{feature.window_days:,} days",
        ", ".join(part for part in (feature.kind.value, feature.unit) if part),
    )


def _against(feature: Feature) -> tuple[str, ...]:
    return (
        feature.label,
        feature.sensitivity.value,
        "; ".join(feature.proxies) or "none known",
        feature.can_be_wrong,
        "; ".join(feature.seen_in) or "none known",
        "yes" if feature.used else "no: left out by the scenario",
    )
