"""How often the list is wrong, in both directions, drawn from the audit and said in natural frequencies."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from riskaudit.artefacts import Attribute, Level, ModelAudit

__all__ = ["mistakes_attribute", "of_ten"]

# A list is judged against what families truly need where that is known, otherwise against what was recorded.
_LABELS = ("true_need", "recorded_outcome")
_NEEDLESS, _MISSED = "false_discovery_rate", "false_negative_rate"
# A group's rate over fewer families than this is too unsure to be said to parents as "about so many of ten".
_LEAST = 20


@dataclass(frozen=True)
class _Rates:
    """How often one model's list is wrong, overall or in one group. Rates are shares, 0 to 1."""

    subject: str
    split: str
    """'' for everybody, otherwise 'group=level'."""
    needless: float
    """Of families on the list, the share who do not need help: the false-discovery rate."""
    missed: float
    """Of families who need help, the share not on the list: the false-negative rate."""

    @property
    def words(self) -> tuple[int, int]:
        """The two rates as they are said: so many of ten."""
        return of_ten(self.needless), of_ten(self.missed)


def mistakes_attribute(audit: ModelAudit, count: int) -> tuple[Attribute | None, list[str]]:
    """Return the attribute "errors" with at most `count` statements, or None, and what a reader must know about it.

    The statements are the best, the middle and the worst model's, by the sum of the two rates. Statements that read the
    same are one level. Where all models read the same, a second level says what holds for one group of families that is not
    too small; where that too reads the same, or nothing was measured, the attribute is left out.
    """
    everybody = _distinct(_rates(audit, everybody=True))
    if not everybody:
        return None, ["How often the list is wrong is left out: the audit holds no error rates."]
    if len(everybody) > 1:
        return _attribute(_spread(everybody, count)), []
    other = _furthest_group(audit, everybody[0])
    if other is None:
        return None, ["How often the list is wrong is left out: in rounded words it is the same for every model."]
    note = f"All models' lists are wrong about as often, so one level says what holds for families with {other.split}."
    return _attribute(sorted([everybody[0], other], key=_total)), [note]


def of_ten(rate: float) -> int:
    """Return how many of ten a rate is, halves rounded up."""
    return math.floor(rate * 10 + 0.5)


def _rates(audit: ModelAudit, *, everybody: bool) -> list[_Rates]:
    """Return the rates of every model that has both, lowest total first: overall, or by group."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for statistic in (_NEEDLESS, _MISSED):
        for row in audit.table.rows(statistic=statistic, reference=""):
            sure = everybody or row["n"] >= _LEAST
            if row["estimate"] is not None and not row["suppressed"] and (row["group"] == "all") == everybody and sure:
                split = "" if everybody else f"{row['group']}={row['level']}"
                found.setdefault((row["subject"], split), {})[statistic] = row["estimate"]
    both = {key: values for key, values in found.items() if len(values) == 2}
    # a list that workers have looked at is no model's list
    judged = _judged_against(subject for subject, _ in both if _model(subject) not in audit.with_workers.values())
    rates = [
        _Rates(subject, split, values[_NEEDLESS], values[_MISSED])
        for (subject, split), values in both.items()
        if subject in judged
    ]
    return sorted(rates, key=_total)


def _judged_against(subjects: Iterable[str]) -> set[str]:
    """Return one subject per model: the one whose label comes first in `_LABELS`."""
    chosen: dict[str, str] = {}
    for subject in sorted(subjects, key=_label_rank):
        chosen.setdefault(_model(subject), subject)
    return set(chosen.values())


def _label_rank(subject: str) -> int:
    label = subject.rpartition(":")[2]
    return _LABELS.index(label) if label in _LABELS else len(_LABELS)


def _model(subject: str) -> str:
    return subject.rpartition(":")[0] or subject


def _total(rates: _Rates) -> float:
    return rates.needless + rates.missed


def _distinct(rates: list[_Rates]) -> list[_Rates]:
    first: dict[tuple[int, int], _Rates] = {}
    for one in rates:
        first.setdefault(one.words, one)
    return list(first.values())


def _spread(rates: list[_Rates], count: int) -> list[_Rates]:
    """Return `count` of the rates, or all: the first, the last and those evenly between."""
    if len(rates) <= count:
        return rates
    return [rates[round(step * (len(rates) - 1) / (count - 1))] for step in range(count)]


def _furthest_group(audit: ModelAudit, overall: _Rates) -> _Rates | None:
    """Return the group of the same model that reads differently and whose total lies furthest from everybody's."""
    groups = [
        one for one in _rates(audit, everybody=False) if one.subject == overall.subject and one.words != overall.words
    ]
    return max(groups, key=lambda one: abs(_total(one) - _total(overall)), default=None)


def _attribute(rates: list[_Rates]) -> Attribute:
    return Attribute("errors", "How often the list is wrong", tuple(_level(one) for one in rates))


def _level(rates: _Rates) -> Level:
    needless, missed = rates.words
    split = f":{rates.split}" if rates.split else ""
    return Level(
        id=f"needless_{needless}_missed_{missed}",
        label=f"{needless} of 10 listed need no help, {missed} of 10 in need are not listed",
        text_web=(
            f"Of every 10 families on the list, {_said(needless, _NEEDLESS_WEB)}. "
            f"Of every 10 families who need help, {_said(missed, _MISSED_WEB)}."
        ),
        text_phone=(
            f"Of 10 families listed, {_said(needless, _NEEDLESS_PHONE)}. Of 10 in need, {_said(missed, _MISSED_PHONE)}."
        ),
        key_id=f"errors:{_model(rates.subject)}{split}",
        drawn_from=f"audit:{rates.subject}{split}",
    )


# So many of ten -> how it is said; -1 stands for any other number. None and all of ten are rounded, so never "none", "all".
_NEEDLESS_WEB = {
    0: "nearly all turn out to need help",
    1: "about 1 turns out not to need help",
    10: "nearly all turn out not to need help",
    -1: "about {} turn out not to need help",
}
_MISSED_WEB = {
    0: "nearly all are on it",
    1: "about 1 is not on it",
    10: "hardly any are on it",
    -1: "about {} are not on it",
}
_NEEDLESS_PHONE = {
    0: "nearly all need help",
    1: "about 1 needs no help",
    10: "nearly all need no help",
    -1: "about {} need no help",
}
_MISSED_PHONE = {
    0: "nearly all are listed",
    1: "about 1 is not listed",
    10: "hardly any are listed",
    -1: "about {} are not listed",
}


def _said(number: int, endings: dict[int, str]) -> str:
    return endings.get(number, endings[-1]).format(number)
