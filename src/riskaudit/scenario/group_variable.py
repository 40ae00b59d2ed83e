"""The family characteristics that an audit can split by."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["GroupVariable"]


class GroupVariable(StrEnum):
    """The family characteristics that a study's audit can split by."""

    ETHNICITY = "ethnicity"
    ETHNIC_DETAIL = "ethnicity_detail"
    DEPRIVATION = "deprivation"
    FAMILY_TYPE = "family_type"
    TENURE = "tenure"
    FAMILY_SIZE = "family_size"
