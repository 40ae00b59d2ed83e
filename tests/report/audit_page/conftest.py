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
# rate -> how high it is for everybody, and what share of a cell its denominator is
RATES = {
    "selection_rate": (0.08, 1.0),
    "base_rate": (0.1, 1.0),
    "true_positive_rate": (0.35, 0.1),
    "false_positive_rate": (0.05, 0.9),
    "false_negative_rate": (0.65, 0.1),
    "precision": (0.44, 0.08),
    "false_discovery_rate": (0.56, 0.08),
    "negative_predictive_value": (0.93, 0.92),
}
COMPARED = ("selection_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate", "precision")
# statistic -> how high it is for everybody, and by how much it rises with a cell's tilt
MEANS = {
    "false_flags_per_1000": (45, 20),
    "missed_per_1000": (65, 10),
    "flags_per_true_flag": (2.3, 0.4),
    "false_flags_per_true_flag": (1.3, 0.4),
    "roc_auc": (0.78, -0.05),
    "brier_score_loss": (0.08, 0.01),
    "log_loss": (0.3, 0.02),
    "calibration_ratio": (0.95, 0.1),
    "calibration_intercept": (-0.1, 0.2),
    "calibration_slope": (1.05, -0.1),
    "expected_calibration_error": (0.02, 0.01),
    "mean_prediction": (0.1, 0.03),
    **{f"score_quantile_{part}": (0.4 * int(part) / 95, 0.02) for part in ("05", "25", "50", "75", "95")},
    "label_missing_rate": (0.04, 0.03),
    "score_missing_rate": (0.01, 0.01),
    "false_positive_rate_reweighted": (0.06, 0.03),
    "false_positive_rate_linkage_corrected": (0.055, 0.02),
}
Cell = tuple[str, str, int, float]


def cells(groups: Mapping[str, tuple[str, ...]], deep: int, rows: int) -> list[Cell]:
    """Every cell: its group, level, size, and its tilt: how far above everybody it is. Last levels are small and fare worst."""
    found = [("all", "all", rows, 1.0)]
    names = list(groups)
    picks = [pick for size in range(1, deep + 1) for pick in product(names, repeat=size)]
    for pick in picks:
        if list(pick) != sorted(set(pick), key=names.index):
            continue
        for levels in product(*(groups[name] for name in pick)):
            rank = [groups[name].index(level) / len(groups[name]) for name, level in zip(pick, levels, strict=True)]
            size = int(rows * np.prod([0.55 * 0.5 ** (4 * one) + 0.02 for one in rank]))
            found.append((" × ".join(pick), " × ".join(levels), max(size, 1), 1.0 + float(np.mean(rank))))
    return found


def where(here: list[Cell]) -> dict[str, Any]:
    return {"subject": SUBJECT, "group": [one[0] for one in here], "level": [one[1] for one in here]}


def table(here: list[Cell], statistic: str, estimate: Any, width: Any, n: Any, **more: Any) -> EstimateTable:
    middle, half = np.asarray(estimate, float), np.asarray(width, float)
    ends = {"lower": middle - half, "upper": middle + half}
    return EstimateTable.build(
        **where(here), statistic=statistic, estimate=middle, **ends, n=np.asarray(n, int), **more
    )


def plain(here: list[Cell]) -> Iterator[EstimateTable]:
    size, tilt = np.array([one[2] for one in here]), np.array([one[3] for one in here])
    yield table(here, "count", size, np.nan, size, note="a count, so it has no interval")
    for name, (level, part) in RATES.items():
        n = np.round(size * part).astype(int)
        top = np.round(n * np.clip(level * tilt, 0, 0.97))
        bounds = wilson(top, n)
        with np.errstate(invalid="ignore"):
            rate = top / n
        ends = {"lower": bounds.lower, "upper": bounds.upper, "method": "Wilson 95%"}
        note = np.where(n > 0, "", "no cases")
        yield EstimateTable.build(**where(here), statistic=name, estimate=rate, n=n, note=note, **ends)
    for name, (level, slope) in MEANS.items():
        width = 0.2 * abs(level) / np.sqrt(size)
        method = "DeLong 95%" if name == "roc_auc" else "bootstrap 95%"
        yield table(here, name, level + slope * (tilt - 1), width, size, method=method)
    bounds_of = {"statistic": "false_positive_rate_screened_bounds", "method": "worst case"}
    yield EstimateTable.build(**where(here), **bounds_of, lower=0.03 * tilt, upper=0.2 * tilt, n=size)


