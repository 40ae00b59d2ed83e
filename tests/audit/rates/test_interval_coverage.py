"""Nominal 95% intervals of the audit hold what was planted in about 95% of made-up worlds: the table of `docs/coverage.md`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("interval_coverage", ROOT / "bench" / "interval_coverage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_intervals_cover_as_often_as_they_say(bench: ModuleType) -> None:
    # fewer worlds than the page's 1,000: each share may be three Monte-Carlo errors off. With clusters ignored far too few hold
    # the truth, so that the worlds do plant what they say.
    found = bench.coverage(worlds=120, seed=2)
    for row in found.itertuples(index=False):
        error = 3 * max(row.error, np.sqrt(0.05 * 0.95 / row.intervals))
        if "ignored" in row.method:
            assert row.size < 100 or row.coverage < 0.93
            continue
        assert row.coverage > 0.93 - error, row
        if "exact" not in row.method:
            assert row.coverage < 0.97 + error, row


def test_the_page_shows_every_method_that_the_bench_counts(bench: ModuleType) -> None:
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    counted = {
        f"| {what} | {method} |"
        for kind in bench.KINDS
        for what, method in bench.intervals(kind, 100, worlds=3, seed=1)[["what", "method"]].itertuples(index=False)
        if method
    }
    assert len(counted) > 10
    assert {line for line in counted if line not in page} == set()
    assert f"{bench.WORLDS:,} made-up worlds" in page
