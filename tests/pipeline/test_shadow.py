"""One family's data shadow: its score on other records, held against whole studies run on those records."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from riskaudit import features, linkage
from riskaudit.artefacts import RECENT_DAYS, AgencyRecords, DataShadow, LinkedPeople, WhatIf, WhatIfKind, Whose
from riskaudit.errors import BadInput
from riskaudit.pipeline import SHADOW_PICKS, RunResult, run, shadow
from riskaudit.pipeline.family_worlds import build_worlds
from riskaudit.pipeline.shadow_picks import pick_family
from riskaudit.pipeline.shadow_setting import Setting
from riskaudit.pipeline.what_ifs import WAITS, without_others_records
from riskaudit.scenario import LinkageMethod
from riskaudit.study import Study

MODELS = ("points_list", "logistic_regression", "boosted_trees")


@pytest.fixture(scope="module")
def setting(ran: RunResult) -> Setting:
    return Setting.of(ran.study, "logistic_regression")


@pytest.fixture(scope="module")
def perfect(ran: RunResult) -> LinkedPeople:
    """The study's records, every one joined to the person it is of."""
    asked = ran.study.scenario
    joined, _ = linkage.link(
        ran.study.records,
        asked.linkage.model_copy(update={"method": LinkageMethod.PERFECT}),
        asked.agencies.spine,
        seed=ran.study.seed,
        index_date=asked.study.index_date,
        keys=ran.study.population.keys,
    )
    return joined


@pytest.fixture(scope="module")
def crowded(setting: Setting) -> str:
    """The test family with the most events on file of those to which somebody else's record was joined, or else of all."""
    study = setting.study
    people = study.linked.people.to_pandas().set_index("person_id")["spine_record_id"]
    owner = study.population.keys.to_pandas().set_index("record_id")["person_id"]
    links = study.linked.links.to_pandas()
    strange = links[links["record_id"].map(owner) != links["person_id"].map(people).map(owner)]["family_id"]
    held = setting.held_on(list(setting.families.index)).actual
    events = held.links.merge(held.events, on="record_id").groupby("family_id").size()
    return str(events[events.index.isin(strange)].idxmax())


@pytest.fixture(scope="module")
def drawn(ran: RunResult, crowded: str) -> DataShadow:
    return shadow(ran.study.folder, crowded, model="logistic_regression")[0]


def _scores(setting: Setting, records: AgencyRecords, linked: LinkedPeople, day: date | None = None) -> pd.Series:
    """Return every child's score in a study of these records, by the model as it is fitted."""
    asked = setting.study.scenario
    on = asked.study if day is None else asked.study.model_copy(update={"index_date": day})
    table = features.build(records, linked, on, asked.features.model_copy(update={"training_date": None})).table
    values = np.column_stack([table.column(name).to_numpy() for name in setting.card.features])
    return pd.Series(setting.model.score(values), table.column("child_id").to_pandas().to_numpy())


def _dropping(table: pa.Table, column: str, gone: list[str]) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table[column].cast(pa.string()), value_set=pa.array(gone, pa.string()))))


def _only(drawn: DataShadow, kind: WhatIfKind) -> WhatIf:
    (found,) = (one for one in drawn.what_ifs if one.kind is kind)
    return found


def _then(one: WhatIf) -> dict[str, float]:
    return {each.child_id: each.score for each in one.scores if each.score is not None}


def _same(one: WhatIf, rerun: pd.Series) -> None:
    assert _then(one) == pytest.approx(rerun.loc[list(_then(one))].to_dict(), abs=1e-12)


