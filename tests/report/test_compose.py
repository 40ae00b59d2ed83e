"""What a report says: of a study with and without answers, without truth, with gaps; and of somebody's own predictions."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from riskaudit.artefacts import LevelEstimates, LinkageQuality, ModelAudit, Provenance
from riskaudit.estimates import EstimateTable
from riskaudit.report import Report, compose_audit, render
from riskaudit.report.chart_table import chart_table
from riskaudit.report.data import Block, ChartBlock, ChartKind, Paragraph, Section, TableBlock, Value

AuditMaker = Callable[..., EstimateTable]


def section(report: Report, name: str) -> Section:
    return next(one for one in report.sections if one.id == name)


def charts(report: Report, name: str) -> list[ChartBlock]:
    return [block for block in section(report, name).blocks if isinstance(block, ChartBlock)]


def tables(report: Report, name: str) -> list[TableBlock]:
    return [block for block in section(report, name).blocks if isinstance(block, TableBlock)]


def words(blocks: tuple[Block, ...]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


def test_a_study_has_nine_sections_in_reading_order(composed: Callable[..., Report]) -> None:
    assert [one.id for one in composed().sections] == [
        "about", "records", "linkage", "models", "audit", "drivers", "vignettes", "answers", "methods",
    ]  # fmt: skip


def test_without_answers_the_section_says_so_and_how_to_read_them_in(composed: Callable[..., Report]) -> None:
    report = composed(estimates=None, licence=None, provenance=None)
    found = section(report, "answers")
    assert found.lead == "No answers have been read in yet."
    assert "riskaudit map STUDY --responses FILE" in words(found.blocks)
    rendered = render(report, {})
    assert "SIMULATED" not in rendered.html
    assert "SIMULATED" not in rendered.markdown


def test_simulated_answers_are_called_so_in_banner_section_finding_and_chart(composed: Callable[..., Report]) -> None:
    report = composed()
    assert report.banner[1].startswith("SIMULATED")
    assert "SIMULATED" in section(report, "answers").title
    assert {chart.mark for chart in charts(report, "answers")} == {"SYNTHETIC, SIMULATED answers"}
    assert any(finding.text.startswith("SIMULATED") for finding in report.summary if finding.section == "answers")
    assert all(chart.kicker.startswith("SIMULATED") for chart in charts(report, "answers"))
    assert all(table.caption.startswith("SIMULATED") for table in tables(report, "answers"))
    assert {chart.mark for chart in charts(report, "audit")} == {""}


def test_real_answers_are_not_called_simulated(composed: Callable[..., Report]) -> None:
    rendered = render(composed(provenance=Provenance.REAL), {})
    assert "SIMULATED" not in rendered.html
    assert "SYNTHETIC" in rendered.html


def test_answers_show_every_level_with_its_mean_and_what_it_points_to(composed: Callable[..., Report]) -> None:
    report = composed()
    first = charts(report, "answers")[0]
    assert [(mark.label, mark.value.text) for mark in first.marks] == [
        ("Police calls", "2.13 (2.01 to 2.25)"),
        ("Suspensions", "3.04 (2.92 to 3.16)"),
    ]
    assert first.limits == (1.0, 5.0)
    assert first.title == "Rated higher: Suspensions 3.04, Police calls 2.13"
    points_to = tables(report, "vignettes")[1].rows[0][-1]
    assert points_to == "Domestic incidents, 2 years; Domestic incidents, ever"


def test_groups_of_respondents_have_a_column_each_and_silence_is_said(composed: Callable[..., Report]) -> None:
    table = next(one for one in tables(composed(), "answers") if "group of respondents: ethnic group" in one.caption)
    assert table.columns == ("Level", "White", "Pakistani")
    assert [cell.text.replace("\u00a0", " ") for cell in table.rows[1][1:] if isinstance(cell, Value)] == [
        "3.10 (2.98 to 3.22), n = 310",
        "not estimable: not shown to anyone who answered",
    ]


def test_features_that_nobody_was_asked_about_are_listed(composed: Callable[..., Report]) -> None:
    silent = next(one for one in tables(composed(), "answers") if "nobody was asked" in one.caption)
    assert [row[0] for row in silent.rows] == ["Domestic incidents, ever", "Out-of-work benefit", "No GP record"]


def test_errors_stand_against_true_need_and_the_recorded_outcome_side_by_side(composed: Callable[..., Report]) -> None:
    missed = next(one for one in charts(composed(), "audit") if one.kicker == "Missed, by ethnic group")
    assert missed.panels == ("True need", "Recorded outcome")
    assert missed.series == ("Points list", "Logistic regression", "Boosted trees")
    table = chart_table(missed)
    assert table.columns == (
        "Ethnic group",
        "Model",
        "True need",
        "n, True need",
        "Recorded outcome",
        "n, Recorded outcome",
    )
    assert table.rows[0][0] == "All families"


def test_the_flow_adds_up_and_agrees_with_the_rates(composed: Callable[..., Report]) -> None:
    flow = next(one for one in charts(composed(), "audit") if one.chart is ChartKind.FLOW)
    shown = {mark.label: int(mark.value.estimate or 0) for mark in flow.marks}
    below: dict[str, int] = {}
    for mark in flow.marks:
        below[mark.parent] = below.get(mark.parent, 0) + shown[mark.label]
    assert below == {"": 1000, "families": 1000, "flagged": shown["flagged"], "not flagged": shown["not flagged"]}
    # boosted trees: 144 of 2,400 in need, 95 of them missed; 47 of 2,256 flagged wrongly
    assert shown["truly in need: missed"] == round(95 / 2.4)
    assert shown["not truly in need: flagged wrongly"] == round(47 / 2.4)


@pytest.mark.parametrize(
    ("labels", "kept"), [(("recorded_outcome",), ["Recorded outcome"]), (("true_need",), ["True need"])]
)
def test_with_one_label_errors_stand_against_that_one(
    composed: Callable[..., Report], labels: tuple[str, ...], kept: list[str], audit_of: AuditMaker
) -> None:
    audit = ModelAudit(audit_of(labels=labels), {"unit": "family"})
    report = composed(audit=audit)
    assert list(charts(report, "audit")[0].series) == kept
    assert render(report, {}).html.count("<svg") > 10


def test_nobody_in_need_is_not_estimable_and_never_zero(composed: Callable[..., Report], shares_of: AuditMaker) -> None:
    nobody = np.zeros(1, int)
    audit = ModelAudit(
        EstimateTable.concat([
            shares_of("m:true_need", "selection_rate", "all", ("all",), [10], [200]),
            shares_of("m:true_need", "false_positive_rate", "all", ("all",), [10], [200]),
            shares_of("m:true_need", "false_negative_rate", "all", ("all",), nobody, nobody),
            shares_of("m:true_need", "false_discovery_rate", "all", ("all",), [10], [10]),
        ]),
        {"unit": "family", "undefined": [{"subject": "m:true_need", "statistic": "false_negative_rate", "group": "all",
                                          "level": "all", "note": "no cases with a positive label"}]},
    )  # fmt: skip
    report = composed(audit=audit)
    overall = next(one for one in tables(report, "audit") if "errors" in one.caption)
    missed = next(row[1] for row in overall.rows if row[0] == "Missed")
    assert isinstance(missed, Value)
    assert missed.text.startswith("not estimable: no cases with a positive label")
    assert missed.estimate is None
    assert all(chart.chart is not ChartKind.FLOW for chart in charts(report, "audit"))
    assert not any("are missed by" in finding.text for finding in report.summary)
    listed = next(one for one in tables(report, "audit") if one.caption == "What could not be estimated")
    assert listed.rows == (("None", "All families", "no cases with a positive label", "missed", "every model"),)


def test_a_heading_names_a_difference_only_where_intervals_are_clear_of_each_other(
    composed: Callable[..., Report], shares_of: AuditMaker
) -> None:
    def titled(counts: list[int]) -> str:
        n = [400, 400]
        table = [shares_of(f"boosted_trees:{label}", "false_positive_rate", "tenure", ("owned", "rented"), counts, n)
                 for label in ("true_need", "recorded_outcome")]  # fmt: skip
        report = composed(audit=ModelAudit(EstimateTable.concat(table), {"unit": "family"}))
        return next(one.title for one in charts(report, "audit") if one.kicker == "Flagged wrongly, by tenure")

    assert titled([40, 48]) == "Flagged wrongly: no clear difference by tenure"
    assert titled([20, 80]) == "Flagged wrongly more often: Rented 20%, Owned 5.0% (Boosted trees)"


def test_findings_carry_interval_and_n(composed: Callable[..., Report]) -> None:
    first = composed().summary[0].text.replace("\u00a0", " ")
    assert first.startswith(
        "Of families truly in need, 66 in 100 are missed by Boosted trees: 66% (58 to 73), n = 144."
    )


def test_without_truth_linkage_says_that_links_were_not_checked(composed: Callable[..., Report]) -> None:
    report = composed(quality=LinkageQuality(EstimateTable.concat([])), population_counts={"linked_people": 3})
    assert "not checked" in words(section(report, "linkage").blocks)
    assert charts(report, "linkage") == []
    render(report, {})


def test_records_are_counted_by_agency(composed: Callable[..., Report]) -> None:
    (table,) = tables(composed(), "records")
    assert [tuple(cell if isinstance(cell, str) else cell.text for cell in row) for row in table.rows] == [
        ("GP", "17,010", "9,015"), ("School", "6,204", "7,702"), ("Police", "1,377", "2,010"),
    ]  # fmt: skip
    assert charts(composed(), "about")[0].marks[0].value.text == f"{17_010 + 6_204 + 1_377:,}"


def test_linear_models_show_their_largest_weights_and_trees_none(composed: Callable[..., Report]) -> None:
    found = charts(composed(), "models")
    assert [chart.kicker for chart in found] == ["Weights of Points list", "Weights of Logistic regression"]
    assert [mark.value.text for mark in found[1].marks] == ["1.21", "0.40", "−0.35", "0.080"]
    assert "Without a weight: 1 feature." in found[1].note


def test_the_catalogue_is_there_in_full(composed: Callable[..., Report], catalogue: Any) -> None:
    listed = [one for one in tables(composed(), "methods") if one.caption.startswith("The feature catalogue")]
    assert [len(one.rows) for one in listed] == [len(catalogue), len(catalogue)]
    assert [row[1] for row in listed[0].rows] == [feature.id for feature in catalogue]


def test_every_statistic_shown_is_defined(composed: Callable[..., Report]) -> None:
    definitions = [row for table in tables(composed(), "methods")[:2] for row in table.rows]
    names = {row[2] for row in definitions}
    assert {
        "false_negative_rate",
        "selection_rate",
        "missed_match_rate",
        "marginal_mean",
        "calibration_observed",
    } <= names
    assert all(row[1] and row[3] for row in definitions)


def test_an_audit_of_somebodys_own_data_is_private_and_not_synthetic(audit: ModelAudit) -> None:
    rendered = render(compose_audit(audit, "Predictions of May"), {"estimates": audit.table})
    for text in (rendered.html, rendered.markdown):
        assert "PRIVATE" in text
        assert "SYNTHETIC" not in text
    assert "tables/estimates.csv" in rendered.html
    assert rendered.tables["estimates"] is audit.table


def test_an_audit_that_says_it_is_synthetic_is_labelled_so(audit: ModelAudit) -> None:
    report = compose_audit(ModelAudit(audit.table, dict(audit.about) | {"synthetic": True}), "Ours")
    assert (report.mark, report.banner[0][:10]) == ("SYNTHETIC", "SYNTHETIC:")


def test_an_audit_without_labels_shows_who_is_flagged_and_claims_no_error(audit_of: AuditMaker) -> None:
    report = compose_audit(ModelAudit(audit_of(labels=("",)), {"unit": "case"}), "No labels")
    found = charts(report, "audit")
    assert {chart.kicker.partition(",")[0] for chart in found} == {"Flagged"}
    assert report.summary == ()
    assert "without a label" in section(report, "audit").lead
    render(report, {})


def test_values_of_somebodys_own_characteristics_are_shown_as_written(audit: ModelAudit) -> None:
    report = compose_audit(audit, "Mine")
    chart = next(one for one in charts(report, "audit") if one.kicker == "Flagged, by family type")
    assert [mark.label for mark in chart.marks if mark.series == "Points list"][1:] == [
        "couple",
        "lone_mother",
        "lone_father",
    ]


def test_missing_labels_show_between_what_ends_a_rate_lies(audit: ModelAudit) -> None:
    bounds = EstimateTable.build(
        subject="points_list:y", statistic="false_negative_rate_bounds", lower=0.2, upper=0.61, n=400,
        method="worst case over missing labels", note="30 of 400 labels are missing",
    )  # fmt: skip
    report = compose_audit(ModelAudit(EstimateTable.concat([audit.table, bounds]), audit.about), "Gaps")
    table = next(one for one in tables(report, "audit") if one.caption == "What missing labels could change")
    assert [cell.text if isinstance(cell, Value) else cell for cell in table.rows[0]] == [
        "Missed", "Points list", "Label: y", "20%", "61%",
    ]  # fmt: skip


def test_suppressed_numbers_are_in_no_form_of_the_report(
    composed: Callable[..., Report], estimates: LevelEstimates
) -> None:
    secret = EstimateTable.build(
        subject="record", statistic="marginal_mean", level=["police", "school"], estimate=[4.9173, 3.04], n=[3, 310],
        suppressed=[True, False], note=["fewer than 10 answers", ""],
    )  # fmt: skip
    rendered = render(composed(estimates=LevelEstimates(secret)), {})
    for text in (rendered.html, rendered.markdown, json.dumps(rendered.data)):
        assert "4.92" not in text
        assert "4.917" not in text
        assert "withheld: fewer than 10 answers" in text


def test_models_beyond_three_keep_shapes_of_their_own(
    composed: Callable[..., Report], parts: dict[str, Any], audit_of: AuditMaker
) -> None:
    ids = ("points_list", "logistic_regression", "boosted_trees", "fourth")
    cards = (*parts["cards"], replace(parts["cards"][0], id="fourth", label="Fourth"))
    report = composed(cards=cards, audit=ModelAudit(audit_of(models=ids), {"unit": "family"}))
    assert charts(report, "audit")[-1].kicker == "Calibration of Fourth"
    render(report, {})
