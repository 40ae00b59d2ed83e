"""Targets: who pupils are, who lives where, and which children are poor."""

from __future__ import annotations

from riskaudit.artefacts import Basis, Unit
from riskaudit.realism.groups import BROAD, one_of
from riskaudit.realism.target import Share, Target, Topic, near

__all__ = ["FAMILY"]

_PUPILS = "DfE school census 2024/25"
_CENSUS = "Census 2021, reported March 2023"
_POVERTY = "HBAI 2021/22, CPAG 23 March 2023"

_LONE = "family_type IN ('lone_mother', 'lone_father')"


def _pupils(group: str, label: str, among: str, published: float, tolerance: float, basis: Basis) -> Target:
    return Target(
        id=f"pupils_{group}",
        topic=Topic.PUPILS,
        label=label[0].upper() + label[1:],
        statement=f"Of pupils, those of {label} ethnic groups",
        unit=Unit.SHARE,
        # of everybody, in a study that has the group at all
        measure=Share(among, among=f"EXISTS (SELECT 1 FROM family WHERE {among})"),
        published=published,
        published_for="England, 2024/25",
        band=near(published, tolerance, "published to one decimal; a scenario rounds and puts small groups together"),
        source=_PUPILS,
        basis=basis,
        group="ethnicity",
        level=group,
        reading="counted over all children, pupils or not",
    )


def _deprived(group: str, label: str) -> Target:
    return Target(
        id=f"most_deprived_40_{group}",
        topic=Topic.HOMES,
        label=f"{label} children, most deprived 40%",
        statement=f"Of {label} children, those in the most deprived 40% of neighbourhoods",
        unit=Unit.SHARE,
        measure=Share("deprivation_decile <= 4", among=one_of(group)),
        published=0.75,
        published_text="about three quarters",
        published_for="England, 2018",
        band=near(0.75, 0.05, "published in words: about three quarters"),
        source="Nuffield Foundation 2018",
        group="ethnicity",
        level=group,
    )


def _social(group: str, label: str, among: str, published: float) -> Target:
    small = published < 0.1
    return Target(
        id=f"social_rented_{group}",
        topic=Topic.HOMES,
        label=f"{label}, social housing",
        statement=f"Of {label} people, those in social housing",
        unit=Unit.SHARE,
        measure=Share("tenure = 'social_rented'", among=among, of="person"),
        published=published,
        published_for="England and Wales, 2021",
        band=near(
            published,
            0.03 if small else 0.05,
            "published for people of all ages, counted here in families with children",
        ),
        source=_CENSUS,
        group="ethnicity",
        level=group,
    )


def _poor(which: str, label: str, among: str, published: float, needs: tuple[str, ...] = ()) -> Target:
    return Target(
        id=f"child_poverty_{which}",
        topic=Topic.POVERTY,
        label=label,
        statement=f"In relative poverty after housing costs: {label}",
        unit=Unit.SHARE,
        measure=Share("in_poverty", among=among),
        needs=("families.in_poverty", *needs),
        published=published,
        published_for="United Kingdom, 2021/22",
        band=near(published, 0.03, "a survey estimate for the United Kingdom, published in whole percent"),
        source=_POVERTY,
        group="ethnicity" if which in set(BROAD.values()) else "all" if which == "all" else "family",
        level=which,
    )


_SEEN, _SUM = Basis.PUBLISHED, Basis.DERIVED

FAMILY: tuple[Target, ...] = (
    _pupils("asian", "Asian", "broad = 'asian'", 0.138, 0.01, _SUM),
    _pupils("black", "Black", "broad = 'black'", 0.069, 0.01, _SUM),
    _pupils("mixed", "Mixed", "broad = 'mixed'", 0.072, 0.01, _SUM),
    _pupils("indian", "Indian", one_of("indian"), 0.042, 0.005, _SEEN),
    _pupils("pakistani", "Pakistani", one_of("pakistani"), 0.047, 0.005, _SEEN),
    _pupils("bangladeshi", "Bangladeshi", one_of("bangladeshi"), 0.018, 0.005, _SEEN),
    _pupils("black_african", "Black African", one_of("black_african"), 0.052, 0.005, _SEEN),
    _pupils("black_caribbean", "Black Caribbean", one_of("black_caribbean"), 0.009, 0.004, _SEEN),
    _pupils("chinese", "Chinese", one_of("chinese"), 0.008, 0.004, _SEEN),
    _pupils("other", "other", "broad = 'other'", 0.025, 0.01, _SEEN),
    Target(
        id="lone_parents_mothers",
        topic=Topic.HOMES,
        label="Lone parents who are mothers",
        statement="Of families with one parent, those headed by the mother",
        unit=Unit.SHARE,
        measure=Share("family_type = 'lone_mother'", among=_LONE, of="family"),
        published=0.84,
        published_for="United Kingdom, 2022",
        band=near(0.84, 0.03, "published for lone parents with children of any age"),
        source="ONS Families and households 2022",
    ),
    _deprived("bangladeshi", "Bangladeshi"),
    _deprived("pakistani", "Pakistani"),
    _deprived("black_african", "Black African"),
    _deprived("black_caribbean", "Black Caribbean"),
    _social("black", "Black", "broad = 'black'", 0.44),
    _social("gypsy_irish_traveller", "Gypsy or Irish Traveller", one_of("gypsy_irish_traveller"), 0.44),
    _social("bangladeshi", "Bangladeshi", one_of("bangladeshi"), 0.34),
    _social("mixed", "Mixed", "broad = 'mixed'", 0.27),
    _social("white_british", "White British", one_of("white_british", "white"), 0.16),
    _social("pakistani", "Pakistani", one_of("pakistani"), 0.13),
    _social("chinese", "Chinese", one_of("chinese"), 0.08),
    _social("indian", "Indian", one_of("indian"), 0.05),
    _poor("all", "All children", "true", 0.29),
    _poor("asian", "Asian children", "broad = 'asian'", 0.47),
    _poor("black", "Black children", "broad = 'black'", 0.53),
    _poor("white", "White children", "broad = 'white'", 0.25),
    _poor("lone_parent", "Children of lone parents", _LONE, 0.44),
    _poor("three_children", "Children in families of three or more", "children >= 3", 0.42),
    _poor("disability", "Children in families with disability", "disability", 0.36, ("families.disability",)),
)
