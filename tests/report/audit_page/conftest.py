"""An audit of somebody's predictions with every statistic and curve that there can be: made by hand, plausible, of nobody."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from riskaudit.artefacts import CURVES, VERDICTS, ModelAudit
from riskaudit.estimates import EstimateTable, wilson

SUBJECT = "score:label"
GROUPS = {
    "ethnicity": ("White", "Pakistani", "Black African", "not recorded"),
    "tenure": ("owned", "social rent", "private rent"),
    "lone_parent": ("no", "yes"),
}
RATES = {  # rate -> how high it is for everybody, and what share of a cell its denominator is
    "selection_rate": (0.08, 1.0),
    "base_rate": (0.1, 1.0),
    "true_positive_rate": (0.35, 0.1),
    "false_positive_rate": (0.05, 0.9),
    "false_negative_rate": (0.65, 0.1),
    "true_negative_rate": (0.95, 0.9),
    "precision": (0.44, 0.08),
    "false_discovery_rate": (0.56, 0.08),
    "negative_predictive_value": (0.93, 0.92),
    "false_omission_rate": (0.07, 0.92),
}
COMPARED = ("selection_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate", "precision")
Cells = list[tuple[str, str, int, float]]


def cells(groups: Mapping[str, tuple[str, ...]], deep: int, rows: int) -> Cells:
    """Every cell: its group, level, size, and how far above everybody it is. The last levels are small and fare worst."""
    found: Cells = [("all", "all", rows, 1.0)]
    names = list(groups)
    picks = [
        pick
        for size in range(1, deep + 1)
        for pick in product(names, repeat=size)
        if list(pick) == sorted(set(pick), key=names.index)
    ]
    for pick in picks:
        for levels in product(*(groups[name] for name in pick)):
            rank = [groups[name].index(level) / len(groups[name]) for name, level in zip(pick, levels, strict=True)]
            size = int(rows * np.prod([0.55 * 0.5 ** (4 * one) + 0.02 for one in rank]))
            found.append((" × ".join(pick), " × ".join(levels), max(size, 1), 1.0 + float(np.mean(rank))))
    return found


def table(here: Cells, statistic: str, estimate: Any, width: Any, n: Any, **more: Any) -> EstimateTable:
    estimate, width = np.asarray(estimate, float), np.asarray(width, float)
    return EstimateTable.build(
        subject=SUBJECT,
        statistic=statistic,
        group=[one[0] for one in here],
        level=[one[1] for one in here],
        estimate=estimate,
        lower=estimate - width,
        upper=estimate + width,
        n=np.asarray(n, int),
        **more,
    )


def rates(here: Cells) -> Iterator[EstimateTable]:
    size, tilt = np.array([one[2] for one in here]), np.array([one[3] for one in here])
    where = {"group": [one[0] for one in here], "level": [one[1] for one in here]}
    yield EstimateTable.build(
        subject=SUBJECT,
        statistic="count",
        **where,
        estimate=size.astype(float),
        n=size,
        note="a count, so it has no interval",
    )
    for name, (level, part) in RATES.items():
        n = np.round(size * part).astype(int)
        top = np.round(n * np.clip(level * tilt, 0, 0.97))
        bounds = wilson(top, n)
        with np.errstate(invalid="ignore"):
            rate = top / n
        yield EstimateTable.build(
            subject=SUBJECT,
            statistic=name,
            group=[one[0] for one in here],
            level=[one[1] for one in here],
            estimate=rate,
            lower=bounds.lower,
            upper=bounds.upper,
            n=n,
            method=np.where(n > 0, "Wilson 95%", ""),
            note=np.where(n > 0, "", "no cases with a positive label"),
        )
    for name, level in {
        "false_flags_per_1000": 45,
        "missed_per_1000": 65,
        "flags_per_true_flag": 2.3,
        "false_flags_per_true_flag": 1.3,
    }.items():
        yield table(here, name, level * tilt, 60 / np.sqrt(size), size, method="bootstrap 95%")


def compared(here: Cells) -> Iterator[EstimateTable]:
    parts = [one for one in here if one[0] != "all"]
    tilt, size = np.array([one[3] for one in parts]), np.array([one[2] for one in parts])
    against = ["White" if one[0] == "ethnicity" else "everyone else" for one in parts]
    for name in COMPARED:
        n, level = np.maximum(size * RATES[name][1], 1), RATES[name][0]
        yield table(
            parts,
            f"{name}_difference",
            level * (tilt - 1.2),
            1.2 / np.sqrt(n),
            n,
            reference=against,
            method="Miettinen-Nurminen 95%",
        )
        yield table(parts, f"{name}_ratio", tilt / 1.2, 9 / np.sqrt(n), n, reference=against, method="Koopman 95%")
        share = np.where(tilt > 1.3, 0.12 * tilt, np.nan)
        yield table(
            parts,
            f"{name}_reversed_at",
            share,
            0.02,
            n,
            reference=against,
            method="bootstrap 95%",
            note=np.where(tilt > 1.3, "", "no more than what it is compared with: nothing to reverse"),
        )
        yield from gaps(name, here, level)
    yield table(
        parts,
        "excess_flags",
        size * 0.08 * (tilt - 1.2),
        np.sqrt(size),
        size,
        reference=against,
        method="bootstrap 95%",
    )


def gaps(name: str, here: Cells, level: float) -> Iterator[EstimateTable]:
    for group in dict.fromkeys(one[0] for one in here if one[0] != "all"):
        parts = sorted((one for one in here if one[0] == group), key=lambda one: one[3])
        low, high = parts[0], parts[-1]
        gap = level * (high[3] - low[3])
        where = {"subject": SUBJECT, "group": group}
        yield EstimateTable.build(
            **where,
            statistic=f"{name}_gap",
            level=high[1],
            reference=low[1],
            estimate=gap,
            lower=gap * 0.6,
            upper=gap * 1.5,
            n=low[2] + high[2],
            method="bootstrap 95%",
        )
        yield EstimateTable.build(
            **where,
            statistic=f"{name}_gap_ratio",
            level=high[1],
            reference=low[1],
            estimate=low[3] / high[3],
            lower=0.3,
            upper=0.9,
            n=low[2] + high[2],
            method="bootstrap 95%",
        )
        yield EstimateTable.build(
            **where,
            statistic=f"{name}_gap_by_chance",
            reference="no difference",
            estimate=gap * 0.3,
            lower=gap * 0.1,
            upper=gap * 0.7,
            n=here[0][2],
            method="bootstrap 95%",
        )
        yield EstimateTable.build(
            **where,
            statistic=f"{name}_worst_off",
            level=high[1],
            reference="everyone else",
            estimate=gap * 0.7,
            lower=gap * 0.1,
            upper=gap * 1.3,
            n=high[2],
            method="Newcombe, Šidák 95%",
            note=f"the highest of {len(parts)} levels",
        )


def scores(here: Cells) -> Iterator[EstimateTable]:
    size, tilt = np.array([one[2] for one in here]), np.array([one[3] for one in here])
    wide = 1 / np.sqrt(size)
    levels = {
        "roc_auc": (0.78, -0.05, "DeLong 95%"),
        "brier_score_loss": (0.08, 0.01, "normal mean 95%"),
        "log_loss": (0.3, 0.02, "bootstrap 95%"),
        "calibration_ratio": (0.95, 0.1, "Wilson 95%"),
        "calibration_intercept": (-0.1, 0.2, "bootstrap 95%"),
        "calibration_slope": (1.05, -0.1, "bootstrap 95%"),
        "expected_calibration_error": (0.02, 0.01, "bootstrap 95%"),
        "mean_prediction": (0.1, 0.03, "normal mean 95%"),
        "score_quantile_05": (0.01, 0.0, "order statistics 95%"),
        "score_quantile_25": (0.04, 0.01, "order statistics 95%"),
        "score_quantile_50": (0.08, 0.02, "order statistics 95%"),
        "score_quantile_75": (0.16, 0.03, "order statistics 95%"),
        "score_quantile_95": (0.42, 0.05, "order statistics 95%"),
        "label_missing_rate": (0.04, 0.03, "Wilson 95%"),
        "score_missing_rate": (0.01, 0.01, "Wilson 95%"),
        "false_positive_rate_reweighted": (0.06, 0.03, "bootstrap 95%"),
        "false_positive_rate_linkage_corrected": (0.055, 0.02, "bootstrap 95%"),
    }
    for name, (level, slope, method) in levels.items():
        yield table(here, name, level + slope * (tilt - 1), 0.1 * wide, size, method=method)
    yield EstimateTable.build(
        subject=SUBJECT,
        statistic="false_positive_rate_screened_bounds",
        group=[one[0] for one in here],
        level=[one[1] for one in here],
        lower=0.03 * tilt,
        upper=0.2 * tilt,
        n=size,
        method="worst case over labels of those not looked into",
    )


def curves(here: Cells) -> pa.Table:
    single = [one for one in here if " × " not in one[0]]
    parts = [
        *(
            _line(one, "thresholds", name, np.linspace(0, 1, 41), lambda at, tilt: np.clip(tilt * (1 - at) ** 3, 0, 1))
            for one in single
            for name in ("selection_rate", "true_positive_rate", "false_positive_rate", "precision")
        ),
        _line(here[0], "net_benefit", "net_benefit", np.linspace(0.01, 0.99, 50), lambda at, _: 0.06 - 0.1 * at),
        _line(
            here[0],
            "net_benefit",
            "net_benefit_all",
            np.linspace(0.01, 0.99, 50),
            lambda at, _: 0.1 - 0.9 * at / (1 - at),
        ),
        *(
            _line(
                one,
                "calibration",
                "calibration_observed",
                np.arange(10) / 10,
                lambda at, tilt: np.clip((at + 0.05) * tilt, 0, 1),
            )
            for one in single
        ),
        *(
            _line(one, "calibration", "calibration_expected", np.arange(10) / 10, lambda at, tilt: at + 0.02 * tilt)
            for one in single
        ),
        *(
            _line(one, "scores", "score_share", np.arange(20) / 20, lambda at, tilt: tilt * np.exp(-4 * at) / 10)
            for one in single
        ),
        *(
            _line(
                one,
                "screened_out",
                "false_positive_rate",
                np.array([1, 1.5, 2, 3, 5]),
                lambda at, tilt: 0.05 * tilt / at,
            )
            for one in single
        ),
        *(
            _line(one, curve, f"{name}{kind}", np.linspace(0, 0.3, 7), lambda at, tilt: 0.05 * (tilt - 1.2) - 0.1 * at)
            for one in single
            for curve in ("under_recording", "under_recording_unflagged", "linkage_missed", "linkage_false")
            for name in ("false_positive_rate", "false_negative_rate")
            for kind in ("", "_difference")
        ),
    ]
    return pa.concat_tables(parts)


def _line(
    one: tuple[str, str, int, float], curve: str, statistic: str, at: np.ndarray, height: Callable[..., Any]
) -> pa.Table:
    group, level, n, tilt = one
    values = np.asarray(height(at, tilt), float)
    rows = EstimateTable.build(
        subject=SUBJECT,
        statistic=statistic,
        group=group,
        level=level,
        estimate=values,
        lower=values - 0.01,
        upper=np.minimum(values + 0.01, 1),
        n=[n] * len(at),
        method="bootstrap 95%",
    )
    columns = {name: rows.table.column(name) for name in rows.table.column_names}
    return CURVES.build({"curve": [curve] * len(at), "at": at, **columns})


def verdicts() -> pa.Table:
    rows = [
        (
            "wrong flags",
            "finding",
            "false_positive_rate",
            "ratio",
            "ethnicity",
            "Black African",
            "White",
            None,
            1.25,
            1.9,
            1.4,
            2.5,
            300,
            "the whole interval is above 1.25",
        ),
        (
            "wrong flags",
            "not enough evidence",
            "false_positive_rate",
            "ratio",
            "ethnicity",
            "Pakistani",
            "White",
            None,
            1.25,
            1.3,
            0.9,
            1.8,
            600,
            "the interval holds 1.25",
        ),
        (
            "missed",
            "pass",
            "false_negative_rate",
            "difference",
            "tenure",
            "social rent",
            "owned",
            -0.2,
            0.2,
            0.03,
            -0.05,
            0.1,
            120,
            "the whole interval is within the limits",
        ),
        (
            "ranking",
            "pass",
            "roc_auc",
            "value",
            "all",
            "all",
            "",
            0.7,
            None,
            0.78,
            0.76,
            0.8,
            5000,
            "the whole interval is above 0.7",
        ),
    ]
    columns = list(zip(*rows, strict=True))
    names = [one for one in VERDICTS.names if one != "suppressed"]
    order = (
        "limit",
        "verdict",
        "statistic",
        "compare",
        "group",
        "level",
        "reference",
        "minimum",
        "maximum",
        "estimate",
        "lower",
        "upper",
        "n",
        "why",
    )
    found = dict(zip(order, columns, strict=True))
    return VERDICTS.build({name: list(found[name]) for name in names} | {"suppressed": [False] * len(rows)})


def what_if() -> EstimateTable:
    levels = ("all", *GROUPS["tenure"])
    where = {"group": ["all", "tenure", "tenure", "tenure"], "level": list(levels)}
    n = np.array([5000, 2500, 1500, 1000])
    tables = []
    for rule, tilt in {"as_it_is": 1.0, "equal_selection_rates": 1.1, "equalized_odds": 0.9}.items():
        for name, level in {"selection_rate": 0.08, "false_positive_rate": 0.05, "false_negative_rate": 0.65}.items():
            rate = np.clip(level * tilt * np.array([1, 0.7, 1.4, 1.1]), 0, 1)
            tables.append(
                EstimateTable.build(
                    subject=rule,
                    statistic=name,
                    **where,
                    estimate=rate,
                    lower=rate * 0.9,
                    upper=np.minimum(rate * 1.1, 1),
                    n=n,
                    method="Wilson 95%",
                )
            )
        if rule != "as_it_is":
            for name, many in {"flags_gained": [80.0, 60, 0, 20], "flags_lost": [40.0, 0, 40, 0]}.items():
                tables.append(
                    EstimateTable.build(subject=rule, statistic=name, **where, estimate=many, n=n, note="a count")
                )
    return EstimateTable.concat(tables)


def make(
    groups: Mapping[str, tuple[str, ...]] = GROUPS,
    *,
    deep: int = 2,
    rows: int = 5_000,
    about: Mapping[str, Any] | None = None,
) -> ModelAudit:
    """The audit of so many made-up rows, with every pair (or triple) of groups crossed."""
    here = cells(groups, deep, rows)
    found = EstimateTable.concat([*rates(here), *compared(here), *scores(here)])
    said = {
        "schema": 1,
        "source": "predictions.csv",
        "unit": "row",
        "rows": rows,
        "labels": ["label"],
        "groups": list(groups),
        "missing": {"label": 200, "score": 50},
        "flagged": {"score": 400},
        "flag_rule": "highest scoring 8%",
        "confidence": 0.95,
        "notes": ["'label' is what was recorded. It is not the same as what happened, or as need."],
        "undefined": [],
    }
    return ModelAudit(found, said | dict(about or {}), curves(here), verdicts(), what_if())


@pytest.fixture
def audit_like() -> Callable[..., ModelAudit]:
    """Make an audit with other groups, sizes or words."""
    return make


@pytest.fixture(scope="session")
def full_audit() -> ModelAudit:
    """Three characteristics, every pair of them crossed, every statistic, every curve, verdicts and what-ifs."""
    return make()
