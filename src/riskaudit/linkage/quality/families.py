"""What links make of families: children without their parents, families split and merged, and files with gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskaudit.estimates import EstimateTable
from riskaudit.linkage.quality.shares import Counted, Share, measured
from riskaudit.linkage.quality.truth import Truth

if TYPE_CHECKING:
    import duckdb

__all__ = ["LINKED_FAMILIES", "OF_CHILDREN", "OF_FAMILIES", "families"]

LINKED_FAMILIES = "linked families"

OF_CHILDREN: tuple[Share, ...] = (
    Share(
        "child_with_true_mother_rate", "with_mother", "mother_held", "children whom the spine holds with their mother"
    ),
    Share(
        "child_with_true_father_rate", "with_father", "father_held", "children whom the spine holds with their father"
    ),
    Share("parent_link_survival_rate", "together", "known", "children and parents with a record"),
)
OF_FAMILIES: tuple[Share, ...] = (
    Share("split_family_rate", "split", "several_held", "families with several people on the spine"),
    Share("merged_family_rate", "merged", "held", "families on the spine"),
    Share("family_missing_record_rate", "missing", "with_pairs", "families with a record to be joined"),
    Share("family_with_stranger_record_rate", "mixed", "held", "families on the spine"),
)


def families(db: duckdb.DuckDBPyConnection, truth: Truth, confidence: float) -> EstimateTable:
    """Return how children and families come out of linkage, by group. Families must be known. Needs the table `one_case`.

    A parent is a true mother or father who lives with the child. A family is everyone at the family's address.
    """
    if truth.population is None:
        return EstimateTable.concat([])
    db.register("true_relations", truth.population.relations)
    db.register("true_families", truth.population.families)
    by_family = {name: column for name, column in truth.columns.items() if name in truth.family_groups}
    db.execute(_CHILDREN.format(groups="".join(f"{column}, " for column in truth.columns.values())))
    db.execute(_FAMILIES.format(groups="".join(f"{column}, " for column in by_family.values())))
    children = Counted(db, "child_count", LINKED_FAMILIES, truth.columns, truth.clusters)
    whole = Counted(db, "family_count", LINKED_FAMILIES, by_family, truth.clusters)
    return EstimateTable.concat([measured(children, OF_CHILDREN, confidence), measured(whole, OF_FAMILIES, confidence)])


_CHILDREN = """
CREATE TABLE child_count AS
WITH pair AS (
    SELECT DISTINCT mine.person AS child, hers.person AS adult, relation
    FROM true_relations JOIN person AS mine ON mine.person_id = child_id JOIN person AS hers ON hers.person_id = adult_id
    WHERE lives_with AND relation IN ('mother', 'father')
), judged AS (
    SELECT child, adult, relation,
           bool_or(mine.linked IS NOT NULL AND hers.linked IS NOT NULL) AS held,
           coalesce(bool_or(mine.linked_family = hers.linked_family), false) AS together
    FROM pair LEFT JOIN spine AS mine ON mine.person = child LEFT JOIN spine AS hers ON hers.person = adult
    GROUP BY ALL
), seen AS (SELECT DISTINCT person FROM record), counted AS (
    SELECT child,
           bool_or(held AND relation = 'mother')::INTEGER AS mother_held,
           bool_or(together AND relation = 'mother')::INTEGER AS with_mother,
           bool_or(held AND relation = 'father')::INTEGER AS father_held,
           bool_or(together AND relation = 'father')::INTEGER AS with_father,
           count(*) AS known,
           count(*) FILTER (together) AS together
    FROM judged SEMI JOIN seen AS one ON one.person = child SEMI JOIN seen AS other ON other.person = adult
    GROUP BY child
)
SELECT cluster, {groups} counted.* EXCLUDE (child) FROM counted JOIN person ON person.person = child
"""

_FAMILIES = """
CREATE TABLE family_count AS
WITH home AS (
    SELECT spine.* FROM spine JOIN member USING (person) JOIN person USING (person) JOIN true_families USING (family_id)
    WHERE home = address
), shared AS (
    SELECT linked_family FROM spine JOIN person USING (person) GROUP BY linked_family HAVING min(cluster) < max(cluster)
), held AS (
    SELECT cluster, min(home.person) < max(home.person) AS several, min(linked_family) < max(linked_family) AS apart,
           bool_or(linked_family IN (FROM shared)) AS merged
    FROM home JOIN person USING (person) GROUP BY cluster
), gaps AS (
    SELECT cluster, bool_or(NOT correct) AS missing FROM one_case WHERE on_spine GROUP BY cluster
), given AS (
    SELECT DISTINCT hers.cluster FROM one_case JOIN person AS hers ON hers.person = theirs
    WHERE hers.cluster <> one_case.cluster
)
SELECT family.*,
       (held.cluster IS NOT NULL)::INTEGER AS held,
       coalesce(several, false)::INTEGER AS several_held,
       coalesce(several AND apart, false)::INTEGER AS split,
       coalesce(merged, false)::INTEGER AS merged,
       (gaps.cluster IS NOT NULL)::INTEGER AS with_pairs,
       coalesce(missing, false)::INTEGER AS missing,
       (held.cluster IS NOT NULL AND given.cluster IS NOT NULL)::INTEGER AS mixed
FROM (SELECT DISTINCT {groups} cluster FROM person) AS family
LEFT JOIN held USING (cluster) LEFT JOIN gaps USING (cluster) LEFT JOIN given USING (cluster)
"""
