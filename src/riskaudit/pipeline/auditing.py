"""Audit somebody's predictions file, and hold it against a policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from riskaudit.artefacts import ModelAudit
from riskaudit.errors import BadInput, Fault
from riskaudit.estimates import EstimateTable
from riskaudit.scenario import Policy, load_policy

__all__ = ["audit_file", "judge_audit"]

_Read = TypeVar("_Read")


def audit_file(
    path: str | Path,
    *,
    score: str | None = None,
    label: str | None = None,
    groups: Sequence[str] = (),
    flag: str | None = None,
    flag_at: float | None = None,
    flag_top: float | None = None,
    by_intersection: int = 1,
    reference: Mapping[str, str] | None = None,
    cluster: str | None = None,
    screened: str | None = None,
    linkage: str | Path | None = None,
    what_if: str | None = None,
    policy: str | Path | Policy | None = None,
    confidence: float = 0.95,
    resamples: int = 2_000,
    seed: int = 0,
    on_progress: Callable[[str, float], None] | None = None,
) -> ModelAudit:
    """Return the audit of a predictions file: one row per person or family scored.

    Parameters are those of `riskaudit.audit_predictions`; `path` is CSV, Excel, Parquet, Stata or SPSS.

    Parameters
    ----------
    linkage
        A table of missed and false matches by group, such as a study's `linkage/quality.csv`: `linkage_error` in
        `audit_predictions`.
    policy
        Limits to hold the audit against: a TOML file, or a policy that was read. Levels are compared with the references that
        it names. Where it wants two references for one group, the file is measured once for each, and the audit's own
        comparisons are with the first, or with the one that `reference` names.
    on_progress
        Called with what is done and the share that is done.

    Raises
    ------
    BadInput
        With every fault found, each with its rows: of the predictions, of the policy and of the table of wrong links, and
        every limit on something that the audit cannot have. What only measuring shows to be absent is told after it.
    """
    from riskaudit.audit import audit_predictions, references_of
    from riskaudit.incoming import open_table, read_table

    tell = on_progress or (lambda _title, _share: None)
    faults: list[Fault] = []
    asked = _kept(faults, load_policy, policy) if isinstance(policy, (str, Path)) else policy
    links = None if linkage is None else _kept(faults, read_table, linkage)
    table = _kept(faults, open_table, path)
    if table is None:
        raise BadInput(faults)
    rounds = [dict(reference or {})] if asked is None else references_of(asked, groups, reference or {})
    found: list[ModelAudit] = []
    for compared_with in rounds:
        found.append(
            audit_predictions(
                open_table(Path(path)) if found else table,
                score=score,
                label=label,
                groups=groups,
                flag=flag,
                flag_at=flag_at,
                flag_top=flag_top,
                by_intersection=by_intersection,
                reference=compared_with,
                cluster=cluster,
                screened=screened,
                linkage_error=links,
                what_if=None if found else what_if,  # whatever others are compared with, it is the same
                confidence=confidence,
                resamples=resamples,
                seed=seed,
                tell=partial(tell, "Reading"),
                source=Path(path).name,
                linkage_source="linkage_error" if linkage is None else Path(linkage).name,
                policy=asked,
                also=faults,
            )
        )
    audit = replace(found[0], about={**found[0].about, "reference": rounds[0]})
    return audit if asked is None else judge_audit(audit, asked, [one.table for one in found[1:]])


def _kept(faults: list[Fault], read: Callable[[Path], _Read], path: str | Path) -> _Read | None:
    """Return what is read from a file; None where it is at fault, and its faults are kept to be told with others."""
    try:
        return read(Path(path))
    except BadInput as found:
        faults += found.faults
        return None


def judge_audit(
    audit: ModelAudit, policy: str | Path | Policy, measured_again: Sequence[EstimateTable] = ()
) -> ModelAudit:
    """Return an audit with a verdict on each limit of a policy, for each level that the limit is about.

    A verdict is a finding where the whole interval is beyond the limit, a pass where all of it is within; otherwise there is
    not enough evidence.

    Parameters
    ----------
    measured_again
        Estimates of the same predictions with other references, where the policy wants several for one group.

    Raises
    ------
    BadInput
        With every limit on something that the audit does not have, and what to ask for to have it.
    """
    from riskaudit.audit import judge

    asked = policy if isinstance(policy, Policy) else load_policy(Path(policy))
    verdicts = judge(audit, asked, measured_again)
    about = {
        **audit.about,
        "policy": {"title": asked.policy.title, "limits": len(asked.limit), "verdicts": verdicts.num_rows},
    }
    about["notes"] = [
        *audit.about["notes"],
        _several(len(asked.limit), verdicts.num_rows, float(audit.about["confidence"])),
    ]
    return replace(audit, about=about, verdicts=verdicts)


def _several(limits: int, verdicts: int, confidence: float) -> str:
    """Return what it means that several limits are judged."""
    said = f"The policy's limits ({limits:,}) are judged {verdicts:,} times, each time by its own {100 * confidence:g}% interval."
    if verdicts < 2:
        return said
    chance = 100 * (1 - confidence) / 2
    return (
        f"{said} Nothing is corrected for their number: where a rate lies just at its limit, up to {chance:.2g} verdicts in "
        "100 are findings by chance alone."
    )
