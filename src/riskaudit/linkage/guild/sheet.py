"""Write down how records were linked, in the order that Gilbert et al. (2018) ask for: the GUILD sheet."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc

from riskaudit.artefacts import (
    AgencyRecords,
    LinkageCheck,
    LinkageQuality,
    LinkageTrace,
    LinkedPeople,
    Sheet,
    SheetBlock,
    SheetPart,
    SheetTable,
)
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.guild.figures import in_words, percent, whole
from riskaudit.linkage.guild.method import how_linked, plain
from riskaudit.linkage.guild.parts import AGENCY, GUIDANCE, HARM, accuracy, figures_of_analysis, links_made, to_add
from riskaudit.linkage.identities import FIELDS
from riskaudit.linkage.people import PARENTS
from riskaudit.scenario import Agency, LinkageSection

__all__ = ["guild_sheet"]


def guild_sheet(
    records: AgencyRecords,
    linked: LinkedPeople,
    quality: LinkageQuality,
    asked: LinkageSection,
    spine: Agency,
    *,
    trace: LinkageTrace | None = None,
    check: LinkageCheck | None = None,
    synthetic: bool = True,
) -> Sheet:
    """Return the study's GUILD sheet: data provision, linkage, analysis and reporting, with its own figures.

    Parameters
    ----------
    records, linked, quality, asked, spine
        What was linked, how, how well, and which agency's list the people are.
    trace, check
        What the probabilistic step went by, and what the links show without the truth. Left out: so are their tables.
    synthetic
        Whether the records are made up. For somebody's own records the sheet lists what only they can add.

    References
    ----------
    Gilbert R, Lafferty R, Hagger-Johnson G, et al. (2018), GUILD: GUidance for Information about Linking Data sets. Journal
    of Public Health 40(1), 191-198.
    """
    checked = check.estimates if check else EstimateTable.concat([])
    parts = (
        _data_provision(records, spine, synthetic),
        _linkage(records, linked, quality, asked, spine, trace),
        _analysis(quality.estimates, checked, asked),
    )
    missing = () if synthetic else (to_add(),)
    return Sheet("How the records were linked", GUIDANCE, synthetic, (*parts, *missing))


def _data_provision(records: AgencyRecords, spine: Agency, synthetic: bool) -> SheetPart:
    rows = tuple(
        (
            f"{agency} (spine)" if agency == spine else agency,
            f"{len(people):,}",
            f"{len(records.events[agency]):,}",
            *(percent(_share_missing(people.column(field))) for field in _held(records)),
        )
        for agency, people in records.people.items()
    )
    made_up = (
        "Each agency holds a part of a synthetic population of families with children, and wrote identities down with errors "
        "that the scenario plants; they may differ by agency and group. No list need be complete, the spine's neither. The file "
        "provenance.md of the population says what families were made to match and what was assumed. Nobody was asked for "
        "consent: there is nobody; families who opt out are part of the scenario."
    )
    lead = (
        made_up
        if synthetic
        else "These records were brought from elsewhere. What is counted here is what the files hold."
    )
    heads = ("agency", "records", "events", *(f"no {plain(field)}" for field in _held(records)))
    note = "Shares of records without a field, before any cleaning. Events are what was written on records."
    blocks: tuple[SheetBlock, ...] = (
        SheetTable("What each agency holds", heads, rows, note),
        "Cleaning before linkage: names in small letters without accents, spaces or marks; numbers and postcodes without "
        "spaces or marks. Blank counts as missing, and two blanks never agree. Nothing is corrected and no record is dropped.",
        f"Used to link: {in_words(_held(records))}. Not used to link: ethnic group, deprivation, tenure and events. They are "
        "only looked at afterwards, to see whom errors fall on.",
    )
    return SheetPart("provision", "Data provision", lead, blocks)


def _held(records: AgencyRecords) -> list[str]:
    columns = {name for people in records.people.values() for name in people.column_names}
    return [field for field in FIELDS if field in columns]


def _linkage(
    records: AgencyRecords,
    linked: LinkedPeople,
    quality: LinkageQuality,
    asked: LinkageSection,
    spine: Agency,
    trace: LinkageTrace | None,
) -> SheetPart:
    parents = "; ".join(f"{p.role} {p.youngest} to {p.oldest} years older" for p in PARENTS)
    families = pc.count_distinct(linked.people.column("family_id")).as_py()
    lead = (
        f"One record of {spine} is one linked person: {len(linked.people):,} people in {families:,} linked families. Every other "
        "record is joined to at most one person, and a person to at most one record of each other agency."
    )
    measured: list[SheetBlock] = [*accuracy(quality.estimates, AGENCY)]
    blocks: list[SheetBlock] = [
        "A linked family is everyone whom the spine holds at one house and postcode as written; who lacks either is a family of "
        f"one. Parents are told by sex and by age at the eldest child's birth ({parents}: assumptions), so two mothers or two "
        "fathers are not seen as a couple.",
        *how_linked(asked, linked, trace, frozenset(_held(records))),
        links_made(records, linked, spine, AGENCY),
        *(measured or ["Accuracy was not measured: there was nothing to link, or the truth was not there."]),
        *whole(quality.estimates),
        "Every link carries its method and, where it has them, its match weight and probability: links.parquet. What each weight "
        "is made of is in terms.parquet, pairs nearly linked in near_links.parquet.",
    ]
    return SheetPart("linkage", "Linkage", lead, tuple(blocks))


def _analysis(quality: EstimateTable, checked: EstimateTable, asked: LinkageSection) -> SheetPart:
    lead = f"{HARM} counts, scores and error rates of that group shift with it, whatever model is used."
    blocks: tuple[SheetBlock, ...] = (
        *figures_of_analysis(quality, checked, AGENCY),
        f"Records were linked by the method {asked.method}. To see how much rests on linkage, run the study again with the "
        "methods cascade and perfect and compare. Records of people whom the spine does not hold cannot be "
        "linked rightly by any method.",
        "For a report: say how many records of each agency were linked and by what method; give missed and false matches by "
        "group beside every comparison of groups; say who is not on the spine; and say what changes at another threshold. "
        "Every figure here, by agency and group, is in quality.csv and without_truth.csv.",
    )
    return SheetPart("analysis", "Analysis and reporting", lead, blocks)


def _share_missing(column: Any) -> float | None:
    return column.null_count / len(column) if len(column) else None
