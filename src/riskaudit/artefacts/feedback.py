"""What becomes of a model that learns again and again from what its own flags turned up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FeedbackRounds", "Retraining"]

SCHEMA = "riskaudit.feedback/1"


class Retraining(StrEnum):
    """What a model learns from after its first round."""

    NEVER = "never"  # it stays as it was
    FLAGGED_ONLY = "flagged_only"  # flagged families' outcomes; everybody else counts as not in need
    OTHERS_LEFT_OUT = "others_left_out"  # flagged families' outcomes; everybody else is left out


@dataclass(frozen=True)
class FeedbackRounds:
    """Rates of every round, for each way of retraining: `subject` is 'model: retraining: round 3'.

    `about` says what was asked: model, rounds, replicates, families, and how often looking at a flagged family finds need.
    """

    stage: ClassVar[str] = "feedback"

    estimates: EstimateTable
    about: Mapping[str, Any]

    def frame(self) -> pd.DataFrame:
        """Return the rates as pandas: what a user sees."""
        return self.estimates.frame()

    def document(self) -> dict[str, Any]:
        """Return the rounds as JSON can hold them, under their versioned schema."""
        rows = self.estimates.table.to_pylist()
        return {"schema": SCHEMA, "label": "SYNTHETIC", "about": dict(self.about), "estimates": rows}

    def parts(self) -> dict[str, Part]:
        """Return the rates as a table, and the same as data with what they are about."""
        return {"feedback.csv": self.estimates, "feedback.json": self.document()}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> FeedbackRounds:  # noqa: ARG003
        """Return the rounds from a study's feedback folder."""
        return cls(read("feedback.csv"), read("feedback.json")["about"])
