"""The frozen types that rooms hand on, and their column specs: the data model. Read this folder first."""

from riskaudit.artefacts.agencies import (
    AGENCY_EVENTS,
    AGENCY_PEOPLE,
    EVENT_KINDS,
    OWN_PEOPLE,
    AgencyRecords,
    EventKind,
)
from riskaudit.artefacts.artefact import Artefact, Part
from riskaudit.artefacts.audit import CURVES, VERDICTS, ModelAudit
from riskaudit.artefacts.audit_changes import AUDIT_CHANGES, AuditChanges
from riskaudit.artefacts.audit_document import AUDIT_SCHEMA, AuditDocument, audit_document, audit_schema
from riskaudit.artefacts.catalogue import (
    LINKAGE,
    RECENT_DAYS,
    SEVERAL,
    Feature,
    FeatureCatalogue,
    FeatureKind,
    Sensitivity,
    Subject,
)
from riskaudit.artefacts.causes import ALL_OFF, ALL_ON, SWITCHED, WORLDS, DisparityCauses
from riskaudit.artefacts.explanation import ATTRIBUTIONS, SENTENCES, Explanations
from riskaudit.artefacts.family_trace import FamilyTrace, TracedPerson, TracedRecord, TracedTerm, Whose
from riskaudit.artefacts.features import LABELS, EarlierFeatures, FeatureTable
from riskaudit.artefacts.feedback import FeedbackRounds, Retraining
from riskaudit.artefacts.licence import FeatureLicence
from riskaudit.artefacts.linkage import (
    LINK_TERMS,
    LINKED_PEOPLE,
    LINKS,
    NEAR_LINKS,
    DegreeOfAgreement,
    LinkageCheck,
    LinkageComparison,
    LinkageModel,
    LinkageQuality,
    LinkageTrace,
    LinkedPeople,
)
from riskaudit.artefacts.linked_files import FILE_LINKS, FILE_NEAR_LINKS, FILE_TERMS, UNLINKED, LinkedFiles
from riskaudit.artefacts.metric_frame import INTERSECTION, GroupMetrics
from riskaudit.artefacts.model_comparison import ModelComparison
from riskaudit.artefacts.models import SCORES, ModelCard, RiskModel, RiskScores
from riskaudit.artefacts.outcome import RECORDED_OUTCOMES, RecordedOutcome
from riskaudit.artefacts.population import (
    CONSENT,
    FAMILIES,
    KEYS,
    LIFE_EVENTS,
    MOVES,
    NEEDS,
    OUTCOMES,
    PEOPLE,
    RELATIONS,
    Population,
)
from riskaudit.artefacts.realism import REALISM, Basis, RealismCheck, Unit, Verdict
from riskaudit.artefacts.report import RenderedReport
from riskaudit.artefacts.responses import RESPONSES, LevelEstimates, Provenance, Responses
from riskaudit.artefacts.sheet import Sheet, SheetBlock, SheetPart, SheetTable
from riskaudit.artefacts.vignettes import DECK, Attribute, DesignDiagnostics, Level, VignetteDeck

__all__ = [
    "AGENCY_EVENTS",
    "AGENCY_PEOPLE",
    "ALL_OFF",
    "ALL_ON",
    "ATTRIBUTIONS",
    "AUDIT_CHANGES",
    "AUDIT_SCHEMA",
    "CONSENT",
    "CURVES",
    "DECK",
    "EVENT_KINDS",
    "FAMILIES",
    "FILE_LINKS",
    "FILE_NEAR_LINKS",
    "FILE_TERMS",
    "INTERSECTION",
    "KEYS",
    "LABELS",
    "LIFE_EVENTS",
    "LINKAGE",
    "LINKED_PEOPLE",
    "LINKS",
    "LINK_TERMS",
    "MOVES",
    "NEAR_LINKS",
    "NEEDS",
    "OUTCOMES",
    "OWN_PEOPLE",
    "PEOPLE",
    "REALISM",
    "RECENT_DAYS",
    "RECORDED_OUTCOMES",
    "RELATIONS",
    "RESPONSES",
    "SCORES",
    "SENTENCES",
    "SEVERAL",
    "SWITCHED",
    "UNLINKED",
    "VERDICTS",
    "WORLDS",
    "AgencyRecords",
    "Artefact",
    "Attribute",
    "AuditChanges",
    "AuditDocument",
    "Basis",
    "DegreeOfAgreement",
    "DesignDiagnostics",
    "DisparityCauses",
    "EarlierFeatures",
    "EventKind",
    "Explanations",
    "FamilyTrace",
    "Feature",
    "FeatureCatalogue",
    "FeatureKind",
    "FeatureLicence",
    "FeatureTable",
    "FeedbackRounds",
    "GroupMetrics",
    "Level",
    "LevelEstimates",
    "LinkageCheck",
    "LinkageComparison",
    "LinkageModel",
    "LinkageQuality",
    "LinkageTrace",
    "LinkedFiles",
    "LinkedPeople",
    "ModelAudit",
    "ModelCard",
    "ModelComparison",
    "Part",
    "Population",
    "Provenance",
    "RealismCheck",
    "RecordedOutcome",
    "RenderedReport",
    "Responses",
    "Retraining",
    "RiskModel",
    "RiskScores",
    "Sensitivity",
    "Sheet",
    "SheetBlock",
    "SheetPart",
    "SheetTable",
    "Subject",
    "TracedPerson",
    "TracedRecord",
    "TracedTerm",
    "Unit",
    "Verdict",
    "VignetteDeck",
    "Whose",
    "audit_document",
    "audit_schema",
]
