"""Lay every agency's identity fields side by side in DuckDB, written alike so that they can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskaudit.artefacts import AgencyRecords

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["COMPARED", "FIELDS", "OWN_FIELDS", "fields_in_use", "lay_records"]

# Field -> how it is written alike before comparison. Empty text counts as missing: two blanks never agree.
FIELDS: dict[str, str] = {
    "forename": r"nullif(regexp_replace(lower(strip_accents(forename)), '[^\p{L}]', '', 'g'), '')",
    "surname": r"nullif(regexp_replace(lower(strip_accents(surname)), '[^\p{L}]', '', 'g'), '')",
    "birth_date": "birth_date",
    "sex": "nullif(upper(trim(sex)), '')",
    "house": r"nullif(regexp_replace(lower(house), '\s', '', 'g'), '')",
    "postcode": r"nullif(regexp_replace(upper(postcode), '\s', '', 'g'), '')",
    "nhs_number": r"nullif(regexp_replace(nhs_number, '\D', '', 'g'), '')",
    "pupil_number": r"nullif(regexp_replace(upper(pupil_number), '\s', '', 'g'), '')",
}
# The same for fields that only a user's own files can have.
OWN_FIELDS: dict[str, str] = {
    "address": r"nullif(trim(regexp_replace(lower(strip_accents(address)), '[^\p{L}\d]+', ' ', 'g')), '')",
    "other_number": r"nullif(regexp_replace(upper(other_number), '[^\p{L}\d]', '', 'g'), '')",
}
_EVERY = FIELDS | OWN_FIELDS

# What is compared: the fields, and the home, whose frequency tells how many could live there by chance.
COMPARED = ", ".join([*_EVERY, "house || ' ' || postcode AS home"])


def lay_records(db: duckdb.DuckDBPyConnection, records: AgencyRecords, spine: str) -> None:
    """Make the tables `spine`, `records` and `links` from the agencies' records and the table `people`.

    `spine` has one row per linked person, `records` one row per record of every other agency; both hold the fields of
    `FIELDS` and `OWN_FIELDS`, missing where a table has no such column. `links` starts with the spine's own records.
    """
    db.execute(
        f"""CREATE TABLE spine AS
        SELECT person_id, record_id, {_written_alike(records.people[spine])}
        FROM spine_as_written JOIN (SELECT person_id, spine_record_id AS record_id FROM people) USING (record_id)"""
    )
    db.execute("CREATE TABLE agencies (agency VARCHAR, place INTEGER)")
    db.execute(f"CREATE TABLE records AS SELECT ''::VARCHAR AS agency, * EXCLUDE (person_id) FROM ({_NO_SPINE})")
    for place, agency in enumerate(records.agencies):
        db.execute("INSERT INTO agencies VALUES (?, ?)", [str(agency), place])
        if agency != spine:
            fields = _written_alike(records.people[agency])
            db.register("written", records.people[agency])
            db.execute(f"INSERT INTO records SELECT ?, record_id, {fields} FROM written", [str(agency)])
            db.unregister("written")
    db.execute(
        """CREATE TABLE links AS
        SELECT record_id, ?::VARCHAR AS agency, person_id, 'spine' AS method,
               NULL::DOUBLE AS match_weight, NULL::DOUBLE AS match_probability, 0::TINYINT AS rank
        FROM spine""",
        [str(spine)],
    )


def fields_in_use(db: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the fields that somebody filled in on the spine and somebody elsewhere: nothing else can be compared."""
    counts = ", ".join(f"count({field}) > 0" for field in _EVERY)
    spine, others = (db.sql(f"SELECT {counts} FROM {table}").fetchall()[0] for table in ("spine", "records"))
    return frozenset(field for field, here, there in zip(_EVERY, spine, others, strict=True) if here and there)


def _written_alike(table: pa.Table) -> str:
    """Return the fields in SQL, as a table of people has them."""
    return ", ".join(
        f"{sql if name in table.column_names else 'NULL::VARCHAR'} AS {name}" for name, sql in _EVERY.items()
    )


_NO_SPINE = "SELECT * FROM spine LIMIT 0"
