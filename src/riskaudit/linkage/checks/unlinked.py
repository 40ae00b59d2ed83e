"""Records that were linked beside those that were not, and what each threshold would have linked. No truth is needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskaudit.artefacts import LinkageTrace
from riskaudit.estimates import EstimateTable, student, wilson
from riskaudit.linkage.checks.written import Written, places
from riskaudit.linkage.quality.shares import ALL_AGENCIES
from riskaudit.linkage.quality.thresholds import SPLIT, THRESHOLDS, at_threshold

__all__ = ["at_thresholds", "differences"]

_APART = "records taken one by one: a family's go together, so somewhat too narrow"


def differences(written: Written, agencies: tuple[str, ...], confidence: float) -> EstimateTable:
    """Return how many records of each group are linked, and how linked and unlinked records differ, by agency.

    A group of which an agency's records show one level only is left out: it cannot differ.
    """
    counts = _counts(written, len(agencies))
    names = np.array([ALL_AGENCIES, *agencies], dtype=object)
    records, joined, every, all_joined = counts.records, counts.joined, counts.every, counts.all_joined
    where = {"subject": names[counts.subject], "group": counts.group, "level": counts.level}
    interval = wilson(joined, records, confidence)
    rates = EstimateTable.build(
        **where, statistic="linked_rate", estimate=joined / np.maximum(records, 1), lower=interval.lower,
        upper=interval.upper, n=records.astype(int), method=interval.method, note=_APART,
    )  # fmt: skip
    split = where["group"] != "all"
    found = _standardised(
        joined[split], all_joined[split], (records - joined)[split], (every - all_joined)[split], confidence
    )
    same = {name: values[split] for name, values in where.items()}
    n = every[split].astype(int)
    return EstimateTable.concat([rates, EstimateTable.build(**same, **found, reference="not linked", n=n)])


def _standardised(
    with_1: np.ndarray, of_1: np.ndarray, with_0: np.ndarray, of_0: np.ndarray, confidence: float
) -> dict[str, object]:
    """Return the standardised difference of two proportions (Austin 2009), its error as Hedges and Olkin (1985) give it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q = with_1 / of_1, with_0 / of_0
        spread = np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
        difference = np.where(p == q, 0.0 * p, (p - q) / spread)
        difference = np.where(np.isfinite(difference), difference, np.nan)
        error = np.sqrt(1 / of_1 + 1 / of_0 + difference**2 / (2 * (of_1 + of_0)))
    ends = student(difference, error, np.inf, confidence)
    known = np.isfinite(difference)
    why = np.where((of_1 > 0) & (of_0 > 0), "not defined: one level has all of one side, none of the other", _ONE_SIDE)
    return {
        "statistic": "standardised_difference",
        "estimate": difference,
        "std_error": np.where(known, error, np.nan),
        "lower": np.where(known, ends.lower, np.nan),
        "upper": np.where(known, ends.upper, np.nan),
        "method": f"normal {100 * confidence:g}%, Hedges and Olkin's error",
        "note": np.where(known, _APART, why).tolist(),
    }


_ONE_SIDE = "not defined: all records are linked, or none is"


@dataclass(frozen=True, eq=False)
class _Counts:
    """Records and links by subject (0: all agencies), group and level, and those of all levels together."""

    subject: np.ndarray
    group: np.ndarray
    level: np.ndarray
    records: np.ndarray
    joined: np.ndarray
    every: np.ndarray
    all_joined: np.ndarray


def _counts(written: Written, agencies: int) -> _Counts:
    counted = ~written.of_spine
    turn, joined = written.turn[counted], written.linked[counted] >= 0
    groups = {"all": (np.zeros(len(counted), int), ("all",))} | written.groups
    parts = []
    for at, (name, (level, levels)) in enumerate(groups.items()):
        cell = (turn * len(levels) + level[counted]) * 2 + joined
        found = np.bincount(cell, minlength=agencies * len(levels) * 2).reshape(agencies, len(levels), 2)
        found = np.concatenate([found.sum(axis=0, keepdims=True), found]).astype(float)
        records, links = found.sum(axis=2), found[:, :, 1]
        wanted = (records > 0) & ((name == "all") | ((records > 0).sum(axis=1, keepdims=True) > 1))
        subject, place = np.nonzero(wanted)
        every, all_links = records.sum(axis=1)[subject], links.sum(axis=1)[subject]
        words = np.array(levels, dtype=object)[place]
        parts.append((
            subject, np.full(len(subject), at), np.full(len(subject), name, object), words, records[wanted],
            links[wanted], every, all_links,
        ))  # fmt: skip
    subjects, places, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = sorted(range(len(subjects)), key=lambda row: (subjects[row], places[row], columns[1][row]))
    return _Counts(subjects[order], *(column[order] for column in columns))


def at_thresholds(written: Written, trace: LinkageTrace, confidence: float) -> EstimateTable:
    """Return the share of records that each threshold links, and each ethnic group's share of those links.

    Links of exact agreement count at every threshold. Empty without scored pairs.
    """
    if not (written.chance < 1).any() and not trace.near.num_rows:
        return EstimateTable.concat([])
    counted = ~written.of_spine
    near = np.append(trace.near.column("match_probability").to_numpy(), np.nan)
    nearly = near[places(written.record_id.filter(counted), trace.near.column("record_id"))]
    chance = np.where(written.linked[counted] < 0, nearly, written.chance[counted])
    level, names = written.groups[SPLIT]
    level = level[counted]
    records = np.bincount(level, minlength=len(names))
    links = [np.bincount(level[chance >= one], minlength=len(names)) for one in THRESHOLDS]
    shown = [at for at in sorted(range(len(names)), key=names.__getitem__) if records[at]]
    words = np.array(["all", *(names[at] for at in shown)], dtype=object)
    records = np.append(records.sum(), records[shown]).astype(float)
    return EstimateTable.concat(
        table
        for one, found in zip(THRESHOLDS, links, strict=True)
        for table in _at(
            at_threshold(one), words, records, np.append(found.sum(), found[shown]).astype(float), confidence
        )
    )


def _at(
    subject: str, level: np.ndarray, records: np.ndarray, links: np.ndarray, confidence: float
) -> tuple[EstimateTable, EstimateTable]:
    """Return the rows of one threshold; the first level is all of them together."""
    group = np.array(["all", *[SPLIT] * (len(level) - 1)], dtype=object)
    rate, mix = wilson(links, records, confidence), wilson(links[1:], links[0], confidence)
    total = np.full(len(level) - 1, links[0])
    return (
        EstimateTable.build(
            subject=subject, statistic="linked_rate_at_threshold", group=group, level=level,
            estimate=links / np.maximum(records, 1), lower=rate.lower, upper=rate.upper, n=records.astype(int),
            method=rate.method, note=_APART,
        ),
        EstimateTable.build(
            subject=subject, statistic="share_of_links_at_threshold", group=SPLIT, level=level[1:],
            estimate=np.divide(links[1:], total, out=np.full(len(total), np.nan), where=total > 0), lower=mix.lower,
            upper=mix.upper, n=total.astype(int), method=mix.method, note=_APART,
        ),
    )  # fmt: skip