def compared(here: list[Cell]) -> Iterator[EstimateTable]:
    parts = [one for one in here if one[0] != "all"]
    tilt, size = np.array([one[3] for one in parts]), np.array([one[2] for one in parts])
    against = ["White" if one[0] == "ethnicity" else "everyone else" for one in parts]
    for name in COMPARED:
        n, level = np.maximum(size * RATES[name][1], 1), RATES[name][0]
        named = {"reference": against, "method": "Mee score 95%"}
        yield table(parts, f"{name}_difference", level * (tilt - 1.2), 0.4 / np.sqrt(n), n, **named)
        yield table(parts, f"{name}_ratio", tilt / 1.2, 9 / np.sqrt(n), n, **named)
        note = np.where(tilt > 1.3, "", "no higher than what it is compared with: nothing to reverse")
        share = np.where(tilt > 1.3, 0.12 * tilt, np.nan)
        yield table(parts, f"{name}_reversed_at", share, 0.02, n, reference=against, note=note)
        for group in dict.fromkeys(one[0] for one in parts):
            yield from gaps(name, [one for one in parts if one[0] == group], level)
    yield table(parts, "excess_flags", size * 0.08 * (tilt - 1.2), np.sqrt(size), size, reference=against)


def gaps(name: str, levels: list[Cell], rate: float) -> Iterator[EstimateTable]:
    low, high = min(levels, key=lambda one: one[3]), max(levels, key=lambda one: one[3])
    gap, n = rate * (high[3] - low[3]), low[2] + high[2]
    everybody = [(high[0], "all", n, 1.0)]
    yield table([high], f"{name}_gap", [gap], gap * 0.4, [n], reference=low[1])
    yield table([high], f"{name}_gap_ratio", [low[3] / high[3]], 0.2, [n], reference=low[1])
    yield table(everybody, f"{name}_gap_by_chance", [gap * 0.3], gap * 0.2, [n], reference="no difference")
    more = {
        "reference": "everyone else",
        "note": f"the highest of {len(levels)} levels",
        "method": "Newcombe hybrid score, Šidák 95%",
    }
    yield table([high], f"{name}_worst_off", [gap * 0.7], gap * 0.6, high[2:3], **more)


Height = Callable[[np.ndarray, float], Any]
TENTHS, SHARES = np.arange(10) / 10, np.linspace(0, 0.3, 7)
SUPPOSED = ("under_recording", "under_recording_unflagged", "linkage_missed", "linkage_false")
LINES: tuple[tuple[str, str, np.ndarray, Height], ...] = (
    *(
        ("thresholds", name, np.linspace(0, 1, 41), lambda at, tilt: np.clip(tilt * (1 - at) ** 3, 0, 1))
        for name in ("selection_rate", "true_positive_rate", "false_positive_rate", "precision")
    ),
    ("calibration", "calibration_observed", TENTHS, lambda at, tilt: np.clip((at + 0.05) * tilt, 0, 0.99)),
    ("calibration", "calibration_expected", TENTHS, lambda at, tilt: at + 0.02 * tilt),
    ("scores", "score_share", TENTHS, lambda at, tilt: tilt * np.exp(-4 * at) / 3),
    ("screened_out", "false_positive_rate", np.array([1, 1.5, 2, 3]), lambda at, tilt: 0.05 * tilt / at),
    *((curve, "false_positive_rate", SHARES, lambda at, tilt: 0.05 * tilt - 0.1 * at) for curve in SUPPOSED),
    *(
        (curve, "false_positive_rate_difference", SHARES, lambda at, tilt: 0.05 * (tilt - 1.2) - 0.1 * at)
        for curve in SUPPOSED
    ),
)
BENEFITS: tuple[tuple[str, str, np.ndarray, Height], ...] = (
    ("net_benefit", "net_benefit", np.linspace(0.01, 0.99, 50), lambda at, _: 0.06 - 0.1 * at),
    ("net_benefit", "net_benefit_all", np.linspace(0.01, 0.99, 50), lambda at, _: 0.1 - 0.9 * at / (1 - at)),
)


