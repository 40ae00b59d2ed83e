"""Verdicts by hand: where the whole interval lies, and what happens where there is none."""

from collections.abc import Mapping
from typing import Any

import pytest

from riskaudit.artefacts import ModelAudit
from riskaudit.audit import EVERYONE_ELSE, judge, references_of
from riskaudit.errors import BadInput
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import EVERYONE_ELSE as EVERYONE_ELSE_OF_POLICIES
from riskaudit.scenario import Policy


def row(statistic: str, group: str = "all", level: str = "all", reference: str = "", **found: Any) -> EstimateTable:
    return EstimateTable.build(
        subject="s:y", statistic=statistic, group=group, level=level, reference=reference, **({"n": 100} | found)
    )


def audit(*rows: EstimateTable, about: Mapping[str, Any] | None = None) -> ModelAudit:
    counts = [row("count", group, level, estimate=100.0) for group, level in
              (("all", "all"), ("tenure", "owned"), ("tenure", "rented"), ("area × tenure", "north × owned"))]  # fmt: skip
    said = {"groups": ["area", "tenure"], "labels": ["y"], "confidence": 0.95}
    return ModelAudit(EstimateTable.concat([*counts, *rows]), said | dict(about or {}))


def policy(*limits: Mapping[str, Any], **section: Any) -> Policy:
    named = [{"name": f"L{number}", **limit} for number, limit in enumerate(limits)]
    return Policy.model_validate({"policy": section, "limit": named})


def verdict(found: EstimateTable, minimum_n: int = 0, **limit: Any) -> tuple[str, str]:
    wanted = {"metric": "roc_auc"} | limit
    rows = judge(audit(found), policy(wanted, minimum_n=minimum_n)).to_pylist()
    assert len(rows) == 1
    return rows[0]["verdict"], rows[0]["why"]


@pytest.mark.parametrize(
    ("lower", "upper", "limit", "said"),
    [
        (0.71, 0.79, {"min": 0.7}, "pass"),
        (0.70, 0.79, {"min": 0.7}, "pass"),  # the limit itself is allowed
        (0.60, 0.69, {"min": 0.7}, "finding"),
        (0.60, 0.70, {"min": 0.7}, "not enough evidence"),
        (0.69, 0.79, {"min": 0.7}, "not enough evidence"),
        (0.10, 0.20, {"max": 0.2}, "pass"),
        (0.21, 0.30, {"max": 0.2}, "finding"),
        (0.19, 0.30, {"max": 0.2}, "not enough evidence"),
        (-0.05, 0.05, {"min": -0.1, "max": 0.1}, "pass"),
        (0.11, 0.15, {"min": -0.1, "max": 0.1}, "finding"),
        (-0.15, -0.11, {"min": -0.1, "max": 0.1}, "finding"),
        (-0.2, 0.2, {"min": -0.1, "max": 0.1}, "not enough evidence"),  # it holds all that is allowed, and more
    ],
)
def test_the_whole_interval_decides(lower: float, upper: float, limit: dict[str, float], said: str) -> None:
    found = row("roc_auc", estimate=(lower + upper) / 2, lower=lower, upper=upper)
    assert verdict(found, **limit)[0] == said


def test_what_is_not_defined_is_no_pass_and_no_finding_and_says_why() -> None:
    said, why = verdict(row("roc_auc", n=0, note="no cases with a positive label"), min=0.7)
    assert said == "not enough evidence"
    assert why == "not defined: no cases with a positive label"


def test_a_number_without_an_interval_is_not_enough_evidence() -> None:
    said, why = verdict(row("roc_auc", estimate=0.9, note="one cluster has no spread"), min=0.7)
    assert (said, why) == ("not enough evidence", "without an interval: one cluster has no spread")


def test_fewer_cases_than_the_policy_wants_are_not_enough() -> None:
    found = row("roc_auc", estimate=0.9, lower=0.85, upper=0.95, n=29)
    assert verdict(found, minimum_n=30, min=0.7) == (
        "not enough evidence",
        "29 cases; the policy wants at least 30 behind a number",
    )
    assert verdict(found, minimum_n=29, min=0.7)[0] == "pass"


def test_bounds_have_no_estimate_and_are_judged_by_their_ends() -> None:
    found = row("precision_bounds", lower=0.2, upper=0.4)
    assert verdict(found, metric="precision_bounds", max=0.5)[0] == "pass"


def test_an_end_that_is_not_there_is_open() -> None:
    found = row("roc_auc", estimate=3.0, lower=1.5)
    assert verdict(found, max=1.25)[0] == "finding"
    assert verdict(found, min=1.25)[0] == "pass"
    assert verdict(found, min=2)[0] == "not enough evidence"


def test_each_level_of_a_group_is_judged_but_the_reference() -> None:
    rows = [
        row("selection_rate_difference", "tenure", "rented", "owned", estimate=0.2, lower=0.15, upper=0.25),
        row("selection_rate_difference", "tenure", "rented", EVERYONE_ELSE, estimate=0.1, lower=0.05, upper=0.15),
        row("selection_rate_difference", "tenure", "owned", EVERYONE_ELSE, estimate=-0.1, lower=-0.15, upper=-0.05),
    ]
    limit = {"metric": "selection_rate", "group": "tenure", "compare": "difference", "max": 0.1}
    found = judge(audit(*rows), policy(limit | {"reference": "owned"}, limit)).to_pylist()
    assert [(one["limit"], one["level"], one["reference"], one["verdict"]) for one in found] == [
        ("L0", "rented", "owned", "finding"),
        ("L1", "rented", EVERYONE_ELSE, "not enough evidence"),
        ("L1", "owned", EVERYONE_ELSE, "pass"),
    ]
    assert found[0]["statistic"] == "selection_rate"
    assert (found[0]["maximum"], found[0]["minimum"]) == (0.1, None)


