"""An audit as a report reads it: estimates by model and outcome, under the names that readers meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from riskaudit.artefacts import ModelAudit
from riskaudit.report.audit_subject import LEVELS_DRAWN
from riskaudit.report.data import Value
from riskaudit.report.evidence import Evidence, split_subject
from riskaudit.report.words import Outcome, Words

__all__ = ["AuditView"]


@dataclass(frozen=True)
class AuditView:
    """An audit as a report reads it: the estimates, and the names of what they are about."""

    audit: ModelAudit
    words: Words

    @cached_property
    def evidence(self) -> Evidence:
        """The plain statistics."""
        return Evidence(self.audit.table)

    @cached_property
    def subjects(self) -> tuple[tuple[str, str], ...]:
        """Every model and label that was audited, in table order."""
        return tuple(dict.fromkeys(split_subject(row["subject"]) for row in self.evidence.rows))

    @property
    def models(self) -> tuple[str, ...]:
        """The models, in table order; lists that workers have looked at are none."""
        listed = self.audit.with_workers.values()
        return tuple(dict.fromkeys(model for model, _ in self.subjects if model not in listed))

    def groups(self, statistics: tuple[str, ...]) -> tuple[str, ...]:
        """Return the characteristics that a chart can show: no intersections, and not more levels than a chart can hold."""
        named = self.audit.about.get("groups")
        found = [group for group in self.evidence.groups(statistics) if named is None or group in named]
        return tuple(group for group in found if len(self.evidence.distinct("level", group=group)) <= LEVELS_DRAWN)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the models are measured against; true need first, where there is one."""
        ids = sorted({label for _, label in self.subjects if label}, key=lambda label: (label != "true_need", label))
        return tuple(self.words.outcome(label) for label in ids)

    @property
    def positive(self) -> str:
        """What both kinds of case are called where several outcomes stand side by side; the one outcome's words otherwise."""
        if len(self.outcomes) == 1:
            return self.outcomes[0].positive
        return "in need" if self.words.recorded.of_need else "with that outcome"

    @property
    def negative(self) -> str:
        """The opposite of `positive`."""
        if len(self.outcomes) == 1:
            return self.outcomes[0].negative
        return "not in need" if self.words.recorded.of_need else "without that outcome"

    def value(
        self, model: str, outcome: Outcome, statistic: str, group: str = "all", level: str = "all"
    ) -> Value | None:
        """Return one statistic of one model against one outcome; what needs no outcome is found with any."""
        for subject in (f"{model}:{outcome.id}" if outcome.id else model, model):
            found = self.evidence.value(subject, statistic, group, level)
            if found:
                return found
        return None
