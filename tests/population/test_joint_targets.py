"""Shares of poverty that cannot all be had."""

from hypothesis import given, settings
from hypothesis import strategies as st

from riskaudit.population import joint_faults
from riskaudit.population.joint_targets import TOLERANCE, _shares_met
from riskaudit.scenario import PopulationSection, PovertySection


def _faults(**shares):
    return list(joint_faults(PopulationSection(poverty=PovertySection(**shares))))


def test_the_default_shares_go_together():
    assert _faults() == []
    assert _faults(deprivation=1.4) == []


def test_shares_that_cannot_all_be_had_are_named_one_by_one_with_what_comes_nearest():
    # a quarter of children have one parent: nine in ten of those are more than one in ten of all
    faults = _faults(children=0.10, lone_parent=0.90)
    keys = [where[-1] for where, _, _ in faults]
    assert {"children", "lone_parent"} <= set(keys)
    assert all(where[:2] == ("population", "poverty") for where, _, _ in faults)
    assert all("cannot be had with the other shares" in what for _, what, _ in faults)
    assert all("children = 0." in allowed and "lone_parent = 0." in allowed for _, _, allowed in faults)


def test_the_shares_that_are_said_to_go_together_do():
    (_, _, allowed), *_ = _faults(children=0.10, lone_parent=0.90)
    said = dict(part.split(" = ") for part in allowed.removeprefix("shares that go together, such as ").split(", "))
    assert _faults(**{key: float(share) for key, share in said.items()}) == []


def test_a_world_where_everybody_is_of_a_kind_has_nothing_to_contradict():
    section = PopulationSection(
        groups={"all": {"label": "All", "share": 1.0, "lone_parent": 1.0}},
        poverty=PovertySection(children=0.3, lone_parent=0.9, three_or_more=0.3, disability=0.3),
    )
    assert list(joint_faults(section)) == []


def test_groups_that_would_have_to_move_far_to_add_up_to_the_whole_are_refused_with_what_comes_nearest():
    same = dict.fromkeys(("children", "lone_parent", "three_or_more", "disability"), 0.5)
    faults = _faults(**same, groups={"White": 0.05, "Black": 0.95})
    assert [where for where, _, _ in faults] == [("population", "poverty", "groups", "White")]
    (_, what, allowed), *_ = faults
    assert "0.05 of White children in poverty cannot be had with 0.5 of all children" in what
    said = dict(part.split(" = ") for part in allowed.rpartition("such as ")[2].split(", "))
    assert _faults(**same, groups={group: float(share) for group, share in said.items()}) == []


def test_groups_nobody_gave_are_moved_as_far_as_need_be():
    assert _faults(**dict.fromkeys(("children", "lone_parent", "three_or_more", "disability"), 0.9)) == []


def test_the_only_group_cannot_have_another_share_than_all_children():
    section = PopulationSection(
        groups={"all": {"label": "All", "share": 1.0}},
        poverty=PovertySection(children=0.6, lone_parent=0.7, three_or_more=0.7, disability=0.65, groups={"All": 0.3}),
    )
    assert ("population", "poverty", "groups", "All") in [where for where, _, _ in joint_faults(section)]


@settings(deadline=None)  # solving takes longer where the machine is busy
@given(share=st.floats(0.05, 0.95))
def test_one_share_for_everybody_always_goes_together(share):
    same = {"children": share, "lone_parent": share, "three_or_more": share, "disability": share}
    assert _faults(**same, groups={}) == []


def test_the_tolerance_is_what_is_refused():
    same = {"children": 0.3, "lone_parent": 0.3, "three_or_more": 0.3, "groups": {}}
    asked = PopulationSection(poverty=PovertySection(**same, disability=0.97))
    found = _shares_met(asked)
    far = {key for key, share in found.items() if abs(share - getattr(asked.poverty, key)) > TOLERANCE}
    assert far
    assert {where[-1] for where, _, _ in joint_faults(asked)} == far
