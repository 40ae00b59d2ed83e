"""What makes an event more frequent, in the words of the records page and of the provenance card."""

from __future__ import annotations

from riskaudit.population.event_rates import Absence, EventRate, FollowUp

__all__ = ["raised_by"]

# What a row of rates may have besides needs: first what it says a log ratio of, then what it only says yes or no to.
_LOG_RATIOS = ("deprivation", "free_meals", "disabled")
_YES_OR_NO = {"by_age": "age", "watched": "surveillance", "sought": "sought", "decided": "decided"}


def raised_by(row: EventRate | FollowUp | Absence) -> str:
    """Return what raises a rate or a share, by how much where that is a number of the row; nothing where nothing does."""
    given = vars(row)
    parts = [f"{need.value} {effect:g}" for need, effect in row.effects.items()]
    parts += [f"{name} {given[name]:g}" for name in _LOG_RATIOS if given.get(name)]
    parts += [f"male x{given['male']:g}"] if given.get("male", 1.0) != 1.0 else []
    parts += [word for name, word in _YES_OR_NO.items() if given.get(name)]
    return ", ".join(parts)
