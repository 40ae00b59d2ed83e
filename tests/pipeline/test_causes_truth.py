"""Planted worlds: where one mechanism acts and the others are there without acting, the split must land on the one.

Two groups alike in everything share the town. A mechanism that is there without acting has a dial that is not at its neutral
place, and nothing for it to work on: errors that never happen, families that stay away and are seen all the same, a refusal that
nobody heeds. Each test plants one more thing.
"""

from pathlib import Path

import pytest

from riskaudit.artefacts import ALL_ON, SWITCHED, DisparityCauses
from riskaudit.pipeline import find_causes, run
from riskaudit.population import ERROR_NAMES

pytestmark = pytest.mark.slow

REPLICATES = 8
# There without acting: no error ever happens, staying away changes nothing, a no to linking is not honoured.
IDLE = {
    "errors": "level = 1.0\nrates = {" + ", ".join(f"{name} = 0.0" for name in sorted(ERROR_NAMES)) + "}",
    "agencies": "surveillance_deprivation = 0.0\nsurveillance_groups = {}\nthreshold_by_area_deprivation = 0.0\ndecisions = {}\n"
    "avoidance = 0.3\navoidance_effect = 0.0\nlanguage_effect = 0.0\nopt_out = { school = 0.2 }",
    "linkage": 'method = "cascade"',
    "models": 'use = ["logistic_regression"]\nflag = { share = 0.1 }',
    "population": "families = 2500\narea_families = 500\nmoved_since = 0.0",
    "features": "",
}
GROUPS = "\n".join(
    f"""[population.groups.{name}]
label = "Group {name}"
broad = "{name.upper()}"
share = 0.5
most_deprived_40 = 0.4
social_rented = 0.2
lone_parent = 0.25
english = 1.0
naming = {{ en_GB = 1.0 }}
"""
    for name in ("a", "b")
)
VIGNETTES = Path(__file__).parents[2].joinpath("scenarios/tiny.toml").read_text(encoding="utf-8")
VIGNETTES = VIGNETTES[VIGNETTES.index("[vignettes]") :]
INERT = ["avoidance", "recording_errors", "linkage_error"]


def split(folder: Path, planted: dict[str, str], mechanisms: list[str], **asked: object) -> DisparityCauses:
    sections = {name: "\n".join(filter(None, (text, planted.get(name, "")))) for name, text in IDLE.items()}
    for name, text in planted.items():
        if text.startswith("!"):  # in place of what is idle
            sections[name] = text[1:]
    body = "\n\n".join(f"[{name}]\n{text}" for name, text in sections.items())
    poverty = "[population.poverty]\ngroups = {}\n"
    file = folder / "planted.toml"
    file.write_text(f"[study]\nseed = 11\n\n{body}\n\n{poverty}\n{GROUPS}\n{VIGNETTES}", encoding="utf-8")
    study = run(file, folder / "study", until="population").study
    found, _ = find_causes(study.folder, mechanisms=mechanisms, replicates=REPLICATES, **asked)
    return found


def rows_of(found: DisparityCauses) -> dict[str, dict[str, float]]:
    return {
        row["level"]: row for row in found.estimates.rows(subject=f"{found.about['model']}: {found.about['level']}")
    }


AGENCIES = IDLE["agencies"]
WATCHED = AGENCIES.replace("surveillance_groups = {}", "surveillance_groups = { b = 1.2 }")
HEEDED = AGENCIES.replace(
    "opt_out = { school = 0.2 }",
    "honour_opt_out = true\nopt_out = { social_care = 0.35, police = 0.35, school = 0.35, early_help = 0.35 }\n"
    "opt_out_groups = { a = 0.0, b = 2.0 }",
)
UNLIKE = "level = 1.0\nfrailty = 0.0\ngroup_difference = 1.0\ngroups = { a = 0.01, b = 4.0 }"
WRONGLY = {"metric": "false_positive_rate", "group": "ethnicity", "level": "B", "reference": "A"}
MISSED = WRONGLY | {"metric": "false_negative_rate"}
LARGE = {"metric": "false_positive_rate", "group": "family_size", "level": "3 or more", "reference": "1 child"}
PLANTED = {
    "surveillance": ({"agencies": "!" + WATCHED}, WRONGLY, INERT),
    "linkage_error": ({"errors": "!" + UNLIKE}, MISSED, ["avoidance", "opt_out"]),
    "household_roll_up": ({}, LARGE, INERT),
    "opt_out": ({"agencies": "!" + HEEDED}, MISSED, INERT),
}
"""Mechanism -> what is planted, the question, and what is there without acting. Errors that make records hard to link are in
every world of the second, so that linking alone is switched."""


@pytest.mark.parametrize("mechanism", list(PLANTED))
def test_the_split_lands_on_the_one_that_acts(mechanism: str, tmp_path: Path) -> None:
    planted, asked, idle = PLANTED[mechanism]
    rows = rows_of(split(tmp_path, planted, [mechanism, *idle], **asked))
    whole, part = rows[SWITCHED]["estimate"], rows[mechanism]
    assert abs(whole) > 0.01, "nothing was planted"
    assert part["estimate"] / whole >= 0.95
    assert part["lower"] > 0 or part["upper"] < 0
    for name in idle:
        assert rows[name]["lower"] <= 0 <= rows[name]["upper"], name


def test_where_none_acts_everything_covers_nothing(tmp_path: Path) -> None:
    mechanisms = [*INERT, "label_bias"]
    planted = {"agencies": IDLE["agencies"] + "\nrecorded_need = 1.0\nrecorded_without_need = 0.0"}
    planted["agencies"] = "!" + planted["agencies"]
    asked = {"metric": "false_positive_rate", "group": "ethnicity", "level": "B", "reference": "A"}
    rows = rows_of(split(tmp_path, planted, mechanisms, **asked))
    for name in (*mechanisms, SWITCHED, ALL_ON):
        assert rows[name]["lower"] <= 0 <= rows[name]["upper"], name


def test_mechanisms_that_act_on_both_groups_alike_split_to_nothing(tmp_path: Path) -> None:
    """Everything acts, and on both groups alike: the parts are chance, and their intervals say so (Bonferroni over six)."""
    mechanisms = [
        "surveillance",
        "recording_errors",
        "linkage_error",
        "stale_records",
        "label_bias",
        "household_roll_up",
    ]
    planted = {
        "agencies": "!surveillance_deprivation = 0.8",
        "errors": "!level = 2.0",
        "linkage": "!method = \"cascade\"",
        "population": "!families = 2500\narea_families = 500",
    }  # fmt: skip
    asked = {"metric": "false_positive_rate", "group": "ethnicity", "level": "B", "reference": "A"}
    rows = rows_of(split(tmp_path, planted, mechanisms, **asked))
    reach = 4.6  # Student's t with 7 degrees of freedom, 0.9975
    for name in mechanisms:
        assert abs(rows[name]["estimate"]) <= reach * rows[name]["std_error"], name
