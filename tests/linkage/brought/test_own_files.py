"""Records of a user's own files: fields that nobody filled in are left out, and two more fields can be linked by."""

import importlib.util
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from riskaudit.artefacts import AGENCY_EVENTS, AGENCY_PEOPLE, OWN_PEOPLE, AgencyRecords
from riskaudit.errors import BadInput
from riskaudit.linkage import link
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection, ModelSource

INDEX_DATE = date(2024, 4, 1)


def own_records(**files):
    people = {
        agency: OWN_PEOPLE.build(
            {name: [({"role": "adult"} | row).get(name) for row in rows] for name in OWN_PEOPLE.names}
        )
        for agency, rows in files.items()
    }
    return AgencyRecords(people, {agency: AGENCY_EVENTS.empty() for agency in people})


def run(records, **asked):
    return link(records, LinkageSection(**asked), Agency.GP, seed=1, index_date=INDEX_DATE)


def joined(found):
    """Return spine records by the record that was joined to them."""
    spine = {row["person_id"]: row["spine_record_id"] for row in found.people.to_pylist()}
    return {row["record_id"]: spine[row["person_id"]] for row in found.links.to_pylist() if row["agency"] == "school"}


def only(world, *fields):
    """Return the world's records with these identity fields and no others, and a number and an address made of them."""

    def kept(table):
        rows = table.to_pylist()
        return OWN_PEOPLE.build(
            {
                name: [row[name] if name in (*fields, "record_id", "role") else None for row in rows]
                for name in AGENCY_PEOPLE.names
            }
            | {
                "other_number": pa.nulls(len(rows)),
                "address": [
                    f"{row['house']} High Road, {row['postcode']}" if "address" in fields else None for row in rows
                ],
            }
        )

    people = {agency: kept(table) for agency, table in world.records.people.items()}
    return AgencyRecords(people, world.records.events)


def test_a_shared_number_links_by_itself_and_with_a_date_in_the_cascade():
    born = date(1980, 5, 1)
    records = own_records(
        gp=[{"record_id": f"a{n}", "other_number": f"AB-{n}", "birth_date": born} for n in range(3)],
        school=[{"record_id": f"b{n}", "other_number": f"ab {n}", "birth_date": born} for n in range(3)],
    )
    expected = {f"b{n}": f"a{n}" for n in range(3)}
    assert joined(run(records, method=LinkageMethod.SINGLE_IDENTIFIER)[0]) == expected
    found = run(records, method=LinkageMethod.CASCADE)[0]
    assert joined(found) == expected
    assert {row["method"] for row in found.links.to_pylist()} == {"spine", "other_number_birth_date"}


@pytest.mark.parametrize(
    "fields",
    [
        ("forename", "surname", "birth_date"),
        ("forename", "surname", "postcode", "sex"),
        ("surname", "birth_date", "address"),
        ("forename", "surname", "birth_date", "address", "sex"),
    ],
)
def test_what_nobody_filled_in_is_not_compared(world, fields):
    found, trace = run(only(world, *fields))
    compared = {"postcode": "house_and_postcode"}
    assert {one.compared for one in trace.model.degrees} == {compared.get(name, name) for name in fields}
    truth = dict(zip(*(world.truth.keys.column(name).to_pylist() for name in ("record_id", "person_id")), strict=True))
    pairs = joined(found)
    right = sum(truth[record] == truth[person] for record, person in pairs.items())
    # of some 700 pupils; twins and namesakes at one address cannot be told apart by so little
    assert len(pairs) > 200
    assert right / len(pairs) > 0.95


def test_one_field_alone_gives_nothing_to_learn_from_and_the_saved_model_compares_it(world):
    found, trace = run(only(world, "sex"))
    assert {one.compared for one in trace.model.degrees} == {"sex"}
    assert joined(found) == {}


def test_files_without_any_field_link_nothing_by_any_method(world):
    for method in (LinkageMethod.SINGLE_IDENTIFIER, LinkageMethod.CASCADE, LinkageMethod.CASCADE_THEN_PROBABILISTIC):
        found, trace = run(only(world), method=method)
        assert joined(found) == {}
        assert trace.model is None


def test_the_saved_model_is_refused_where_it_says_nothing_of_a_field_in_use(world):
    with pytest.raises(BadInput, match="the saved model: says nothing of 'address', which these records hold"):
        run(only(world, "forename", "surname", "birth_date", "address"), model=ModelSource.SAVED)


def test_too_few_records_with_such_a_field_are_compared_on_the_rest(records_of):
    person = {
        "forename": "Thomasina",
        "surname": "Quillfeather",
        "birth_date": date(2014, 6, 1),
        "address": "1 High Rd",
    }
    records = own_records(gp=[{"record_id": "a"} | person], school=[{"record_id": "b"} | person])
    _, trace = run(records)
    assert {one.compared for one in trace.model.degrees} == {"forename", "surname", "birth_date"}


def test_records_may_have_the_two_more_columns_or_not_and_no_others():
    mixed = {"gp": AGENCY_PEOPLE.empty(), "school": OWN_PEOPLE.empty()}
    assert AgencyRecords(mixed, {agency: AGENCY_EVENTS.empty() for agency in mixed}).agencies == ("gp", "school")
    odd = {"gp": AGENCY_PEOPLE.empty().append_column("shoe_size", pa.array([], pa.string()))}
    with pytest.raises(ValueError, match="unknown columns"):
        AgencyRecords(odd, {"gp": AGENCY_EVENTS.empty()})


def test_febrl_4_is_linked_at_least_as_well_as_published_settings_do(comparison_python):
    path = Path(__file__).parents[3] / "bench" / "febrl4.py"
    spec = importlib.util.spec_from_file_location("febrl4", path)
    febrl4 = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(febrl4)
    records = febrl4.read_febrl4(comparison_python)
    linked, _ = febrl4.link_febrl4(records, LinkageMethod.CASCADE_THEN_PROBABILISTIC)
    assert febrl4.accuracy(linked)[2] >= febrl4.TARGET
