"""Level estimates: sums worked by hand, coverage of the intervals, and what is said where there is no evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import t as student_t

from riskaudit.artefacts import Provenance, Responses, VignetteDeck
from riskaudit.responses import ALL_VIGNETTES, estimate

Make = Callable[..., Responses]

# In the deck, v01 to v04 are about the police, v05 to v08 about the GP, v09 to v12 about the school; v01, v02, v05, v06, v09
# and v10 say that the parent was asked. Odd vignettes are deck 1.
FOUR = [
    ("ann", "v01", 2), ("ann", "v03", 4), ("ann", "v05", 5),
    ("bea", "v01", 1), ("bea", "v05", 3),
    ("cyd", "v01", 5), ("cyd", "v05", 5), ("cyd", "v09", 4),
]  # fmt: skip
WEIGHTS = [1.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 1.0]


def many(seed: int, people: int, deck: VignetteDeck, mean: float = 3.2) -> list[tuple[str, str, int]]:
    draw = np.random.default_rng(seed)
    vignettes = [row["vignette_id"] for row in deck.table.to_pylist() if row["deck"] == 1]
    felt = mean + draw.normal(0, 0.7, people)[:, None] + draw.normal(0, 1, (people, len(vignettes)))
    ratings = np.clip(np.rint(felt), 1, 5).astype(int)
    return [
        (f"p{who:04d}", vignette, int(ratings[who, at]))
        for who in range(people)
        for at, vignette in enumerate(vignettes)
    ]


def test_a_marginal_mean_equals_the_one_worked_by_hand(deck: VignetteDeck, answers_to: Make) -> None:
    row = estimate(answers_to(deck, FOUR, weights=WEIGHTS), deck).estimates.row(
        subject="record", level="police", statistic="marginal_mean"
    )
    # weights: ann 2 and 4 (1 each), bea 1 (2), cyd 5 (1): mean = (2 + 4 + 2 + 5) / 5 = 2.6
    # cluster totals of w(y - 2.6): ann 0.8, bea -3.2, cyd 2.4; variance = 3/2 x (0.64 + 10.24 + 5.76) / 25 = 0.9984
    assert row["estimate"] == pytest.approx(2.6)
    assert row["std_error"] == pytest.approx(np.sqrt(0.9984))
    reach = student_t.ppf(0.975, 2) * np.sqrt(0.9984)
    assert (row["lower"], row["upper"]) == pytest.approx((2.6 - reach, 2.6 + reach))
    assert row["n"] == 4
    assert row["note"] == "few respondents: 3"
    assert "clustered on respondent, factor g/(g-1)" in row["method"]


def test_accepting_is_an_answer_above_the_middle_of_the_scale(deck: VignetteDeck, answers_to: Make) -> None:
    found = estimate(answers_to(deck, FOUR, weights=WEIGHTS), deck).estimates
    # police: 4 and 5 accept, weight 2 of 5; gp: 5 and 5 accept, weight 2 of 4, and the 3 in the middle does not
    assert found.row(subject="record", level="police", statistic="share_accepting")["estimate"] == pytest.approx(0.4)
    assert found.row(subject="record", level="gp", statistic="share_accepting")["estimate"] == pytest.approx(0.5)


def test_means_are_also_given_without_weights_only_where_weights_differ(deck: VignetteDeck, answers_to: Make) -> None:
    weighted = estimate(answers_to(deck, FOUR, weights=WEIGHTS), deck).estimates
    plain = weighted.row(subject="record", level="police", statistic="unweighted_marginal_mean")
    assert plain["estimate"] == pytest.approx((2 + 4 + 1 + 5) / 4)
    alike = estimate(answers_to(deck, FOUR, weights=[2.0] * len(FOUR)), deck).estimates
    assert alike.rows(statistic="unweighted_marginal_mean") == []
    same = alike.row(subject="record", level="police", statistic="marginal_mean")
    assert (same["estimate"], same["std_error"]) == pytest.approx((plain["estimate"], plain["std_error"]))


def test_the_design_effect_of_weights_is_kishs(deck: VignetteDeck, answers_to: Make) -> None:
    row = estimate(answers_to(deck, FOUR, weights=WEIGHTS), deck).estimates.row(statistic="kish_design_effect")
    # respondents weigh 1, 2, 1: 3 x 6 / 16
    assert row["estimate"] == pytest.approx(18 / 16)
    assert row["n"] == 3


def test_unanswered_vignettes_are_counted_against_the_decks(deck: VignetteDeck, answers_to: Make) -> None:
    row = estimate(answers_to(deck, FOUR), deck).estimates.row(statistic="share_unanswered")
    # three parents saw deck 1 of six vignettes and gave eight answers
    assert (row["estimate"], row["n"]) == (pytest.approx(1 - 8 / 18), 18)
    mixed = estimate(answers_to(deck, [*FOUR, ("ann", "v02", 3)]), deck).estimates.row(statistic="share_unanswered")
    assert mixed["estimate"] is None
    assert "several decks" in mixed["note"]


def test_a_level_that_nobody_saw_has_no_estimate_and_says_why(deck: VignetteDeck, answers_to: Make) -> None:
    rows = estimate(answers_to(deck, FOUR[:2]), deck).estimates.rows(subject="record", level="school")
    assert {row["statistic"] for row in rows} == {
        "marginal_mean", "share_accepting", "average_marginal_component_effect"
    }  # fmt: skip
    for row in rows:
        assert row["estimate"] is row["std_error"] is row["lower"] is None
        assert row["note"] == "shown to none of these respondents"


def test_agreement_of_everybody_asked_is_not_certainty(deck: VignetteDeck, answers_to: Make) -> None:
    rows = [(f"p{number}", vignette, 5) for number in range(8) for vignette in ("v01", "v03")]
    found = estimate(answers_to(deck, rows), deck).estimates
    mean = found.row(subject="record", level="police", statistic="marginal_mean")
    assert (mean["estimate"], mean["std_error"], mean["lower"]) == (5.0, None, None)
    assert "respondents do not differ" in mean["note"]
    share = found.row(subject="record", level="police", statistic="share_accepting")
    assert (share["estimate"], share["upper"]) == (1.0, 1.0)
    # eight respondents, none refusing: Wilson's 8 / (8 + z^2), with Student's t on 7 degrees of freedom as z
    assert share["lower"] == pytest.approx(8 / (8 + student_t.ppf(0.975, 7) ** 2))


def test_answers_are_no_more_evidence_than_the_respondents_who_gave_them(deck: VignetteDeck, answers_to: Make) -> None:
    # four parents, each of one mind over six vignettes: four pieces of evidence, not twenty-four
    seen = [row["vignette_id"] for row in deck.table.to_pylist() if row["deck"] == 1]
    rows = [(f"p{who}", one, 5 if who < 2 else 1) for who in range(4) for one in seen]
    row = estimate(answers_to(deck, rows), deck).estimates.row(subject=ALL_VIGNETTES, statistic="share_accepting")
    # standard error of 0.5 over four clusters: sqrt(4/3 x 4 x 3^2 / 24^2)
    assert row["std_error"] == pytest.approx(np.sqrt(4 / 3 * 36 / 576))
    assert row["upper"] - row["lower"] > 0.7


def test_answers_are_never_more_evidence_than_there_are_answers(deck: VignetteDeck, answers_to: Make) -> None:
    # four parents who each accept one of two: their means agree exactly, and yet there are only eight answers
    rows = [(f"p{who}", vignette, rating) for who in range(4) for vignette, rating in (("v01", 5), ("v03", 1))]
    row = estimate(answers_to(deck, rows), deck).estimates.row(subject=ALL_VIGNETTES, statistic="share_accepting")
    assert row["std_error"] is None
    # Wilson's interval of 4 in 8, with Student's t on 3 degrees of freedom as z: half-width z / (2 sqrt(n + z^2))
    reach = student_t.ppf(0.975, 3)
    assert row["upper"] - 0.5 == pytest.approx(reach / (2 * np.sqrt(8 + reach**2)))


def test_one_respondent_has_no_interval(deck: VignetteDeck, answers_to: Make) -> None:
    for row in estimate(answers_to(deck, FOUR[:3]), deck).estimates.rows(statistic="marginal_mean"):
        assert row["lower"] is None
        assert row["note"]


def test_groups_have_their_own_means(deck: VignetteDeck, answers_to: Make) -> None:
    lone = ["yes"] * 3 + ["no"] * 2 + ["not recorded"] * 3
    found = estimate(answers_to(deck, FOUR, groups={"lone_parent": lone}), deck).estimates
    rows = found.rows(subject="record=police", group="lone_parent", statistic="marginal_mean")
    assert [(row["level"], row["estimate"], row["n"]) for row in rows] == [
        ("no", 1.0, 1),
        ("yes", 3.0, 2),
        ("not recorded", 5.0, 1),
    ]
    overall = found.rows(subject=ALL_VIGNETTES, group="lone_parent", statistic="marginal_mean")
    assert [row["n"] for row in overall] == [2, 3, 3]


def test_a_groups_estimates_equal_those_of_its_answers_alone(deck: VignetteDeck, answers_to: Make) -> None:
    rows = many(3, 40, deck)
    sex = ["f" if int(who[1:]) % 3 else "m" for who, _, _ in rows]
    together = estimate(answers_to(deck, rows, groups={"sex": sex}), deck).estimates
    alone = estimate(answers_to(deck, [row for row, one in zip(rows, sex, strict=True) if one == "f"]), deck).estimates
    for statistic in ("marginal_mean", "share_accepting"):
        for level in ("police", "gp", "school"):
            ours = together.row(subject=f"record={level}", group="sex", level="f", statistic=statistic)
            theirs = alone.row(subject="record", group="all", level=level, statistic=statistic)
            assert (ours["n"], ours["note"]) == (theirs["n"], theirs["note"])
            for number in ("estimate", "std_error", "lower", "upper"):
                assert ours[number] == pytest.approx(theirs[number])


def test_simulated_answers_say_so_in_every_row(deck: VignetteDeck, answers_to: Make) -> None:
    lone = {"lone_parent": ["yes"] * 3 + ["no"] * 5}
    real = estimate(answers_to(deck, FOUR, groups=lone), deck).estimates.rows()
    made_up = estimate(answers_to(deck, FOUR, groups=lone, provenance=Provenance.SIMULATED), deck).estimates.rows()
    for ours, theirs in zip(made_up, real, strict=True):
        assert ours["note"] == ("SIMULATED; " + theirs["note"] if theirs["note"] else "SIMULATED")
        assert not theirs["note"].startswith("SIMULATED")
        assert {**ours, "note": ""} == {**theirs, "note": ""}


def test_the_order_of_answers_changes_nothing(deck: VignetteDeck, answers_to: Make) -> None:
    rows = many(5, 35, deck)
    sex = ["f" if int(who[1:]) % 2 else "m" for who, _, _ in rows]
    order = np.random.default_rng(0).permutation(len(rows))
    moved = answers_to(deck, [rows[at] for at in order], groups={"sex": [sex[at] for at in order]})
    for ours, theirs in zip(
        estimate(moved, deck).estimates.rows(),
        estimate(answers_to(deck, rows, groups={"sex": sex}), deck).estimates.rows(),
        strict=True,
    ):
        for name, value in ours.items():
            assert value == (pytest.approx(theirs[name], rel=1e-9) if isinstance(value, float) else theirs[name])


def test_a_wider_confidence_gives_a_wider_interval_and_says_so(deck: VignetteDeck, answers_to: Make) -> None:
    def row(confidence: float) -> dict[str, Any]:
        found = estimate(answers_to(deck, FOUR), deck, confidence=confidence).estimates
        return found.row(subject="record", level="police", statistic="marginal_mean")

    assert row(0.99)["lower"] < row(0.9)["lower"]
    assert "99%" in row(0.99)["method"]


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_claim(deck: VignetteDeck, answers_to: Make) -> None:
    # 25 respondents of six answers each, drawn 300 times from a model whose truth is a sample of 40,000 respondents
    truth = estimate(answers_to(deck, many(99, 40_000, deck, 4.4)), deck).estimates
    hits = {"marginal_mean": 0, "share_accepting": 0}
    for seed in range(300):
        found = estimate(answers_to(deck, many(seed, 25, deck, 4.4)), deck).estimates
        for statistic in hits:
            wanted, row = (each.row(subject=ALL_VIGNETTES, group="all", statistic=statistic) for each in (truth, found))
            hits[statistic] += row["lower"] <= wanted["estimate"] <= row["upper"]
    # four standard errors of a proportion of 0.95 in 300 draws are 0.05: an interval that covers 0.85 in truth is caught
    for covered in hits.values():
        assert covered / 300 == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 300))
