"""Every kind of model in one study, side by side, with workers; and a model or scores of a user's own."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from riskaudit.artefacts import ModelComparison
from riskaudit.cli.root import riskaudit
from riskaudit.errors import BadInput
from riskaudit.pipeline import RunResult, compare_models, plan, read_scenario, run, status
from riskaudit.scenario import ModelKind
from riskaudit.study import Study

MADE = [kind.value for kind in ModelKind if kind is not ModelKind.OWN]
EVERY_KIND = f'use = {MADE}\nroll_up = "none"\nflag = {{ band = 19 }}\nrandom_forest = {{ trees = 15 }}'.replace(
    "'", '"'
)
WORKERS = """
[audit.workers]
keep_in_need = 1.0
drop_not_in_need = 1.0
follow_score = 0.0
"""


def asked_for(text: str, models: str, more: str = "") -> str:
    """Return the small scenario with other keys in [models] than its flag rule."""
    changed = re.sub(r"flag = \{ share = 0.10 \}[^\n]*", models, text)
    assert changed != text
    return changed + more


@pytest.fixture(scope="module")
def every_kind(small_scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The small scenario with every kind of model, children flagged by their own band, and workers."""
    folder = tmp_path_factory.mktemp("every_kind")
    text = asked_for(small_scenario.read_text(encoding="utf-8"), EVERY_KIND, WORKERS)
    (folder / "every.toml").write_text(text, encoding="utf-8")
    return run(folder / "every.toml", folder / "study").study


@pytest.fixture(scope="module")
def compared(every_kind: Study) -> tuple[ModelComparison, Path]:
    return compare_models(every_kind.folder)


def test_every_kind_goes_through_the_whole_chain(every_kind: Study) -> None:
    assert [card.id for card in every_kind.scores.cards] == MADE
    trust = every_kind.explanations.trust
    assert {name: found["withheld"] for name, found in trust.items()} == dict.fromkeys(MADE, False)
    assert max(found["additivity_error"] for found in trust.values()) <= 1e-6
    units = ["points", "headings met", "log odds", "probability", "log odds"]
    assert [found["unit"] for found in trust.values()] == units
    page = (every_kind.folder / "report" / "report.html").read_text(encoding="utf-8")
    for said in (
        "Rule set",
        "Random forest",
        "no record speaks to it",
        "With workers",
        "children in score band 19 or higher",
    ):
        assert said in page


def test_nobody_whom_a_list_or_rules_score_zero_is_flagged(every_kind: Study) -> None:
    scores = every_kind.scores.frame()
    by_hand = scores[scores["model"].isin(["points_list", "rule_set"])]
    assert by_hand.loc[by_hand["flagged"], "score"].min() > 0


def test_workers_who_see_need_leave_no_flag_that_is_wrong_among_the_models_own(every_kind: Study) -> None:
    audit = every_kind.audit
    assert list(audit.with_workers) == MADE
    for model, listed in audit.with_workers.items():
        alone = audit.table.row(subject=f"{model}:true_need", statistic="precision", group="all")
        together = audit.table.row(subject=f"{listed}:true_need", statistic="precision", group="all")
        assert together["estimate"] > alone["estimate"]
    deck = json.dumps([attribute.id for attribute in every_kind.deck.attributes])
    keys = [level.key_id for attribute in every_kind.deck.attributes for level in attribute.levels]
    assert "errors" in deck
    assert not any("_with_workers" in key for key in keys)  # a deck says how often a model's list is wrong


def test_a_studys_own_models_have_the_studys_own_figures(
    every_kind: Study, compared: tuple[ModelComparison, Path]
) -> None:
    found, _ = compared
    for model in MADE:
        for statistic in ("roc_auc", "precision", "true_positive_rate", "false_positive_rate"):
            wanted = {"subject": f"{model}:true_need", "statistic": statistic, "group": "all"}
            assert found.estimates.row(**wanted) == every_kind.audit.table.row(**wanted)


