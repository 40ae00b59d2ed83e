"""What holds of links by any method, and who may see the truth."""

from datetime import date

import duckdb
import pytest

from riskaudit.artefacts import KEYS
from riskaudit.linkage import link
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection

INDEX_DATE = date(2024, 4, 1)
BOTH = [LinkageMethod.CASCADE, LinkageMethod.CASCADE_THEN_PROBABILISTIC]
PERSON = {"forename": "Ann", "surname": "Lee", "birth_date": date(2014, 6, 1), "sex": "F", "postcode": "QX1 1AA"}


def run(records, method, **more):
    return link(records, LinkageSection(method=method), Agency.GP, **({"seed": 1, "index_date": INDEX_DATE} | more))[0]


@pytest.mark.parametrize("method", LinkageMethod)
def test_every_record_joins_at_most_one_person_and_every_person_one_record_an_agency(linked, method):
    links = linked[method].links.to_pylist()
    assert len({row["record_id"] for row in links}) == len(links)
    assert len({(row["agency"], row["person_id"]) for row in links}) == len(links)


@pytest.mark.parametrize("method", LinkageMethod)
def test_every_spine_record_is_one_linked_person_and_is_among_the_links(world, linked, method):
    found = linked[method]
    spine = [row for row in found.links.to_pylist() if row["agency"] == "gp"]
    assert {row["method"] for row in spine} == {"spine"}
    assert {row["rank"] for row in spine} == {0}
    assert sorted(row["record_id"] for row in spine) == found.people.column("spine_record_id").to_pylist()
    assert len(found.people) == len(world.records.people["gp"])


@pytest.mark.parametrize("method", LinkageMethod)
def test_links_carry_the_family_of_their_person_and_lie_in_agency_order(linked, method):
    found = linked[method]
    families = dict(zip(*(found.people.column(name).to_pylist() for name in ("person_id", "family_id")), strict=True))
    links = found.links.to_pylist()
    assert all(families[row["person_id"]] == row["family_id"] for row in links)
    order = [("gp", "school", "police").index(row["agency"]) for row in links]
    assert order == sorted(order)


@pytest.mark.parametrize("method", BOTH)
def test_the_order_of_rows_changes_nothing(world, shuffled, linked, method):
    again = run(shuffled(world.records, 5), method)
    assert again.links.equals(linked[method].links)
    assert again.people.equals(linked[method].people)


@pytest.mark.parametrize("threads", [1, 4])
def test_the_number_of_threads_changes_nothing(monkeypatch, world, linked, threads):
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *where: connect(*where, config={"threads": threads}))
    method = LinkageMethod.CASCADE_THEN_PROBABILISTIC
    assert run(world.records, method).links.equals(linked[method].links)


def test_only_the_control_may_see_the_truth(world):
    for method in BOTH:
        with pytest.raises(ValueError, match="'perfect' and to no other"):
            run(world.records, method, keys=world.truth.keys)
    with pytest.raises(ValueError, match="must be given to the method 'perfect'"):
        run(world.records, LinkageMethod.PERFECT)


def test_a_spine_that_holds_no_records_is_a_bug(world):
    with pytest.raises(ValueError, match="spine 'housing' is not among the agencies: gp, school, police"):
        link(world.records, LinkageSection(), Agency.HOUSING, seed=1, index_date=INDEX_DATE)


def test_the_control_joins_two_records_of_one_person_and_none_of_a_stranger(records_of):
    keys = KEYS.build(
        {
            "record_id": ["s1", "r1", "r2", "r3"],
            "agency": ["gp", "school", "school", "school"],
            "person_id": ["p1", "p1", "p1", "p2"],
        }
    )
    records = records_of(gp=[{"record_id": "s1"}], school=[{"record_id": one} for one in ("r1", "r2", "r3")])
    links = run(records, LinkageMethod.PERFECT, keys=keys).links.to_pylist()
    assert [(row["record_id"], row["method"], row["rank"]) for row in links] == [
        ("s1", "spine", 0), ("r1", "perfect", 1), ("r2", "perfect", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("method", BOTH)
def test_an_agency_with_no_records_or_one_or_only_blank_ones_is_no_trouble(records_of, method):
    records = records_of(
        gp=[{"record_id": "gp-1"} | PERSON],
        school=[],
        police=[{"record_id": "police-1"} | PERSON],
        housing=[{"record_id": f"housing-{number}"} for number in range(5)],
    )
    links = run(records, method).links.to_pylist()
    assert [row["record_id"] for row in links] == ["gp-1", "police-1"]


@pytest.mark.parametrize("method", BOTH)
def test_a_spine_with_no_records_links_nothing(records_of, method):
    found = run(records_of(gp=[], school=[{"record_id": "school-1"} | PERSON]), method)
    assert (len(found.people), len(found.links)) == (0, 0)


def test_progress_rises_to_one(world):
    told: list[float] = []
    run(world.records, LinkageMethod.CASCADE, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
