"""Where a disparity comes from, asked of a small study: numbers, faults, interrupts, files."""

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from riskaudit.artefacts import ALL_OFF, ALL_ON, SWITCHED, DisparityCauses
from riskaudit.cli.root import riskaudit
from riskaudit.errors import BadInput
from riskaudit.pipeline import RunResult, find_causes, world_cache
from riskaudit.pipeline.mechanisms import DEFAULT, MECHANISMS, acting, chosen, switched
from riskaudit.pipeline.worlds import Job, WorldCounts, make_worlds
from riskaudit.study import Study

MODEL = "logistic_regression"  # the quickest that learns
FEW = ("linkage_error", "label_bias", "household_roll_up")


@pytest.fixture(scope="module")
def asked_once(ran: RunResult, tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, DisparityCauses, Path]:
    import shutil

    folder = tmp_path_factory.mktemp("causes") / "study"
    shutil.copytree(ran.study.folder, folder)
    found, page = find_causes(folder, group="deprivation", model=MODEL, replicates=2, workers=1)
    return Study(folder), found, page


def test_parts_add_up_to_what_is_there_with_everything_on(asked_once: tuple[Study, DisparityCauses, Path]) -> None:
    _, found, _ = asked_once
    levels = {row["subject"] for row in found.estimates.rows(level=ALL_ON)}
    assert len(levels) == 5
    for subject in levels:
        rows = {row["level"]: row["estimate"] for row in found.estimates.rows(subject=subject)}
        assert set(rows) == {ALL_OFF, ALL_ON, SWITCHED, *DEFAULT}
        assert sum(rows[name] for name in (ALL_OFF, *DEFAULT)) == pytest.approx(rows[ALL_ON], abs=1e-9)
        assert rows[ALL_ON] - rows[ALL_OFF] == pytest.approx(rows[SWITCHED], abs=1e-9)


def test_true_children_are_the_same_in_every_world(asked_once: tuple[Study, DisparityCauses, Path]) -> None:
    study, _, _ = asked_once
    tables = [pq.read_table(file) for file in sorted((study.folder / "worlds").iterdir())]
    assert len(tables) == 2 * 4  # replicates, by surveillance and recording errors on and off
    seen = set()
    for table in tables:
        counts, levels = world_cache.counts_of([table], "family_size")
        assert levels == ("1 child", "2 children", "3 or more")
        assert len(counts) == 16
        seen |= {tuple(count.sum(axis=2).ravel().tolist()) for count in counts.values()}
    assert len(seen) == 2  # one for each replicate
    own = study.population.outcomes.column("in_need").to_numpy()
    by_need = [np.reshape(one, (3, 2)).sum(axis=0).tolist() for one in seen]
    assert [int((~own).sum()), int(own.sum())] in by_need


def test_linking_by_the_truth_on_perfect_records_changes_little(
    asked_once: tuple[Study, DisparityCauses, Path],
) -> None:
    """Two worlds that nothing but the method of linking tells apart, where records have no errors, flag nearly alike."""
    study, found, _ = asked_once
    names = [one["id"] for one in found.about["mechanisms"]]
    errors, linkage = (1 << names.index(name) for name in ("recording_errors", "linkage_error"))
    apart = {True: [], False: []}
    for file in sorted((study.folder / "worlds").iterdir()):
        counts, _ = world_cache.counts_of([pq.read_table(file)], "all")
        for world in counts:
            if world & linkage:
                apart[bool(world & errors)].append(abs(counts[world] - counts[world ^ linkage]).sum())
    assert np.mean(apart[False]) < np.mean(apart[True])


def test_the_files_say_what_was_asked(asked_once: tuple[Study, DisparityCauses, Path]) -> None:
    study, found, page = asked_once
    document = json.loads((study.folder / "causes" / "causes.json").read_text(encoding="utf-8"))
    assert document["schema"] == "riskaudit.causes/1"
    assert document["label"] == "SYNTHETIC"
    assert document["about"] == found.about
    assert (document["about"]["worlds"], document["about"]["exact"]) == (64, True)
    assert study.read(DisparityCauses).estimates.table == found.estimates.table
    html = page.read_text(encoding="utf-8")
    assert "SYNTHETIC" in html
    for one in found.about["mechanisms"]:
        assert escape(one["what"], quote=False).replace("'", "&#39;") in html


