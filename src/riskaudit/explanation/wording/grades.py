"""How hard texts are to read, beside the grade that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["grades_told"]


def grades_told(grades: Sequence[float], target: float) -> dict[str, Any]:
    """Return the range of the texts' Flesch-Kincaid grades, and how many are over the target, as JSON can hold it."""
    known = [grade for grade in grades if grade == grade]
    return {
        "target_grade": target,
        "texts": len(grades),
        "lowest_grade": round(min(known), 1) if known else None,
        "highest_grade": round(max(known), 1) if known else None,
        "over_target": sum(grade > target for grade in known),
    }
