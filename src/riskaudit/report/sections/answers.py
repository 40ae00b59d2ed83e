"""What parents said: how each level was rated, by whom, and what that says about each model feature."""

from __future__ import annotations

from dataclasses import replace

from riskaudit.artefacts import Attribute, FeatureCatalogue, FeatureLicence, LevelEstimates, Provenance, VignetteDeck
from riskaudit.report.data import (
    Block,
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
from riskaudit.report.evidence import Contrast, Evidence, clearest_contrast, shown
from riskaudit.report.formats import defined, with_n
from riskaudit.report.statistics import label_of
from riskaudit.report.words import Words, agency_name, lower_first

__all__ = ["SIMULATED", "answers_findings", "answers_section", "no_answers_section"]

SIMULATED = "SIMULATED: no parent gave these answers. A program made them up, to show what the page would look like."
_ID = "answers"
_MARK = "SYNTHETIC, SIMULATED answers"
_MEAN, _ACCEPTING = "marginal_mean", "share_accepting"
_TEST = "interaction_f_test"
_LONG = 12
_TITLE = 70  # labels longer than this together make no heading


def no_answers_section() -> Section:
    """Return the section as it stands before anybody was asked."""
    lead = "No answers have been read in yet."
    how = (
        "When parents have answered the vignettes, put their answers in a file with one row per respondent and vignette and "
        "run: riskaudit map STUDY --responses FILE. This section then shows how each level was rated, by group, and what "
        "that says about each model feature."
    )
    return Section(_ID, "What parents said", lead, (Paragraph(how),))


def answers_section(
    estimates: LevelEstimates,
    licence: FeatureLicence | None,
    provenance: Provenance | None,
    deck: VignetteDeck,
    catalogue: FeatureCatalogue,
    words: Words,
) -> Section:
    """Return the section on answers: marginal means by level, by group, and by the feature that levels point to."""
    evidence = Evidence(estimates.estimates)
    simulated = provenance is Provenance.SIMULATED
    blocks: list[Block] = [Paragraph(SIMULATED, Tone.NOTICE)] if simulated else []
    blocks += _overall(evidence)
    blocks += [chart for one in deck.attributes if (chart := _attribute(evidence, one, deck))]
    blocks += _accepting(evidence, deck)
    blocks += [_by_group(evidence, group, deck, words) for group in evidence.groups((_MEAN,))]
    blocks += _group_tests(evidence, deck, words)
    blocks += _features(licence, catalogue, deck) if licence else []
    lead = (
        f"“{deck.question}” Answers run from 1 (“{deck.scale[0]}”) to {len(deck.scale)} (“{deck.scale[-1]}”). A level’s mean "
        "is over all vignettes that had it. Intervals count answers of one respondent together."
    )
    title = "What parents might say (SIMULATED)" if simulated else "What parents said"
    return Section(_ID, title, lead, tuple(map(_called_simulated, blocks) if simulated else blocks))


def _called_simulated(block: Block) -> Block:
    """Return a chart or table that says SIMULATED by itself, so that it still does when it is copied out of the page."""
    if isinstance(block, ChartBlock):
        return replace(block, mark=_MARK, kicker=f"SIMULATED: {lower_first(block.kicker)}")
    if isinstance(block, TableBlock):
        return replace(block, caption=f"SIMULATED: {lower_first(block.caption)}")
    return block


def answers_findings(
    estimates: LevelEstimates, provenance: Provenance | None, deck: VignetteDeck
) -> tuple[Finding, ...]:
    """Return the attribute in which the rating depends most clearly on the level."""
    evidence = Evidence(estimates.estimates)
    found = [
        (attribute.label, contrast)
        for attribute in deck.attributes
        if (contrast := clearest_contrast(_marks(evidence, attribute)))
    ]
    if not found:
        return ()
    label, contrast = max(found, key=lambda one: one[1].clearance)
    said = "SIMULATED answers" if provenance is Provenance.SIMULATED else "Parents’ answers"
    text = (
        f"{said} depend most on “{label}”: {contrast.high.label} {with_n(contrast.high.value)}; "
        f"{contrast.low.label} {with_n(contrast.low.value)}, on a scale from 1 to {len(deck.scale)}."
    )
    return (Finding(text, _ID),)


def _overall(evidence: Evidence) -> list[Block]:
    """Return the table of everything that is about all vignettes together."""
    attributes = {row["subject"] for row in evidence.rows if row["level"] != "all"}
    rows = [row for row in evidence.pick(group="all", level="all") if row["subject"] not in attributes]
    if not rows:
        return []
    cells = tuple((label_of(row["statistic"]), shown(row), f"{row['n']:,}") for row in rows)
    return [TableBlock("All vignettes together", ("Statistic", "Value", "n"), cells)]


def _attribute(evidence: Evidence, attribute: Attribute, deck: VignetteDeck) -> ChartBlock | None:
    marks = _marks(evidence, attribute)
    if not marks:
        return None
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, f"Rating, by “{attribute.label}”", _title(clearest_contrast(marks)),
        f"Mean answer, 1 to {len(deck.scale)}", attribute.label, marks, limits=(1.0, float(len(deck.scale))),
    )  # fmt: skip