def test_shares_in_common_are_those_of_the_families_flagged(
    every_kind: Study, compared: tuple[ModelComparison, Path]
) -> None:
    scores = every_kind.scores.frame()
    families = scores[(scores["unit"] == "family") & (scores["split"] == "test")]
    flags = families.pivot(index="family_id", columns="model", values="flagged").astype(bool)
    for one, other in (("points_list", "boosted_trees"), ("rule_set", "random_forest")):
        row = compared[0].estimates.row(subject=f"{one} and {other}", statistic="flagged_in_common")
        either = flags[one] | flags[other]
        assert (row["estimate"], row["n"]) == (
            pytest.approx((flags[one] & flags[other]).sum() / either.sum()),
            either.sum(),
        )
        assert row["lower"] <= row["estimate"] <= row["upper"]
    rows = compared[0].estimates.rows(statistic="flagged_by")
    counts = np.bincount(flags[MADE].sum(axis=1), minlength=len(MADE) + 1)
    assert [round(row["estimate"] * len(flags)) for row in rows] == counts.tolist()
    row = compared[0].estimates.row(statistic="flagged_by_all")
    assert (row["estimate"], row["n"]) == (pytest.approx(counts[-1] / counts[1:].sum()), counts[1:].sum())


def test_kinds_that_the_scenario_does_not_use_are_made_too_and_the_others_listed(ran: RunResult) -> None:
    before = {state.stage: state.to_make for state in status(ran.study)}
    found, page = compare_models(ran.study.folder)
    assert {one["id"]: one["in_scenario"] for one in found.about["models"]} == {
        "points_list": True, "rule_set": False, "logistic_regression": True, "random_forest": False, "boosted_trees": True,
    }  # fmt: skip
    assert found.about["left_out"] == {"own": "[models.own]: the scenario brings no model of its own"}
    assert {state.stage: state.to_make for state in status(ran.study)} == before  # the study stays as it was
    data = json.loads(page.with_name("models.json").read_text(encoding="utf-8"))
    assert data["schema"] == ModelComparison.SCHEMA
    assert len(data["estimates"]) == len(found.estimates.rows())
    text = page.read_text(encoding="utf-8")
    for said in ("SYNTHETIC", "Kinds left out", "no: defaults", "Flagged families that two models share"):
        assert said in text


def test_without_the_truth_models_are_compared_on_what_was_recorded(
    ran: RunResult, copy_of: Callable[[Study], Study]
) -> None:
    study = copy_of(ran.study)
    for path in (study.folder / "population" / "truth").iterdir():
        path.unlink()
    (study.folder / "population" / "truth").rmdir()
    found, _ = compare_models(study.folder)
    assert found.about["labels"] == ["recorded_outcome"]


def test_a_study_without_features_is_refused_and_told_what_to_do(small_scenario: Path, tmp_path: Path) -> None:
    study = run(small_scenario, tmp_path / "study", until="linkage").study
    with pytest.raises(BadInput, match="--until features"):
        compare_models(study.folder)


def test_the_command_prints_one_row_a_model_and_label(ran: RunResult) -> None:
    done = CliRunner().invoke(riskaudit, ["models", "compare", str(ran.study.folder)], catch_exceptions=False)
    assert sum("true need" in line for line in done.stdout.splitlines()) == 5
    assert "left out: own" in done.stderr
    assert "models.html" in done.stderr
    printed = CliRunner().invoke(riskaudit, ["models", "compare", str(ran.study.folder), "--json", "-q"])
    assert json.loads(printed.stdout)["about"]["models"][1]["id"] == "rule_set"
    assert printed.stderr == ""


OWN = 'use = ["points_list", "own"]\nown = {{ predictions = "{name}", label = "Elsewhere" }}\nflag = {{ share = 0.1 }}'


@pytest.fixture
def with_scores(ran: RunResult, small_scenario: Path, tmp_path: Path) -> Path:
    """The small scenario with scores of its families beside it, as another model might have given them."""
    families = sorted(set(ran.study.features.labels.column("family_id").to_pylist()))
    lines = [f"{family},{number / len(families):.4f}" for number, family in enumerate(families)]
    (tmp_path / "asked").mkdir()
    (tmp_path / "asked" / "mine.csv").write_text("\n".join(["family_id,score", *lines]), encoding="utf-8")
    text = asked_for(small_scenario.read_text(encoding="utf-8"), OWN.format(name="mine.csv"))
    path = tmp_path / "asked" / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_scores_from_elsewhere_are_audited_and_not_explained(with_scores: Path, tmp_path: Path) -> None:
    study = run(with_scores, tmp_path / "study").study
    assert [card.label for card in study.scores.cards] == ["Points list", "Elsewhere"]
    assert study.audit.table.rows(subject="own:true_need", statistic="roc_auc", group="all")
    assert "only scores were brought in" in study.explanations.trust["own"]["reason"]
    page = (study.folder / "report" / "report.html").read_text(encoding="utf-8")
    assert "only scores were brought in" in page
    with_scores.unlink()
    (with_scores.parent / "mine.csv").unlink()
    assert run(study.folder).made == ()  # the study has its own copy
    compared, _ = compare_models(study.folder)
    assert {one["id"] for one in compared.about["models"]} == {*MADE, "own"}
    printed = CliRunner().invoke(riskaudit, ["models", "compare", str(study.folder), "-q"]).stdout
    assert "Elsewhere" in printed
    assert "Logistic regression" in printed


