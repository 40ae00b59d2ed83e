"""A study folder: stages are whole or not there."""

import shutil
from pathlib import Path

import pytest

from riskaudit.artefacts import FeatureLicence, LinkageQuality, ModelAudit
from riskaudit.errors import BadInput
from riskaudit.estimates import EstimateTable
from riskaudit.pipeline import shipped_scenario
from riskaudit.study import Manifest, Study, locked

TINY = shipped_scenario("tiny").read_text(encoding="utf-8")


def manifest(stage: str) -> Manifest:
    return Manifest(stage, "0", "SYNTHETIC", 1, {}, {}, {}, 0.1, "2026-01-01T00:00:00+00:00", {})


def an_audit(rate: float) -> ModelAudit:
    return ModelAudit(
        EstimateTable.build(subject="m:label", statistic="selection_rate", estimate=rate, n=10), {"notes": []}
    )


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    done = study.write(manifest("audit"), [an_audit(0.5)], {"note.md": "hello"})
    again = Study(tmp_path / "s")
    assert again.audit.table.table.equals(study.audit.table.table)
    assert again.manifest("audit") == done
    assert done.outputs.keys() == {"estimates.csv", "audit.json", "note.md"}
    assert done.damaged(tmp_path / "s" / "audit") == []


def test_writing_a_stage_again_replaces_all_of_it(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    first = study.write(manifest("audit"), [an_audit(0.5)], {"old.md": "x"})
    second = study.write(manifest("audit"), [an_audit(0.6)], {})
    assert not (study.folder / "audit" / "old.md").exists()
    assert study.audit.estimates["estimate"].tolist() == [0.6]
    assert first.fingerprint != second.fingerprint


def test_a_swap_cut_short_is_mended_by_the_next_writer(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    study.write(manifest("audit"), [an_audit(0.5)], {})
    (study.folder / "audit").rename(study.folder / ".audit.former")  # killed between the two renames
    again = Study(study.folder)
    assert again.manifest("audit") is None  # a reader never writes
    again.mend()
    assert again.audit.estimates["estimate"].tolist() == [0.5]


def test_what_was_removed_never_comes_back(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    study.write(manifest("audit"), [an_audit(0.5)], {})
    shutil.copytree(study.folder / "audit", study.folder / ".audit.former")  # killed while clearing up
    study.remove("audit")
    study.mend()
    assert study.manifest("audit") is None


def test_a_file_that_is_gone_is_said_in_words(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    study.write(manifest("audit"), [an_audit(0.5)], {})
    (study.folder / "audit" / "estimates.csv").unlink()
    with pytest.raises(BadInput, match=r"audit/estimates\.csv is gone"):
        _ = Study(study.folder).audit


def test_a_half_written_stage_does_not_count(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    half = study.folder / ".audit.making"
    half.mkdir()
    (half / "audit.json").write_text("{", encoding="utf-8")
    assert Study(study.folder).manifest("audit") is None
    study.write(manifest("audit"), [an_audit(0.5)], {})
    assert not half.exists()


def test_a_stage_that_cannot_be_written_leaves_the_former_one(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    first = study.write(manifest("audit"), [an_audit(0.5)], {"note.md": "x"})
    spoilt = ModelAudit(an_audit(0.6).table, {"notes": [float("nan")]})
    with pytest.raises(ValueError, match="not JSON compliant"):
        study.write(manifest("audit"), [spoilt], {})
    again = Study(study.folder)
    assert again.manifest("audit") == first
    assert first.damaged(study.folder / "audit") == []
    assert again.audit.estimates["estimate"].tolist() == [0.5]


def test_a_manifest_holds_the_sha256_of_each_file(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    done = study.write(manifest("audit"), [an_audit(0.5)], {"note.md": "abc"})
    # the test vector for "abc" in FIPS 180-4
    assert done.outputs["note.md"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_changed_and_removed_files_are_noticed(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", TINY)
    done = study.write(manifest("linkage"), [LinkageQuality(EstimateTable.concat([]))], {"guild.md": "x"})
    (study.folder / "linkage" / "guild.md").write_text("y", encoding="utf-8")
    (study.folder / "linkage" / "quality.csv").unlink()
    assert sorted(done.damaged(study.folder / "linkage")) == ["guild.md", "quality.csv"]


def test_a_stage_not_run_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the stage 'licence' has not been run"):
        Study.create(tmp_path / "s", TINY).read(FeatureLicence)


def test_a_folder_that_is_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a study"):
        Study(tmp_path)
    with pytest.raises(BadInput, match="there is no such folder"):
        Study(tmp_path / "none")


def test_somebody_elses_folder_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match="is not empty and is not a study"):
        Study.create(tmp_path, TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_two_writers_cannot_meet(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(BadInput, match="another riskaudit is writing"), locked(tmp_path):
        pass
    with locked(tmp_path):  # given up again
        pass
