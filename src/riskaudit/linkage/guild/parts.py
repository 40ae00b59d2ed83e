"""What every GUILD sheet has, whoever's records were linked: its name, links made, accuracy, and what is left to write."""

from __future__ import annotations

from dataclasses import dataclass

from riskaudit.artefacts import AgencyRecords, LinkedPeople, SheetBlock, SheetPart, SheetTable
from riskaudit.estimates import EstimateTable
from riskaudit.linkage.guild.figures import RATES, by_group, by_threshold, interval, known, scenarios, unlike
from riskaudit.linkage.guild.method import METHOD_ORDER, plain
from riskaudit.linkage.quality.shares import ALL_AGENCIES
from riskaudit.linkage.quality.thresholds import SPLIT

__all__ = ["AGENCY", "FILE", "GUIDANCE", "HARM", "Holder", "accuracy", "figures_of_analysis", "links_made", "to_add"]

GUIDANCE = (
    "A sheet after GUILD, guidance for information about linking data sets (Gilbert et al. 2018, Journal of Public Health "
    "40(1), 191-198)"
)
HARM = (
    "A missed link makes contact look like no contact; a false link gives somebody another person's history. Where either is "
    "more common in one group,"
)


@dataclass(frozen=True)
class Holder:
    """What holds records: what one is called, and all of them together."""

    name: str
    together: str
    cluster: str
    """Whose records intervals keep together."""


AGENCY, FILE = Holder("agency", ALL_AGENCIES, "family"), Holder("file", "all files", "person")


def links_made(records: AgencyRecords, linked: LinkedPeople, spine: str, holder: Holder) -> SheetTable:
    """Return how many records were linked, by holder and by what linked them."""
    by_method = linked.links.group_by(["agency", "method"]).aggregate([([], "count_all")]).to_pylist()
    made = {(str(row["agency"]), str(row["method"])): int(row["count_all"]) for row in by_method}
    others = [one for one in records.agencies if one != spine]
    methods = [name for name in METHOD_ORDER if any((one, name) in made for one in others)]
    rows = []
    for one in others:
        size, counts = len(records.people[one]), [made.get((one, method), 0) for method in methods]
        numbers = (size, sum(counts), *counts, size - sum(counts))
        rows.append((str(one), *(f"{number:,}" for number in numbers)))
    columns = (holder.name, "records", "linked", *map(plain, methods), "not linked")
    return SheetTable("Links made", columns, tuple(rows))


def accuracy(quality: EstimateTable, holder: Holder) -> list[SheetTable]:
    """Return missed and false matches by holder; nothing where they were not measured."""
    overall = {
        (row["subject"], row["statistic"]): row for row in quality.rows(group="all") if row["statistic"] in RATES
    }
    subjects = tuple(dict.fromkeys(subject for subject, _ in overall))
    rows = tuple(
        (
            holder.together if subject == ALL_AGENCIES else subject,
            *(known(overall.get((subject, name))) for name in RATES),
        )
        for subject in subjects
    )
    note = (
        f"Missed: of records whose person the spine holds. False: of links made. In brackets: interval, with a "
        f"{holder.cluster}'s records kept together."
    )
    return [SheetTable("Accuracy against the truth", (holder.name, *map(plain, RATES)), rows, note)] if rows else []


def figures_of_analysis(quality: EstimateTable, checked: EstimateTable, holder: Holder) -> list[SheetBlock]:
    """Return whom errors fall on, how linked records differ from the others, what cannot be, and other thresholds."""
    return [
        *by_group(quality, holder.together),
        *_apart(quality),
        *unlike(checked),
        *scenarios(checked),
        *by_threshold(quality, checked),
    ]


def to_add() -> SheetPart:
    """Return the part that only the holders of the data can write."""
    rows = (
        ("who the people are", "which people and years each file covers, who is left out, and why"),
        (
            "how the records came to be",
            "why each agency collects them, by whom and how they are entered, changes over time",
        ),
        (
            "permission",
            "on what legal basis they are linked, who approved it, consent and opt-out: how people can object and how many did",
        ),
        ("who did what", "who held identifiers, who linked, who analysed, and whether they were kept apart"),
        ("before the files were made", "records dropped, merged or corrected before riskaudit read them"),
        ("checks by hand", "pairs looked at by eye, by whom and by what rule"),
        (
            "what it does to findings",
            "how the linked data are used, and how the analysis allows for missed and false matches",
        ),
    )
    lead = "GUILD asks for these too. No program can know them: they are to be written by whoever holds the data."
    return SheetPart(
        "yours", "For you to add", lead, (SheetTable("Still to be written", ("item", "what to say"), rows),)
    )


def _apart(quality: EstimateTable) -> list[SheetBlock]:
    found = quality.rows(statistic="recall_over_thresholds", group=SPLIT)
    rows = tuple((row["level"], interval(row), f"{row['n']:,}") for row in found)
    note = "Recall on average over every match probability from 0.1 to 1: a gap here does not hang on the threshold chosen."
    return [SheetTable("Matches found at all thresholds at once", (SPLIT, "share", "n"), rows, note)] if rows else []
