"""Several models side by side on the same families."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable

__all__ = ["ModelComparison"]


@dataclass(frozen=True)
class ModelComparison:
    """How models do on the same families.

    `subject` is 'model:label' for errors and ranking, 'model' for what needs no label, 'model and model' for a pair, and
    'all models'.
    """

    stage: ClassVar[str] = "models_compared"
    SCHEMA: ClassVar[str] = "riskaudit.models_compared/1"

    estimates: EstimateTable
    about: Mapping[str, Any]
    """What was compared: `models` (id, label, kind, whether the study uses it, what it imitates and how it differs), `left_out`
    (kind -> why it could not be made), `families`, `labels`, `groups`, `flag_rule`, `confidence`, `workers`, `notes`."""

    def parts(self) -> dict[str, Part]:
        """Return the tidy table, and the same as data with what it is about."""
        data = {
            "schema": self.SCHEMA,
            "label": "SYNTHETIC",
            "about": dict(self.about),
            "estimates": list(self.estimates.rows()),
        }
        return {"models.csv": self.estimates, "models.json": data}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> ModelComparison:  # noqa: ARG003
        """Return the comparison from a study's folder."""
        return cls(read("models.csv"), read("models.json")["about"])
