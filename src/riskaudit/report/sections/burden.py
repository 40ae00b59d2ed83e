"""What wrong flags cost: how many families are troubled for each one found, and who bears more than the others' share."""

from __future__ import annotations

from riskaudit.report.audit_subject import EVERYBODY, LEVELS_DRAWN, ROWS_SHOWN, AuditSubject, left_out, side_by_side
from riskaudit.report.data import Block, ChartBlock, ChartKind, Section, TableBlock
from riskaudit.report.statistics import STATISTICS
from riskaudit.report.words import lower_first

__all__ = ["burden_section"]

_COLUMNS = (
    "false_flags_per_1000", "missed_per_1000", "flags_per_true_flag", "false_flags_per_true_flag", "excess_flags",
)  # fmt: skip
_CHARTED = "false_flags_per_1000"
_LEAD = (
    "A wrong flag is somebody looked into without cause. Here it is counted per 1,000, and per flag that was right. “Excess "
    "flags” "
    "counts the flags that a group would not have, were it flagged as often as what it is compared with: it compares rates "
    "of flags, "
    "and does not say that the lower rate is the right one."
)


def burden_section(subjects: tuple[AuditSubject, ...]) -> Section | None:
    """Return a chart of false flags per 1,000 and a table of every burden for each characteristic; None without any."""
    blocks: list[Block] = []
    for subject in subjects:
        for group in subject.groups or ("all",):
            blocks += [chart] if (chart := _chart(subject, group)) else []
            blocks += _table(subject, group)
    return Section("burden", "What wrong flags cost, and whom", _LEAD, tuple(blocks)) if blocks else None


def _chart(subject: AuditSubject, group: str) -> ChartBlock | None:
    marks = subject.marks(_CHARTED, group) if group in subject.drawn else ()
    if not marks:
        return None
    name = subject.words.group(group)
    return ChartBlock(
        ChartKind.ESTIMATE_INTERVALS, subject.captioned(f"False flags per 1,000, by {lower_first(name)}"),
        f"False flags per 1,000, by {lower_first(name)}", STATISTICS[_CHARTED].definition, name, marks,
    )  # fmt: skip


def _table(subject: AuditSubject, group: str) -> list[Block]:
    levels = subject.levels(group) if group != "all" else ()
    spots = [EVERYBODY, *((group, level) for level in levels)]
    columns, rows = side_by_side(subject, spots[:ROWS_SHOWN], _COLUMNS)
    if not rows:
        return []
    name = subject.words.group(group) if group != "all" else "Overall"
    excess = {subject.words.level(row["reference"]) for row in subject.rows("excess_flags", group)}
    said = f"Excess flags are counted against: {', '.join(sorted(excess))}." if excess else ""
    note = " ".join(part for part in (said, left_out(len(spots))) if part)
    caption = subject.captioned(f"Burden, by {lower_first(name)}" if group != "all" else "Burden, overall")
    return [TableBlock(caption, (name, *columns), rows, note, folded=len(rows) > LEVELS_DRAWN)]
