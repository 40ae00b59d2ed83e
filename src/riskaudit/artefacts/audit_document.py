"""`audit.json`: everything that an audit found, under a published schema that other programs can rely on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field

from riskaudit.artefacts.audit import ModelAudit

__all__ = ["AUDIT_SCHEMA", "AuditDocument", "audit_document", "audit_schema"]

AUDIT_SCHEMA = "riskaudit.audit/1"
_WITHHELD = ("statistic", "group", "level", "reference")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class _Number(_Part):
    estimate: float | None
    """The statistic; null where it is not defined or withheld. Never zero for want of a number."""
    lower: float | None
    """Lower end of its interval."""
    upper: float | None
    """Upper end of its interval."""
    n: Annotated[int, Field(ge=0)] | None
    """How many cases it is computed over; null where it is withheld."""
    suppressed: bool
    """True where the numbers are withheld because too few cases stand behind them."""


class EstimateRow(_Number):
    """One statistic for one group and level."""

    subject: str
    """What is measured: 'score:label'; of a what-if, the rule's id."""
    statistic: str
    """The statistic's standard name, such as false_positive_rate."""
    group: str
    """The characteristic, an intersection of some ("ethnicity × tenure"), or "all"."""
    level: str
    """One value of the characteristic, or "all"."""
    reference: str
    """What it is compared with, for differences and ratios; empty for plain statistics."""
    std_error: float | None
    """Its standard error, where the method has one."""
    method: str
    """How the interval was made."""
    note: str
    """Why a number is missing, or what to keep in mind."""


class CurveRow(EstimateRow):
    """One statistic for one group and level at one place on a curve."""

    curve: str
    """Which curve."""
    at: float
    """Where on it: a score, the lower edge of a band, or a share that is supposed."""


class VerdictRow(_Number):
    """One limit of the policy for one group and level."""

    limit: str
    """The limit's name in the policy."""
    verdict: Literal["pass", "finding", "not enough evidence", "withheld"]
    """What the interval says; "withheld" in a copy for release, where it would tell a number that is withheld."""
    statistic: str
    """The statistic that is limited."""
    compare: Literal["value", "difference", "ratio"]
    """What of it is limited."""
    group: str
    """The characteristic, or "all"."""
    level: str
    """The level held against the limit."""
    reference: str
    """What it is compared with; empty for a value."""
    minimum: float | None
    """The least that is allowed."""
    maximum: float | None
    """The most that is allowed."""
    why: str
    """What decided, in words."""


class UndefinedRow(_Part):
    """One statistic that is not defined."""

    subject: str
    statistic: str
    group: str
    level: str
    note: str
    """What is absent."""


class WithheldRow(_Part):
    """One statistic that is withheld."""

    statistic: str
    group: str
    level: str
    reference: str


class About(BaseModel):
    """What was audited. Further keys may come with further options."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    source: str
    """The file's name."""
    synthetic: bool | None
    """Whether the families are made up; null where riskaudit cannot know."""
    unit: str
    """What one row is."""
    rows: Annotated[int, Field(ge=0)]
    """How many rows were read."""
    labels: list[str]
    """Columns with an outcome."""
    groups: list[str]
    """Columns that the rows are split by."""
    missing: dict[str, int | str]
    """Column -> how many of its values are missing; "withheld" where that would tell a number that is withheld."""
    flagged: dict[str, int]
    """What flags -> how many it flags."""
    flag_rule: str
    """Who is flagged, in words."""
    confidence: float
    """Nominal coverage of every interval. Probability, 0 to 1."""
    notes: list[str]
    """What a reader must know."""


class AuditDocument(_Part):
    """An audit as one JSON document."""

    schema_: Annotated[Literal["riskaudit.audit/1"], Field(alias="schema")]
    """This schema's name and version: another once a key is taken away or means something else, not when one is added."""
    riskaudit: str
    """The version of riskaudit that wrote it."""
    label: Literal["PRIVATE", "SYNTHETIC", "RELEASE COPY"]
    """PRIVATE: complete, made from data that somebody brought. RELEASE COPY: what rests on too few cases is withheld."""
    about: About
    """What was audited."""
    verdicts: list[VerdictRow]
    """Each limit of the policy; empty without one."""
    estimates: list[EstimateRow]
    """Every statistic."""
    curves: list[CurveRow]
    """What is measured along something."""
    what_if: list[EstimateRow]
    """What other rules of who is flagged would change; empty where nobody asked."""
    undefined: list[UndefinedRow]
    """Statistics that are not defined, and why."""
    withheld: list[WithheldRow]
    """Statistics that are withheld."""


def audit_document(audit: ModelAudit, version: str) -> dict[str, Any]:
    """Return an audit as JSON can hold it, as `AuditDocument` describes it.

    Parameters
    ----------
    version
        The version of riskaudit that writes it.
    """
    about = dict(audit.about)
    undefined = about.pop("undefined", [])
    about.pop("schema", None)
    hidden = audit.table.table.filter(audit.table.table["suppressed"])
    return {
        "schema": AUDIT_SCHEMA,
        "riskaudit": version,
        "label": _label(about),
        "about": about,
        "verdicts": _rows(audit.verdicts),
        "estimates": _rows(audit.table.table),
        "curves": _rows(audit.curves),
        "what_if": _rows(audit.what_if.table),
        "undefined": undefined,
        "withheld": hidden.select(list(_WITHHELD)).to_pylist(),
    }


def audit_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `audit.json`."""
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": AUDIT_SCHEMA}
    return named | {key: value for key, value in AuditDocument.model_json_schema().items() if key != "title"}


def _label(about: Mapping[str, Any]) -> str:
    if about.get("release"):
        return "RELEASE COPY"
    return "SYNTHETIC" if about.get("synthetic") is True else "PRIVATE"


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    """Return rows as dictionaries, with no n where numbers are withheld."""
    at = table.schema.get_field_index("n")
    shown = pc.if_else(table["suppressed"], pa.scalar(None, pa.int64()), table["n"])
    rows: list[dict[str, Any]] = table.set_column(at, pa.field("n", pa.int64()), shown).to_pylist()
    return rows
