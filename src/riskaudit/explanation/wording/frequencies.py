"""Where a score stands, in natural frequencies with the base rate beside them (Gigerenzer and Hoffrage 1995)."""

from __future__ import annotations

from riskaudit.explanation.levels import NOT_RECORDED
from riskaudit.explanation.wording.standing import Standing

__all__ = ["base_rate", "flag", "group_rates", "of_100", "rank"]

# Group variable -> level -> its children in words; a level that is not listed is put into the variable's "" words.
_CHILDREN: dict[str, dict[str, str]] = {
    "family_type": {
        "couple": "children who live with a couple",
        "step couple": "children who live with a step-parent",
        "lone mother": "children of lone mothers",
        "lone father": "children of lone fathers",
        "grandparent": "children who live with a grandparent",
    },
    "ethnicity": {"": "children whose group is down as “{level}”"},
    "ethnicity_detail": {"": "children whose group is down as “{level}”"},
    "family_size": {"3 or more": "children in homes with 3 or more", "": "children in homes with {level}"},
    "tenure": {"": "children in homes that are down as “{level}”"},
    "deprivation": {"": "children in the {level} of areas"},
}
_A_FEW = 0.015
"""Share of children with the very same score from which it is said that there are such."""
_ANY = "children whose records say “{level}”"


def of_100(share: float) -> str:
    """Return a share as a count out of 100. Some is never told as none, nor nearly all as all."""
    if share == 0:
        return "none"
    if share == 1:
        return "all"
    if share < 0.005:
        return "fewer than 1"
    return "more than 99" if share >= 0.995 else f"{share * 100:.0f}"


def rank(standing: Standing, row: int) -> str:
    """Return how many test children scored lower and higher."""
    lower, higher = standing.lower[row], standing.higher[row]
    told = (
        f"Out of every 100 children it was tested on, {of_100(lower)} scored lower and {of_100(higher)} scored higher."
    )
    return told if 1 - lower - higher < _A_FEW else f"{told} The rest scored the same."


def flag(standing: Standing, row: int) -> str:
    """Return whether the family is flagged, or the child."""
    who = "child" if standing.by_child else "family"
    return f"Your {who} is {'' if standing.flagged[row] else 'not '}flagged."


def base_rate(standing: Standing) -> str:
    """Return how many of all test children are flagged."""
    of_whom = "" if standing.by_child else "the families of "
    return f"The model flags {of_whom}{of_100(standing.flagged_share)} in every 100 children."


def group_rates(standing: Standing, row: int, most: int | None = None) -> list[str]:
    """Return one sentence a recorded group that the child belongs to: how many of its children are flagged.

    Who the child lives with comes first: where there is room for one group alone, it is the one that most readers know of
    themselves, and not ethnicity.
    """
    told = []
    for rates in sorted(standing.groups, key=lambda one: one.group != "family_type"):
        level = str(rates.levels[row])
        if level in rates.flagged and level != NOT_RECORDED:
            told.append(f"Among {_children(rates.group, level)}, it is {of_100(rates.flagged[level])} in every 100.")
    return told[:most]


def _children(group: str, level: str) -> str:
    words = _CHILDREN.get(group, {})
    return (words.get(level) or words.get("") or _ANY).format(level=level)