def test_what_was_measured_again_is_used_where_the_audit_compares_with_others() -> None:
    mine = row("selection_rate_ratio", "tenure", "rented", EVERYONE_ELSE, estimate=1.1, lower=1.0, upper=1.2)
    again = row("selection_rate_ratio", "tenure", "rented", "owned", estimate=2.0, lower=1.8, upper=2.2)
    limit = {"metric": "selection_rate", "group": "tenure", "compare": "ratio", "max": 1.25, "reference": "owned"}
    assert judge(audit(mine), policy(limit), [again]).to_pylist()[0]["verdict"] == "finding"


def test_an_intersection_may_be_typed_with_an_x() -> None:
    found = row("roc_auc", "area × tenure", "north × owned", estimate=0.8, lower=0.75, upper=0.85)
    one = judge(
        audit(found), policy({"metric": "roc_auc", "group": "area x tenure", "level": "north x owned", "min": 0.7})
    )
    assert one["verdict"].to_pylist() == ["pass"]


def test_an_end_that_rounds_to_the_limit_is_told_with_as_many_digits_as_part_them() -> None:
    near = row("roc_auc", estimate=1.2, lower=1.12, upper=1.252853)
    assert verdict(near, max=1.25) == (
        "not enough evidence",
        "the interval, 1.12 to 1.253, lies on both sides of the limit",
    )


def test_a_reason_stands_beside_what_decided() -> None:
    assert verdict(row("roc_auc", estimate=0.8, lower=0.75, upper=0.85), min=0.7, reason="As agreed in 2024.")[1] == (
        "the whole interval, 0.75 to 0.85, keeps the limit. As agreed in 2024."
    )


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ({"metric": "roc_acu"}, ["[limit 1] metric: 'roc_acu' is not measured", "did you mean 'roc_auc'?"]),
        ({"metric": "roc_auc", "group": "tenur"}, ["has no group 'tenur'", "did you mean 'tenure'?", "--group tenur"]),
        ({"metric": "roc_auc", "group": "area × income"}, ["has no group 'income'", "--group income"]),
        ({"metric": "roc_auc", "group": "tenure × area"}, ["--by-intersection 2"]),
        ({"metric": "roc_auc", "group": "tenure", "level": "rent"}, ["'tenure' has no level 'rent'", "'rented'?"]),
        (
            {"metric": "selection_rate", "group": "tenure", "compare": "ratio", "reference": "ownd"},
            ["[limit 1] reference: 'tenure' has no level 'ownd'", "did you mean 'owned'?"],
        ),
        (
            {"metric": "selection_rate", "group": "tenure", "compare": "ratio", "reference": "owned"},
            ["does not compare 'tenure' with owned", "--reference tenure=owned"],
        ),
        (
            {"metric": "roc_auc", "group": "tenure", "compare": "ratio"},
            ["'roc_auc' has no ratio here", "one of selection_rate"],
        ),
    ],
)  # fmt: skip
def test_what_the_audit_does_not_have_is_a_fault_that_says_what_to_ask(limit: dict[str, Any], told: list[str]) -> None:
    rows = [
        row("roc_auc", estimate=0.8, lower=0.7, upper=0.9),
        row("roc_auc", "tenure", "rented", estimate=0.8, lower=0.7, upper=0.9),
        row("selection_rate_ratio", "tenure", "rented", EVERYONE_ELSE, estimate=1.0, lower=0.9, upper=1.1),
    ]
    with pytest.raises(BadInput) as caught:
        judge(audit(*rows), policy({"min": 0.5} | limit))
    assert len(caught.value.faults) == 1
    assert all(words in str(caught.value) for words in told), str(caught.value)


def test_every_limit_at_fault_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        judge(audit(), policy({"metric": "a", "min": 0}, {"metric": "b", "min": 0}))
    assert len(caught.value.faults) == 2


def test_policies_and_audits_have_one_word_for_everyone_else() -> None:
    assert EVERYONE_ELSE == EVERYONE_ELSE_OF_POLICIES


def compared(group: str, reference: str = EVERYONE_ELSE) -> dict[str, Any]:
    return {"metric": "selection_rate", "group": group, "compare": "difference", "max": 0.1, "reference": reference}


@pytest.mark.parametrize(
    ("limits", "asked", "rounds"),
    [
        ([{"metric": "roc_auc", "min": 0.7}], {}, [{}]),
        ([compared("tenure", "owned")], {}, [{"tenure": "owned"}]),
        ([compared("tenure", "owned"), compared("area", "north")], {}, [{"tenure": "owned", "area": "north"}]),
        ([compared("tenure", "owned"), compared("tenure")], {}, [{"tenure": "owned"}, {}]),
        ([compared("tenure"), compared("tenure", "owned")], {}, [{}, {"tenure": "owned"}]),
        ([compared("tenure", "rented")], {"tenure": "owned"}, [{"tenure": "owned"}, {"tenure": "rented"}]),
        ([compared("tenure")], {"tenure": "owned"}, [{"tenure": "owned"}, {}]),
        ([compared("area x tenure", "north x owned")], {}, [{}, {"area": "north", "tenure": "owned"}]),
        ([compared("area x tenure")], {"area": "north"}, [{"area": "north"}]),
        ([compared("nowhere", "north")], {}, [{}]),  # a fault, told once the audit is there
    ],
)
def test_an_audit_is_measured_once_for_each_reference_that_a_group_needs(
    limits: list[dict[str, Any]], asked: dict[str, str], rounds: list[dict[str, str]]
) -> None:
    assert references_of(policy(*limits), ["area", "tenure"], asked) == rounds
