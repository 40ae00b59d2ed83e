"""in: Population (truth), AgencyRecords, and the dates and dials they were made with.

out: a `RealismCheck`: every published figure beside what came out, with a verdict.
"""

from riskaudit.realism.comparing import compare, compare_tables
from riskaudit.realism.rows import TARGETS
from riskaudit.realism.target import Target

__all__ = ["TARGETS", "Target", "compare", "compare_tables"]