def test_features_look_at_no_other_family(setting: Setting) -> None:
    stored = setting.study.features
    families = list(stored.table.column("family_id").unique().to_pylist())[::4][:60]
    held, asked = setting.held_on(families), setting.study.scenario
    worlds = [held.actual, held.actual.named("again")]
    table, rows = build_worlds(held, worlds, asked.study, asked.features)
    built = table.frame().assign(**rows).set_index("child_id")
    whole = stored.frame().set_index("child_id")
    ids = [feature.id for feature in stored.catalogue]
    for world in ("now", "again"):
        one = built[built["world"] == world]
        assert set(one["family_id"]) == set(families)
        pd.testing.assert_frame_equal(
            one[ids].sort_index(), whole.loc[sorted(one.index), ids], check_names=False, check_index_type=False
        )
    assert len(families) >= 50
    assert whole.loc[one.index, "gp_child_injuries_ever"].gt(0).any()


@pytest.mark.parametrize("model", MODELS)
def test_families_in_the_world_as_it_is_score_and_are_flagged_as_in_the_study(ran: RunResult, model: str) -> None:
    setting = Setting.of(ran.study, model)
    held = setting.held_on(list(setting.families.index))
    found = setting.families_in(setting.children_in(held, [held.actual])).loc["now"]
    assert (found["score"] - setting.families["score"]).abs().max() <= 1e-12
    assert (found["flagged"] == setting.families["flagged"]).all()
    assert 0 < setting.families["flagged"].sum() < len(found)


@pytest.mark.parametrize("model", MODELS)
def test_only_their_own_records_is_what_a_study_linked_perfectly_scores(
    ran: RunResult, perfect: LinkedPeople, model: str
) -> None:
    setting = Setting.of(ran.study, model)
    held = setting.held_on(list(setting.families.index))
    assert held.perfect is not None
    found = setting.children_in(held, [held.perfect]).set_index("child_id")["score"]
    rerun = _scores(setting, ran.study.records, perfect)
    assert set(found.index) == set(rerun.index)
    assert (found - rerun).abs().max() <= 1e-12
    now = setting.scored[setting.scored["unit"] == "child"].set_index("unit_id")["score"]
    assert ((found - now).abs() > 0.001).sum() >= 3  # so that the proof is of something


def test_the_shadows_perfect_world_is_the_rerun(drawn: DataShadow, setting: Setting, perfect: LinkedPeople) -> None:
    _same(_only(drawn, WhatIfKind.PERFECT), _scores(setting, setting.study.records, perfect))


def test_an_agencys_world_is_a_study_without_its_links(drawn: DataShadow, setting: Setting) -> None:
    links, spine = setting.study.linked.links, setting.study.scenario.agencies.spine
    worlds = [one for one in drawn.what_ifs if one.kind is WhatIfKind.AGENCY and one.id != f"agency:{spine}"]
    assert len(worlds) >= 2
    for one in worlds:
        agency = one.id.removeprefix("agency:")
        linked = replace(setting.study.linked, links=_dropping(links, "agency", [agency]))
        _same(one, _scores(setting, setting.study.records, linked))


def test_the_spines_world_keeps_who_they_are(drawn: DataShadow, setting: Setting) -> None:
    spine, records = setting.study.scenario.agencies.spine, setting.study.records
    (one,) = (one for one in drawn.what_ifs if one.id == f"agency:{spine}")
    without = {**records.events, spine: records.events[spine].slice(0, 0)}
    _same(one, _scores(setting, AgencyRecords(records.people, without), setting.study.linked))


def test_a_years_world_is_a_study_whose_earlier_events_are_gone(drawn: DataShadow, setting: Setting) -> None:
    records, years = setting.study.records, [one for one in drawn.what_ifs if one.kind is WhatIfKind.YEAR]
    for one in years[:: max(1, len(years) - 1)]:
        since = date(int(one.id.removeprefix("year:")), 1, 1)
        kept = {
            agency: table.filter(pc.greater_equal(table["happened"], since)) for agency, table in records.events.items()
        }
        _same(one, _scores(setting, AgencyRecords(records.people, kept), setting.study.linked))


