"""The `[explanation]` section: how many families are explained, and how long a sentence list is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from riskaudit.scenario.section import Section

__all__ = ["ExplanationSection"]


class ExplanationSection(Section):
    """How many children's scores are explained, and in how many sentences."""

    rows: Annotated[int, Field(ge=20, le=100_000)] | Literal["all"] = 400
    """How many children's scores are explained: a sample of those flagged, those near the threshold on either side, those
    flagged wrongly or missed by what was recorded, every group, and the rest. `"all"`: every test child, which takes longer. Of
    a model of your own with many features fewer are explained, unless it is `"all"`."""
    sentences: Annotated[int, Field(ge=1, le=10)] = 3
    """At most how many reasons the plain-words explanation of one score names."""
    reading_grade: Annotated[float, Field(ge=3, le=16)] = 8.0
    """The Flesch-Kincaid grade that plain-words explanations are to stay at or under. The report says how many are over it. US
    school grade."""
    refits: Annotated[int, Field(ge=0, le=200)] = 5
    """How often each learnt model is fitted again, on training families drawn with replacement, to see which reasons stay the
    same. 0: not at all. Each takes as long as fitting the models once."""
    backgrounds: Annotated[int, Field(ge=0, le=500)] = 20
    """How many other backgrounds (draws of test children that contributions are measured from) features are ranked over. 0:
    none."""
