"""Statistics by group under the names that users of fairlearn's `MetricFrame` know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskaudit.errors import BadInput, Fault, nearest, one_of

if TYPE_CHECKING:
    import pandas as pd

    from riskaudit.estimates import EstimateTable

__all__ = ["INTERSECTION", "GroupMetrics", "MetricFrameNames"]

INTERSECTION = " × "
"""What stands between the names of groups, and of levels, of an intersection."""

Compared = Literal["between_groups", "to_overall"]


@dataclass(frozen=True, eq=False)
class GroupMetrics:
    """Statistics of everybody, and of each level of each group and intersection, for one set of predictions.

    Names and arithmetic are those of `fairlearn.metrics.MetricFrame`, with four differences. What is not defined is NaN and
    never the smallest or largest: fairlearn's rates are 0 where nothing could be counted. Where fewer than two levels have a
    value there is no difference and no ratio between groups, where fairlearn has 0 and 1. People whose group is missing are a
    level of their own, "not recorded". Intersections that nobody is in have no row, where fairlearn has one of NaN.
    """

    statistics: tuple[str, ...]
    values: Mapping[str, np.ndarray]
    """Group or intersection -> one row per level, one column per statistic; "all" has one row."""
    levels: Mapping[str, tuple[str, ...]]
    groups: tuple[str, ...]
    """The groups themselves, without intersections."""

    @cached_property
    def overall(self) -> pd.Series:
        """Every statistic of everybody."""
        import pandas as pd

        return pd.Series(self.values["all"][0], index=self._columns, name="all")

    def by_group(self, group: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row per level and one column per statistic.

        Parameters
        ----------
        group
            A group, or several whose intersection was measured. Without one: all groups together where that was measured, which
            is what fairlearn shows.

        Raises
        ------
        BadInput
            If no such group or intersection was measured, or several and none is named.
        """
        import pandas as pd

        found = self._split(group)
        return pd.DataFrame(self.values[found], index=self._index(found), columns=self._columns)

    def group_min(self, group: str | Sequence[str] | None = None) -> pd.Series:
        """Return the smallest value of each statistic over the levels."""
        return self._series(_least(self.values[self._split(group)]))

    def group_max(self, group: str | Sequence[str] | None = None) -> pd.Series:
        """Return the largest value of each statistic over the levels."""
        return self._series(_most(self.values[self._split(group)]))

    def difference(self, group: str | Sequence[str] | None = None, method: Compared = "between_groups") -> pd.Series:
        """Return the largest difference of each statistic: between two levels, or of a level to everybody."""
        values = self.values[self._split(group)]
        if _between(method):
            return self._series(_of_two(values, _most(values) - _least(values)))
        return self._series(_most(np.abs(values - self.values["all"][0])))

    def ratio(self, group: str | Sequence[str] | None = None, method: Compared = "between_groups") -> pd.Series:
        """Return the smallest ratio of each statistic, at most 1: between two levels, or of a level to everybody.

        Where the larger of the two is 0 there is none.
        """
        values = self.values[self._split(group)]
        with np.errstate(divide="ignore", invalid="ignore"):
            if _between(method):
                return self._series(_of_two(values, _least(values) / _most(values)))
            ratios = values / self.values["all"][0]
            return self._series(_least(np.where(ratios > 1, 1 / ratios, ratios)))

    def _split(self, group: str | Sequence[str] | None) -> str:
        """Return the name of the split that is meant."""
        names = [name for name in self.values if name != "all"]
        if group is None:
            wanted = INTERSECTION.join(self.groups)
            if wanted in names:
                return wanted
            raise BadInput(Fault("group", "is needed: several were measured, and not together", one_of("", names)))
        asked = [group] if isinstance(group, str) else list(group)
        wanted = INTERSECTION.join(
            sorted(asked, key=lambda name: self.groups.index(name) if name in self.groups else -1)
        )
        if wanted not in names:
            raise BadInput(
                Fault("group", f"'{wanted}' was not measured", one_of(wanted, names), nearest(wanted, names))
            )
        return wanted

    def _index(self, split: str) -> pd.Index:
        """Return the levels; of an intersection one level of the index for each group, unless a name holds the sign itself."""
        import pandas as pd

        names, levels = split.split(INTERSECTION), self.levels[split]
        parts = [level.split(INTERSECTION) for level in levels]
        if split in self.groups or any(len(part) != len(names) for part in parts):
            return pd.Index(levels, name=split, dtype=object)
        each = [_numbered(part) for part in zip(*parts, strict=True)]
        distinct, codes = zip(*each, strict=True)
        return pd.MultiIndex(levels=distinct, codes=codes, names=names, verify_integrity=False)

    def _series(self, values: np.ndarray) -> pd.Series:
        import pandas as pd

        return pd.Series(values, index=self._columns)

    @cached_property
    def _columns(self) -> pd.Index:
        import pandas as pd

        return pd.Index(self.statistics, dtype=object)


