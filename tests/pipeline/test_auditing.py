"""The same from Python: an audit, its policy, its copy for others, its files, and another beside it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import riskaudit as ra
from riskaudit.artefacts import AuditDocument, audit_document
from riskaudit.pipeline import audit_output


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    rng = np.random.default_rng(8)
    score = rng.random(600)
    frame = pd.DataFrame({"score": score.round(3), "label": (rng.random(600) < score / 2).astype(int)})
    frame["area"] = rng.choice(["north", "south", "east"], 600, p=[0.6, 0.39, 0.01])
    frame.to_csv(tmp_path / "predictions.csv", index=False)
    return tmp_path / "predictions.csv"


@pytest.fixture
def limits() -> ra.Policy:
    one = {"name": "ranking", "metric": "roc_auc", "min": 0.6}
    two = {
        "name": "alike",
        "metric": "selection_rate",
        "group": "area",
        "compare": "difference",
        "max": 0.2,
        "min": -0.2,
    }
    return ra.Policy.model_validate({"policy": {"title": "ours", "minimum_n": 20}, "limit": [one, two]})


def test_a_policy_is_judged_on_a_file_and_on_an_audit_alike(predictions: Path, limits: ra.Policy) -> None:
    asked = {"score": "score", "label": "label", "groups": ["area"], "flag_top": 0.3}
    audit = ra.audit_file(predictions, policy=limits, **asked)
    by_hand = ra.judge_audit(ra.audit_file(predictions, **asked), limits)
    assert audit.verdicts.equals(by_hand.verdicts)
    assert audit.about["policy"] == {"title": "ours", "limits": 2, "verdicts": 4}
    assert any("judged 4 times" in note for note in audit.about["notes"])
    small = [row for row in audit.verdicts.to_pylist() if row["level"] == "east"]
    assert [row["verdict"] for row in small] == ["not enough evidence"]
    assert small[0]["why"].endswith("the policy wants at least 20 behind a number")


def test_a_copy_for_others_is_an_audit_that_follows_the_same_schema(predictions: Path, limits: ra.Policy) -> None:
    audit = ra.audit_file(predictions, score="score", label="label", groups=["area"], flag_top=0.3, policy=limits)
    released = ra.release_copy(audit)
    document = AuditDocument.model_validate(audit_document(released, "1"))
    assert document.label == "RELEASE COPY"
    hidden = [row for row in document.verdicts if row.suppressed]
    assert {row.level for row in hidden} >= {"east"}
    assert {(row.verdict, row.estimate, row.n) for row in hidden} == {("withheld", None, None)}
    assert [row.limit for row in document.verdicts] == audit.verdicts["limit"].to_pylist()


def test_an_interrupt_leaves_the_former_audit_as_it_was(
    predictions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = ra.audit_file(predictions, score="score", flag_top=0.3)
    page = ra.write_audit(audit, tmp_path / "audit", "One")
    before = {path: path.read_bytes() for path in page.parent.rglob("*") if path.is_file()}

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("riskaudit.pipeline.whole_folder.write_part", stopped)
    with pytest.raises(KeyboardInterrupt):
        ra.write_audit(audit, tmp_path / "audit", "Two")
    assert {path: path.read_bytes() for path in page.parent.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audit", "predictions.csv"]


def test_a_release_that_cannot_be_made_leaves_no_folder(predictions: Path, tmp_path: Path) -> None:
    audit = ra.audit_file(predictions, score="score", flag_top=0.003)
    with pytest.raises(ra.BadInput, match="leave out --release"):
        audit_output.write_audit(audit, tmp_path / "audit", "One", release=True)
    assert not (tmp_path / "audit").exists()


def test_the_draft_record_has_blanks_where_nothing_is_known(predictions: Path, tmp_path: Path) -> None:
    audit = ra.audit_file(predictions, score="score", label="label", groups=["area"], flag_top=0.3)
    ra.write_audit(audit, tmp_path / "audit", "An audit", release=True, atrs=True)
    text, released = (
        (tmp_path / "audit" / place / "atrs.md").read_text(encoding="utf-8") for place in (".", "release")
    )
    assert "| Senior responsible owner | Not known to riskaudit: ask whoever is responsible for the tool. |" in text
    assert "| Data quantities | 600 rows were audited. |" in text
    assert "PRIVATE" in text
    east = next(line for line in text.splitlines() if line.startswith("| Area: east"))
    assert "withheld" not in east
    assert "| Area: east | withheld | withheld | withheld | withheld | withheld |" in released
    assert "RELEASE COPY" in released


def test_two_audits_are_compared_from_python(predictions: Path, tmp_path: Path) -> None:
    for name, share in (("one", 0.3), ("other", 0.1)):
        ra.write_audit(ra.audit_file(predictions, score="score", flag_top=share), tmp_path / name, name)
    found = ra.diff_audits(tmp_path / "one", tmp_path / "other")
    assert [row["statistic"] for row in found.table.to_pylist()] == ["selection_rate"]
    assert ra.write_diff(found, tmp_path / "diff").read_text(encoding="utf-8").count("selection_rate") >= 1