def test_a_records_world_is_a_study_without_its_link(drawn: DataShadow, setting: Setting) -> None:
    links = setting.study.linked.links
    joined = [
        record
        for person in drawn.people
        for record in person.records
        if record.traced.method != "spine" and record.change_without is not None
    ]
    record = max(joined, key=lambda one: abs(one.change_without or 0))
    linked = replace(setting.study.linked, links=_dropping(links, "record_id", [record.traced.record_id]))
    (one,) = (one for one in drawn.what_ifs if one.id == f"record:{record.traced.record_id}")
    _same(one, _scores(setting, setting.study.records, linked))
    assert one.family_score is not None
    assert record.change_without == pytest.approx(one.family_score - drawn.family_score, abs=1e-15)


def test_waiting_is_a_study_of_a_later_day_with_nothing_written_since(drawn: DataShadow, setting: Setting) -> None:
    records, today = setting.study.records, setting.study.scenario.study.index_date
    kept = {
        agency: table.filter(pc.and_(pc.less_equal(table["happened"], today), pc.less_equal(table["recorded"], today)))
        for agency, table in records.events.items()
    }
    waits = [one for one in drawn.what_ifs if one.kind is WhatIfKind.WAIT]
    assert [one.id for one in waits] == [f"wait:{months}" for months in WAITS[: len(waits)]]
    for one in (waits[0], waits[-1]):
        later = (pd.Timestamp(today) + pd.DateOffset(months=int(one.id.removeprefix("wait:")))).date()
        _same(one, _scores(setting, AgencyRecords(records.people, kept), setting.study.linked, later))


def test_a_child_is_not_scored_any_more_at_18(ran: RunResult, setting: Setting) -> None:
    today = pd.Timestamp(setting.study.scenario.study.index_date)
    people = setting.study.linked.people.to_pandas()
    children = people[people["person_id"].isin(setting.need.index)]
    youngest = pd.to_datetime(children.groupby("family_id")["birth_date"].max())
    family = str(youngest.index[youngest < today - pd.DateOffset(years=17, months=2)][0])
    found, _ = shadow(ran.study.folder, family, model="logistic_regression")
    waits = [one for one in found.what_ifs if one.kind is WhatIfKind.WAIT]
    assert waits[-1].family_score is None
    assert not waits[-1].flagged
    assert {each.score for each in waits[-1].scores} == {None}
    assert len(waits) < len(WAITS)


def test_each_child_alone_is_a_study_without_the_others_records(drawn: DataShadow, setting: Setting) -> None:
    one, linked, records = _only(drawn, WhatIfKind.OTHERS), setting.study.linked, setting.study.records
    links = linked.links.to_pandas()
    for child, score in _then(one).items():
        others = links[(links["family_id"] == drawn.family_id) & (links["person_id"] != child)]
        apart = replace(
            linked, links=_dropping(linked.links, "record_id", list(others[others["method"] != "spine"]["record_id"]))
        )
        kept = {
            agency: _dropping(table, "record_id", list(others["record_id"])) for agency, table in records.events.items()
        }
        assert score == pytest.approx(_scores(setting, AgencyRecords(records.people, kept), apart)[child], abs=1e-12)
    held = setting.held_on([drawn.family_id])
    assert without_others_records(setting, held)["score"].iloc[0] == one.family_score


def test_whose_a_record_is_decides_what_is_theirs(drawn: DataShadow, setting: Setting) -> None:
    foreign = [
        one.traced.record_id for person in drawn.people for one in person.records if one.traced.whose is not Whose.OWN
    ]
    assert foreign
    linked = replace(setting.study.linked, links=_dropping(setting.study.linked.links, "record_id", foreign))
    rerun = _scores(setting, setting.study.records, linked)
    _same(_only(drawn, WhatIfKind.THEIRS), rerun)
    assert _only(drawn, WhatIfKind.THEIRS).records_changed == len(foreign)


