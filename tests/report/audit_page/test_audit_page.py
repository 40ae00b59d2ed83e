"""What the page of an audit says: verdicts, comparisons, curves, how far to trust it; and what it must never do."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from riskaudit.artefacts import CURVES, VERDICTS, ModelAudit
from riskaudit.audit import audit_predictions
from riskaudit.estimates import EstimateTable
from riskaudit.report import Report, compose_audit, render
from riskaudit.report.chart_table import chart_table
from riskaudit.report.data import ChartBlock, ChartKind, Paragraph, Section, TableBlock, Value

AuditMaker = Callable[..., ModelAudit]
HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a" * 200, "مجموعة", "x|y*`_[z](http://evil)")


@pytest.fixture(scope="session")
def page(full_audit: ModelAudit) -> Report:
    return compose_audit(full_audit, "Predictions of May")


def section(report: Report, name: str) -> Section:
    return next(one for one in report.sections if one.id == name)


def charts(report: Report) -> list[ChartBlock]:
    return [block for one in report.sections for block in one.blocks if isinstance(block, ChartBlock)]


def tables(one: Section) -> list[TableBlock]:
    return [block for block in one.blocks if isinstance(block, TableBlock)]


def texts(row: tuple[str | Value, ...]) -> list[str]:
    return [(cell.text if isinstance(cell, Value) else cell).replace("\N{NO-BREAK SPACE}", " ") for cell in row]


def findings(report: Report, name: str) -> list[str]:
    return [one.text.replace("\N{NO-BREAK SPACE}", " ") for one in report.summary if one.section == name]


def test_sections_stand_in_reading_order(page: Report) -> None:
    assert [one.id for one in page.sections] == [
        "data", "audit", "intersections", "comparisons", "burden", "scores", "thresholds", "trust", "what-if", "methods",
    ]  # fmt: skip


def test_verdicts_stand_first_findings_before_passes_each_with_mark_interval_and_why(page: Report) -> None:
    assert page.opening is not None
    figures, table = page.opening.blocks
    assert [(one.label, one.value.text) for one in figures.figures] == [  # type: ignore[union-attr]
        ("✗ Finding", "1"), ("? Not enough evidence", "1"), ("✓ Pass", "2"),
    ]  # fmt: skip
    assert isinstance(table, TableBlock)
    assert texts(table.rows[0]) == [
        "wrong flags", "✗ Finding", "Flagged wrongly, ratio: Black African, to White (ethnic group)", "at most 1.25",
        "1.90 (1.40 to 2.50), n = 300", "wholly above 1.25",
    ]  # fmt: skip
    assert texts(table.rows[2])[2:5] == [
        "Missed, difference: social rent, to owned (tenure)", "at least −20 points and at most 20 points",
        "3 points (−5 to 10), n = 120",
    ]  # fmt: skip
    html = render(page, {}).html
    assert html.index("Stated limits</h2>") < html.index("Key findings</h2>") < html.index("What was audited</h2>")


def test_a_verdict_says_why_in_the_unit_of_its_limit_and_leaves_the_reason_as_it_was_written(
    full_audit: ModelAudit,
) -> None:
    why = "the interval, -0.1002 to 0.25, lies on both sides of the limit. Agreed at 0.1, in May."
    rows = [row | {"why": why} for row in full_audit.verdicts.to_pylist()]
    judged = replace(
        full_audit, verdicts=VERDICTS.build({name: [row[name] for row in rows] for name in VERDICTS.names})
    )
    opening = compose_audit(judged, "t").opening
    assert opening is not None
    table = opening.blocks[1]
    assert isinstance(table, TableBlock)
    said = {texts(row)[0]: texts(row)[-1] for row in table.rows}
    rest = "lies on both sides of the limit. Agreed at 0.1, in May."
    assert said["missed"] == f"the interval, −10.02 to 25 points, {rest}"
    assert said["wrong flags"] == f"the interval, −0.1002 to 0.25, {rest}"  # a ratio has no unit


def test_columns_go_by_the_words_of_the_page_with_their_own_names_in_brackets(page: Report) -> None:
    (table,) = tables(section(page, "data"))
    said = {texts(row)[0]: texts(row)[1] for row in table.rows}
    assert said["Groups"] == "Ethnic group (ethnicity); Tenure; Lone parent (lone_parent)"
    assert said["Missing values by column"] == "Label: 200; Score: 50"
    assert said["Intervals are meant to hold the truth in"] == "95 of 100 cases"


def test_without_a_policy_the_page_says_so_and_passes_nothing(full_audit: ModelAudit) -> None:
    report = compose_audit(replace(full_audit, verdicts=VERDICTS.empty()), "No policy")
    assert report.opening is not None
    assert report.opening.lead.startswith("No policy was given")
    assert "✓" not in render(report, {}).html


def test_findings_name_the_gap_beside_chance_the_worst_off_what_is_missing_and_what_would_reverse_it(
    page: Report,
) -> None:
    # by ethnicity false positives run from 5% at a tilt of 1 to 5% at a tilt of 1.75; chance makes 0.3 of the gap
    (gap,) = findings(page, "comparisons")
    assert gap.startswith(
        "Flagged wrongly, by ethnic group: the gap from not recorded (highest) to White (lowest) is 3.8 points"
    )
    assert "Were no group different, chance alone would make a gap of 1.1 points (0.4 to 1.9)." in gap
    (worst,) = findings(page, "intersections")
    assert "furthest above everyone else: not recorded × private rent (ethnic group × tenure), by 2.5 points" in worst
    missing, reversed_at = findings(page, "trust")
    assert (
        missing
        == "Label missing: 4.0% (4.0 to 4.0), n = 5,000; most often in not recorded (ethnic group), 6.2% (6.2 to 6.3), n = 443."
    )
    assert reversed_at == (
        "Of clear differences in “flagged wrongly”, the easiest to undo: if 2 in 10 or more of the rows with ‘label’ of private "
        "rent (tenure) had gone unrecorded, the difference to everyone else in “flagged wrongly” would vanish."
    )


def test_no_chart_is_empty_and_none_has_more_lines_than_can_be_told_apart(page: Report) -> None:
    found = charts(page)
    assert {one.chart for one in found} >= {ChartKind.CURVE, ChartKind.CALIBRATION, ChartKind.ESTIMATE_INTERVALS}
    for one in found:
        assert any(mark.value.estimate is not None for mark in one.marks), one.kicker
        assert len(one.series) <= 6
        assert len(chart_table(one).rows) > 0


def test_every_statistic_of_the_audit_is_defined_in_words(page: Report, full_audit: ModelAudit) -> None:
    defined = {texts(row)[2] for table in tables(section(page, "methods")) for row in table.rows}
    suffixes = tuple(name.removeprefix("*") for name in defined if name.startswith("*"))
    names = full_audit.table.table.column("statistic").unique().to_pylist()
    assert [name for name in names if name not in defined and not name.endswith(suffixes)] == []
    (references,) = (block.text for block in section(page, "methods").blocks if isinstance(block, Paragraph))
    for author in ("Wilson", "DeLong", "Mee", "Newcombe", "Vickers", "Cox", "Brier", "Hardt", "Manski"):
        assert author in references
    assert "Agarwal" not in references  # no reduction was asked for
    assert "Koopman" not in references  # nor was that method used


def test_reversal_is_said_in_plain_words_clear_differences_first(page: Report) -> None:
    clear, more = (one for one in tables(section(page, "trust")) if one.caption.startswith("How much would have"))
    assert (clear.folded, more.folded) == (False, True)
    rows = [texts(row) for row in (*clear.rows, *more.rows)]
    first = next(row for row in rows if row[:2] == ["Black African (ethnic group)", "Flagged wrongly"])
    assert first[2:] == [
        "1.5 points (0.0 to 3.0), n = 708", "18% (16 to 20), n = 708",
        "If 18 in 100 or more of the rows with ‘label’ of Black African (ethnic group) had gone unrecorded, the difference "
        "to White in "
        "“flagged wrongly” would vanish.",
    ]  # fmt: skip
    for row in clear.rows:  # the interval of a clear difference does not hold 0
        assert isinstance(row[2], Value)
        assert row[2].lower is not None
        assert row[2].lower > 0
    assert not any(row[0].startswith("White") for row in rows)  # nothing to reverse


def test_what_ifs_stand_beside_the_list_as_it_is_unranked_with_what_each_group_gains_and_loses(page: Report) -> None:
    found = section(page, "what-if")
    assert "riskaudit does not choose" in found.lead
    *beside, first, second = tables(found)
    assert (first.caption, second.caption) == ("Rule: equal selection rates", "Rule: equalized odds")
    flagged = beside[0]
    assert flagged.caption == "Flagged, under each rule"
    assert [row[0] for row in flagged.rows] == ["As it is", "Equal selection rates", "Equalized odds"]
    at = flagged.columns.index("social rent")
    assert [texts(row)[at] for row in flagged.rows][:2] == ["11% (10 to 12), n = 1,500", "12% (11 to 14), n = 1,500"]
    rows = {tuple(texts(row)[:2]): texts(row)[2:] for row in first.rows}
    assert rows["Flagged", "social rent"] == ["11% (10 to 12), n = 1,500", "12% (11 to 14), n = 1,500"]
    # per 1,000 of the level, as the audit has it: 40 in 1,000, and not 40 of the 1,500
    assert rows["Flags lost per 1,000", "social rent"] == ["", "40 (20 to 49), n = 1,500"]


def test_who_was_not_looked_into_has_odds_at_which_differences_vanish_in_all_and_in_one_group_alone() -> None:
    rng = np.random.default_rng(2)
    size = 3_000
    group = rng.choice(["north", "south"], size)
    score = rng.beta(2, 5, size)
    frame = pd.DataFrame(
        {"s": score, "y": (rng.random(size) < score).astype(int), "g": group, "seen": rng.random(size) < 0.7}
    )
    audit = audit_predictions(frame, score="s", label="y", groups=["g"], flag_top=0.2, screened="seen", resamples=0)
    (table,) = (
        one
        for one in tables(section(compose_audit(audit, "t"), "trust"))
        if one.columns[-1] == "If in this group alone"
    )
    rate = audit.table.row(statistic="false_positive_rate_reversed_at_screened_out_alone", level="north")
    (row,) = (texts(one) for one in table.rows if texts(one)[:2] == ["Flagged wrongly", "north"])
    assert table.columns[-2] == "Would vanish at"
    assert float(row[-1].split()[0]) == pytest.approx(rate["estimate"], rel=0.01)
    (chart,) = (one for one in charts(compose_audit(audit, "t")) if "in one group alone" in one.title)
    assert chart.panels == ("Flagged wrongly: difference", "Found: difference")
    drawn = {mark.at.estimate: mark.value for mark in chart.marks if mark.at and mark.series == "north"
             and mark.panel == "Flagged wrongly: difference"}  # fmt: skip
    curve = audit.curves.filter(pc.equal(audit.curves["curve"], "screened_out_alone")).to_pylist()
    found = {
        row["at"]: row["estimate"] for row in curve
        if (row["level"], row["statistic"]) == ("north", "false_positive_rate_difference")
    }  # fmt: skip
    assert {at: value.estimate for at, value in drawn.items()} == found
    assert len(found) == 7
    notes = " ".join(audit.about["notes"])
    assert "_" not in notes, "a note names what a table calls it in code"


def test_every_method_that_has_a_reference_is_given_the_paper_it_is_from() -> None:
    rng = np.random.default_rng(3)
    size = 400
    score, group = rng.beta(2, 5, size), rng.choice(["north", "south"], size, p=[0.95, 0.05])
    frame = pd.DataFrame(
        {"s": score, "y": (rng.random(size) < score).astype(int), "g": group, "f": np.arange(size) // 2}
    )
    asked = {"score": "s", "label": "y", "groups": ["g"], "flag_top": 0.2, "resamples": 0}
    alone, kept = (compose_audit(audit_predictions(frame, **asked, **more), "t") for more in ({}, {"cluster": "f"}))
    said = [section(one, "methods").blocks[-1] for one in (alone, kept)]
    assert all(isinstance(one, Paragraph) for one in said)
    first, second = (one.text for one in said)  # type: ignore[union-attr]
    for paper in (
        "Clopper, C. J. and Pearson",
        "Wilson, E. B. (1927)",
        "Newcombe, R. G. (2006)",
        "DeLong, E. R.",
        "Mee, R. W.",
    ):
        assert paper in first
    assert "Rao, J. N. K." not in first
    assert "Rao, J. N. K. and Scott, A. J. (1992)" in second


def test_the_decision_curve_stands_beside_flagging_everybody_and_nobody(page: Report) -> None:
    (curve,) = (one for one in charts(page) if one.kicker == "Decision curve")
    assert curve.series == ("Score", "Flag everybody", "Flag nobody")
    # 0.06 - 0.1 t is above 0 until 0.6, and above 0.1 - 0.9 t / (1 - t) from about 0.047
    assert curve.title == "Better than flagging everybody or nobody from 0.05 to 0.59"
    assert max(mark.at.estimate for mark in curve.marks if mark.at and mark.at.estimate) < 0.65


def test_calibration_by_group_has_a_picture_a_level_and_its_own_mean_scores(page: Report) -> None:
    chart = next(one for one in charts(page) if one.kicker == "Calibration, by ethnic group")
    assert chart.panels == ("White", "Pakistani", "Black African", "not recorded")
    table = chart_table(chart)
    assert table.columns[:4] == ("Score band", "Mean score, White", "White", "n, White")
    at = table.columns.index("Mean score, not recorded")
    assert [texts(table.rows[0])[place].split(" ")[0] for place in (1, at)] == ["2.0%", "3.5%"]


def test_intersections_are_worst_off_first_and_thin_ones_are_marked(page: Report) -> None:
    table = next(
        one for one in tables(section(page, "intersections")) if one.caption.startswith("By ethnic group × tenure")
    )
    assert table.shaded
    at = table.columns.index("Flagged wrongly")
    lows = [cell.lower for row in table.rows if isinstance(cell := row[at], Value)]
    assert len(lows) == 12
    assert lows == sorted(lows, key=lambda low: -(low or 0.0))
    for row in table.rows:
        for cell in row[2:]:
            assert isinstance(cell, Value)
            assert ("(thin)" in cell.text) == (cell.n is not None and cell.n < 30 and cell.estimate is not None)


def test_a_hundred_intersections_are_folded_under_the_first_ten(audit_like: AuditMaker) -> None:
    groups = {"ethnicity": tuple("abcdef"), "tenure": tuple("ghijkl"), "lone_parent": ("no", "yes")}
    report = compose_audit(audit_like(groups, deep=3), "Many")
    top, whole = (one for one in tables(section(report, "intersections")) if "lone parent: 72 groups" in one.caption)
    assert (len(top.rows), top.folded, len(whole.rows), whole.folded) == (10, False, 72, True)
    assert len(render(report, {}).html.encode()) < 1_000_000


def test_a_characteristic_of_very_many_levels_has_a_capped_table_and_no_chart(audit_like: AuditMaker) -> None:
    report = compose_audit(audit_like({"ward": tuple(f"w{place:03}" for place in range(400))}, deep=1), "Wards")
    assert not [one for one in charts(report) if one.label_name == "Ward" and len(one.marks) > 100]
    folded = next(one for one in tables(section(report, "intersections")) if one.folded and "By ward" in one.caption)
    assert len(folded.rows) == 100
    assert "The first 100 of 400" in render(report, {}).markdown
    assert len(render(report, {}).html.encode()) < 1_000_000


def only(audit: ModelAudit, *statistics: str) -> ModelAudit:
    table = audit.table.table
    kept = EstimateTable(table.filter(pc.is_in(table["statistic"], pa.array(statistics))))
    return ModelAudit(kept, audit.about)


@pytest.mark.parametrize(
    ("statistics", "kept"),
    [
        (("count", "selection_rate"), ["data", "audit", "intersections", "trust", "methods"]),
        (("count", "selection_rate", "selection_rate_ratio", "selection_rate_difference"),
         ["data", "audit", "intersections", "comparisons", "trust", "methods"]),
        (("count", "selection_rate", "roc_auc"), ["data", "audit", "intersections", "scores", "trust", "methods"]),
    ],
)  # fmt: skip
def test_a_section_with_nothing_to_show_is_absent_or_says_so(
    full_audit: ModelAudit, statistics: tuple[str, ...], kept: list[str]
) -> None:
    report = compose_audit(only(full_audit, *statistics), "Less")
    assert [one.id for one in report.sections] == kept
    assert "None of this was measured for this file" in render(report, {}).markdown


def test_one_row_and_no_groups_make_a_page(audit_like: AuditMaker) -> None:
    for audit in (audit_like(rows=1), audit_like({}), ModelAudit(EstimateTable.concat([]), {})):
        html = render(compose_audit(audit, "Little"), {}).html
        assert html.count("<h1>") == 1
        assert "nan" not in html


def withheld(audit: ModelAudit) -> ModelAudit:
    """The audit with every number of one level withheld, as a release copy has it; the numbers are left in, to be caught."""
    changed = {}
    for name, table in {"table": audit.table.table, "curves": audit.curves, "verdicts": audit.verdicts}.items():
        hit = pc.match_substring(table["level"], "Black African")
        at = table.column_names.index("suppressed")
        changed[name] = table.set_column(at, table.schema.field("suppressed"), hit)
        number = pc.if_else(hit, 7654.321, table["estimate"])
        at = table.column_names.index("estimate")
        changed[name] = changed[name].set_column(at, table.schema.field("estimate"), number)
    return replace(
        audit, table=EstimateTable(changed["table"]), curves=CURVES.check(changed["curves"]),
        verdicts=VERDICTS.check(changed["verdicts"]), about={**audit.about, "release": {"threshold": 10}},
    )  # fmt: skip


def test_a_release_copy_says_so_and_withheld_numbers_are_in_no_form_of_it(full_audit: ModelAudit) -> None:
    report = compose_audit(withheld(full_audit), "For release")
    assert report.mark == "RELEASE COPY"
    assert "fewer than 10 cases are withheld" in report.banner[0]
    rendered = render(report, {})
    for text in (rendered.html, rendered.markdown, json.dumps(rendered.data)):
        assert "PRIVATE" not in text
        assert "withheld" in text
        assert re.search(r"7,?654\.3|765,43|7,654\b", text) is None


def test_no_finding_and_no_heading_rest_on_a_single_row() -> None:
    one = audit_predictions(pd.DataFrame({"p": [0.6], "y": [0]}), score="p", label="y", flag_at=0.5)
    text = render(compose_audit(one, "One"), {}).markdown
    assert "100% (3 to 100)" in text
    assert "Of rows flagged by" not in text
    assert "at least 3 in 100 flags are wrong" not in text


def test_verdicts_that_are_withheld_are_counted_and_named(full_audit: ModelAudit) -> None:
    rows = full_audit.verdicts.to_pylist()
    rows[0] |= {"verdict": "withheld", "suppressed": True, "estimate": None, "why": "withheld: too few"}
    rows[1] |= {"verdict": "pass", "why": "the whole interval, -0.02 to 0.03, keeps the limit"}
    kept = VERDICTS.build({name: [one[name] for one in rows] for name in VERDICTS.names})
    text = render(compose_audit(replace(full_audit, verdicts=kept), "For release"), {}).markdown
    assert "- **1** – Withheld" in text
    assert f"| {rows[0]['limit']} | – Withheld |" in text
    assert "−0.02 to 0.03" in text
    assert "-0.02 to 0.03" not in text


def test_made_up_data_stay_synthetic_in_a_release_copy(audit_like: AuditMaker) -> None:
    report = compose_audit(audit_like(synthetic=True, release={"threshold": 10}), "Both")
    assert report.mark == "SYNTHETIC, RELEASE COPY"
    assert [line.partition(":")[0] for line in report.banner] == ["SYNTHETIC", "RELEASE COPY"]


def test_hostile_names_are_shown_and_are_no_markup(audit_like: AuditMaker) -> None:
    rendered = render(compose_audit(audit_like({"ethnicity": HOSTILE, HOSTILE[0]: ("no", "yes")}), HOSTILE[0]), {})
    assert "<script" not in rendered.html
    assert "<script" not in rendered.markdown
    assert "a" * 200 in rendered.html
    assert re.search(r"(?<!\\)\]\(http", rendered.markdown) is None
    # right-to-left names are kept apart from the numbers beside them
    assert "\N{FIRST STRONG ISOLATE}مجموعة\N{POP DIRECTIONAL ISOLATE}" in rendered.html


def test_the_markdown_twin_has_every_table_caption_finding_and_verdict(page: Report) -> None:
    markdown = re.sub(r"\\(.)", r"\1", render(page, {}).markdown)
    assert page.opening is not None
    for one in (page.opening, *page.sections):
        assert one.lead in markdown
        for block in one.blocks:
            if isinstance(block, TableBlock):
                assert f"**{block.caption}**" in markdown
            elif isinstance(block, ChartBlock):
                assert f"### {block.title}" in markdown
    assert all(
        finding.text.replace("\N{NO-BREAK SPACE}", " ") in markdown.replace("\N{NO-BREAK SPACE}", " ")
        for finding in page.summary
    )
    assert "✗ Finding" in markdown


def test_several_models_in_one_audit_are_told_apart_in_captions(full_audit: ModelAudit) -> None:
    table = full_audit.table.table
    at = table.column_names.index("subject")
    renamed = table.set_column(at, table.schema.field("subject"), pa.array(["other:label"] * len(table)))
    both = EstimateTable(pa.concat_tables([table, renamed]))
    report = compose_audit(replace(full_audit, table=both), "Two")
    captions = [one.caption for one in tables(section(report, "burden"))]
    assert len(captions) == len(set(captions))
    assert any(caption.startswith("Other against label: label: burden") for caption in captions)
