"""The ethnic groups of a population, and those of the default one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from riskaudit.scenario.section import Section, Share

__all__ = ["EthnicGroup", "default_groups"]


class EthnicGroup(Section):
    """One ethnic group of the population: its size, where and how its families live, how its names are made."""

    label: Annotated[str, Field(min_length=1, max_length=60)]
    """The group's name on reports."""
    broad: Annotated[str, Field(max_length=60)] = ""
    """The broader grouping of published tables, such as Asian, Black, Mixed or White. Left out: a group of its own."""
    share: Share
    """Share of children. The shares of all groups sum to 1."""
    most_deprived_40: Share = 0.4
    """Share of families who live in the most deprived 40% of neighbourhoods."""
    social_rented: Share = 0.17
    """Share of families who rent from a council or housing association."""
    lone_parent: Share = 0.22
    """Share of families with one parent."""
    english: Share = 1.0
    """Share of families whose main language at home is English."""
    need_gradient: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """Added to every need's log odds ratio of the most against the least deprived tenth: how far the group's own differs."""
    naming: Annotated[dict[str, Annotated[float, Field(gt=0)]], Field(min_length=1)] = {"en_GB": 1.0}
    """Naming-convention pools and their weights. A pool is a way of naming, never a test of who somebody is."""

    @property
    def broad_label(self) -> str:
        """The name of the broader grouping; the group's own where it has none."""
        return self.broad or self.label


def default_groups() -> dict[str, EthnicGroup]:
    """Return the groups of Census 2021. `scenarios/early_help.toml` gives each figure's source, or says assumption."""
    return {
        name: EthnicGroup(
            label=label, broad=broad, share=share, most_deprived_40=most_deprived_40, social_rented=social_rented,
            lone_parent=lone_parent, english=english, naming=naming,
        )
        for name, label, broad, share, most_deprived_40, social_rented, lone_parent, english, naming in _DEFAULT
    }  # fmt: skip


_Row = tuple[str, str, str, float, float, float, float, float, dict[str, float]]

# id, label, broad grouping, then shares: of children; in the most deprived 40%; renting socially; one parent; English at home.
_DEFAULT: tuple[_Row, ...] = (
    ("white_british", "White British", "White",
     0.613, 0.35, 0.16, 0.23, 0.99, {"en_GB": 1.0}),
    ("white_irish", "White Irish", "White",
     0.003, 0.35, 0.14, 0.22, 0.98, {"en_IE": 0.7, "en_GB": 0.3}),
    ("gypsy_irish_traveller", "Gypsy or Irish Traveller", "White",
     0.002, 0.60, 0.44, 0.30, 0.95, {"en_IE": 0.6, "en_GB": 0.4}),
    ("roma", "Roma", "White",
     0.004, 0.70, 0.25, 0.25, 0.30, {"ro_RO": 1.0}),
    ("other_white", "Other White", "White",
     0.074, 0.42, 0.10, 0.17, 0.45, {"pl_PL": 0.4, "ro_RO": 0.25, "en_GB": 0.1, "pt_PT": 0.1, "es_ES": 0.05, "tr_TR": 0.1}),
    ("mixed_white_black_caribbean", "Mixed White and Black Caribbean", "Mixed",
     0.016, 0.55, 0.27, 0.45, 0.98, {"en_GB": 1.0}),
    ("mixed_white_black_african", "Mixed White and Black African", "Mixed",
     0.010, 0.52, 0.27, 0.38, 0.90, {"en_GB": 0.5, "en_NG": 0.4, "tw_GH": 0.1}),
    ("mixed_white_asian", "Mixed White and Asian", "Mixed",
     0.017, 0.40, 0.27, 0.25, 0.88, {"en_GB": 0.5, "en_IN": 0.3, "en_PK": 0.2}),
    ("other_mixed", "Other Mixed", "Mixed",
     0.029, 0.45, 0.27, 0.30, 0.85, {"en_GB": 0.6, "es_ES": 0.1, "en_NG": 0.1, "chinese": 0.1, "fr_DZ": 0.1}),
    ("indian", "Indian", "Asian",
     0.042, 0.35, 0.05, 0.10, 0.60, {"en_IN": 1.0}),
    ("pakistani", "Pakistani", "Asian",
     0.047, 0.75, 0.13, 0.15, 0.60, {"en_PK": 1.0}),
    ("bangladeshi", "Bangladeshi", "Asian",
     0.018, 0.75, 0.34, 0.15, 0.50, {"bangladeshi": 1.0}),
    ("chinese", "Chinese", "Asian",
     0.008, 0.30, 0.08, 0.12, 0.35, {"chinese": 1.0}),
    ("other_asian", "Other Asian", "Asian",
     0.023, 0.42, 0.14, 0.14, 0.40, {"en_IN": 0.5, "en_PK": 0.3, "chinese": 0.2}),
    ("black_african", "Black African", "Black",
     0.052, 0.75, 0.44, 0.40, 0.65, {"en_NG": 0.6, "tw_GH": 0.2, "somali": 0.2}),
    ("black_caribbean", "Black Caribbean", "Black",
     0.009, 0.75, 0.44, 0.50, 0.99, {"en_GB": 1.0}),
    ("other_black", "Other Black", "Black",
     0.008, 0.60, 0.44, 0.45, 0.75, {"en_GB": 0.5, "en_NG": 0.3, "somali": 0.2}),
    ("arab", "Arab", "Other",
     0.009, 0.60, 0.25, 0.18, 0.30, {"fr_DZ": 1.0}),
    ("other", "Any other ethnic group", "Other",
     0.016, 0.50, 0.22, 0.20, 0.40, {"fr_DZ": 0.4, "tr_TR": 0.3, "en_PK": 0.2, "es_ES": 0.1}),
)  # fmt: skip
