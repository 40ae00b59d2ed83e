"""What a model's contributions are, how they were made, and how far to trust them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskaudit.artefacts import ModelCard
from riskaudit.explanation.shapley.additivity import TOLERANCE, additivity_error, why_withheld
from riskaudit.explanation.shapley.method import Method, Parts
from riskaudit.scenario import ModelKind

__all__ = ["Contributions"]

_NOT_CAUSES = "Contributions say how the model reached its output from these records. They are not causes."
_MINIMUMS = {
    ModelKind.POINTS_LIST: ("Points are explained", "minimum_indicators", "indicators"),
    ModelKind.RULE_SET: ("Headings are explained", "minimum_headings", "headings"),
}


@dataclass(frozen=True)
class Contributions:
    """One model's contributions, and by how much they fail to add up."""

    parts: Parts
    method: Method

    @property
    def values(self) -> np.ndarray:
        """One row per explained child, one column per feature, in the unit of the model's margin."""
        return self.parts.values

    @property
    def base(self) -> float:
        """What contributions start from."""
        return self.parts.base

    @property
    def set_to_zero(self) -> np.ndarray:
        """Children whom a rule outside the sum sets to zero."""
        return self.parts.set_to_zero

    @property
    def error(self) -> float:
        """Largest gap between base plus contributions and the model's output: see `additivity_error`."""
        return additivity_error(self.parts)

    @property
    def withheld(self) -> bool:
        """Whether they fail to add up, so that nobody should be shown them."""
        return bool(why_withheld(self.error))

    def trust(self, card: ModelCard, held_out: int) -> dict[str, Any]:
        """Return how far to trust them, as JSON can hold it."""
        error, base = self.error, self.base
        return {
            "method": self.method.words,
            "background": self.method.background,
            "unit": self.method.unit,
            "rows_explained": len(self.values),
            "test_children": held_out,
            "base": base if np.isfinite(base) else None,
            "additivity_error": error if np.isfinite(error) else None,
            "tolerance": TOLERANCE,
            "withheld": self.withheld,
            "reason": why_withheld(error),
            "notes": [_NOT_CAUSES, *_minimum_note(card, self.set_to_zero), *_sampling_note(self.parts)],
            **self.parts.sampling,
        }


def _minimum_note(card: ModelCard, set_to_zero: np.ndarray) -> list[str]:
    words, setting, counted = _MINIMUMS.get(ModelKind(card.kind), ("", "", ""))
    minimum = int(card.settings.get(setting, 1))
    if minimum <= 1:
        return []
    return [
        f"{words} before the rule that fewer than {minimum} {counted} score nothing; "
        f"it sets {int(set_to_zero.sum())} of the {len(set_to_zero)} explained children to 0."
    ]


def _sampling_note(parts: Parts) -> list[str]:
    if not parts.sampling:
        return []
    drawn, share = parts.sampling, parts.sampling["sampling_error_share"]
    error = (
        "none of it moved a score"
        if share is None
        else f"its standard error is {share:.1%} of what contributions come to"
    )
    return [
        f"Contributions are estimated: from {drawn['permutations']} orders of the features for each child, against "
        f"{drawn['background_rows']} test children. Of the orders drawn, {error}; other children to compare with would add to "
        "that."
    ]
