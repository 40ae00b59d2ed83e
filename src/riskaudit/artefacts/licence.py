"""Parents' answers carried over to model features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from riskaudit.artefacts.artefact import Part
from riskaudit.estimates import EstimateTable

__all__ = ["FeatureLicence"]


@dataclass(frozen=True)
class FeatureLicence:
    """How acceptable parents find each model feature: `subject` is the feature id.

    Every catalogue feature has a row: one that no level stood for says so in `note` and has no estimate.
    """

    stage: ClassVar[str] = "licence"

    features: EstimateTable

    def parts(self) -> dict[str, Part]:
        """Return the tidy table."""
        return {"features.csv": self.features}

    @classmethod
    def of(cls, read: Callable[[str], Any], paths: tuple[str, ...]) -> FeatureLicence:  # noqa: ARG003
        """Return the licence from a study's licence folder."""
        return cls(read("features.csv"))
