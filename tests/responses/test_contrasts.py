"""Component effects and group tests against statsmodels, planted truth, and their own claimed error rate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import binom
from scipy.stats import t as student_t

from riskaudit.artefacts import Responses, VignetteDeck
from riskaudit.responses import estimate

Make = Callable[..., Responses]


def drawn(seed: int, deck: VignetteDeck, people: int = 90) -> pd.DataFrame:
    """Return answers of people in three groups who do not differ; each sees one of the two decks."""
    draw = np.random.default_rng(seed)
    vignettes = deck.frame()[["deck", "vignette_id", "levels"]]
    who = pd.DataFrame(
        {
            "respondent": [f"p{number:03d}" for number in range(people)],
            "deck": np.resize([1, 2], people),
            "group": np.repeat(["a", "b", "c"], people // 3),
            "weight": np.round(draw.lognormal(0, 0.4, people), 3),
            "leaning": draw.normal(0, 0.8, people),
        }
    )
    rows = who.merge(vignettes, on="deck")
    pairs = rows["levels"].str.split(";").map(lambda parts: dict(part.split("=") for part in parts))
    rows = rows.join(pd.DataFrame(pairs.tolist(), index=rows.index))
    felt = 3 + rows["leaning"] + 0.5 * (rows["record"] == "gp") + draw.normal(0, 1, len(rows))
    rows["rating"] = np.clip(np.rint(felt), 1, 5).astype(int)
    return rows


def to_answers(rows: pd.DataFrame, deck: VignetteDeck, answers_to: Make) -> Responses:
    given = list(zip(rows["respondent"], rows["vignette_id"], rows["rating"], strict=True))
    return answers_to(deck, given, weights=rows["weight"].tolist(), groups={"group": rows["group"].tolist()})


def test_component_effects_equal_those_of_statsmodels(deck: VignetteDeck, answers_to: Make) -> None:
    rows = drawn(1, deck)
    found = estimate(to_answers(rows, deck, answers_to), deck).estimates
    formula = "rating ~ C(record, Treatment('police')) + C(consent, Treatment('asked')) + C(purpose, Treatment('help'))"
    theirs = smf.wls(formula, rows, weights=rows["weight"]).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["respondent"])[0]}
    )
    n, k = len(rows), 5
    for attribute, level, base in (
        ("record", "gp", "police"), ("record", "school", "police"), ("consent", "told", "asked"),
        ("purpose", "check", "help"),
    ):  # fmt: skip
        row = found.row(subject=attribute, level=level, statistic="average_marginal_component_effect")
        name = f"C({attribute}, Treatment('{base}'))[T.{level}]"
        assert row["reference"] == base
        assert row["estimate"] == pytest.approx(theirs.params[name], rel=1e-9)
        # statsmodels' factor (n - 1) / (n - k) is taken out; see the tests of `clustered`
        assert row["std_error"] == pytest.approx(theirs.bse[name] * np.sqrt((n - k) / (n - 1)), rel=1e-9)
        assert row["upper"] - row["estimate"] == pytest.approx(student_t.ppf(0.975, 89) * row["std_error"])
        assert row["n"] == int(rows[attribute].isin([level, base]).sum())


def test_without_the_reference_level_there_is_no_effect(deck: VignetteDeck, answers_to: Make) -> None:
    rows = drawn(2, deck)
    found = estimate(to_answers(rows[rows["record"] != "police"], deck, answers_to), deck).estimates
    effects = found.rows(subject="record", statistic="average_marginal_component_effect")
    assert [(row["estimate"], row["note"]) for row in effects] == [(None, "the reference level was not shown")] * 2
    assert found.row(subject="consent", statistic="average_marginal_component_effect")["estimate"] is not None


def test_levels_that_always_go_together_are_not_told_apart(deck: VignetteDeck, answers_to: Make) -> None:
    rows = drawn(3, deck)
    together = rows[(rows["record"] == "police") == (rows["consent"] == "asked")]
    together = together[together["record"] != "school"]
    found = estimate(to_answers(together, deck, answers_to), deck).estimates
    row = found.row(subject="consent", level="told", statistic="average_marginal_component_effect")
    assert row["estimate"] is None
    assert "do not tell the levels apart" in row["note"]


def test_the_group_test_equals_that_of_statsmodels(deck: VignetteDeck, answers_to: Make) -> None:
    rows = drawn(4, deck)
    row = estimate(to_answers(rows, deck, answers_to), deck).estimates.row(
        subject="record", group="group", statistic="interaction_f_test"
    )
    fit = smf.wls("rating ~ record * group + consent + purpose", rows, weights=rows["weight"]).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["respondent"])[0]}, use_t=True
    )
    crossed = [name for name in fit.params.index if ":" in name]
    wald = fit.f_test([[float(name == one) for name in fit.params.index] for one in crossed])
    n, k, q, d = len(rows), len(fit.params), 4, 89
    # from their covariance to ours, then Korn and Graubard's (d - q + 1) / d
    assert row["estimate"] == pytest.approx(wald.fvalue * (n - 1) / (n - k) * (d - q + 1) / d, rel=1e-8)
    assert row["note"].startswith("F on 4 and 86 degrees of freedom, p = ")
    assert row["n"] == n


def test_groups_that_are_small_or_not_recorded_are_left_out_and_said_to_be(
    deck: VignetteDeck, answers_to: Make
) -> None:
    rows = drawn(5, deck)
    rows.loc[rows["group"] == "c", "group"] = "not recorded"
    few = rows["respondent"].isin([f"p{number:03d}" for number in range(10)])
    rows.loc[few, "group"] = "z"
    grown = pd.concat(
        [rows, rows[rows["group"] == "a"].assign(respondent=lambda each: "copy of " + each["respondent"])]
    )
    row = estimate(to_answers(grown, deck, answers_to), deck).estimates.row(
        subject="record", group="group", statistic="interaction_f_test"
    )
    assert "left out: z (10 respondents)" in row["note"]
    assert "F on 2 and" in row["note"]
    assert row["n"] == int(grown["group"].isin(["a", "b"]).sum())


def test_one_group_is_not_compared_with_itself(deck: VignetteDeck, answers_to: Make) -> None:
    rows = drawn(6, deck).assign(group="a")
    row = estimate(to_answers(rows, deck, answers_to), deck).estimates.row(
        subject="record", statistic="interaction_f_test"
    )
    assert row["estimate"] is None
    assert row["note"] == "no test: fewer than two groups to compare"


@pytest.mark.slow
def test_groups_that_do_not_differ_are_said_to_differ_one_time_in_twenty(deck: VignetteDeck, answers_to: Make) -> None:
    draws, wrong = 200, 0
    for seed in range(draws):
        row = estimate(to_answers(drawn(1000 + seed, deck, 120), deck, answers_to), deck).estimates.row(
            subject="record", statistic="interaction_f_test"
        )
        p = row["note"].split("p ")[1]
        wrong += p.startswith("<") or float(p.removeprefix("= ")) < 0.05
    # groups of 40 and four contrasts: the sandwich is known to run a little liberal, so up to 0.08 is allowed for; beyond
    # the 0.001 quantiles of such counts the test is broken. A test that always said p = 0.5 would fail below.
    assert binom.ppf(0.001, draws, 0.05) <= wrong <= binom.ppf(0.999, draws, 0.08)