def test_taking_nothing_away_changes_nothing(drawn: DataShadow, setting: Setting) -> None:
    idle = [one for one in drawn.what_ifs if one.kind is not WhatIfKind.WAIT and not one.records_changed]
    assert idle
    assert [one.family_score for one in idle] == pytest.approx([drawn.family_score] * len(idle), abs=1e-12)
    for one in drawn.what_ifs:
        scored = [each for each in one.scores if each.score is not None]
        before = {child.child_id: child.score for child in drawn.children}
        assert all(
            each.change == pytest.approx((each.score or 0) - before[each.child_id], abs=1e-15) for each in scored
        )


def test_all_that_is_held_is_in_the_shadow(drawn: DataShadow, setting: Setting) -> None:
    links = setting.study.linked.links.to_pandas()
    shown = [one for person in drawn.people for one in person.records]
    assert {one.traced.record_id for one in shown} == set(links[links["family_id"] == drawn.family_id]["record_id"])
    for one in shown:
        table = setting.study.records.events[one.traced.agency]
        written = table.filter(pc.equal(table["record_id"], one.traced.record_id))
        assert {event.event_id for event in one.events} == set(written["event_id"].to_pylist())
        assert [event.happened for event in one.events] == sorted(event.happened for event in one.events)


def test_years_and_waits_in_a_row_are_told_by_the_first_of_them(drawn: DataShadow) -> None:
    def world(kind: WhatIfKind, about: str, flagged: bool) -> WhatIf:
        return WhatIf(f"{kind.value}:{about}", kind, f"{kind.value} {about}", (), 0.1, flagged, 1)

    worlds = [
        *(world(WhatIfKind.YEAR, str(year), year < 2021 or year == 2024) for year in range(2019, 2026)),
        world(WhatIfKind.RECORD, "r1", flagged=False),
        world(WhatIfKind.AGENCY, "gp", flagged=False),
        world(WhatIfKind.AGENCY, "school", flagged=False),
        *(world(WhatIfKind.WAIT, str(months), months < 24) for months in (6, 12, 24, 36)),
    ]
    found = replace(drawn, flagged=True, what_ifs=tuple(worlds))
    told = [
        "year 2021, and so for every year up to 2023", "year 2025", "record r1", "agency gp", "agency school",
        "wait 24, and so up to 36 months",
    ]  # fmt: skip
    assert found.changing_the_flag() == told
    assert found.changing_the_flag(records=False) == [words for words in told if words != "record r1"]


def test_what_is_later_than_the_day_of_the_score_is_marked(drawn: DataShadow, setting: Setting) -> None:
    today = setting.study.scenario.study.index_date.isoformat()
    events = [event for person in drawn.people for one in person.records for event in one.events]
    assert any(event.later for event in events)
    for event in events:
        assert event.later == (max(event.happened, event.recorded) > today)


def test_an_event_is_counted_or_it_is_said_why_not(drawn: DataShadow, setting: Setting) -> None:
    today = setting.study.scenario.study.index_date
    events = [event for person in drawn.people for one in person.records for event in one.events]
    assert any(event.counted_in for event in events)
    for event in events:
        assert bool(event.counted_in) != bool(event.why_not_counted)
        assert set(event.counted_in) <= set(setting.card.features)
        assert event.out_of_date == ((today - date.fromisoformat(event.happened)).days >= RECENT_DAYS)
        if event.recorded > today.isoformat():
            assert event.why_not_counted == "it was written down after the day of the score"


def test_an_event_that_no_feature_counts_moves_no_score(drawn: DataShadow, setting: Setting) -> None:
    held = setting.held_on([drawn.family_id])
    now = held.actual
    events = [event for person in drawn.people for one in person.records for event in one.events]
    lists_people = ("police", "social_care", "early_help")  # such an agency knows nobody before the first event
    idle = [event.event_id for event in events if not event.counted_in and not event.event_id.startswith(lists_people)]
    assert idle
    without = now.knowing(now.events[~now.events["event_id"].isin(idle)]).named("without")
    found = setting.children_in(held, [without]).set_index("child_id")["score"].to_dict()
    assert found == pytest.approx({child.child_id: child.score for child in drawn.children}, abs=1e-12)


