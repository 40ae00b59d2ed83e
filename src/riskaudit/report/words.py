"""What ids are called on the page: models, labels, characteristics, agencies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from riskaudit.artefacts import INTERSECTION, RECORDED_OUTCOMES, FeatureCatalogue, ModelCard, RecordedOutcome
from riskaudit.scenario import Outcome as OutcomeAsked

__all__ = ["Outcome", "Words", "agency_name", "agency_records", "in_words", "isolated", "listed", "lower_first", "said"]

_GROUPS = {
    "ethnicity": "Ethnic group",
    "ethnicity_detail": "Ethnic group in detail",
    "deprivation": "Neighbourhood deprivation",
    "family_type": "Family type",
    "tenure": "Tenure",
    "family_size": "Family size",
    "agency": "Agency",
}
"""What a characteristic is called, where that is more than its id in words."""

_AGENCIES = {
    "gp": "GP",
    "ae": "A&E",
    "mental_health": "Mental-health service",
    "linkage": "Basic details (ages, household)",
    "several": "Several agencies together",
}
_UNITS = {"family": "families", "child": "children", "person": "people"}
_ID = re.compile(r"[a-z][a-z0-9]*([_ ][a-z0-9]+)*")


@dataclass(frozen=True)
class Outcome:
    """What predictions are measured against, and what it calls the two kinds of case."""

    id: str
    name: str
    positive: str
    """Fits 'families ...': 'truly in need'."""
    negative: str


_TRUE_NEED = Outcome("true_need", "True need", "truly in need", "not truly in need")


@dataclass(frozen=True)
class Words:
    """The names that one report uses."""

    models: Mapping[str, str] = field(default_factory=dict)
    """Model id -> label."""
    features: Mapping[str, str] = field(default_factory=dict)
    """Feature id -> label."""
    unit: str = "family"
    stems: Mapping[str, str] = field(default_factory=dict)
    """Feature id -> what it shares with its twins."""
    recorded: RecordedOutcome = RECORDED_OUTCOMES[OutcomeAsked.NEED_RECORDED]
    """What the recorded outcome of a study is a record of."""
    verbatim: bool = False
    """True where characteristics' values are somebody's own data, to be shown as they are written."""

    @classmethod
    def of(cls, cards: Iterable[ModelCard], catalogue: FeatureCatalogue, unit: str, recorded: RecordedOutcome) -> Words:
        """Return the words of a study."""
        models = {card.id: card.label for card in cards}
        return cls(
            models=models,
            features={feature.id: feature.label for feature in catalogue},
            stems={feature.id: feature.stem for feature in catalogue if feature.stem},
            unit=unit,
            recorded=recorded,
        )

    @property
    def units(self) -> str:
        """The unit of analysis, in the plural."""
        return _plural(self.unit)

    def model(self, model_id: str) -> str:
        """Return what a model is called."""
        return self.models.get(model_id) or in_words(model_id)

    def feature(self, feature_id: str) -> str:
        """Return what a feature is called."""
        return self.features.get(feature_id) or in_words(feature_id)

    def stem(self, feature_id: str) -> str:
        """Return what a feature shares with its twins; its own id where it has none."""
        return self.stems.get(feature_id, feature_id)

    def outcome(self, label_id: str) -> Outcome:
        """Return what a label is called. A label that is not of riskaudit's own making goes by its column's name."""
        if label_id == _TRUE_NEED.id:
            return _TRUE_NEED
        if label_id == "recorded_outcome":
            return Outcome(label_id, "Recorded outcome", self.recorded.positive, self.recorded.negative)
        name = label_id or "label"
        return Outcome(label_id, f"Label: {name}", f"with ‘{name}’", f"without ‘{name}’")

    def group(self, group_id: str) -> str:
        """Return what a characteristic is called; of a crossing, each of its parts: 'Ethnic group × lone parent'."""
        first, *more = (_GROUPS.get(part) or in_words(part) for part in group_id.split(INTERSECTION))
        return INTERSECTION.join([first, *map(lower_first, more)])

    def column(self, name: str) -> str:
        """Return what a column is called, with its own name in brackets where a reader could not find it otherwise."""
        called = self.group(name)
        return called if called.lower() == name.lower() else f"{called} ({name})"

    def level(self, level: str) -> str:
        """Return what one value of a characteristic is called; 'all' is everybody."""
        if level == "all":
            return f"All {self.units}"
        return isolated(level) if self.verbatim else in_words(level)


def isolated(text: str) -> str:
    """Return somebody's own text so that letters written from right to left do not reorder the numbers beside them."""
    if not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def in_words(identifier: str) -> str:
    """Return an id, or a few plain lower-case words, as words with a capital; other text is left as it is."""
    if not _ID.fullmatch(identifier):
        return identifier
    words = identifier.replace("_", " ")
    return words[0].upper() + words[1:]


def agency_name(agency: str) -> str:
    """Return what an agency is called."""
    return _AGENCIES.get(agency) or in_words(agency)


def agency_records(agency: str) -> str:
    """Return what an agency's records are called, as running text has it."""
    return "basic details (ages, who lives together)" if agency == "linkage" else f"{agency_name(agency)} records"


def lower_first(name: str) -> str:
    """Return a name as running text has it: 'ethnic group'."""
    return name[:1].lower() + name[1:]


def listed(items: Sequence[str]) -> str:
    """Return items as prose lists them: 'a, b and c'."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1] if items else ""


def said(found: Any) -> str:
    """Return anything that JSON can hold as words: what a stage says of itself."""
    if isinstance(found, Mapping):
        return "; ".join(f"{key}: {said(value)}" for key, value in found.items()) or "none"
    if isinstance(found, (list, tuple)):
        return "; ".join(map(said, found)) or "none"
    if found is None or found == "":
        return "none"
    if isinstance(found, bool):
        return "yes" if found else "no"
    return f"{found:,}" if isinstance(found, int) else f"{found:.3g}" if isinstance(found, float) else str(found)


def _plural(unit: str) -> str:
    """Return a unit of analysis in the plural."""
    return _UNITS.get(unit, f"{unit}s")
