"""in: AgencyRecords, what was asked and which agency is the spine; for the measuring, the sealed truth.

out: LinkedPeople, LinkageTrace, LinkageModel, LinkageQuality, and the study's GUILD sheet.
"""

from riskaudit.linkage.guild import guild_sheet
from riskaudit.linkage.linking import link, train
from riskaudit.linkage.quality import measure
from riskaudit.linkage.saved import read_model, saved_model

__all__ = ["guild_sheet", "link", "measure", "read_model", "saved_model", "train"]
