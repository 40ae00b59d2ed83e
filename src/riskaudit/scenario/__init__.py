"""in: a TOML file.

out: a `Scenario`, what was asked; frozen, and never filled in during a run.
"""

from riskaudit.scenario.agencies import SPINES, AgenciesSection, Agency, ErrorsSection
from riskaudit.scenario.audit import AuditSection, GroupVariable
from riskaudit.scenario.decisions import Decision, DecisionSection
from riskaudit.scenario.ethnic_groups import EthnicGroup
from riskaudit.scenario.explanation import ExplanationSection
from riskaudit.scenario.features import (
    OUTCOME_AGENCIES,
    FeaturesSection,
    Outcome,
    ScoredCohort,
    latest_training_date,
)
from riskaudit.scenario.flag_rule import FlagBy, FlagRule
from riskaudit.scenario.linkage import LinkageMethod, LinkageSection, ModelSource
from riskaudit.scenario.linking_files import (
    ISO_DATE,
    NUMBERS,
    IdentityField,
    LinkingFiles,
    LinkingSection,
    RecordFile,
    Sex,
    load_linking_files,
)
from riskaudit.scenario.models import ModelKind, ModelsSection, OwnModel, PointsList, RandomForest, RollUp, RuleSet
from riskaudit.scenario.policy import (
    EVERYBODY,
    EVERYONE_ELSE,
    Compare,
    Limit,
    Policy,
    PolicySection,
    load_policy,
    policy_schema,
)
from riskaudit.scenario.population import NeedDomain, NeedSection, PopulationSection, PovertySection
from riskaudit.scenario.reading import load_scenario, parse_scenario
from riskaudit.scenario.report import ReportSection
from riskaudit.scenario.scenario import Scenario, json_schema
from riskaudit.scenario.study import StudySection
from riskaudit.scenario.vignettes import VignetteAttribute, VignetteLevel, VignettesSection
from riskaudit.scenario.workers import WorkerChances, WorkersSection

__all__ = [
    "EVERYBODY",
    "EVERYONE_ELSE",
    "ISO_DATE",
    "NUMBERS",
    "OUTCOME_AGENCIES",
    "SPINES",
    "AgenciesSection",
    "Agency",
    "AuditSection",
    "Compare",
    "Decision",
    "DecisionSection",
    "ErrorsSection",
    "EthnicGroup",
    "ExplanationSection",
    "FeaturesSection",
    "FlagBy",
    "FlagRule",
    "GroupVariable",
    "IdentityField",
    "Limit",
    "LinkageMethod",
    "LinkageSection",
    "LinkingFiles",
    "LinkingSection",
    "ModelKind",
    "ModelSource",
    "ModelsSection",
    "NeedDomain",
    "NeedSection",
    "Outcome",
    "OwnModel",
    "PointsList",
    "Policy",
    "PolicySection",
    "PopulationSection",
    "PovertySection",
    "RandomForest",
    "RecordFile",
    "ReportSection",
    "RollUp",
    "RuleSet",
    "Scenario",
    "ScoredCohort",
    "Sex",
    "StudySection",
    "VignetteAttribute",
    "VignetteLevel",
    "VignettesSection",
    "WorkerChances",
    "WorkersSection",
    "json_schema",
    "latest_training_date",
    "load_linking_files",
    "load_policy",
    "load_scenario",
    "parse_scenario",
    "policy_schema",
]
