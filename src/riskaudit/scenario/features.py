"""The `[features]` section: which features the models may use."""

from __future__ import annotations

from riskaudit.scenario.agencies import Agency
from riskaudit.scenario.section import FeatureId, Section

__all__ = ["FeaturesSection"]


class FeaturesSection(Section):
    """Which features the models may use."""

    leave_out: tuple[FeatureId, ...] = ()
    """Feature ids that no model may use. They stay in the catalogue, marked as left out."""
    leave_out_agencies: tuple[Agency, ...] = ()
    """Agencies none of whose features any model may use."""
