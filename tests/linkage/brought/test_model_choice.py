"""Which model links a user's own files: learnt from them where they teach enough, else the saved one; on planted files."""

from datetime import date, timedelta

import numpy as np
import pytest

from riskaudit.artefacts import AGENCY_EVENTS, OWN_PEOPLE, AgencyRecords
from riskaudit.linkage import link, saved_model
from riskaudit.linkage.probability.choosing import LEAST_MATCHES
from riskaudit.linkage.probability.saved import without_house
from riskaudit.scenario import Agency, LinkageSection, ModelSource

INDEX_DATE = date(2024, 4, 1)
SPINE, OTHER = Agency.GP, Agency.SCHOOL


def planted(people, overlap, *, slips, families, moved=0.0):
    """Return two files of brothers and sisters: who is who is the number in a record's id.

    The spine holds every person up to `people`; the other file holds `overlap` of these, and as many others as make up
    `people` (brothers and sisters of the spine's people, where there are `families`). A share `slips` each of forenames, surnames
    and days of birth is wrong in the other file, and `moved` of its people live elsewhere.
    """
    rng = np.random.default_rng(7)
    size = 2 * people
    family = np.arange(size) % people if families else np.arange(size)  # of those beyond the spine: a sibling is on it
    letters = np.array(list("abcdefghijklmnop"))
    surname = np.array(["".join(row) for row in rng.choice(letters, (size, 6))])[family]
    forename = np.array(["".join(row) for row in rng.choice(letters[:7], (size, 3))])
    postcode = np.array([f"ZZ{n // 9} {n % 9}AA" for n in rng.integers(0, 3_000, size)])[family]
    born = [date(2005, 1, 1) + timedelta(int(day)) for day in rng.integers(0, 5_000, size)]

    def row(at, prefix):
        return {
            "record_id": f"{prefix}{at}", "role": "adult", "forename": forename[at], "surname": surname[at],
            "birth_date": born[at], "postcode": postcode[at],
        }  # fmt: skip

    def wrong(one):
        if rng.random() < slips:
            one["forename"] = "zyx" + one["forename"]  # another name altogether
        if rng.random() < slips:
            one["surname"] = one["surname"][:-1] + "x"
        if rng.random() < slips:
            one["birth_date"] = one["birth_date"].replace(day=1 + one["birth_date"].day % 28)
        return one | ({"postcode": "ZZ99 9ZZ"} if rng.random() < moved else {})

    shared = int(overlap * people)
    held = [*range(shared), *range(people, 2 * people - shared)]
    files = {SPINE: [row(at, "a") for at in range(people)], OTHER: [wrong(row(at, "b")) for at in held]}
    tables = {
        name: OWN_PEOPLE.build({column: [row.get(column) for row in found] for column in OWN_PEOPLE.names})
        for name, found in files.items()
    }
    return AgencyRecords(tables, {name: AGENCY_EVENTS.empty() for name in tables})


def run(records, model=ModelSource.AUTO, own_files=True):
    return link(records, LinkageSection(model=model), SPINE, seed=1, index_date=INDEX_DATE, own_files=own_files)


def missed_and_false(records, found):
    """Return the shares of true pairs that were missed, and of links that are to somebody else."""
    spine = {row["person_id"]: row["spine_record_id"][1:] for row in found.people.to_pylist()}
    links = [row for row in found.links.to_pylist() if row["agency"] == OTHER]
    right = sum(row["record_id"][1:] == spine[row["person_id"]] for row in links)
    people = set(spine.values())
    pairs = sum(one[1:] in people for one in records.people[OTHER].column("record_id").to_pylist())
    return 1 - right / pairs, 1 - right / len(links)


def learnt(trace):
    return trace.model.trained_on["data"] == "these records"


def test_files_that_teach_enough_are_learnt_from_and_fewer_links_are_missed():
    records = planted(2_000, 1.0, slips=0.2, families=False, moved=0.05)
    own, trace = run(records)
    saved, saved_trace = run(records, ModelSource.SAVED)
    assert learnt(trace)
    assert trace.why.startswith("exact agreement joined ")
    assert trace.why.endswith("enough to learn from")
    assert not learnt(saved_trace)
    assert saved_trace.why == "the configuration asks for the saved model"
    # so many slips and moves are more than the saved model has learnt to allow for
    assert missed_and_false(records, own)[0] < 0.7 * missed_and_false(records, saved)[0]
    assert missed_and_false(records, own)[1] < 0.01


def test_files_of_mostly_other_people_are_linked_by_the_saved_model():
    records = planted(600, 0.17, slips=0.05, families=True)
    own, trace = run(records)
    assert not learnt(trace)
    assert "too few to learn from (at least 500 and 50%)" in trace.why
    forced, forced_trace = run(records, ModelSource.TRAINED)
    assert learnt(forced_trace)
    # learnt from brothers and sisters, most links are wrong
    assert missed_and_false(records, own)[1] < 0.2
    assert missed_and_false(records, forced)[1] > 0.5


def test_few_records_are_linked_by_the_saved_model():
    records = planted(LEAST_MATCHES - 10, 1.0, slips=0.0, families=False)
    _, trace = run(records)
    assert not learnt(trace)
    assert trace.model.trained_on == saved_model().trained_on


def test_a_study_goes_by_the_saved_model_where_own_files_would_be_learnt_from():
    records = planted(1_000, 1.0, slips=0.1, families=False)
    _, of_study = run(records, own_files=False)
    _, of_files = run(records)
    assert (learnt(of_study), learnt(of_files)) == (False, True)
    assert of_study.why == "there are too few records to learn much from"


@pytest.mark.parametrize("chance", ["on_one_person", "by_accident"])
def test_without_houses_the_same_postcode_counts_what_the_same_home_did(chance):
    saved = {(one.compared, one.degree): getattr(one, chance) for one in saved_model().degrees}
    told = {(one.compared, one.degree): getattr(one, chance) for one in without_house(saved_model()).degrees}
    home, postcode = ("house_and_postcode", "the same house and postcode"), ("house_and_postcode", "the same")
    assert told[postcode] == pytest.approx(saved[postcode] + saved[home])
    assert {name for name in saved if saved[name] != told[name]} == {postcode}


def test_files_without_houses_are_linked_by_what_a_postcode_says():
    records = planted(490, 1.0, slips=0.3, families=False)
    _, trace = run(records)
    told = {(one.compared, one.degree): one for one in trace.model.degrees}
    assert told["house_and_postcode", "the same"].on_one_person > 0.7