def curves(here: list[Cell]) -> pa.Table:
    single = [one for one in here if " × " not in one[0]]
    drawn = [_line(one, *line) for line in LINES for one in single]
    return pa.concat_tables([*drawn, *(_line(here[0], *line) for line in BENEFITS)])


def _line(one: Cell, curve: str, statistic: str, at: np.ndarray, height: Height) -> pa.Table:
    values = np.asarray(height(at, one[3]), float)
    rows = table([one] * len(at), statistic, values, 0.01, [one[2]] * len(at), method="bootstrap 95%").table
    columns = {name: rows.column(name) for name in rows.column_names}
    return CURVES.build({"curve": [curve] * len(at), "at": at, **columns})


_VERDICTS = """\
wrong flags|finding|false_positive_rate|ratio|ethnicity|Black African|White||1.25|1.9|1.4|2.5|300|wholly above 1.25
wrong flags|not enough evidence|false_positive_rate|ratio|ethnicity|Pakistani|White||1.25|1.3|0.9|1.8|600|holds 1.25
missed|pass|false_negative_rate|difference|tenure|social rent|owned|-0.2|0.2|0.03|-0.05|0.1|120|wholly within
ranking|pass|roc_auc|value|all|all||0.7||0.78|0.76|0.8|5000|wholly above 0.7"""
_OF_VERDICTS = (
    "limit", "verdict", "statistic", "compare", "group", "level", "reference", "minimum", "maximum", "estimate", "lower", "upper",
    "n", "why",
)  # fmt: skip


def verdicts() -> pa.Table:
    found = dict(
        zip(_OF_VERDICTS, zip(*(line.split("|") for line in _VERDICTS.splitlines()), strict=True), strict=True)
    )
    numbers = ("minimum", "maximum", "estimate", "lower", "upper")
    made = {name: [float(one) if one else None for one in found[name]] for name in numbers}
    return VERDICTS.build(
        {name: list(found[name]) for name in _OF_VERDICTS}
        | made
        | {"n": [int(one) for one in found["n"]], "suppressed": [False] * 4}
    )


def what_if() -> EstimateTable:
    levels = ("all", *GROUPS["tenure"])
    shared = {"group": ["all", *["tenure"] * 3], "level": list(levels), "n": np.array([5000, 2500, 1500, 1000])}
    tables = []
    for rule, tilt in {"as_it_is": 1.0, "equal_selection_rates": 1.1, "equalized_odds": 0.9}.items():
        for name, level in {"selection_rate": 0.08, "false_positive_rate": 0.05, "false_negative_rate": 0.65}.items():
            rate = np.clip(level * tilt * np.array([1, 0.7, 1.4, 1.1]), 0, 1)
            ends = {"lower": rate * 0.9, "upper": np.minimum(rate * 1.1, 1)}
            tables.append(EstimateTable.build(subject=rule, statistic=name, **shared, estimate=rate, **ends))
        moved = {"flags_gained": [80.0, 60, 0, 20], "flags_lost": [40.0, 0, 40, 0]} if rule != "as_it_is" else {}
        for name, many in moved.items():
            tables.append(EstimateTable.build(subject=rule, statistic=name, **shared, estimate=many, lower=np.array(many) * 0.5,
                                               upper=np.array(many) + 9, method="Wilson 95%, expected flags"))  # fmt: skip
    return EstimateTable.concat(tables)


def make(groups: Mapping[str, tuple[str, ...]] = GROUPS, deep: int = 2, rows: int = 5_000, **about: Any) -> ModelAudit:
    """The audit of so many made-up rows, with every pair (or triple) of groups crossed."""
    here = cells(groups, deep, rows)
    said = {
        "source": "predictions.csv", "unit": "row", "rows": rows, "labels": ["label"], "groups": list(groups),
        "missing": {"label": 200, "score": 50}, "flag_rule": "highest scoring 8%", "confidence": 0.95,
        "notes": ["'label' is what was recorded."], "undefined": [],
    }  # fmt: skip
    found = EstimateTable.concat([*plain(here), *compared(here)])
    return ModelAudit(found, said | about, curves(here), verdicts(), what_if())


@pytest.fixture
def audit_like() -> Callable[..., ModelAudit]:
    """Make an audit with other groups, sizes or words."""
    return make


@pytest.fixture(scope="session")
def full_audit() -> ModelAudit:
    """Three characteristics, every pair of them crossed, every statistic, every curve, verdicts and what-ifs."""
    return make()
