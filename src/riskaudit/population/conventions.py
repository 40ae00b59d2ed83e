"""The naming-convention pools: where each one's names come from and how names pass from parents to children.

A pool is a way of naming. Which pools a group uses is the scenario's `naming` mix; nothing here goes from a name to a group.
All shares are assumptions: no source with UK figures was found. They are here because the mechanisms (a mother with another
surname, children named after a grandfather, two surnames, gendered endings) are what record linkage stumbles over.
"""

from __future__ import annotations

from dataclasses import dataclass

from riskaudit.population.vocabulary import PoolName

__all__ = ["CONVENTIONS", "SOUTH_ASIAN_SURNAMES", "Convention"]


@dataclass(frozen=True)
class Convention:
    """One way of naming. Shares are 0 to 1."""

    pool: PoolName
    locales: tuple[str, ...]
    """Faker person providers the lists come from; curated names, where there are any, are ranked before them."""
    mother_shares: float
    """Of mothers living with the father, the share who have his surname."""
    children_share: float
    """Of families, the share whose children have a parent's surname; the others are named after somebody else."""
    two_surnames: float = 0.0
    """Share of parents with two surnames."""
    joiner: str = " "
    """What stands between two surnames."""
    joined: float = 0.0
    """Of couples in which the mother does not take the father's surname, the share whose children have both, with a hyphen."""
    endings_of_women: tuple[tuple[str, str], ...] = ()
    """Surname endings that differ for women: (men's, women's)."""

    def as_a_woman_bears_it(self, surname: str) -> str:
        """Return a surname with the ending that a woman's has, in each part where there are two."""
        return "-".join(self._ending_as_a_womans(part) for part in surname.split("-"))

    def _ending_as_a_womans(self, surname: str) -> str:
        for of_men, of_women in self.endings_of_women:
            if surname.endswith(of_men):
                return surname.removesuffix(of_men) + of_women
        return surname


CONVENTIONS: tuple[Convention, ...] = (
    Convention(PoolName.EN_GB, ("en_GB",), 0.65, 0.97, two_surnames=0.03, joiner="-", joined=0.2),
    Convention(PoolName.EN_IE, ("en_IE",), 0.65, 0.97, two_surnames=0.02, joiner="-", joined=0.2),
    Convention(PoolName.PL_PL, ("pl_PL",), 0.8, 0.97, joined=0.15,
               endings_of_women=(("ski", "ska"), ("cki", "cka"), ("dzki", "dzka"))),
    Convention(PoolName.RO_RO, ("ro_RO",), 0.75, 0.97, two_surnames=0.03, joiner="-", joined=0.1),
    Convention(PoolName.PT_PT, ("pt_PT",), 0.3, 0.9, two_surnames=0.7),
    Convention(PoolName.ES_ES, ("es_ES",), 0.05, 0.85, two_surnames=0.9),
    Convention(PoolName.TR_TR, ("tr_TR",), 0.8, 0.97, joined=0.1),
    Convention(PoolName.FR_DZ, ("fr_DZ",), 0.3, 0.95, two_surnames=0.1, joiner="-", joined=0.1),
    Convention(PoolName.EN_IN, ("en_IN",), 0.65, 0.93, joined=0.1),
    Convention(PoolName.EN_PK, ("en_PK",), 0.35, 0.8, joined=0.05),
    Convention(PoolName.BANGLADESHI, (), 0.1, 0.55),
    Convention(PoolName.CHINESE, ("zh_CN",), 0.15, 0.97, joined=0.05),
    Convention(PoolName.EN_NG, ("en_NG", "yo_NG", "ig_NG"), 0.75, 0.95, two_surnames=0.03, joiner="-", joined=0.2),
    Convention(PoolName.TW_GH, ("tw_GH",), 0.6, 0.9, two_surnames=0.05, joiner="-", joined=0.2),
    Convention(PoolName.EN_KE, ("en_KE",), 0.5, 0.7, joined=0.05),
    Convention(PoolName.SOMALI, (), 0.0, 0.1),
)  # fmt: skip

# Faker's en_GB surnames are those of all of Britain. Left in, they would put South Asian surnames into a pool that stands for
# English-language naming; the en_IN, en_PK and bangladeshi pools hold them instead.
SOUTH_ASIAN_SURNAMES = frozenset(
    "Ahmed Akhtar Ali Begum Bibi Hussain Iqbal Kaur Khan Mahmood Miah Mistry Patel Rahman Shah Singh".split()  # noqa: SIM905
)
