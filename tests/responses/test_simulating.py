"""SIMULATED respondents: the same every time, labelled, readable, and true to the model they are drawn from."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskaudit.artefacts import Provenance, VignetteDeck
from riskaudit.responses import ALL_VIGNETTES, AnswerColumns, estimate, read_responses, simulate
from riskaudit.responses.simulating import planted_effects


def table(deck: VignetteDeck, respondents: int = 200, seed: int = 7) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(simulate(deck, respondents=respondents, seed=seed)))


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(deck: VignetteDeck) -> None:
    assert simulate(deck, respondents=50, seed=1) == simulate(deck, respondents=50, seed=1)
    assert simulate(deck, respondents=50, seed=1) != simulate(deck, respondents=50, seed=2)


def test_every_respondent_answers_one_whole_deck(deck: VignetteDeck) -> None:
    rows = table(deck, 201)
    assert rows.groupby("respondent_id")["deck"].nunique().eq(1).all()
    assert rows.groupby("respondent_id").size().eq(6).all()
    assert sorted(rows.groupby("deck")["respondent_id"].nunique()) == [100, 101]


def test_every_row_is_labelled_simulated(deck: VignetteDeck) -> None:
    assert table(deck)["provenance"].eq("SIMULATED").all()
    assert table(deck)["respondent_id"].str.startswith("SIM-").all()


def test_simulated_answers_are_read_without_a_fault(deck: VignetteDeck, tmp_path: Path) -> None:
    path = tmp_path / "simulated.csv"
    path.write_text(simulate(deck, respondents=40, seed=3), encoding="utf-8")
    found = read_responses(path, deck, AnswerColumns(groups=("lone_parent",)))
    assert found.provenance is Provenance.SIMULATED
    assert found.table.num_rows == 240
    assert set(found.table.column("rating").to_pylist()) <= {1, 2, 3, 4, 5}


def test_estimates_recover_what_was_planted(deck: VignetteDeck, tmp_path: Path) -> None:
    path = tmp_path / "simulated.csv"
    path.write_text(simulate(deck, respondents=6000, seed=11), encoding="utf-8")
    found = estimate(read_responses(path, deck, AnswerColumns(groups=("lone_parent",))), deck).estimates
    planted = planted_effects(deck, 11)
    for attribute in deck.attributes[1:]:
        for level in attribute.levels[1:]:
            effect = planted[attribute.id][level.id]
            row = found.row(subject=attribute.id, level=level.id, statistic="average_marginal_component_effect")
            # the ends of the scale take something off an effect, never its sign: at most a third, and 4 standard errors
            assert min(effect, effect * 2 / 3) - 4 * row["std_error"] < row["estimate"]
            assert row["estimate"] < max(effect, effect * 2 / 3) + 4 * row["std_error"]
    lone, others = (
        found.row(subject=ALL_VIGNETTES, group="lone_parent", level=level, statistic="marginal_mean")
        for level in ("yes", "no")
    )
    error = np.hypot(lone["std_error"], others["std_error"])
    # planted: 0.3 lower, less the part of the first attribute's mean effect (a third each of its levels) that is theirs
    first = 0.8 * np.mean(list(planted["record"].values()))
    gap = others["estimate"] - lone["estimate"]
    assert (
        min(2 / 3 * (0.3 + first), 0.3 + first) - 4 * error < gap < max(2 / 3 * (0.3 + first), 0.3 + first) + 4 * error
    )


def test_answers_spread_as_the_model_says_on_a_scale_of_any_length(deck: VignetteDeck) -> None:
    five = table(deck, 2000)["rating"]
    # 0.6 between and 1.0 within respondents, and what levels add: about 1.2; rounding adds and the scale's ends take a little
    assert 1.0 < five.std() < 1.35
    assert set(five) == {1, 2, 3, 4, 5}
    nine = table(replace(deck, scale=tuple("abcdefghi")), 2000)["rating"]
    # the same feelings on a scale twice as fine: never further off than rounding can put them
    assert (nine - (2 * five - 1)).abs().max() == 1


def test_the_planted_group_difference_is_found_where_it_was_planted(deck: VignetteDeck, tmp_path: Path) -> None:
    path = tmp_path / "simulated.csv"
    path.write_text(simulate(deck, respondents=6000, seed=11), encoding="utf-8")
    found = estimate(read_responses(path, deck, AnswerColumns(groups=("lone_parent",))), deck).estimates
    notes = {
        attribute.id: found.row(subject=attribute.id, group="lone_parent", statistic="interaction_f_test")["note"]
        for attribute in deck.attributes
    }
    assert notes["record"].endswith("p < 0.001")
    # nothing was planted here; with this seed chance does not reach 1 in 1,000
    assert not notes["purpose"].endswith("p < 0.001")


def test_nobody_cannot_answer(deck: VignetteDeck) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        simulate(deck, respondents=0, seed=1)
