"""in: AgencyRecords, what was asked and which agency is the spine; for the measuring, the sealed truth.

out: LinkedPeople, LinkageQuality, and the study's GUILD sheet.
"""

from riskaudit.linkage.guild import guild_sheet
from riskaudit.linkage.linking import link
from riskaudit.linkage.quality import measure

__all__ = ["guild_sheet", "link", "measure"]
