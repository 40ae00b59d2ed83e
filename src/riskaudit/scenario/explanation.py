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
    a slow model of your own fewer are explained, unless it is `"all"`."""
    sentences: Annotated[int, Field(ge=1, le=10)] = 3
    """At most how many reasons the plain-words explanation of one score names."""
    reading_grade: Annotated[float, Field(ge=3, le=16)] = 8.0
    """The Flesch-Kincaid grade that plain-words explanations are to stay at or under. The report says how many are over it. US
    school grade."""