def test_other_scores_make_the_models_stale_and_nothing_before_them(with_scores: Path, tmp_path: Path) -> None:
    folder = run(with_scores, tmp_path / "study", until="models").study.folder
    with (with_scores.parent / "mine.csv").open("a", encoding="utf-8") as file:
        file.write("\n\n")
    states = {state.stage: state for state in plan(with_scores, folder)}
    assert states["models"].reasons == ("the file mine.csv has changed since",)
    assert not states["features"].to_make
    assert run(with_scores, folder, until="models").made == ("models",)


def test_a_model_of_ones_own_is_opened_carried_along_and_audited(
    ran: RunResult, small_scenario: Path, tmp_path: Path
) -> None:
    skops = pytest.importorskip("skops.io", reason="the extra skops is not installed")
    from sklearn.linear_model import LogisticRegression

    table, labels = ran.study.features.frame(), ran.study.features.labels.column("recorded_outcome").to_numpy()
    names = ["social_care_referrals_ever", "police_domestic_incidents_2y"]
    skops.dump(LogisticRegression().fit(table[names], labels), tmp_path / "mine.skops")
    models = 'use = ["own"]\nown = { file = "mine.skops", about = "A small one." }\nflag = { share = 0.1 }'
    (tmp_path / "own.toml").write_text(asked_for(small_scenario.read_text(encoding="utf-8"), models), encoding="utf-8")
    study = run(tmp_path / "own.toml", tmp_path / "study", until="explanation").study
    assert (study.folder / "mine.skops").read_bytes() == (tmp_path / "mine.skops").read_bytes()
    (card,) = study.scores.cards
    assert (card.features, card.imitates) == (tuple(names), "A small one.")
    trust = study.explanations.trust["own"]
    assert (trust["withheld"], trust["unit"]) == (False, "probability")
    assert trust["additivity_error"] < 1e-6
    assert set(study.explanations.attributions["feature"].to_pylist()) == set(names)
    assert run(study.folder).report.is_file()  # a deck names the record that counted most, which is known


@pytest.mark.parametrize(
    ("models", "said"),
    [
        ('use = ["own"]', "use has own, and [models.own] is not given"),
        ('own = { file = "mine.skops" }', "own is given and not in use"),
        ('use = ["own"]\nown = { label = "x" }', "needs exactly one of file and predictions"),
        ('use = ["own"]\nown = { file = "a.skops", predictions = "b.csv" }', "needs exactly one of file and predictions"),
        ('use = ["own"]\nown = { file = "models/a.skops" }', "text must match pattern"),
        ('use = ["own"]\nown = { predictions = "run.json" }', "a study has a file of that name"),
        ('use = ["own"]\nown = { predictions = "gone.csv" }', "there is no such file"),
        ('use = ["own"]\nown = { predictions = "scores.sav" }', "cannot be read as a table of scores"),
        ('use = ["own"]\nown = { file = "model.pkl" }', "there is no such file"),
        ("flag = { months = 3, share = 0.1 }", "months goes with per_month, and share is given"),
        ("flag = { per_month = 20, months = 24 }", "480 families cannot be flagged: there are 400"),
        ("flag = { band = 21 }", "band"),
        ('use = ["rule_set"]\nrule_set = { headings = { a = ["school_suspension_2y"] } }', "did you mean 'school_suspensions"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_models_is_told_before_anything_is_made(
    models: str, said: str, small_scenario: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(asked_for(small_scenario.read_text(encoding="utf-8"), models), encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(said)):
        read_scenario(path)


def test_without_a_roll_up_more_children_may_be_flagged_than_there_are_families(
    small_scenario: Path, tmp_path: Path
) -> None:
    path = tmp_path / "many.toml"
    models = 'roll_up = "none"\nflag = { count = 401 }'
    path.write_text(asked_for(small_scenario.read_text(encoding="utf-8"), models), encoding="utf-8")
    assert read_scenario(path).models.flag.count == 401
