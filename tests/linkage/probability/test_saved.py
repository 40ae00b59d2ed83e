"""The model that comes with riskaudit, and models in other terms."""

import json
from dataclasses import replace
from datetime import date

import pytest

from riskaudit.artefacts import LinkageModel
from riskaudit.errors import BadInput
from riskaudit.linkage import link, measure, read_model, saved_model, train
from riskaudit.linkage.probability import choosing
from riskaudit.scenario import Agency, LinkageSection, ModelSource

INDEX_DATE = date(2024, 4, 1)


@pytest.fixture
def document():
    return json.loads(json.dumps(saved_model().document()))


def run(records, model=None, **asked):
    return link(records, LinkageSection(**asked), Agency.GP, seed=1, index_date=INDEX_DATE, model=model)


def test_the_shipped_model_says_what_it_was_learnt_on_and_holds_no_date(document):
    trained_on = document["trained_on"]
    assert "SYNTHETIC" in trained_on["data"]
    assert {"scenario", "families", "people", "records", "pairs", "seed", "riskaudit", "splink"} <= trained_on.keys()
    assert not any("20" in str(value)[:3] and "-" in str(value) for value in trained_on.values())


def test_chances_of_one_comparison_add_up_to_one():
    chances: dict[str, list[float]] = {}
    for one in saved_model().degrees:
        chances.setdefault(one.compared, []).extend((one.on_one_person, one.by_accident))
    for found in chances.values():
        # the floors under what was never seen add at most a thousandth each
        assert sum(found[::2]) == pytest.approx(1, abs=0.01)
        assert sum(found[1::2]) == pytest.approx(1, abs=0.001)


def test_a_small_study_is_linked_by_the_saved_model_and_a_larger_one_by_its_own_records(monkeypatch, world):
    small = run(world.records)[1]
    monkeypatch.setattr(choosing, "SMALL", 10)
    large = run(world.records)[1]
    assert small.model.trained_on == saved_model().trained_on
    assert large.model.trained_on["people"] == len(world.records.people["gp"])


@pytest.mark.parametrize(("source", "own"), [(ModelSource.SAVED, False), (ModelSource.TRAINED, True)])
def test_either_can_be_forced(world, source, own):
    trace = link(world.records, LinkageSection(model=source), Agency.GP, seed=1, index_date=INDEX_DATE)[1]
    assert (trace.model.trained_on["data"] == "these records") is own


def test_with_the_saved_model_nothing_is_learnt(monkeypatch, world):
    def forbidden(*given):
        raise AssertionError("it learnt")

    monkeypatch.setattr(choosing, "learn", forbidden)
    monkeypatch.setattr(choosing, "training_blocks", forbidden)
    assert run(world.records)[1].terms.num_rows


def test_it_links_a_world_it_never_saw_as_well_as_a_model_of_that_world(world):
    """Names, sizes and error rates of this world are its own and unlike those the model was learnt on: F1 within a point."""
    scores = []
    for source in (ModelSource.SAVED, ModelSource.TRAINED):
        found, _ = link(world.records, LinkageSection(model=source), Agency.GP, seed=1, index_date=INDEX_DATE)
        quality = measure(found, world.truth, world.records, index_date=INDEX_DATE).estimates
        precision, recall = (
            quality.row(subject="all agencies", statistic=name, group="all")["estimate"]
            for name in ("precision", "recall")
        )
        scores.append(2 * precision * recall / (precision + recall))
    assert scores[0] == pytest.approx(scores[1], abs=0.01)
    assert scores[0] > 0.98


def test_ten_records_are_enough_for_the_saved_model(records_of):
    person = {"forename": "Thomasina", "surname": "Quillfeather", "birth_date": date(2014, 6, 1), "sex": "F"}
    home = {"house": "4", "postcode": "QX1 1AA"}
    others = [
        {"record_id": f"gp-{n}", "forename": f"Name{n}", "surname": f"Other{n}", "birth_date": date(2010, 1, n), **home}
        for n in range(2, 9)
    ]
    records = records_of(
        gp=[{"record_id": "gp-1"} | person | home, *others],
        school=[{"record_id": "school-1"} | person | home | {"surname": "Quilfeather", "birth_date": date(2014, 1, 6)}],
    )
    found, trace = run(records)
    assert [row["record_id"] for row in found.links.to_pylist() if row["method"] == "probabilistic"] == ["school-1"]
    terms = {row["compared"]: row["degree"] for row in trace.terms.to_pylist()}
    assert terms["birth_date"] == "day and month exchanged"
    assert terms["forename"] == "the same"


def test_a_model_learnt_here_can_be_used_again(world):
    model = train(world.records, LinkageSection(), Agency.GP, seed=1, index_date=INDEX_DATE)
    again = read_model(json.loads(json.dumps(model.document())), "again")
    first = link(world.records, LinkageSection(model=ModelSource.TRAINED), Agency.GP, seed=1, index_date=INDEX_DATE)[0]
    assert run(world.records, model=again)[0].links.equals(first.links)


def test_too_few_records_teach_nothing(records_of):
    with pytest.raises(BadInput, match="joined 0 of 0 records"):
        train(records_of(gp=[], school=[]), LinkageSection(), Agency.GP, seed=1, index_date=INDEX_DATE)


def test_pairs_of_relatives_alone_teach_nothing(records_of):
    def letters(number):  # digits in names are not compared
        return "".join("bcdfghjklm"[int(digit)] for digit in f"{number:03}")

    # 24 families of 5 people: 600 pairs share a home and 600 a surname, nearly all of them of two people
    people = [
        {"forename": letters(at), "surname": letters(at // 5), "birth_date": date(1990 + at % 30, 1, 1), "house": str(at // 5),
         "postcode": "ZZ1 1AA"}
        for at in range(120)
    ]  # fmt: skip
    files = {name: [{"record_id": f"{name}-{at}"} | one for at, one in enumerate(people)] for name in ("gp", "school")}
    with pytest.raises(BadInput, match="exact agreement joined 120 of 120 records"):
        train(records_of(**files), LinkageSection(), Agency.GP, seed=1, index_date=INDEX_DATE)


def test_a_model_in_other_terms_is_refused_with_everything_that_is_wrong(document):
    degrees = document["degrees"]
    degrees[0]["degree"] = "roughly the same"
    degrees[4]["on_one_person"] = 0
    degrees.append({"compared": "shoe_size", "degree": "the same", "on_one_person": 0.9, "by_accident": 0.1})
    with pytest.raises(BadInput) as caught:
        read_model(document, "my.json")
    said = str(caught.value)
    assert "3 faults found" in said
    assert "'forename' has the degrees 'roughly the same'" in said
    assert "on_one_person is 0" in said
    assert "compares 'shoe_size'" in said


@pytest.mark.parametrize("spoilt", [{}, {"format": "other"}, [], {"format": LinkageModel.FORMAT, "degrees": [{}]}])
def test_what_is_no_model_is_refused(spoilt):
    with pytest.raises(BadInput, match=r"my\.json: is not a linkage model"):
        read_model(spoilt, "my.json")


def test_a_model_that_lacks_what_the_records_hold_is_refused(world):
    lacking = replace(saved_model(), degrees=tuple(one for one in saved_model().degrees if one.compared != "surname"))
    with pytest.raises(BadInput, match="says nothing of 'surname', which these records hold"):
        run(world.records, model=lacking)
