"""Which of a scenario's ethnic groups a published group is."""

from __future__ import annotations

from riskaudit.scenario import PopulationSection

__all__ = ["BROAD", "broad_groups", "one_of"]

# Ids of the groups of Census 2021, and of coarser scenarios. A group with a `broad` of its own is put where that says.
BROAD = {
    "white": "white", "white_british": "white", "white_irish": "white", "gypsy_irish_traveller": "white", "roma": "white",
    "other_white": "white",
    "mixed": "mixed", "mixed_white_black_caribbean": "mixed", "mixed_white_black_african": "mixed",
    "mixed_white_asian": "mixed", "other_mixed": "mixed",
    "asian": "asian", "indian": "asian", "pakistani": "asian", "bangladeshi": "asian", "chinese": "asian",
    "other_asian": "asian",
    "black": "black", "black_african": "black", "black_caribbean": "black", "other_black": "black",
    "arab": "other", "other": "other",
}  # fmt: skip
"""Ethnic group id -> its broader group, one of the five of Census 2021 and of the published tables."""


def broad_groups(asked: PopulationSection) -> dict[str, str]:
    """Return each ethnic group's broader group. A group that is in no broader group is in no published figure either."""
    found = {name: str(group.broad).lower() or BROAD.get(name, "") for name, group in asked.groups.items()}
    return {name: broader for name, broader in found.items() if broader}


def one_of(*ids: str) -> str:
    """Return the SQL condition that a family is of one of some ethnic groups."""
    return f"ethnicity IN ({', '.join(repr(name) for name in ids)})"
