"""Why a pair was linked, or nearly: the trace adds up, holds every threshold's answer, and depends on nothing but the records."""

from collections import defaultdict
from datetime import date
from math import log2

import duckdb
import pytest

from riskaudit.linkage import link
from riskaudit.linkage.probability.comparisons import COMPARISONS
from riskaudit.linkage.probability.step import NEAR
from riskaudit.scenario import Agency, LinkageMethod, LinkageSection, ModelSource

INDEX_DATE = date(2024, 4, 1)
SOURCES = [ModelSource.SAVED, ModelSource.TRAINED]


def run(records, **asked):
    return link(records, LinkageSection(**asked), Agency.GP, seed=1, index_date=INDEX_DATE)


def pairs(found):
    return [row for row in found.links.to_pylist() if row["method"] == "probabilistic"]


@pytest.fixture(scope="module", params=SOURCES)
def traced(request, world):
    return run(world.records, model=request.param)


def test_the_terms_of_a_pair_add_up_to_its_weight(traced):
    found, trace = traced
    built = defaultdict(float)
    for row in trace.terms.to_pylist():
        built[row["record_id"], row["person_id"]] += row["weight"]
    weights = {
        (row["record_id"], row["person_id"]): row["match_weight"] for row in pairs(found) + trace.near.to_pylist()
    }
    assert weights
    assert built.keys() == weights.keys()
    assert all(abs(built[pair] - weight) < 1e-6 for pair, weight in weights.items())


def test_every_pair_shows_everything_compared_once_and_in_one_order(traced):
    _, trace = traced
    shown = defaultdict(list)
    for row in trace.terms.to_pylist():
        shown[row["record_id"], row["person_id"]].append((row["place"], row["compared"]))
    # nobody in this world has a pupil number, and only the GP has NHS numbers
    compared = ["forename", "surname", "birth_date", "house_and_postcode", "sex"]
    assert set(map(tuple, shown.values())) == {tuple(enumerate(compared, 1))}


def test_a_term_is_what_the_model_says_of_its_degree_and_how_rare_the_value_is(traced):
    _, trace = traced
    model = {(one.compared, one.degree): log2(one.on_one_person / one.by_accident) for one in trace.model.degrees}
    silent = 0
    for row in trace.terms.to_pylist():
        if row["degree"] == "says nothing":
            silent += 1
            assert (row["weight"], row["rarity"]) == (0, 0)
        else:
            expected = model[row["compared"], row["degree"]] + row["rarity"]
            assert row["weight"] == pytest.approx(expected, abs=1e-8)
    assert silent


def test_a_rare_name_counts_for_more_than_a_common_one(traced, world):
    found, trace = traced
    spine = {row["record_id"]: row["surname"] for row in world.records.people["gp"].to_pylist()}
    surname = {row["person_id"]: spine[row["spine_record_id"]] for row in found.people.to_pylist()}
    held = list(surname.values())
    rarity = {
        held.count(surname[row["person_id"]]): row["rarity"]
        for row in trace.terms.to_pylist()
        if (row["compared"], row["degree"]) == ("surname", "the same")
    }
    counts = sorted(rarity)
    assert len(counts) > 5
    assert [rarity[count] for count in counts] == sorted(rarity.values(), reverse=True)


def test_the_model_is_all_degrees_of_what_was_compared_and_says_on_what_it_was_learnt(traced):
    _, trace = traced
    compared = {row["compared"] for row in trace.terms.to_pylist()}
    expected = [(one.name, degree) for one in COMPARISONS if one.name in compared for degree in one.every_degree]
    assert [(one.compared, one.degree) for one in trace.model.degrees] == expected
    assert {"data", "people", "records", "pairs", "seed", "riskaudit", "splink"} <= trace.model.trained_on.keys()


@pytest.mark.parametrize("threshold", [NEAR, 0.3, 0.5, 0.99, 0.9999])
def test_links_and_near_links_hold_what_every_threshold_would_have_given(traced, world, threshold):
    """Best first is a prefix property: what is taken above a threshold does not depend on what lies below it."""
    found, trace = traced
    source = ModelSource.SAVED if "families" in trace.model.trained_on else ModelSource.TRAINED
    again, _ = run(world.records, model=source, match_probability=threshold)
    expected = {(row["record_id"], row["person_id"], row["match_weight"]) for row in pairs(again)}
    ours = {
        (row["record_id"], row["person_id"], row["match_weight"])
        for row in pairs(found) + trace.near.to_pylist()
        if row["match_probability"] >= threshold
    }
    assert ours == expected
    assert expected


def test_near_links_lie_between_the_least_probability_and_the_one_asked_for(traced):
    _, trace = traced
    found = trace.near.column("match_probability").to_pylist()
    assert found
    assert NEAR <= min(found) <= max(found) < 0.9


def test_a_lower_probability_than_the_near_links_links_down_to_it(world):
    found, trace = run(world.records, match_probability=0.02)
    assert min(row["match_probability"] for row in pairs(found)) < NEAR
    assert trace.near.num_rows == 0


def test_a_pair_is_linked_or_near_or_neither_and_near_people_are_free(traced):
    found, trace = traced
    linked = {row["record_id"] for row in found.links.to_pylist()}
    places = {(row["agency"], row["person_id"]) for row in found.links.to_pylist()}
    near = trace.near.to_pylist()
    assert not linked & {row["record_id"] for row in near}
    assert not places & {(row["agency"], row["person_id"]) for row in near}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("threads", [1, 3])
def test_threads_change_no_byte_of_links_or_trace(monkeypatch, world, source, threads):
    expected = run(world.records, model=source)
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *where: connect(*where, config={"threads": threads}))
    found = run(world.records, model=source)
    for mine, theirs in zip(found, expected, strict=True):
        parts, wanted = mine.parts(), theirs.parts()
        assert parts.keys() == wanted.keys()
        assert all(parts[name] == wanted[name] for name in parts)


@pytest.mark.parametrize("method", [LinkageMethod.SINGLE_IDENTIFIER, LinkageMethod.CASCADE])
def test_methods_without_probability_trace_nothing(world, method):
    _, trace = run(world.records, method=method)
    assert (trace.near.num_rows, trace.terms.num_rows, trace.model) == (0, 0, None)
