"""in: one family's trace, events, scores in other worlds, and the fitted model.

out: what is held and why, what moved the score, and what the family could do.
"""

from riskaudit.explanation.shadow.held import held_people
from riskaudit.explanation.shadow.moving import Movement, move
from riskaudit.explanation.shadow.recourse import recourse
from riskaudit.explanation.shadow.words import WHY_HELD, need_words, what_if_words

__all__ = ["WHY_HELD", "Movement", "held_people", "move", "need_words", "recourse", "what_if_words"]
