"""`riskaudit audit` as a person or a pipeline meets it: exit codes, what is printed where, what is written."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from riskaudit.__main__ import main
from riskaudit.artefacts import AuditDocument

Captured = pytest.CaptureFixture[str]

# Of 400, every fourth is Green. Blue is flagged in 30 of 300, Green in 30 of 100: by hand, a difference of 0.2.
ROWS = [(number, "Green" if number % 4 == 0 else "Blue", "owned" if number % 3 else "rented") for number in range(400)]
GREEN_OR_BLUE = {"Green": 30, "Blue": 30}


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    left = dict(GREEN_OR_BLUE)
    lines = ["family,score,outcome,group,tenure,listed,number"]
    for number, group, tenure in ROWS:
        listed = int(left[group] > 0)
        left[group] -= listed
        score = (0.6 if listed else 0.1) + 0.3 * (number % 7) / 7
        lines.append(f"f{number},{score:.3f},{int(number % 5 == 0)},{group},{tenure},{listed},{number}")
    path = tmp_path / "predictions.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def asked(predictions: Path) -> list[str]:
    return ["audit", str(predictions), "--score", "score", "--label", "outcome", "--group", "group", "--flag", "listed"]


def policy(folder: Path, *limits: str) -> str:
    path = folder / "policy.toml"
    path.write_text(
        "\n".join(f'[[limit]]\nname = "L{at}"\n{limit}\n' for at, limit in enumerate(limits)), encoding="utf-8"
    )
    return str(path)


KEPT = 'metric = "selection_rate"\nmax = 0.3'
BROKEN = 'metric = "selection_rate"\ngroup = "group"\ncompare = "difference"\nlevel = "Green"\nmax = 0.05'
OPEN = 'metric = "selection_rate"\ngroup = "group"\ncompare = "difference"\nlevel = "Green"\nmax = 0.2'


@pytest.mark.parametrize(
    ("limits", "code", "said"),
    [
        ((KEPT,), 0, []),
        ((KEPT, BROKEN), 1, ["finding: L1, group=Green to everyone else"]),
        ((KEPT, OPEN), 5, ["not enough evidence: L1, group=Green to everyone else"]),
        ((BROKEN, OPEN), 1, ["finding: L0", "not enough evidence: L1"]),  # a finding outweighs what is not known
    ],
)
def test_exit_codes_say_what_the_limits_say(
    limits: tuple[str, ...], code: int, said: list[str], asked: list[str], tmp_path: Path, capsys: Captured
) -> None:
    assert main([*asked, "--policy", policy(tmp_path, *limits)]) == code
    printed = capsys.readouterr()
    assert all(words in printed.err for words in said)
    assert printed.out.startswith("limit ")  # verdicts come first
    assert "selection_rate" in printed.out


def test_a_real_process_exits_with_the_verdict(asked: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "riskaudit", *asked, "--json", "--policy", policy(tmp_path, BROKEN)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    found = json.loads(done.stdout)["verdicts"]
    assert [(one["verdict"], round(one["estimate"], 6)) for one in found] == [("finding", 0.2)]
    assert "Traceback" not in done.stderr


def test_a_limit_on_what_is_not_there_is_bad_input_and_says_what_to_ask(
    asked: list[str], tmp_path: Path, capsys: Captured
) -> None:
    wanted = policy(
        tmp_path, 'metric = "selection_rate"\ngroup = "tenure"\nmax = 0.1', 'metric = "selction_rate"\nmax = 1'
    )
    assert main([*asked, "--policy", wanted, "--out", str(tmp_path / "out")]) == 3
    printed = capsys.readouterr().err
    assert "policy.toml, line 4, [limit 1] group: the audit has no group 'tenure'" in printed
    assert "--group tenure" in printed
    assert "did you mean 'selection_rate'?" in printed
    assert not (tmp_path / "out").exists()


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is measured of the file: whoever does fails."""

    def never(_measured: object) -> None:
        raise AssertionError("it was measured")

    monkeypatch.setattr("riskaudit.audit.brought.auditing.estimates_of", never)


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize(
    ("limit", "more", "said"),
    [
        ('metric = "selection_rate"\ngroup = "tenur"\nmax = 1', ["--group", "tenure"],
         ["line 4, [limit 1] group: the audit has no group 'tenur'", "did you mean 'tenure'?", "--group tenur"]),
        ('metric = "selection_rate"\ngroup = "group x tenure"\nmax = 1', ["--group", "tenure"],
         ["no groups crossed as 'group × tenure'", "give --by-intersection 2"]),
        ('metric = "selection_rate"\ngroup = "tenure x group"\nmax = 1', ["--group", "tenure", "--by-intersection", "2"],
         ["no groups crossed as 'tenure × group'", "did you mean 'group × tenure'?"]),
        ('metric = "false_positve_rate"\nmax = 1', [], ["is not measured", "did you mean 'false_positive_rate'?"]),
        ('metric = "roc_auc"\ngroup = "group"\ncompare = "ratio"\nmax = 1', [], ["'roc_auc' has no ratio here"]),
        ('metric = "brier_score_loss"\ngroup = "group"\ncompare = "difference"\nmax = 1', ["--score", "number"],
         ["'brier_score_loss' has no difference here"]),
        ('metric = "selection_rate"\ngroup = "group"\nlevel = "Gren"\nmax = 1', [],
         ["line 5, [limit 1] level: 'group' has no level 'Gren'", "did you mean 'Green'?", "one of Blue, Green"]),
        ('metric = "selection_rate"\ngroup = "group"\ncompare = "difference"\nreference = "Red"\nmax = 1', [],
         ["line 6, [limit 1] reference: 'group' has no level 'Red'", "one of Blue, Green"]),
        ('metric = "selection_rate"\ngroup = "group x tenure"\nlevel = "Green x ownd"\nmax = 1',
         ["--group", "tenure", "--by-intersection", "2"], ["has no level 'Green x ownd'", "did you mean 'Green × owned'?"]),
    ],
)  # fmt: skip
def test_a_limit_that_the_audit_cannot_have_is_told_before_anything_is_measured(
    limit: str, more: list[str], said: list[str], asked: list[str], tmp_path: Path, capsys: Captured
) -> None:
    assert main([*asked, *more, "--policy", policy(tmp_path, limit)]) == 3
    printed = capsys.readouterr().err
    assert all(words in printed for words in said), printed
    assert printed.count("policy.toml") == 1


