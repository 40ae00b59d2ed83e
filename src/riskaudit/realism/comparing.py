"""Compare a made-up population with published figures, one row a figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from riskaudit.artefacts import REALISM, AgencyRecords, Basis, Population, RealismCheck, Verdict
from riskaudit.estimates import EstimateTable
from riskaudit.realism.database import Tables, lacking, open_world
from riskaudit.realism.groups import broad_groups
from riskaudit.realism.measuring import Found, count
from riskaudit.realism.rows import TARGETS
from riskaudit.realism.target import SCALE, Band, Target
from riskaudit.scenario import AgenciesSection, PopulationSection, StudySection

if TYPE_CHECKING:
    import duckdb

__all__ = ["compare", "compare_tables", "judge"]

CONFIDENCE = 0.95


def compare(
    truth: Population, records: AgencyRecords, study: StudySection, asked: PopulationSection, agencies: AgenciesSection
) -> RealismCheck:
    """Return every published figure beside what came out of a study's population, with a verdict.

    One row a figure. Nothing is random: the intervals say how far another seed could have moved each number. A figure that
    the study cannot give (no such agency, field or families) is 'not measurable' and says why.

    Parameters
    ----------
    truth, records
        The sealed truth, and what agencies wrote down.
    study, asked, agencies
        The scenario's `[study]`, `[population]` and `[agencies]`: the dates, and the assumptions that are shown as such.
    """
    truths = {name: getattr(truth, name) for name in ("families", "people", "outcomes", "keys")}
    return compare_tables(Tables(truths, records.people, records.events), study, asked, agencies, TARGETS)


def compare_tables(
    tables: Tables,
    study: StudySection,
    asked: PopulationSection,
    agencies: AgenciesSection,
    targets: Sequence[Target] = TARGETS,
) -> RealismCheck:
    """Return what `compare` returns, from plain tables: they may have more columns than the data model, or fewer."""
    with open_world(tables, study, broad_groups(asked)) as db:
        rows = [_row(target, _found(db, tables, target), asked, agencies) for target in targets]
    estimates = EstimateTable.build(**{name: [row[name] for row in rows] for name in rows[0] if name in _ESTIMATED})
    others = {name: [row[name] for row in rows] for name in rows[0] if name not in _ESTIMATED}
    columns = {name: estimates.table.column(name) for name in estimates.table.column_names} | others
    about = {
        "families": tables.truth["families"].num_rows,
        "people": tables.truth["people"].num_rows,
        "agencies": list(tables.people),
        "index_date": study.index_date.isoformat(),
        "confidence": CONFIDENCE,
    }
    return RealismCheck(REALISM.build(columns), about)


def judge(found: Found, band: Band, scale: float = 1.0) -> Verdict:
    """Return what a comparison says, from the interval and the band of tolerance.

    Off: the whole interval lies outside the band. Pass: the estimate lies inside it, and the interval is no wider than the
    band (for an open band: lies wholly beyond what no difference would give). Anything else is too few to say.
    """
    if found.nobody:
        return Verdict.NOT_MEASURABLE
    if found.estimate is None or found.lower is None or found.upper is None or not math.isfinite(found.upper):
        return Verdict.TOO_FEW
    estimate, lower, upper = (value * scale for value in (found.estimate, found.lower, found.upper))
    if upper < band.low or lower > band.high:
        return Verdict.OFF
    sharp = upper - lower <= band.high - band.low and lower > band.beyond
    return Verdict.PASS if band.low <= estimate <= band.high and sharp else Verdict.TOO_FEW


_ESTIMATED = {
    "subject", "statistic", "group", "level", "estimate", "std_error", "lower", "upper", "n", "method", "note",
}  # fmt: skip


def _found(db: duckdb.DuckDBPyConnection, tables: Tables, target: Target) -> Found:
    reasons = [reason for needed in target.needs if (reason := lacking(tables, needed))]
    return Found(0, note="; ".join(reasons)) if reasons else count(db, target.measure, CONFIDENCE)


def _row(target: Target, found: Found, asked: PopulationSection, agencies: AgenciesSection) -> Mapping[str, Any]:
    scale, band = SCALE[target.unit], target.band
    assumed = target.assumed(asked, agencies) if target.assumed else None
    verdict = judge(found, band, scale) if band else Verdict.NOT_MEASURABLE if found.nobody else Verdict.ASSUMPTION
    return {
        "subject": target.topic.value,
        "statistic": target.id,
        "group": target.group,
        "level": target.level,
        **{name: _scaled(getattr(found, name), scale) for name in ("estimate", "std_error", "lower", "upper")},
        "n": found.n,
        "method": found.method,
        "note": found.note or target.reading,
        "label": target.label,
        "statement": target.statement,
        "unit": target.unit.value,
        "target": target.published if target.basis is not Basis.ASSUMPTION else assumed,
        "target_text": target.published_text,
        "low": band.low if band else None,
        "high": band.high if band and math.isfinite(band.high) else None,
        "tolerance": band.why if band else "",
        "verdict": verdict.value,
        "basis": target.basis.value,
        "published_for": target.published_for,
        "source": target.source or ("the scenario" if assumed is not None else ""),
    }


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
