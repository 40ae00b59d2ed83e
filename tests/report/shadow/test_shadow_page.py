"""The page of one family's data shadow: what stands where, in which words, and that every form of it says the same."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from riskaudit.artefacts import DataShadow, FeatureCatalogue, Whose
from riskaudit.reading import reading_grade
from riskaudit.report import Report, compose_shadow, compose_shadow_for_interview, render
from riskaudit.report.data import ChartBlock, ChartKind, KeyFigures, RecordCard, TableBlock, Tone
from riskaudit.scenario import StudySection

STUDY = StudySection(title="Made-up study", seed=1, index_date="2024-04-01")


@pytest.fixture
def page(shadow: DataShadow, catalogue: FeatureCatalogue) -> Report:
    return compose_shadow(shadow, STUDY, catalogue)


def _cards(report: Report) -> list[RecordCard]:
    return [block for section in report.sections for block in section.blocks if isinstance(block, RecordCard)]


def _charts(report: Report, section: str) -> list[ChartBlock]:
    (found,) = [one for one in report.sections if one.id == section]
    return [block for block in found.blocks if isinstance(block, ChartBlock)]


def test_what_a_parent_needs_stands_first_and_everything_held_after_it(page: Report) -> None:
    assert page.opening is not None
    assert page.opening.title == "Who this is"
    assert [section.id for section in page.sections] == [
        "what-if", "recourse", "moved", "l2", "l1", "elsewhere", "other-models", "words",
    ]  # fmt: skip
    assert [section.id for section in page.sections if section.new_page] == ["what-if", "l2", "l1", "elsewhere"]


def test_the_opening_is_easy_to_read(page: Report) -> None:
    assert page.opening is not None
    told = " ".join([page.opening.lead, *(getattr(block, "text", "") for block in page.opening.blocks)])
    assert reading_grade(told) < 6
    assert "What the model says: the family is flagged. Its score is 0.400 on a scale from 0 to 1." in told
    assert "Of all families it was tried on, it flags 5 in 100." in told
    assert "no child is in need of help. The family is flagged wrongly." in told


@pytest.mark.parametrize(
    ("flagged", "need", "verdict"),
    [(True, True, "there is a need"), (False, True, "is missed"), (False, False, "rightly not flagged")],
)
def test_the_verdict_is_by_flag_and_true_need(
    shadow: DataShadow, catalogue: FeatureCatalogue, flagged: bool, need: bool, verdict: str
) -> None:
    child = replace(shadow.children[0], true_need=need)
    assert (
        verdict
        in render(compose_shadow(replace(shadow, flagged=flagged, children=(child,)), STUDY, catalogue), {}).markdown
    )


def test_of_a_hundred_figures_one_is_this_child(page: Report) -> None:
    assert page.opening is not None
    (picture,) = [block for block in page.opening.blocks if isinstance(block, ChartBlock)]
    assert picture.chart is ChartKind.HUNDRED
    assert sum(mark.value.estimate or 0 for mark in picture.marks) == pytest.approx(1)
    assert {mark.series: mark.value.text for mark in picture.marks} == {
        "Scored lower": "93 in 100", "This child": "1", "Scored higher": "4 in 100", "Scored the same": "2 in 100",
    }  # fmt: skip


def test_every_other_case_is_drawn_against_the_line_with_its_change(page: Report) -> None:
    records, time = _charts(page, "what-if")
    assert [mark.label for mark in records.marks] == [
        "As it is",
        "If the police’s records had not been linked",
        "If the school’s records had not been linked",
        "If nothing were on record but who is in the family",
    ]
    assert records.equal == time.equal == 0.3
    assert records.title == "In 2 of 3 cases the family would not be flagged"
    assert [mark.value.short for mark in records.marks] == [
        "0.400 flagged",
        "0.250 not flagged",
        "0.400 flagged",
        "not scored",
    ]
    assert records.marks[1].value.note == "0.150 lower; 1 record other than now"
    assert time.marks[1].value.note == "0.050 lower"


def test_a_record_that_is_not_theirs_says_so_in_words_and_by_a_sign(page: Report) -> None:
    spine, police = _cards(page)
    assert (spine.label, spine.tone) == ("✓ Truly theirs", Tone.PLAIN)
    assert (police.label, police.tone) == ("✕ Not theirs: it is truly a stranger’s", Tone.NOTICE)
    facts = dict(police.facts)
    assert facts["Without it"] == "The family’s score would be 0.150 lower."
    assert facts["How it got here"] == (
        "It was joined because it is very likely the same person (probability 0.9731, weight 6.9 bits). Alike: surname. "
        "Not alike: house and postcode."
    )


def test_an_event_says_whether_it_is_counted_and_out_of_date(page: Report) -> None:
    table = _cards(page)[1].table
    assert isinstance(table, TableBlock)
    old, late = table.rows
    assert old[0] == "3 February 2016"
    assert str(old[2]).startswith("Yes, in 2 features: ")
    assert old[3] == "◷ Out of date. Written down on 9 February 2016"
    assert late[2:] == ("No: it was written down after the day of the score", "→ After the day of the score")


@pytest.mark.parametrize("whose", [one for one in Whose if one is not Whose.OWN])
def test_whose_else_it_is_is_said(shadow: DataShadow, catalogue: FeatureCatalogue, whose: Whose) -> None:
    mother, child = shadow.people
    police = replace(mother.records[1], traced=replace(mother.records[1].traced, whose=whose))
    people = (replace(mother, records=(police,)), child)
    (card,) = _cards(compose_shadow(replace(shadow, people=people), STUDY, catalogue))
    assert card.label == "✕ Not theirs: it is truly " + whose.value.replace("'", "’")


def test_what_is_theirs_and_held_elsewhere_is_listed(page: Report) -> None:
    assert "| Child aged 7 | School | school-9 | 3 | joined to nobody |" in render(page, {}).markdown


def test_without_the_truth_nothing_is_said_of_it(shadow: DataShadow, catalogue: FeatureCatalogue) -> None:
    child = replace(shadow.children[0], true_need=None)
    people = tuple(
        replace(one, elsewhere=(), records=tuple(replace(r, traced=replace(r.traced, whose=None)) for r in one.records))
        for one in shadow.people
    )
    sealed = replace(shadow, has_truth=False, people=people, children=(child,))
    text = render(compose_shadow(sealed, STUDY, catalogue), {}).markdown
    assert "? Whose it truly is, is not known: the truth is not there" in text
    assert "What is true:" not in text
    assert "Which records are missing cannot be told" in text
    assert "✓" not in text
    assert "✕" not in text


def test_a_model_that_cannot_be_explained_or_run_again_says_so(shadow: DataShadow, catalogue: FeatureCatalogue) -> None:
    child = replace(shadow.children[0], moved=(), by_agency={}, sentences={})
    bare = replace(
        shadow, not_explained="only scores were brought in", what_ifs=(), recourse=(), children=(child,), threshold=None
    )
    text = render(compose_shadow(bare, STUDY, catalogue), {}).markdown
    assert "Nothing is said of it: only scores were brought in." in text
    assert text.count("the model cannot be run again") == 2
    assert "Nobody is flagged." in text


def test_a_steps_sum_is_the_child_s_total(page: Report) -> None:
    waterfall, agencies = _charts(page, "moved")
    steps = [mark.value.estimate or 0 for mark in waterfall.marks[1:-1]]
    assert sum(steps) == pytest.approx(waterfall.marks[-1].value.estimate) == pytest.approx(0.44)
    *by_agency, total = [mark.value.estimate or 0 for mark in agencies.marks]
    assert sum(by_agency) == pytest.approx(total) == pytest.approx(0.44)
    assert agencies.order == waterfall.order  # so that what adds has one colour on the page


def test_the_copy_for_an_interview_shows_neither_the_model_nor_the_truth(
    shadow: DataShadow, catalogue: FeatureCatalogue
) -> None:
    rendered = render(compose_shadow_for_interview(shadow, STUDY, catalogue), {})
    body = re.sub(r"<style>.*?</style>", "", rendered.html, flags=re.S)
    for text in (body, rendered.markdown):
        for word in (
            "Boosted",
            "score",
            "flag",
            "truly",
            "✓",
            "✕",
            "stranger",
            "0.9731",
            "Used by",
            "ut of date",
            "school-9",
        ):
            assert word not in text.replace("What you think", ""), word
        assert "The police keeps notes." in text
        assert "3 February 2016" in text
        assert "What you think" in text
        assert "SYNTHETIC" in text


def test_what_came_after_the_day_of_the_score_is_not_counted_as_held_nor_shown_in_an_interview(
    shadow: DataShadow, catalogue: FeatureCatalogue
) -> None:
    mother, child = shadow.people
    later = replace(mother.records[1], events=mother.records[1].events[1:])
    opening = compose_shadow(shadow, STUDY, catalogue).opening
    assert opening is not None
    (figures,) = [block for block in opening.blocks if isinstance(block, KeyFigures)]
    assert [one.value.text for one in figures.figures] == ["2", "1", "1", "1"]
    shown = compose_shadow_for_interview(shadow, STUDY, catalogue)
    assert "2025" not in render(shown, {}).markdown
    begun_later = replace(shadow, people=(replace(mother, records=(mother.records[0], later)), child))
    copy = render(compose_shadow_for_interview(begun_later, STUDY, catalogue), {}).markdown
    assert later.traced.record_id not in copy
    assert "1 record is held on this person" in copy


def test_base_rates_stand_near_the_flag_and_only_there(shadow: DataShadow, catalogue: FeatureCatalogue) -> None:
    rates = " ".join(shadow.children[0].base_rates)
    child = replace(
        shadow.children[0], sentences={"page": f"Imagine it is yours.\n\n{rates}\n\nA record can be wrong."}
    )
    other = replace(child, child_id="l9")
    page = compose_shadow(replace(shadow, children=(child, other)), STUDY, catalogue)
    text = render(page, {}).markdown
    assert text.count(rates) == 1
    assert text.index(rates) < text.index("## Key findings")
    assert text.count("A record can be wrong.") == 1


def test_a_family_that_models_were_fitted_on_and_how_it_was_found_are_said(
    shadow: DataShadow, catalogue: FeatureCatalogue
) -> None:
    plain = render(compose_shadow(shadow, STUDY, catalogue), {}).markdown
    assert "fitted on" not in plain
    found = replace(
        shadow, fitted_on=True, picked_how="No family is of this kind by Boosted trees: this one is by Other."
    )
    text = render(compose_shadow(found, STUDY, catalogue), {}).markdown
    assert "one of those that the models were fitted on" in text
    assert "No family is of this kind by Boosted trees: this one is by Other" in text


def test_what_nobody_can_know_is_not_told_as_no_need(shadow: DataShadow, catalogue: FeatureCatalogue) -> None:
    unknown = replace(shadow, children=(replace(shadow.children[0], true_need=None),))
    text = render(compose_shadow(unknown, STUDY, catalogue), {}).markdown
    assert "it cannot be said what they need" in text
    assert "no child is in need" not in text


def test_all_apostrophes_are_of_one_kind(page: Report) -> None:
    assert not re.findall(r"\w'", render(page, {}).markdown)


def test_the_page_markdown_and_data_hold_the_same_words_and_numbers(page: Report) -> None:
    rendered = render(page, {})
    for card in rendered.data["sections"][3]["blocks"]:
        for words in (card["title"], card["label"], *(fact[1] for fact in card["facts"])):
            assert words in rendered.markdown.replace("\\", "")
            assert words.replace("'", "&#39;") in rendered.html
    for number in _numbers(rendered.data):
        assert number in rendered.markdown.replace("\\", "")
        assert number in rendered.html


def _numbers(node: Any) -> list[str]:
    """Return the text of every number of the data."""
    if isinstance(node, dict):
        own = [node["text"]] if node.get("estimate") is not None and "short" in node else []
        return own + [text for value in node.values() for text in _numbers(value)]
    return [text for value in node for text in _numbers(value)] if isinstance(node, list) else []


def test_a_page_s_running_words_can_be_no_style(shadow: DataShadow, catalogue: FeatureCatalogue) -> None:
    hostile = replace(compose_shadow(shadow, STUDY, catalogue), running='x"; } </style><script>')
    html = render(hostile, {}).html
    assert "<script>" not in html
    assert r'"x\22 \3b  \7d  \3c \2f style\3e \3c script\3e "' in html


def test_people_who_would_be_called_alike_are_numbered(shadow: DataShadow, catalogue: FeatureCatalogue) -> None:
    mother, child = shadow.people
    twin = replace(child, person_id="l3")
    children = (shadow.children[0], replace(shadow.children[0], child_id="l3"))
    made = compose_shadow(replace(shadow, people=(mother, child, twin), children=children), STUDY, catalogue)
    titles = [section.title for section in made.sections if section.id in ("l1", "l2", "l3")]
    assert titles == ["Held on: Mother", "Held on: Child aged 7 (1)", "Held on: Child aged 7 (2)"]
