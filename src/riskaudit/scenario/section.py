"""What every section of a scenario shares: frozen, strict about unknown keys, with ready-made kinds of number."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["FeatureId", "Multiplier", "Positive", "Section", "Share"]

Share = Annotated[float, Field(ge=0, le=1)]
Multiplier = Annotated[float, Field(ge=0, le=20)]
Positive = Annotated[float, Field(gt=0)]
FeatureId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Section(BaseModel):
    """A table of the scenario file. Unknown keys are faults; values cannot change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)
