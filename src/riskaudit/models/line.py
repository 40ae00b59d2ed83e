"""Where the line of a finished list lies, to say who would be flagged by another score while the line stays where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskaudit.artefacts import ModelCard, RiskScores
from riskaudit.models.fitting import KINDS
from riskaudit.scenario import FlagBy, ModelKind
from riskaudit.seeds import stream

__all__ = ["Line", "line_of"]


@dataclass(frozen=True, eq=False)
class Line:
    """The line of one model's list. A unit is a family, or a child where there is no roll-up."""

    threshold: float | None
    """Score at the line; None where nobody is flagged."""
    by_child: bool
    zero_too: bool
    """Whether a unit that scores zero may be flagged."""
    wins_tie: Mapping[str, bool]
    """Unit id -> whether the lot puts it on the list where it scores exactly as much as the line."""

    def flagged(self, unit_ids: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """Return whether units would be flagged by other scores than they have. One that was not scored wins no lot."""
        if self.threshold is None:
            return np.zeros(len(scores), bool)
        ties = np.array([self.wins_tie.get(unit, False) for unit in unit_ids.tolist()], bool)
        over = (scores > self.threshold) | ((scores == self.threshold) & ties)
        return over if self.zero_too else over & (scores > 0)


def line_of(scores: RiskScores, card: ModelCard, seed: int) -> Line:
    """Return the line of a model's list, its lots drawn as they were: ``stream(seed, "models/ties", model)``.

    Parameters
    ----------
    scores
        The study's scores, which say who was flagged.
    card
        The model's card in them.
    seed
        The seed they were made with.
    """
    by_child = card.settings["flag_unit"] == "child"
    table = scores.scores
    wanted = pc.and_(pc.equal(table["model"], card.id), pc.equal(table["unit"], "child" if by_child else "family"))
    units = table.filter(wanted)
    ids, score, flagged = (units.column(name).to_numpy() for name in ("unit_id", "score", "flagged"))
    in_test = pc.equal(units["split"].cast(pa.string()), "test").to_numpy()
    draws = stream(seed, "models/ties", card.id).permutation(len(ids))
    tied = draws[in_test & flagged & (score == card.threshold)]
    places = FlagBy(card.settings["flag_by"]) not in (FlagBy.SCORE, FlagBy.BAND)
    last = tied.max(initial=-1) if places else len(ids)
    kind = KINDS.get(ModelKind(card.kind))
    wins = dict(zip(ids.tolist(), (draws <= last).tolist(), strict=True))
    return Line(card.threshold, by_child, kind is None or not kind.by_hand, wins)