def test_what_moved_a_score_adds_up_to_it(drawn: DataShadow, setting: Setting) -> None:
    margins = []
    table = setting.study.features.frame().set_index("child_id")
    for child in drawn.children:
        assert child.by_agency
        total = sum(one.contribution for one in child.moved)
        assert total == pytest.approx(sum(child.by_agency.values()), abs=1e-9)
        values = table.loc[[child.child_id], list(setting.card.features)].to_numpy()
        margins.append(setting.model.margin(values)[0] - total)
        sizes = [abs(one.contribution) for one in child.moved]
        assert sizes == sorted(sizes, reverse=True)
    assert margins == pytest.approx([margins[0]] * len(margins), abs=1e-6)  # all start from the same base


def test_need_is_the_truths(drawn: DataShadow, setting: Setting) -> None:
    truth = setting.study.population
    owner = truth.keys.to_pandas().set_index("record_id")["person_id"]
    spine = setting.study.linked.people.to_pandas().set_index("person_id")["spine_record_id"]
    need = truth.outcomes.to_pandas().set_index("person_id")["in_need"]
    for child in drawn.children:
        assert child.true_need is bool(need[owner[spine[child.child_id]]])


@pytest.fixture(scope="module")
def elsewhere(setting: Setting) -> dict[str, pd.Series]:
    """Whether each family is flagged on exactly its own records; without what is old; and with each child scored alone."""
    held = setting.held_on(list(setting.families.index))
    assert held.perfect is not None
    today = setting.study.scenario.study.index_date
    recent = held.actual.events["happened"] > pd.Timestamp(today) - pd.Timedelta(days=RECENT_DAYS)
    worlds = [held.perfect.named("truly"), held.actual.knowing(held.actual.events[recent]).named("recent")]
    found = setting.families_in(setting.children_in(held, worlds))["flagged"]
    alone = without_others_records(setting, held)["flagged"].loc["alone"]
    return {"truly": found.loc["truly"], "recent": found.loc["recent"], "alone": alone}


_OF_KIND: dict[str, Callable[[pd.DataFrame, dict[str, pd.Series]], pd.Series]] = {
    "wrongly-flagged": lambda now, _: now["flagged"] & ~now["in_need"],
    "wrongly-flagged-by-linkage": lambda now, then: now["flagged"] & ~now["in_need"] & ~then["truly"],
    "missed": lambda now, _: ~now["flagged"] & now["in_need"],
    "missed-by-linkage": lambda now, then: ~now["flagged"] & now["in_need"] & then["truly"],
    "flagged-by-old-records": lambda now, then: now["flagged"] & ~then["recent"],
    "flagged-by-others-records": lambda now, then: now["flagged"] & ~then["alone"],
    "rightly-flagged": lambda now, _: now["flagged"] & now["in_need"],
}


@pytest.mark.parametrize("pick", list(_OF_KIND))
def test_a_picked_family_is_of_its_kind(setting: Setting, elsewhere: dict[str, pd.Series], pick: str) -> None:
    families = setting.families
    of_kind = _OF_KIND[pick](families, elsewhere)
    if not of_kind.any():
        assert pick.endswith("-by-linkage")  # in so small a study
        with pytest.raises(BadInput, match="there are some of: wrongly-flagged, "):
            pick_family(pick, setting)
        return
    tested = of_kind & (families["split"] == "test")
    found = pick_family(pick, setting)
    assert (tested if tested.any() else of_kind)[found.family_id]
    assert bool(found.how) == (not tested.any())
    assert found.setting is setting