def _marks(evidence: Evidence, attribute: Attribute) -> tuple[Mark, ...]:
    rows = {row["level"]: row for row in evidence.pick(subject=attribute.id, statistic=_MEAN, group="all")}
    return tuple(Mark(level.label, shown(rows[level.id])) for level in attribute.levels if level.id in rows)


def _title(contrast: Contrast | None) -> str:
    if contrast is None:
        return "No clear difference between levels"
    if len(contrast.high.label + contrast.low.label) > _TITLE:
        return f"Ratings differ clearly: {contrast.low.value.short} to {contrast.high.value.short}"
    return f"Rated higher: {contrast.high.label} {contrast.high.value.short}, {contrast.low.label} {contrast.low.value.short}"


def _accepting(evidence: Evidence, deck: VignetteDeck) -> list[Block]:
    """Return the share of answers above the middle of the scale, one row a level."""
    found = {(row["subject"], row["level"]): shown(row) for row in evidence.pick(statistic=_ACCEPTING, group="all")}
    rows = tuple(
        (attribute.label, level.label, _with_count(found.get((attribute.id, level.id))))
        for attribute in deck.attributes
        for level in attribute.levels
        if (attribute.id, level.id) in found
    )
    if not rows:
        return []
    return [TableBlock("Share of answers above the middle of the scale", ("Attribute", "Level", "Share"), rows)]


def _by_group(evidence: Evidence, group: str, deck: VignetteDeck, words: Words) -> TableBlock:
    """Return one row for each level, one column for each group of respondents."""
    found = {(row["subject"], row["level"]): shown(row) for row in evidence.pick(statistic=_MEAN, group=group)}
    groups = evidence.distinct("level", statistic=_MEAN, group=group)
    rows = []
    for attribute in deck.attributes:
        for level in attribute.levels:
            values = [found.get((f"{attribute.id}={level.id}", one)) for one in groups]
            if any(values):
                cells = [_with_count(value) for value in values]
                rows.append((f"{attribute.label}: {level.label}", *cells))
    name = words.group(group)
    caption = f"Mean rating by group of respondents: {lower_first(name)}"
    note = "n is the number of answers. Marginal means, not differences: they need no reference level (Leeper et al. 2020)."
    return TableBlock(caption, ("Level", *(words.level(one) for one in groups)), tuple(rows), note, len(rows) > _LONG)


def _group_tests(evidence: Evidence, deck: VignetteDeck, words: Words) -> list[Block]:
    """Return whether groups of respondents answer an attribute's levels differently, one row a test."""
    names = {one.id: one.label for one in deck.attributes}
    rows = tuple(
        (names.get(str(row["subject"])) or row["subject"], words.group(row["group"]), shown(row), row["note"])
        for row in evidence.pick(statistic=_TEST)
    )
    if not rows:
        return []
    columns = ("Attribute", "Group of respondents", "F", "Degrees of freedom and p")
    note = "Read this before any single difference between groups: many are compared."
    return [TableBlock("Do groups answer differently?", columns, rows, note)]


def _with_count(value: Value | None) -> Value | str:
    if value is None:
        return "not asked"
    return replace(value, text=with_n(value)) if defined(value) else value


def _features(licence: FeatureLicence, catalogue: FeatureCatalogue, deck: VignetteDeck) -> list[Block]:
    """Return how acceptable the use of each feature was, and which features nobody was asked about."""
    rows = Evidence(licence.features).pick(group="all", statistic=_MEAN)
    known = [(catalogue.by_id[row["subject"]], shown(row)) for row in rows if row["subject"] in catalogue.by_id]
    marks = tuple(Mark(feature.label, value) for feature, value in known if defined(value))
    asked = {mark.label for mark in marks}
    silent = tuple(
        (feature.label, agency_name(feature.agency), value.note or value.text)
        for feature, value in known
        if feature.label not in asked
    )
    blocks: list[Block] = []
    if marks:
        blocks.append(ChartBlock(
            ChartKind.ESTIMATE_INTERVALS, "Rating, by the feature that levels point to",
            f"Asked about {len(marks)} of {len(catalogue)} features", f"Mean answer, 1 to {len(deck.scale)}", "Feature",
            marks, limits=(1.0, float(len(deck.scale))),
        ))  # fmt: skip
    if silent:
        columns = ("Feature", "Agency", "Why there is no estimate")
        note = "Silence is not consent: nothing is known of how parents see these."
        blocks.append(TableBlock("Features that nobody was asked about", columns, silent, note, len(silent) > _LONG))
    return blocks
