"""in: a TOML file.

out: a `Scenario`, what was asked; frozen, and never filled in during a run.
"""

from riskaudit.scenario.agencies import AgenciesSection, Agency, ErrorsSection
from riskaudit.scenario.audit import AuditSection, GroupVariable
from riskaudit.scenario.decisions import Decision, DecisionSection
from riskaudit.scenario.ethnic_groups import EthnicGroup
from riskaudit.scenario.explanation import ExplanationSection
from riskaudit.scenario.features import FeaturesSection
from riskaudit.scenario.linkage import LinkageMethod, LinkageSection, ModelSource
from riskaudit.scenario.models import FlagBy, FlagRule, ModelKind, ModelsSection, PointsList, RollUp
from riskaudit.scenario.population import NeedDomain, NeedSection, PopulationSection, PovertySection
from riskaudit.scenario.reading import load_scenario, parse_scenario
from riskaudit.scenario.report import ReportSection
from riskaudit.scenario.scenario import Scenario, json_schema
from riskaudit.scenario.study import StudySection
from riskaudit.scenario.vignettes import VignetteAttribute, VignetteLevel, VignettesSection

__all__ = [
    "AgenciesSection",
    "Agency",
    "AuditSection",
    "Decision",
    "DecisionSection",
    "ErrorsSection",
    "EthnicGroup",
    "ExplanationSection",
    "FeaturesSection",
    "FlagBy",
    "FlagRule",
    "GroupVariable",
    "LinkageMethod",
    "LinkageSection",
    "ModelKind",
    "ModelSource",
    "ModelsSection",
    "NeedDomain",
    "NeedSection",
    "PointsList",
    "PopulationSection",
    "PovertySection",
    "ReportSection",
    "RollUp",
    "Scenario",
    "StudySection",
    "VignetteAttribute",
    "VignetteLevel",
    "VignettesSection",
    "json_schema",
    "load_scenario",
    "parse_scenario",
]
