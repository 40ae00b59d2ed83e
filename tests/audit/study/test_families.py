"""A study's own audit on a linked world small enough to work out by hand (see conftest)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from riskaudit.artefacts import RECORDED_OUTCOMES, LinkedPeople, ModelAudit, ModelCard, Population, RiskScores
from riskaudit.audit import audit_study, recorded_levels
from riskaudit.errors import BadInput
from riskaudit.scenario import AuditSection, Outcome, ScoredCohort

if TYPE_CHECKING:
    import pyarrow as pa

NEED = RECORDED_OUTCOMES[Outcome.NEED_RECORDED]
NAMES = {"ethnicity": {"white": "White", "indian": "Indian", "black_african": "Black African"}}


@pytest.fixture
def audit(scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population) -> ModelAudit:
    return audit_study(scores, labels, linked, AuditSection(), truth, NAMES, NEED)


@pytest.fixture
def recorded(scores: RiskScores, labels: pa.Table, linked: LinkedPeople) -> ModelAudit:
    return audit_study(scores, labels, linked, AuditSection(), None, NAMES, NEED)


def _counts(audit: ModelAudit, group: str) -> dict[str, int]:
    rows = audit.table.rows(statistic="count", group=group, subject="trees:recorded_outcome")
    return {row["level"]: row["n"] for row in rows}


def test_each_model_is_measured_against_both_labels(audit: ModelAudit) -> None:
    assert list(dict.fromkeys(audit.estimates["subject"])) == [
        "trees:recorded_outcome", "trees:true_need", "points:recorded_outcome", "points:true_need",
    ]  # fmt: skip


def test_ethnic_groups_are_put_together_by_name_and_shown_in_detail_where_asked(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population
) -> None:
    names = {"ethnicity": {"white": "White", "indian": "Other", "black_african": "Other"}}
    names["ethnicity_detail"] = NAMES["ethnicity"]
    asked = AuditSection(groups=("ethnicity", "ethnicity_detail"))
    audit = audit_study(scores, labels, linked, asked, truth, names, NEED)
    detail, broad = _counts(audit, "ethnicity_detail"), _counts(audit, "ethnicity")
    assert broad["White"] == detail["White"]
    assert broad["Other"] == detail["Indian"] + detail["Black African"]


def test_pairs_of_characteristics_are_measured_where_asked(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population
) -> None:
    asked = AuditSection(groups=("ethnicity", "tenure"), by_intersection=2)
    audit = audit_study(scores, labels, linked, asked, truth, NAMES, NEED)
    # L1: F1; L2: F2, as two of its children; L3's child is truly in F3; L4 ties between F3 and F4: the lower, F3
    assert _counts(audit, "ethnicity × tenure") == {
        "White × owned": 1, "Indian × social rented": 1, "Black African × owned": 2,
    }  # fmt: skip


def test_a_reference_that_no_family_is_in_is_refused_with_those_that_there_are(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population
) -> None:
    asked = AuditSection(groups=("ethnicity",), reference={"ethnicity": "Whit", "tenure": "owned"})
    with pytest.raises(BadInput) as caught:
        audit_study(scores, labels, linked, asked, truth, NAMES, NEED)
    level, group = caught.value.faults
    assert (level.what, level.hint) == ("no family is 'Whit'", "did you mean 'White'?")
    assert (group.what, group.allowed) == ("'tenure' is not among the groups", "one of ethnicity")


def test_only_test_families_are_counted(audit: ModelAudit) -> None:
    row = audit.table.row(statistic="selection_rate", group="all", subject="trees:recorded_outcome")
    assert (row["estimate"], row["n"]) == (0.25, 4)  # L1 of L1 to L4; L5 is in the training split
    assert audit.about["rows"] == 4


def test_a_familys_recorded_outcome_is_any_childs(audit: ModelAudit) -> None:
    # L2 by c3, L3 by c5; L1 and L4 not
    row = audit.table.row(statistic="base_rate", group="all", subject="trees:recorded_outcome")
    assert (row["estimate"], row["n"]) == (0.5, 4)
    # trees flag L1 only: one of two without an outcome
    wrong = audit.table.row(statistic="false_positive_rate", group="all", subject="trees:recorded_outcome")
    assert wrong["estimate"] == 0.5


def test_true_need_is_found_through_the_spine_record(audit: ModelAudit) -> None:
    # L2 by p4 and L4 by p6; L1 not; L3's child is truly an adult, so that its need is not known
    row = audit.table.row(statistic="base_rate", group="all", subject="trees:true_need")
    assert (row["estimate"], row["n"]) == (pytest.approx(2 / 3), 3)
    assert audit.about["missing"]["true_need"] == 1
    found = audit.table.row(statistic="true_positive_rate", group="all", subject="points:true_need")
    assert (found["estimate"], found["n"]) == (0.5, 2)  # points flag L4 only


def test_groups_are_those_of_the_true_family_of_most_children(audit: ModelAudit) -> None:
    # L1 -> F1; L2 -> F2 (two of three); L3 -> F3; L4 -> F3 (F3 and F4 tie: the lowest)
    assert _counts(audit, "ethnicity") == {"White": 1, "Indian": 1, "Black African": 2}
    assert _counts(audit, "deprivation") == {"2nd fifth": 1, "3rd fifth": 2, "least deprived fifth": 1}
    assert _counts(audit, "family_type") == {"couple": 3, "lone mother": 1}
    assert _counts(audit, "tenure") == {"owned": 3, "social rented": 1}
    assert _counts(audit, "family_size") == {"1 child": 3, "2 children": 1}


def test_without_the_truth_groups_and_labels_are_the_recorded_ones(recorded: ModelAudit) -> None:
    assert set(recorded.estimates["subject"]) == {"trees:recorded_outcome", "points:recorded_outcome"}
    assert _counts(recorded, "ethnicity") == {"White": 2, "Black African": 1, "not recorded": 1}
    assert _counts(recorded, "deprivation") == {
        "most deprived fifth": 1, "2nd fifth": 1, "least deprived fifth": 1, "not recorded": 1,
    }  # fmt: skip
    assert _counts(recorded, "family_type") == {"couple": 2, "lone mother": 1, "no adult": 1}
    assert _counts(recorded, "family_size") == {"1 child": 2, "2 children": 1, "3 or more": 1}
    assert recorded.about["missing"]["tenure"] == 1


def test_levels_are_in_the_scenarios_order(audit: ModelAudit) -> None:
    assert list(_counts(audit, "ethnicity")) == ["White", "Indian", "Black African"]
    assert list(_counts(audit, "deprivation")) == ["2nd fifth", "3rd fifth", "least deprived fifth"]


def test_only_the_groups_asked_for_are_split(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population
) -> None:
    audit = audit_study(scores, labels, linked, AuditSection(groups=("tenure",), bands=4), truth, NAMES, NEED)
    assert set(audit.estimates["group"]) == {"all", "tenure", "score_band"}
    assert len(audit.table.rows(statistic="calibration_observed", subject="trees:true_need")) == 4


def test_about_says_that_families_are_synthetic_and_that_a_record_is_not_need(audit: ModelAudit) -> None:
    assert json.loads(json.dumps(audit.about)) == audit.about
    assert (audit.about["synthetic"], audit.about["unit"]) == (True, "family")
    assert audit.about["flagged"] == {"trees": 1, "points": 1}
    assert audit.about["flag_rule"] == "the study's rule: by score"
    notes = " ".join(audit.about["notes"])
    for words in ("synthetic", "It is not the same as need", "test split"):
        assert words in notes


def test_the_order_of_rows_changes_nothing(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population, audit: ModelAudit
) -> None:
    other = audit_study(
        scores,
        labels.take(list(range(labels.num_rows))[::-1]),
        LinkedPeople(linked.links, linked.people.take(list(range(linked.people.num_rows))[::-1])),
        AuditSection(),
        truth,
        NAMES,
        NEED,
    )
    assert other.table.table.equals(audit.table.table)
    assert other.about == audit.about


def test_notes_say_what_was_learnt_and_of_whom(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population
) -> None:
    care = RECORDED_OUTCOMES[Outcome.CARE_ENTRY]
    audit = audit_study(scores, labels, linked, AuditSection(), truth, NAMES, care, ScoredCohort.REFERRED)
    notes = " ".join(audit.about["notes"])
    assert "The recorded outcome is that social care recorded that the child came into care." in notes
    assert "referred to social care in the year before" in notes
    assert "what the models learnt is not a record of need" in notes


def test_notes_say_that_a_model_that_was_brought_in_may_have_seen_the_families_audited(
    scores: RiskScores, labels: pa.Table, linked: LinkedPeople, truth: Population, audit: ModelAudit
) -> None:
    card = ModelCard(
        id="own", kind="own", label="Ours", imitates="", differs="", features=(), weights={}, intercept=None,
        threshold=None, settings={}, trained_on=0,
    )  # fmt: skip
    brought = audit_study(replace(scores, cards=(card,)), labels, linked, AuditSection(), truth, NAMES, NEED)
    assert "Ours was brought in. It may have been fitted on the families audited here" in " ".join(
        brought.about["notes"]
    )
    assert "brought in" not in " ".join(audit.about["notes"])


def test_recorded_levels_are_those_that_an_audit_without_the_truth_counts(
    recorded: ModelAudit, scores: RiskScores, labels: pa.Table, linked: LinkedPeople
) -> None:
    levels = recorded_levels(labels, linked, AuditSection().groups, NAMES)
    tested = scores.frame().query("unit == 'family' and split == 'test' and model == 'trees'")["family_id"]
    for group, by_family in levels.items():
        counted = {level: n for level, n in _counts(recorded, group).items() if n}
        assert by_family.reindex(tested).value_counts().loc[lambda n: n > 0].to_dict() == counted