@pytest.mark.usefixtures("unmeasured")
def test_what_rests_on_an_outcome_is_not_to_be_had_without_one(
    predictions: Path, tmp_path: Path, capsys: Captured
) -> None:
    limits = policy(tmp_path, 'metric = "false_positive_rate"\nmax = 0.2')
    assert main(["audit", str(predictions), "--group", "group", "--flag", "listed", "--policy", limits]) == 3
    printed = capsys.readouterr().err
    assert "'false_positive_rate' is not measured" in printed
    assert "What rests on an outcome needs --label." in printed


@pytest.mark.usefixtures("unmeasured")
def test_faults_of_the_policy_and_of_the_predictions_are_told_together(
    asked: list[str], predictions: Path, tmp_path: Path, capsys: Captured
) -> None:
    text = predictions.read_text(encoding="utf-8").replace("f7,", "f7,x", 1)
    predictions.write_text(text, encoding="utf-8")
    faulty = policy(tmp_path, 'metric = "selection_rate"\nmaks = 1')
    assert main([*asked, "--group", "tenur", "--policy", faulty]) == 3
    printed = capsys.readouterr().err
    for words in ("policy.toml, line", "maks: unknown key", "predictions.csv", "did you mean 'tenure'?", "x0."):
        assert words in printed, printed
    limited = policy(tmp_path, 'metric = "selection_rate"\ngroup = "group"\nlevel = "Gren"\nmax = 1')
    assert main([*asked, "--policy", limited]) == 3
    printed = capsys.readouterr().err
    assert "2 faults found" in printed
    assert "did you mean 'Green'?" in printed
    faulty = policy(tmp_path, 'metric = "selection_rate"\nmaks = 1')
    assert main(["audit", str(tmp_path / "none.csv"), *asked[2:], "--policy", faulty]) == 3
    printed = capsys.readouterr().err
    assert "none.csv" in printed
    assert "policy.toml, line" in printed


