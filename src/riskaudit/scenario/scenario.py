"""The whole scenario: one attribute for each table of the file."""

from __future__ import annotations

from typing import Any

from riskaudit.scenario.agencies import AgenciesSection, ErrorsSection
from riskaudit.scenario.audit import AuditSection
from riskaudit.scenario.explanation import ExplanationSection
from riskaudit.scenario.features import FeaturesSection
from riskaudit.scenario.linkage import LinkageSection
from riskaudit.scenario.models import ModelsSection
from riskaudit.scenario.population import PopulationSection
from riskaudit.scenario.report import ReportSection
from riskaudit.scenario.section import Section
from riskaudit.scenario.study import StudySection
from riskaudit.scenario.vignettes import VignettesSection

__all__ = ["Scenario", "json_schema"]


class Scenario(Section):
    """What a study asks for. Every section but `vignettes` may be left out; a key left out has the default."""

    study: StudySection = StudySection()
    """Name, seed and dates."""
    population: PopulationSection = PopulationSection()
    """The families: sealed truth."""
    agencies: AgenciesSection = AgenciesSection()
    """Who holds records, and how unequal contact is."""
    errors: ErrorsSection = ErrorsSection()
    """How records go wrong."""
    linkage: LinkageSection = LinkageSection()
    """How records are joined to people."""
    features: FeaturesSection = FeaturesSection()
    """Which features the models may use."""
    models: ModelsSection = ModelsSection()
    """Which models score families, and who is flagged."""
    audit: AuditSection = AuditSection()
    """Which groups are compared."""
    explanation: ExplanationSection = ExplanationSection()
    """How many scores are explained."""
    vignettes: VignettesSection
    """What the vignettes vary."""
    report: ReportSection = ReportSection()
    """What the report says about itself."""


def json_schema() -> dict[str, Any]:
    """Return the scenario's JSON Schema (2020-12), for editors and for `riskaudit schema`."""
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "riskaudit scenario"}
    return named | {key: value for key, value in Scenario.model_json_schema().items() if key != "title"}
