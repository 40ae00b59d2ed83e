"""Dials that cannot be had are refused all at once, each with its key and what is allowed, and exit code 3."""

from pathlib import Path

import pytest

from riskaudit.__main__ import main
from riskaudit.errors import BadInput, ExitCode
from riskaudit.pipeline import shipped_scenario
from riskaudit.pipeline.asking import read_scenario

Captured = pytest.CaptureFixture[str]

TINY = shipped_scenario("tiny").read_text(encoding="utf-8")
VIGNETTES = TINY[TINY.index("[vignettes]") :]


def faults(tables: str, folder: Path) -> list[str]:
    path = folder / "bad.toml"
    path.write_text(f"{tables}\n{VIGNETTES}", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_scenario(path)
    assert caught.value.exit_code == ExitCode.BAD_INPUT == 3
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("tables", "key", "allowed"),
    [
        # rates and shares outside 0 to 1
        ("[population]\nmoved_since = 1.2", "[population] moved_since", "a number from 0 to 1"),
        ("[population.need]\nchild_in_need = 0.0", "[population.need] child_in_need", "a number over 0 and under 1"),
        ("[agencies]\nrecorded_need = -0.1", "[agencies] recorded_need", "a number from 0 to 1"),
        ("[agencies]\nrecorded_without_need = 2", "[agencies] recorded_without_need", "a number from 0 to 1"),
        ("[errors.rates]\ntypo = 1.5", "[errors.rates] typo", "a number from 0 to 1"),
        ("[population.groups.a]\nlabel = 'A'\nshare = 1.0\nsocial_rented = 1.1", "social_rented", "a number from 0 to 1"),
        # not a number at all
        ("[errors]\nlevel = nan", "[errors] level", "finite"),
        ("[models]\nregularisation = inf", "[models] regularisation", "finite"),
        ("[population.groups.a]\nlabel = 'A'\nshare = 1.0\nnaming = { en_GB = inf }", "naming", "finite"),
        # values of another kind that a library would take for a number
        ("[study]\nseed = true", "[study] seed: true", "a whole number from 0 to"),
        ("[population]\nfamilies = 1e3", "[population] families: 1000.0", "a whole number from 50 to 2000000"),
        ("[population]\narea_families = '50'", "[population] area_families: '50'", "a whole number from 50 to 50000"),
        ("[agencies]\navoidance = true", "[agencies] avoidance: true", "a number from 0 to 1"),
        ("[agencies]\nhonour_opt_out = 1", "[agencies] honour_opt_out: 1", "true or false"),
        ("[agencies.decisions]\ncare_entry = 1", "[agencies.decisions] care_entry: 1", "a table"),
        ("[agencies]\nsurveillance_groups = ['indain']", "[agencies] surveillance_groups: a list", "a table"),
        ("[study]\ntitle = 3", "[study] title: 3", "text in quotes"),
        ("[study]\nindex_date = 2024", "[study] index_date: 2024", "a date such as 2024-04-01"),
        ("[study]\nindex_date = 0001-01-01", "[study] index_date", "1900-01-01"),
        # nothing where something is needed
        ("[population.groups]", "[population] groups: is empty", "at least 1"),
        ("[population.groups.a]\nlabel = 'A'\nshare = 1.0\nnaming = {}", "naming: is empty", "at least 1"),
        ("[agencies]\nlinked = ['gp']", "[agencies] linked: has 1", "at least 2"),
        ("[agencies]\nlinked = ['gp', 'dentist']", "[agencies] linked item 2", "one of gp, health_visiting"),
        # dials past their ends
        ("[agencies]\nsurveillance_deprivation = 4", "[agencies] surveillance_deprivation", "a number from -3 to 3"),
        ("[errors]\nperson_frailty = 2.1", "[errors] person_frailty", "a number from 0 to 2"),
        ("[errors]\nfrailty = -1", "[errors] frailty", "a number from 0 to 2"),
        ("[errors]\ngroup_difference = 3.5", "[errors] group_difference", "a number from 0 to 3"),
        ("[population]\nfamilies = 10", "[population] families", "a whole number from 50 to 2000000"),
        # names nobody knows
        ("[agencies]\nlinked = ['gp', 'dentist', 'school']", "[agencies] linked item 2", "one of gp, health_visiting"),
        ("[errors.agencies]\ndentist = 1.0", "[errors.agencies] dentist", "one of gp, health_visiting"),
        ("[errors.rates]\ntypoo = 0.1", "[errors.rates] typoo", "did you mean 'typo'?"),
        ("[errors.agency_rates.dentist]\ntypo = 0.1", "[errors.agency_rates] dentist", "one of gp, health_visiting"),
        ("[errors.agency_rates.gp]\nstalenes = 0.1", "[errors.agency_rates.gp] stalenes", "did you mean 'staleness'?"),
        ("[errors.agency_rates.gp]\ntypo = 1.1", "[errors.agency_rates.gp] typo", "a number from 0 to 1"),
        ("[errors.group_multipliers.indain]\ntypo = 2.0", "[errors.group_multipliers] indain", "did you mean 'indian'?"),
        ("[errors.group_multipliers.indian]\ntypoo = 2.0", "[errors.group_multipliers.indian] typoo", "did you mean 'typo'?"),
        ("[errors.group_multipliers.indian]\ntypo = 21", "[errors.group_multipliers.indian] typo", "a number from 0 to 20"),
        ("[agencies.surveillance_groups]\nblue = 0.1", "[agencies.surveillance_groups] blue", "one of white_british"),
        # settings that are each allowed and cannot all be had
        ("[agencies]\nlinked = ['gp', 'school']\nspine = 'housing'", "[agencies] spine", "one of the agencies in `linked`"),
        (
            "[agencies]\nlinked = ['gp', 'school']\n[features]\nleave_out_agencies = ['school', 'gp']",
            "[features] leave_out_agencies", "at most all but one of gp, school",
        ),
        (
            "[population]\nfamilies = 100\n[models]\nflag = { count = 101 }",
            "flag", "1 to 100",
        ),
    ],
)  # fmt: skip
def test_a_bad_dial_is_refused_with_its_key_and_what_is_allowed(
    tables: str, key: str, allowed: str, tmp_path: Path
) -> None:
    (found,) = faults(tables, tmp_path)
    assert key in found
    assert allowed in found


