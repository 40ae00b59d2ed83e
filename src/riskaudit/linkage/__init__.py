"""in: AgencyRecords, what was asked and which agency is the spine; for the measuring, the sealed truth.

out: LinkedPeople, LinkageQuality, and the study's GUILD sheet.
"""

from riskaudit.linkage.checking import check
from riskaudit.linkage.guild import guild_sheet
from riskaudit.linkage.linking import link
from riskaudit.linkage.quality import measure, measure_with
from riskaudit.linkage.quality_truth import Truth

__all__ = ["Truth", "check", "guild_sheet", "link", "measure", "measure_with"]
