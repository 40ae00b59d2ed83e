"""A scenario's faults are told all at once, each with its place, what is allowed and the nearest name."""

from pathlib import Path

import pytest

from riskaudit.errors import BadInput
from riskaudit.scenario import LinkageMethod, json_schema, load_scenario, parse_scenario
from riskaudit.scenario.places import line_of, place

VIGNETTES = """
[vignettes.attributes.purpose]
label = "Why"
[vignettes.attributes.purpose.levels.a]
label = "A"
text = "A."
[vignettes.attributes.purpose.levels.b]
label = "B"
text = "B."
"""


def faults(text: str, **vocabulary: list[str]) -> list[str]:
    with pytest.raises(BadInput) as caught:
        parse_scenario(
            text + VIGNETTES, "x.toml", {name.replace("_", " "): names for name, names in vocabulary.items()}
        )
    return [str(fault) for fault in caught.value.faults]


def test_a_short_scenario_has_defaults_for_the_rest() -> None:
    scenario = parse_scenario(VIGNETTES)
    assert scenario.population.families == 5_000
    assert scenario.linkage.method is LinkageMethod.CASCADE_THEN_PROBABILISTIC


def test_five_faults_are_five_messages_in_file_order() -> None:
    found = faults(
        """
[study]
titel = "x"
[linkage]
method = "cascad"
match_probability = 1.4
[agencies]
linked = ["gp", "school"]
spine = "housing"
[models.flag]
share = 0.1
count = 3
"""
    )
    assert [message.splitlines()[0] for message in found] == [
        "x.toml, line 3, [study] titel: unknown key",
        "x.toml, line 5, [linkage] method: unknown name 'cascad'",
        "x.toml, line 6, [linkage] match_probability: 1.4 cannot be used",
        "x.toml, line 9, [agencies] spine: 'housing' is not linked",
        "x.toml, line 10, [models] flag: needs exactly one of share, count, per_month, score and band; has share and count",
    ]
    assert "did you mean 'title'?" in found[0]
    assert "did you mean 'cascade'?" in found[1]
    assert "allowed: a number over 0 and under 1" in found[2]


def test_an_unknown_agency_in_a_list_is_placed_by_its_item() -> None:
    found = faults('[agencies]\nlinked = ["gp", "polis", "school"]\n')
    assert "[agencies] linked item 2: unknown name 'polis'" in found[0]
    assert "did you mean 'police'?" in found[0]
    assert len(found) == 1


def test_names_that_rooms_define_are_checked_against_their_vocabulary() -> None:
    found = faults('[features]\nleave_out = ["police_arest_ever"]\n', feature=["police_arrests_ever", "child_age"])
    assert found == [
        "x.toml, line 2, [features] leave_out item 1: unknown feature 'police_arest_ever'\n"
        "    allowed: one of police_arrests_ever, child_age\n"
        "    did you mean 'police_arrests_ever'?"
    ]


def test_an_agency_that_keeps_no_list_cannot_be_the_spine() -> None:
    found = faults('[agencies]\nspine = "social_care"\n')
    assert "[agencies] spine: 'social_care' keeps no list of people" in found[0]
    assert len(found) == 1


def test_a_group_that_the_population_has_not_is_named() -> None:
    assert "unknown ethnic group 'whte'" in faults("[errors.groups]\nwhte = 2.0\n")[0]


def test_poverty_of_a_broad_group_that_the_population_has_not_is_named() -> None:
    found = faults("[population.poverty.groups]\nAsain = 0.4\n")[0]
    assert "unknown broad ethnic group 'Asain'" in found
    assert "did you mean 'Asian'?" in found
    own = '[population.groups.a]\nlabel = "A"\nshare = 1.0\n[population.poverty.groups]\nA = 0.4\nWhite = 0.2\n'
    assert "allowed: one of A" in faults(own)[0]


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    found = faults('[population.groups.a]\nlabel = "A"\nshare = 0.5\n[population.groups.b]\nlabel = "B"\nshare = 0.4\n')
    assert "the shares of all groups sum to 0.9, not 1" in found[0]


def test_what_is_not_toml_is_said_with_its_line() -> None:
    with pytest.raises(BadInput, match=r"x\.toml: is not valid TOML: .*line 2"):
        parse_scenario("[study]\ntitle = \n", "x.toml")


def test_a_missing_file_a_folder_and_bytes_that_are_not_text(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no such file"):
        load_scenario(tmp_path / "none.toml")
    with pytest.raises(BadInput, match="is a folder"):
        load_scenario(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b'[study]\ntitle = "caf\xe9"\n')
    with pytest.raises(BadInput, match="cannot be read as UTF-8"):
        load_scenario(tmp_path / "latin.toml")


@pytest.mark.parametrize(
    "text",
    [
        "study = 3",
        "[study]\nseed = []",
        "[agencies]\nlinked = 3",
        "[population]\ngroups = 5",
        "[errors]\ngroups = [1]",
        "x = {}",
    ],
)
def test_wrong_shapes_are_faults_not_crashes(text: str) -> None:
    assert faults(text + "\n")


def test_lines_are_found_for_tables_dotted_keys_and_quoted_keys() -> None:
    text = '[a]\nb.c = 1\n[a."d"]\ne = 2\n# e = 3\n'
    assert line_of(text, ("a", "b", "c")) == 2
    assert line_of(text, ("a", "d", "e")) == 4
    assert line_of(text, ("a", "absent")) == 1
    assert line_of(text, ("absent",)) is None
    assert place("f", text, ("a", "d", "e")) == "f, line 4, [a.d] e"


def test_the_json_schema_describes_every_key() -> None:
    schema = json_schema()
    undescribed = [
        f"{name}.{key}"
        for name, model in schema["$defs"].items()
        for key, value in model.get("properties", {}).items()
        if "description" not in value
    ]
    assert undescribed == []
    assert set(schema["properties"]) >= {"study", "population", "linkage", "models", "vignettes"}
