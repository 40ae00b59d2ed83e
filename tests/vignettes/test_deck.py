"""The whole deck: keys, words, fingerprints, and the way to files and back."""

import hashlib
import json

import numpy as np
import pytest
from pydantic import ValidationError

from riskaudit.artefacts import Attribute, Level, VignetteDeck
from riskaudit.errors import BadInput
from riskaudit.reading import reading_grade, word_count
from riskaudit.scenario import VignetteAttribute
from riskaudit.vignettes.attributes import refuse_unmapped


def test_the_deck_has_sixty_numbered_vignettes_in_ten_decks(deck) -> None:
    frame = deck.frame()
    assert frame["vignette_id"].tolist() == [f"v{number:02d}" for number in range(1, 61)]
    assert frame.groupby("deck")["position"].apply(list).tolist() == [[1, 2, 3, 4, 5, 6]] * 10
    assert set(frame["made_up"]) == {"SYNTHETIC"}
    assert not frame.duplicated(["deck", "levels"]).any()
    assert not frame.duplicated("levels").any()  # 324 combinations: no need to repeat one


def test_every_level_of_every_attribute_is_used_about_equally_often(deck) -> None:
    picked = list(deck.levels_of().values())
    for attribute in deck.attributes:
        counts = [sum(one[attribute.id] == level.id for one in picked) for level in attribute.levels]
        assert sum(counts) == 60
        assert np.ptp(counts) <= 2


def test_the_design_is_efficient_and_says_so(deck) -> None:
    assert deck.diagnostics.d_efficiency >= 97
    assert deck.diagnostics.candidates == 4 * 3 * 3 * 3 * 3
    assert 0 <= deck.diagnostics.max_correlation < 0.2
    assert deck.diagnostics.within_deck_d_efficiency <= deck.diagnostics.d_efficiency


def test_every_level_stands_for_something_and_record_ids_are_the_catalogues(deck, catalogue) -> None:
    ids = [attribute.id for attribute in deck.attributes]
    assert ids == ["record", "purpose", "holder", "consent", "errors"]
    for attribute in deck.attributes:
        for level in attribute.levels:
            assert level.feature_ids or level.key_id
            assert all(feature in catalogue.by_id for feature in level.feature_ids)
    assert [level.key_id for level in deck.attributes[1].levels] == [
        "purpose:offer_help",
        "purpose:check",
        "purpose:plan",
    ]


def test_the_feature_ids_of_a_vignette_are_those_of_its_levels(deck) -> None:
    record = {level.id: level for level in deck.attributes[0].levels}
    for row in deck.table.to_pylist():
        chosen = record[deck.levels_of()[row["vignette_id"]]["record"]]
        assert row["feature_ids"] == ";".join(chosen.feature_ids)


def test_a_vignette_is_the_opening_and_its_levels_sentences_in_order(deck, asked) -> None:
    by_id = {attribute.id: {level.id: level for level in attribute.levels} for attribute in deck.attributes}
    for row in deck.table.to_pylist():
        levels = [by_id[attribute][level] for attribute, level in deck.levels_of()[row["vignette_id"]].items()]
        assert row["text_web"] == " ".join([asked.opening, *(level.text_web for level in levels)])
        assert row["text_phone"] == " ".join([asked.opening_phone, *(level.text_phone for level in levels)])
        assert row["words"] == word_count(row["text_web"]) <= 90
        assert row["grade"] == pytest.approx(reading_grade(row["text_web"]), abs=0.005)
        assert row["grade"] <= 6


def test_the_telephone_uses_the_shorter_sentence_where_there_is_one(deck) -> None:
    offer = [row for row in deck.table.to_pylist() if "purpose=offer_help" in row["levels"]]
    assert all("It is to offer help." in row["text_phone"] for row in offer)
    assert all("The list is used to offer help." in row["text_web"] for row in offer)


def test_the_fingerprint_is_of_id_levels_and_both_texts(deck) -> None:
    row = deck.table.to_pylist()[0]
    text = "|".join(row[name] for name in ("vignette_id", "levels", "text_web", "text_phone"))
    assert row["hash"] == hashlib.sha256(text.encode()).hexdigest()[:12]
    assert len(set(deck.frame()["hash"])) == 60