def test_a_kind_that_no_test_family_is_of_is_looked_for_by_other_models_and_then_where_models_were_fitted(
    ran: RunResult,
) -> None:
    asked, other = (Setting.of(ran.study, name) for name in ("logistic_regression", "points_list"))
    kind, none, label = "rightly-flagged", {"flagged": False}, {one: one.card.label for one in (asked, other)}
    for one in (
        asked,
        other,
    ):  # nobody is flagged by the model asked for; then no test family by either; then nobody at all
        one.__dict__["families"] = one.families.assign(flagged=one.families["in_need"])
    families = asked.families
    asked.__dict__["families"] = families.assign(**none)
    found = pick_family(kind, asked, other)
    assert found.setting is other
    assert found.how == (
        f"Of the families that no model was fitted on, none is of this kind by {label[asked]}: this one is by {label[other]}."
    )
    with pytest.raises(BadInput, match="no family is 'rightly-flagged' by the model 'logistic_regression'"):
        pick_family(kind, asked)

    asked.__dict__["families"] = families.assign(flagged=families["in_need"] & (families["split"] == "train"))
    found = pick_family(kind, asked)
    assert asked.families["split"].loc[found.family_id] == "train"
    assert found.how.endswith(f"none is of this kind by {label[asked]}: this is one that models were fitted on.")

    other.__dict__["families"] = asked.families
    asked.__dict__["families"] = families.assign(**none)
    found = pick_family(kind, asked, other)
    assert found.setting is other
    assert found.how == (
        f"No family is of this kind by {label[asked]}: this one is by {label[other]}, and is one that models were fitted on."
    )


def test_the_family_picked_near_the_threshold_is_the_nearest(setting: Setting) -> None:
    families = setting.families[setting.families["split"] == "test"]
    gap = (families["score"] - setting.card.threshold).abs()
    assert gap[pick_family("near-threshold", setting).family_id] == gap.min()


def test_the_family_picked_for_most_held_has_the_most_known_events(setting: Setting) -> None:
    links, today = setting.study.linked.links.to_pandas(), setting.study.scenario.study.index_date
    family = links.set_index("record_id")["family_id"]
    events = pd.concat([table.to_pandas() for table in setting.study.records.events.values()])
    known = events[(events["happened"] <= today) & (events["recorded"] <= today)]
    counts = known["record_id"].map(family).value_counts()
    tested = setting.families.index[setting.families["split"] == "test"]
    assert counts[pick_family("most-held", setting).family_id] == counts.reindex(tested).max()


def test_a_pick_says_what_it_was_for(ran: RunResult) -> None:
    found, _ = shadow(ran.study.folder, pick="flagged-by-others-records", model="logistic_regression")
    assert found.picked_for == "flagged-by-others-records"
    assert found.flagged
    assert not _only(found, WhatIfKind.OTHERS).flagged
    assert any("other people's records" in sentence for sentence in found.recourse)


def test_a_planted_stranger_is_found_to_have_flagged_the_family(
    ran: RunResult, copy_of: Callable[[Study], Study]
) -> None:
    """Somebody else's heavy social care record, joined to a child of whom nothing is held, flags the family by linkage."""
    study = copy_of(ran.study)
    setting = Setting.of(study, "points_list")
    heavy = setting.families[setting.families["flagged"]]["score"].idxmax()
    links = study.linked.links.to_pandas()
    quiet = setting.families[
        (setting.families["split"] == "test") & ~setting.families["in_need"] & ~setting.families["flagged"]
    ]
    to = links[links["family_id"].isin(quiet.index) & (links["method"] == "spine")]
    to = to[to["person_id"].isin(setting.need.index)].iloc[0]
    own = setting.need.index[setting.need["family_id"] == heavy]
    moved = links["person_id"].isin(own) & (links["method"] != "spine")
    links.loc[moved, ["person_id", "family_id"]] = [to["person_id"], to["family_id"]]
    swapped = replace(
        study.linked, links=type(study.linked.links).from_pandas(links, study.linked.links.schema, preserve_index=False)
    )
    held = _held(setting, swapped, to["family_id"])
    now, truly = (setting.families_in(setting.children_in(held, [one])) for one in (held.actual, held.perfect))
    assert now["flagged"].iloc[0]
    assert not truly["flagged"].iloc[0]