def test_another_question_of_the_same_worlds_makes_none(
    asked_once: tuple[Study, DisparityCauses, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    study, _, _ = asked_once

    def refuse(job: Job) -> WorldCounts:
        raise AssertionError("a world was made again")

    monkeypatch.setattr(world_cache, "make_worlds", refuse)
    found, _ = find_causes(
        study.folder, metric="false_flags_per_1000", group="all", model=MODEL, replicates=2, workers=1
    )
    assert {row["reference"] for row in found.estimates.rows()} == {""}
    assert found.about["level"] == "all"


def test_an_interrupted_question_goes_on_where_it_stopped(
    ran: RunResult, copy_of: Callable[[Study], Study], monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    study = copy_of(ran.study)
    few = ["recording_errors", "household_roll_up"]
    whole, _ = find_causes(study.folder, mechanisms=few, model=MODEL, replicates=2, workers=1)
    for made in ("worlds", "causes"):
        shutil.rmtree(study.folder / made)
    jobs: list[Job] = []

    def stop_at_the_third(job: Job) -> WorldCounts:
        if len(jobs) == 2:
            raise KeyboardInterrupt
        jobs.append(job)
        return make_worlds(job)

    monkeypatch.setattr(world_cache, "make_worlds", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        find_causes(study.folder, mechanisms=few, model=MODEL, replicates=2, workers=1)
    assert not (study.folder / "causes").exists()
    assert len(list((study.folder / "worlds").iterdir())) == 2

    monkeypatch.setattr(world_cache, "make_worlds", lambda job: jobs.append(job) or make_worlds(job))
    again, _ = find_causes(study.folder, mechanisms=few, model=MODEL, replicates=2, workers=1)
    assert len(jobs) == 4
    assert again.estimates.table == whole.estimates.table


def test_any_number_of_processes_gives_the_same(
    ran: RunResult, copy_of: Callable[[Study], Study], monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    study = copy_of(ran.study)
    found = []
    for workers in (1, 2):
        monkeypatch.setattr("riskaudit.engines.choosing.START_UP", -1e9)
        few = ["recording_errors", "household_roll_up"]
        split, _ = find_causes(study.folder, mechanisms=few, model=MODEL, replicates=1, workers=workers)
        found.append(split.estimates.table)
        shutil.rmtree(study.folder / "worlds")
    assert found[0] == found[1]


def test_asking_for_more_populations_keeps_the_first_ones(
    asked_once: tuple[Study, DisparityCauses, Path], copy_of: Callable[[Study], Study]
) -> None:
    whole, _, _ = asked_once
    study = copy_of(whole)
    before = {file.name for file in (study.folder / "worlds").iterdir()}
    find_causes(study.folder, mechanisms=DEFAULT, model=MODEL, replicates=3, workers=1)
    after = {file.name for file in (study.folder / "worlds").iterdir()}
    assert before < after
    assert len(after) == 12


def test_sampled_orders_make_fewer_worlds_and_say_their_error(
    asked_once: tuple[Study, DisparityCauses, Path], copy_of: Callable[[Study], Study]
) -> None:
    study = copy_of(asked_once[0])
    found, _ = find_causes(study.folder, group="tenure", mechanisms=FEW, model=MODEL, replicates=2, orders=2, workers=1)
    rows = {
        row["level"]: row for row in found.estimates.rows(subject=f"{found.about['model']}: {found.about['level']}")
    }
    assert found.about["worlds"] <= 8
    assert sum(rows[name]["estimate"] for name in (ALL_OFF, *FEW)) == pytest.approx(rows[ALL_ON]["estimate"], abs=1e-9)


@pytest.mark.parametrize("model", ["points_list", "boosted_trees"])
def test_every_model_of_the_scenario_can_be_asked_about(
    ran: RunResult, copy_of: Callable[[Study], Study], model: str
) -> None:
    study = copy_of(ran.study)
    found, _ = find_causes(study.folder, mechanisms=["stale_records"], model=model, replicates=2, workers=1)
    assert found.about["model"] == model
    assert found.answered


def test_all_faults_are_told_at_once(ran: RunResult) -> None:
    with pytest.raises(BadInput) as caught:
        find_causes(
            ran.study.folder, metric="false_positives", group="ethnicity", level="Blck", reference="Wite",
            mechanisms=["linkage", "feedback"], model="neural_network", replicates=0,
        )  # fmt: skip
    said = str(caught.value)
    assert len(caught.value.faults) == 7
    assert "did you mean 'linkage_error'?" in said
    assert "'feedback' is switched off in this scenario already" in said
    assert "did you mean 'Black'?" in said
    assert "did you mean 'White'?" in said
    assert "no rate that an audit measures" in said


def test_an_unknown_characteristic_is_refused_with_those_there_are(ran: RunResult) -> None:
    with pytest.raises(BadInput, match="one of all, ethnicity"):
        find_causes(ran.study.folder, group="religion")


def test_a_study_without_its_truth_is_refused(ran: RunResult, copy_of: Callable[[Study], Study]) -> None:
    import shutil

    study = copy_of(ran.study)
    shutil.rmtree(study.folder / "population" / "truth")
    with pytest.raises(BadInput, match="its truth was taken away"):
        find_causes(study.folder)


def test_the_command_prints_the_split_and_says_where_the_page_is(
    ran: RunResult, copy_of: Callable[[Study], Study]
) -> None:
    study = copy_of(ran.study)
    asked = ["causes", str(study.folder), "--mechanism", "linkage_error", "--replicates", "2", "--workers", "1"]
    done = CliRunner().invoke(riskaudit, asked)
    assert done.exit_code == 0, done.output
    assert "Linkage error" in done.stdout
    assert re.search(r"SYNTHETIC families.\n.*causes\.html", done.stderr)
    as_json = CliRunner().invoke(riskaudit, [*asked, "--json"])
    assert json.loads(as_json.stdout)["label"] == "SYNTHETIC"


def test_one_population_is_not_enough_to_say(ran: RunResult, copy_of: Callable[[Study], Study]) -> None:
    study = copy_of(ran.study)
    asked = ["causes", str(study.folder), "--mechanism", "household_roll_up", "--replicates", "1", "--workers", "1"]
    assert CliRunner().invoke(riskaudit, asked).exit_code == 5
    refused = CliRunner().invoke(riskaudit, ["causes", str(study.folder), "--mechanism", "magic"])
    assert isinstance(refused.exception, BadInput)


def test_a_mechanism_is_there_where_switching_it_off_changes_the_scenario(ran: RunResult) -> None:
    asked = ran.study.scenario
    there = [one.id for one in acting(asked)]
    assert "feedback" not in there
    for one in MECHANISMS:
        if one.id in there and one.id != "label_bias":
            assert one.id not in [each.id for each in acting(switched(asked, [one]))]
    assert [one.id for one in chosen(asked, [])] == [one.id for one in MECHANISMS if one.id in DEFAULT]


def test_points_move_to_the_two_year_twin_where_records_expire(ran: RunResult) -> None:
    asked = ran.study.scenario
    changed = switched(asked, [one for one in MECHANISMS if one.id == "stale_records"]).models.points_list.points
    assert "social_care_referrals_ever" in asked.models.points_list.points
    assert "social_care_referrals_ever" not in changed
    assert changed["social_care_referrals_2y"] == 3


def test_the_report_shows_the_split_as_long_as_the_study_stays_as_it_is(
    ran: RunResult, copy_of: Callable[[Study], Study]
) -> None:
    from riskaudit.pipeline import run, status

    study = copy_of(ran.study)
    words = "Where a difference comes from"
    assert words not in (study.folder / "report" / "report.html").read_text(encoding="utf-8")
    find_causes(study.folder, mechanisms=["household_roll_up"], model=MODEL, replicates=2, workers=1)
    html = (study.folder / "report" / "report.html").read_text(encoding="utf-8")
    assert words in html
    assert "brothers and sisters share the highest" in html
    assert (study.folder / "report" / "tables" / "causes.csv").is_file()
    assert not any(state.to_make for state in status(Study(study.folder)))
    scenario = study.folder / "scenario.toml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("trees = 30 ", "trees = 31 "), encoding="utf-8")
    assert "report" in run(study.folder).made
    assert words not in (study.folder / "report" / "report.html").read_text(encoding="utf-8")
