from __future__ import annotations

import json
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskaudit.artefacts import AgencyRecords, Population
from riskaudit.population import generate
from riskaudit.scenario import AgenciesSection, ErrorsSection, PopulationSection, StudySection


def _made(families=200, area_families=100, seed=1, **changes):
    population = PopulationSection(families=families, area_families=area_families, **changes.get("population", {}))
    study = StudySection(seed=seed, **changes.get("study", {}))
    return generate(study, population, AgenciesSection(**changes.get("agencies", {})), ErrorsSection())


def _files(made):
    return {**made[0].parts(), **made[1].parts()}


def _bytes(table):
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


def _as_bytes(made):
    return {
        path: _bytes(part) if isinstance(part, pa.Table) else json.dumps(part) for path, part in _files(made).items()
    }


def test_the_same_seed_gives_the_same_bytes():
    assert _as_bytes(_made()) == _as_bytes(_made())


def test_another_seed_gives_another_world():
    agencies = {"opt_out": {"gp": 0.3}}
    one, other = (_files(_made(seed=seed, agencies=agencies)) for seed in (1, 2))
    same = [path for path in one if path.endswith(".parquet") and one[path].equals(other[path])]
    assert same == []


@settings(max_examples=8, deadline=None)
@given(areas=st.integers(2, 4), seed=st.integers(0, 2**53))
def test_an_area_is_the_same_whatever_other_areas_there_are(areas, seed):
    alone, among = _made(50, 50, seed), _made(50 * areas, 50, seed)
    for path, table in _files(alone).items():
        if path.endswith(".parquet") and path != "truth/keys.parquet":
            first = _files(among)[path].slice(0, table.num_rows)
            assert first.to_pydict() == table.to_pydict(), path
    keys = among[0].keys
    of_first = keys.filter(pc.match_substring(keys["record_id"], "-0001-"))
    assert of_first.to_pydict() == alone[0].keys.to_pydict()


def test_families_are_split_into_areas_and_the_last_is_smaller():
    population, _ = _made(250, 100)
    counts = population.families["area"].combine_chunks().value_counts().to_pylist()
    assert [(count["values"], count["counts"]) for count in counts] == [("a0001", 100), ("a0002", 100), ("a0003", 50)]


def test_ids_are_unique_and_hold_together(default_records):
    population, _ = default_records
    families, people = population.families["family_id"].to_pylist(), population.people["person_id"].to_pylist()
    assert len(families) == len(set(families)) == 3_000
    assert len(people) == len(set(people))
    assert families[0] == "f0001-000001"
    assert people[0] == "p0001-000001"
    assert set(population.people["family_id"].to_pylist()) == set(families)
    children = population.people.filter(pc.equal(population.people["role"], "child"))
    assert population.outcomes["person_id"].equals(children["person_id"])
    assert set(population.needs["family_id"].to_pylist()) <= set(families)


def test_relations_join_each_child_to_each_adult_of_its_family(default_records):
    population, _ = default_records
    people = population.people.to_pandas()
    children = people[people.role == "child"]
    adults = people[people.role != "child"]
    expected = children.merge(adults, on="family_id")
    expected = expected.assign(lives_with=expected.home_x == expected.home_y)
    expected = expected[["person_id_x", "person_id_y", "role_y", "lives_with"]]
    found = population.relations.to_pandas()
    assert sorted(map(tuple, found.astype(str).to_numpy())) == sorted(map(tuple, expected.astype(str).to_numpy()))


def test_every_child_lives_with_an_adult_and_only_those_with_two_homes_have_a_parent_elsewhere(default_records):
    population, _ = default_records
    relations = population.relations.to_pandas()
    assert relations.groupby("child_id").lives_with.any().all()
    people = population.people.to_pandas().merge(population.families.to_pandas(), on="family_id")
    assert set(relations.child_id) == set(people.person_id[people.role == "child"])
    apart = set(people.family_id[people.home != people.address])
    assert apart == set(people.family_id[people.second_address.notna()])
    away = people[people.home != people.address]
    assert (away.home == away.second_address).all()
    assert set(away.role) == {"mother", "father"}
    assert set(relations.adult_id[~relations.lives_with]) == set(away.person_id)


