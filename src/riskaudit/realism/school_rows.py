"""Targets: school."""

from __future__ import annotations

from riskaudit.artefacts import Basis, Unit
from riskaudit.realism.target import Rate, Ratio, Share, Target, Topic, near

__all__ = ["SCHOOL"]

_EXCLUSIONS = "DfE permanent and fixed-period exclusions 2019/20"
_SEN = "DfE special educational needs, January 2024"
_SUPPORTED = "special_needs > 0 AND special_plan = 0"
_COVID = "in 2019/20 schools were shut for part of the year, and rates have risen since"


def _suspended(among: str) -> Rate:
    return Rate("suspensions", among=among, of="pupil")


_FREE, _OTHER, _BOYS, _GIRLS = (
    _suspended(among) for among in ("free_meals > 0", "free_meals = 0", "sex = 'M'", "sex = 'F'")
)


def _suspensions(which: str, label: str, rate: Rate, published: float, *needs: str) -> Target:
    return Target(
        id=f"suspensions_{which}",
        topic=Topic.SCHOOL,
        label=f"Suspensions, {label}",
        statement=f"Suspensions in a year for every 100 {label}",
        unit=Unit.PER_100,
        measure=rate,
        needs=("suspensions", *needs),
        published=published,
        published_for="England, 2019/20",
        band=near(published, 0.4 * published, f"two fifths: {_COVID}"),
        source=_EXCLUSIONS,
        group="free_meals" if needs else "sex",
        level=which,
    )


def _times(which: str, label: str, statement: str, ratio: Ratio, published: float, *needs: str) -> Target:
    return Target(
        id=f"suspensions_{which}",
        topic=Topic.SCHOOL,
        label=label,
        statement=statement,
        unit=Unit.TIMES,
        measure=ratio,
        needs=("suspensions", *needs),
        published=published,
        published_for="England, 2019/20",
        band=near(published, 0.25 * published, "a quarter: a ratio moves less than its rates when schools are shut"),
        source=_EXCLUSIONS,
        basis=Basis.DERIVED,
    )


SCHOOL: tuple[Target, ...] = (
    Target(
        id="free_school_meals",
        topic=Topic.SCHOOL,
        label="Free school meals",
        statement="Of pupils, those with free school meals",
        unit=Unit.SHARE,
        measure=Share("free_meals > 0", of="pupil"),
        needs=("free_meals",),
        published=0.246,
        published_for="England, 2024",
        band=near(0.246, 0.02, "it rose by 0.8 points in a year, so the year matters"),
        source="DfE Schools, pupils and their characteristics 2024",
        reading="counted at the last school census before the index date",
    ),
    Target(
        id="persistent_absence",
        topic=Topic.SCHOOL,
        label="Persistently absent",
        statement="Of pupils, those who missed a tenth or more of sessions in a year",
        unit=Unit.SHARE,
        measure=Share("round(missed, 6) >= 10", among="missed IS NOT NULL", of="pupil"),
        needs=("missed",),
        published=0.212,
        published_for="England, 2022/23",
        band=near(0.212, 0.03, "one year's figure after the pandemic, counted here over the terms of the last 12 months"),
        source="Ethnicity facts and figures, absence from school 2022/23",
    ),
    _suspensions("free_meals", "pupils with free meals", _FREE, 9.34, "free_meals"),
    _suspensions("other_pupils", "pupils without free meals", _OTHER, 2.58, "free_meals"),
    _suspensions("boys", "boys", _BOYS, 5.30),
    _suspensions("girls", "girls", _GIRLS, 2.16),
    _times(
        "ratio_free_meals", "Suspensions, free meals against none",
        "Suspensions of pupils with free school meals, as a multiple of those without", Ratio(_FREE, _OTHER), 3.62,
        "free_meals",
    ),
    _times(
        "ratio_boys", "Suspensions, boys against girls", "Suspensions of boys, as a multiple of girls'",
        Ratio(_BOYS, _GIRLS), 2.45,
    ),
    Target(
        id="sen_support",
        topic=Topic.SCHOOL,
        label="SEN support",
        statement="Of pupils, those with support for special educational needs",
        unit=Unit.SHARE,
        measure=Share(_SUPPORTED, of="pupil"),
        needs=("special_needs", "special_plan"),
        published=0.136,
        published_for="England, January 2024",
        band=near(0.136, 0.03, "only its beginning is recorded here, within the years that records go back"),
        source=_SEN,
    ),
    Target(
        id="sen_support_boys",
        topic=Topic.SCHOOL,
        label="SEN support: boys",
        statement="Of pupils with support for special educational needs, boys",
        unit=Unit.SHARE,
        measure=Share("sex = 'M'", among=_SUPPORTED, of="pupil"),
        needs=("special_needs", "special_plan"),
        published=0.646,
        published_for="England, January 2024",
        band=near(0.646, 0.05, "only its beginning is recorded here, within the years that records go back"),
        source=_SEN,
    ),
    Target(
        id="education_health_care_plan",
        topic=Topic.SCHOOL,
        label="Education, health and care plan",
        statement="Of pupils, those with an education, health and care plan",
        unit=Unit.SHARE,
        measure=Share("special_plan > 0", of="pupil"),
        needs=("special_plan",),
        published=0.048,
        published_for="England, January 2024",
        band=near(0.048, 0.01, "a fifth: only its beginning is recorded here, within the years that records go back"),
        source=_SEN,
    ),
    Target(
        id="education_health_care_plan_boys",
        topic=Topic.SCHOOL,
        label="Education, health and care plan: boys",
        statement="Of pupils with an education, health and care plan, boys",
        unit=Unit.SHARE,
        measure=Share("sex = 'M'", among="special_plan > 0", of="pupil"),
        needs=("special_plan",),
        published=0.731,
        published_for="England, January 2024",
        band=near(0.731, 0.05, "as for support"),
        source=_SEN,
    ),
)  # fmt: skip
