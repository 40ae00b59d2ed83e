"""in: the feature catalogue, the explanations, the audit and what the scenario asks.

out: a `VignetteDeck`: vignettes in decks, each level with the ids it stands for, and a page of cards to print.
"""

from riskaudit.vignettes.deck import design

__all__ = ["design"]
