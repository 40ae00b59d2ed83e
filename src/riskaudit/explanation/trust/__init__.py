"""in: one model's explained children, other backgrounds, and the same model refitted on other families.

out: how far its explanation can be trusted: ranks with ranges, and whether two methods agree.
"""

from riskaudit.explanation.trust.trusting import Background, Checked, check

__all__ = ["Background", "Checked", "check"]
