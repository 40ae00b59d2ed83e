"""What is asked of linking somebody's own files: every fault of the configuration at once, with its place."""

from pathlib import Path
from typing import Any

import pytest

from riskaudit.errors import BadInput
from riskaudit.scenario import IdentityField, LinkageMethod, load_linking_files


def faults(lists: Any) -> list[str]:
    with pytest.raises(BadInput) as caught:
        load_linking_files(lists.config)
    return [str(fault).replace(str(lists.folder), "") for fault in caught.value.faults]


def test_a_configuration_is_read_with_defaults_for_the_rest(lists: Any) -> None:
    asked = load_linking_files(lists.config)
    assert asked.link.spine == "clinic"
    assert asked.files["school"].fields[IdentityField.FORENAME] == "given"
    assert asked.files["clinic"].date_format == "%Y-%m-%d"
    assert asked.files["clinic"].columns == (
        "record", "first_name", "last_name", "sex", "dob", "postcode", "person", "area",
    )  # fmt: skip
    assert asked.linkage.method is LinkageMethod.CASCADE
    assert asked.groups == ("area",)


def test_faults_are_told_all_at_once_in_file_order_each_with_the_nearest_name(lists: Any) -> None:
    lists.change("link.toml", 'spine = "clinic"', 'spine = "clinik"')
    lists.change("link.toml", 'forename = "first_name"', 'forname = "first_name"')
    lists.change("link.toml", 'id = "pupil"', 'ids = "pupil"')
    lists.change("link.toml", "%d/%m/%Y", "%d/%m/%y")
    lists.change("link.toml", '"cascade"', '"cascad"')
    found = faults(lists)
    assert [text.splitlines()[0] for text in found] == [
        "/link.toml, line 3, [link] spine: unknown file 'clinik'",
        "/link.toml, line 12, [files.clinic.fields] forname: unknown name 'forname'",
        "/link.toml, line 18, [files.school] id: is not given and has no default",
        "/link.toml, line 20, [files.school] ids: unknown key",
        "/link.toml, line 22, [files.school] date_format: '%d/%m/%y' must say day (%d), month (%m, %b or %B) and "
        "four-digit year (%Y)",
        "/link.toml, line 36, [linkage] method: unknown name 'cascad'",
    ]
    nearest = ["clinic", "forename", "id", "cascade"]
    assert all(any(f"did you mean '{name}'?" in text for text in found) for name in nearest)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "pupil"\ntruth = "person"', 'id = "pupil"', "[files.clinic] truth: is in this file only"),
        ('surname = "family"', 'surname = "given"', "already the field 'forename'"),
        ('groups = ["area"]', 'groups = ["all"]', "[files.clinic] groups: 'all' already means something else"),
        ('"cascade"', '"perfect"', "[linkage] method: 'perfect' is a control for made-up families"),
        ("[files.school]", "[files.School]", "[files] School"),
    ],
)
def test_settings_that_cannot_be_had_together_are_refused(lists: Any, old: str, new: str, told: str) -> None:
    lists.change("link.toml", old, new)
    assert any(told in text for text in faults(lists))


def test_a_spine_without_truth_beside_two_files_with_one_is_refused(lists: Any) -> None:
    text = lists.config.read_text(encoding="utf-8").replace('truth = "person"\ngroups', "groups")
    more = '\n[files.third]\nfile = "third.csv"\nid = "id"\ntruth = "t"\n[files.third.fields]\nforename = "f"\n'
    lists.config.write_text(text + more, encoding="utf-8")
    assert any("the spine has no truth column" in text for text in faults(lists))


def test_a_configuration_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"--suggest-config link\.toml` makes one"):
        load_linking_files(tmp_path / "link.toml")
