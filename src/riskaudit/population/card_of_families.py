"""The part of the provenance card about families: who they are, how they live, what they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from riskaudit.scenario import PopulationSection

__all__ = ["card_of_families", "in_words", "table"]


def card_of_families(population: PopulationSection) -> str:
    """Return what families were made to match and what was assumed, as Markdown."""
    return "\n\n".join([_groups(population), _households(), _poverty(population), _needs(population)])


def in_words(weights: dict[str, float]) -> str:
    """Return names and their weights as running text."""
    return ", ".join(f"{name} {weight:g}" for name, weight in weights.items()) or "none"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a pipe table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def _groups(population: PopulationSection) -> str:
    rows = [
        (
            group.label, group.broad_label, group.share, group.most_deprived_40, group.social_rented, group.lone_parent,
            group.english, group.need_gradient, in_words(group.naming),
        )
        for group in population.groups.values()
    ]  # fmt: skip
    heads = (
        "group", "broad group", "share of children", "most deprived 40%", "social renters", "one parent", "English at home",
        "own need gradient", "naming pools",
    )  # fmt: skip
    return (
        "Shares come from the scenario, whose comments name their sources; families meet them in expectation. Family size is "
        "the same in every group, and deprivation is even within the most deprived 40% and outside it. Of families' differences "
        f"in deprivation, {population.area_difference:.0%} lies between areas of {population.area_families:,} families.\n\n"
        f"{table(heads, rows)}"
    )


def _households() -> str:
    from riskaudit.population.families import TWO_HOMES
    from riskaudit.population.history import EVER_TOGETHER, STAYS
    from riskaudit.population.members import ARRANGEMENTS
    from riskaudit.population.world import FAMILY_TYPES, RESIDENCES, ROLES

    rows = [
        (FAMILY_TYPES[one.kind], " and ".join(ROLES[role] for role in one.adults), _yes(one.lone), f"{one.share:.1%}")
        for one in ARRANGEMENTS
    ]
    stays = ", ".join(f"{RESIDENCES[kind]} {share:.0%} of those with {need.value}" for need, kind, share in STAYS)
    heads = ("family type", "children live with", "one parent", "share of families with one parent, or of the others")
    return (
        "How families live is assumed, but for the share of lone parents who are mothers (ONS, Families and households, United "
        f"Kingdom 2022). {TWO_HOMES:.0%} of families with a parent who lives elsewhere have children with two homes, and "
        f"{EVER_TOGETHER:.0%} of those parents once lived together. Stays where families ever had the need: {stays}. Disability, "
        "ages, languages, moves and changes of surname are assumptions too.\n\n"
        f"{table(heads, rows)}"
    )


def _poverty(population: PopulationSection) -> str:
    asked = population.poverty
    return (
        f"Poverty is relative low income after housing costs. It is calibrated to {asked.children:.0%} of children, and jointly "
        f"to {asked.lone_parent:.0%} of lone parents' children, {asked.three_or_more:.0%} in families with three or more, "
        f"{asked.disability:.0%} in families with a disabled person, and by broad group {in_words(asked.groups)} (others: the "
        "share of all children). Where the groups' shares do not add up to the total, the odds of all groups are moved alike "
        "until they do, so that each group comes out a little off its own share."
    )


def _needs(population: PopulationSection) -> str:
    need = population.need
    rows = [
        (name.value, one.prevalence, one.deprivation, one.lone_parent, one.poverty, one.disability, one.weight)
        for name, one in need.domains.items()
    ]
    odds = "log odds ratio"
    heads = (
        "need", "share of families", f"{odds}, deprivation", f"{odds}, one parent", f"{odds}, poverty", f"{odds}, disability",
        "weight in risk",
    )  # fmt: skip
    return (
        "Needs are assumptions of the scenario. They depend on deprivation, lone parenthood, poverty and disability, on ethnic "
        "group only through a group's own need gradient, and on what a family's needs share (standard deviation in log odds "
        f"{need.shared:g}); need that no record shows has a standard deviation of {need.unexplained:g}. "
        f"{need.child_in_need:.1%} of children are truly in need of help; serious harm comes to "
        f"{need.harmed_in_need:.1%} of them and {need.harmed_otherwise:.1%} of the others. Needs that ended before the index "
        f"date leave events behind.\n\n{table(heads, rows)}"
    )
