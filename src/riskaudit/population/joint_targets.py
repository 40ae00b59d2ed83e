"""Shares of children in poverty that cannot all be had at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from riskaudit.scenario import PopulationSection

__all__ = ["GROUP_TOLERANCE", "TOLERANCE", "joint_faults"]

Found = tuple[tuple[str, ...], str, str]
"""Where (a path of keys), what, and what is allowed."""

TOLERANCE = 0.02
"""How far from a share asked for the population may come out before the scenario is refused. Share of children, 0 to 1."""

GROUP_TOLERANCE = 0.1
"""The same for a share by broad ethnic group. Wide: groups' shares are published for another year or country than the whole's,
and are moved together until they add up to it."""

# The shares that are met together, by key, and in words.
_KEYS = {
    "children": "all children",
    "lone_parent": "children of one parent",
    "three_or_more": "children in families with three or more",
    "disability": "children in families with a disabled person",
}


def joint_faults(asked: PopulationSection) -> Iterator[Found]:
    """Yield where, what and what is allowed, for each share of poverty that does not go with the others.

    The shares by ethnic group are moved together to meet the share of all children, as `[population.poverty]` says; it is a
    fault where a group's own is given and has to move far. Nothing is random. The default shares are England's: a scenario that
    asks for no others is not looked at, and meets them as nearly as its families allow.
    """
    if asked.poverty == type(asked.poverty)():
        return
    met = _shares_met(asked)
    yield from _of_all(asked, {key: share for key, share in met.items() if key in _KEYS})
    if "groups" in asked.poverty.model_fields_set:
        yield from _of_groups(asked, met)


def _of_all(asked: PopulationSection, found: Mapping[str, float]) -> Iterator[Found]:
    nearest = ", ".join(f"{key} = {share:.2f}" for key, share in found.items())
    for key, share in found.items():
        wanted = getattr(asked.poverty, key)
        if abs(share - wanted) > TOLERANCE:
            what = f"{wanted:g} of {_KEYS[key]} in poverty cannot be had with the other shares: {share:.2f} is what comes nearest"
            yield ("population", "poverty", key), what, f"shares that go together, such as {nearest}"


def _of_groups(asked: PopulationSection, found: Mapping[str, float]) -> Iterator[Found]:
    came = {group: found[_own(group)] for group in asked.poverty.groups if _own(group) in found}
    nearest = ", ".join(f"{group} = {share:.2f}" for group, share in came.items())
    for group, share in came.items():
        wanted = asked.poverty.groups[group]
        if abs(share - wanted) > GROUP_TOLERANCE:
            what = (
                f"{wanted:g} of {group} children in poverty cannot be had with {asked.poverty.children:g} of all children: "
                f"{share:.2f} is what comes nearest"
            )
            allowed = f"shares of groups that add up to that of all children, such as {nearest}"
            yield ("population", "poverty", "groups", group), what, allowed


def _own(group: str) -> str:
    """Return what a broad ethnic group's share goes by among the others'."""
    return f"groups.{group}"


def _shares_met(asked: PopulationSection) -> dict[str, float]:
    """Return the share of children in poverty that the population will have: by key of `[population.poverty]`, and by group."""
    import numpy as np

    from riskaudit.population.calibration import lone_intercepts, poverty_cells
    from riskaudit.population.poverty import LARGE, solve_poverty

    groups = tuple(asked.groups.values())
    cells = poverty_cells(groups, lone_intercepts(groups))
    poverty = solve_poverty(cells, groups, asked.poverty)
    chance = poverty.chance(cells.group, cells.decile, cells.lone, cells.children, cells.disability)
    who = {
        "children": cells.weight > 0,
        "lone_parent": cells.lone,
        "three_or_more": cells.children >= LARGE,
        "disability": cells.disability,
    }
    broad = np.array([group.broad_label for group in groups])
    who |= {_own(name): broad[cells.group] == name for name in asked.poverty.groups}
    weights = {key: cells.of_children * rows for key, rows in who.items()}
    # what holds of everybody, such as one parent where no family has two, is no share beside that of all children
    everybody = {key for key, each in weights.items() if each.sum() > 1 - 1e-9 and key in _KEYS and key != "children"}
    told = {key: each for key, each in weights.items() if each.sum() > 0 and key not in everybody}
    return {key: float(each @ chance / each.sum()) for key, each in told.items()}
