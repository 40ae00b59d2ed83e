"""The `[linkage]` section: how records are joined to people."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from riskaudit.scenario.section import Section

__all__ = ["LinkageMethod", "LinkageSection", "ModelSource"]


class LinkageMethod(StrEnum):
    """How records are joined to people."""

    SINGLE_IDENTIFIER = "single_identifier"  # the same number on both records, and nothing else
    CASCADE = "cascade"  # exact agreement in several passes
    CASCADE_THEN_PROBABILISTIC = "cascade_then_probabilistic"  # Splink on what the cascade leaves over
    PERFECT = "perfect"  # the control: every record joined to the person it is about


class ModelSource(StrEnum):
    """Where the probabilistic step's chances of agreement come from."""

    AUTO = "auto"  # saved for small studies, trained for the others
    SAVED = "saved"  # the model that comes with riskaudit
    TRAINED = "trained"  # learnt from the study's own records


class LinkageSection(Section):
    """How records are joined to people."""

    method: LinkageMethod = LinkageMethod.CASCADE_THEN_PROBABILISTIC
    """Which method joins records to people."""
    match_probability: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """A pair that the probabilistic step scores at or above this is linked. Probability, 0 to 1."""
    model: ModelSource = ModelSource.AUTO
    """Where the probabilistic step's chances of agreement come from. `auto`: the model that comes with riskaudit where there are
    too few records to learn much from, the study's own records where there are more. `docs/linking.md` says when
    record files of your own are learnt from."""
    model_file: Annotated[str, Field(pattern=r"^[^/\\]+\.json$")] | None = None
    """A model that `riskaudit linkage train` wrote, to be used in place of these: the name of a JSON file beside the scenario. A
    run copies it into the study."""
    max_pairs: Annotated[int, Field(ge=1_000)] = 300_000
    """Cap on the pairs used to train the probabilistic step."""

    @model_validator(mode="after")
    def _one_source(self) -> LinkageSection:
        if self.model_file is not None and self.model is not ModelSource.AUTO:
            raise ValueError("model_file and model cannot both be given: the file is the model")
        if self.model_file == "run.json":
            raise ValueError("model_file cannot be run.json: a study has a file of that name")
        return self
