"""Which of a scenario's ethnic groups a published group is."""

from __future__ import annotations

from riskaudit.scenario import PopulationSection

__all__ = ["BROAD", "broad_groups", "one_of"]

# A scenario's own ids may differ from these: a group with a `broad` of its own is put where it says.
BROAD = {
    "white": "white", "white_british": "white", "white_irish": "white", "gypsy_or_irish_traveller": "white",
    "gypsy_traveller": "white", "roma": "white", "white_roma": "white", "white_other": "white", "other_white": "white",
    "mixed": "mixed", "white_and_black_caribbean": "mixed", "white_and_black_african": "mixed", "white_and_asian": "mixed",
    "mixed_white_caribbean": "mixed", "mixed_white_african": "mixed", "mixed_white_asian": "mixed", "mixed_other": "mixed",
    "other_mixed": "mixed",
    "indian": "asian", "pakistani": "asian", "bangladeshi": "asian", "chinese": "asian", "other_asian": "asian",
    "asian_other": "asian",
    "black_african": "black", "black_caribbean": "black", "african": "black", "caribbean": "black", "other_black": "black",
    "black_other": "black",
    "arab": "other", "other": "other", "other_ethnic_group": "other", "any_other": "other",
}  # fmt: skip
"""Ethnic group id -> its broader group, one of the five of Census 2021 and of the published tables."""


def broad_groups(asked: PopulationSection) -> dict[str, str]:
    """Return each ethnic group's broader group. A group that is in no broader group is in no published figure either."""
    found = {name: getattr(group, "broad", None) or BROAD.get(name) for name, group in asked.groups.items()}
    return {name: str(broader) for name, broader in found.items() if broader}


def one_of(*ids: str) -> str:
    """Return the SQL condition that a family is of one of some ethnic groups."""
    return f"ethnicity IN ({', '.join(repr(name) for name in ids)})"
