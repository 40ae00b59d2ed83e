"""The frozen types that rooms hand on, and their column specs: the data model. Read this folder first."""

from riskaudit.artefacts.agencies import AGENCY_EVENTS, AGENCY_PEOPLE, EVENT_KINDS, AgencyRecords, EventKind
from riskaudit.artefacts.artefact import Artefact, Part
from riskaudit.artefacts.audit import ModelAudit
from riskaudit.artefacts.catalogue import Feature, FeatureCatalogue, FeatureKind, Sensitivity, Subject
from riskaudit.artefacts.explanation import ATTRIBUTIONS, SENTENCES, Explanations
from riskaudit.artefacts.features import LABELS, FeatureTable
from riskaudit.artefacts.licence import FeatureLicence
from riskaudit.artefacts.linkage import (
    LINK_TERMS,
    LINKED_PEOPLE,
    LINKS,
    NEAR_LINKS,
    DegreeOfAgreement,
    LinkageCheck,
    LinkageModel,
    LinkageQuality,
    LinkageTrace,
    LinkedPeople,
)
from riskaudit.artefacts.models import SCORES, ModelCard, RiskModel, RiskScores
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
    "ATTRIBUTIONS",
    "CONSENT",
    "DECK",
    "EVENT_KINDS",
    "FAMILIES",
    "KEYS",
    "LABELS",
    "LIFE_EVENTS",
    "LINKED_PEOPLE",
    "LINKS",
    "LINK_TERMS",
    "MOVES",
    "NEAR_LINKS",
    "NEEDS",
    "OUTCOMES",
    "PEOPLE",
    "REALISM",
    "RELATIONS",
    "RESPONSES",
    "SCORES",
    "SENTENCES",
    "AgencyRecords",
    "Artefact",
    "Attribute",
    "Basis",
    "DegreeOfAgreement",
    "DesignDiagnostics",
    "EventKind",
    "Explanations",
    "Feature",
    "FeatureCatalogue",
    "FeatureKind",
    "FeatureLicence",
    "FeatureTable",
    "Level",
    "LevelEstimates",
    "LinkageCheck",
    "LinkageModel",
    "LinkageQuality",
    "LinkageTrace",
    "LinkedPeople",
    "ModelAudit",
    "ModelCard",
    "Part",
    "Population",
    "Provenance",
    "RealismCheck",
    "RenderedReport",
    "Responses",
    "RiskModel",
    "RiskScores",
    "Sensitivity",
    "Sheet",
    "SheetBlock",
    "SheetPart",
    "SheetTable",
    "Subject",
    "Unit",
    "Verdict",
    "VignetteDeck",
]
