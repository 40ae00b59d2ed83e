"""in: AgencyRecords, what was asked and which agency is the spine; for the measuring, the sealed truth.

out: LinkedPeople, LinkageTrace, LinkageModel, LinkageQuality, and the study's GUILD sheet.
"""

from riskaudit.linkage.checks.checking import check
from riskaudit.linkage.guild.sheet import guild_sheet
from riskaudit.linkage.linking import link, train
from riskaudit.linkage.methods import compare_methods
from riskaudit.linkage.probability.saved import read_model, saved_model
from riskaudit.linkage.quality.measuring import measure, measure_with
from riskaudit.linkage.quality.truth import Truth
from riskaudit.linkage.tracing import PICKS, pick_family, trace_family

__all__ = [
    "PICKS",
    "Truth",
    "check",
    "compare_methods",
    "guild_sheet",
    "link",
    "measure",
    "measure_with",
    "pick_family",
    "read_model",
    "saved_model",
    "trace_family",
    "train",
]