@pytest.mark.parametrize("key", ["opening", "opening_phone"])
def test_other_words_have_another_fingerprint_and_the_same_design(deck, redesign, key: str) -> None:
    changed = redesign(**{key: "Think of a town far away."})
    assert changed.frame()["levels"].equals(deck.frame()["levels"])
    assert (changed.frame()["hash"] != deck.frame()["hash"]).all()


def test_the_same_seed_gives_the_same_deck_and_another_seed_another(deck, redesign) -> None:
    assert redesign().parts() == deck.parts()
    assert redesign(seed=8).frame()["levels"].tolist() != deck.frame()["levels"].tolist()


def test_a_deck_survives_the_way_to_files_and_back(deck) -> None:
    files = deck.parts()
    files["design.json"] = json.loads(json.dumps(files["design.json"]))
    again = VignetteDeck.of(files.__getitem__, tuple(files))
    assert again == deck


def test_a_level_for_a_feature_that_is_not_in_the_catalogue_is_refused(redesign, attributes) -> None:
    wrong = {"label": "Police", "text": "The police help.", "features": ["police_domestic_incident_2y", "zzz"]}
    none = {"label": "None", "text": "Nobody else helps."}
    helpers = {"label": "Who helps", "levels": {"police": wrong, "nobody": none}}
    with pytest.raises(BadInput) as caught:
        redesign(attributes=attributes | {"helpers": helpers})
    first, second = caught.value.faults
    assert first.where == "[vignettes.attributes.helpers.levels.police] features"
    assert first.hint == "did you mean 'police_domestic_incidents_2y'?"
    assert "zzz" in second.what


def test_a_written_level_may_stand_for_features_as_well(redesign, attributes) -> None:
    police = {"label": "Police", "text": "The police help.", "features": ["school_suspensions_2y"]}
    helpers = {"label": "Who helps", "levels": {"police": police, "nobody": {"label": "None", "text": "Nobody helps."}}}
    level = redesign(attributes=attributes | {"helpers": helpers}).attributes[-2].levels[0]
    assert (level.feature_ids, level.key_id) == (("school_suspensions_2y",), "helpers:police")


def test_a_level_that_stands_for_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="stands for nothing"):
        Level("a", "A", "Text.", "Text.")


def test_a_mapped_deck_is_not_refused(catalogue) -> None:
    levels = tuple(Level(feature.id, "A", "T.", "T.", (feature.id,)) for feature in catalogue)
    assert refuse_unmapped((Attribute("all", "All", levels),), catalogue) is None  # nothing was raised


def test_two_levels_with_the_same_words_are_refused() -> None:
    twice = {"a": {"label": "A", "text": "Same."}, "b": {"label": "B", "text": "Same. "}}
    with pytest.raises(ValidationError, match="a and b have the same text"):
        VignetteAttribute(label="Twice", levels=twice)


def test_without_error_rates_the_deck_goes_on_without_them_and_says_so(redesign, make_audit) -> None:
    left_out = redesign(audit=make_audit({}))
    assert [attribute.id for attribute in left_out.attributes] == ["record", "purpose", "holder", "consent"]
    assert "holds no error rates" in left_out.diagnostics.note


def test_long_and_hard_words_are_a_caution_and_plain_ones_are_not(redesign, attributes) -> None:
    hard = " ".join(["Multidisciplinary safeguarding organisations systematically operationalise vulnerability"] * 8)
    opened = redesign(opening=hard[:300], opening_phone="").diagnostics.note
    assert "words on screen" not in redesign().diagnostics.note
    assert "The hardest text has reading grade" in opened
    assert "The longest telephone text has" in opened


def test_a_design_short_of_ninety_seven_is_a_caution(redesign) -> None:
    small = redesign(decks=4, per_deck=4)
    assert small.diagnostics.d_efficiency < 97
    assert "below 97" in small.diagnostics.note


def test_decks_of_one_vignette_have_no_comparison_within_and_say_none(redesign) -> None:
    single = redesign(decks=30, per_deck=1)
    assert single.diagnostics.within_deck_d_efficiency is None
    assert "none" in single.page


def test_one_long_deck_is_compared_within_as_overall(redesign, attributes) -> None:
    one = redesign(decks=1, per_deck=12, attributes={"purpose": attributes["purpose"]}, record_levels=2, error_levels=2)
    assert one.diagnostics.d_efficiency == pytest.approx(100)  # the 2 x 3 x 2 factorial itself
    assert one.diagnostics.within_deck_d_efficiency == pytest.approx(100)
