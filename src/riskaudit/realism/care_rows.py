"""Targets: children's social care, emergency departments, and how both go with deprivation."""

from __future__ import annotations

from riskaudit.artefacts import Basis, Unit
from riskaudit.realism.groups import one_of
from riskaudit.realism.target import BetweenAreas, Rate, Ratio, Share, Target, Topic, at_least, near

__all__ = ["CARE"]

_CWIP = "Child Welfare Inequalities Project, December 2018"
_BYWATERS = "Bywaters and others 2017"
_DEPRIVED = "deprivation_decile <= 4"
_THERE = ", within the most deprived 40% of neighbourhoods"
_OPEN = "on the index date: its end not yet recorded"
_IN_CARE = "came into care and, where a study records that, has not left it"


# Few children of these groups are in care in 18 local authorities, or in 200,000 families: neither rate can be told apart from
# one half as high again.
_WHY_SO_WIDE = {
    0.25: "18 local authorities, not a country",
    0.5: "18 local authorities, and a group with few children in care in them",
    1.0: "18 local authorities, and next to no children of the group in care in them",
}


def _care(which: str, label: str, among: str, published: float, tolerance: float = 0.25, *, where: str = "") -> Target:
    return Target(
        id=f"in_care_{which}",
        topic=Topic.SOCIAL_CARE,
        label=f"In care: {label}" + (", most deprived 40%" if where else ""),
        statement=f"Children in care for every 10,000 {label} children{where}",
        unit=Unit.PER_10000,
        measure=Share("in_care > 0", among=among),
        needs=("in_care",),
        published=published,
        published_for="18 local authorities, 2018",
        band=near(published, tolerance * published, f"{tolerance:.0%} of the rate: {_WHY_SO_WIDE[tolerance]}"),
        source=_CWIP,
        group="ethnicity",
        level=which,
        reading=_IN_CARE,
    )


def _reversal(which: str, label: str, where: str, among: str, published: float, low: float, high: float) -> Target:
    return Target(
        id=f"in_care_black_white{which}",
        topic=Topic.SOCIAL_CARE,
        label=f"In care, Black against White{label}",
        statement=f"Care rate of Black children as a multiple of White children's{where}",
        unit=Unit.TIMES,
        measure=Ratio(
            Share("in_care > 0", among=f"broad = 'black' AND {among}"),
            Share("in_care > 0", among=f"broad = 'white' AND {among}"),
        ),
        needs=("in_care",),
        published=published,
        published_for="18 local authorities, 2018",
        band=near((low + high) / 2, (high - low) / 2, "on its own side of 1: the reversal is what matters"),
        source=_CWIP,
        basis=Basis.DERIVED,
        reading=_IN_CARE,
    )


def _gradient(which: str, label: str, counted: str, reading: str) -> Target:
    return Target(
        id=f"gradient_{which}",
        topic=Topic.GRADIENT,
        label=f"{label}, most against least deprived",
        statement=f"{label}: rate in the most deprived tenth of neighbourhoods as a multiple of the least deprived tenth's",
        unit=Unit.TIMES,
        measure=Ratio(
            Share(f"{counted} > 0", among="deprivation_decile = 1"),
            Share(f"{counted} > 0", among="deprivation_decile = 10"),
        ),
        needs=(counted,),
        published=10.0,
        published_text="more than 10 times",
        published_for="England, 2017",
        band=at_least(10.0, 1.0, "published as more than ten times, without an upper end"),
        source=_BYWATERS,
        reading=reading,
    )


CARE: tuple[Target, ...] = (
    Target(
        id="children_in_need",
        topic=Topic.SOCIAL_CARE,
        label="Children in need",
        statement="Children recorded as in need on one day, for every 10,000 children",
        unit=Unit.PER_10000,
        measure=Share("in_need > 0"),
        needs=("in_need",),
        published=332.9,
        published_for="England, 31 March 2024",
        band=near(332.9, 50.0, "15%: the rate has moved by 4% in four years, and councils differ far more than that"),
        source="DfE Children in need 2024",
        reading=_OPEN,
    ),
    Target(
        id="child_protection_plans",
        topic=Topic.SOCIAL_CARE,
        label="Child protection plans",
        statement="Children on a child-protection plan on one day, for every 10,000 children",
        unit=Unit.PER_10000,
        measure=Share("on_plan > 0"),
        needs=("on_plan",),
        published=42.8,
        published_for="England, 31 March 2020",
        band=near(42.8, 8.5, "20%: the figure is from 2020"),
        source="DfE Characteristics of children in need 2020",
        reading=_OPEN,
    ),
    _care("asian", "Asian", "broad = 'asian'", 22.0),
    _care("white", "White", "broad = 'white'", 64.0),
    _care("black", "Black", "broad = 'black'", 87.0),
    _care("indian", "Indian", one_of("indian"), 6.0, 1.0),
    _care("pakistani", "Pakistani", one_of("pakistani"), 20.0, 0.5),
    _care("bangladeshi", "Bangladeshi", one_of("bangladeshi"), 45.0, 0.5),
    _care("black_african", "Black African", one_of("black_african"), 74.0),
    _care("black_caribbean", "Black Caribbean", one_of("black_caribbean"), 129.0, 0.5),
    _care("black_deprived", "Black", f"broad = 'black' AND {_DEPRIVED}", 91.0, where=_THERE),
    _care("white_deprived", "White", f"broad = 'white' AND {_DEPRIVED}", 120.0, where=_THERE),
    _reversal("", ", all", "", "true", 1.36, 1.05, 1.75),
    _reversal(
        "_deprived", ", most deprived 40%", _THERE, _DEPRIVED, 0.76, 0.55, 0.97
    ),
    Target(
        id="infant_emergency_attendances",
        topic=Topic.HEALTH,
        label="A&E attendances of infants",
        statement="Attendances at accident and emergency for every 1,000 infants in a year",
        unit=Unit.PER_1000,
        measure=Rate("infant_emergencies", among="infant_days > 0", per="infant_days", each=365.25),
        needs=("infant_emergencies",),
        published=720.0,
        published_for="England, births 2012 to 2019",
        band=near(720.0, 110.0, "15%: the rate rose to 819 in 2018/19"),
        source="BMC Health Services Research 2022",
        reading="counted over the last 12 months; n is years lived under the age of one",
    ),
    _gradient("child_protection_plans", "Child protection plans", "on_plan", _OPEN),
    _gradient("in_care", "Children in care", "in_care", _IN_CARE),
    Target(
        id="inverse_intervention",
        topic=Topic.GRADIENT,
        label="Less deprived areas, at equal deprivation",
        statement=(
            "Child-protection plans in the less deprived half of areas as a multiple of the more deprived half's, at equal "
            "deprivation of the neighbourhood"
        ),
        unit=Unit.TIMES,
        measure=BetweenAreas("on_plan > 0"),
        needs=("on_plan",),
        published_text="more than 1: the inverse intervention law",
        published_for="England, 2017",
        band=at_least(1.0, 1.0, "only the direction is published"),
        source=_BYWATERS,
        reading=_OPEN,
    ),
)  # fmt: skip
