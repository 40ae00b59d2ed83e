"""A user's own record files, linked: what was joined, what was left over, why, and how well, in the files' own ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from riskaudit.artefacts.artefact import Part
from riskaudit.artefacts.linkage import LINK_TERMS, NEAR_LINKS, LinkageCheck, LinkageQuality
from riskaudit.artefacts.sheet import Sheet
from riskaudit.tables import WORD, Column, TableSpec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILE_LINKS", "FILE_NEAR_LINKS", "FILE_TERMS", "UNLINKED", "LinkedFiles"]

_OF_A_PAIR = (
    Column("spine_record_id", pa.string(), "the spine's record of the person, in the spine's own id"),
    Column("record_id", pa.string(), "the other file's record, in that file's own id"),
    Column("file", WORD, "the other file's name"),
)
_WEIGHT = Column(
    "match_weight", pa.float64(), "log2 Bayes factor of the pair; only the probabilistic step has one", "bits", True
)
_PROBABILITY = Column(
    "match_probability", pa.float64(),
    "chance that the pair is one person, by the model; only the probabilistic step has one", "probability", True,
)  # fmt: skip

FILE_LINKS = TableSpec(
    "links of files",
    "one row per record of a user's own file that was joined to a record of the spine",
    (
        *_OF_A_PAIR,
        Column("method", WORD, "what joined it: a pass of the cascade, or probabilistic"),
        _WEIGHT,
        _PROBABILITY,
    ),
)
UNLINKED = TableSpec(
    "unlinked records of files",
    "one row per record of a user's own file, the spine's left out, that was joined to nobody",
    (
        Column("record_id", pa.string(), "the record, in its file's own id"),
        Column("file", WORD, "the file's name"),
        Column("blank_fields", pa.string(), "the fields that it does not say, with commas between"),
    ),
)
FILE_NEAR_LINKS = TableSpec("near links of files", NEAR_LINKS.grain, (*_OF_A_PAIR, _WEIGHT, _PROBABILITY))
FILE_TERMS = TableSpec(
    "terms of links of files",
    LINK_TERMS.grain,
    (*_OF_A_PAIR, *(column for column in LINK_TERMS.columns if column.name not in ("record_id", "person_id"))),
)


@dataclass(frozen=True)
class LinkedFiles:
    """A user's own record files, linked. The tables hold record ids: whoever keeps the files keeps these as carefully.

    The `*_table` attributes are Arrow; `links`, `unlinked`, `near_links`, `terms`, `quality` and `without_truth` are the same
    as pandas.
    """

    stage: ClassVar[str] = "link"
    SCHEMA: ClassVar[str] = "riskaudit.link/1"

    links_table: pa.Table
    unlinked_table: pa.Table
    near_links_table: pa.Table
    terms_table: pa.Table
    measured: LinkageQuality | None
    """Missed and false matches; None where no file says who is who."""
    check: LinkageCheck
    guild: Sheet
    """The GUILD sheet. It is written by whoever renders it: see `parts`."""
    about: Mapping[str, Any]
    """What was linked, and how: title, spine, files with their counts, method, cautions, versions."""

    def __post_init__(self) -> None:
        FILE_LINKS.check(self.links_table)
        UNLINKED.check(self.unlinked_table)
        FILE_NEAR_LINKS.check(self.near_links_table)
        FILE_TERMS.check(self.terms_table)

    @property
    def links(self) -> pd.DataFrame:
        """Which record was joined to which record of the spine."""
        return self.links_table.to_pandas()

    @property
    def unlinked(self) -> pd.DataFrame:
        """Records that were joined to nobody."""
        return self.unlinked_table.to_pandas()

    @property
    def near_links(self) -> pd.DataFrame:
        """Pairs that a lower match probability would have linked."""
        return self.near_links_table.to_pandas()

    @property
    def terms(self) -> pd.DataFrame:
        """What each probabilistic link's weight is made of."""
        return self.terms_table.to_pandas()

    @property
    def quality(self) -> pd.DataFrame | None:
        """Missed and false matches as a tidy table; None where no file says who is who."""
        return self.measured.estimates.frame() if self.measured else None

    @property
    def without_truth(self) -> pd.DataFrame:
        """What can be said of the links without the truth, as a tidy table."""
        return self.check.estimates.frame()

    def document(self) -> dict[str, Any]:
        """Return everything but the single records as JSON can hold it, under a versioned schema."""
        quality = self.measured.estimates.table.to_pylist() if self.measured else None
        rows = {"quality": quality, "without_truth": self.check.estimates.table.to_pylist()}
        return {"schema": self.SCHEMA, "about": dict(self.about), **rows}

    def parts(self) -> dict[str, Part]:
        """Return the files: tables of records, the tidy tables, and the summary. The GUILD sheet is data, and no file yet."""
        files: dict[str, Part] = {
            "links.csv": self.links_table,
            "links.parquet": self.links_table,
            "unlinked.csv": self.unlinked_table,
            "near_links.csv": self.near_links_table,
            "terms.csv": self.terms_table,
            "link.json": self.document(),
        }
        quality: dict[str, Part] = {"quality.csv": self.measured.estimates} if self.measured else {}
        return files | quality | self.check.parts()
