"""Link by exact agreement in several passes, the surest first."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

__all__ = ["IDENTIFIERS", "PASSES", "Pass", "run_passes"]


@dataclass(frozen=True)
class Pass:
    """One pass: the fields that must all be there and agree."""

    name: str
    fields: tuple[str, ...]


# In order; a link's rank is its pass's place here, from 1.
PASSES: tuple[Pass, ...] = (
    Pass("nhs_number_birth_date", ("nhs_number", "birth_date")),
    Pass("nhs_number_forename", ("nhs_number", "forename")),
    Pass("pupil_number_birth_date", ("pupil_number", "birth_date")),
    Pass("other_number_birth_date", ("other_number", "birth_date")),
    Pass("other_number_forename", ("other_number", "forename")),
    Pass("full_name_birth_date_postcode", ("forename", "surname", "birth_date", "postcode")),
    Pass("full_name_birth_date", ("forename", "surname", "birth_date")),
    Pass("surname_birth_date_postcode_sex", ("surname", "birth_date", "postcode", "sex")),
    Pass("forename_birth_date_postcode", ("forename", "birth_date", "postcode")),
)


# The same for the method that goes by one number alone.
IDENTIFIERS: tuple[Pass, ...] = (
    Pass("nhs_number", ("nhs_number",)),
    Pass("pupil_number", ("pupil_number",)),
    Pass("other_number", ("other_number",)),
)


def run_passes(db: duckdb.DuckDBPyConnection, passes: tuple[Pass, ...], in_use: AbstractSet[str]) -> None:
    """Add the links of every pass whose fields are all `in_use` to the table `links`.

    A pass looks at records not yet linked and, for each agency, at people whom none of its records is linked to. It links
    a record and a person only when each is the other's sole candidate; any doubt is left to later passes.
    """
    for rank, one in enumerate(passes, 1):
        if in_use >= set(one.fields):
            db.execute(_LINK.format(fields=", ".join(one.fields)), {"name": one.name, "rank": rank})


_LINK = """
INSERT INTO links
SELECT record_id, agency, person_id, $name, NULL, NULL, $rank
FROM (FROM records ANTI JOIN links USING (record_id)) AS waiting
JOIN (SELECT * EXCLUDE (record_id) FROM spine) AS spine USING ({fields})
ANTI JOIN links USING (agency, person_id)
QUALIFY count(*) OVER (PARTITION BY record_id) = 1 AND count(*) OVER (PARTITION BY agency, person_id) = 1
"""