def test_shares_that_do_not_sum_say_what_they_sum_to(tmp_path: Path) -> None:
    groups = "".join(f"[population.groups.{name}]\nlabel = '{name}'\nshare = 0.4\n" for name in "ab")
    (found,) = faults(groups, tmp_path)
    assert "the shares of all groups sum to 0.8, not 1" in found


def test_groups_with_the_same_label_are_refused(tmp_path: Path) -> None:
    (found,) = faults("".join(f"[population.groups.{name}]\nlabel = 'A'\nshare = 0.5\n" for name in "ab"), tmp_path)
    assert "[population] groups: two groups have the label 'A'" in found


def test_all_bad_dials_are_refused_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = faults(
        "[population]\nfamilies = 100\nmoved_since = 7\n[agencies]\nlinked = ['gp', 'dentist', 'school']\nspine = 'housing'\n"
        "recorded_need = 1.1\n[errors.rates]\ntypoo = 0.1\n"
        "[errors.agency_rates.gp]\nblank = 0.1\ntypo = 2\n[models.flag]\ncount = 1000",
        tmp_path,
    )
    keys = ["moved_since", "linked item 2", "spine", "recorded_need", "typoo", "blank", "gp] typo", "count"]
    assert [key in fault.splitlines()[0] for key, fault in zip(keys, found, strict=True)] == [True] * 8


def test_the_command_refuses_them_too_with_exit_code_3_and_makes_nothing(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "bad.toml").write_text(f"[agencies]\nrecorded_need = 1.1\n{VIGNETTES}", encoding="utf-8")
    assert main(["run", str(tmp_path / "bad.toml"), "--out", str(tmp_path / "out")]) == 3
    assert "[agencies] recorded_need: 1.1 cannot be used" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_count_of_all_families_and_leaving_out_all_agencies_but_one_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(
        "[population]\nfamilies = 100\n[agencies]\nlinked = ['gp', 'school']\n[features]\nleave_out_agencies = ['gp']\n"
        f"[models]\nflag = {{ count = 100 }}\n{VIGNETTES}",
        encoding="utf-8",
    )
    assert read_scenario(path).models.flag.count == 100
