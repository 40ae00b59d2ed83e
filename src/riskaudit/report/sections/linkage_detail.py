"""Everything else that was measured of links: pairs, blocks, whom wrong links are to, people, other match probabilities."""

from __future__ import annotations

from riskaudit.estimates import EstimateTable
from riskaudit.report.data import Block, Cell, ChartBlock, ChartKind, Mark, TableBlock
from riskaudit.report.evidence import Evidence, shown
from riskaudit.report.formats import with_n
from riskaudit.report.sections.linkage_tables import EVERYTHING, by_agency, by_group, whole
from riskaudit.report.statistics import OF_LINKS
from riskaudit.report.words import Words

__all__ = ["linkage_detail"]

_PEOPLE = "linked people"
_PAIRS = ("precision", "recall", "f1_score", "not_on_spine_rate")
_CHAIN = ("blocking_recall", "scoring_recall")
_ERRORS = ("missed_match_rate", "false_match_rate")
_WRONG = ("sibling_swap_rate", "twin_swap_rate", "other_relative_rate", "stranger_rate")
_EVENTS = ("events_on_wrong_person_rate", "events_on_stranger_rate", "events_lost_rate")
_CLUSTERS = (
    *("b_cubed_precision", "b_cubed_recall", "b_cubed_f1"),
    *("exact_cluster_precision", "exact_cluster_recall", "exact_cluster_f1"),
    *("closest_cluster_precision", "closest_cluster_recall", "closest_cluster_f1"),
    *("split_rate", "merge_rate"),
)
_CLUSTERS_BY_GROUP = ("b_cubed_f1", "exact_cluster_recall", "split_rate", "merge_rate")
_AT = "match probability "
_AT_THRESHOLD = ("missed_match_rate_at_threshold", "false_match_rate_at_threshold")
_SPLIT = "ethnicity"


def linkage_detail(table: EstimateTable, words: Words) -> list[Block | None]:
    """Return the threshold sweep as a chart, and the rest as tables that open."""
    evidence = Evidence(table)
    return [
        _thresholds(evidence),
        *(_by_threshold(evidence, statistic, words) for statistic in _AT_THRESHOLD),
        _apart(table, words),
        by_group(evidence, "Missed and false matches, by every group", EVERYTHING, _ERRORS, words),
        by_agency(evidence, "Pairs of a record and a person, by agency", _PAIRS),
        by_group(evidence, "Pairs of a record and a person, by group", EVERYTHING, _PAIRS, words),
        by_agency(evidence, "Where matches that exact agreement left over are lost, by agency", _CHAIN),
        by_group(evidence, "Where matches that exact agreement left over are lost, by group", EVERYTHING, _CHAIN, words),
        by_agency(evidence, "Whom wrong links are to, by agency", _WRONG),
        by_group(evidence, "Whom wrong links are to, by group", EVERYTHING, _WRONG, words),
        by_agency(evidence, "What becomes of events, by agency", _EVENTS),
        by_group(evidence, "What becomes of events, by group", EVERYTHING, _EVENTS, words),
        whole(evidence, "Records sorted into people", [(_PEOPLE, name) for name in _CLUSTERS]),
        by_group(evidence, "Records sorted into people, by group", _PEOPLE, _CLUSTERS_BY_GROUP, words),
        _methods(evidence),
    ]  # fmt: skip


def _thresholds(evidence: Evidence) -> ChartBlock | None:
    """Return missed and false matches had links been made from other match probabilities."""
    marks = [
        Mark(row["subject"].removeprefix(_AT), shown(row), OF_LINKS[statistic].label)
        for row in evidence.rows
        if (statistic := row["statistic"]) in _AT_THRESHOLD and row["group"] == "all"
    ]
    if len({mark.series for mark in marks}) < len(_AT_THRESHOLD):
        return None
    lax, strict = marks[0].label, marks[-1].label
    missed, false = (
        [mark.value.short for mark in marks if mark.series == OF_LINKS[one].label] for one in _AT_THRESHOLD
    )
    title = f"From {lax} to {strict}: missed {missed[0]} to {missed[-1]}, mixed up {false[0]} to {false[-1]}"
    axis = "Missed: of records whose person the spine holds. False: of records joined. Had links been made from this probability"
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, "Missed and false matches, by match probability", title, axis, "From", tuple(marks),
        series_name="Error",
    )  # fmt: skip


def _by_threshold(evidence: Evidence, statistic: str, words: Words) -> TableBlock | None:
    """Return one error at every threshold, one column a group."""
    rows = evidence.pick(statistic=statistic, group=_SPLIT)
    if not rows:
        return None
    levels = tuple(dict.fromkeys(row["level"] for row in rows))
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (subject.removeprefix(_AT), *(_told(evidence, subject, statistic, level) for level in levels))
        for subject in dict.fromkeys(row["subject"] for row in rows)
    )
    caption = f"{OF_LINKS[statistic].label} at other match probabilities, by {words.group(_SPLIT).lower()}"
    return TableBlock(caption, ("From", *map(words.level, levels)), cells, OF_LINKS[statistic].definition, folded=True)


def _told(evidence: Evidence, subject: str, statistic: str, level: str) -> str:
    value = evidence.value(subject, statistic, _SPLIT, level)
    return "not measured" if value is None else with_n(value)


def _apart(table: EstimateTable, words: Words) -> TableBlock | None:
    """Return how far groups are apart at all thresholds at once."""
    means = table.rows(statistic="recall_over_thresholds", group=_SPLIT)
    if not means:
        return None
    names = ("recall_over_thresholds_difference", "recall_curve_area")
    found = {(row["statistic"], row["level"]): row for name in names for row in table.rows(statistic=name)}
    rows = tuple(
        (
            words.level(row["level"]),
            with_n(shown(row)),
            *(_difference(found.get((name, row["level"]))) for name in names),
        )
        for row in means
    )
    columns = (words.group(_SPLIT), *(OF_LINKS[name].label for name in ("recall_over_thresholds", *names)))
    note = " ".join(OF_LINKS[name].definition for name in ("recall_over_thresholds", *names))
    return TableBlock("Matches found at all thresholds at once, by ethnic group", columns, rows, note, folded=True)


def _difference(row: dict[str, object] | None) -> Cell:
    return "the largest group" if row is None else shown(row)


def _methods(evidence: Evidence) -> TableBlock | None:
    """Return what joined the records: the share of links that each method made."""
    rows = evidence.pick(subject=EVERYTHING, statistic="link_share")
    cells = tuple((row["level"].replace("_", " "), with_n(shown(row))) for row in rows)
    return TableBlock("What made the links", ("Method", "Share of links"), cells, folded=True) if rows else None
