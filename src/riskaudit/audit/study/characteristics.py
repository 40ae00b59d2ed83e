"""Which groups each linked family is in: true characteristics where the truth is there, recorded ones where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from riskaudit.artefacts import LinkedPeople, Population
from riskaudit.audit.measures.splits import NOT_RECORDED
from riskaudit.scenario.audit import GroupVariable

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["levels_by_family", "levels_of_families", "recorded_levels"]

# The same names in the true families and in the linked people.
_COLUMNS = {
    GroupVariable.ETHNICITY: "ethnicity",
    GroupVariable.ETHNIC_DETAIL: "ethnicity",
    GroupVariable.DEPRIVATION: "deprivation_decile",
    GroupVariable.FAMILY_TYPE: "family_type",
    GroupVariable.TENURE: "tenure",
    GroupVariable.FAMILY_SIZE: "children",
}
_READ = tuple(dict.fromkeys(_COLUMNS.values()))
_FIFTHS = ("most deprived fifth", "2nd fifth", "3rd fifth", "4th fifth", "least deprived fifth")
_SIZES = ("1 child", "2 children", "3 or more")
# Numbers that are shown as one of a few levels: the levels in order, and the place of a number among them.
_BANDED = {
    GroupVariable.DEPRIVATION: (_FIFTHS, lambda decile: (int(decile) - 1) // 2),
    GroupVariable.FAMILY_SIZE: (_SIZES, lambda children: min(int(children), 3) - 1),
}


def levels_by_family(
    children: pd.DataFrame,
    linked: LinkedPeople,
    truth: Population | None,
    wanted: Iterable[GroupVariable],
    names: Mapping[str, Mapping[str, str]],
) -> dict[str, pd.Series]:
    """Return group variable -> level of each linked family, as an ordered list of levels that ends in "not recorded".

    Parameters
    ----------
    children
        One row per linked child: child_id, family_id and, with the truth, true_family.
    linked, truth
        Where recorded and true characteristics are.
    wanted
        The group variables.
    names
        Group variable -> id -> name on tables.
    """
    values = _recorded(children, linked) if truth is None else _true(children, truth)
    return {one.value: _named(values[_COLUMNS[one]], one, names.get(one.value, {})) for one in wanted}


def recorded_levels(
    labels: pa.Table, linked: LinkedPeople, wanted: Iterable[GroupVariable], names: Mapping[str, Mapping[str, str]]
) -> dict[str, pd.Series]:
    """Return group variable -> level of each linked family as recorded, by family id, without opening the truth.

    `labels` has one row per linked child with its `child_id` and `family_id`. The rest is as in `levels_by_family`.
    """
    return levels_by_family(labels.select(["child_id", "family_id"]).to_pandas(), linked, None, wanted, names)


def levels_of_families(
    truth: Population, wanted: Iterable[GroupVariable], names: Mapping[str, Mapping[str, str]]
) -> dict[str, pd.Series]:
    """Return group variable -> level of each true family, by family id. Parameters are those of `levels_by_family`."""
    known = truth.families.select(["family_id", *_READ]).to_pandas().set_index("family_id").astype(object)
    return {one.value: _named(known[_COLUMNS[one]], one, names.get(one.value, {})) for one in wanted}


def _true(children: pd.DataFrame, truth: Population) -> dict[str, pd.Series]:
    """Return column -> true value for each linked family, from the true family that most of its children belong to."""
    family = _commonest(children, "true_family")
    known = truth.families.select(["family_id", *_READ]).to_pandas().set_index("family_id")
    return {column: family.map(known[column].astype(object)) for column in _READ}


def _recorded(children: pd.DataFrame, linked: LinkedPeople) -> dict[str, pd.Series]:
    """Return column -> the commonest recorded value among each linked family's children."""
    people = linked.people.select(["person_id", *_READ]).to_pandas()
    both = children[["child_id", "family_id"]].merge(people, left_on="child_id", right_on="person_id", how="left")
    return {column: _commonest(both, column).reindex(children["family_id"].unique()) for column in _READ}


def _commonest(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return each family's commonest value of a column; of equals, the lowest. A family with none is left out."""
    known = frame.dropna(subset=[column]).astype({column: object})
    counts = known.groupby(["family_id", column]).size().rename("n").reset_index()
    first = counts.sort_values(["family_id", "n", column], ascending=[True, False, True]).drop_duplicates("family_id")
    return first.set_index("family_id")[column]


def _named(values: pd.Series, variable: GroupVariable, names: Mapping[str, str]) -> pd.Series:
    """Return ids or numbers as the names of levels, in the order they are shown. Missing is a level of its own."""
    import pandas as pd

    codes, found = pd.factorize(values)
    texts = [_level(value, variable, names) for value in found]
    order = list(dict.fromkeys([*_first_levels(variable, names), *sorted(texts), NOT_RECORDED]))
    # a missing value's code is -1: the last of the texts
    place = np.array([order.index(text) for text in [*texts, NOT_RECORDED]], dtype=np.int64)
    return pd.Series(
        pd.Categorical.from_codes(place[codes], categories=pd.Index(order, dtype=object)), index=values.index
    )


def _level(value: Any, variable: GroupVariable, names: Mapping[str, str]) -> str:
    if variable in _BANDED:
        levels, place = _BANDED[variable]
        return levels[place(value)]
    return names.get(value, str(value).replace("_", " "))


def _first_levels(variable: GroupVariable, names: Mapping[str, str]) -> Iterable[str]:
    return _BANDED[variable][0] if variable in _BANDED else names.values()