def test_a_policy_may_compare_with_others_than_the_audit_does(
    asked: list[str], tmp_path: Path, capsys: Captured
) -> None:
    limit = 'metric = "selection_rate"\ngroup = "group"\ncompare = "difference"\nmax = 1'
    assert main([*asked, "--json", "--reference", "group=Blue", "--policy", policy(tmp_path, limit)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["about"]["reference"] == {"group": "Blue"}
    found = [(row["level"], row["reference"], round(row["estimate"], 6)) for row in document["verdicts"]]
    assert found == [("Blue", "everyone else", -0.2), ("Green", "everyone else", 0.2)]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--flag-at", "0.5"], ["exactly one of --flag, --flag-at and --flag-top; --flag and --flag-at are given"]),
        (["--reference", "group"], ["names no group and level: write --reference ethnicity=White"]),
        (["--reference", "group=Green", "--reference", "group=Blue"], ["--reference is given 2 times for 'group'"]),
        (["--by-intersection", "2"], ["--by-intersection 2 needs as many groups"]),
        (["--by-intersection", "4"], ["--by-intersection"]),
        (["--release", "--atrs"], ["--release writes files: give --out", "--atrs writes files: give --out"]),
        (["--withhold-below", "5"], ["give --release too"]),
        (["--confidence", "95"], ["95"]),
        (["--polcy", "x"], ["--policy"]),
    ],
)
def test_what_cannot_be_had_together_is_a_usage_error_told_at_once(
    more: list[str], told: list[str], asked: list[str], capsys: Captured
) -> None:
    assert main([*asked, *more]) == 2
    printed = " ".join(capsys.readouterr().err.split())
    assert all(words in printed for words in told), printed


def test_a_score_rule_needs_a_score(predictions: Path, capsys: Captured) -> None:
    assert main(["audit", str(predictions), "--flag-top", "5%"]) == 2
    assert "--flag-top needs --score" in capsys.readouterr().err