def _held(setting: Setting, linked: LinkedPeople, family: str):  # type: ignore[no-untyped-def]
    from riskaudit.pipeline.family_worlds import held_on

    return held_on([family], setting.study.records, linked, setting.perfect)


def test_without_the_truth_all_else_is_as_it_was(
    ran: RunResult, drawn: DataShadow, copy_of: Callable[[Study], Study]
) -> None:
    study = copy_of(ran.study)
    shutil.rmtree(study.folder / "population" / "truth")
    sealed, _ = shadow(study.folder, drawn.family_id, model="logistic_regression")
    assert not sealed.has_truth
    assert {child.true_need for child in sealed.children} == {None}
    assert {child.needs for child in sealed.children} == {()}
    assert {one.traced.whose for person in sealed.people for one in person.records} == {None}
    kinds = {one.kind for one in sealed.what_ifs}
    assert not kinds & {WhatIfKind.THEIRS, WhatIfKind.PERFECT}
    told = {one.id: one for one in drawn.what_ifs}
    for one in sealed.what_ifs:
        if one.kind is not WhatIfKind.DOUBTFUL:
            assert one == told[one.id]
        else:
            assert "0.99" in one.words
    for pick in SHADOW_PICKS:
        if "wrong" in pick or "missed" in pick or "right" in pick:
            with pytest.raises(BadInput, match="its truth was taken away"):
                shadow(study.folder, pick=pick)
    assert shadow(study.folder, pick="flagged-by-old-records")[0].flagged


