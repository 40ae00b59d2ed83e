"""Make linked people and linked families from the spine: who is held at one address, and who is whose parent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["PARENTS", "Parent", "lay_people"]


@dataclass(frozen=True)
class Parent:
    """Who can be a child's parent: an adult of this sex, so many years older than the eldest child at the address."""

    role: str
    sex: str
    youngest: int
    """Least age at the eldest child's birth. Unit: completed years."""
    oldest: int
    """Greatest age at the eldest child's birth. Unit: completed years."""


# Assumptions, not findings. They keep grown-up siblings and grandparents from being read as parents.
PARENTS: tuple[Parent, ...] = (
    Parent("mother", "F", 15, 50),
    Parent("father", "M", 15, 65),
)


def lay_people(db: duckdb.DuckDBPyConnection, written: pa.Table, index_date: date) -> None:
    """Make the tables `spine_as_written` and `people`, one row per spine record, numbered in order of record id.

    A linked family is everyone whom the spine holds at one house and postcode, as written; somebody without a full
    address is a family of one. A child is under 18 at the index date, or recorded as a child where the date of birth
    is missing. Of the adults who can be a parent (`PARENTS`; an unknown age is let through), the oldest of each sex is
    the mother and the father; ties go to the first record id. Everyone else is 'other', so two mothers or two fathers
    at one address are not seen as a couple: the spine holds no relation, and this is a limit of what it can show.
    """
    db.register("spine_as_written", written)
    db.execute(_PEOPLE, {"index_date": index_date})


_PARENTS = ", ".join(f"('{p.role}', '{p.sex}', {p.youngest}, {p.oldest})" for p in PARENTS)
_PEOPLE = f"""
CREATE TABLE people AS
WITH numbered AS (
    SELECT *,
           row_number() OVER (ORDER BY record_id) AS number,
           CASE WHEN house IS NULL OR postcode IS NULL THEN record_id END AS alone,
           coalesce(birth_date + to_years(18) > $index_date, role = 'child') AS is_child
    FROM spine_as_written
), housed AS (
    SELECT *, min(number) OVER (PARTITION BY house, postcode, alone) AS first_number FROM numbered
), familied AS (
    SELECT *,
           dense_rank() OVER (ORDER BY first_number) AS family,
           min(birth_date) FILTER (is_child) OVER (PARTITION BY first_number) AS eldest,
           count(*) FILTER (is_child) OVER (PARTITION BY first_number) AS children
    FROM housed
), parents AS (
    SELECT number, parent.role
    FROM familied JOIN (VALUES {_PARENTS}) AS parent(role, sex, youngest, oldest) ON upper(familied.sex) = parent.sex
    WHERE NOT is_child AND coalesce(
        birth_date + to_years(youngest) <= eldest AND birth_date + to_years(oldest + 1) > eldest, true)
    QUALIFY row_number() OVER (PARTITION BY family, parent.role ORDER BY birth_date NULLS LAST, record_id) = 1
), roled AS (
    SELECT familied.* EXCLUDE (role),
           CASE WHEN is_child THEN 'child' ELSE coalesce(parents.role, 'other') END AS role
    FROM familied LEFT JOIN parents USING (number)
), typed AS (
    SELECT *,
           bool_or(role = 'mother') OVER (PARTITION BY family) AS has_mother,
           bool_or(role = 'father') OVER (PARTITION BY family) AS has_father
    FROM roled
)
SELECT printf('l%06d', number) AS person_id,
       printf('h%06d', family) AS family_id,
       record_id AS spine_record_id,
       role,
       birth_date,
       ethnicity,
       deprivation_decile,
       CASE WHEN has_mother AND has_father THEN 'couple'
            WHEN has_mother THEN 'lone_mother'
            WHEN has_father THEN 'lone_father'
            ELSE 'no_adult' END AS family_type,
       tenure,
       least(children, 127)::TINYINT AS children  -- the column is one byte wide
FROM typed
"""
