"""The `[vignettes]` section: what the short stories vary, and in which words."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from riskaudit.scenario.section import FeatureId, Section

__all__ = ["VignetteAttribute", "VignetteLevel", "VignettesSection"]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class VignetteLevel(Section):
    """One level of an attribute: its words, and what it stands for."""

    text: Annotated[str, Field(min_length=1, max_length=400)]
    """The sentence a parent reads."""
    label: Annotated[str, Field(min_length=1, max_length=80)]
    """A short name for tables."""
    phone: Annotated[str, Field(max_length=300)] = ""
    """A shorter sentence for the telephone. Left out: `text`."""
    features: tuple[FeatureId, ...] = ()
    """Catalogue features the level stands for, when it is about particular records. Left out: the level stands for itself."""


class VignetteAttribute(Section):
    """One thing that varies between vignettes and is written in the scenario (purpose, holder, consequence, consent)."""

    label: Annotated[str, Field(min_length=1, max_length=80)]
    """The attribute's name on tables."""
    levels: Annotated[dict[Id, VignetteLevel], Field(min_length=2, max_length=6)]
    """The levels, by id."""

    @field_validator("levels")
    @classmethod
    def _told_apart(cls, value: dict[str, VignetteLevel]) -> dict[str, VignetteLevel]:
        first: dict[str, str] = {}
        for name, level in value.items():
            other = first.setdefault(level.text.strip(), name)
            if other != name:
                raise ValueError(f"{other} and {name} have the same text, so no answer can tell them apart")
        return value


class VignettesSection(Section):
    """What the vignettes vary, how many there are, and the scale parents answer on."""

    decks: Annotated[int, Field(ge=1, le=100)] = 10
    """How many decks (blocks). One respondent sees one deck."""
    per_deck: Annotated[int, Field(ge=1, le=12)] = 6
    """How many vignettes a deck has."""
    record_levels: Annotated[int, Field(ge=2, le=6)] = 5
    """How many records, each from a different agency, take turns as the one that counted most. From the explanation."""
    error_levels: Annotated[int, Field(ge=2, le=3)] = 3
    """How many statements of how often the list is wrong take turns. From the audit."""
    opening: Annotated[str, Field(min_length=1, max_length=300)] = (
        "Imagine a council links records about families, maybe yours. A computer makes a list."
    )
    """The sentences every vignette begins with. They say what is linked and that there is a list."""
    opening_phone: Annotated[str, Field(max_length=200)] = "Imagine a council links family records to make a list."
    """A shorter opening for the telephone. Empty: `opening`."""
    question: Annotated[str, Field(min_length=1, max_length=300)] = (
        "How acceptable is it to you that the council does this?"
    )
    """The question asked after each vignette."""
    scale: Annotated[tuple[str, ...], Field(min_length=2, max_length=11)] = (
        "Not at all acceptable", "Not very acceptable", "Neither", "Fairly acceptable", "Very acceptable",
    )  # fmt: skip
    """The answers, lowest first. They are numbered from 1."""
    attributes: Annotated[dict[Id, VignetteAttribute], Field(min_length=1, max_length=6)]
    """The attributes whose levels are written here. Two more come from the models: the record and the errors."""

    @field_validator("attributes")
    @classmethod
    def _reserved(cls, value: dict[str, VignetteAttribute]) -> dict[str, VignetteAttribute]:
        taken = sorted({"record", "errors"} & set(value))
        if taken:
            raise ValueError(
                f"{' and '.join(taken)} come from the models and cannot be written here; choose another id"
            )
        return value