def test_needs_began_before_the_index_date_and_some_have_ended(default_records):
    needs = default_records[0].needs.to_pandas()
    assert needs.since.max() < date(2024, 4, 1)
    ended = needs[needs.until.notna()]
    assert 0 < len(ended) < len(needs)
    assert ended.until.max() < date(2024, 4, 1)
    assert (ended.since < ended.until).all()


def test_moves_run_on_from_each_other_and_end_where_the_family_lives(default_records):
    population, _ = default_records
    moves = population.moves.to_pandas()
    last = ~moves.family_id.duplicated(keep="last")
    assert (moves.since[moves.until.notna()] < moves.until[moves.until.notna()]).all()
    assert moves.until.isna().equals(last)
    assert (moves.until[~last].to_numpy() == moves.since[moves.family_id.duplicated()].to_numpy()).all()
    assert moves.since.max() < date(2024, 4, 1)
    lives = moves[last].set_index("family_id").address
    assert lives.equals(population.families.to_pandas().set_index("family_id").address)


def test_life_events_are_births_of_its_children_and_surnames_of_its_mothers(default_records):
    population, _ = default_records
    events, people = population.life_events.to_pandas(), population.people.to_pandas()
    births = events[events.kind == "birth"].merge(people, on=["family_id", "person_id"])
    assert len(births) == (people.role == "child").sum()
    assert (births.happened == births.birth_date).all()
    renamed = events[events.kind == "surname_change"].merge(people, on=["family_id", "person_id"])
    assert len(renamed) == (events.kind == "surname_change").sum()
    assert set(renamed.role) == {"mother"}
    ages = (renamed.happened - renamed.birth_date).map(lambda span: span.days / 365.25)
    assert ages.min() >= 17.99
    assert events.groupby("family_id").happened.apply(lambda days: days.is_monotonic_increasing).all()
    families = population.families.to_pandas().set_index("family_id").family_type
    parted = families[events.family_id[events.kind == "separation"]]
    assert set(parted) == {"lone_mother", "lone_father", "step_couple"}
    joined = families[events.family_id[events.kind == "new_partner"]]
    assert len(joined) == (families == "step_couple").sum()
    assert set(joined) == {"step_couple"}


def test_progress_runs_to_one():
    seen = []
    generate(
        StudySection(), PopulationSection(families=150, area_families=50), AgenciesSection(), ErrorsSection(),
        progress=seen.append,
    )  # fmt: skip
    assert seen == pytest.approx([1 / 3, 2 / 3, 1])


def test_agencies_come_in_the_order_asked_for():
    _, records = _made(agencies={"linked": ("school", "gp", "police")})
    assert records.agencies == ("school", "gp", "police")


@pytest.mark.parametrize(
    "changes",
    [
        {"population": {"need": {"domains": {}}}},
        {"population": {"groups": {"only": {"label": "Only", "share": 1.0, "naming": {"somali": 1}}}}},
        {"study": {"history_years": 1, "outcome_months": 1, "index_date": date(2024, 2, 29)}},
        {"agencies": {"linked": ("housing", "benefits"), "spine": "benefits"}},
        {"agencies": {"surveillance_deprivation": 3, "recorded_need": 1.0, "recorded_without_need": 1.0}},
    ],
    ids=["no domains", "one group", "short window", "two small agencies", "clipped label bias"],
)
def test_unusual_scenarios_can_be_made(changes):
    population, records = _made(50, 50, **changes)
    assert population.families.num_rows == 50
    assert all(records.people[agency].num_rows > 0 for agency in records.agencies)


def test_the_artefacts_come_back_from_their_parts(default_records):
    for made, kind in zip(default_records, (Population, AgencyRecords), strict=True):
        parts = made.parts()
        assert kind.of(parts.__getitem__, tuple(parts)) == made
