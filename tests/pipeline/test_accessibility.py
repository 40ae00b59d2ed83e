"""Every page that riskaudit writes, judged by axe-core: WCAG 2.0 to 2.2, A and AA, and best practice."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from riskaudit.pipeline import (
    RunResult,
    audit_file,
    compare_models,
    find_causes,
    link_files,
    map_responses,
    shadow,
    simulate_feedback,
    write_audit,
)
from riskaudit.responses import simulate
from riskaudit.study import Study

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = Path(__file__).resolve().parents[2] / ".ci" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; .ci/run installs it with npm")


@pytest.fixture(scope="module")
def pages(ran: RunResult, write_lists: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The report with answers, the deck, an audit of somebody's predictions, somebody's own linked files, models compared, where
    a difference comes from, rounds of use, and one family's data shadow with its copy for an interview. The report
    shows where a difference comes from too."""
    tmp_path = tmp_path_factory.mktemp("pages")
    study = Study(shutil.copytree(ran.study.folder, tmp_path / "study"))
    answers, predictions = tmp_path / "answers.csv", tmp_path / "predictions.csv"
    answers.write_text(simulate(study.deck, respondents=40, seed=3), encoding="utf-8")
    quick = {"model": "logistic_regression", "replicates": 2, "workers": 1}
    _, causes = find_causes(study.folder, mechanisms=["household_roll_up", "stale_records"], **quick)  # type: ignore[arg-type]
    _, feedback = simulate_feedback(study.folder, rounds=2, **quick)  # type: ignore[arg-type]
    report = map_responses(study.folder, answers, groups=("lone_parent",)).report
    rows = "".join(f"{i / 60:.3f},{i % 3 // 2},{'ab'[i % 2]}\n" for i in range(60))
    predictions.write_text("score,outcome,area\n" + rows, encoding="utf-8")
    audit = audit_file(predictions, score="score", label="outcome", groups=("area",), flag_top=0.1)
    lists = write_lists(tmp_path / "lists")
    link_files(lists.files, config=lists.config, out=tmp_path / "linked")
    audited = write_audit(audit, tmp_path / "audit", "An audit")
    _, compared = compare_models(study.folder)
    _, family = shadow(study.folder, pick="most-held")
    linked, deck = tmp_path / "linked" / "link.html", study.folder / "vignettes" / "deck.html"
    interview = family.with_name(f"{family.stem}_interview.html")
    return [report, deck, audited, linked, compared, causes, feedback, family, interview]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_axe_finds_nothing(browser: "Browser", pages: list[Path], width: int, scheme: str) -> None:
    # the pages forbid scripts; the checker is one, so the browser is told to let it in
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    for path in pages:
        page = context.new_page()
        page.goto(path.as_uri())
        page.add_script_tag(path=AXE)
        found = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        assert len(found["passes"]) > 10
        assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found["violations"]] == [], path.name
        page.close()
    context.close()
