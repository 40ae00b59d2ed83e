"""Rounds of use and retraining, on a small study."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from riskaudit.artefacts import FeedbackRounds, Retraining
from riskaudit.cli.root import riskaudit
from riskaudit.errors import BadInput
from riskaudit.pipeline import RunResult, simulate_feedback
from riskaudit.pipeline.rounds import RoundsJob, make_rounds
from riskaudit.scenario import ModelKind
from riskaudit.study import Study


@pytest.fixture(scope="module")
def rounds(ran: RunResult, tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, FeedbackRounds, Path]:
    import shutil

    folder = tmp_path_factory.mktemp("feedback") / "study"
    shutil.copytree(ran.study.folder, folder)
    found, page = simulate_feedback(folder, rounds=3, replicates=2, model="logistic_regression", workers=1)
    return Study(folder), found, page


def test_the_first_round_is_alike_for_every_way_of_retraining(rounds: tuple[Study, FeedbackRounds, Path]) -> None:
    _, found, _ = rounds
    firsts = []
    for way in Retraining:
        rows = found.estimates.rows(subject=f"logistic_regression: {way}: round 1")
        firsts.append([{key: value for key, value in row.items() if key != "subject"} for row in rows])
    assert firsts[0] == firsts[1] == firsts[2]
    assert len(firsts[0]) > 50


def test_retraining_on_what_flags_turn_up_changes_later_rounds(rounds: tuple[Study, FeedbackRounds, Path]) -> None:
    _, found, _ = rounds
    lasts = {
        way: found.estimates.row(
            subject=f"logistic_regression: {way}: round 3", statistic="false_negative_rate", group="all"
        )["estimate"]
        for way in Retraining
    }
    assert len(set(lasts.values())) == 3


def test_it_is_written_as_page_data_and_table(rounds: tuple[Study, FeedbackRounds, Path]) -> None:
    study, found, page = rounds
    document = json.loads((study.folder / "feedback" / "feedback.json").read_text(encoding="utf-8"))
    assert (document["schema"], document["label"]) == ("riskaudit.feedback/1", "SYNTHETIC")
    assert study.read(FeedbackRounds).estimates.table == found.estimates.table
    html = page.read_text(encoding="utf-8")
    assert all(words in html for words in ("SYNTHETIC", "Round 3", "Others left out", "Never retrained"))


def test_rounds_are_the_same_made_again_and_made_of_other_families_each(ran: RunResult) -> None:
    job = RoundsJob(ran.study.scenario, 0, 2, ModelKind.LOGISTIC_REGRESSION, None, 0.9)
    first, again = make_rounds(job), make_rounds(job)
    of_all = [[one["all"]["all"] for one in made.counts[Retraining.NEVER]] for made in (first, again)]
    assert np.array_equal(of_all[0], of_all[1])
    assert not np.array_equal(of_all[0][0].sum(axis=1), of_all[0][1].sum(axis=1))


def test_everything_wrong_is_told_at_once(ran: RunResult) -> None:
    with pytest.raises(BadInput) as caught:
        simulate_feedback(ran.study.folder, rounds=0, replicates=1_000, model="points_list", finds=1.5)
    assert len(caught.value.faults) == 4
    assert "'points_list' does not learn" in str(caught.value)


def test_the_command_prints_one_line_a_round(ran: RunResult, copy_of: Callable[[Study], Study]) -> None:
    study = copy_of(ran.study)
    asked = ["feedback", str(study.folder), "--rounds", "2", "--replicates", "2", "--model", "logistic_regression"]
    done = CliRunner().invoke(riskaudit, [*asked, "--workers", "1"])
    assert done.exit_code == 0, done.output
    assert "others left out" in done.stdout
    assert "feedback.html" in done.stderr
