"""Shares of children in poverty that cannot all be had at once."""

from __future__ import annotations

from collections.abc import Iterator

from riskaudit.scenario import PopulationSection

__all__ = ["TOLERANCE", "joint_faults"]

TOLERANCE = 0.02
"""How far from a share asked for the population may come out before the scenario is refused. Share of children, 0 to 1."""

# The shares that are met together, by key, and in words.
_KEYS = {
    "children": "all children",
    "lone_parent": "children of one parent",
    "three_or_more": "children in families with three or more",
    "disability": "children in families with a disabled person",
}


def joint_faults(asked: PopulationSection) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield where, what and what is allowed, for each share of poverty that does not go with the others.

    The shares by ethnic group are moved together to meet the share of all children, as `[population.poverty]` says; how far
    they move is no fault. Nothing is random. The default shares are England's: a scenario that asks for no others is not
    looked at, and meets them as nearly as its families allow.
    """
    if asked.poverty == type(asked.poverty)():
        return
    found = _shares_met(asked)
    if all(abs(share - getattr(asked.poverty, key)) <= TOLERANCE for key, share in found.items()):
        return
    nearest = ", ".join(f"{key} = {share:.2f}" for key, share in found.items())
    for key, share in found.items():
        wanted = getattr(asked.poverty, key)
        if abs(share - wanted) > TOLERANCE:
            what = f"{wanted:g} of {_KEYS[key]} in poverty cannot be had with the other shares: {share:.2f} is what comes nearest"
            yield ("population", "poverty", key), what, f"shares that go together, such as {nearest}"


def _shares_met(asked: PopulationSection) -> dict[str, float]:
    """Return the share of children in poverty that the population will have, by key of `[population.poverty]`."""
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
    weights = {key: cells.of_children * rows for key, rows in who.items()}
    told = {
        key: each for key, each in weights.items() if each.sum() > 0 and (key == "children" or each.sum() < 1 - 1e-9)
    }
    return {key: float(each @ chance / each.sum()) for key, each in told.items()}
