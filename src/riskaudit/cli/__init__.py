"""in: what a person types.

out: one call of a pipeline verb, a few printed lines, and an exit code.
"""

from riskaudit.cli.root import riskaudit

__all__ = ["riskaudit"]
