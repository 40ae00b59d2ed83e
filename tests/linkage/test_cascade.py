"""The cascade, case by case: what links, by which pass, and what is left in doubt."""

from datetime import date

import pytest

from riskaudit.linkage import link
from riskaudit.linkage.cascade import PASSES
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

ANN = {
    "forename": "Ann", "surname": "Lee", "birth_date": date(2014, 6, 1), "sex": "F",
    "house": "4", "postcode": "QX1 1AA", "nhs_number": "9990000001",
}  # fmt: skip
TWIN = ANN | {"forename": "Amy", "nhs_number": "9990000002"}
BLANK = dict.fromkeys(ANN)


def cascade(records_of, spine, school):
    """Return {school record: (spine record, method)} for rows numbered s1, s2... on the spine and r1, r2... at school."""
    records = records_of(
        gp=[{"record_id": f"s{number}"} | row for number, row in enumerate(spine, 1)],
        school=[{"record_id": f"r{number}"} | row for number, row in enumerate(school, 1)],
    )
    asked = LinkageSection(method=LinkageMethod.CASCADE)
    linked, _ = link(records, asked, Agency.GP, seed=1, index_date=date(2024, 4, 1))
    held = {row["person_id"]: row["spine_record_id"] for row in linked.people.to_pylist()}
    links = [row for row in linked.links.to_pylist() if row["agency"] == "school"]
    for row in links:
        assert row["match_weight"] is None
        assert PASSES[row["rank"] - 1].name == row["method"]
    return {row["record_id"]: (held[row["person_id"]], row["method"]) for row in links}


#    what the school wrote differently                                       the pass that links, or none
ONE_PERSON = [
    ({}, "nhs_number_birth_date"),
    ({"surname": "Li", "postcode": None}, "nhs_number_birth_date"),
    ({"birth_date": date(2014, 1, 6)}, "nhs_number_forename"),
    ({"nhs_number": None}, "full_name_birth_date_postcode"),
    ({"nhs_number": "9990000009"}, "full_name_birth_date_postcode"),
    ({"nhs_number": None, "postcode": "QX9 9ZZ"}, "full_name_birth_date"),
    ({"nhs_number": None, "forename": "Anne"}, "surname_birth_date_postcode_sex"),
    ({"nhs_number": None, "forename": None}, "surname_birth_date_postcode_sex"),
    ({"nhs_number": None, "surname": "Li"}, "forename_birth_date_postcode"),
    ({"nhs_number": None, "forename": "Anne", "surname": "Li"}, None),
    ({"nhs_number": None, "birth_date": None}, None),
    ({"nhs_number": None, "forename": "Anne", "sex": None}, None),
    # written otherwise, but the same once letter case, accents, spaces and marks are put aside
    ({"nhs_number": "999 000 0001"}, "nhs_number_birth_date"),
    ({"nhs_number": None, "forename": "ÁNN", "surname": "l-e e", "postcode": "qx11aa"}, "full_name_birth_date_postcode"),
    # blanks never agree with blanks
    (BLANK, None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "method"), ONE_PERSON)
def test_a_record_links_by_the_first_pass_whose_fields_all_agree(records_of, written, method):
    assert cascade(records_of, [ANN], [ANN | written]) == ({"r1": ("s1", method)} if method else {})


def test_a_pupil_number_links_where_the_spine_has_one(records_of):
    numbered = BLANK | {"pupil_number": "z123", "birth_date": date(2014, 6, 1)}
    found = cascade(records_of, [numbered], [numbered | {"pupil_number": "Z 123"}])
    assert found == {"r1": ("s1", "pupil_number_birth_date")}


def test_a_blank_on_both_sides_is_no_agreement(records_of):
    assert cascade(records_of, [BLANK, BLANK], [BLANK, BLANK]) == {}


def test_a_pass_is_not_sure_of_two_people_who_agree_alike(records_of):
    nameless = ANN | {"forename": None, "nhs_number": None}
    assert cascade(records_of, [ANN, TWIN], [nameless]) == {}


def test_a_pass_is_not_sure_of_two_records_that_agree_alike(records_of):
    nameless = ANN | {"forename": None, "nhs_number": None}
    assert cascade(records_of, [ANN], [nameless, nameless]) == {}


def test_what_one_pass_links_clears_up_the_doubt_of_a_later_one(records_of):
    nameless = TWIN | {"forename": None, "nhs_number": None}
    assert cascade(records_of, [ANN, TWIN], [ANN, nameless]) == {
        "r1": ("s1", "nhs_number_birth_date"),
        "r2": ("s2", "surname_birth_date_postcode_sex"),
    }


def test_a_second_record_of_one_agency_never_joins_a_person_already_taken(records_of):
    again = ANN | {"nhs_number": None}
    assert cascade(records_of, [ANN], [ANN, again]) == {"r1": ("s1", "nhs_number_birth_date")}