def test_an_audit_for_others_stands_beside_the_private_one(asked: list[str], tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "audit"
    more = [
        "--group",
        "tenure",
        "--by-intersection",
        "2",
        "--out",
        str(out),
        "--release",
        "--withhold-below",
        "20",
        "--atrs",
    ]
    assert main([*asked, *more, "--policy", policy(tmp_path, KEPT)]) == 0
    assert capsys.readouterr().out.strip() == str(out / "audit.html")
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    mine = {name for name in names if not name.startswith("release/")}
    assert {"audit.html", "audit.md", "audit.json", "atrs.md", "tables/estimates.csv", "tables/verdicts.csv"} <= mine
    private, public = (
        json.loads((out / place / "audit.json").read_text(encoding="utf-8")) for place in (".", "release")
    )
    assert (private["label"], public["label"]) == ("PRIVATE", "RELEASE COPY")
    assert private["withheld"] == []
    assert public["withheld"]
    assert public["about"]["release"]["threshold"] == 20
    for name in ("audit.html", "audit.md", "atrs.md"):
        assert "PRIVATE" in (out / name).read_text(encoding="utf-8")
        assert "RELEASE COPY" in (out / "release" / name).read_text(encoding="utf-8")
        assert "PRIVATE" not in (out / "release" / name).read_text(encoding="utf-8")
    with (out / "release" / "tables" / "estimates.csv").open(encoding="utf-8-sig", newline="") as file:
        hidden = [row for row in csv.DictReader(file) if row["suppressed"] == "true"]
    assert hidden
    assert {row[name] for row in hidden for name in ("estimate", "std_error", "lower", "upper", "n", "method")} == {""}


def test_the_document_on_stdout_is_the_one_that_is_written_and_follows_the_schema(
    asked: list[str], tmp_path: Path, capsys: Captured
) -> None:
    assert main([*asked, "--json", "--out", str(tmp_path / "audit"), "--policy", policy(tmp_path, KEPT)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "audit" / "audit.json").read_text(encoding="utf-8"))
    found = AuditDocument.model_validate(printed)
    assert found.about.rows == 400
    assert {row.statistic for row in found.estimates} >= {"count", "selection_rate", "selection_rate_difference"}


def test_what_is_not_defined_is_null_and_named(predictions: Path, capsys: Captured) -> None:
    text = predictions.read_text(encoding="utf-8").replace("f0,", "f0,", 1) + "x,0.4,0,Lone,owned,0\n"
    predictions.write_text(text, encoding="utf-8")
    assert (
        main(["audit", str(predictions), "--label", "outcome", "--group", "group", "--flag", "listed", "--json"]) == 0
    )
    printed = capsys.readouterr().out
    assert "NaN" not in printed
    document = json.loads(printed)
    rows = [row for row in document["estimates"] if (row["statistic"], row["level"]) == ("true_positive_rate", "Lone")]
    assert [(row["estimate"], row["lower"], row["upper"], row["n"]) for row in rows] == [(None, None, None, 0)]
    assert any(row["statistic"] == "true_positive_rate" and row["level"] == "Lone" for row in document["undefined"])


def test_a_second_audit_takes_the_place_of_the_first(asked: list[str], tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "audit"
    assert main([*asked, "--out", str(out), "--atrs", "--policy", policy(tmp_path, KEPT)]) == 0
    assert main([*asked, "--out", str(out)]) == 0
    capsys.readouterr()
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert names == {"audit.html", "audit.md", "audit.json", "tables/estimates.csv"} | {
        name for name in names if name == "tables/curves.csv"
    }
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    assert main([*asked, "--out", str(out)]) == 3
    assert (out / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_two_audits_are_compared(asked: list[str], tmp_path: Path, capsys: Captured) -> None:
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    limits = policy(tmp_path, BROKEN)
    assert main([*asked, "--out", one, "--policy", limits]) == 1
    again = [*asked[:-2], "--group", "tenure", "--flag-at", "0.2"]
    assert main([*again, "--out", other, "--policy", limits]) in (0, 1, 5)
    capsys.readouterr()
    assert main(["audit", "diff", one, f"{other}/audit.json", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "riskaudit.audit_diff/1"
    assert set(found["asked"]) >= {"flag_rule", "groups", "flagged"}
    assert ["tenure", "owned"] in found["levels"]["only after"]
    assert any(row["kind"] == "statistic" and row["change"] == "intervals apart" for row in found["changes"])
    assert main(["audit", "diff", one, other]) == 0
    assert "This is no test." in capsys.readouterr().out
    assert main(["audit", "diff", one, other, "--out", str(tmp_path / "diff")]) == 0
    assert {path.name for path in (tmp_path / "diff").iterdir()} == {"diff.html", "diff.md", "diff.json", "diff.csv"}
    assert main(["audit", "diff", one, other, "--out", one]) == 3
    capsys.readouterr()


def test_what_is_no_audit_cannot_be_compared(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "old.json").write_text('{"schema": "riskaudit.report/1"}', encoding="utf-8")
    (tmp_path / "half.json").write_text('{"schema": "riskaudit.audit/1", "about": 3}', encoding="utf-8")
    assert main(["audit", "diff", str(tmp_path / "old.json"), str(tmp_path / "nothing")]) == 3
    printed = capsys.readouterr().err
    assert "follows the schema 'riskaudit.report/1'" in printed
    assert "there is no such file" in printed
    assert main(["audit", "diff", str(tmp_path / "half.json"), str(tmp_path / "half.json")]) == 3
    assert "half.json, about" in capsys.readouterr().err


def test_a_file_called_diff_can_still_be_audited(
    predictions: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(predictions.parent)
    predictions.rename("diff.csv")
    Path("diff").mkdir()
    assert main(["audit", "./diff.csv", "--flag", "listed"]) == 0
    assert main(["audit", "./diff", "--flag", "listed"]) == 3  # a folder, and not the command: it takes two audits
    assert "diff" in capsys.readouterr().err
    assert main(["audit", "diff", "--help"]) == 0
    assert "riskaudit audit diff [OPTIONS] BEFORE AFTER" in capsys.readouterr().out


@pytest.mark.parametrize(("option", "title"), [("--policy", "riskaudit policy"), ("--audit", "riskaudit.audit/1")])
def test_schemas_are_printed(option: str, title: str, capsys: Captured) -> None:
    assert main(["schema", option]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == title


def test_a_folder_of_other_things_is_refused_before_the_file_is_read(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("ours", encoding="utf-8")
    assert main(["audit", "no_such.csv", "--flag", "f", "--out", str(tmp_path / "out")]) == 3
    assert "holds no earlier audit alone: notes.txt" in capsys.readouterr().err


def test_a_table_of_links_at_fault_is_named(asked: list[str], predictions: Path, capsys: Captured) -> None:
    assert main([*asked, "--linkage", str(predictions)]) == 3
    assert "predictions.csv: has no column 'statistic'" in capsys.readouterr().err
