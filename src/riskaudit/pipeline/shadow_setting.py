"""What shadows of one study have in common: the model fitted again, the line of its list, and the truth where it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from riskaudit.artefacts import LinkedPeople, ModelCard, RiskModel
from riskaudit.errors import BadInput, Fault, nearest
from riskaudit.pipeline.family_worlds import Held, World, held_on, score_worlds
from riskaudit.pipeline.model_files import read_own_model
from riskaudit.scenario import LinkageMethod, ModelKind, RollUp, StudySection
from riskaudit.study import Study

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from riskaudit.models import Line

__all__ = ["Setting"]


@dataclass(frozen=True, eq=False)
class Setting:
    """One model of one study, ready to score families in other worlds."""

    study: Study
    card: ModelCard

    @classmethod
    def of(cls, study: Study, model: str | None) -> Setting:
        """Return the setting of the model named, or of the last that the scenario uses; raise BadInput where it uses no such."""
        cards = {card.id: card for card in study.scores.cards}
        name = next(reversed(cards)) if model is None else model
        if name not in cards:
            raise BadInput(
                Fault(
                    "model",
                    f"'{name}' is not a model of this study",
                    "one of " + ", ".join(cards),
                    nearest(name, cards),
                )
            )
        return cls(study, cards[name])

    @property
    def can_be_run_again(self) -> bool:
        """Whether the model scores other features than the study's; brought scores do not."""
        return bool(self.card.features)

    @cached_property
    def model(self) -> RiskModel:
        """The model, fitted again: the same features and seed make the same model."""
        from riskaudit import models

        asked = self.study.scenario.models.model_copy(update={"use": (ModelKind(self.card.kind),)})
        brought = self.card.kind == ModelKind.OWN
        own = read_own_model(asked.own, self.study.folder) if brought else None
        return models.fit(self.study.features, asked, seed=self.study.seed, own=own).models[0]

    @cached_property
    def line(self) -> Line:
        """Where the line of its list lies."""
        from riskaudit import models

        return models.line_of(self.study.scores, self.card, self.study.seed)

    @cached_property
    def perfect(self) -> LinkedPeople | None:
        """The study's records joined by the method `perfect`; None without the truth."""
        from riskaudit import linkage

        if not self.study.has_truth:
            return None
        asked = self.study.scenario
        found, _ = linkage.link(
            self.study.records,
            asked.linkage.model_copy(update={"method": LinkageMethod.PERFECT}),
            asked.agencies.spine,
            seed=self.study.seed,
            index_date=asked.study.index_date,
            keys=self.study.population.keys,
        )
        return found

    @cached_property
    def scored(self) -> pd.DataFrame:
        """Every child and family as the model scored them."""
        import pyarrow.compute as pc

        table = self.study.scores.scores
        plain = ("unit", "split")
        found: pd.DataFrame = (
            table.filter(pc.equal(table["model"], self.card.id)).to_pandas().astype(dict.fromkeys(plain, str))
        )
        return found

    def tested(self, unit: str) -> pd.DataFrame:
        """Return the children, or families, whom no model was fitted on."""
        return self.scored[(self.scored["unit"] == unit) & (self.scored["split"] == "test")]

    def family(self, family_id: str) -> tuple[float, bool]:
        """Return a family's score, 0 to 1, and whether it is flagged."""
        row = self.scored[(self.scored["unit"] == "family") & (self.scored["unit_id"] == family_id)]
        return float(row["score"].iloc[0]), bool(row["flagged"].iloc[0])

    @cached_property
    def families(self) -> pd.DataFrame:
        """Every scored family, indexed by id: `score`, `flagged`, `split`, and with the truth `in_need`, whether any child is."""
        rows = self.scored[self.scored["unit"] == "family"].set_index("unit_id")[["score", "flagged", "split"]]
        if self.study.has_truth:
            known = self.need["in_need"].eq(other=True)  # a child whom the truth does not know is in no known need
            rows = rows.assign(
                in_need=known.groupby(self.need["family_id"]).any().reindex(rows.index, fill_value=False)
            )
        return rows.sort_index()

    @cached_property
    def need(self) -> pd.DataFrame:
        """Every scored child, indexed by id: `family_id`, and with the truth `in_need` and its true family, `true_family`.

        A child whom the truth does not know (an adult whose age is wrong on the spine) is missing in both.
        """
        children = self.study.features.labels.select(["child_id", "family_id"]).to_pandas().set_index("child_id")
        if not self.study.has_truth:
            return children
        truth = self.study.population
        record = children.index.to_series().map(_lookup(self.study.linked.people, "person_id", "spine_record_id"))
        person = record.map(_lookup(truth.keys, "record_id", "person_id"))
        return children.assign(
            in_need=person.map(_lookup(truth.outcomes, "person_id", "in_need")),
            true_family=person.map(_lookup(truth.people, "person_id", "family_id")),
        )

    def held_on(self, families: Sequence[str]) -> Held:
        """Return what is on file about some families."""
        return held_on(families, self.study.records, self.study.linked, self.perfect)

    def children_in(self, held: Held, worlds: Sequence[World], on: StudySection | None = None) -> pd.DataFrame:
        """Return the children's scores in these worlds, of the study's index date or another (see `score_worlds`)."""
        asked = self.study.scenario
        return score_worlds(held, worlds, self.model, on or asked.study, asked.features)

    def families_in(self, children: pd.DataFrame) -> pd.DataFrame:
        """Return the score of each family in each world and whether it is flagged, indexed by `world` and `family_id`."""
        import pandas as pd

        from riskaudit import models

        both = children[["world", "family_id"]]
        codes = both.groupby(["world", "family_id"], sort=True).ngroup().to_numpy()
        units = pd.MultiIndex.from_frame(both.drop_duplicates().sort_values(["world", "family_id"]))
        scores = models.roll_up(children["score"].to_numpy(), codes, RollUp(self.card.settings["roll_up"]))
        flagged = self._flagged(children, codes, units, scores)
        return pd.DataFrame({"score": scores, "flagged": flagged}, index=units)

    def _flagged(
        self, children: pd.DataFrame, codes: np.ndarray, units: pd.MultiIndex, scores: np.ndarray
    ) -> np.ndarray:
        import numpy as np

        if not self.line.by_child:
            return self.line.flagged(units.get_level_values(1).to_numpy(), scores)
        found = self.line.flagged(children["child_id"].to_numpy(), children["score"].to_numpy())
        return np.bincount(codes, found, minlength=len(units)) > 0


def _lookup(table: pa.Table, key: str, value: str) -> pd.Series:
    import pandas as pd

    return pd.Series(table.column(value).to_pandas().to_numpy(), table.column(key).to_pandas())
