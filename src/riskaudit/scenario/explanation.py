"""The `[explanation]` section: how many families are explained, and how long a sentence list is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from riskaudit.scenario.section import Section

__all__ = ["ExplanationSection"]


class ExplanationSection(Section):
    """How many children's scores are explained, and in how many sentences."""

    rows: Annotated[int, Field(ge=20, le=100_000)] = 400
    """How many children's scores are explained: a sample of those flagged, those near the threshold and the rest."""
    sentences: Annotated[int, Field(ge=1, le=10)] = 3
    """At most how many reasons the plain-words explanation of one score names."""
    refits: Annotated[int, Field(ge=0, le=200)] = 5
    """How often each learnt model is fitted again, on training families drawn with replacement, to see which reasons stay the
    same. 0: not at all. Each takes as long as fitting the models once."""
    backgrounds: Annotated[int, Field(ge=0, le=500)] = 20
    """How many other backgrounds (draws of test children that contributions are measured from) features are ranked over. 0:
    none."""
