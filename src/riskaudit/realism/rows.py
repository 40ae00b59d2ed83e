"""Every target, in reading order."""

from __future__ import annotations

from riskaudit.realism.assumed_rows import ASSUMED
from riskaudit.realism.care_rows import CARE
from riskaudit.realism.family_rows import FAMILY
from riskaudit.realism.school_rows import SCHOOL
from riskaudit.realism.target import Target

__all__ = ["TARGETS"]

TARGETS: tuple[Target, ...] = (*FAMILY, *SCHOOL, *CARE, *ASSUMED)
