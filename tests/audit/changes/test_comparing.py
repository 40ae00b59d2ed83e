"""Two audits side by side, by hand: what counts as different, and what does not."""

from typing import Any

import pytest

from riskaudit.artefacts import VERDICTS, AuditDocument, ModelAudit, SheetTable, audit_document
from riskaudit.audit import compare_audits
from riskaudit.audit.changes.sheet import changes_sheet
from riskaudit.estimates import EstimateTable

ABOUT = {
    "source": "a.csv", "synthetic": None, "unit": "row", "rows": 100, "labels": ["y"], "groups": ["tenure"], "missing": {"y": 0},
    "flagged": {"s": 10}, "flag_rule": "column 's'", "confidence": 0.95, "notes": [], "undefined": [],
}  # fmt: skip
Found = tuple[float | None, float | None, float | None]


def document(
    found: Found | None = (0.5, 0.4, 0.6), verdict: str = "", levels: tuple[str, ...] = ("owned",), **about: Any
) -> AuditDocument:
    many = len(levels)
    where = {"subject": "s:y", "group": "tenure", "level": list(levels)}
    rows = [EstimateTable.build(**where, statistic="count", estimate=[9.0] * many, n=[9] * many)]
    if found:
        estimate, lower, upper = found
        rows.append(
            EstimateTable.build(subject="s:y", statistic="roc_auc", estimate=estimate, lower=lower, upper=upper, n=100)
        )
    names = {"limit": "L", "verdict": verdict, "statistic": "roc_auc", "compare": "value", "group": "all", "level": "all",
             "reference": "", "minimum": 0.7, "maximum": None, "estimate": 0.5, "lower": 0.4, "upper": 0.6, "n": 100, "why": "so",
             "suppressed": False}  # fmt: skip
    verdicts = VERDICTS.build({name: [value] for name, value in names.items()}) if verdict else VERDICTS.empty()
    audit = ModelAudit(EstimateTable.concat(rows), ABOUT | about, verdicts=verdicts)
    return AuditDocument.model_validate(audit_document(audit, "1.0"))


def changes(before: AuditDocument, after: AuditDocument, kind: str) -> list[dict[str, Any]]:
    table = compare_audits(before, after, ("A", "B")).table
    rows: list[dict[str, Any]] = [row for row in table.to_pylist() if row["kind"] == kind]
    return rows


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((0.5, 0.4, 0.6), (0.5, 0.4, 0.6), []),
        ((0.5, 0.4, 0.6), (0.55, 0.45, 0.65), []),
        ((0.5, 0.4, 0.6), (0.7, 0.6, 0.8), ["beyond both intervals"]),  # 0.6 is in both intervals: they touch
        ((0.5, 0.4, 0.6), (0.7, 0.61, 0.8), ["intervals apart"]),
        ((0.7, 0.61, 0.8), (0.5, 0.4, 0.6), ["intervals apart"]),
        ((0.5, 0.4, 0.6), (0.61, 0.3, 0.9), []),  # the second interval holds the first estimate
        ((0.5, 0.4, 0.6), (None, None, None), ["no longer defined"]),
        ((None, None, None), (0.5, 0.4, 0.6), ["now defined"]),
        ((None, None, None), (None, None, None), []),
        ((0.5, None, None), (0.9, None, None), []),  # without an interval there is nothing to go by
        ((0.5, 0.4, 0.6), None, ["only before"]),
        (None, (0.5, 0.4, 0.6), ["only after"]),
    ],
)
def test_a_statistic_differs_where_the_intervals_say_so(
    before: Found | None, after: Found | None, said: list[str]
) -> None:
    found = changes(document(before), document(after), "statistic")
    assert [row["change"] for row in found] == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("pass", "pass", []),
        ("pass", "finding", [("another verdict", "pass", "finding")]),
        ("pass", "", [("only before", "pass", "")]),
        ("", "not enough evidence", [("only after", "", "not enough evidence")]),
    ],
)
def test_verdicts_that_differ_are_told(before: str, after: str, said: list[tuple[str, str, str]]) -> None:
    found = changes(document(verdict=before), document(verdict=after), "verdict")
    assert [(row["change"], row["verdict_before"], row["verdict_after"]) for row in found] == said


def test_what_was_asked_and_whom_it_is_about_is_told() -> None:
    after = document(levels=("owned", "rented"), rows=80, flag_rule="score of 0.5 or above")
    found = compare_audits(document(), after, ("A", "B")).document()
    assert found["asked"] == {"rows": [100, 80], "flag_rule": ["column 's'", "score of 0.5 or above"]}
    assert found["levels"] == {"only before": [], "only after": [["tenure", "rented"]]}
    assert found["compared"] == {"statistics": 2, "verdicts": 0}


def test_a_number_that_is_withheld_is_not_compared() -> None:
    hidden = document()
    hidden.estimates[1].suppressed, hidden.estimates[1].estimate = True, None
    assert changes(document(), hidden, "statistic") == []


def test_no_difference_is_called_proven() -> None:
    words = str(compare_audits(document(), document((0.9, 0.8, 0.95)), ("A", "B")).sheet).lower()
    assert "this is no test" in words
    assert "whether the same people are in both audits is not known" in words
    assert "significant" not in words


def test_levels_of_a_crossing_in_one_audit_only_are_counted_and_others_named() -> None:
    crossed = [["tenure × sex", "owned × F"], ["tenure × sex", "owned × M"]]
    levels = {"only before": [["tenure", "owned"], ["tenure", "rented"], *crossed]}
    copy = {"label": "PRIVATE", "riskaudit": "1"}
    about: dict[str, Any] = {
        "before": {"name": "a", **copy}, "after": {"name": "b", **copy},
        "asked": {}, "levels": levels, "compared": {"verdicts": 5, "statistics": 3},
    }  # fmt: skip
    sheet = changes_sheet([], about)
    groups = next(part for part in sheet.parts if part.id == "groups")
    (table,) = groups.blocks
    assert isinstance(table, SheetTable)
    assert table.rows == (
        ("only before", "tenure", "owned"), ("only before", "tenure", "rented"), ("only before", "tenure × sex", "2 levels"),
    )  # fmt: skip
    verdicts = next(part for part in sheet.parts if part.id == "verdicts")
    assert verdicts.lead == "None of 5 verdicts that are in both audits is different."
