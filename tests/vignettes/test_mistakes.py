"""How often the list is wrong, in rounded natural frequencies."""

import pytest

from riskaudit.vignettes.mistakes import mistakes_attribute, of_ten


@pytest.mark.parametrize(
    ("rate", "said"), [(0.0, 0), (0.04, 0), (0.05, 1), (0.149, 1), (0.25, 3), (0.637, 6), (0.95, 10), (1.0, 10)]
)
def test_a_rate_is_rounded_to_so_many_of_ten_halves_up(rate: float, said: int) -> None:
    assert of_ten(rate) == said


def test_the_statements_say_both_kinds_of_mistake_best_model_first(audit) -> None:
    attribute, notes = mistakes_attribute(audit, 3)
    # .42 and .66 sum to 1.08, .55 and .72 to 1.27, .64 and .81 to 1.45
    assert [level.id for level in attribute.levels] == [
        "needless_4_missed_7", "needless_6_missed_7", "needless_6_missed_8",
    ]  # fmt: skip
    assert attribute.levels[0].text_web == (
        "Of every 10 families on the list, about 4 turn out not to need help. "
        "Of every 10 families who need help, about 7 are not on it."
    )
    assert [level.key_id for level in attribute.levels] == [
        "errors:boosted_trees", "errors:logistic_regression", "errors:points_list",
    ]  # fmt: skip
    assert attribute.levels[0].drawn_from == "audit:boosted_trees:true_need"
    assert notes == []


def test_two_levels_are_the_best_and_the_worst(audit) -> None:
    attribute, _ = mistakes_attribute(audit, 2)
    assert [level.key_id for level in attribute.levels] == ["errors:boosted_trees", "errors:points_list"]


def test_of_five_models_the_best_the_middle_and_the_worst_are_taken(make_audit) -> None:
    five = make_audit({f"m{at}:true_need": (at / 10, at / 10) for at in (5, 1, 4, 2, 3)})
    attribute, _ = mistakes_attribute(five, 3)
    assert [level.key_id for level in attribute.levels] == ["errors:m1", "errors:m3", "errors:m5"]


def test_the_recorded_outcome_serves_where_true_need_is_not_known(make_audit) -> None:
    attribute, _ = mistakes_attribute(
        make_audit({"a:recorded_outcome": (0.3, 0.5), "b:recorded_outcome": (0.6, 0.5), "b:true_need": (0.8, 0.5)}), 3
    )
    assert [level.id for level in attribute.levels] == ["needless_3_missed_5", "needless_8_missed_5"]


def test_statements_that_read_the_same_are_one_level(make_audit) -> None:
    attribute, _ = mistakes_attribute(
        make_audit({"a:true_need": (0.58, 0.7), "b:true_need": (0.62, 0.7), "c:true_need": (0.8, 0.7)}), 3
    )
    assert [level.key_id for level in attribute.levels] == ["errors:a", "errors:c"]


def test_one_statement_is_joined_by_the_group_furthest_from_it(make_audit) -> None:
    alike = make_audit(
        {"a:true_need": (0.6, 0.7), "b:true_need": (0.61, 0.7)},
        {
            ("a:true_need", "tenure", "owned"): (0.5, 0.7),
            ("a:true_need", "tenure", "social_rented"): (0.9, 0.7),
            ("b:true_need", "tenure", "owned"): (0.0, 0.0),  # another model's group is not this list's
        },
    )
    attribute, notes = mistakes_attribute(alike, 3)
    assert [level.key_id for level in attribute.levels] == ["errors:a", "errors:a:tenure=social_rented"]
    assert attribute.levels[1].drawn_from == "audit:a:true_need:tenure=social_rented"
    assert "tenure=social_rented" in notes[0]


def test_a_group_of_few_families_is_never_said_to_parents(make_audit) -> None:
    groups = {("a:true_need", "tenure", "social_rented"): (0.9, 0.7)}
    attribute, notes = mistakes_attribute(make_audit({"a:true_need": (0.6, 0.7)}, groups, n=19), 3)
    assert attribute is None
    assert "the same for every model" in notes[0]


@pytest.mark.parametrize(
    ("rates", "why"),
    [
        ({}, "holds no error rates"),
        ({"a:true_need": (None, 0.4)}, "holds no error rates"),
        ({"a:true_need": (0.6, 0.4), "b:true_need": (0.6, 0.4)}, "the same for every model"),
    ],
)
def test_without_two_statements_the_attribute_is_left_out_and_said(make_audit, rates: dict, why: str) -> None:
    attribute, notes = mistakes_attribute(make_audit(rates), 3)
    assert attribute is None
    assert why in notes[0]


@pytest.mark.parametrize(
    ("rates", "web", "phone"),
    [
        (
            (0.0, 0.1),
            "Of every 10 families on the list, nearly all turn out to need help. "
            "Of every 10 families who need help, about 1 is not on it.",
            "Of 10 families listed, nearly all need help. Of 10 in need, about 1 is not listed.",
        ),
        (
            (0.1, 0.0),
            "Of every 10 families on the list, about 1 turns out not to need help. "
            "Of every 10 families who need help, nearly all are on it.",
            "Of 10 families listed, about 1 needs no help. Of 10 in need, nearly all are listed.",
        ),
        (
            (1.0, 1.0),
            "Of every 10 families on the list, nearly all turn out not to need help. "
            "Of every 10 families who need help, hardly any are on it.",
            "Of 10 families listed, nearly all need no help. Of 10 in need, hardly any are listed.",
        ),
    ],
)
def test_none_one_and_all_are_said_in_plain_english(make_audit, rates: tuple, web: str, phone: str) -> None:
    attribute, _ = mistakes_attribute(make_audit({"a:true_need": rates, "b:true_need": (0.5, 0.5)}), 3)
    level = next(one for one in attribute.levels if one.key_id == "errors:a")
    assert (level.text_web, level.text_phone) == (web, phone)
