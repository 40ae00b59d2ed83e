"""How hard a study's plain-words explanations are to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["grade_range"]

_SCALE = "The reading grade is Flesch-Kincaid’s; grade 4 is a reading age of about 9."


def grade_range(told: Sequence[Mapping[str, Any]], trust: Mapping[str, Any]) -> str:
    """Return the range of grades of all texts, and how many are over the target that the models' trust names."""
    grades = [row["grade"] for row in told]
    span = f"All {len(grades):,} texts have grades {min(grades):.1f} to {max(grades):.1f}"
    targets = {found["reading"]["target_grade"] for found in trust.values() if "reading" in found}
    over = [f"{sum(grade > target for grade in grades):,} are over grade {target:g}" for target in sorted(targets)]
    return f"{'; '.join([span, *over])}. {_SCALE}"