def test_children_flagged_one_by_one_and_a_cohort_of_the_referred(
    ran: RunResult, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("referred")
    asked = (ran.study.folder / "scenario.toml").read_text(encoding="utf-8")
    lines = [line for line in asked.splitlines() if not line.startswith(("use =", "roll_up ="))]
    head = lines.index("[models]") + 1
    lines[head:head] = ['use = ["points_list"]', 'roll_up = "none"']
    text = "\n".join(lines)
    text = (
        text.replace("[features]", '[features]\ncohort = "referred"')
        if "[features]" in text
        else (text + '\n\n[features]\ncohort = "referred"\n')
    )
    (folder / "referred.toml").write_text(text, encoding="utf-8")
    study = run(folder / "referred.toml", folder / "study", until="models").study
    setting = Setting.of(study, None)
    held = setting.held_on(list(setting.families.index))
    found = setting.families_in(setting.children_in(held, [held.actual])).loc["now"]
    assert (found["flagged"] == setting.families["flagged"]).all()
    drawn, _ = shadow(study.folder, str(setting.families.index[0]))
    nothing = _only(drawn, WhatIfKind.ALL_OF_IT)
    assert nothing.family_score is None
    assert not nothing.flagged
    assert {(each.score, each.change) for each in nothing.scores} == {(None, None)}
    waits = [one for one in drawn.what_ifs if one.kind is WhatIfKind.WAIT]
    assert waits[-1].family_score is None  # nobody referred again within a year
    unscored = set(study.linked.people.column("family_id").to_pylist()) - set(setting.families.index)
    with pytest.raises(BadInput, match="or none in the cohort"):
        shadow(study.folder, sorted(unscored)[0])


def test_a_brought_model_scores_other_records_but_is_not_explained(
    ran: RunResult, tmp_path_factory: pytest.TempPathFactory
) -> None:
    skops = pytest.importorskip("skops.io", reason="the extra skops is not installed")
    from sklearn.linear_model import LogisticRegression

    folder = tmp_path_factory.mktemp("mine")
    names = ["gp_missed_appointments_ever", "gp_child_injuries_ever"]
    labels = ran.study.features.labels.column("recorded_outcome").to_numpy()
    skops.dump(LogisticRegression().fit(ran.study.features.frame()[names], labels), folder / "mine.skops")
    asked = (ran.study.folder / "scenario.toml").read_text(encoding="utf-8")
    lines = [line for line in asked.splitlines() if not line.startswith("use =")]
    head = lines.index("[models]") + 1
    lines[head:head] = ['use = ["own"]', 'own = { file = "mine.skops" }']
    (folder / "mine.toml").write_text("\n".join(lines), encoding="utf-8")
    study = run(folder / "mine.toml", folder / "study", until="models").study
    setting = Setting.of(study, "own")
    family = str(setting.families["score"].idxmax())
    found, _ = shadow(study.folder, family)
    if not found.not_explained:  # once there is a method for models of any kind
        assert all(child.moved for child in found.children)
    _same(
        next(one for one in found.what_ifs if one.id == "all_of_it"),
        pd.Series({child.child_id: setting.model.score(np.zeros((1, 2)))[0] for child in found.children}),
    )
    assert any(one.change_without for person in found.people for one in person.records)


def test_brought_scores_have_a_shadow_without_other_worlds(
    ran: RunResult, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("own")
    labels = ran.study.features.labels.to_pandas()
    labels.assign(score=np.linspace(0, 1, len(labels)))[["child_id", "score"]].to_csv(
        folder / "scores.csv", index=False
    )
    asked = (ran.study.folder / "scenario.toml").read_text(encoding="utf-8")
    lines = [line for line in asked.splitlines() if not line.startswith("use =")]
    head = lines.index("[models]") + 1
    lines[head:head] = ['use = ["points_list", "own"]']
    text = "\n".join(lines) + '\n\n[models.own]\npredictions = "scores.csv"\nlabel = "Brought scores"\n'
    (folder / "own.toml").write_text(text, encoding="utf-8")
    study = run(folder / "own.toml", folder / "study", until="models").study
    family = str(study.features.labels.column("family_id")[0])
    found, path = shadow(study.folder, family)
    assert found.model == "own"
    assert found.what_ifs == ()
    assert "only scores were brought in" in found.not_explained
    assert found.recourse == ("Nothing can be said of what would change the score: the model cannot be run again.",)
    assert {one.change_without for person in found.people for one in person.records} == {None}
    assert path.is_file()
    with pytest.raises(BadInput, match="cannot score other records"):
        shadow(study.folder, pick="flagged-by-old-records")


def test_a_shadow_comes_back_from_its_file_as_it_was(ran: RunResult, drawn: DataShadow) -> None:
    _, page = shadow(ran.study.folder, drawn.family_id, model="logistic_regression")
    assert page == ran.study.folder / "shadows" / f"{drawn.family_id}.html"
    path = page.with_suffix(".json")
    read = lambda name: json.loads((path.parent / name).read_text(encoding="utf-8"))  # noqa: E731
    assert DataShadow.of(read, (path.name,)) == drawn
    assert read(path.name)["label"].startswith("SYNTHETIC")


def test_what_has_no_shadow_is_said(ran: RunResult) -> None:
    folder, study = ran.study.folder, ran.study
    known = study.features.labels.column("family_id")[0].as_py()
    childless = next(
        one
        for one in study.linked.people.column("family_id").unique().to_pylist()
        if one not in set(study.features.labels.column("family_id").to_pylist())
    )
    number = int(known[1:])
    for given, said in [
        ({"family": f"h{number}"}, f"did you mean '{known}'?"),
        ({"family": known[:-2] + known[-1]}, "did you mean 'h"),
        ({"family": childless}, "no child of it is scored"),
        ({"family": known, "pick": "missed"}, "not both"),
        ({}, "give either"),
        ({"pick": "wrongly-flaged"}, "did you mean 'wrongly-flagged'?"),
        ({"family": known, "model": "logistic_regresion"}, "did you mean 'logistic_regression'?"),
    ]:
        with pytest.raises(BadInput) as caught:
            shadow(folder, **given)  # type: ignore[arg-type]
        assert said in str(caught.value), given
