"""Write down how somebody's own files were linked, in the order that Gilbert et al. (2018) ask for: the GUILD sheet."""

from __future__ import annotations

from riskaudit.artefacts import (
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
from riskaudit.linkage.brought.records import BroughtRecords
from riskaudit.linkage.guild.figures import in_words, percent, whole
from riskaudit.linkage.guild.method import how_linked, plain
from riskaudit.linkage.guild.parts import FILE, GUIDANCE, HARM, accuracy, figures_of_analysis, links_made, to_add
from riskaudit.scenario import IdentityField

__all__ = ["files_guild_sheet"]


def files_guild_sheet(
    brought: BroughtRecords,
    linked: LinkedPeople,
    trace: LinkageTrace,
    quality: LinkageQuality | None,
    check: LinkageCheck,
) -> Sheet:
    """Return the GUILD sheet of a linkage of somebody's own files. It names no record.

    Parameters
    ----------
    brought, linked, trace
        The files as linkage took them, who was joined to whom, and what the probabilistic step went by.
    quality
        Missed and false matches; None where no file says who is who.
    check
        What the links show without the truth.

    References
    ----------
    Gilbert R, Lafferty R, Hagger-Johnson G, et al. (2018), GUILD: GUidance for Information about Linking Data sets. Journal
    of Public Health 40(1), 191-198.
    """
    measured = quality.estimates if quality else EstimateTable.concat([])
    parts = (
        _data_provision(brought),
        _linkage(brought, linked, trace, measured),
        _analysis(measured, check.estimates),
        to_add(),
    )
    title = f"How the records were linked: {brought.asked.link.title}"
    return Sheet(title, f"{GUIDANCE}. It describes real records without naming any", False, parts)


def _data_provision(brought: BroughtRecords) -> SheetPart:
    spine = brought.asked.link.spine
    rows = tuple(
        (
            f"{name} (spine)" if name == spine else name,
            file.file,
            f"{_size(brought, name):,}",
            file.about or "to be written by whoever holds the data",
        )
        for name, file in brought.asked.files.items()
    )
    held = [field for field in IdentityField if any(field in file.fields for file in brought.asked.files.values())]
    blank = tuple((name, *(_blank(brought, name, field) for field in held)) for name in brought.asked.files)
    unread = tuple((one.where, one.what) for one in brought.cautions)
    note = "Shares of records in which a field is blank or cannot be read, before any cleaning."
    blocks: list[SheetBlock] = [
        SheetTable("What each file is", ("file", "name", "records", "what it is, whom it covers, and when"), rows),
        SheetTable("What each file says of people", ("file", *(f"no {plain(field)}" for field in held)), blank, note),
        *([SheetTable("What could not be read", ("where", "what"), unread)] if unread else []),
        "Cleaning before linkage: names in small letters without accents, spaces or marks; numbers, houses and postcodes without "
        "spaces or marks. Blank counts as missing, and two blanks never agree. Nothing is corrected and no record is dropped.",
        f"Used to link: {in_words(held)}. Groups and truth were not used to link.",
    ]
    lead = "These records were brought from elsewhere. What is counted here is what the files hold."
    return SheetPart("provision", "Data provision", lead, tuple(blocks))


def _linkage(brought: BroughtRecords, linked: LinkedPeople, trace: LinkageTrace, quality: EstimateTable) -> SheetPart:
    spine, asked = brought.asked.link.spine, brought.asked.linkage
    used = frozenset(field.value for fields in brought.compared.values() for field in fields)
    found = accuracy(quality, FILE)
    judged = "Accuracy is told against the files' own truth columns. By group and for every measure: quality.csv."
    unjudged = "Accuracy was not measured: no file says who is who. What can be said without is in without_truth.csv."
    lead = (
        f"One record of {spine} is one person. A record is joined to at most one record of the spine, and a record of the spine "
        "to at most one record of each other file."
    )
    blocks: list[SheetBlock] = [
        *how_linked(asked, linked, trace, used),
        links_made(brought.records, linked, spine, FILE),
        judged if found else unjudged,
        *found,
        *whole(quality),
        "Every link carries its method and, where it has them, its match weight and probability: links.csv. What each weight is "
        "made of is in terms.csv, pairs nearly linked in near_links.csv, records joined to nobody in unlinked.csv.",
    ]
    return SheetPart("linkage", "Linkage", lead, tuple(blocks))


def _analysis(quality: EstimateTable, checked: EstimateTable) -> SheetPart:
    blocks: tuple[SheetBlock, ...] = (
        *figures_of_analysis(quality, checked, FILE),
        "Say in every report how records were linked, who was left out, and how results change with the match probability.",
    )
    return SheetPart(
        "analysis", "Analysis and reporting", f"{HARM} counts and rates of that group shift with it.", blocks
    )


def _size(brought: BroughtRecords, name: str) -> int:
    return int(brought.records.people[name].num_rows)


def _blank(brought: BroughtRecords, name: str, field: IdentityField) -> str:
    if field not in brought.asked.files[name].fields:
        return "no column"
    return percent(brought.records.people[name].column(field.value).null_count / _size(brought, name))
