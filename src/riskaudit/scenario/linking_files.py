"""What `riskaudit link` is asked: which files, which column is which field, which file is the spine, and how to link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from riskaudit.errors import BadInput, Fault
from riskaudit.scenario.linkage import LinkageMethod, LinkageSection
from riskaudit.scenario.section import Section
from riskaudit.scenario.toml_file import KeyPath, TomlFile, table_of

__all__ = [
    "ISO_DATE", "NUMBERS", "IdentityField", "LinkingFiles", "LinkingSection", "RecordFile", "Sex", "load_linking_files",
]  # fmt: skip


class IdentityField(StrEnum):
    """What a column can say of who a record is about."""

    FORENAME = "forename"
    SURNAME = "surname"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    HOUSE = "house"
    POSTCODE = "postcode"
    ADDRESS = "address"
    NHS_NUMBER = "nhs_number"
    PUPIL_NUMBER = "pupil_number"
    OTHER_NUMBER = "other_number"


NUMBERS = (IdentityField.NHS_NUMBER, IdentityField.PUPIL_NUMBER, IdentityField.OTHER_NUMBER)
"""Fields that by themselves say who somebody is."""

ISO_DATE = "%Y-%m-%d"

_Column = Annotated[str, Field(min_length=1)]
_FileName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Sex(StrEnum):
    """The values of sex that linkage compares."""

    F = "F"
    M = "M"


class LinkingSection(Section):
    """What the linkage is called, and which file the others are linked to."""

    title: Annotated[str, Field(min_length=1, max_length=120)] = "Linked record files"
    """The report's title."""
    spine: str
    """Name of the file that the others are linked to: one of its records is one person."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    """Seed of everything random: the probabilistic step's training sample."""
    confidence: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95
    """Nominal coverage of intervals. Probability, 0 to 1."""


class RecordFile(Section):
    """One record file: where it is and what its columns hold."""

    file: Annotated[str, Field(min_length=1)]
    """The file's name, as far back into its folders as it takes to tell it from the others."""
    id: _Column
    """Column with the record's id. No two records of the file have the same."""
    fields: Annotated[dict[IdentityField, _Column], Field(min_length=1)]
    """Field -> the column that holds it."""
    date_format: str = ISO_DATE
    """How the birth date is written, in Python's letters: `%d/%m/%Y`. Dates that Parquet holds as dates need none."""
    sex_values: dict[str, Sex] = {}
    """Value of the column -> F or M, where it is not F or M itself, in any case."""
    truth: str = ""
    """Column with the person's true id, where it is known: records with the same value are of the same person."""
    groups: tuple[_Column, ...] = ()
    """Columns to report by, such as ethnic group. Never used to link."""
    about: str = ""
    """Where the file comes from, whom it covers and for when, in a sentence for the GUILD sheet."""

    @field_validator("date_format")
    @classmethod
    def _says_day_month_and_year(cls, written: str) -> str:
        letters = set(re.findall("%(.)", written))
        if not ("Y" in letters and "d" in letters and letters & {"m", "b", "B"}):
            raise ValueError(f"{written!r} must say day (%d), month (%m, %b or %B) and four-digit year (%Y)")
        return written

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is used, once, in the order of the settings."""
        named = (self.id, *self.fields.values(), *([self.truth] if self.truth else []), *self.groups)
        return tuple(dict.fromkeys(named))


class LinkingFiles(Section):
    """What linking a user's own record files asks for."""

    link: LinkingSection
    """What the linkage is called, and which file the others are linked to."""
    files: Annotated[dict[_FileName, RecordFile], Field(min_length=2)]
    """The record files by name."""
    linkage: LinkageSection = LinkageSection()
    """How records are joined to people: the same keys as in a scenario."""

    @property
    def has_truth(self) -> bool:
        """Whether the files say who is who, so that links can be measured."""
        return any(file.truth for file in self.files.values())

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group column of any file, once."""
        return tuple(dict.fromkeys(name for file in self.files.values() for name in file.groups))


def load_linking_files(path: Path) -> LinkingFiles:
    """Return what a `link.toml` asks for.

    Raises
    ------
    BadInput
        With every fault found: where (file, line, table and key), what, what is allowed, and the nearest valid name.
    """
    file = TomlFile.read(path, "configuration", "riskaudit link A.csv B.csv --suggest-config link.toml")
    found = list(file.field_faults(LinkingFiles))
    known = {where for where, _ in found}
    found += [(where, fault) for where, fault in _contradictions(file) if where not in known]
    if found:
        raise BadInput(file.in_order(found))
    return file.read_as(LinkingFiles)


def _contradictions(file: TomlFile) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield settings that are each allowed and cannot all be had. Looks at the raw tables, to find them beside other faults."""
    files = {name: table for name, table in table_of(file.tables, "files").items() if isinstance(table, dict)}
    asked = table_of(file.tables, "link").get("spine")
    if isinstance(asked, str) and files and asked not in files:
        yield ("link", "spine"), file.unknown(("link", "spine"), "file", asked, files)
    yield from _truth_that_shows_nothing(file, files, str(asked))
    for name, table in files.items():
        yield from _columns_that_stand_for_two(file, name, table)
        yield from _reserved_groups(file, name, table)
    method: KeyPath = ("linkage", "method")
    if table_of(file.tables, "linkage").get("method") == LinkageMethod.PERFECT:
        allowed = ", ".join(one for one in LinkageMethod if one is not LinkageMethod.PERFECT)
        what = "'perfect' is a control for made-up families, whose truth is known"
        yield method, Fault(file.place(method), what, allowed)


def _truth_that_shows_nothing(file: TomlFile, files: dict[str, Any], spine: str) -> Iterator[tuple[KeyPath, Fault]]:
    holding = [name for name, table in files.items() if table.get("truth")]
    where: KeyPath
    if len(holding) == 1:
        where = ("files", holding[0], "truth")
        yield where, Fault(file.place(where), "is in this file only: truth compares two files", "a column in both")
    elif holding and spine in files and spine not in holding:
        where = ("files", spine)
        yield where, Fault(file.place(where), "the spine has no truth column, and the other files have")


def _columns_that_stand_for_two(file: TomlFile, name: str, table: dict[str, Any]) -> Iterator[tuple[KeyPath, Fault]]:
    columns: dict[str, str] = {}
    for field, column in table_of(table, "fields").items():
        where = ("files", name, "fields", field)
        first = columns.setdefault(str(column), field)
        if first != field:
            what = f"column {column!r} is already the field '{first}': it would count as evidence twice"
            yield where, Fault(file.place(where), what, "a column for each field")


def _reserved_groups(file: TomlFile, name: str, table: dict[str, Any]) -> Iterator[tuple[KeyPath, Fault]]:
    groups = table.get("groups")
    where = ("files", name, "groups")
    for group in groups if isinstance(groups, list) else ():
        if group in (*IdentityField, "all", "record_id", "person_id", "family_id"):
            what = f"{group!r} already means something else in the results"
            yield where, Fault(file.place(where), what, "a column of another name")
