"""The `[report]` section: what the report says about itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from riskaudit.scenario.section import Section

__all__ = ["ReportSection"]


class ReportSection(Section):
    """What the report says about itself."""

    author: Annotated[str, Field(max_length=200)] = ""
    """Who made the study; printed on the report when given."""
    note: Annotated[str, Field(max_length=2_000)] = ""
    """A paragraph of the author's own for the first page."""
