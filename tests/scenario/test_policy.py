"""A policy file: every fault at once, each where it stands, with the nearest valid name."""

from pathlib import Path

import pytest

from riskaudit.errors import BadInput
from riskaudit.scenario import Compare, load_policy, policy_schema

POLICY = """[policy]
title = "Made up"

[[limit]]
name = "Ranking"
metric = "roc_auc"
min = 0.7

[[limit]]
name = "Flag rates"
metric = "selection_rate"
group = "tenure"
compare = "difference"
reference = "owned"
max = 0.1
reason = "as agreed"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        load_policy(written(folder, text))
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


def test_a_policy_is_read_with_defaults_for_the_rest(tmp_path: Path) -> None:
    found = load_policy(written(tmp_path, POLICY))
    one, two = found.limit
    assert (found.policy.title, found.policy.minimum_n) == ("Made up", 0)
    assert (one.group, one.level, one.compare, one.statistic, one.max) == ("all", None, Compare.VALUE, "roc_auc", None)
    assert (two.reference, two.statistic, two.reason) == ("owned", "selection_rate_difference", "as agreed")
    assert found.place(1, "group") == f"{tmp_path}/policy.toml, line 12, [limit 2] group"
    assert found.place(1, "level") == f"{tmp_path}/policy.toml, line 9, [limit 2] level"


def test_faults_are_told_all_at_once_in_file_order_each_with_the_nearest_name(tmp_path: Path) -> None:
    text = (
        POLICY.replace("title", "titel")
        .replace('"difference"', '"diference"')
        .replace('metric = "roc_auc"', "metrik = 1")
    )
    text = text.replace("max = 0.1", 'max = "0.1"')
    found = faults(tmp_path, text)
    assert [one.splitlines()[0] for one in found] == [
        "policy.toml, line 2, [policy] titel: unknown key",
        "policy.toml, line 4, [limit 1] metric: is not given and has no default",
        "policy.toml, line 6, [limit 1] metrik: unknown key",
        "policy.toml, line 13, [limit 2] compare: unknown name 'diference'",
        "policy.toml, line 14, [limit 2] reference: is given, and nothing is compared",
        "policy.toml, line 15, [limit 2] max: '0.1' cannot be used",
    ]
    for name in ("title", "metric", "difference"):
        assert any(f"did you mean '{name}'?" in one for one in found)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("max = 0.1\n", "", "[limit 2] max: the limit allows anything"),
        ("max = 0.1", "max = 0.1\nmin = 0.2", "[limit 2] min: 0.2 is above max = 0.1"),
        ('group = "tenure"\n', "", "[limit 2] group: a difference needs a group"),
        ('metric = "roc_auc"', 'metric = "roc_auc"\nlevel = "owned"', "[limit 1] level: is given without a group"),
        ('name = "Flag rates"', 'name = "Ranking"', "[limit 2] name: 'Ranking' is the name of limit 1 already"),
        ('reference = "owned"', 'reference = "owned"\nlevel = "owned"', "'owned' is compared with itself"),
        ('metric = "selection_rate"', 'metric = "selection_rate_difference"', "names a difference already"),
        ("min = 0.7", "min = nan", "[limit 1] min: nan cannot be used"),
        ("[policy]", "[limits]\nmax = 1\n[policy]", "[limits]: unknown key"),
        ("min = 0.7", "min = true", "[limit 1] min: true cannot be used"),
    ],
)
def test_limits_that_say_nothing_or_two_things_are_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    found = faults(tmp_path, POLICY.replace(old, new))
    assert any(told in one for one in found), found


def test_a_policy_without_a_limit_is_none(tmp_path: Path) -> None:
    assert "limit" in faults(tmp_path, "[policy]\n")[0]
    assert faults(tmp_path, "limit = []\n")[0].splitlines()[0] == "policy.toml, line 1, [limit]: is empty"
    assert "[[limit]], in double brackets" in faults(tmp_path, '[limit]\nname = "a"\n')[0]
    with pytest.raises(BadInput, match="there is no such file"):
        load_policy(tmp_path / "none.toml")


def test_the_schema_says_what_every_key_means() -> None:
    limit = policy_schema()["$defs"]["Limit"]["properties"]
    assert all(one.get("description") for one in limit.values())