class MetricFrameNames:
    """What an audit offers under fairlearn's names; see `GroupMetrics`."""

    table: EstimateTable
    about: Mapping[str, Any]

    def metrics(self, subject: str | None = None) -> GroupMetrics:
        """Return the statistics by group of one set of predictions, such as 'boosted_trees:true_need'.

        Raises
        ------
        BadInput
            If the audit has no such subject, or several and none is named.
        """
        return _of_table(self.table.frame(), tuple(self.about["groups"]), subject)

    @property
    def overall(self) -> pd.Series:
        """Every statistic of everybody: see `GroupMetrics.overall`."""
        return self.metrics().overall

    def by_group(self, group: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row per level and one column per statistic: see `GroupMetrics.by_group`."""
        return self.metrics().by_group(group)

    def group_min(self, group: str | Sequence[str] | None = None) -> pd.Series:
        """Return the smallest value of each statistic over the levels."""
        return self.metrics().group_min(group)

    def group_max(self, group: str | Sequence[str] | None = None) -> pd.Series:
        """Return the largest value of each statistic over the levels."""
        return self.metrics().group_max(group)

    def difference(self, group: str | Sequence[str] | None = None, method: Compared = "between_groups") -> pd.Series:
        """Return the largest difference of each statistic: see `GroupMetrics.difference`."""
        return self.metrics().difference(group, method)

    def ratio(self, group: str | Sequence[str] | None = None, method: Compared = "between_groups") -> pd.Series:
        """Return the smallest ratio of each statistic: see `GroupMetrics.ratio`."""
        return self.metrics().ratio(group, method)


def _of_table(frame: pd.DataFrame, groups: tuple[str, ...], subject: str | None) -> GroupMetrics:
    subjects = list(dict.fromkeys(frame["subject"]))
    if subject is None and len(subjects) > 1:
        raise BadInput(Fault("subject", "is needed: the audit has several", one_of("", subjects)))
    if subject is not None and subject not in subjects:
        raise BadInput(
            Fault("subject", f"'{subject}' is not in the audit", one_of(subject, subjects), nearest(subject, subjects))
        )
    # comparisons have a reference, and bounds no estimate; score bands and the like are no groups
    own = (frame["subject"] == (subject or subjects[0])) & (frame["reference"] == "")
    own &= ~frame["statistic"].str.endswith("_bounds") & frame["group"].map(lambda name: _measured(name, groups))
    kept = frame[own]
    statistics = tuple(dict.fromkeys(kept["statistic"]))
    found, levels = {}, {}
    for name, rows in kept.groupby("group", sort=False, observed=True):
        levels[str(name)] = tuple(dict.fromkeys(rows["level"]))
        wide = rows.pivot(index="level", columns="statistic", values="estimate")
        found[str(name)] = wide.reindex(index=levels[str(name)], columns=statistics).to_numpy(float)
    return GroupMetrics(statistics, found, levels, groups)


def _measured(name: str, groups: tuple[str, ...]) -> bool:
    """Return whether a split is everybody, a group or an intersection of groups."""
    return name in ("all", *groups) or all(part in groups for part in name.split(INTERSECTION))


def _numbered(names: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return each name once, by letter, and of each name its place: a level of an index as pandas would find it, only sooner."""
    distinct = sorted(set(names))
    place = {name: at for at, name in enumerate(distinct)}
    return distinct, [place[name] for name in names]


def _between(method: str) -> bool:
    if method not in ("between_groups", "to_overall"):
        raise BadInput(Fault("method", f"is '{method}'", "between_groups or to_overall"))
    return method == "between_groups"


def _least(values: np.ndarray) -> np.ndarray:
    least: np.ndarray = np.fmin.reduce(values, axis=0)
    return least


def _most(values: np.ndarray) -> np.ndarray:
    most: np.ndarray = np.fmax.reduce(values, axis=0)
    return most


def _of_two(values: np.ndarray, compared: np.ndarray) -> np.ndarray:
    """Return a comparison of levels where at least two have a value, otherwise NaN: one alone differs from nobody."""
    return np.where((~np.isnan(values)).sum(axis=0) >= 2, compared, np.nan)
