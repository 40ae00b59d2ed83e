"""Every feature of the whole catalogue at no, one and many: easy to read, blames nobody, says no more than what is on record."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from riskaudit.artefacts import Feature, FeatureKind
from riskaudit.explanation.wording import (
    Children,
    GroupRates,
    Length,
    Standing,
    grades_told,
    reason,
    standing_of,
    texts,
)
from riskaudit.features import catalogue
from riskaudit.reading import reading_grade
from riskaudit.scenario import Agency, ExplanationSection, FeaturesSection

FEATURES = tuple(catalogue(FeaturesSection(), list(Agency)))
VALUES = (0.0, 1.0, 12.0)
WORDS_PAGE = Path(__file__).resolve().parents[3] / "docs" / "words.md"
GROUP = GroupRates("family_type", np.array(["lone mother"]), {"lone mother": 0.134})


def _told(features: tuple[Feature, ...], value: float, sign: float) -> dict[Length, str]:
    found = SimpleNamespace(values=np.full((1, len(features)), sign), set_to_zero=np.array([False]))
    standing = Standing(np.array([0.93]), np.array([0.04]), np.array([sign > 0]), 0.064, groups=(GROUP,))
    told = texts(features, np.full((1, len(features)), value), found, standing, 3)
    return {length: written[0] for length, written in told.items()}


# Features stand in texts alone, and in threes as a model would name them: every three neighbours of the catalogue.
SETS = [(one,) for one in FEATURES] + [FEATURES[at : at + 3] for at in range(len(FEATURES) - 2)]
ALL = [
    (length, text)
    for features in SETS
    for value in VALUES
    for sign in (1.0, -1.0)
    for length, text in _told(features, value, sign).items()
]


def _forbidden() -> list[str]:
    """Return the words that `docs/words.md` says are not used, whole phrases as they stand."""
    table = WORDS_PAGE.read_text(encoding="utf-8").split("## Words we do not use")[1]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ")][1:]
    return [re.sub(r"\(.*?\)", "", phrase).strip() for cell in cells for phrase in cell.split(",")]


def test_the_forbidden_words_are_read_from_the_page() -> None:
    assert {"bad", "troubled", "fair", "accurate", "predicts abuse"} <= set(_forbidden())


def test_no_text_holds_a_forbidden_word_or_blames() -> None:
    blaming = (
        "you failed",
        r"fail\w*",
        r"refus\w*",
        r"neglect\w*",
        r"abus\w*",
        "blame",
        "risky",
        "dangerous",
        "suffer",
    )
    forbidden = re.compile(r"\b(" + "|".join([*map(re.escape, _forbidden()), *blaming]) + r")\b|[<>{}]|\bnan\b", re.I)
    assert [text for _, text in ALL if forbidden.search(text)] == []


def test_every_text_is_at_or_under_the_default_target_grade() -> None:
    target = ExplanationSection().reading_grade
    over = {text: round(reading_grade(text), 1) for _, text in ALL if reading_grade(text) > target}
    assert over == {}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.id)
def test_no_event_on_record_is_told_as_no_record(feature: Feature) -> None:
    told = reason(feature, 0.0)
    if feature.looks_back and feature.kind is not FeatureKind.MISSING and feature.unit not in ("people", "headings"):
        assert told == f"that there is no record that {feature.plain}" or told.startswith("that no records show ")
    if feature.plain.startswith("records show") and feature.kind is FeatureKind.FLAG:
        assert told.startswith("that no records show ")
    assert "did not happen" not in told


def test_a_card_is_one_line_and_a_page_the_longest() -> None:
    for at in range(0, len(ALL), 3):
        card, short, page = (text for _, text in ALL[at : at + 3])
        assert "\n" not in card
        assert len(card) < len(short) < len(page)
        assert all(text.startswith("This family is made up.") for text in (card, short, page))


def test_the_grade_range_counts_what_is_over_the_target() -> None:
    assert grades_told([3.14, 9.0, 7.96, float("nan")], 8.0) == {
        "target_grade": 8.0, "texts": 4, "lowest_grade": 3.1, "highest_grade": 9.0, "over_target": 1,
    }  # fmt: skip
    assert grades_told([], 8.0)["lowest_grade"] is None


def test_base_rates_are_the_shares_of_flagged_test_children_by_level() -> None:
    import pandas as pd

    families = np.array([f"h{i}" for i in range(100)])
    levels = pd.Series(["lone mother"] * 30 + ["couple"] * 60 + ["grandparent"] * 10, index=families)[:95]
    flagged = np.arange(100) % 10 == 0
    tested = Children(np.arange(100) / 100, flagged, families)
    standing = standing_of(tested.at(np.array([0, 40, 92, 99])), tested, groups={"family_type": levels[::-1]})
    (rates,) = standing.groups
    assert rates.flagged == {"lone mother": pytest.approx(3 / 30), "couple": pytest.approx(6 / 60)}
    assert rates.levels.tolist() == ["lone mother", "couple", "grandparent", "not recorded"]
    np.testing.assert_allclose(standing.lower, [0, 0.40, 0.92, 0.99])
    np.testing.assert_allclose(standing.higher, [0.99, 0.59, 0.07, 0])
