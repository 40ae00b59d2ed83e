"""Read rates of wrong links by group: riskaudit's own `quality.csv`, or a table that looks like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from riskaudit.audit.measures.splits import NOT_RECORDED
from riskaudit.errors import Fault, nearest, one_of
from riskaudit.estimates import EstimateTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LINKS", "linkage_rates", "linkage_table", "unknown_levels"]

LINKS = "linkage_error"
_MISSED, _FALSE = "missed_match_rate", "false_match_rate"
_COLUMNS = ("statistic", "group", "level", "estimate")
_ALL_AGENCIES = "all agencies"
Rates = Mapping[str, Mapping[str, tuple[float, float]]]


def linkage_table(
    given: EstimateTable | pd.DataFrame | None, source: str = LINKS
) -> tuple[pd.DataFrame | None, list[Fault]]:
    """Return the rows that are rates of wrong links, one per statistic, group and level; or what is wrong with the table.

    Where the table has several subjects, those of all agencies together are taken; without these it is a fault, since the
    outcome comes from one of them.
    """
    if given is None:
        return None, []
    import pandas as pd

    frame = given.frame() if isinstance(given, EstimateTable) else given
    absent = [name for name in _COLUMNS if name not in frame.columns]
    if absent:
        names = ", ".join(f"'{name}'" for name in absent)
        return None, [Fault(source, f"has no column {names}", "a table such as a study's linkage/quality.csv")]
    rows = frame[frame["statistic"].isin((_MISSED, _FALSE))]
    if not len(rows):
        return None, [Fault(source, f"has no rows of {_MISSED} or {_FALSE}", f"statistic: {_MISSED}, {_FALSE}")]
    subjects = list(dict.fromkeys(rows["subject"])) if "subject" in rows.columns else []
    if len(subjects) > 1:
        if _ALL_AGENCIES not in subjects:
            what = f"has rates of several subjects: {', '.join(map(str, subjects))}"
            return None, [Fault(source, what, "one subject", "keep the rows of the agency that the outcome comes from")]
        rows = rows[rows["subject"] == _ALL_AGENCIES]
    rows = rows.assign(estimate=pd.to_numeric(rows["estimate"], errors="coerce"), given=rows["estimate"].notna())
    return rows, list(_faults(rows, source))


def _faults(rows: pd.DataFrame, source: str) -> Iterator[Fault]:
    """Yield a fault for each rate that is no share, and for each that stands twice."""
    wrong = rows[rows["given"] & ~((rows["estimate"] >= 0) & (rows["estimate"] < 1))]
    for row in wrong.itertuples():
        yield Fault(source, f"{row.statistic} of '{row.group}' '{row.level}' is no share", "0 to below 1")
    twice = rows[rows.duplicated(["statistic", "group", "level"])]
    for row in twice.drop_duplicates(["statistic", "group", "level"]).itertuples():
        yield Fault(source, f"{row.statistic} of '{row.group}' '{row.level}' stands twice", "one row each")


def linkage_rates(rows: pd.DataFrame | None) -> dict[str, dict[str, tuple[float, float]]]:
    """Return group -> level -> missed-match and false-match rate.

    A rate that is not given is 0; a level without either is left out.
    """
    if rows is None:
        return {}
    found: dict[str, dict[str, tuple[float, float]]] = {}
    wide = rows.pivot(index=["group", "level"], columns="statistic", values="estimate")
    wide = wide.reindex(columns=[_MISSED, _FALSE]).dropna(how="all").fillna(0.0)
    for (group, level), missed, false in zip(wide.index, wide[_MISSED], wide[_FALSE], strict=True):
        found.setdefault(str(group), {})[str(level)] = (float(missed), float(false))
    return found


def unknown_levels(rates: Rates, groups: Mapping[str, pd.Categorical], source: str = LINKS) -> list[Fault]:
    """Return a fault for every level that the predictions do not have, of groups of which they have levels without rates.

    A level that is only absent is none: a small file lacks some. A group that the predictions do not have is left alone, unless
    they have none of them.
    """
    common = [name for name in groups if name in rates]
    if rates and groups and not common:
        allowed = one_of(next(iter(groups)), groups)
        return [Fault(source, f"has none of the groups: it has {', '.join(sorted(rates))}", allowed)]
    return [fault for name in common for fault in _unknown(source, name, list(rates[name]), _levels(groups[name]))]


def _unknown(source: str, group: str, given: Sequence[str], there: Sequence[str]) -> Iterator[Fault]:
    without = [level for level in there if level not in given and level != NOT_RECORDED]
    if not without:
        return
    for level in given:
        if level not in there:
            where, what = f"{source}, group '{group}'", f"level '{level}' is not in the predictions"
            yield Fault(where, what, one_of(level, there), nearest(level, without))


def _levels(values: pd.Categorical) -> list[str]:
    return [str(values.categories[code]) for code in np.unique(values.codes) if code >= 0]
